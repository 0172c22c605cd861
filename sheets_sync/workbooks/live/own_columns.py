"""Our columns in an open workbook: found by their mark, added with table and filter following, removed again."""

from sheets_sync.core.decision import ColumnState
from sheets_sync.core.snapshot import Role, Tab
from sheets_sync.workbooks.live.blocks import area_of, block_of
from sheets_sync.workbooks.live.native import Book, Native, Sheet
from sheets_sync.workbooks.live.obstacles import OpenTab
from sheets_sync.workbooks.live.own_names import drop_names
from sheets_sync.workbooks.ooxml.traces import mark_name, mark_reference

WIDTHS = {Role.FLAG: 24.0, Role.NEXT_FIX: 60.0, Role.ID: 9.0}
"""In characters, as in files."""


def column_now(book: Book, tab: Tab, role: Role) -> int | None:
    """Where our column stands at this moment, by its name and never by its letter; None when that is not where it
    stood when the tab was read."""
    name = mark_name(tab.key, role)
    if name not in book.names:
        return None
    column: int = book.names[name].refers_to_range.column
    return column if tab.marks.get(role, column) == column else None


def add_column(native: Native, book: Book, known: OpenTab, state: ColumnState) -> None:
    """Make room for a column of ours, look and mark; its header is still to be written."""
    sheet, left = known.sheet, state.column - 1
    _end_areas_at(native, sheet, state.header_row, left, state.column)
    header = sheet.range((state.header_row, state.column))
    if left:
        native.copy_look(sheet.range((state.header_row, left)), header)
    if header.column_width == native.standard_width(sheet):
        header.column_width = WIDTHS[state.role]
    mark_again(native, book, known.tab, state)


def mark_again(native: Native, book: Book, tab: Tab, state: ColumnState) -> None:
    """Give a column its mark."""
    if tab.marks.get(state.role) != state.column:
        native.put_name(book, mark_name(tab.key, state.role), "=" + mark_reference(tab.name, state.column))


def remove_column(native: Native, book: Book, known: OpenTab, state: ColumnState) -> None:
    """Take an emptied column of ours out of table and filter, with its mark and its width."""
    if state.role in known.tab.marks:
        _end_areas_at(native, known.sheet, state.header_row, state.column, state.column - 1)
        header = known.sheet.range((state.header_row, state.column))
        if header.column_width == WIDTHS[state.role]:
            header.column_width = native.standard_width(known.sheet)
    drop_names(book, (mark_name(known.tab.key, state.role),))


def _end_areas_at(native: Native, sheet: Sheet, header_row: int, right: int, new_right: int) -> None:
    """Let the table or the sheet's filter that ends at column `right` of the header row end at another one. A filter
    that hides rows just now stays as it is: Excel could only take it away."""
    for table in sheet.tables:
        area = area_of(table.range)
        if table.show_headers and (area.top, area.right) == (header_row, right) and area.left <= new_right:
            table.resize(block_of(sheet, area._replace(right=new_right)))
    own = native.filter_area(sheet)
    ends_here = own is not None and (own.top, own.right) == (header_row, right) and own.left <= new_right
    if own is not None and ends_here and not native.any_filter_on(sheet):
        native.set_filter(sheet, own._replace(right=new_right))
