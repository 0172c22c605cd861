"""A workbook that stays in use costs ever fewer runs, and is written soon after it was closed."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from run.due_stage import Ticks, names, set_up
from run.test_run_due import nothing_due

from sheets_sync.core.health import Cause, PlanHealth, tried_next
from sheets_sync.run.outcome import Ended
from sheets_sync.run.standing import standing

MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAILY = 'when = "0 8 * * *"\ntimezone = "UTC"\nsteps = ["sync"]\n'
EIGHT = MONDAY + HOUR


@pytest.fixture
def ticks(tmp_path: Path) -> Ticks:
    """Two plans that are synced once a day, first seen on Monday at seven; the second one's workbook is open."""
    made = Ticks(set_up(tmp_path / "private", jobs={"sync": DAILY}), MONDAY)
    made.tick()
    lock(made).write_bytes(b"\x03Ana" + b" " * 161)
    return made


def lock(ticks: Ticks) -> Path:
    return ticks.folder / "~$plan-2.xlsx"


def tried(ticks: Ticks, begin: dt.datetime, end: dt.datetime) -> list[int]:
    """Tick every five minutes as a schedule does; after how many minutes the second plan was tried."""
    found = []
    for number in range((end - begin) // (5 * MINUTE)):
        ticks.clock.instant = begin + number * 5 * MINUTE
        if not nothing_due(ticks) and "Plan 2" in names(ticks.tick()):
            found.append(number * 5)
    return found


def test_it_is_tried_after_ever_longer_times(ticks: Ticks) -> None:
    """After 5, 10, 20 and 40 minutes, then every hour; in between a tick ends early. Nothing is tried after the grace,
    and its last ticks are not missed."""
    times = tried(ticks, EIGHT, EIGHT + 14 * HOUR)
    assert times[:6] == [0, 5, 15, 35, 75, 135]
    assert {later - earlier for earlier, later in pairwise(times[5:-2])} == {60}
    assert times[-2:] == [12 * 60 - 5, 12 * 60]


def test_it_is_a_failure_after_a_day_all_the_same(ticks: Ticks) -> None:
    """Three runs in a row over a day."""
    tried(ticks, EIGHT, EIGHT + 25 * HOUR)
    [plan] = [one for one in standing(ticks.config, now=ticks.clock.now()).plans if one.health.failures]
    assert (plan.failing, plan.health.reason) == (True, Cause.OPEN)


def test_closed_it_is_written_with_the_next_tick(ticks: Ticks) -> None:
    """However long it would wait: the lock file that is gone is seen without a run."""
    tried(ticks, EIGHT, EIGHT + 4 * HOUR)
    ticks.clock.instant = EIGHT + 4 * HOUR
    assert nothing_due(ticks)
    lock(ticks).unlink()
    assert not nothing_due(ticks)
    outcome = ticks.tick()
    assert [(run.plan.settings.name, run.outcome and run.outcome.ended) for run in outcome.runs] == [
        ("Plan 2", Ended.WRITTEN)
    ]
    assert outcome.left == 0
    assert names(ticks.tick()) == []
    assert nothing_due(ticks)


def test_only_a_lock_file_that_was_seen_lets_it_be_sooner(ticks: Ticks) -> None:
    """A run that was put off for another reason waits its time, whatever else ticks look at meanwhile."""
    ticks.tick_at(EIGHT)
    ticks.tick_at(EIGHT + 5 * MINUTE)
    lock(ticks).unlink()
    next((ticks.folder / "state").glob("next-due-*")).unlink()
    assert names(ticks.tick_at(EIGHT + 10 * MINUTE)) == []
    assert names(ticks.tick_at(EIGHT + 15 * MINUTE)) == ["Plan 2"]


def test_the_next_period_tries_it_too(ticks: Ticks) -> None:
    """What is due is due, however long its workbook waited."""
    assert tried(ticks, EIGHT, EIGHT + 24 * HOUR + 5 * MINUTE)[-1] == 24 * 60


def test_the_status_tells_when_it_is_tried_next(ticks: Ticks) -> None:
    """Only while a run of it waits."""
    for minutes in (0, 5):
        ticks.tick_at(EIGHT + minutes * MINUTE)
    one, two = standing(ticks.config, now=EIGHT + 6 * MINUTE).plans
    assert (one.next_try, two.next_try) == (None, EIGHT + 14 * MINUTE)
    assert two.next_run == EIGHT + 24 * HOUR


def test_a_plan_with_another_cause_waits_for_nothing() -> None:
    """What cannot be read now is tried with its next period."""
    assert tried_next(PlanHealth(last_failure=EIGHT, failures=3, reason=Cause.UNREADABLE)) is None
    assert tried_next(PlanHealth()) is None
    assert tried_next(PlanHealth(last_failure=EIGHT, failures=5000, reason=Cause.OPEN)) == EIGHT + 59 * MINUTE
