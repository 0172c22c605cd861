"""Date cells: real dates first, then text, then numbers that can only be dates. Which column holds dates is not
decided here; what a text says is in `date_text`."""

import calendar as months
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from sheets_sync.core.cells import Cell, CellTrouble, Kind, Seen, number_text
from sheets_sync.core.date_text import Duration, Span, Written, order_shown, read_date_text
from sheets_sync.core.model import NO_DATE, DateProblem, DateReading, Precision
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.dates import date_words

DAY_ZERO = dt.date(1899, 12, 30)
SERIALS = range(36526, 73051)
"""Numbers of the days 2000-01-01 to 2100-01-01: a cell whose date format got lost."""
YEARS = range(1990, 2101)
DAYS_IN_DIGITS = range(19900101, 21010101)
"""20261130."""
NUMBERS_OF_DAYS = range(1, 1990)
PROOFS = 3
"""Texts that prove a column's date order (DOMAIN 2.2)."""
DASHES = frozenset({"", "-", "--", "---", "–", "—"})


class DateReader:
    """Reads the date cells of one column; equal cells are understood once.

    `order` is the column's date order, "" when not known; `year` stands for the year of a period typed without one;
    `unit` is what bare numbers count ("day" under "Prazo (dias)"), "" when nothing says so. `durations` collects the
    readings that are durations, to be counted from a start.
    """

    def __init__(self, calendar: Calendar, *, order: str = "", year: int | None = None, unit: str = "") -> None:
        self._calendar = calendar
        self._order = order
        self._year = year
        self._unit = unit
        self._known: dict[Seen, DateReading] = {}
        self.durations: dict[DateReading, Duration] = {}

    def read(self, cell: Cell | None) -> DateReading:
        """Understand one cell; a blank one, or one with only a dash, is NO_DATE."""
        if cell is None:
            return NO_DATE
        if cell.literal.kind is Kind.FORMULA:
            return self._computed(cell)
        seen = cell.seen
        reading = self._known.get(seen)
        if reading is None:
            reading = self._known[seen] = self._understood(seen)
        return reading

    def read_all(self, cells: Sequence[Cell | None], seen: Sequence[Seen], *, computed: bool) -> list[DateReading]:
        """Understand a whole column; `computed` tells that formulas are among its cells."""
        if computed:
            return [self.read(cell) for cell in cells]
        known = {value: self._understood(value) for value in set(seen)}
        return [known[value] for value in seen]

    def date_in(self, text: str) -> dt.date | None:
        """The date a text stands for, None when it is none."""
        return self.read_text(text).date

    def from_start(self, reading: DateReading, start: dt.date) -> DateReading:
        """The date a duration reaches when counted from `start`; any other reading unchanged."""
        duration = self.durations.get(reading)
        date = _after(start, duration, self._calendar) if duration else None
        return DateReading(date, text=reading.text, computed=reading.computed) if date else reading

    def _computed(self, cell: Cell) -> DateReading:
        if moves_daily(cell.literal.text):
            return DateReading(problem=DateProblem.MOVES, text=shown(cell.seen), computed=True)
        plainly = self._understood(cell.seen)
        if plainly is NO_DATE:
            return NO_DATE
        reading = plainly._replace(computed=True)
        if plainly in self.durations:
            self.durations[reading] = self.durations[plainly]
        return reading

    def _understood(self, seen: Seen) -> DateReading:
        if isinstance(seen, dt.datetime):
            return DateReading(seen.date(), text=seen.date().isoformat())
        if isinstance(seen, dt.date):
            return DateReading(seen, text=seen.isoformat())
        if isinstance(seen, CellTrouble):
            return DateReading(problem=DateProblem.BROKEN, text=seen.code)
        if isinstance(seen, str):
            text = seen.strip()
            return NO_DATE if text in DASHES else self.read_text(text)
        if seen is None:
            return NO_DATE
        if not isinstance(seen, bool) and (found := _numeric(float(seen))) is not None:
            return found if isinstance(found, DateReading) else self.read_text(found)
        reading = DateReading(problem=DateProblem.NOT_A_DATE, text=shown(seen))
        if self._unit and not isinstance(seen, bool) and seen in NUMBERS_OF_DAYS:
            self.durations[reading] = Duration(int(seen), self._unit, working=False)
        return reading

    def read_text(self, text: str) -> DateReading:
        """Understand a text that stands in a cell."""
        written: Written = read_date_text(text, order=self._order, year=self._year)
        if isinstance(written, Span):
            day = written.precision is Precision.DAY
            date = written.period.last if day else self._calendar.last_workday_of(written.period)
            return DateReading(date, written.precision, text=text)
        if isinstance(written, Duration):
            reading = DateReading(problem=DateProblem.NOT_A_DATE, text=text)
            self.durations[reading] = written
            return reading
        return DateReading(problem=written, text=text)


