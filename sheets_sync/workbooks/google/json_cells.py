"""What one cell of Google's JSON holds: its literal and what a person sees. Pure.

Dates are day numbers in the spreadsheet's own time zone; a number is one when its format says so.
"""

import datetime as dt
import re
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
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.ooxml.formula_text import relative_text

_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (serials carry no time zone)
_LAST_SERIAL = 2_958_465
_MILLISECONDS = 86_400_000
_DATES = frozenset({"DATE", "DATE_TIME"})
_ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}
_TRUTHS = {True: CellValue(Kind.BOOL, "TRUE"), False: CellValue(Kind.BOOL, "FALSE")}
_KEPT = 20_000
_PLACEHOLDER = re.compile(r"(?<![\w.-])@(?![\w.-])")
"""What stands in a cell's text for a chip; no "@" of an address."""


class JsonCells:
    """Makes the cells of one spreadsheet and collects their styles. Equal cells are one object."""

    def __init__(self) -> None:
        self.styles: list[CellStyle] = [CellStyle()]
        self._style_of: dict[tuple[str, str, bool, bool, bool], int] = {}
        self._texts: dict[tuple[str, int], Cell] = {}
        self._shapes: dict[str, str] = {}

    def cell(self, held: Json, row: int) -> Cell | None:
        """The cell in this row (1-based), None when it is blank. Never raises for what stands in it."""
        entered, shown = held.get("userEnteredValue"), held.get("effectiveValue")
        if not entered and not shown:
            return None
        style = self._style(held)
        if entered and "formulaValue" in entered:
            literal = CellValue(Kind.FORMULA, relative_text(entered["formulaValue"][1:], row, self._shapes))
            return Cell(literal, self._seen(shown, style) if shown else NOT_CALCULATED, style)
        value = shown or entered or {}
        text = value.get("stringValue")
        if text is not None:
            return self._text(_chip_text(held, text) if "chipRuns" in held else text, style)
        seen = self._seen(value, style)
        return None if seen is None else Cell(_literal(value), seen, style)

    def _text(self, text: str, style: int) -> Cell | None:
        known = self._texts.get((text, style))
        if known is None and text:
            known = Cell(text_value(text), text, style)
            if len(self._texts) < _KEPT:
                self._texts[text, style] = known
        return known

    def _seen(self, value: Json, style: int) -> Seen:
        if "numberValue" in value:
            number = float(value["numberValue"])
            return date_of_serial(number) if self.styles[style].is_date else _finite(number)
        if "stringValue" in value:
            return str(value["stringValue"]) or None
        if "boolValue" in value:
            return bool(value["boolValue"])
        return _trouble(value["errorValue"]) if "errorValue" in value else None

    def _style(self, held: Json) -> int:
        number: Json = held.get("effectiveFormat", {}).get("numberFormat", {})
        entered: Json = held.get("userEnteredFormat", {})
        if not number and not entered:
            return 0
        font: Json = entered.get("textFormat", {})
        back = entered.get("backgroundColor")
        shape = (
            number.get("type", ""),
            number.get("pattern", ""),
            bool(font.get("bold")),
            bool(font.get("strikethrough")),
            back is not None and not _is_white(back),
        )
        known = self._style_of.get(shape)
        if known is None:
            style = CellStyle(shape[0] in _DATES, shape[0] == "PERCENT", *shape[2:])
            if style not in self.styles:
                self.styles.append(style)
            known = self._style_of[shape] = self.styles.index(style)
        return known


def date_of_serial(serial: float) -> Seen:
    """What a date-formatted number shows: a date, a datetime when it has a time of day (to the millisecond), the number
    itself when it is a time of day only, OUT_OF_RANGE when no calendar has it."""
    if not isfinite(serial) or not 0 <= serial < _LAST_SERIAL + 1:
        return OUT_OF_RANGE
    if serial < 1:
        return serial
    days, milliseconds = divmod(round(serial * _MILLISECONDS), _MILLISECONDS)
    if days > _LAST_SERIAL:
        return OUT_OF_RANGE
    moment = _FIRST_DAY + dt.timedelta(days=days, milliseconds=milliseconds)
    return moment if milliseconds else moment.date()


def _literal(value: Json) -> CellValue:
    """The literal of a value that is no text and no formula."""
    if "numberValue" in value:
        number = float(value["numberValue"])
        return CellValue(Kind.NUMBER, number_text(number) if isfinite(number) else str(number))
    if "boolValue" in value:
        return _TRUTHS[bool(value["boolValue"])]
    return CellValue(Kind.ERROR, _trouble(value.get("errorValue", {})).code)


def _finite(number: float) -> Seen:
    return number if isfinite(number) else OUT_OF_RANGE


def _trouble(error: Json) -> CellTrouble:
    kind = str(error.get("type", ""))
    return NOT_CALCULATED if kind == "LOADING" else CellTrouble(_ERRORS.get(kind, "#ERROR!"))


def _chip_text(held: Json, text: str) -> str:
    """The text of a cell with chips: each of their placeholders is whom or what the chip names."""
    words = _PLACEHOLDER.split(text)
    if len(words) == 1:
        return text
    chips = [run.get("chip", {}) for run in held["chipRuns"]]
    found = (
        chip.get("personProperties", {}).get("email") or chip.get("richLinkProperties", {}).get("uri") for chip in chips
    )
    names = [str(name) for name in found if name]
    if len(names) == len(words) - 1:
        return "".join(word + name for word, name in zip(words, [*names, ""], strict=True))
    is_named = any(word.strip(" ,;") for word in words)
    return text if is_named else ", ".join(names) or text


def _is_white(colour: Json) -> bool:
    return all(colour.get(part, 0) == 1 for part in ("red", "green", "blue"))
