"""Spreadsheets that were there before a recording began, rebuilt from the first reply that tells of them."""

from .api import Api
from .book import Book
from .errors import Json
from .grid import Sheet

_OWN = ("sheetId", "title", "index", "sheetType", "gridProperties")


def foreign_book(api: Api, file_id: str, told: Json) -> Book:
    """A spreadsheet with the tabs, names, merges and rules a reply tells of; its cells are not known."""
    api.ids.expect("file", file_id)
    properties = told.get("properties", {})
    book = api.files.create(properties.get("title", "Untitled"))
    book.locale = properties.get("locale", book.locale)
    book.time_zone = properties.get("timeZone", book.time_zone)
    book.named_ranges = told.get("namedRanges", [])
    sheets = [_sheet(one) for one in told.get("sheets", []) if "properties" in one]
    book.sheets = sheets or book.sheets
    return book


def _sheet(told: Json) -> Sheet:
    properties = told["properties"]
    grid = properties.get("gridProperties", {})
    sheet = Sheet.blank(
        properties.get("sheetId", 0),
        properties.get("title", "Sheet1"),
        grid.get("rowCount", 1000),
        grid.get("columnCount", 26),
    )
    sheet.grid_properties = {name: value for name, value in grid.items() if name not in ("rowCount", "columnCount")}
    sheet.properties = {name: value for name, value in properties.items() if name not in _OWN}
    sheet.merges = told.get("merges", [])
    sheet.rules = told.get("conditionalFormats", [])
    sheet.filter = told.get("basicFilter")
    sheet.row_groups, sheet.column_groups = told.get("rowGroups", []), told.get("columnGroups", [])
    return sheet
