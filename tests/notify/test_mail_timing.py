"""When the weekly mails go (DOMAIN 5.1) and when a person may be mailed (DOMAIN 5.6)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from notify.planning import HOLIDAY, date

from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.notify.timing import instant, may_go, period_of, week_of, week_window

SAO_PAULO, BERLIN = "America/Sao_Paulo", "Europe/Berlin"
ANYBODY = Person("Ana Lima", "ana@plan.test")


def utc(text: str) -> dt.datetime:
    """ "11-23 07:30" of 2026, in UTC."""
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=dt.UTC)


def a_calendar(*holidays: str, workdays=frozenset({1, 2, 3, 4, 5})) -> CalendarSettings:
    return CalendarSettings(workdays, frozenset(map(date, holidays)))


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-11-23", "2026-W48"),
        ("2026-11-29", "2026-W48"),
        ("2027-01-03", "2026-W53"),
        ("2024-12-30", "2025-W01"),
        ("2026-01-01", "2026-W01"),
    ],
)
def test_a_period_is_the_iso_week(day, period):
    """The year of a period is that of the week, not of the day."""
    assert period_of(date(day)) == period


@pytest.mark.parametrize(
    ("zone", "day", "calendar", "not_before", "expires"),
    [
        ("UTC", "11-23", a_calendar(), "11-23 07:30", "11-25 19:00"),
        (SAO_PAULO, "11-25", a_calendar(), "11-23 10:30", "11-25 22:00"),
        (SAO_PAULO, "11-29", a_calendar(), "11-23 10:30", "11-25 22:00"),
        ("UTC", "11-23", a_calendar("11-23"), "11-24 07:30", "11-26 19:00"),
        ("UTC", "11-23", a_calendar("11-24"), "11-23 07:30", "11-26 19:00"),
        ("UTC", "11-16", a_calendar("11-18", "11-20"), "11-16 07:30", "11-19 19:00"),
        ("UTC", "11-16", a_calendar("11-16", "11-17", "11-20"), "11-18 07:30", "11-23 07:30"),
        ("UTC", "11-23", a_calendar(workdays=frozenset({7})), "11-29 07:30", "12-06 07:30"),
        (BERLIN, "03-23", a_calendar(), "03-23 06:30", "03-25 18:00"),
        (BERLIN, "03-30", a_calendar(), "03-30 05:30", "04-01 17:00"),
        (BERLIN, "10-19", a_calendar(), "10-19 05:30", "10-21 17:00"),
        (BERLIN, "10-26", a_calendar(), "10-26 06:30", "10-28 18:00"),
        (BERLIN, "10-23", a_calendar(workdays=frozenset({6, 7})), "10-24 05:30", "10-31 06:30"),
        ("Pacific/Auckland", "11-23", a_calendar(), "11-22 18:30", "11-25 06:00"),
    ],
)
def test_weekly_mails_go_on_the_weeks_first_working_morning(zone, day, calendar, not_before, expires):
    """From 07:30 of the first working day until the evening of the second working day after, in the plan's time; never
    beyond the next week's mail."""
    found = week_window(date(day), Calendar(calendar), timezone=zone)
    assert (found.not_before, found.expires) == (utc(not_before), utc(expires))
    assert found.period == period_of(date(day))


def test_a_week_without_a_working_day_has_no_mail():
    """In a shutdown week nothing is sent, and nothing is put off into the next week's mail."""
    week = [f"12-{day}" for day in range(21, 26)]
    assert week_window(date("12-21"), Calendar(a_calendar(*week)), timezone="UTC") is None


@pytest.mark.parametrize(("workdays", "day"), [({4, 5}, "11-26"), ({1, 4}, "11-23"), ({2}, "11-24"), ({6, 7}, None)])
def test_somebody_who_works_other_days_is_mailed_on_the_first_of_them(workdays, day):
    """The mail of somebody who starts on Thursdays waits for Thursday; without a common day there is none."""
    found = week_window(date("11-23"), Calendar(a_calendar()), timezone="UTC", workdays=frozenset(workdays))
    assert (found.day if found else None) == (date(day) if day else None)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("03-29", "01:30", "03-29 00:30"),
        ("03-29", "02:30", "03-29 01:30"),
        ("10-25", "02:30", "10-25 00:30"),
        ("10-25", "03:30", "10-25 02:30"),
    ],
)
def test_a_wall_clock_time_is_one_instant(day, time, expected):
    """A time the clocks skip is as much later, a time they show twice is the first."""
    assert instant(date(day), dt.time.fromisoformat(time), ZoneInfo(BERLIN)) == utc(expected)


workweeks = st.frozensets(st.integers(1, 7), min_size=1)
november = st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 20))
zones = st.sampled_from(["UTC", SAO_PAULO, BERLIN, "Pacific/Auckland", "Asia/Kathmandu", "America/New_York"])


@given(workweeks, st.frozensets(november, max_size=20), st.dates(dt.date(2026, 10, 5), dt.date(2027, 1, 31)), zones)
def test_one_weeks_mail_is_over_before_the_next_begins(workdays, holidays, day, zone):
    """Every window opens on a working morning of its week and ends before the next one opens."""
    calendar = Calendar(CalendarSettings(workdays, holidays))
    found = week_window(day, calendar, timezone=zone)
    worked = [one for n in range(7) if calendar.is_workday(one := week_of(day).first + dt.timedelta(days=n))]
    if found is None:
        assert not worked
        return
    opens = found.not_before.astimezone(ZoneInfo(zone))
    assert (opens.date(), opens.time()) == (worked[0], dt.time(7, 30))
    following = week_window(day + dt.timedelta(days=7), calendar, timezone=zone)
    assert found.not_before < found.expires
    assert following is None or found.expires <= following.not_before


