"""What a cell shows: numbers and dates by their number format. A useful part of the pattern language, no more."""

import datetime as dt
import re
from functools import lru_cache

from .calculation import Result, SheetError
from .errors import Json
from .locales import Locale
from .serials import moment_of

_DEFAULTS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": "$#,##0.00",
    "TIME": "h:mm:ss",
    "SCIENTIFIC": "0.00E+00",
}
_DATE_PIECES = re.compile(r'"[^"]*"|\\.|am/pm|a/p|y+|m+|d+|h+|s+|\.0+|.', re.I)
DATES = ("DATE", "TIME", "DATE_TIME")


def shown(value: Result, number_format: Json | None, locale: Locale) -> str:
    """The text people see for a result."""
    if value is None:
        return ""
    if isinstance(value, SheetError):
        return value.code
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    kind = (number_format or {}).get("type", "")
    if not kind or kind == "TEXT":
        return _general(value, locale)
    pattern = (number_format or {}).get("pattern") or _default_pattern(kind, locale)
    if kind in DATES:
        moment = moment_of(value)
        return _general(value, locale) if moment is None else _date_text(pattern, moment)
    return _number_text(pattern, value, locale)


def _default_pattern(kind: str, locale: Locale) -> str:
    if kind == "DATE":
        return locale.date_pattern
    if kind == "DATE_TIME":
        return f"{locale.date_pattern} h:mm:ss"
    return _DEFAULTS.get(kind, "0.###############")


def _general(value: float, locale: Locale) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        text = str(int(value))
    else:
        text = f"{value:.10g}"
        mantissa, e, exponent = text.partition("e")
        if e and -15 < int(exponent) < 0:
            text = f"{value:.20f}".rstrip("0")
        elif e:
            text = f"{mantissa}E{exponent}"
    return text.replace(".", locale.decimal)


def _number_text(pattern: str, value: float, locale: Locale) -> str:
    sections = pattern.split(";")
    if len(sections) > 1 and value < 0:
        pattern, value = sections[1], -value
    elif len(sections) > 2 and value == 0:
        pattern = sections[2]
    else:
        pattern = sections[0]
    found = re.search(r"[#0?][#0?,.]*(?:E\+0+)?", pattern)
    if not found:
        return _literal(pattern)
    core, before, after = found[0], pattern[: found.start()], pattern[found.end() :]
    if "%" in before + after:
        value *= 100
    return ("-" if value < 0 else "") + _literal(before) + _digits(core, abs(value), locale) + _literal(after)


def _digits(core: str, value: float, locale: Locale) -> str:
    if "E" in core:
        places = len(core.partition("E")[0].partition(".")[2])
        mantissa, _, exponent = f"{value:.{places}e}".partition("e")
        return f"{mantissa}E{exponent}"
    whole, _, decimals = core.partition(".")
    needed = decimals.count("0")
    text = f"{value:,.{len(decimals)}f}" if "," in whole else f"{value:.{len(decimals)}f}"
    number, _, fraction = text.partition(".")
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    least = whole.replace(",", "").count("0")
    number = "" if number == "0" and least == 0 else number.zfill(least)
    return number.replace(",", locale.thousands) + (locale.decimal + fraction if fraction else "")


def _literal(text: str) -> str:
    text = re.sub(r"\[\$([^\]-]*)(?:-[^\]]*)?\]", r"\1", text)
    text = re.sub(r"\[[A-Za-z]+\]", "", text)
    return re.sub(r'"([^"]*)"|\\(.)|_.|\*.', lambda found: found[1] or found[2] or "", text)


@lru_cache(10_000)
def _date_text(pattern: str, moment: dt.datetime) -> str:
    pieces = _DATE_PIECES.findall(pattern)
    half_days = any(piece.lower() in ("am/pm", "a/p") for piece in pieces)
    text, last = [], ""
    for index, piece in enumerate(pieces):
        letter = piece[0].lower()
        if piece.startswith('"'):
            text.append(piece[1:-1])
            continue
        if piece.startswith("\\"):
            text.append(piece[1:])
            continue
        if letter == "m" and piece.upper() != "AM/PM":
            following = next((other[0].lower() for other in pieces[index + 1 :] if other[0].isalpha()), "")
            is_minute = piece[0] == "m" and (last == "h" or following == "s")
            text.append(f"{moment.minute:0{len(piece)}}" if is_minute else _month(piece, moment))
        else:
            text.append(_piece(piece, letter, moment, half_days=half_days))
        if letter in "ymdhs":
            last = letter
    return "".join(text)


def _month(piece: str, moment: dt.datetime) -> str:
    return [str(moment.month), f"{moment.month:02}", f"{moment:%b}", f"{moment:%B}"][min(len(piece), 4) - 1]


def _piece(piece: str, letter: str, moment: dt.datetime, *, half_days: bool) -> str:
    match letter:
        case "y":
            return f"{moment.year:04}" if len(piece) > 2 else f"{moment.year % 100:02}"
        case "d":
            return [str(moment.day), f"{moment.day:02}", f"{moment:%a}", f"{moment:%A}"][min(len(piece), 4) - 1]
        case "h":
            hour = (moment.hour - 1) % 12 + 1 if half_days else moment.hour
            return f"{hour:0{len(piece)}}"
        case "s":
            return f"{moment.second:0{len(piece)}}"
        case "a":
            return "AM" if moment.hour < 12 else "PM"
    return piece
