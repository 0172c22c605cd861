"""What one cell holds: its literal (for diff, guard, journal and undo) and what a person sees in it."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of literal a cell can hold."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    ERROR = "error"
    FORMULA = "formula"


class CellValue(NamedTuple):
    """A cell's literal. The same value serves as diff, guard, journal entry and undo.

    `text` is: TEXT the text without rich-text runs; NUMBER see `number_text`; BOOL "TRUE" or "FALSE";
    ERROR the error code ("#N/A"); FORMULA the formula without "=", references to the cell's own row written
    with "#" for the row number so that a sort does not count as an edit; BLANK "".
    """

    kind: Kind
    text: str


BLANK = CellValue(Kind.BLANK, "")


def text_value(text: str) -> CellValue:
    """The literal for a text; an empty text is blank."""
    return CellValue(Kind.TEXT, text) if text else BLANK


def number_text(number: float) -> str:
    """The canonical text of a number: "46082", "0.5" (whole numbers without a fraction)."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


class CellTrouble(NamedTuple):
    """What a person sees where a cell has no usable value."""

    code: str


NOT_CALCULATED = CellTrouble("not calculated")
"""A formula without a cached value: the workbook was never opened in a spreadsheet program since it was written."""
OUT_OF_RANGE = CellTrouble("out of range")
"""A number no date or grid can hold, such as a date of 1e12."""

Seen = str | float | bool | dt.date | dt.datetime | CellTrouble | None
"""What a person sees: text, number, truth value, date (datetime when it has a time of day), trouble
(an error value such as CellTrouble("#N/A")), or nothing. For a formula it is the cached result."""


class Cell(NamedTuple):
    """One non-blank cell as read. Equal cells may be one shared object."""

    literal: CellValue
    seen: Seen
    style: int
    """Index into `Snapshot.styles`."""


class CellStyle(NamedTuple):
    """What of a cell's formatting carries meaning in a plan."""

    is_date: bool = False
    is_percent: bool = False
    bold: bool = False
    struck: bool = False
    filled: bool = False
