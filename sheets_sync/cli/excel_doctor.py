"""What `excel doctor` does: one line for each thing that a button needs, and below one that is missing what to do."""

from collections.abc import Iterator
from pathlib import Path

from sheets_sync.cli.console import clean, console
from sheets_sync.cli.excel_health import computer_lines
from sheets_sync.cli.excel_workbook_health import workbook_lines
from sheets_sync.cli.health import Health
from sheets_sync.errors import SheetsSyncError
from sheets_sync.run.excel_policy import ThisWindows
from sheets_sync.run.excel_setup import this_system

ILL = 3


def look(workbook: Path | None) -> int:
    """Print what was found; returns the exit code."""
    out = console()
    ill = 0
    for name, health in _lines(workbook):
        ill += not health.well
        mark = "ok  " if health.well else "FAIL"
        out.say(clean(f"{mark}  {name}: {health.seen}"), style="" if health.well else "red")
        if not health.well and health.remedy:
            out.say(clean(f"      {health.remedy}"))
    return ILL if ill else 0


def _lines(workbook: Path | None) -> Iterator[tuple[str, Health]]:
    asking = ThisWindows()
    yield from _as_far_as_it_goes("Excel", computer_lines(this_system(), asking))
    if workbook is not None:
        yield from _as_far_as_it_goes(workbook.name, workbook_lines(workbook, asking))


def _as_far_as_it_goes(name: str, lines: Iterator[tuple[str, Health]]) -> Iterator[tuple[str, Health]]:
    """The lines until one of our own errors ends them, which is a line too."""
    try:
        yield from lines
    except SheetsSyncError as error:
        yield name, Health(False, error.message, error.remedy)
