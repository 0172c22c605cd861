"""One tab in memory while it is being changed: which edit and which change of structure may be made, and making it.

Every method that changes something returns why it did not, "" when it did.
"""

from collections.abc import Collection
from dataclasses import replace

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind, number_text, text_value
from sheets_sync.core.decision import ColumnState, DropDownState, Edit, HighlightState, KeyColumn, Structure
from sheets_sync.core.snapshot import Area, Role, Row, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.workbooks.hand_edits import ordered


class TabDraft:
    """The tab as it was, its frame as it is now, and the rows that differ by now. `seen` is what was decided on."""

    def __init__(self, tab: Tab, seen: Tab | None, keys: KeyColumn | None) -> None:
        self._frame = tab
        self._seen = seen
        self._keys = keys
        self._as_was = {row.number: row for row in tab.rows}
        self._now: dict[int, dict[int, Cell]] = {}

    def tab(self) -> Tab:
        """The tab as it is now."""
        if not self._now:
            return self._frame
        rows = dict(self._as_was)
        for number, cells in self._now.items():
            hidden = rows[number].hidden if number in rows else False
            rows[number] = Row(number, cells, hidden)
        return replace(self._frame, rows=ordered(rows.values()))

    def edit(self, edit: Edit) -> str:
        """Make one edit if its cell holds what was read and its row is the same row."""
        column = self._frame.marks.get(edit.ref.role)
        if column is None:
            return "our column is gone"
        row = self._as_was.get(edit.ref.row, Row(edit.ref.row, {}, hidden=False))
        literal = _literal(row.cells.get(column))
        if literal != edit.before:
            return "the cell was changed since it was read"
        reason = self._why_closed(edit.ref.row, column, literal) or self._why_not_same_row(row, edit)
        if not reason:
            self._put(edit.ref.row, column, edit.after)
        return reason

    def restructure(self, structure: Structure, kept: Collection[Role]) -> str:
        """Make one change of what is not a cell. A column whose role is in `kept` must not be removed."""
        match structure.before, structure.after:
            case None, ColumnState() as added:
                return self._add_column(added)
            case ColumnState() as removed, None:
                return "a cell in it cannot be cleared" if removed.role in kept else self._remove_column(removed)
            case ColumnState() as before, ColumnState() as after:
                return self._rename_column(before, after)
            case None | HighlightState() as rules, None | HighlightState() as new_rules:
                return self._set_highlights(rules, new_rules)
            case None | DropDownState() as lists, None | DropDownState() as new_lists:
                return self._set_drop_downs(lists, new_lists)
        return "such a change is not known"

    def _why_closed(self, row: int, column: int, literal: CellValue) -> str:
        if literal.kind is Kind.FORMULA or any(area.holds(row, column) for area in self._frame.computed):
            return "the cell holds a formula"
        if any(area.holds(row, column) and (row, column) != area[:2] for area in self._frame.merged):
            return "the cell lies within merged cells"
        tables = [table for table in self._frame.tables if table.area.holds(row, column)]
        if any(table.has_header and row == table.area.top for table in tables):
            return "the cell is a header of a table"
        totals = any(table.has_totals and row == table.area.bottom for table in tables)
        return "the cell is in the totals row of a table" if totals else ""

    def _why_not_same_row(self, row: Row, edit: Edit) -> str:
        if self._keys is None:
            return "it is not said which column holds the ids"
        # A column of ours is known by its mark even after somebody moved it; the team's own only by its number.
        was_ours = self._seen is not None and self._keys.column == self._seen.marks.get(Role.ID)
        column = self._frame.marks.get(Role.ID) if was_ours else self._keys.column
        cell = row.cells.get(column) if column is not None else None
        if edit.key:
            return "" if edit.key in _shown(cell) else "another row stands here now"
        if cell is not None:
            return "the row has an id now"
        same = row_witness(row, self._keys.witness_columns) == edit.witness
        return "" if same else "the row was changed since it was read"

    def _add_column(self, state: ColumnState) -> str:
        if state.role in self._frame.marks:
            return "our column is already there"
        if self._seen is not None and self._header(self._frame, state) != self._header(self._seen, state):
            return "the header row was changed since it was read"
        numbers = [number for number in (*self._as_was, *self._now) if number >= state.header_row]
        areas = [*self._frame.merged, *self._frame.computed, *(table.area for table in self._frame.tables)]
        if any(state.column in self._cells(number) for number in numbers) or any(
            area.left <= state.column <= area.right and area.bottom >= state.header_row for area in areas
        ):
            return "somebody uses that column now"
        self._put(state.header_row, state.column, text_value(state.header))
        self._mark(state)
        self._end_areas_at(state.header_row, state.column - 1, state.column)
        return ""

    @staticmethod
    def _header(tab: Tab, state: ColumnState) -> dict[int, CellValue]:
        rows = [row for row in tab.rows if row.number == state.header_row]
        return {column: cell.literal for row in rows for column, cell in row.cells.items()}

    def _remove_column(self, state: ColumnState) -> str:
        column = self._frame.marks.get(state.role)
        if column is None and state.role in self._frame.lost_marks:
            self._frame = replace(self._frame, lost_marks=self._frame.lost_marks - {state.role})
            return ""
        if column is None:
            return "our column is gone"
        if column != state.column:
            return "our column was moved since it was read"
        if not self._holds_what_was_seen(state):
            return "a cell in it was changed since it was read"
        tables = [table.area for table in self._frame.tables if table.area.holds(state.header_row, column)]
        if any(area.right != column or area.left == column for area in tables):
            return "our column stands inside a table"
        for number in range(state.header_row, state.last_row + 1):
            if column in self._cells(number):
                self._put(number, column, BLANK)
        marks = {role: known for role, known in self._frame.marks.items() if role is not state.role}
        self._frame = replace(self._frame, marks=marks)
        self._end_areas_at(state.header_row, column, column - 1)
        return ""

    def _holds_what_was_seen(self, state: ColumnState) -> bool:
        """Whether the column's cells are those decided on, or made by an edit since; none of them a formula."""
        seen = {row.number: row.cells for row in self._seen.rows} if self._seen is not None else {}
        for number in range(state.header_row, state.last_row + 1):
            was = self._as_was[number].cells.get(state.column) if number in self._as_was else None
            if _literal(was) != _literal(seen.get(number, {}).get(state.column)):
                return False
            if _literal(was).kind is Kind.FORMULA:
                return False
        return True

    def _rename_column(self, before: ColumnState, after: ColumnState) -> str:
        column = self._frame.marks.get(before.role, before.column)
        if (before.role, before.column, before.header_row) != (after.role, after.column, after.header_row):
            return "a column cannot be moved, only its header changed"
        if column != before.column:
            return "our column was moved since it was read"
        if _literal(self._cells(before.header_row).get(column)) != text_value(before.header):
            return "its header was changed since it was read"
        self._put(after.header_row, column, text_value(after.header))
        self._mark(after)
        return ""

    def _mark(self, state: ColumnState) -> None:
        marks = {**self._frame.marks, state.role: state.column}
        self._frame = replace(self._frame, marks=marks, lost_marks=self._frame.lost_marks - {state.role})

    def _end_areas_at(self, header_row: int, right: int, new_right: int) -> None:
        """Let the table and the filter that end at column `right` of the header row end at another one."""

        def ended(area: Area) -> Area:
            ends_here = area.right == right and area.top == header_row and area.left <= new_right
            return area._replace(right=new_right) if ends_here else area

        tables = tuple(table._replace(area=ended(table.area)) for table in self._frame.tables)
        filtered = None if self._frame.filter is None else ended(self._frame.filter)
        self._frame = replace(self._frame, tables=tables, filter=filtered)

    def _set_highlights(self, before: HighlightState | None, after: HighlightState | None) -> str:
        if self._frame.highlights != (before.rules if before is not None else ()):
            return "our highlights were changed since they were read"
        self._frame = replace(self._frame, highlights=after.rules if after is not None else ())
        return ""

    def _set_drop_downs(self, before: DropDownState | None, after: DropDownState | None) -> str:
        if self._frame.drop_downs != (before.lists if before is not None else ()):
            return "our drop-downs were changed since they were read"
        self._frame = replace(self._frame, drop_downs=after.lists if after is not None else ())
        return ""

    def _cells(self, number: int) -> dict[int, Cell]:
        if number in self._now:
            return self._now[number]
        return dict(self._as_was[number].cells) if number in self._as_was else {}

    def _put(self, number: int, column: int, value: CellValue) -> None:
        cells = self._now[number] = self._cells(number)
        old = cells.pop(column, None)
        if value != BLANK:
            seen = float(value.text) if value.kind is Kind.NUMBER else value.text
            cells[column] = Cell(value, seen, old.style if old is not None else 0)


def _literal(cell: Cell | None) -> CellValue:
    return BLANK if cell is None else cell.literal


def _shown(cell: Cell | None) -> tuple[str, ...]:
    """The texts by which an id cell may be known: as written and as seen, with and without outer blanks."""
    if cell is None:
        return ()
    seen = number_text(cell.seen) if isinstance(cell.seen, float) else str(cell.seen)
    return tuple(spelling for text in (cell.literal.text, seen) for spelling in (text, " ".join(text.split())))
