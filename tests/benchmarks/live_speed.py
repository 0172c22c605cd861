"""How long a press takes of our own, from the first look at the open workbook to all flags written.

    python tests/benchmarks/live_speed.py [ROWS ...]

Excel itself is not here: the engine for tests stands in for it, and what it spends is told apart. Calls are orders to
Excel; each would cost some 0.1 to 1 ms there.
"""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from xlwings_engine.engine import open_book  # noqa: E402
from xlwings_engine.native import OpenpyxlNative  # noqa: E402
from xlwings_engine.ranges import Range  # noqa: E402
from xlwings_engine.sheets import Sheet  # noqa: E402

from sheets_sync.core.history import History  # noqa: E402
from sheets_sync.core.settings import PlanSettings  # noqa: E402
from sheets_sync.run.judge import judge  # noqa: E402
from sheets_sync.workbooks.excel_file import ExcelFile  # noqa: E402
from sheets_sync.workbooks.excel_live import ExcelLive  # noqa: E402

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PLAN = PlanSettings("uid", tabs=("Plan",))


class Meter:
    """Seconds spent in the engine, counted once where one call makes another."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._deep = 0

    def timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, metered."""

        def metered(*given: Any, **more: Any) -> Any:
            started = time.perf_counter()
            self._deep += 1
            try:
                return method(*given, **more)
            finally:
                self._deep -= 1
                if not self._deep:
                    self.seconds += time.perf_counter() - started

        return metered

    def watch(self, stack: ExitStack, kind: type) -> None:
        """Meter all methods and properties of a class."""
        for name, member in list(vars(kind).items()):
            if name.startswith("__"):
                continue
            if isinstance(member, property):
                setter = self.timed(member.fset) if member.fset else None
                stack.enter_context(mock.patch.object(kind, name, property(self.timed(member.fget), setter)))
            elif callable(member):
                stack.enter_context(mock.patch.object(kind, name, self.timed(member)))


def plan(path: Path, rows: int) -> None:
    """A plan of so many actions with ten columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    sheet.append(["Action", "Owner", "Due", "Status", "Progress", "Cost", "Place", "Goal", "Since", "Note"])
    for row in range(rows):
        due = dt.date(2026, 9, 1) + dt.timedelta(days=row % 200)
        status = ("Open", "In progress", "Done")[row % 3]
        text = f"Replace valve {row} in hall {row % 7}"
        sheet.append([text, f"Person {row % 40}", due, status, row % 100 / 100, row * 1.5, "Hall", "Safety", due, "-"])
    book.save(path)


def measure(rows: int) -> str:
    """One press on a plan of this size."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "Plan.xlsx"
        plan(path, rows)
        book = open_book(path)
        known = ExcelFile(path, backups=Path(folder)).titles()
        meter = Meter()
        for kind in (OpenpyxlNative, Range, Sheet):
            meter.watch(stack, kind)
        live = ExcelLive(book, known=known)
        started = time.perf_counter()
        seen = live.read([title.key for title in live.titles()])
        read, in_engine = time.perf_counter() - started, meter.seconds
        started = time.perf_counter()
        changes = judge(seen, History(), PLAN, as_of=NOW.date(), now=NOW).decision.changes
        judged = time.perf_counter() - started
        started = time.perf_counter()
        receipt = live.apply(replace(changes), seen)
        written, in_engine_too = time.perf_counter() - started, meter.seconds - in_engine
    ours = (read - in_engine, judged, written - in_engine_too)
    calls = ", ".join(f"{count} {kind}" for kind, count in sorted(book.app.impl.calls.items()))
    return (
        f"{rows:>7,} rows: ours {sum(ours):.2f} s (read {ours[0]:.2f}, judge {ours[1]:.2f}, write {ours[2]:.2f}), "
        f"engine {meter.seconds:.2f} s; {len(receipt.applied):,} cells, {len(receipt.refused)} refused; calls: {calls}"
    )


if __name__ == "__main__":
    for size in [int(text) for text in sys.argv[1:]] or [1_000, 10_000]:
        print(measure(size))
