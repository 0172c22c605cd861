"""Compares a run with what a user would write instead, as ratios taken in one go on one machine.

    python tests/benchmarks/compare.py            10,000 and 100,000 rows (several minutes)
    python tests/benchmarks/compare.py --small    10,000 rows only

Every measurement is a fresh process with its bytecode compiled, as in an installation; time is wall time, memory the
peak of that process. Not a test: no limit here makes anything fail, but the limits we hold ourselves to are printed
beside each ratio. Short measurements are the least of several: whatever else the machine does only adds to them.
"""

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple

from large_plan import make_plan, retype

HERE = Path(__file__).parent
TODAY = dt.datetime.now(dt.UTC).date()
INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
REPEATED = 5


class Cost(NamedTuple):
    """What one process cost."""

    wall: float
    cpu: float
    megabytes: float


def cost(words: list[str], folder: Path) -> Cost:
    """Run a command in a fresh process and measure it; its failure stops the comparison."""
    started = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, env=INSTALLED)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} failed with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def least(words: list[str], folder: Path, prepare: Callable[[], object] = lambda: None) -> Cost:
    """The least cost of several runs, each after `prepare`."""
    costs = []
    for _ in range(REPEATED):
        prepare()
        costs.append(cost(words, folder))
    return min(costs, key=lambda one: one.cpu)


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
    notes = count(1)
    changed = least(
        ours("run"), folder, lambda: retype(plan, every=9_999, column="J", text=f"a new note {next(notes)}")
    )
    show("10,000 rows, changed, nothing to write", changed, None, "at most 1.5 s CPU")
    bare = least([sys.executable, "-c", "import sheets_sync.cli.running, sheets_sync.config.models"], folder)
    print(f"{'':<52} {changed.cpu - bare.cpu:6.2f} s CPU over interpreter and import")
    same = least(ours("run"), folder)
    show("10,000 rows, same bytes, day and version", same, None, "at most 0.2 s over interpreter and import")
    print(f"{'':<52} {same.cpu - bare.cpu:6.2f} s CPU over interpreter and import")


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
