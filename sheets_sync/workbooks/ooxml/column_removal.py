"""Our columns removed from one sheet again: header, cells, width and mark go, tables and filters shrink back.

Adding and renaming is in column_steps. Reasons are words for a person; "" means that the step was made.
"""

from collections.abc import Collection

from sheets_sync.core.cells import BLANK, Kind
from sheets_sync.core.decision import ColumnState
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite
from sheets_sync.workbooks.ooxml.column_steps import ROLE_WORDS
from sheets_sync.workbooks.ooxml.columns_patch import WIDTHS
from sheets_sync.workbooks.ooxml.filter_patch import is_filtered, sheet_filter, with_filter_to
from sheets_sync.workbooks.ooxml.grid import cell_address, column_letters
from sheets_sync.workbooks.ooxml.sheet_draft import SheetDraft
from sheets_sync.workbooks.ooxml.splice import outline
from sheets_sync.workbooks.ooxml.table_patch import TableShape, shrunk
from sheets_sync.workbooks.ooxml.traces import mark_name


def remove_column(draft: SheetDraft, state: ColumnState, kept_rows: Collection[int]) -> str:
    """Remove a column of ours. `kept_rows` are rows whose cell in it somebody changed: then the column stays.

    Columns are to be removed from the right, so that a table whose last columns are ours can shrink back. A filter
    that ends with our column shrinks too, also if it reached over that column when it was still blank.
    """
    if state.role in draft.tab.lost_marks and state.role not in draft.columns:
        draft.dropped_names.add(mark_name(draft.tab.key, state.role))
        return ""
    reason = _refusal(draft, state, kept_rows) or _shrink(draft, state)
    if reason:
        return reason
    for row in draft.tab.rows:
        if state.header_row <= row.number <= state.last_row:
            draft.write(row.number, state.column, CellWrite(BLANK, header=row.number == state.header_row, erase=True))
    draft.old_widths[state.column] = WIDTHS[state.role]
    draft.dropped_names.add(mark_name(draft.tab.key, state.role))
    del draft.columns[state.role]
    return ""


def _refusal(draft: SheetDraft, state: ColumnState, kept_rows: Collection[int]) -> str:
    column = draft.columns.get(state.role)
    if column is None:
        return f"the tab has no {ROLE_WORDS[state.role]} column with our mark"
    if column != state.column:
        return f"our {ROLE_WORDS[state.role]} column was moved since the sheet was read"
    if kept_rows:
        changed = cell_address(min(kept_rows), column)
        return f"{changed} in our {ROLE_WORDS[state.role]} column cannot be cleared, so the column stays"
    for row in draft.tab.rows:
        cell = row.cells.get(column) if state.header_row <= row.number <= state.last_row else None
        if cell and cell.literal.kind is Kind.FORMULA:
            letters = column_letters(column)
            return f"{cell_address(row.number, column)} holds a formula; delete column {letters} in Excel"
    return ""


def _shrink(draft: SheetDraft, state: ColumnState) -> str:
    for part, shape in draft.shapes().items():
        if shape.area.holds(state.header_row, state.column):
            reason = _table_refusal(draft, shape, state.column)
            if not reason:
                draft.tables[part] = shrunk(draft.tables[part])
            return reason
    area = sheet_filter(draft.frame)
    if area and area.holds(state.header_row, state.column) and is_filtered(outline(draft.frame, 3), state.column):
        return _filtered(state.column)
    if area and area.top == state.header_row and area.left < area.right == state.column:
        draft.frame = with_filter_to(draft.frame, state.column - 1)
    return ""


def _table_refusal(draft: SheetDraft, shape: TableShape, column: int) -> str:
    letters = column_letters(column)
    if column < shape.area.right or shape.mapped or len(shape.columns) < 2:
        return f"column {letters} stands inside the table {shape.name}; delete column {letters} in Excel"
    return _filtered(column) if shape.last_filtered else draft.use_of(shape, column)


def _filtered(column: int) -> str:
    letters = column_letters(column)
    return f"rows are filtered by column {letters}; clear that filter first"
