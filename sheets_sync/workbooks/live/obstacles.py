"""What cannot be done in an open workbook, said before anything is done. Asks Excel, changes nothing.

What every adapter refuses (a cell changed, another row, a column in use) is told by memory_changes.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sheets_sync.core.cells import Kind
from sheets_sync.core.decision import (
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    Refused,
    State,
    Structure,
)
from sheets_sync.core.snapshot import DropDown, Tab, Table
from sheets_sync.workbooks.live.blocks import as_rows, block_of, used_area
from sheets_sync.workbooks.live.native import Book, Native, Sheet
from sheets_sync.workbooks.live.own_names import is_lasting
from sheets_sync.workbooks.ooxml import conditional_patch, validation_patch
from sheets_sync.workbooks.ooxml.cell_xml import unfit
from sheets_sync.workbooks.ooxml.formula_uses import names_column
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, area_text, column_letters

_NO_FRAME = b"<worksheet><sheetData/></worksheet>"


class OpenTab(NamedTuple):
    """A tab as it was just read, and its sheet."""

    tab: Tab
    sheet: Sheet


def obstacles(native: Native, book: Book, changes: Changes, tabs: dict[str, OpenTab]) -> Iterator[Refused]:
    """The edits and structures that Excel would not take, or that would do harm."""
    closed = {key: _closed(native, known) for key, known in tabs.items()}
    for edit in changes.edits:
        reason = closed.get(edit.ref.tab, "") or _edit_obstacle(edit)
        if reason:
            yield Refused(edit, reason)
    for structure in changes.structures:
        known = tabs.get(structure.tab)
        if known is None:
            continue
        reason = closed[structure.tab] or _structure_obstacle(native, book, known, structure)
        if reason:
            yield Refused(structure, reason)


def _closed(native: Native, known: OpenTab) -> str:
    if native.is_protected(known.sheet):
        return f"the tab {known.tab.name} is protected; choose Review > Unprotect Sheet, then press again"
    return ""


def _edit_obstacle(edit: Edit) -> str:
    if edit.after.kind is Kind.ERROR:
        return "an error value cannot be typed into a cell"
    return unfit(edit.after)


def _structure_obstacle(native: Native, book: Book, known: OpenTab, structure: Structure) -> str:
    before: State | None = structure.before
    match before, structure.after:
        case None, ColumnState() as added:
            return _adding(known, added)
        case ColumnState() as removed, None:
            return _removing(native, book, known, removed)
        case ColumnState() as was, ColumnState() as after:
            return _renaming(known, was, after)
        case _, HighlightState() as highlights:
            return conditional_patch.unfit(highlights.rules)
        case _, DropDownState() as lists:
            return validation_patch.unfit(_NO_FRAME, lists.lists) or _validated(native, known, lists.lists)
    return ""


def _adding(known: OpenTab, state: ColumnState) -> str:
    if not is_lasting(known.tab.key):
        return "this tab is new to sheets-sync; save the workbook and set the plan up with `sheets-sync init` first"
    if not state.header.strip():
        return "a column needs a header"
    if not 1 <= state.column <= MAX_COLUMN:
        return "the sheet has no column left"
    table = _headed(known.tab, state.column - 1, state.header_row)
    if table is not None and table.area.right == state.column - 1:
        return _table_obstacle(known.tab, table, state.header)
    return ""


def _renaming(known: OpenTab, before: ColumnState, after: ColumnState) -> str:
    if after.header == before.header:
        return "" if is_lasting(known.tab.key) else "the workbook was never saved"
    if not after.header.strip():
        return "a column needs a header"
    table = _headed(known.tab, after.column, after.header_row)
    return _table_obstacle(known.tab, table, after.header, but=after.column) if table is not None else ""


def _table_obstacle(tab: Tab, table: Table, header: str, *, but: int = 0) -> str:
    if table.is_query:
        return f"the table {table.name} is filled by a query or an XML map and cannot take a column of ours"
    cells = next((row.cells for row in tab.rows if row.number == table.area.top), {})
    columns = [column for column in range(table.area.left, table.area.right + 1) if column != but]
    names = {cells[column].literal.text.casefold() for column in columns if column in cells}
    return f"the table {table.name} already has a column named {header}" if header.casefold() in names else ""


def _removing(native: Native, book: Book, known: OpenTab, state: ColumnState) -> str:
    column = known.tab.marks.get(state.role)
    if column is None or column != state.column:
        return ""
    letters = column_letters(column)
    if native.filters_by(known.sheet, column):
        return f"rows are filtered by column {letters}; clear that filter first"
    table = _headed(known.tab, column, state.header_row)
    if table is None:
        return ""
    place = column - table.area.left + 1
    if table.is_query:
        return f"column {letters} stands inside the table {table.name}; delete column {letters} in Excel"
    if any(native.has_filter(one, place) for one in known.sheet.tables if one.display_name == table.name):
        return f"rows are filtered by column {letters}; clear that filter first"
    if any(names_column(formula, state.header) for formula in _formulas(native, book)):
        return f"a formula uses the column {state.header} of the table {table.name}; change that formula first"
    return ""


def _formulas(native: Native, book: Book) -> Iterator[str]:
    """All formulas of the workbook, in one call for each tab."""
    for sheet in book.sheets:
        area = used_area(native, sheet)
        for row in as_rows(block_of(sheet, area).formula, area):
            yield from (text for text in row if isinstance(text, str) and text[:1] == "=" and "[" in text)


def _validated(native: Native, known: OpenTab, lists: tuple[DropDown, ...]) -> str:
    ours = [drop_down.area for drop_down in known.tab.drop_downs]
    for drop_down in lists:
        area = drop_down.area
        if not any(area.meets(own) for own in ours) and native.is_validated(block_of(known.sheet, area)):
            return f"the cells {area_text(area)} already have a drop-down or another check of their own"
    return ""


def _headed(tab: Tab, column: int, row: int) -> Table | None:
    """The table that has a header in this cell."""
    for table in tab.tables:
        if table.has_header and table.area.top == row and table.area.left <= column <= table.area.right:
            return table
    return None
