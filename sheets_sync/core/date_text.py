"""Dates written as text, in English, Portuguese and Spanish: days, periods, ranges, durations.

The whole text must be a date: what is left over makes it no date (never a guess). Cells are read in `dates`.
"""

import calendar
import datetime as dt
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from sheets_sync.core.model import DateProblem, Precision
from sheets_sync.core.workdays import Period
from sheets_sync.words.dates import DateWords, date_words

CENTURY_TURN = 70
"""Two-digit years below this are of the 2000s."""
MONTHS = 12


class Span(NamedTuple):
    """A day or period as written, with its precision."""

    period: Period
    precision: Precision


class Duration(NamedTuple):
    """ "30 days", "10 dias úteis": counts from a start. `unit` is "day", "week", "month" or "year"."""

    number: int
    unit: str
    working: bool


Written = Span | Duration | DateProblem


def read_date_text(text: str, *, order: str = "", year: int | None = None) -> Written:
    """Understand a text as a date, a duration, or why it is neither.

    `order` ("dmy", "mdy", "ymd" or "") settles 03/04/2026. `year` is taken for a period written without one ("Q4").
    """
    grammar = _grammar()
    folded = _folded(text, grammar)
    if not folded:
        return DateProblem.NOT_A_DATE
    found = _read(folded, order, year)
    if found is DateProblem.NOT_A_DATE and (duration := grammar.duration.fullmatch(folded)):
        working = bool(duration["working"] or duration["after"])
        return Duration(int(duration["number"]), grammar.words.units[duration["unit"]], working)
    return found


def order_shown(text: str) -> str:
    """The date order this text can only be written in ("dmy" or "mdy"), "" when it shows none."""
    numbers = _NUMBERS.fullmatch(_TIME.sub("", text.strip()))
    if numbers is None:
        return ""
    first, second = _in_order(numbers, "dmy"), _in_order(numbers, "mdy")
    return "" if (first is None) == (second is None) else "dmy" if first else "mdy"


class _Grammar(NamedTuple):
    words: DateWords
    forms: tuple[re.Pattern[str], ...]
    weekday: re.Pattern[str]
    before: re.Pattern[str]
    joiner: re.Pattern[str]
    ordinal_word: re.Pattern[str]
    duration: re.Pattern[str]
    range: re.Pattern[str]
    range_start: re.Pattern[str]
    part_of_range: re.Pattern[str]


_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.\s])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(
    r"(?:\s*,?\s+|t)(?:at |as |a las )?\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?|h|z)?$", re.I
)
_REMARK = re.compile(r"\s*[(\[][^()\[\]\d]*[)\]]$")
_ORDINAL_ENDING = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|ero|er|ro|do|to|o|a)\b")
_DASHES = re.compile(r"[‐-―−]")


