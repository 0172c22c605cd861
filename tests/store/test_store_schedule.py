"""What was done of the periods of jobs: each once, though processes die and clocks are wrong."""

import datetime as dt

import pytest
from store_samples import NOON

from sheets_sync.errors import StoreError
from sheets_sync.store.schedule_rows import SCHEDULE, LeftPlan, Schedule
from sheets_sync.store.store import Lease, Store

HOUR = dt.timedelta(hours=1)
JOB = "sync"


@pytest.fixture
def lease(store: Store) -> Lease:
    """The right to run what is due, from noon for an hour."""
    return store.hold(SCHEDULE, "host 1", now=NOON, seconds=3600)


def claim(store: Store, lease: Lease, period: dt.datetime, now: dt.datetime | None = None) -> bool:
    """Claim a period of the job, a moment after it came."""
    return store.schedule.claim(lease, JOB, period, now=now or NOON + HOUR / 2)


def test_a_job_is_first_seen_once(store: Store) -> None:
    """A job begins when it is first seen; that is remembered, and counts as no period."""
    assert store.schedule.periods(JOB, NOON) == (NOON, frozenset())
    assert store.schedule.periods(JOB, NOON + HOUR).since == NOON
    assert store.schedule.last(JOB) is None
    assert store.schedule.runs(JOB, limit=9) == ()


def test_a_period_is_done_once(store: Store, lease: Lease) -> None:
    """What was claimed and finished cannot be claimed again, and the job goes on behind it."""
    store.schedule.periods(JOB, NOON)
    period = NOON + HOUR / 4
    assert claim(store, lease, period)
    store.schedule.finish(JOB, period, code=3, now=NOON + HOUR / 2)
    assert not claim(store, lease, period)
    last = store.schedule.last(JOB)
    assert last == (JOB, period, "done", NOON + HOUR / 2, NOON + HOUR / 2, 3)
    assert store.schedule.periods(JOB, NOON + HOUR) == (period, frozenset())


def test_a_period_that_was_begun_and_not_ended_comes_again(store: Store, lease: Lease) -> None:
    """A process that died between claim and finish leaves a period that is neither done nor behind."""
    store.schedule.periods(JOB, NOON)
    begun, later = NOON + HOUR / 4, NOON + HOUR / 3
    assert claim(store, lease, begun)
    assert claim(store, lease, later)
    store.schedule.finish(JOB, later, code=0, now=NOON + HOUR / 2)
    known = store.schedule.periods(JOB, NOON + HOUR)
    assert known.since < begun
    assert known.done == {later}
    assert claim(store, lease, begun)
    store.schedule.missed(JOB, [begun], now=NOON + HOUR)
    assert store.schedule.periods(JOB, NOON + HOUR) == (later, frozenset())


def test_only_the_holder_of_the_lease_claims(store: Store, lease: Lease) -> None:
    """Who lost the lease, let it run out, or holds another one, gets nothing."""
    period = NOON + HOUR / 4
    other = store.hold("a plan", "host 1", now=NOON, seconds=3600)
    assert not claim(store, other, period)
    assert not claim(store, lease, period, now=NOON + HOUR)
    taken = store.hold(SCHEDULE, "host 2", now=NOON + HOUR, seconds=3600)
    assert not claim(store, lease, period, now=NOON + HOUR)
    assert claim(store, taken, period, now=NOON + HOUR)


def test_missed_periods_change_nothing_that_was_done(store: Store, lease: Lease) -> None:
    """Letting a period go that was done keeps it done, with its code."""
    period = NOON + HOUR / 4
    claim(store, lease, period)
    store.schedule.finish(JOB, period, code=3, now=NOON + HOUR / 2)
    store.schedule.missed(JOB, [period, NOON + HOUR], now=NOON + HOUR)
    assert [(run.period, run.state, run.code) for run in store.schedule.runs(JOB, limit=9)] == [
        (NOON + HOUR, "missed", 0),
        (period, "done", 3),
    ]
    assert not claim(store, lease, NOON + HOUR)


