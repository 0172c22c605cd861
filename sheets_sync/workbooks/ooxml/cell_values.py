"""What one cell holds, from the texts that stand in its XML: its literal and what a person sees.

Formulas come in ready-made (tab_formulas); finding the texts in the XML is row_scan's and row_events' work.
"""

import re
from collections.abc import Sequence
from math import isfinite

from sheets_sync.core.cells import (
    NOT_CALCULATED,
    OUT_OF_RANGE,
    Cell,
    CellStyle,
    CellTrouble,
    CellValue,
    Kind,
    Seen,
    number_text,
    text_value,
)
from sheets_sync.workbooks.ooxml.refusals import Unreadable, damaged
from sheets_sync.workbooks.ooxml.serials import date_of_serial, serial_of_iso
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes

_NUMBER = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*")
_taken_as = tuple.__new__
"""A tuple of the parts taken for a `CellValue` or a `Cell` as they are: for texts, of which a plan is full."""
_TEXT = Kind.TEXT
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}


class CellMaker:
    """Makes the cells of one workbook, from its shared strings, styles and date system."""

    def __init__(self, strings: Sequence[str], styles: Sequence[CellStyle], *, date1904: bool) -> None:
        self._strings = tuple(text_value(text) for text in strings)
        self._styles = styles
        self._date1904 = date1904
        self._style_numbers: dict[str, int] = {"": 0}

    def typed(self, kind: str, style: str, value: str | None, inline: str | None) -> Cell | None:
        """A cell without formula, None when it is blank.

        `kind` and `style` are the attributes t and s as they stand, `value` and `inline` the texts of <v> and <is>,
        None where the element is missing. Raises Unreadable.
        """
        number = self._style_number(style)
        literal, seen = self._content(kind, number, value, inline)
        return None if seen is None else Cell(literal, seen, number)

    def shared(self, style: str, index: int) -> Cell | None:
        """A cell with a shared string: the same as `typed` with kind "s", for the many."""
        if index >= len(self._strings):
            raise _no_such_text()
        literal = self._strings[index]
        return _taken_as(Cell, (literal, literal[1], self._style_number(style))) if literal[1] else None

    def inline(self, style: str, text: str) -> Cell | None:
        """A cell with a text of its own: the same as `typed` with kind "inlineStr", for the many."""
        number = self._style_numbers.get(style)
        if number is None:
            number = self._style_number(style)
        return _taken_as(Cell, (_taken_as(CellValue, (_TEXT, text)), text, number)) if text else None

    def calculated(self, formula: CellValue, kind: str, style: str, value: str | None) -> Cell:
        """A cell with a formula; `value` is its cached result. An empty text as result is seen as nothing."""
        number = self._style_number(style)
        if value is None or (value == "" and kind != "str"):
            return Cell(formula, NOT_CALCULATED, number)
        if kind in ("", "n") and not value.isspace():
            return Cell(formula, self._shown(_finite(value), number), number)
        return Cell(formula, self._content(kind, number, value, None)[1], number)

    def _style_number(self, text: str) -> int:
        """The style's index; a style that does not exist is the first."""
        number = self._style_numbers.get(text)
        if number is None:
            if not (text.isascii() and text.isdigit()):
                raise damaged("a cell's format is no number")
            number = int(text) if len(text) < 10 and int(text) < len(self._styles) else 0
            self._style_numbers[text] = number
        return number

    def _content(self, kind: str, style: int, value: str | None, inline: str | None) -> tuple[CellValue, Seen]:
        """Literal and what is seen; seen None when there is nothing."""
        if kind == "inlineStr":
            text = inline or ""
            return text_value(text), text or None
        if not value:
            return text_value(""), None
        match kind:
            case "" | "n":
                return self._number(value, style)
            case "s":
                literal = self._shared(value)
                return literal, literal.text or None
            case "str":
                text = decode_escapes(value)
                return text_value(text), text or None
            case "b":
                truth = _TRUTHS.get(value.strip())
                return (CellValue(Kind.BOOL, value), OUT_OF_RANGE) if truth is None else (_truth_value(truth), truth)
            case "e":
                return CellValue(Kind.ERROR, value.strip()), CellTrouble(value.strip())
            case "d":
                return self._date(value)
        raise damaged("a cell is of an unknown kind")

    def _number(self, text: str, style: int) -> tuple[CellValue, Seen]:
        if text.isspace():
            return text_value(""), None
        number = _finite(text)
        return CellValue(Kind.NUMBER, text if number is None else number_text(number)), self._shown(number, style)

    def _shown(self, number: float | None, style: int) -> Seen:
        """A number as its style shows it; None stands for what is no number."""
        if number is None:
            return OUT_OF_RANGE
        return date_of_serial(number, date1904=self._date1904) if self._styles[style].is_date else number

    def _date(self, text: str) -> tuple[CellValue, Seen]:
        """A t="d" cell: its literal is the day number, which is what a spreadsheet program turns it into."""
        serial = serial_of_iso(text, date1904=self._date1904)
        if serial is None:
            return CellValue(Kind.NUMBER, text), OUT_OF_RANGE
        return CellValue(Kind.NUMBER, number_text(serial)), date_of_serial(serial, date1904=self._date1904)

    def _shared(self, index: str) -> CellValue:
        if index.isascii() and index.isdigit():
            try:
                return self._strings[int(index)]
            except (ValueError, IndexError):
                pass
        raise _no_such_text()


def _no_such_text() -> Unreadable:
    return damaged("a cell points to a text that does not exist")


def _finite(text: str) -> float | None:
    """The number a text says in XML's way; None for anything else, infinite ones included."""
    if _NUMBER.fullmatch(text) is None:
        return None
    number = float(text)
    return number if isfinite(number) else None


def _truth_value(truth: bool) -> CellValue:
    return CellValue(Kind.BOOL, "TRUE" if truth else "FALSE")