def _folded(text: str, grammar: _Grammar) -> str:
    """The text without case, accents, weekday, time, joining words and what may stand before a date."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    text = _DASHES.sub("-", " ".join(text.casefold().split())).strip(" .,;*'\"")
    text = grammar.weekday.sub("", _TIME.sub("", _REMARK.sub("", text)))
    text = _ORDINAL_ENDING.sub(r"\1", text)
    text = grammar.ordinal_word.sub(lambda word: str(grammar.words.ordinals[word[0]]), text)
    text = " ".join(grammar.joiner.sub(" ", text).split())
    return grammar.before.sub("", text)


def _read(text: str, order: str, year: int | None) -> Span | DateProblem:
    single = _single(text, order, year)
    if single is not DateProblem.NOT_A_DATE or _NUMBERS.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return single
    return _range(text, order, year)


def _single(text: str, order: str, year: int | None) -> Span | DateProblem:
    if numbers := _NUMBERS.fullmatch(text):
        return _numeric(numbers, order)
    if first := _YEAR_FIRST.fullmatch(text):
        parts = [int(part) for part in first.groups() if part and part.isdigit()]
        day = _day(*parts)
        return _one_day(day) if day else DateProblem.NOT_A_DATE
    for form in _grammar().forms:
        if match := form.fullmatch(text):
            return _built(match, year) or DateProblem.NOT_A_DATE
    return DateProblem.NOT_A_DATE


def _numeric(numbers: re.Match[str], order: str) -> Span | DateProblem:
    """03/04/2026: the order given if it makes a date, else the only order that does."""
    if order and (day := _in_order(numbers, order)):
        return _one_day(day)
    days = {day for way in ("dmy", "mdy") if (day := _in_order(numbers, way))}
    if len(days) == 1:
        return _one_day(days.pop())
    return DateProblem.AMBIGUOUS if days else DateProblem.NOT_A_DATE


def _in_order(numbers: re.Match[str], order: str) -> dt.date | None:
    first, second, last = numbers[1], numbers[3], numbers[4]
    if order == "ymd":
        return _day(_year(first), int(second), int(last))
    if order == "mdy":
        first, second = second, first
    return _day(_year(last), int(second), int(first))


def _built(match: re.Match[str], default_year: int | None) -> Span | None:
    parts = match.groupdict()
    year = _year(parts["y"]) if parts.get("y") else default_year
    if year is None or not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    month = date_words().months[parts["m"]] if parts.get("m") else int(parts.get("n") or 0)
    if parts.get("d"):
        day = _day(year, month, int(parts["d"]))
        return _one_day(day) if day else None
    if month:
        return Span(_months(year, month, month), Precision.MONTH) if month <= MONTHS else None
    if quarter := int(parts.get("q") or 0):
        return Span(_months(year, 3 * quarter - 2, 3 * quarter), Precision.QUARTER)
    if half := int(parts.get("h") or 0):
        return Span(_months(year, 6 * half - 5, 6 * half), Precision.HALF)
    return Span(_months(year, 1, MONTHS), Precision.YEAR)


def _range(text: str, order: str, year: int | None) -> Span | DateProblem:
    """ "Jan-Mar 2026", "1 a 15 de março de 2026": the end counts, when both ends can be read."""
    grammar = _grammar()
    text = _unpaired(grammar.range_start.sub("", text))
    for between in grammar.range.finditer(text):
        start = grammar.before.sub("", text[: between.start()])
        last = _single(grammar.before.sub("", text[between.end() :]), order, year)
        if last is DateProblem.NOT_A_DATE:
            continue
        if grammar.part_of_range.fullmatch(start):
            return last
        first = _single(start, order, last.period.last.year if isinstance(last, Span) else year)
        if isinstance(first, Span) and isinstance(last, Span) and first.period.first > last.period.last:
            continue
        if first is not DateProblem.NOT_A_DATE:
            return last
    return DateProblem.NOT_A_DATE


def _unpaired(text: str) -> str:
    """ "between A and B" as "A - B"."""
    for start, link in date_words().pairs:
        if text.startswith(f"{start} ") and f" {link} " in text:
            return text[len(start) + 1 :].replace(f" {link} ", " - ", 1)
    return text


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    if len(text.lstrip("'")) > 2:
        return number
    return number + (2000 if number < CENTURY_TURN else 1900)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _one_day(day: dt.date) -> Span:
    return Span(Period(day, day), Precision.DAY)


def _months(year: int, first: int, last: int) -> Period:
    return Period(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _one_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in words)


@cache
def _grammar() -> _Grammar:
    words = date_words()
    month = _one_of(tuple(sorted(words.months, key=len, reverse=True)))
    before = _one_of((*words.before, *words.end_of))
    day_kind = rf"(?:(?P<working>{_one_of(words.working)})|{_one_of(words.calendar)})"
    unit = _one_of(tuple(sorted(words.units, key=len, reverse=True)))
    duration = rf"(?P<number>\d{{1,4}})\s*(?:{day_kind}\s+)?(?P<unit>{unit})"
    return _Grammar(
        words=words,
        forms=tuple(re.compile(form) for form in _forms(words, month)),
        weekday=re.compile(rf"^(?:{_one_of(words.weekdays)})\b\.?,?\s*(?=[\da-z])"),
        before=re.compile(rf"^(?:(?:{before})\s+)+(?=\S)"),
        joiner=re.compile(rf"\b(?:{_one_of(words.joiners)})\b|\b(?:{_one_of(words.before_a_year)})(?=\s+\d{{4}}\b)"),
        ordinal_word=re.compile(rf"\b(?:{_one_of(tuple(words.ordinals))})\b"),
        duration=re.compile(duration + rf"(?:\s+(?:(?P<after>{_one_of(words.working)})|{_one_of(words.calendar)}))?"),
        range=re.compile(rf"\s*[-/]\s*|\s+(?:{_one_of(words.ranges)})\s+"),
        range_start=re.compile(rf"^(?:{_one_of(words.range_starts)})\s+"),
        part_of_range=re.compile(rf"\d{{1,2}}(?:[\s./-]*(?:{month}))?|\d{{1,2}}[./-]\d{{1,2}}"),
    )


def _forms(words: DateWords, month: str) -> list[str]:
    """Every way to write a day or period with words, or a period with numbers. d, m, n, y, q, h name its parts."""
    gap, year, short_year = r"[\s./,\-]*", r"(?P<y>\d{4})", r"(?P<y>\d{4}|'?\d{2})"
    name, day, link = rf"(?P<m>{month})\.?", r"(?P<d>\d{1,2})", r"[\s./'\-]*"
    forms = [
        rf"{day}{gap}{name}{gap}{short_year}",
        rf"{name}{gap}{day}[\s,./\-]+{year}",
        rf"{year}{gap}{name}{gap}{day}",
        rf"{name}{gap}{year}",
        rf"{name}\s*[-/']\s*{short_year}",
        rf"{year}{gap}{name}",
        rf"(?P<n>\d{{1,2}})\s*[-/.]\s*{year}",
        rf"{year}\s*[-/.]\s*(?P<n>\d{{1,2}})",
        r"(?P<y>(?:19|20|21)\d{2})",
        name,
    ]
    for letter, most, (whole, short) in (("q", 4, words.quarters), ("h", 2, words.halves)):
        number, both = rf"(?P<{letter}>[1-{most}])", _one_of((*whole, *short))
        forms += [
            rf"(?:{both})\s*{number}(?:{link}{short_year})?",
            rf"{number}\s*(?:{both})\.?{link}{short_year}",
            rf"{number}\s*(?:{_one_of(whole)})\.?",
            rf"{year}{link}(?:{both})\s*{number}",
            rf"{year}{link}{number}\s*(?:{both})",
        ]
    return forms
