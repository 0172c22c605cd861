"""Cell addresses and areas of the Excel grid, as text and as numbers. Formulas are not here."""

import re

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.refusals import damaged, hostile

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_CORNER = re.compile(r"\$?([A-Za-z]{1,9})\$?([0-9]{1,18})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,9}):\$?([A-Za-z]{1,9})")
_ROWS = re.compile(r"\$?([0-9]{1,18}):\$?([0-9]{1,18})")


def column_letters(column: int) -> str:
    """The letters of a column number: 1 -> "A", 28 -> "AB"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column's letters: "A" -> 1. Raises Unreadable beyond the grid."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return _inside(number, MAX_COLUMN)


def row_number(digits: str) -> int:
    """The number of a row. Raises Unreadable beyond the grid and for anything but digits."""
    if not digits.isascii() or not digits.isdigit():
        raise damaged("a row number is no number")
    return _inside(int(digits) if len(digits) < 18 else 0, MAX_ROW)


def cell_address(row: int, column: int) -> str:
    """The address of a cell: (3, 2) -> "B3"."""
    return f"{column_letters(column)}{row}"


def parse_cell(text: str) -> tuple[int, int]:
    """(row, column) of an address such as "B3" or "$B$3". Raises Unreadable."""
    corner = _CORNER.fullmatch(text)
    if corner is None:
        raise damaged("a cell's address is no address")
    return row_number(corner[2]), column_number(corner[1])


def parse_area(text: str) -> Area:
    """The area of a reference such as "A1", "A1:C9", "A:C" or "1:9", "$" allowed. Raises Unreadable."""
    if columns := _COLUMNS.fullmatch(text):
        left, right = sorted((column_number(columns[1]), column_number(columns[2])))
        return Area(1, left, MAX_ROW, right)
    if rows := _ROWS.fullmatch(text):
        top, bottom = sorted((row_number(rows[1]), row_number(rows[2])))
        return Area(top, 1, bottom, MAX_COLUMN)
    first, _, last = text.partition(":")
    row, column = parse_cell(first)
    other_row, other_column = parse_cell(last) if last else (row, column)
    return Area(min(row, other_row), min(column, other_column), max(row, other_row), max(column, other_column))


def parse_areas(text: str) -> tuple[Area, ...]:
    """The areas of a list such as "A1:B2 D4" (the sqref of rules and validations). Raises Unreadable."""
    return tuple(parse_area(part) for part in text.split())


def area_text(area: Area) -> str:
    """The reference of an area: "B3" for one cell, else "A1:C9"."""
    first = cell_address(area.top, area.left)
    last = cell_address(area.bottom, area.right)
    return first if first == last else f"{first}:{last}"


def _inside(number: int, highest: int) -> int:
    if not 1 <= number <= highest:
        raise hostile("it has cells outside the grid of 1,048,576 rows and 16,384 columns")
    return number