def on(person: Person, at: str, *, zone: str = "UTC", calendar: CalendarSettings | None = None):
    """Whether `person` may be mailed at this instant of a plan in this zone."""
    calendar = calendar or CalendarSettings(holidays=frozenset({HOLIDAY}))
    return may_go(person, PlanSettings("u", timezone=zone, calendar=calendar), utc(at))


def away(first: str, last: str) -> Person:
    return ANYBODY._replace(away=((date(first), date(last)),))


TOKYO = ANYBODY._replace(timezone="Asia/Tokyo")
SUNDAYS = ANYBODY._replace(workdays=frozenset({7, 1, 2, 3, 4}))


@pytest.mark.parametrize(
    ("person", "at", "reason", "next_at"),
    [
        (ANYBODY, "11-23 07:00", "", None),
        (ANYBODY, "11-23 18:59:59", "", None),
        (ANYBODY, "11-23 19:00", "quiet hours", "11-24 07:00"),
        (ANYBODY, "11-23 06:59:59", "quiet hours", "11-23 07:00"),
        (ANYBODY, "11-19 20:00", "quiet hours", "11-23 07:00"),
        (ANYBODY, "11-20 10:00", "not a working day", "11-23 07:00"),
        (ANYBODY, "11-21 10:00", "not a working day", "11-23 07:00"),
        (ANYBODY._replace(active=False), "11-23 10:00", "inactive", None),
        (ANYBODY._replace(mail=MailChoice.NONE), "11-23 10:00", "wants no mail", None),
        (ANYBODY._replace(mail=MailChoice.WEEKLY), "11-23 10:00", "", None),
        (away("11-23", "11-24"), "11-23 10:00", "away", "11-25 07:00"),
        (away("11-23", "11-24"), "11-24 18:00", "away", "11-25 07:00"),
        (away("11-23", "11-24"), "11-25 07:00", "", None),
        (away("11-23", "11-27"), "11-23 10:00", "away", "11-30 07:00"),
        (away("11-23", "2030-12-31"), "11-23 10:00", "away", None),
        (TOKYO, "11-23 10:00", "quiet hours", "11-23 22:00"),
        (TOKYO, "11-23 09:59", "", None),
        (TOKYO, "11-22 22:30", "not a working day", "11-23 00:00"),
        (TOKYO, "11-26 22:00", "", None),
        (TOKYO, "11-27 23:00", "not a working day", "11-30 00:00"),
        (SUNDAYS, "11-22 10:00", "not a working day", "11-23 07:00"),
        (SUNDAYS, "11-27 10:00", "not a working day", "11-30 07:00"),
        (ANYBODY._replace(workdays=frozenset({6, 7})), "11-23 10:00", "not a working day", None),
    ],
)
def test_nobody_is_mailed_when_off_away_or_asleep(person, at, reason, next_at):
    """Off days of plan or person, absence, and the night where the person is: each has its name and its end."""
    found = on(person, at)
    assert (bool(found), found.reason) == (not reason, reason)
    assert found.next_at == (utc(next_at) if next_at else None)


def test_a_plan_with_sundays_mails_on_sundays_only_who_works_then():
    """A plan may work on Sundays; a person with a week of their own is still left alone on their days off."""
    week = CalendarSettings(frozenset({7, 1, 2, 3, 4}))
    assert on(ANYBODY, "11-22 10:00", calendar=week)
    weekdays = on(ANYBODY._replace(workdays=frozenset({1, 2, 3, 4, 5})), "11-22 10:00", calendar=week)
    assert weekdays.reason == "not a working day"


@pytest.mark.parametrize(("at", "allowed"), [("03-27 06:00", True), ("03-30 05:00", True), ("03-30 04:59", False)])
def test_the_clock_change_moves_the_morning(at, allowed):
    """Seven in the morning is seven in the morning, before and after the clocks go forward."""
    assert bool(on(ANYBODY._replace(timezone=BERLIN), at)) is allowed


@with_settings(max_examples=60)
@given(
    st.datetimes(dt.datetime(2026, 10, 1), dt.datetime(2026, 12, 1), timezones=st.just(dt.UTC)),
    st.one_of(st.none(), workweeks),
    st.tuples(november, november).map(sorted).map(tuple),
    zones,
    zones,
)
def test_the_next_allowed_instant_is_the_first(now, workdays, absence, zone, plan_zone):
    """A mail may go at the instant that is named, and at no half hour before it."""
    person = ANYBODY._replace(workdays=workdays, away=(absence,), timezone=zone)
    settings = PlanSettings("u", timezone=plan_zone)
    found = may_go(person, settings, now)
    if found.next_at is None:
        return
    assert found.next_at > now
    assert may_go(person, settings, found.next_at)
    steps = min(int((found.next_at - now) / dt.timedelta(minutes=30)), 200)
    earlier = [found.next_at - dt.timedelta(minutes=30 * n, seconds=1) for n in range(steps)]
    assert not [at for at in earlier if at > now and may_go(person, settings, at)]
