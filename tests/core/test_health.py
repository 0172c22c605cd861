"""When runs that could not do all they should are a failure, and when the keeper is told."""

import datetime as dt

import pytest

from sheets_sync.core.health import (
    WELL,
    Cause,
    RunNote,
    after_run,
    failed_twice,
    is_failing,
    is_to_be_told,
    is_too_old,
    working_time,
)
from sheets_sync.core.settings import CalendarSettings, PlanSettings

DAY = dt.timedelta(hours=24)
PLAN = PlanSettings("plan-uid", timezone="UTC")
FRIDAY, MONDAY = "2026-11-20", "2026-11-23"
OPEN, MASS = RunNote(Cause.OPEN), RunNote(Cause.MASS, checked=True)


def at(text: str) -> dt.datetime:
    """A UTC instant."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def played(*runs: tuple[str, RunNote]):
    """The health after these runs."""
    health = WELL
    for when, note in runs:
        health = after_run(health, note, at(when))
    return health


@pytest.mark.parametrize(
    ("runs", "failing"),
    [
        (["2026-11-20 10:00", "2026-11-20 11:00", "2026-11-21 10:00"], True),
        (["2026-11-20 10:00", "2026-11-20 11:00", "2026-11-21 09:59"], False),
        (["2026-11-20 10:00", "2026-11-21 11:00"], False),
        (["2026-11-20 10:00", "2026-11-27 10:00", "2026-12-04 10:00"], True),
        (["2026-11-21 10:00", "2026-11-21 11:00", "2026-11-20 09:00"], False),
    ],
)
@pytest.mark.parametrize("note", [OPEN, MASS, RunNote(Cause.MAIL)])
def test_three_runs_in_a_row_over_a_day_are_a_failure_whatever_the_reason(runs, failing, note):
    """Two are none, nor are three within less, nor those of a clock that was set back."""
    assert is_failing(played(*((when, note) for when in runs)), DAY) is failing


def test_a_run_that_does_all_it_should_ends_the_row():
    """Nothing is left of it, and the next failure begins another."""
    health = played(("2026-11-20 10:00", OPEN), ("2026-11-20 11:00", MASS), ("2026-11-21 10:00", OPEN))
    assert is_failing(health, DAY)
    well = after_run(health, RunNote(checked=True), at("2026-11-21 11:00"))
    assert well == WELL._replace(checked=at("2026-11-21 11:00"))
    assert not is_failing(after_run(well, OPEN, at("2026-11-30 11:00")), DAY)


def test_what_was_judged_and_not_written_counts_as_checked():
    """A plan with too many changes was read; one that is open was not."""
    assert played(("2026-11-20 10:00", MASS), ("2026-11-20 11:00", OPEN)).checked == at("2026-11-20 10:00")


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (f"{FRIDAY} 10:00", f"{FRIDAY} 14:00", 4),
        (f"{FRIDAY} 06:00", f"{FRIDAY} 23:00", 8),
        (f"{FRIDAY} 16:00", f"{MONDAY} 10:00", 2),
        ("2026-11-21 00:00", "2026-11-22 23:59", 0),
        (f"{FRIDAY} 18:00", f"{MONDAY} 08:00", 0),
        (f"{MONDAY} 10:00", f"{FRIDAY} 10:00", 0),
        ("2020-01-01 10:00", f"{FRIDAY} 17:00", 22 * 8),
    ],
)
def test_working_time_is_nine_to_seventeen_of_working_days(begin, end, hours):
    """Evenings, nights and weekends do not count; no more than thirty days are looked at."""
    assert working_time(PLAN, at(begin), at(end)) == dt.timedelta(hours=hours)


def test_working_time_is_the_plans_own():
    """Its zone says when it is nine o'clock, its calendar which days are worked."""
    tokyo = PlanSettings("p", timezone="Asia/Tokyo")
    assert working_time(tokyo, at(f"{MONDAY} 00:00"), at(f"{MONDAY} 09:00")) == dt.timedelta(hours=8)
    off = PlanSettings("p", calendar=CalendarSettings(holidays=frozenset({dt.date(2026, 11, 23)})))
    assert working_time(off, at(f"{MONDAY} 00:00"), at(f"{MONDAY} 23:00")) == dt.timedelta()


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([(f"{FRIDAY} 10:00", MASS), (f"{FRIDAY} 14:00", MASS)], True),
        ([(f"{FRIDAY} 10:00", MASS), (f"{FRIDAY} 13:59", MASS)], False),
        ([(f"{FRIDAY} 16:00", MASS), (f"{MONDAY} 10:00", MASS)], False),
        ([(f"{FRIDAY} 16:00", MASS), (f"{MONDAY} 12:00", MASS)], True),
        ([(f"{FRIDAY} 10:00", OPEN), (f"{FRIDAY} 16:00", OPEN)], False),
        ([(f"{FRIDAY} 09:00", OPEN), (f"{FRIDAY} 12:00", MASS), (f"{FRIDAY} 13:00", MASS)], False),
        ([(f"{FRIDAY} 09:00", MASS), (f"{FRIDAY} 12:00", OPEN), (f"{FRIDAY} 13:00", MASS)], True),
        ([(f"{FRIDAY} 10:00", MASS), (f"{FRIDAY} 11:00", RunNote()), (f"{FRIDAY} 16:00", MASS)], False),
    ],
)
def test_the_keeper_is_told_of_two_failures_four_working_hours_apart(runs, told):
    """What is put off is no failure yet, and what went well between ends the row."""
    health = played(*runs)
    assert failed_twice(health, PLAN) is told
    assert is_to_be_told(health, PLAN, DAY) is told


def test_the_keeper_is_told_once_of_a_row():
    """Not again while it lasts; the next row is told anew."""
    health = played((f"{FRIDAY} 09:00", MASS), (f"{FRIDAY} 14:00", MASS))._replace(told=at(f"{FRIDAY} 14:00"))
    again = after_run(health, MASS, at(f"{MONDAY} 14:00"))
    assert is_failing(again._replace(failures=3), DAY)
    assert not is_to_be_told(again, PLAN, DAY)
    next_row = after_run(after_run(again, RunNote(), at(f"{MONDAY} 15:00")), MASS, at(f"{MONDAY} 16:00"))
    assert is_to_be_told(after_run(next_row, MASS, at("2026-11-24 16:00")), PLAN, DAY)


def test_that_no_mail_can_be_sent_is_not_told_by_mail():
    """It is a failure all the same."""
    down = RunNote(Cause.MAIL)
    health = played((f"{FRIDAY} 09:00", down), (f"{FRIDAY} 16:00", down), (f"{MONDAY} 16:00", down))
    assert is_failing(health, DAY)
    assert not is_to_be_told(health, PLAN, DAY)


def test_a_plan_that_was_never_checked_is_too_old():
    """As is one that was checked longer ago than allowed."""
    now = at(f"{MONDAY} 10:00")
    assert is_too_old(WELL, DAY, now)
    assert not is_too_old(WELL._replace(checked=now - DAY), DAY, now)
    assert is_too_old(WELL._replace(checked=now - DAY - dt.timedelta(seconds=1)), DAY, now)
