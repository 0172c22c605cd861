"""What a cell holds after a person (or USER_ENTERED) typed a text: number, date, truth value, formula or text.

Not here: what the cell then shows (`number_formats`).
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from .errors import Json
from .grid import Formula, Value
from .locales import Locale
from .serials import serial_of


class Typed(NamedTuple):
    """The value, and the number format that came with it, if any."""

    value: Value
    format: Json | None = None


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATE = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})")
_NAMED = re.compile(r"(?:(\d{1,2}) )?([A-Za-z]{3,9})\.? (?:(\d{1,2}), )?(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?( ?[AaPp][Mm])?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@lru_cache(10_000)
def typed(text: str, locale: Locale) -> Typed:
    """What typing a non-empty text gives."""
    if text.startswith("'"):
        return Typed(text[1:])
    if text.startswith("=") and len(text) > 1:
        return Typed(Formula(text))
    if text.upper() in ("TRUE", "FALSE"):
        return Typed(text.upper() == "TRUE")
    if not any("0" <= sign <= "9" for sign in text):
        return Typed(text)
    trimmed = text.strip()
    for reading in _READINGS:
        found = reading(trimmed, locale)
        if found:
            return found
    return Typed(text)


def _number(text: str, locale: Locale) -> Typed | None:
    sign, decimal, thousands = r"[+-]?", re.escape(locale.decimal), re.escape(locale.thousands)
    currency = re.escape(locale.currency)
    found = re.fullmatch(
        rf"({sign})({currency} ?)?(\d{{1,3}}(?:{thousands}\d{{3}})+|\d*)({decimal}\d*)?(?:[eE]({sign}\d+))?( ?%)?"
        rf"( ?{currency})?",
        text,
    )
    if not found or not (found[3] or len(found[4] or "") > 1):
        return None
    grouped = bool(locale.thousands) and locale.thousands in found[3]
    plain = found[3].replace(locale.thousands, "") if grouped else found[3]
    places = (found[4] or "").replace(locale.decimal, ".")
    value = float(f"{found[1]}{plain or '0'}{places}{'e' + found[5] if found[5] else ''}")
    decimals = "0" * (len(places) - 1 if len(places) > 1 else 0)
    if found[6]:
        shown = f"0.{'00'}%" if decimals else "0%"
        return Typed(_whole(float(f"{value / 100:.15g}")), {"type": "PERCENT", "pattern": shown})
    if found[2] or found[7]:
        pattern = f"{_quoted(locale.currency)}#,##0" + (".00" if decimals else "")
        return Typed(_whole(value), {"type": "CURRENCY", "pattern": pattern})
    if found[5]:
        return Typed(_whole(value), {"type": "SCIENTIFIC", "pattern": "0.00E+00"})
    if grouped:
        return Typed(_whole(value), {"type": "NUMBER", "pattern": "#,##0" + (".00" if decimals else "")})
    return Typed(_whole(value))


def _quoted(currency: str) -> str:
    return currency if currency == "$" else f"[${currency}]"


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _date(text: str, locale: Locale) -> Typed | None:
    day_text, _, time_text = text.partition(" ")
    found = _day(day_text, locale)
    if found is None:
        named = _named_day(text)
        return named and Typed(serial_of(named[0]), {"type": "DATE", "pattern": named[1]})
    day, pattern = found
    if not time_text:
        return Typed(serial_of(day), {"type": "DATE", "pattern": pattern})
    clock = _clock(time_text)
    if clock is None:
        return None
    moment = dt.datetime.combine(day, clock)
    return Typed(serial_of(moment), {"type": "DATE_TIME", "pattern": f"{pattern} h:mm:ss"})


def _day(text: str, locale: Locale) -> tuple[dt.date, str] | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(int(iso[1]), int(iso[2]), int(iso[3]), "yyyy-mm-dd")
    found = _DATE.fullmatch(text)
    if not found or len(found[1]) > 2 or len(found[4]) not in (2, 4):
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    year += (2000 if year < 30 else 1900) if len(found[4]) == 2 else 0
    day, month = (one, other) if locale.day_first else (other, one)
    return _checked(year, month, day, locale.date_pattern)


def _named_day(text: str) -> tuple[dt.date, str] | None:
    found = _NAMED.fullmatch(text)
    if not found or found[2][:3].lower() not in _MONTHS or bool(found[1]) == bool(found[3]):
        return None
    month = _MONTHS.index(found[2][:3].lower()) + 1
    return _checked(int(found[4]), month, int(found[1] or found[3]), "d mmm yyyy" if found[1] else "mmm d, yyyy")


def _checked(year: int, month: int, day: int, pattern: str) -> tuple[dt.date, str] | None:
    try:
        return dt.date(year, month, day), pattern
    except ValueError:
        return None


def _clock(text: str) -> dt.time | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].strip().lower() == "pm" else 0)
    minute, second = int(found[2]), int(found[3] or 0)
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _time(text: str, locale: Locale) -> Typed | None:
    clock = _clock(text)
    if clock is None:
        return None
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return Typed(seconds / 86400, {"type": "TIME", "pattern": "h:mm am/pm" if "m" in text.lower() else "h:mm:ss"})


_READINGS: tuple[Callable[[str, Locale], Typed | None], ...] = (_number, _date, _time)
