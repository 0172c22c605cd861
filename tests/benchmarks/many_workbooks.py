"""Many small workbooks in one configuration: what a run costs, whether its memory stays flat, and what a script costs.

    python tests/benchmarks/many_workbooks.py              100, 300 and 1,000 workbooks (several minutes)
    python tests/benchmarks/many_workbooks.py 30 100       so many

Three runs each, as processes of their own: the first one, which writes every workbook, one with nothing changed, one
with ten changed. The plain script hashes every file and judges the ten with pandas and openpyxl. Not a test.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from compare import HERE, TODAY, Cost, cost, ours
from large_plan import make_plan, retype

ROWS = 20
CHANGED = 10
PLAN = '[[plan]]\nuid = "p-{number:012x}"\nname = "Plan {number}"\nworkbook = "{number:04}.xlsx"\ntimezone = "UTC"\n'


def main() -> None:
    """Measure each number of workbooks, and the growth from the fewest to the most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[100, 300, 1000])
    counts = sorted(parser.parse_args().counts)
    with tempfile.TemporaryDirectory() as place:
        model = Path(place) / "model.xlsx"
        make_plan(model, ROWS, today=TODAY)
        peaks = [measure(Path(place) / str(count), model, count) for count in counts]
    if len(counts) > 1:
        for name, at in (("first run", 0), ("nothing changed", 1), (f"{CHANGED} changed", 2)):
            slope = (peaks[-1][at] - peaks[0][at]) * 1000 / (counts[-1] - counts[0])
            print(f"{name:<18} {slope:7.1f} KB more at the peak for each further workbook")


def measure(folder: Path, model: Path, count: int) -> tuple[float, float, float]:
    """Three runs over so many workbooks, told; returns the peak of memory of each (MB)."""
    mine, other = folder / "ours", folder / "plain"
    for each in (mine, other):
        each.mkdir(mode=0o700, parents=True)
        for number in range(count):
            shutil.copy(model, each / f"{number:04}.xlsx")
    config = mine / "config.toml"
    config.write_text('state = "state"\n' + "".join(PLAN.format(number=number) for number in range(count)))
    config.chmod(0o600)
    script = [sys.executable, str(HERE / "plain_many.py"), str(other), TODAY.isoformat()]
    costs = []
    for name in ("first run", "nothing changed", f"{CHANGED} changed"):
        if name.endswith("0 changed"):
            for number in range(0, count, count // CHANGED):
                for each in (mine, other):
                    retype(each / f"{number:04}.xlsx", every=5, column="C", text="Ana Lima")
        costs.append(cost(ours("run", "--yes"), mine))
        show(f"{count:,} workbooks, {name}", costs[-1], cost(script, other))
    return costs[0].megabytes, costs[1].megabytes, costs[2].megabytes


def show(name: str, mine: Cost, other: Cost) -> None:
    """One line: ours, theirs, and the ratio of the CPU."""
    print(f"{name:<36} {told(mine)}   plain script {told(other)}   {mine.cpu / other.cpu:5.2f} of its CPU", flush=True)


def told(one: Cost) -> str:
    """The cost in a few words."""
    return f"{one.wall:6.1f} s {one.cpu:6.1f} s CPU {one.megabytes:5.0f} MB"


if __name__ == "__main__":
    main()
