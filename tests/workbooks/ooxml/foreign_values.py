"""What openpyxl and calamine see in a workbook, to be compared with what we see. Both are blind for something.

openpyxl drops values below merged cells, and shows times of day and durations where we keep the number; calamine
shows errors, uncached formulas and empty texts as nothing.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping

import openpyxl
import python_calamine

from sheets_sync.core.cells import NOT_CALCULATED, CellTrouble, Kind, Seen
from sheets_sync.core.snapshot import Tab

Place = tuple[int, int]
Difference = tuple[str, Place, object, object]
"""Tab, place, ours, theirs."""
_BLINK = dt.timedelta(milliseconds=2)


def differences_to_openpyxl(workbook: bytes, tabs: tuple[Tab, ...]) -> Iterator[Difference]:
    """Every cell where openpyxl shows something else, or where one of us sees a formula and the other does not."""
    values = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(workbook))
    for tab in tabs:
        theirs: dict[Place, object] = {}
        computed: set[Place] = set()
        for value_row, formula_row in zip(values[tab.name].iter_rows(), formulas[tab.name].iter_rows(), strict=True):
            for shown, cell in zip(value_row, formula_row, strict=True):
                if cell.data_type == "f":
                    computed.add((cell.row, cell.column))
                if cell.data_type == "f" or shown.value not in (None, ""):
                    theirs[cell.row, cell.column] = shown.value
        covered = [area for area in tab.merged if area.top < area.bottom or area.left < area.right]
        found = [
            *(
                (tab.name, place, ours, their)
                for place, ours, their in _paired(tab, theirs)
                if not _same_in_openpyxl(ours, their)
            ),
            *((tab.name, place, "formula", "formula") for place in _formula_places(tab) ^ computed),
        ]
        for difference in found:
            place = difference[1]
            if not any(area.holds(*place) and place != (area.top, area.left) for area in covered):
                yield difference


def differences_to_calamine(workbook: bytes, tabs: tuple[Tab, ...]) -> Iterator[Difference]:
    """Every cell where calamine shows something else."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    for tab in tabs:
        sheet = book.get_sheet_by_name(tab.name)
        top, left = sheet.start or (0, 0)
        theirs = {
            (top + down + 1, left + right + 1): value
            for down, row in enumerate(sheet.to_python(skip_empty_area=True))
            for right, value in enumerate(row)
            if value != ""
        }
        for place, ours, their in _paired(tab, theirs):
            if not _same_in_calamine(ours, their):
                yield tab.name, place, ours, their


def _paired(tab: Tab, theirs: Mapping[Place, object]) -> Iterator[tuple[Place, Seen, object]]:
    ours = {(row.number, column): cell for row in tab.rows for column, cell in row.cells.items()}
    for place in sorted(ours.keys() | theirs.keys()):
        yield place, ours[place].seen if place in ours else None, theirs.get(place)


def _formula_places(tab: Tab) -> set[Place]:
    return {
        (row.number, column)
        for row in tab.rows
        for column, cell in row.cells.items()
        if cell.literal.kind is Kind.FORMULA
    }


def _same_in_openpyxl(ours: Seen, theirs: object) -> bool:
    if ours is NOT_CALCULATED:
        return theirs is None
    if isinstance(ours, CellTrouble):
        return theirs == ours.code
    if ours is None:
        return theirs in (None, "")
    return _same_value(ours, theirs)


def _same_in_calamine(ours: Seen, theirs: object) -> bool:
    if ours is None or isinstance(ours, CellTrouble):
        return theirs is None
    return _same_value(ours, theirs)


def _same_value(ours: Seen, theirs: object) -> bool:
    compare: Mapping[type, Callable[[], bool]] = {
        dt.datetime: lambda: isinstance(theirs, dt.datetime) and abs(theirs - ours) < _BLINK,  # type: ignore[operator]
        dt.date: lambda: (theirs.date() if isinstance(theirs, dt.datetime) else theirs) == ours,
        float: lambda: theirs == ours or isinstance(theirs, (dt.time, dt.timedelta)),
        bool: lambda: theirs is ours,
    }
    return compare.get(type(ours), lambda: theirs == ours)()