@pytest.mark.parametrize("ahead", [HOUR, 365 * 24 * HOUR])
def test_a_clock_that_was_ahead_stops_no_job(store: Store, lease: Lease, ahead: dt.timedelta) -> None:
    """Periods that were done under a clock ahead stay done; those between now and then are due again."""
    store.schedule.periods(JOB, NOON + ahead)
    claim(store, lease, NOON + ahead + HOUR)
    store.schedule.finish(JOB, NOON + ahead + HOUR, code=0, now=NOON + ahead + HOUR)
    known = store.schedule.periods(JOB, NOON)
    assert known.since == NOON
    assert NOON + ahead + HOUR in known.done
    assert store.schedule.periods(JOB, NOON + HOUR / 2).since == NOON


def test_plans_that_were_left_are_taken_up(store: Store, lease: Lease) -> None:
    """A plan a period did not get to waits under that period until it is taken up or a new period begins."""
    first, second = NOON + HOUR / 4, NOON + HOUR / 3
    claim(store, lease, first)
    store.schedule.finish(JOB, first, code=0, now=NOON + HOUR / 2, left=("p-000001", "p-000002"))
    store.schedule.finish("sync-more", first, code=0, now=NOON, left=("p-000001",))
    assert store.schedule.left_plans() == (
        LeftPlan("sync-more", "p-000001", first),
        LeftPlan(JOB, "p-000001", first),
        LeftPlan(JOB, "p-000002", first),
    )
    store.schedule.take_up(LeftPlan(JOB, "p-000001", first))
    assert len(store.schedule.left_plans()) == 2
    assert store.schedule.last(JOB) is not None
    claim(store, lease, second)
    assert store.schedule.left_plans() == (LeftPlan("sync-more", "p-000001", first),)


def test_old_periods_are_forgotten_but_the_last_of_each_job(store: Store, lease: Lease) -> None:
    """After 400 days a period is gone; a job's newest one stays, so that it is not taken for a new job."""
    store.schedule.periods(JOB, NOON)
    store.schedule.missed(JOB, [NOON + number * HOUR for number in range(1, 5)], now=NOON)
    store.schedule.periods("other", NOON)
    assert store.schedule.prune(NOON + dt.timedelta(days=400)) == 0
    assert store.schedule.prune(NOON + dt.timedelta(days=401)) == 4
    assert store.schedule.periods(JOB, NOON + dt.timedelta(days=401)).since == NOON + 4 * HOUR
    assert store.schedule.periods("other", NOON + dt.timedelta(days=401)).since == NOON


def test_a_store_that_cannot_be_used_says_so(store: Store, lease: Lease) -> None:
    """Trouble of the database is our own error."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE job_period")
    with pytest.raises(StoreError):
        claim(store, lease, NOON)


def test_what_an_earlier_program_noted_of_a_job_goes_to_the_first_that_asks(store: Store, lease: Lease) -> None:
    """Its done periods, and the plans it left; a job of the same name in another configuration begins anew."""
    store.schedule.periods(JOB, NOON)
    assert claim(store, lease, NOON + HOUR / 4)
    store.schedule.finish(JOB, NOON + HOUR / 4, code=0, now=NOON + HOUR / 2, left=("p-000001",))
    first, second = (Schedule(store._engine, whose) for whose in ("aaaa", "bbbb"))
    assert first.last(JOB) == store.schedule.last(JOB)
    assert first.periods(JOB, NOON + HOUR).since == NOON + HOUR / 4
    assert first.left_plans() == (LeftPlan(JOB, "p-000001", NOON + HOUR / 4),)
    assert second.periods(JOB, NOON + HOUR).since == NOON + HOUR
    assert (second.left_plans(), second.last(JOB)) == ((), None)
