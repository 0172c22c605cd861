"""One run per plan at a time, though processes die, sleep and have wrong clocks (HAZARDS 31)."""

import datetime as dt

import pytest
from store_samples import NOON, PLAN, changes, edit, remembered, start

from sheets_sync.errors import HeldElsewhere
from sheets_sync.store.store import Store

MINUTE = dt.timedelta(minutes=1)


def test_a_held_plan_is_refused_to_others(store: Store) -> None:
    """Who comes second is told who holds it and until when: exit code 4. Another plan is free."""
    store.hold(PLAN, "host 1", now=NOON, seconds=900)
    with pytest.raises(HeldElsewhere) as held:
        store.hold(PLAN, "host 2", now=NOON + MINUTE, seconds=900)
    assert held.value.exit_code == 4
    assert "host 1" in held.value.message
    assert "12:15:00" in held.value.message
    assert store.hold("another plan", "host 2", now=NOON, seconds=900).version == 1


def test_a_released_plan_is_free(store: Store) -> None:
    """After release the next one gets it, under a new version."""
    first = store.hold(PLAN, "host 1", now=NOON, seconds=900)
    store.release(first)
    assert not store.still_held(first, NOON)
    second = store.hold(PLAN, "host 1", now=NOON, seconds=900)
    assert second.version == first.version + 1


def test_a_run_that_slept_past_its_lease_notices(store: Store) -> None:
    """Stopped past its time and overtaken, the first run no longer holds the plan, and its release frees nothing."""
    first = store.hold(PLAN, "host 1", now=NOON, seconds=60)
    assert store.still_held(first, NOON + MINUTE / 2)
    assert not store.still_held(first, NOON + MINUTE)
    second = store.hold(PLAN, "host 2", now=NOON + MINUTE, seconds=60)
    assert not store.still_held(first, NOON)
    store.release(first)
    assert store.still_held(second, NOON + MINUTE)
    with pytest.raises(HeldElsewhere):
        store.hold(PLAN, "host 3", now=NOON + MINUTE, seconds=60)


@pytest.mark.parametrize(("behind", "free"), [(dt.timedelta(0), False), (dt.timedelta(seconds=1), True)])
def test_a_lease_from_a_wrong_clock_is_ignored(store: Store, behind: dt.timedelta, free: bool) -> None:
    """A lease that ends more than an hour ahead was made under a clock that ran fast: it holds nobody back."""
    fast = store.hold(PLAN, "host 1", now=NOON, seconds=3600)
    now = NOON - behind
    if free:
        assert store.hold(PLAN, "host 2", now=now, seconds=60).version == fast.version + 1
        assert not store.still_held(fast, now)
    else:
        with pytest.raises(HeldElsewhere):
            store.hold(PLAN, "host 2", now=now, seconds=60)


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_a_lease_lasts_at_most_an_hour(store: Store, seconds: float) -> None:
    """A longer one would be ignored by the others, so it is not given."""
    with pytest.raises(ValueError, match="hour"):
        store.hold(PLAN, "host 1", now=NOON, seconds=seconds)


def test_time_zones_do_not_matter(store: Store) -> None:
    """The same instant in another zone is the same instant."""
    lisbon = dt.timezone(dt.timedelta(hours=1))
    store.hold(PLAN, "host 1", now=NOON.astimezone(lisbon), seconds=60)
    with pytest.raises(HeldElsewhere, match="12:01:00 UTC"):
        store.hold(PLAN, "host 2", now=NOON, seconds=60)
    assert store.hold(PLAN, "host 2", now=(NOON + MINUTE).astimezone(lisbon), seconds=60).version == 2


def test_a_holder_that_surely_died_holds_nobody_back(store: Store) -> None:
    """The caller may know that the holder is gone; then its lease is free at once, and only then."""
    first = store.hold(PLAN, "host 1, process 7", now=NOON, seconds=900)
    with pytest.raises(HeldElsewhere):
        store.hold(PLAN, "host 2", now=NOON, seconds=900, is_gone=lambda holder: holder == "host 1, process 8")
    second = store.hold(PLAN, "host 2", now=NOON, seconds=900, is_gone=lambda holder: holder == "host 1, process 7")
    assert second.version == first.version + 1
    assert not store.still_held(first, NOON)


def test_two_plans_of_one_workbook_take_turns(store: Store) -> None:
    """A run holds its workbook beside its plan: another plan of it has to wait, and takes nothing by trying."""
    first = store.hold(PLAN, "host 1", now=NOON, seconds=900, workbook="sheet 1")
    with pytest.raises(HeldElsewhere, match="workbook"):
        store.hold("another plan", "host 2", now=NOON, seconds=900, workbook="sheet 1")
    store.release(store.hold("another plan", "host 2", now=NOON, seconds=900, workbook="sheet 2"))
    store.release(first)
    assert store.hold("another plan", "host 2", now=NOON, seconds=900, workbook="sheet 1").version == 2


def test_a_lease_is_lost_with_its_workbook(store: Store) -> None:
    """Whose workbook another plan has taken since holds nothing any more, though its plan is still its own."""
    first = store.hold(PLAN, "host 1", now=NOON, seconds=60, workbook="sheet 1")
    store.hold("another plan", "host 2", now=NOON + MINUTE, seconds=60, workbook="sheet 1")
    assert not store.still_held(first, NOON + MINUTE / 2)
    with pytest.raises(HeldElsewhere):
        store.begin(start(), changes(edit("A-0001")), remembered(), next_number=1, lease=first)
    assert store.open_runs(PLAN) == ()


def test_a_run_that_begins_takes_its_lease_anew(store: Store) -> None:
    """However long it read, from its beginning on it has the whole time; nobody else can take it over in between."""
    late = start()._replace(started=NOON + 2 * MINUTE)
    lease = store.hold(PLAN, "host 1", now=NOON, seconds=60, workbook="sheet 1")
    store.begin(late, changes(edit("A-0001")), remembered(), next_number=1, lease=lease)
    assert store.still_held(lease, NOON + 2.5 * MINUTE)
    assert not store.still_held(lease, NOON + 3 * MINUTE)
    with pytest.raises(HeldElsewhere):
        store.hold("another plan", "host 2", now=NOON + 2.5 * MINUTE, seconds=60, workbook="sheet 1")