def in_year(reading: DateReading, year: int, calendar: Calendar) -> DateReading:
    """A period typed without a year as it reads in `year`; any other reading unchanged."""
    if reading.precision is Precision.DAY or isinstance(read_date_text(reading.text), Span):
        return reading
    return DateReader(calendar, year=year).read_text(reading.text)._replace(computed=reading.computed)


def shown(seen: Seen) -> str:
    """What a person sees, as text: a date as 2026-11-30, a whole number without a fraction, nothing as ""."""
    if isinstance(seen, str):
        return seen.strip()
    if isinstance(seen, bool):
        return "TRUE" if seen else "FALSE"
    if isinstance(seen, int | float):
        return number_text(float(seen))
    if isinstance(seen, dt.date):
        return seen.isoformat()[:10]
    return seen.code if isinstance(seen, CellTrouble) else ""


def proved_order(column: Iterable[Seen]) -> str:
    """The order ("dmy" or "mdy") that three texts of a column prove and none contradicts, else ""."""
    proofs = {"dmy": 0, "mdy": 0}
    for seen in column:
        if type(seen) is str and (order := _order_shown(seen)):
            proofs[order] += 1
    least, most = sorted(proofs, key=lambda order: proofs[order])
    return most if proofs[most] >= PROOFS and not proofs[least] else ""


def looks_like_date(cell: Cell) -> bool:
    """Whether the cell holds a date or a period, were it in a date column."""
    return _looks_like_date(cell.seen)


@lru_cache(4096)
def moves_daily(formula: str) -> bool:
    """Whether a formula asks for today (DUE002: "moves every day; type the date")."""
    return bool(_moving().search(_QUOTED.sub("", formula)))


_QUOTED = re.compile(r'"[^"]*"')
_order_shown = lru_cache(4096)(order_shown)


@cache
def _moving() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(date_words().moving)})\s*\(", re.IGNORECASE)


@lru_cache(4096)
def _looks_like_date(seen: Seen) -> bool:
    if isinstance(seen, dt.date):
        return True
    if isinstance(seen, str):
        written = read_date_text(seen)
        return isinstance(written, Span) or written is DateProblem.AMBIGUOUS
    return isinstance(seen, int | float) and SERIALS.start <= seen < SERIALS.stop


def _numeric(number: float) -> DateReading | str | None:
    """A number in a date column: a serial as a date, a year or a day in digits as a text, else None."""
    whole = int(number) if abs(number) < DAYS_IN_DIGITS.stop else 0
    if whole in SERIALS:
        date = DAY_ZERO + dt.timedelta(days=whole)
        return DateReading(date, text=date.isoformat())
    return number_text(number) if whole == number and (whole in YEARS or whole in DAYS_IN_DIGITS) else None


def _after(start: dt.date, duration: Duration, calendar: Calendar) -> dt.date | None:
    number, unit, working = duration
    try:
        if working and unit == "day":
            return calendar.add(start, number)
        if unit in ("day", "week"):
            return start + dt.timedelta(days=number * (7 if unit == "week" else 1))
        year, month = divmod(start.month - 1 + number * (12 if unit == "year" else 1), 12)
        last = months.monthrange(start.year + year, month + 1)[1]
        return dt.date(start.year + year, month + 1, min(start.day, last))
    except (OverflowError, ValueError):
        return None
