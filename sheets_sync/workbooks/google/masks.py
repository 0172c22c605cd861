"""What is asked of Google when a spreadsheet is read: field masks and ranges. Pure.

A mask asks for exactly what a snapshot needs, so that a plan of 1,000 rows arrives in tens of kilobytes.
"""

from typing import Any

from sheets_sync.core.highlights import letters

FIRST_ROWS = 5_000
"""Rows of every tab that the first call brings; most plans end before."""
PART_ROWS = 10_000
"""Rows that each further call brings, and each write covers."""

_CELL = (
    "userEnteredValue,effectiveValue,effectiveFormat(numberFormat(type,pattern)),"
    "userEnteredFormat(backgroundColor,textFormat(bold,strikethrough)),"
    "dataValidation(condition(type,values),inputMessage,strict,showCustomUi),chipRuns(chip)"
)
_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue)"
_DATA = (
    f"data(startRow,startColumn,rowMetadata(hiddenByUser,hiddenByFilter),columnMetadata({_METADATA}),"
    f"rowData(values({_CELL})))"
)
_PROPERTIES = "properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount))"
_FRAME = (
    f"{_METADATA},merges,basicFilter,tables(name,range,rowsProperties),"
    "protectedRanges(protectedRangeId,range,description,warningOnly),conditionalFormats"
)
LISTING = f"properties(timeZone),sheets({_PROPERTIES})"
"""All tabs, without content."""
_NAMED = "namedRanges(namedRangeId,name,range)"
WHOLE = f"properties(timeZone),{_NAMED},sheets({_PROPERTIES},{_FRAME},{_DATA})"
"""Tabs with their content, as far as the ranges reach."""
LOG = f"{_NAMED},sheets({_PROPERTIES},{_METADATA},data(startRow,startColumn,rowData(values({_CELL}))))"
"""The Sync log alone."""
PART = f"sheets(properties(sheetId),{_DATA})"
"""Further rows of a tab."""


def first_rows(title: str) -> str:
    """The first rows of the tab with this name, in A1 notation; a smaller tab gives what it has."""
    return "'" + title.replace("'", "''") + f"'!1:{FIRST_ROWS}"


def rows_of(title: str, first: int, last: int) -> str:
    """Rows of a tab, 1-based and inclusive, in A1 notation."""
    return "'" + title.replace("'", "''") + f"'!{first}:{last}"


def column_of(title: str, column: int, last: int) -> str:
    """A column of a tab from its first row to `last`, in A1 notation."""
    return "'" + title.replace("'", "''") + f"'!{letters(column)}1:{letters(column)}{last}"


def row_span(gid: int, first: int, last: int) -> dict[str, Any]:
    """Rows of a tab, 1-based and inclusive, as a data filter."""
    return {"gridRange": {"sheetId": gid, "startRowIndex": first - 1, "endRowIndex": last}}


def column_span(gid: int, column: int, *, first: int = 1, last: int | None = None) -> dict[str, Any]:
    """Part of a column, 1-based and inclusive, as a data filter; to the grid's end without `last`."""
    span = {"sheetId": gid, "startColumnIndex": column - 1, "endColumnIndex": column, "startRowIndex": first - 1}
    return {"gridRange": span if last is None else span | {"endRowIndex": last}}
