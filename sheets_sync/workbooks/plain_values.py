"""Cells from plain Python values, and from the texts of a CSV file as if somebody had typed them."""

import csv
import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, Cell, CellStyle, CellTrouble, CellValue, Kind, Seen, number_text, text_value
from sheets_sync.workbooks.ooxml.serials import serial_of_date

DATE = CellStyle(is_date=True)
PLAIN = CellStyle()
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Typed(NamedTuple):
    """A value with more to it: `formula` (without "=", its own row written "#") has it as its result; `style` is the
    cell's formatting, where it is not what the value itself asks for."""

    value: Seen
    formula: str = ""
    style: CellStyle | None = None


Value = Seen | int | Typed
"""What can be typed into a cell: text, number, truth value, date, an error value (CellTrouble), nothing; or `Typed`."""


def cell_of(value: Value, styles: list[CellStyle]) -> Cell | None:
    """The cell that holds this value, None for a blank one. A style not yet in `styles` is added to it."""
    typed = value if isinstance(value, Typed) else Typed(value)
    literal, seen = _content(typed.value)
    if typed.formula:
        literal = CellValue(Kind.FORMULA, typed.formula)
    elif literal == BLANK:
        return None
    is_date = isinstance(seen, dt.date)
    style = typed.style if typed.style is not None else DATE if is_date else PLAIN
    if style not in styles:
        styles.append(style)
    return Cell(literal, seen, styles.index(style))


def _content(value: Seen | int) -> tuple[CellValue, Seen]:
    match value:
        case None | "":
            return BLANK, None
        case bool():
            return CellValue(Kind.BOOL, str(value).upper()), value
        case int() | float():
            return CellValue(Kind.NUMBER, number_text(float(value))), float(value)
        case dt.datetime():
            return CellValue(Kind.NUMBER, number_text(serial_of_date(value, date1904=False))), value
        case dt.date():
            midnight = dt.datetime.combine(value, dt.time())
            return CellValue(Kind.NUMBER, number_text(serial_of_date(midnight, date1904=False))), value
        case CellTrouble():
            return CellValue(Kind.ERROR, value.code), value
    return text_value(value), value


def rows_of_csv(text: str) -> tuple[tuple[Value, ...], ...]:
    """The rows of a CSV text; plain numbers and ISO dates become such, all else stays text."""
    return tuple(tuple(map(_read, fields)) for fields in csv.reader(text.splitlines(keepends=True)))


def _read(text: str) -> Value:
    if _NUMBER.fullmatch(text):
        return float(text)
    if _ISO_DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def cells_of_row(values: Sequence[Value], styles: list[CellStyle]) -> dict[int, Cell]:
    """The non-blank cells of a row by column number."""
    cells = ((column, cell_of(value, styles)) for column, value in enumerate(values, 1))
    return {column: cell for column, cell in cells if cell is not None}
