"""How long a press takes of our own time: the start of Python, every import, the check of a plan and its message.

    python tests/benchmarks/press_speed.py [ROWS]          1,000 rows unless said otherwise

Excel is the test engine over openpyxl here. What it takes to be loaded and to answer is not ours: a clock around every
call into it takes that off. Times are of the processor, so that others at work on the same machine do not count; with
nobody else there the clock on the wall says the same and some 0.1 s for the disk. The first press writes three columns,
the second nothing, the third the flags of 20 changed rows.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
UID = "p-000001"
CONFIG = f'[[plan]]\nuid = "{UID}"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "UTC"\n'
LIMIT_SECONDS = 2.0


def write_plan(file: Path, rows: int) -> None:
    """A plan with faults of several kinds."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Actions"
    book.active.append(("Action", "Owner", "Due", "Status", "Done when"))
    for number in range(rows):
        due = dt.date(2026, 1, 5) + dt.timedelta(days=number % 700)
        owner = ("Ana Lima", "Rui Costa", "", "Jo Chen")[number % 4]
        book.active.append((f"Repair pump number {number} in hall {number % 9}", owner, due, "Open", "it runs dry"))
    book.save(file)


def child(workbook: Path, changed: int) -> None:
    """In the process of the press: what is ours is timed, what is the engine's is taken off."""
    began = time.process_time()
    from sheets_sync.button.lean_xlwings import lean_xlwings

    lean_xlwings()
    ours = time.process_time() - began
    from xlwings_engine.engine import open_book

    book = open_book(workbook)
    for row in range(2, 2 + changed):
        book.impl.sheets(1).worksheet.cell(row, 2).value = "Jo Chen"
    book.app.impl.answers = ["yes"] * 9
    spent = engine_clock()
    began = time.process_time()
    sys.argv, os.environ["SHEETS_SYNC_WORKBOOK"] = ["button", "sync", "--macro=1"], workbook.name
    from sheets_sync.button.__main__ import main as press

    code = press()
    ours += time.process_time() - began - spent[0]
    book.impl.save()
    print(code, ours, spent[0], book.app.impl.alerts[-1].replace("\n", " | "))


def engine_clock() -> list[float]:
    """Time spent inside the engine, outermost calls only."""
    from xlwings_engine import names, native, ranges, sheets

    spent, deep = [0.0], [0]

    def timed(function):
        def call(*given, **more):
            if deep[0]:
                return function(*given, **more)
            deep[0] = 1
            began = time.process_time()
            try:
                return function(*given, **more)
            finally:
                spent[0] += time.process_time() - began
                deep[0] = 0

        return call

    for module in (names, native, ranges, sheets):
        for kind in [
            one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__
        ]:
            for name, value in list(vars(kind).items()):
                if callable(value) and not name.startswith("__") and not isinstance(value, type):
                    setattr(kind, name, timed(value))
                elif isinstance(value, property):
                    parts = (timed(part) if part else None for part in (value.fget, value.fset, value.fdel))
                    setattr(kind, name, property(*parts))
    return spent


def empty_start() -> float:
    """The start of an interpreter that does nothing."""
    words = [sys.executable, "-I", "-c", "import time; print(time.process_time())"]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def main(rows: int) -> int:
    """Three presses, each in a process of its own; returns how many took too long."""
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o700)
        write_plan(home / "P.xlsx", rows)
        (home / "config.toml").write_text(CONFIG)
        (home / "config.toml").chmod(0o600)
        os.environ["HOME"] = folder
        from sheets_sync.config.registry import register

        register(UID, home)
        start = empty_start()
        print(f"{rows} rows; start of Python {start:.2f} s")
        variables = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(TESTS)))}
        for name, changed in (("first press, writes all", 0), ("nothing to write", 0), ("20 rows changed", 20)):
            words = [sys.executable, str(Path(__file__)), "--child", str(home / "P.xlsx"), str(changed)]
            done = subprocess.run(words, env=variables, capture_output=True, text=True, check=True)
            code, ours, engine, told = done.stdout.split(" ", 3)
            total = start + float(ours)
            slow += total > LIMIT_SECONDS
            print(
                f"{name:<26} {total:5.2f} s ours, {float(engine):5.2f} s the engine's, exit {code}: {told[:70].strip()}"
            )
    return slow


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.path.insert(0, str(ROOT))
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1000))
