"""One column's cells, taken out of its rows at once: what a person sees in them, and of which kinds they are."""

from collections.abc import Sequence
from typing import NamedTuple

from sheets_sync.core.cells import Cell, CellTrouble, Kind, Seen
from sheets_sync.core.dates import shown
from sheets_sync.core.snapshot import Row

TEXTS = frozenset({str})
TEXTS_AND_BLANKS = frozenset({str, type(None)})


class ColumnCells(NamedTuple):
    """`cells` and what is `seen` in them, one per row, None for a blank; `types` are the types that occur."""

    cells: list[Cell | None]
    seen: list[Seen]
    types: frozenset[type]

    def has_trouble(self) -> bool:
        """Whether any cell has no usable value."""
        return CellTrouble in self.types

    def has_formula(self) -> bool:
        """Whether any cell is a formula."""
        return Kind.FORMULA in {None if cell is None else cell[0][0] for cell in self.cells}

    def texts(self) -> list[str]:
        """What a person sees as texts, outer blanks dropped; "" for a blank cell and for an error."""
        if self.types <= TEXTS:
            return list(map(str.strip, self.seen))  # type: ignore[arg-type]
        if self.types <= TEXTS_AND_BLANKS:
            return [seen.strip() if seen else "" for seen in self.seen]  # type: ignore[union-attr]
        return [seen.strip() if type(seen) is str else text_of_seen(seen) for seen in self.seen]


def column_cells(rows: Sequence[Row], column: int, *, covered: Sequence[int] = ()) -> ColumnCells:
    """Take a column out of these rows; the places in `covered` read as blank."""
    cells = [row[1].get(column) for row in rows]
    for place in covered:
        cells[place] = None
    seen = [None if cell is None else cell[1] for cell in cells]
    return ColumnCells(cells, seen, frozenset(map(type, seen)))


def text_of_seen(seen: Seen) -> str:
    """What a person sees as a text; "" for nothing and for an error."""
    return "" if isinstance(seen, CellTrouble) else shown(seen)


def text_of(cell: Cell | None) -> str:
    """The text of one cell, as in `ColumnCells.texts`."""
    return "" if cell is None else text_of_seen(cell.seen)
