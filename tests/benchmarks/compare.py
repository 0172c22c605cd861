"""Compares a run with what a user would write instead, as ratios taken in one go on one machine.

    python tests/benchmarks/compare.py            10,000 and 100,000 rows (several minutes)
    python tests/benchmarks/compare.py --small    10,000 rows only

Every measurement is a fresh process; time is wall time, memory the peak of that process. Not a test: no limit here
makes anything fail, but the limits we hold ourselves to are printed beside each ratio.
"""

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from large_plan import make_plan, retype

HERE = Path(__file__).parent
TODAY = dt.datetime.now(dt.UTC).date()


class Cost(NamedTuple):
    """What one process cost."""

    wall: float
    cpu: float
    megabytes: float


def cost(words: list[str], folder: Path) -> Cost:
    """Run a command in a fresh process and measure it; its failure stops the comparison."""
    started = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} failed with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ours(*words: str) -> list[str]:
    """The command line of our program."""
    return [sys.executable, "-m", "sheets_sync.cli", *words]


def theirs(plan: Path) -> list[str]:
    """The command line of the plain script."""
    return [sys.executable, str(HERE / "plain_pandas_openpyxl.py"), str(plan), TODAY.isoformat()]


def set_up(folder: Path, rows: int) -> tuple[Path, Path]:
    """A plan set up for us, and the same plan for the plain script."""
    folder.mkdir(mode=0o700)
    plan, plain = folder / "plan.xlsx", folder / "plain.xlsx"
    make_plan(plan, rows, today=TODAY)
    shutil.copy(plan, plain)
    cost(ours("init", "plan.xlsx", "--timezone", "UTC"), folder)
    config = folder / "config.toml"
    config.write_text(f'state = "state"\n{config.read_text()}')
    return plan, plain


def show(name: str, mine: Cost, other: Cost | None, limit: str) -> None:
    """One line of the result."""
    ratio = (
        f"{mine.wall / other.wall:5.2f} of its time, {mine.megabytes / other.megabytes:4.2f} of its memory"
        if other
        else ""
    )
    print(f"{name:<52} {mine.wall:6.2f} s {mine.cpu:6.2f} s CPU {mine.megabytes:5.0f} MB  {ratio}  ({limit})")


def small(folder: Path) -> None:
    """10,000 rows: first write, nothing to write, nothing changed."""
    plan, plain = set_up(folder, 10_000)
    other = cost(theirs(plain), folder)
    show("10,000 rows, every flag written", cost(ours("run", "--yes"), folder), other, "at most 0.5 of its time")
    cost(ours("run"), folder)
    retype(plan, every=9_999, column="J", text="a new note")
    show("10,000 rows, changed, nothing to write", cost(ours("run"), folder), None, "at most 1.5 s CPU")
    cost(ours("run"), folder)
    bare = cost([sys.executable, "-c", "import sheets_sync.cli.running"], folder)
    same = cost(ours("run"), folder)
    show("10,000 rows, same bytes, day and version", same, None, "at most 0.2 s over interpreter and import")
    print(f"{'':<52} {same.wall - bare.wall:6.2f} s over interpreter and import")


def large(folder: Path) -> None:
    """100,000 rows of which 1 % changed."""
    plan, plain = set_up(folder, 100_000)
    first = cost(ours("run", "--yes"), folder)
    show("100,000 rows, every flag written", first, None, "no limit")
    typed = retype(plan, every=100, column="E", text="On hold")
    other = cost(theirs(plain), folder)
    mine = cost(ours("run", "--accept-changes"), folder)
    show(f"100,000 rows, {typed} changed", mine, other, "at most 0.25 of its time and 0.6 of its memory")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="10,000 rows only")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        small(Path(place) / "small")
        if not chosen.small:
            large(Path(place) / "large")


if __name__ == "__main__":
    main()
