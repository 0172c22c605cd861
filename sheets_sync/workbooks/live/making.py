"""Decided changes made in an open workbook, one tab at a time: columns, cells, highlights, drop-downs.

What may be done was decided before; here it is done, in the order in which the file's adapter does it. What Excel
refuses after all comes back as refused, and nothing that depends on it is tried.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import ColumnState, DropDownState, Edit, HighlightState, Refused, Structure
from sheets_sync.core.snapshot import Role, Row, Tab
from sheets_sync.workbooks.live.cell_writing import CellWrite, write_column
from sheets_sync.workbooks.live.frame_writing import set_drop_downs, set_highlights
from sheets_sync.workbooks.live.native import EDITING, Book, Native
from sheets_sync.workbooks.live.obstacles import OpenTab
from sheets_sync.workbooks.live.own_columns import add_column, column_now, mark_again, remove_column

_REFUSED = "Excel would not do it"
_MOVED = "our column is being moved just now"
_CHANGED_TEXT = "Excel would not keep this text as it is"


@dataclass
class Making:
    """Makes changes and notes what became of them."""

    native: Native
    book: Book
    applied: list[Edit] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def change(self, known: OpenTab, edits: Sequence[Edit], structures: Sequence[Structure]) -> None:
        """Make all changes of one tab."""
        added = [s for s in structures if s.before is None and isinstance(s.after, ColumnState)]
        removed = [s for s in structures if s.after is None and isinstance(s.before, ColumnState)]
        lost = set()
        for structure in sorted(added, key=_column):
            if not self._make(structure, partial(_added, self.native, self.book, known, structure)):
                lost.add(_role(structure))
        for role, wanted in groupby(sorted(edits, key=lambda edit: edit.ref.role), key=lambda edit: edit.ref.role):
            self._write(known, role, list(wanted), lost=role in lost)
        for structure in structures:
            if structure not in added and structure not in removed:
                self._make(structure, partial(self._frame, known, structure))
        for structure in sorted(removed, key=_column, reverse=True):
            self._make(structure, partial(_removed, self.native, self.book, known, structure))

    def _make(self, structure: Structure, order: Callable[[], None]) -> bool:
        reason = self._tried(order)
        if reason:
            self.refused.append(Refused(structure, reason))
        else:
            self.structures.append(structure)
        return not reason

    def _tried(self, order: Callable[[], None]) -> str:
        """Why Excel did not do it, "" when it did."""
        try:
            order()
        except Exception as error:
            if self.native.is_busy(error):
                return EDITING
            if self.native.is_refusal(error):
                return _REFUSED
            raise
        return ""

    def _write(self, known: OpenTab, role: Role, edits: list[Edit], *, lost: bool) -> None:
        wanted = [edit for edit in edits if edit.after != edit.before]
        hidden = {row.number for row in known.tab.rows if row.hidden}
        done: set[int] = set()

        def write() -> None:
            column = column_now(self.book, known.tab, role)
            if column is None:
                raise _ColumnMovedError
            writes = [CellWrite(edit.ref.row, edit.after, edit.ref.row in hidden) for edit in wanted]
            blank = partial(_is_blank, known.tab, {row.number: row for row in known.tab.rows}, column)
            for row in write_column(self.native, known.sheet, column, writes, is_blank=blank):
                done.add(row)

        try:
            reason = "the column could not be added" if lost else self._tried(write) if wanted else ""
        except _ColumnMovedError:
            reason = _MOVED
        for edit in edits:
            if edit.after == edit.before or edit.ref.row in done:
                self.applied.append(edit)
            else:
                self.refused.append(Refused(edit, reason or _CHANGED_TEXT))

    def _frame(self, known: OpenTab, structure: Structure) -> None:
        match structure.before, structure.after:
            case ColumnState() as before, ColumnState() as after:
                if after.header != before.header:
                    _write_header(self.native, known, after)
                mark_again(self.native, self.book, known.tab, after)
            case HighlightState() | None, HighlightState() | None:
                after_rules = structure.after
                set_highlights(self.native, known.sheet, after_rules.rules if after_rules is not None else ())
            case DropDownState() | None, DropDownState() | None:
                lists = structure.after
                set_drop_downs(self.native, known, lists.lists if lists is not None else ())


class _ColumnMovedError(Exception):
    """A column of ours is not where it was a moment ago."""


def _added(native: Native, book: Book, known: OpenTab, structure: Structure) -> None:
    if isinstance(structure.after, ColumnState):
        add_column(native, book, known, structure.after)
        _write_header(native, known, structure.after)


def _removed(native: Native, book: Book, known: OpenTab, structure: Structure) -> None:
    state = structure.before
    if not isinstance(state, ColumnState):
        return
    filled = _filled_rows(known, state)
    if state.role in known.tab.marks:
        list(write_column(native, known.sheet, state.column, [CellWrite(row, BLANK) for row in filled]))
    remove_column(native, book, known, state)


def _is_blank(tab: Tab, rows: Mapping[int, Row], column: int, number: int) -> bool:
    """Whether our cell in this row was blank a moment ago, in a row that nobody hides, and stands on its own."""
    row = rows.get(number)
    if row is not None and (row.hidden or column in row.cells):
        return False
    return not any(area.holds(number, column) for area in (*tab.merged, *tab.computed)) and not any(
        table.area.holds(number, column) and table.area.bottom == number and table.has_totals for table in tab.tables
    )


def _filled_rows(known: OpenTab, state: ColumnState) -> Iterable[int]:
    return [
        row.number
        for row in known.tab.rows
        if state.header_row <= row.number <= state.last_row and state.column in row.cells
    ]


def _write_header(native: Native, known: OpenTab, state: ColumnState) -> None:
    list(write_column(native, known.sheet, state.column, [CellWrite(state.header_row, text_value(state.header))]))


def _column(structure: Structure) -> int:
    state = structure.after or structure.before
    return state.column if isinstance(state, ColumnState) else 0


def _role(structure: Structure) -> Role | None:
    return structure.after.role if isinstance(structure.after, ColumnState) else None
