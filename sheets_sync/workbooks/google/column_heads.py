"""Columns of people known again by what stands above them. Pure.

A drop-down can only be addressed by the number of its column; these tell whether the column of that number is still
the one that was meant.
"""

from collections.abc import Iterable, Mapping

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.decision import DropDownState, Structure
from sheets_sync.core.snapshot import Tab
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.json_cells import JsonCells
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.masks import rows_of
from sheets_sync.workbooks.google.moved_rows import header_row_again
from sheets_sync.workbooks.google.value_requests import Head

SHOWN = (
    "updatedSpreadsheet(sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue,chipRuns(chip))))))"
)
"""The mask of an answer that shows heads."""


def heads_above(structures: Iterable[Structure], look: Look) -> tuple[Head, ...]:
    """The cells right above the drop-downs that these changes make or take away, where something stands in them."""
    found: dict[tuple[str, int, int], Head] = {}
    for structure in structures:
        tab = look.snapshot.tab(structure.tab)
        for state in (structure.before, structure.after):
            lists = state.lists if isinstance(state, DropDownState) else ()
            for row, column in ((one.area.top - 1, one.area.left) for one in lists):
                literal = _literals(tab, row).get(column, BLANK)
                if literal != BLANK:
                    found[tab.key, row, column] = Head(tab.key, row, column, literal)
    return tuple(found.values())


def rows_with(heads: Iterable[Head], look: Look) -> tuple[str, ...]:
    """The whole rows in which heads stand, in A1 notation."""
    names = {tab.key: tab.name for tab in look.snapshot.tabs}
    return tuple(dict.fromkeys(rows_of(names[head.tab], head.row, head.row) for head in heads))


def heads_shown(heads: Iterable[Head], reply: Json) -> bool:
    """Whether an answer shows that all heads stand where they stood."""
    cells = JsonCells()
    shown: dict[tuple[str, int, int], CellValue] = {}
    for sheet in reply.get("updatedSpreadsheet", {}).get("sheets", ()):
        key = str(sheet.get("properties", {}).get("sheetId", 0))
        for piece in sheet.get("data", ()):
            left = int(piece.get("startColumn", 0)) + 1
            for row, line in enumerate(piece.get("rowData", ()), int(piece.get("startRow", 0)) + 1):
                for column, held in enumerate(line.get("values", ()), left):
                    cell = cells.cell(held, row)
                    if cell is not None:
                        shown[key, row, column] = cell.literal
    return all(shown.get((head.tab, head.row, head.column)) == head.literal for head in heads)


def heads_read(heads: Iterable[Head], look: Look) -> bool:
    """Whether all heads stand where they stood, by a look."""
    tabs = {tab.key: tab for tab in look.snapshot.tabs}
    return all(
        head.tab in tabs and _literals(tabs[head.tab], head.row).get(head.column) == head.literal for head in heads
    )


def columns_before(before: Tab, now: Tab, row: int) -> Mapping[int, int]:
    """Of the columns now, which they were before, told by what stood in this row as their headers: the same where the
    same stands there, else the only one with that header."""
    was = _literals(before, row)
    found_row = header_row_again(now, was)
    are = _literals(now, found_row.number) if found_row is not None else {}
    found: dict[int, int] = {}
    for column, literal in are.items():
        alike = [at for at, other in was.items() if other == literal]
        if was.get(column) == literal:
            found[column] = column
        elif len(alike) == 1 and list(are.values()).count(literal) == 1:
            found[column] = alike[0]
    return found


def _literals(tab: Tab, row: int) -> Mapping[int, CellValue]:
    found = next((one for one in tab.rows if one.number == row), None)
    return {column: cell.literal for column, cell in found.cells.items()} if found is not None else {}
