"""Our columns added to one sheet, or renamed: its tables and its filter follow, or the step is refused.

Removing columns is in column_removal. Reasons are words for a person; "" means that the step was made.
"""

from collections.abc import Sequence

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import ColumnState
from sheets_sync.core.snapshot import Role
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite
from sheets_sync.workbooks.ooxml.columns_patch import WIDTHS
from sheets_sync.workbooks.ooxml.filter_patch import sheet_filter, with_filter_to
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, area_text, cell_address, column_letters
from sheets_sync.workbooks.ooxml.sheet_draft import SheetDraft
from sheets_sync.workbooks.ooxml.table_patch import TableShape, grown, renamed
from sheets_sync.workbooks.ooxml.traces import mark_name, mark_reference

ROLE_WORDS = {Role.FLAG: "Flag", Role.NEXT_FIX: "Next fix", Role.ID: "ID"}


def with_columns(draft: SheetDraft, states: Sequence[ColumnState]) -> tuple[SheetDraft, str]:
    """The draft with these columns added, all or none: with a reason it is the draft as it was."""
    trial = draft.copy()
    for state in sorted(states, key=lambda state: state.column):
        reason = _add(trial, state)
        if reason:
            left = column_letters(max(1, min(state.column for state in states) - 1))
            space = f"; free {len(states)} columns right of {left}" if reason.startswith(_NOT_FREE) else ""
            return draft, reason + space
    return trial, ""


_NOT_FREE = "column "


def _add(draft: SheetDraft, state: ColumnState) -> str:
    reason = _known(draft, state) or _obstacle(draft, state) or _grow(draft, state)
    if reason:
        return reason
    _write_header(draft, state, on_blank=True)
    draft.columns[state.role] = draft.fresh[state.role] = state.column
    draft.widths[state.column] = WIDTHS[state.role]
    _mark(draft, state)
    return ""


def _known(draft: SheetDraft, state: ColumnState) -> str:
    if state.role in draft.columns:
        return f"the tab already has our {ROLE_WORDS[state.role]} column"
    if not state.header.strip():
        return "a column needs a header"
    return ""


def _obstacle(draft: SheetDraft, state: ColumnState) -> str:
    """What stands in the way of a new column, from its header down."""
    column, top = state.column, state.header_row
    letters = column_letters(column)
    if not 1 <= column <= MAX_COLUMN:
        return "the sheet has no column left"
    for row in draft.tab.rows:
        if row.number >= top and column in row.cells:
            return f"{_NOT_FREE}{letters} is not free because {cell_address(row.number, column)} is filled"
    areas = [("the merged cells", area) for area in draft.tab.merged]
    areas += [("the results of a formula in", area) for area in draft.tab.computed]
    areas += [(f"the table {shape.name} in", shape.area) for shape in draft.shapes().values()]
    for what, area in areas:
        if area.left <= column <= area.right and area.bottom >= top:
            return f"{_NOT_FREE}{letters} is not free because of {what} {area_text(area)}"
    return ""


def _grow(draft: SheetDraft, state: ColumnState) -> str:
    """Let the table or the filter left of the column, which ends there, take it in."""
    for part, shape in draft.shapes().items():
        if shape.heads(state.column - 1, state.header_row):
            reason = _table_refusal(shape, state.header)
            if not reason:
                draft.tables[part] = grown(draft.tables[part], state.header)
            return reason
    area = sheet_filter(draft.frame)
    if area and area.top == state.header_row and area.right == state.column - 1:
        draft.frame = with_filter_to(draft.frame, state.column)
    return ""


def _table_refusal(shape: TableShape, header: str) -> str:
    if shape.mapped:
        return f"the table {shape.name} is filled by a query or an XML map and cannot take a column of ours"
    if shape.has_column(header):
        return f"the table {shape.name} already has a column named {header}"
    return ""


def _write_header(draft: SheetDraft, state: ColumnState, *, on_blank: bool) -> None:
    write = CellWrite(text_value(state.header), header=True, on_blank=on_blank)
    draft.write(state.header_row, state.column, write)


def _mark(draft: SheetDraft, state: ColumnState) -> None:
    draft.names[mark_name(draft.tab.key, state.role)] = mark_reference(draft.tab.name, state.column)


def rename_column(draft: SheetDraft, before: ColumnState, after: ColumnState) -> str:
    """Change the header of a column that stands already; give it its mark if that was lost."""
    column = draft.columns.get(before.role, before.column)
    if (before.role, before.column, before.header_row) != (after.role, after.column, after.header_row):
        return "a column cannot be moved, only its header changed"
    if column != before.column:
        return f"our {ROLE_WORDS[before.role]} column was moved since the sheet was read"
    if (draft.literal(before.header_row, column) or BLANK) != text_value(before.header):
        return f"the header in {cell_address(before.header_row, column)} was changed since the sheet was read"
    if after.header != before.header:
        reason = _rename_in_table(draft, after)
        if reason:
            return reason
        _write_header(draft, after, on_blank=not before.header)
    if before.role not in draft.columns:
        draft.columns[before.role] = column
        _mark(draft, after)
    return ""


def _rename_in_table(draft: SheetDraft, state: ColumnState) -> str:
    if not state.header.strip():
        return "a column needs a header"
    for part, shape in draft.shapes().items():
        if shape.heads(state.column, state.header_row):
            others = shape._replace(columns=tuple(_without(shape, state.column)))
            reason = _table_refusal(others, state.header) or draft.use_of(shape, state.column)
            if not reason:
                draft.tables[part] = renamed(draft.tables[part], state.column - shape.area.left, state.header)
            return reason
    return ""


def _without(shape: TableShape, column: int) -> Sequence[str]:
    place = column - shape.area.left
    return (*shape.columns[:place], *shape.columns[place + 1 :])
