"""Which edits of one tab may be made: the cell must hold what was read, the row must be the same row, the place must
be one where a value may stand. Compares only; writing is done elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind, number_text
from sheets_sync.core.decision import Edit, KeyColumn
from sheets_sync.core.snapshot import Area, Role, Row, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.workbooks.ooxml.cell_xml import unfit
from sheets_sync.workbooks.ooxml.grid import MAX_ROW, cell_address
from sheets_sync.workbooks.ooxml.table_patch import TableShape


class _Column(NamedTuple):
    """One of our columns: where it stands, and stretches of rows in it that must not be written, with the reason."""

    number: int
    closed: tuple[tuple[int, int, str], ...]


class EditGuard:
    """Judges the edits of one tab. `columns` are where our columns stand or will stand.

    The edits of one row come one after another, so that a row is judged once.
    """

    def __init__(
        self, tab: Tab, columns: Mapping[Role, int], key: KeyColumn | None, shapes: Sequence[TableShape]
    ) -> None:
        self._tab = tab
        self._rows = {row.number: row for row in tab.rows}
        self._key = key
        self._columns = {role: _Column(number, _closed(tab, shapes, number)) for role, number in columns.items()}
        self._last: tuple[int, str, str] = (0, "", "")
        self._last_reason = ""

    def refusal(self, edit: Edit) -> str:
        """Why this edit must not be made, in words for a person; "" when it may."""
        key, (_, number, role), before, after, witness = edit
        column = self._columns.get(role)
        if column is None:
            return f"the tab {self._tab.name} has no column of ours for it"
        row = self._rows.get(number)
        cell = row.cells.get(column.number) if row else None
        literal = cell.literal if cell else BLANK
        if literal != before:
            return f"{cell_address(number, column.number)} no longer holds what was read"
        if (number, key, witness) != self._last:
            self._last = (number, key, witness)
            self._last_reason = self._judge_row(edit, row or Row(number, {}, hidden=False))
        return self._last_reason or self._place_refusal(column, number, literal) or unfit(after)

    def column(self, role: Role) -> int:
        """The column of a role that `refusal` did not refuse."""
        return self._columns[role].number

    def _place_refusal(self, column: _Column, number: int, literal: CellValue) -> str:
        if literal.kind is Kind.FORMULA:
            return f"{cell_address(number, column.number)} holds a formula"
        for top, bottom, reason in column.closed:
            if top <= number <= bottom:
                return f"{cell_address(number, column.number)} {reason}"
        return ""

    def _judge_row(self, edit: Edit, row: Row) -> str:
        if not 1 <= row.number <= MAX_ROW:
            return "the sheet has no such row"
        if self._key is None:
            return "it is not said which column holds the ids"
        shown = _shown(row.cells.get(self._key.column) if self._key.column is not None else None)
        if edit.key:
            return "" if edit.key in shown else f"row {row.number} no longer holds the id {edit.key}"
        if any(shown):
            return f"row {row.number} has an id now"
        if row_witness(row, self._key.witness_columns) != edit.witness:
            return f"row {row.number} was changed since it was read"
        return ""


def _shown(cell: Cell | None) -> tuple[str, ...]:
    """The texts by which an id cell may be known: as written, as seen, and without surrounding blanks."""
    if cell is None:
        return ()
    seen = number_text(cell.seen) if isinstance(cell.seen, float) else cell.seen if isinstance(cell.seen, str) else ""
    written = "" if cell.literal.kind is Kind.FORMULA else cell.literal.text
    return written, seen, " ".join(written.split()), " ".join(seen.split())


def _closed(tab: Tab, shapes: Sequence[TableShape], column: int) -> tuple[tuple[int, int, str], ...]:
    """The stretches of rows of a column where nothing may be written, as (top, bottom, reason)."""
    found: list[tuple[int, int, str]] = []
    for area in tab.merged:
        if area.left <= column <= area.right:
            first = area.top + (1 if column == area.left else 0)
            found.append((first, area.bottom, "lies within merged cells"))
    found += [(area.top, area.bottom, "is filled by a formula") for area in tab.computed if _spans(area, column)]
    for shape in shapes:
        if not _spans(shape.area, column):
            continue
        top, bottom = shape.area.top, shape.area.bottom
        if shape.header_rows:
            found.append((top, top, f"is a header of the table {shape.name}"))
        if shape.totals_rows:
            found.append((bottom - shape.totals_rows + 1, bottom, f"is in the totals row of the table {shape.name}"))
    return tuple(found)


def _spans(area: Area, column: int) -> bool:
    return area.left <= column <= area.right
