"""The working calendar against a naive day-by-day count and the worked dates of the domain (section 2.7)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.core.settings import CalendarSettings
from sheets_sync.core.workdays import Calendar, Period

DAY = dt.timedelta(days=1)
NOVEMBER = Calendar(CalendarSettings(holidays=frozenset({dt.date(2026, 11, 20)})))

days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))
calendars = st.builds(
    CalendarSettings,
    workdays=st.frozensets(st.integers(1, 7), min_size=1),
    holidays=st.frozensets(days, max_size=40),
    roll=st.sampled_from(["next", "previous", "none"]),
)


def worked(settings: CalendarSettings, day: dt.date) -> bool:
    return day.isoweekday() in settings.workdays and day not in settings.holidays


def counted(settings: CalendarSettings, a: dt.date, b: dt.date) -> int:
    if b < a:
        return -counted(settings, b, a)
    return sum(worked(settings, a + DAY * n) for n in range(1, (b - a).days + 1))


def november(day: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, day)


@given(calendars, days, days)
def test_count_equals_counting_each_day(settings: CalendarSettings, a: dt.date, b: dt.date) -> None:
    """wd(a, b] is the number of worked days after a up to b, negative backwards."""
    assert Calendar(settings).count(a, b) == counted(settings, a, b)


@given(calendars, days, st.integers(-60, 60))
def test_add_walks_to_the_nth_working_day(settings: CalendarSettings, day: dt.date, n: int) -> None:
    """Adding n lands on the n-th worked day after or before, found by walking."""
    expected, left = day, abs(n)
    while left:
        expected += DAY if n > 0 else -DAY
        left -= worked(settings, expected)
    assert Calendar(settings).add(day, n) == expected


@given(calendars, days)
def test_roll_gives_the_day_itself_or_the_nearest_worked_one(settings: CalendarSettings, due: dt.date) -> None:
    """A due date on a day off counts on the next or previous worked day, or stays, as configured."""
    expected = due
    if settings.roll != "none":
        while not worked(settings, expected):
            expected += DAY if settings.roll == "next" else -DAY
    calendar = Calendar(settings)
    assert calendar.roll(due) == expected
    assert calendar.is_workday(due) == worked(settings, due)


@given(calendars, days, st.integers(0, 40))
def test_last_workday_of_a_period(settings: CalendarSettings, first: dt.date, length: int) -> None:
    """A period stands for its last worked day, or its last day when none of it is worked."""
    period = Period(first, first + DAY * length)
    inside = [first + DAY * n for n in range(length + 1) if worked(settings, first + DAY * n)]
    assert Calendar(settings).last_workday_of(period) == (inside[-1] if inside else period.last)


@pytest.mark.parametrize(
    ("due", "used", "as_of", "late"),
    [
        (november(13), november(13), november(13), 0),
        (november(13), november(13), november(14), 0),
        (november(13), november(13), november(16), 1),
        (november(14), november(16), november(16), 0),
        (november(14), november(16), november(17), 1),
        (november(19), november(19), november(22), 0),
        (november(19), november(19), november(23), 1),
        (november(20), november(23), november(23), 0),
        (november(20), november(23), november(24), 1),
        (november(13), november(13), november(18), 3),
        (november(23), november(23), november(16), -4),
    ],
)
def test_days_late_of_the_domain_table(due: dt.date, used: dt.date, as_of: dt.date, late: int) -> None:
    """Each worked due date of DOMAIN 2.7 rolls and counts as written there."""
    assert NOVEMBER.roll(due) == used
    assert NOVEMBER.count(used, as_of) == late


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (november(2), november(16), 10),
        (november(2), november(17), 11),
        (november(9), november(11), 2),
        (november(9), november(12), 3),
        (november(13), november(11, 12), 19),
        (november(13), november(14, 12), 20),
    ],
)
def test_ages_of_the_domain_table(a: dt.date, b: dt.date, expected: int) -> None:
    """Staleness, late start and verification of DOMAIN 2.7 count these working days."""
    assert NOVEMBER.count(a, b) == expected


def test_a_calendar_without_working_days_is_refused() -> None:
    """No weekday worked is a mistake of the configuration, not an endless search."""
    with pytest.raises(ValueError, match="without a working day"):
        Calendar(CalendarSettings(workdays=frozenset()))


def test_the_edges_of_time_are_kept() -> None:
    """Rolling past the last date there is gives that date instead of an error."""
    calendar = Calendar(CalendarSettings(workdays=frozenset({1})))
    assert calendar.roll(dt.date.max) == dt.date.max
    assert calendar.add(dt.date.min, -3) == dt.date.min
