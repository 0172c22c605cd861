"""The working calendar: which days count, and how many lie between two dates. No clock, no country's list of days."""

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from sheets_sync.core.settings import CalendarSettings

WEEK = 7
LAST_DAY = dt.date.max.toordinal()


class Period(NamedTuple):
    """A stretch of calendar days, both ends included."""

    first: dt.date
    last: dt.date


class Calendar:
    """Working days as `CalendarSettings` defines them. Counts take the same time however far apart the dates are."""

    def __init__(self, settings: CalendarSettings) -> None:
        if not settings.workdays:
            raise ValueError("a calendar without a working day")
        self._roll = settings.roll
        # An ordinal's remainder by 7 is its ISO weekday, with 0 for Sunday.
        self._worked = tuple((number or WEEK) in settings.workdays for number in range(WEEK))
        self._in_part_of_week = tuple(sum(self._worked[1 : rest + 1]) for rest in range(WEEK))
        self._in_week = sum(self._worked)
        self._holidays = sorted(day.toordinal() for day in settings.holidays if self._worked[day.toordinal() % WEEK])
        self._is_holiday = frozenset(self._holidays)
        # A plan's rows share few dates and ask for them many times.
        self._counted: dict[dt.date, int] = {}
        self._rolled: dict[dt.date, dt.date] = {}

    def is_workday(self, day: dt.date) -> bool:
        """Whether this day is worked."""
        ordinal = day.toordinal()
        return self._worked[ordinal % WEEK] and ordinal not in self._is_holiday

    def count(self, a: dt.date, b: dt.date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` is before `a` (DOMAIN 2.2, "wd(a,b]")."""
        counted = self._counted
        try:
            return counted[b] - counted[a]
        except KeyError:
            counted |= {day: self._worked_up_to(day.toordinal()) for day in (a, b)}
            return counted[b] - counted[a]

    def add(self, day: dt.date, days: int) -> dt.date:
        """The working day that many working days after `day` (before it when negative); 0 gives `day` itself.

        Stops at the first and last date Python knows.
        """
        if days == 0:
            return day
        ordinal = day.toordinal()
        wanted = self._worked_up_to(ordinal) + days if days > 0 else self._worked_up_to(ordinal - 1) + days + 1
        found = bisect_left(range(LAST_DAY + 1), wanted, key=self._worked_up_to) if wanted > 0 else 1
        return dt.date.fromordinal(min(found, LAST_DAY))

    def roll(self, due: dt.date) -> dt.date:
        """The date that counts for a due date on a day off, as the settings say ("next", "previous" or "none")."""
        rolled = self._rolled.get(due)
        if rolled is None:
            stays = self._roll == "none" or self.is_workday(due)
            rolled = due if stays else self.add(due, 1 if self._roll == "next" else -1)
            self._rolled[due] = rolled
        return rolled

    def last_workday_of(self, period: Period) -> dt.date:
        """The last working day within the period, or its last day when none is worked."""
        if self.is_workday(period.last):
            return period.last
        found = self.add(period.last, -1)
        return found if found >= period.first else period.last

    def _worked_up_to(self, ordinal: int) -> int:
        weeks, rest = divmod(ordinal, WEEK)
        return weeks * self._in_week + self._in_part_of_week[rest] - bisect_right(self._holidays, ordinal)
