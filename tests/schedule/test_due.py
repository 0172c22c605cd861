"""Which periods of a job are due, with clocks that change, stand still, and go back."""

import datetime as dt

import pytest

from sheets_sync.core.jobs import CatchUp, Job, Step
from sheets_sync.schedule.due import DUE_NOW, due_periods, next_times

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOMENT = dt.timedelta(microseconds=1)


def utc(text: str) -> dt.datetime:
    """An instant as "2026-03-28T02:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def job(when: str, timezone: str = LISBON, catch_up: CatchUp = CatchUp.ONCE, grace: dt.timedelta = 12 * HOUR) -> Job:
    """A job that syncs."""
    return Job("sync", when, timezone, (Step.SYNC,), catch_up=catch_up, grace=grace)


@pytest.mark.parametrize(
    ("when", "zone", "after", "times"),
    [
        pytest.param("30 1 * * *", LISBON, "2026-03-28T02:00", "29T01:00 30T00:30", id="skipped: the first after"),
        pytest.param("30 1 * * *", LISBON, "2026-10-24T02:00", "25T00:30 26T01:30", id="twice: the first"),
        pytest.param("30 1 * * *", LISBON, "2026-10-25T00:45", "26T01:30", id="asked between the two"),
        pytest.param("30 1 * * *", LISBON, "2026-10-25T01:10", "26T01:30", id="asked within the second hour"),
        pytest.param("*/30 1 * * *", LISBON, "2026-10-24T23:59", "25T00:00 25T00:30 25T01:00 25T01:30", id="real time"),
        pytest.param("*/30 * * * *", LISBON, "2026-03-29T00:00", "29T00:30 29T01:00 29T01:30", id="real time, skipped"),
        pytest.param("0,30 1 * * *", LISBON, "2026-03-28T02:00", "29T01:00 30T00:00", id="two skipped are one"),
        pytest.param("30 7 * * MON-FRI", LISBON, "2026-03-27T08:00", "30T06:30 31T06:30", id="summer time on Monday"),
        pytest.param("30 0 * * *", SAO_PAULO, "2018-11-03T04:00", "04T03:00 05T02:30", id="midnight skipped"),
        pytest.param("30 23 * * *", SAO_PAULO, "2019-02-16T02:00", "17T01:30 18T02:30", id="before midnight twice"),
        pytest.param("*/30 7-19 * * *", SAO_PAULO, "2026-10-24T22:00", "24T22:30 25T10:00", id="no change any more"),
    ],
)
def test_next_times_where_clocks_change(when: str, zone: str, after: str, times: str) -> None:
    """A time that clocks skip comes at the first minute after; one they show twice comes once."""
    expected = [utc(f"{after[:8]}{time}") for time in times.split()]
    assert list(next_times(job(when, zone), utc(after), len(expected))) == expected


@pytest.mark.parametrize(
    ("zone", "begin", "days"),
    [(LISBON, "2026-03-27T00:00", 4), (LISBON, "2026-10-23T00:00", 4), (SAO_PAULO, "2018-11-02T00:00", 4)],
)
@pytest.mark.parametrize("when", ["30 1 * * *", "30 0 * * *", "*/30 * * * *", "15 0-3 * * *", "0 2 * * SUN"])
def test_ticks_find_every_period_once(zone: str, begin: str, days: int, when: str) -> None:
    """Ticks every five minutes across a change of clocks run each period that one look at all of it names, once."""
    one, start = job(when, zone), utc(begin)
    found: list[dt.datetime] = []
    for number in range(1, days * 24 * 12 + 1):
        now = start + number * dt.timedelta(minutes=5)
        due = due_periods(one, done=found, since=found[-1] if found else start, now=now)
        assert not due.missed
        found += due.run
    named = [period for period in next_times(one, start, 500) if period <= start + days * DAY]
    assert found == named
    assert len({period.astimezone(dt.UTC) for period in found}) == len(found) > 0


SLEPT = utc("2026-11-20T09:00")
"""A Friday, when the last hourly period was done; in Lisbon's winter time, which is UTC."""


