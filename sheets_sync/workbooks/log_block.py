"""What all kinds of workbook do alike with the Sync log: its block of cells, its changes, a free name. Pure."""

from collections.abc import Collection, Iterable, Mapping

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.decision import LogState
from sheets_sync.core.log_layout import COLUMNS, ROWS, Place
from sheets_sync.core.snapshot import Row


def block_cells(rows: Iterable[Row], corner: Place) -> dict[Place, CellValue]:
    """The filled cells of the block that begins at `corner` (row, column), by their place in it."""
    top, left = corner
    return {
        (row.number - top + 1, column - left + 1): cell.literal
        for row in rows
        if top <= row.number < top + ROWS
        for column, cell in row.cells.items()
        if left <= column < left + COLUMNS
    }


def is_filled_beside(rows: Iterable[Row], corner: Place) -> bool:
    """Whether a cell outside the block holds anything."""
    rows = tuple(rows)
    return sum(len(row.cells) for row in rows) > len(block_cells(rows, corner))


def values_of(state: LogState) -> dict[Place, CellValue]:
    """The cells of a state by their place."""
    return {cell[:2]: cell.value for cell in state.cells}


def unchanged_since(held: Mapping[Place, CellValue], before: LogState, after: LogState) -> dict[Place, CellValue]:
    """The cells of `after` to be written: those that still hold what was read."""
    known = values_of(before)
    wanted = values_of(after).items()
    return {place: value for place, value in wanted if held.get(place, BLANK) == known.get(place, BLANK)}


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where a tab has it already."""
    known = {name.casefold() for name in taken}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(known) + 3)))
    return next(name for name in names if name.casefold() not in known)
