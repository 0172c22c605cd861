"""What Excel makes of a value put into a cell, and what it hands over of one."""

import datetime as dt
import re
from typing import Any, NamedTuple

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula


class Error(str):
    """An error value such as #N/A."""


class Put(NamedTuple):
    """What a cell holds after something was put into it. `prefixed`: an apostrophe marks it as a text."""

    value: Any
    data_type: str
    number_format: str | None = None
    prefixed: bool = False


_NUMBER = re.compile(r"[+-]?(?:\d+(?:,\d{3})*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2,4}))?")
_MONTH_DAY = re.compile(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{1,4})", re.IGNORECASE)
_TEXT = "@"


def typed(text: str, number_format: str, *, keeps_apostrophe: bool) -> Put:
    """What Excel makes of a typed text, in a cell with this format."""
    if text.startswith("'") and not (number_format == _TEXT and keeps_apostrophe):
        return Put(text[1:], "s", prefixed=True)
    if number_format == _TEXT:
        return Put(text, "s")
    return _understood(text)


def _understood(text: str) -> Put:
    if text[:1] in ("=", "@", "+", "-") and len(text) > 1 and not _NUMBER.fullmatch(text):
        return Put("=" + text.lstrip("=+"), "f")
    if _NUMBER.fullmatch(text):
        return Put(float(text.replace(",", "")), "n")
    if percent := _PERCENT.fullmatch(text):
        return Put(float(percent[1]) / 100, "n", "0.00%")
    if text.upper() in ("TRUE", "FALSE"):
        return Put(text.upper() == "TRUE", "b")
    if text in ("#N/A", "#REF!"):
        return Put(text, "e")
    if _DAY.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        return Put(46_000.0, "n", "d-mmm")
    return Put(text, "s")


def held(cell: Any, results: dict[int, Any], epoch: dt.datetime) -> Any:
    """A cell's value: float, str, bool, Error or None; dates as day numbers."""
    value = cell.value
    if cell.data_type == "f" or isinstance(value, ArrayFormula | DataTableFormula):
        value = results.get(id(cell))
        if isinstance(value, str) and not isinstance(value, Error):
            return value
    elif cell.data_type == "e":
        return Error(value)
    if isinstance(value, bool | Error) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return float(to_excel(value, epoch))
    return str(value) or None


def shown(value: Any, number_format: str, epoch: dt.datetime, *, err_to_str: bool) -> Any:
    """A value as COM's Range.Value gives it: dates as datetimes, errors only where asked for."""
    if isinstance(value, Error):
        return str(value) if err_to_str else None
    if isinstance(value, float) and is_date_format(number_format):
        return from_excel(value, epoch)
    return value


def formula_text(cell: Any, results: dict[int, Any], epoch: dt.datetime) -> str:
    """What Range.Formula gives: the formula, or the constant as text."""
    value = cell.value
    if isinstance(value, ArrayFormula):
        text = str(value.text or "")
        return text if text.startswith("=") else f"={text}"
    if isinstance(value, DataTableFormula):
        return f"=TABLE({','.join(part for part in (value.r1, value.r2) if part)})"
    if cell.data_type == "f":
        return str(value)
    constant = held(cell, results, epoch)
    if constant is None:
        return ""
    if isinstance(constant, bool):
        return str(constant).upper()
    if isinstance(constant, float):
        return repr(int(constant)) if constant.is_integer() and abs(constant) < 1e15 else repr(constant)
    return str(constant)