@pytest.mark.parametrize(
    ("catch_up", "grace", "awake", "run"),
    [
        pytest.param(CatchUp.ONCE, 12, "23T09:10", [9], id="once"),
        pytest.param(CatchUp.SKIP, 12, "23T09:10", [], id="skip"),
        pytest.param(CatchUp.SKIP, 12, "23T09:05", [9], id="skip, due now"),
        pytest.param(CatchUp.ALL, 3, "23T09:10", [7, 8, 9], id="all within the grace"),
        pytest.param(CatchUp.ALL, 72, "23T09:00", [*range(10, 82)], id="all"),
        pytest.param(CatchUp.ONCE, 1, "23T09:59", [9], id="just within"),
    ],
)
def test_asleep_for_three_days(catch_up: CatchUp, grace: int, awake: str, run: list[int]) -> None:
    """After three days asleep an hourly job is made up for once, not at all, or within its grace; the rest is let go
    and counted."""
    due = due_periods(
        job("0 * * * *", catch_up=catch_up, grace=grace * HOUR), done=(), since=SLEPT, now=utc(f"2026-11-{awake}")
    )
    midnight = utc("2026-11-20T00:00") if len(run) > 3 else utc("2026-11-23T00:00")
    assert list(due.run) == [midnight + hour * HOUR for hour in run]
    assert len(due.run) + len(due.missed) == 72
    assert not set(due.run) & set(due.missed)


def test_a_weekly_period_is_made_up_for_within_its_own_grace() -> None:
    """A Monday's job runs on Wednesday morning with two days of grace, and not after."""
    weekly = job("30 7 * * MON", grace=48 * HOUR)
    monday = utc("2026-11-23T07:30")
    assert due_periods(weekly, done=(), since=SLEPT, now=monday + 48 * HOUR).run == (monday,)
    assert due_periods(weekly, done=(), since=SLEPT, now=monday + 48 * HOUR + MOMENT) == ((), (monday,))


def test_nothing_of_the_past_is_due_at_first() -> None:
    """A job that was seen now for the first time has no period that is due, nor one that was missed."""
    now = utc("2026-11-23T09:00")
    assert due_periods(job("* * * * *"), done=(), since=now, now=now) == ((), ())
    assert due_periods(job("* * * * *"), done=(), since=now, now=now + 60 * MOMENT) == ((), ())


def test_a_clock_set_back_runs_no_period_twice() -> None:
    """With its clock an hour back a job runs nothing again, and goes on with the first period it has not done."""
    half = job("*/30 * * * *")
    done = [utc("2026-11-23T09:00"), utc("2026-11-23T09:30"), utc("2026-11-23T10:00")]
    for minutes in range(0, 60, 5):
        now = utc("2026-11-23T09:00") + minutes * dt.timedelta(minutes=1)
        assert due_periods(half, done=done, since=utc("2026-11-23T08:30"), now=now) == ((), ())
    later = utc("2026-11-23T10:31")
    assert due_periods(half, done=done, since=utc("2026-11-23T08:30"), now=later).run == (utc("2026-11-23T10:30"),)


def test_the_skipping_job_runs_at_every_tick_that_is_in_time() -> None:
    """A tick that comes five minutes after the one before, and a little late, still counts as now."""
    late = utc("2026-11-23T09:00") + DUE_NOW
    skips = job("0 * * * *", catch_up=CatchUp.SKIP)
    assert due_periods(skips, done=(), since=SLEPT, now=late).run == (utc("2026-11-23T09:00"),)
    assert due_periods(skips, done=(), since=SLEPT, now=late + MOMENT).run == ()


def test_a_year_asleep_costs_little() -> None:
    """Periods of long ago are not even counted: a job of every minute is looked back for eight days."""
    due = due_periods(job("* * * * *"), done=(), since=utc("2025-11-23T09:00"), now=utc("2026-11-23T09:00"))
    assert due.run == (utc("2026-11-23T09:00"),)
    assert len(due.missed) == 8 * 24 * 60 - 1
