"""Runs begin, finish or are abandoned; numbers never go back; what undo, skip and settle need is there."""

import dataclasses
from pathlib import Path

import pytest
from store_samples import (
    COLUMN,
    KEYS,
    PLAN,
    changes,
    day,
    edit,
    instant,
    known,
    minted,
    receipt,
    remembered,
    run,
    stamp,
    start,
)

from sheets_sync.core.decision import Changes, Receipt, Refused
from sheets_sync.core.snapshot import Stamp
from sheets_sync.errors import HeldElsewhere, StoreError
from sheets_sync.store.store import FinishedRun, OpenRun, PlanState, Store, WrittenRun

NOTHING = changes()
ADDS = remembered(known("A-0001"))


def test_an_unknown_plan(store: Store) -> None:
    """Asking about a plan the store never heard of is no error and makes nothing."""
    assert store.state(PLAN) == PlanState(False, False, "", 0, None, 1, frozenset())
    assert store.skip_check(PLAN) is None
    assert store.open_runs(PLAN) == ()
    assert store.written.last(PLAN) is None
    store.forget(PLAN)
    assert list(store.versions.rows(PLAN)) == []


def test_a_begun_run_can_be_taken_up_again(store: Store, place: Path) -> None:
    """After a crash everything is there: start, every change with before and after, what to remember."""
    made = changes(edit("A-0001", before="x"), minted("w", "A-0002", 6), stamp=stamp(store, 1), structures=(COLUMN,))
    opened = store.begin(start(1, kind="undo"), made, ADDS, next_number=3)
    store.close()
    again = Store.open(place)
    expected = OpenRun(opened, start(1, kind="undo"), made, ADDS)
    assert again.open_runs(PLAN) == (expected,)
    again.close()


def test_a_second_run_waits_for_the_first_to_be_settled(store: Store) -> None:
    """While a run is open no other begins, and nothing of the refused one stays."""
    opened = store.begin(start(), NOTHING, ADDS, next_number=2)
    with pytest.raises(StoreError, match="did not end"):
        store.begin(start(), changes(edit("A-0001")), ADDS, next_number=9)
    assert [one.run for one in store.open_runs(PLAN)] == [opened]
    assert store.state(PLAN).next_number == 2
    assert store.begin(start(plan="another"), NOTHING, ADDS, next_number=1) > opened


def test_a_run_decided_on_an_older_state_is_refused(store: Store) -> None:
    """Two runs that decided on the same state both want write 1: the later one finds the workbook taken."""
    made = changes(edit("A-0001"), stamp=stamp(store, 1))
    run(store, 0, made, ADDS, next_number=2)
    with pytest.raises(HeldElsewhere):
        store.begin(start(), made, ADDS, next_number=2)
    assert store.open_runs(PLAN) == ()


def test_numbers_never_go_back(store: Store) -> None:
    """Ids once reserved stay reserved, whether their run finished, was abandoned, or a later one asks for less."""
    run(store, 0, changes(minted("w", "A-0041", 5)), ADDS, next_number=42)
    store.abandon(store.begin(start(1), NOTHING, ADDS, next_number=50), finished=instant(1), reason="open in Excel")
    run(store, 2, NOTHING, ADDS, next_number=7)
    assert store.state(PLAN).next_number == 50
    store.forget(PLAN)
    assert store.state(PLAN).next_number == 50
    assert store.history(PLAN).next_number == 50


def test_what_a_finished_run_leaves(store: Store) -> None:
    """State and skip check tell the last finished run, with what was applied, refused, and the workbook's print."""
    made = changes(edit("A-0001"), edit("A-0002", 6), stamp=stamp(store, 1), structures=(COLUMN,))
    opened = store.begin(start(1), made, ADDS, next_number=2)
    done = Receipt(made.edits[:1], (COLUMN,), (Refused(made.edits[1], "changed"),), "left", 2, 9, "the backup")
    store.finish(opened, done, ADDS, finished=instant(1.5), settled=False)
    last = FinishedRun(
        opened, "sync", day(1), instant(1), instant(1.5), "left", "config", "1.0", False, applied=2, refused=1, write=1
    )
    assert store.skip_check(PLAN) == last
    assert store.state(PLAN) == PlanState(True, False, "", 1, last, 2, frozenset(), 1, store.id)
    assert store.open_runs(PLAN) == ()


@pytest.mark.parametrize("end", ["finish", "abandon"])
def test_a_run_ends_once(store: Store, end: str) -> None:
    """A run that ended can be neither finished nor abandoned again."""
    opened = store.begin(start(), NOTHING, ADDS, next_number=1)
    if end == "finish":
        store.finish(opened, receipt(NOTHING), ADDS, finished=instant(0), settled=True)
    else:
        store.abandon(opened, finished=instant(0), reason="nothing")
    with pytest.raises(StoreError):
        store.finish(opened, receipt(NOTHING), ADDS, finished=instant(0), settled=True)
    with pytest.raises(StoreError):
        store.abandon(opened, finished=instant(0), reason="nothing")
    with pytest.raises(StoreError):
        store.finish(opened + 1, receipt(NOTHING), ADDS, finished=instant(0), settled=True)


def test_an_abandoned_run_leaves_no_trace_but_its_ids(store: Store) -> None:
    """The plan is as unknown as before, and its next write has the same number again."""
    made = changes(edit("A-0001"), stamp=stamp(store, 1))
    for number in range(3):
        opened = store.begin(start(number), made, ADDS, next_number=2)
        assert store.state(PLAN).write == 1
        store.abandon(opened, finished=instant(number), reason="open in Excel")
    assert store.state(PLAN) == PlanState(False, False, "", 0, None, 2, frozenset())
    assert store.written.last(PLAN) is None
    assert not store.history(PLAN).known


def test_giving_a_number_back_undoes_no_adoption(store: Store) -> None:
    """A run abandoned after a higher stamp was accepted leaves the higher number."""
    opened = store.begin(start(), changes(edit("A-0001"), stamp=stamp(store, 1)), ADDS, next_number=1)
    store.accept_stamp(PLAN, 57)
    store.abandon(opened, finished=instant(0), reason="open in Excel")
    assert store.state(PLAN).write == 57


WRITES = [
    pytest.param(changes(edit("A-0001")), receipt(changes(edit("A-0001")), 1), 2, id="written"),
    pytest.param(NOTHING, receipt(NOTHING, 1), 1, id="nothing to write"),
    pytest.param(changes(edit("A")), Receipt((), (), (Refused(edit("A"), "changed"),), "seen 1"), 1, id="all refused"),
    pytest.param(changes(edit("A")), Receipt((), (), (Refused(edit("A"), "changed"),), "left"), 2, id="only stamped"),
    pytest.param(changes(structures=(COLUMN,)), receipt(changes(structures=(COLUMN,)), 1), 2, id="a column"),
]


@pytest.mark.parametrize(("made", "done", "write"), WRITES)
def test_a_write_counts_when_the_workbook_was_written(store: Store, made: Changes, done: Receipt, write: int) -> None:
    """The write number and the stamp follow what the workbook holds: a run that changed nothing in it, by its receipt
    and its print, gives its number back."""
    run(store, 0, changes(edit("A-0009"), stamp=stamp(store, 1)), ADDS)
    made = dataclasses.replace(made, stamp=stamp(store, 2) if made else None)
    opened = store.begin(start(1), made, ADDS, next_number=1)
    store.finish(opened, done, ADDS, finished=instant(1), settled=True)
    state = store.state(PLAN)
    assert (state.write, state.stamp_write, state.stamp_store) == (write, write, store.id)
    assert state.last is not None
    assert state.last.write == write


def test_undo_gets_what_was_applied(store: Store) -> None:
    """Only applied edits and structures, with keys and stamp, the backup, the stamp that stands in it; and what was
    refused."""
    made = changes(edit("A-0001"), edit("A-0002", 6), stamp=stamp(store, 1), structures=(COLUMN,))
    opened = store.begin(start(0), made, ADDS, next_number=1)
    refused = Receipt(made.edits[:1], (COLUMN,), (Refused(made.edits[1], "changed"),), "left 0", backup="backup \udcff")
    store.finish(opened, refused, ADDS, finished=instant(0), settled=False)
    applied = Changes(made.edits[:1], (COLUMN,), KEYS, stamp(store, 1))
    facts = (opened, "sync", instant(0), applied, "left 0", "backup \udcff", None, refused.refused)
    assert store.written.last(PLAN) == WrittenRun(*facts)
    run(store, 1, NOTHING, ADDS)
    assert (written := store.written.last(PLAN)) is not None
    assert written.run == opened
    second = changes(edit("A-0001", before="OVERDUE"), stamp=stamp(store, 2))
    opened = store.begin(start(2), second, ADDS, next_number=1)
    store.finish(
        opened, Receipt(second.edits, (), (), "left 2", backup="backup 2"), ADDS, finished=instant(2), settled=True
    )
    assert (written := store.written.last(PLAN)) is not None
    assert (written.run, written.backup, written.stamp_before) == (opened, "backup 2", stamp(store, 1))


def test_what_the_last_run_was_refused(store: Store) -> None:
    """What the last finished run was refused is known until another one finishes without a refusal."""
    assert store.written.refused(PLAN) == frozenset()
    made = changes(edit("A-0001"), structures=(COLUMN,))
    reasons = (Refused(made.edits[0], "changed"), Refused(COLUMN, "in the way"))
    opened = store.begin(start(), made, ADDS, next_number=2)
    store.finish(opened, Receipt((), (), reasons, "seen 1"), ADDS, finished=instant(0), settled=False)
    assert store.written.refused(PLAN) == {made.edits[0], COLUMN}
    opened = store.begin(start(), NOTHING, ADDS, next_number=2)
    store.finish(opened, Receipt((), (), (), "seen 1"), ADDS, finished=instant(1), settled=True)
    assert store.written.refused(PLAN) == frozenset()


def test_undo_of_the_first_write_after_an_adoption(store: Store) -> None:
    """The backup then holds the stamp of the store that wrote before, and the next number is above it."""
    store.accept_stamp(PLAN, 57, "another store")
    assert store.state(PLAN).write == 57
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 58)), ADDS)
    assert (written := store.written.last(PLAN)) is not None
    assert written.stamp_before == Stamp(PLAN, "another store", 57, "")


def test_a_workbook_put_back_is_accepted(store: Store) -> None:
    """After an undo byte for byte the store knows the stamp the workbook holds; no number is given again."""
    for write in (1, 2):
        run(store, write, changes(edit("A-0001"), stamp=stamp(store, write)), ADDS)
    store.accept_stamp(PLAN, 1)
    state = store.state(PLAN)
    assert (state.write, state.stamp_write, state.stamp_store) == (2, 1, store.id)
    store.accept_stamp(PLAN, 0)
    assert store.state(PLAN)[7:9] == (0, "")


def test_an_undo_puts_back_an_earlier_stamp(store: Store) -> None:
    """An undo is a write with a number of its own, after which the workbook holds the stamp it held before."""
    store.accept_stamp(PLAN, 57, "another store")
    before = Stamp(PLAN, "another store", 57, "")
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 58)), ADDS)
    run(store, 1, changes(edit("A-0001", before="OVERDUE", after=""), stamp=before), ADDS, kind="undo")
    state = store.state(PLAN)
    assert (state.write, state.stamp_write, state.stamp_store) == (59, 57, "another store")


def test_removing_the_stamp_is_noted(store: Store) -> None:
    """After the tool left the workbook, it holds no stamp."""
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 1)), ADDS)
    leave = dataclasses.replace(changes(edit("A-0001", before="OVERDUE", after="")), remove_stamp=True)
    run(store, 1, leave, ADDS, kind="leave")
    assert store.state(PLAN)[7:9] == (0, "")
    assert store.state(PLAN).write == 2


def test_skipping_needs_a_settled_past(store: Store) -> None:
    """A paused plan and one with an open run are never skipped; after resume and settling they are again."""
    finished = run(store, 0, NOTHING, ADDS)
    store.pause(PLAN, "undone by hand", instant(1))
    assert store.skip_check(PLAN) is None
    store.pauses.end(PLAN)
    opened = store.begin(start(1), NOTHING, ADDS, next_number=1)
    assert store.skip_check(PLAN) is None
    store.abandon(opened, finished=instant(1), reason="nothing")
    assert (last := store.skip_check(PLAN)) is not None
    assert last.run == finished


def test_pause_and_resume(store: Store) -> None:
    """A pause has its reason and stays until it is lifted."""
    store.pause(PLAN, "undone at 12:00", instant(0))
    assert store.state(PLAN)[1:3] == (True, "undone at 12:00")
    store.pauses.end(PLAN)
    assert store.state(PLAN)[1:3] == (False, "")


def test_things_are_told_once(store: Store) -> None:
    """True the first time, per plan and thing; what was told is listed."""
    assert store.tell_once(PLAN, "column deleted: flag")
    assert not store.tell_once(PLAN, "column deleted: flag")
    assert store.tell_once(PLAN, "column deleted: id")
    assert store.tell_once("another", "column deleted: flag")
    assert store.state(PLAN).told == {"column deleted: flag", "column deleted: id"}
    assert not store.state(PLAN).known


def test_forgetting_leaves_the_other_plans(store: Store) -> None:
    """After leave nothing of the plan is left but its numbers; others are untouched."""
    adds = remembered(known("A-0001"), silent_witnesses=frozenset({"w"}))
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 1)), adds, next_number=8)
    other = store.begin(start(plan="another"), NOTHING, adds, next_number=3)
    store.finish(other, receipt(NOTHING), adds, finished=instant(0), settled=True)
    store.tell_once(PLAN, "something")
    store.pause(PLAN, "leaving", instant(1))
    store.forget(PLAN)
    assert store.state(PLAN) == PlanState(False, False, "", 1, None, 8, frozenset())
    history = store.history(PLAN)
    assert (history.known, history.silent_witnesses, history.adopted_on) == ({}, frozenset(), None)
    assert store.written.last(PLAN) is None
    assert store.history("another").known.keys() == {"A-0001"}
    assert store.history("another").silent_witnesses == {"w"}


def test_two_stores_open_at_once_agree(store: Store, place: Path) -> None:
    """What one process changes in a plan's sets, another sees, though it had read them before."""
    run(store, 0, NOTHING, remembered(baseline=frozenset({("A-0001", "ACT001")})))
    other = Store.open(place)
    assert other.history(PLAN).baseline == {("A-0001", "ACT001")}
    run(store, 1, NOTHING, remembered(baseline=frozenset({("A-0002", "ACT001")})))
    assert other.history(PLAN).baseline == {("A-0002", "ACT001")}
    run(other, 2, NOTHING, remembered(baseline=frozenset({("A-0002", "ACT001"), ("A-0003", "ACT001")})))
    assert store.history(PLAN).baseline == {("A-0002", "ACT001"), ("A-0003", "ACT001")}
    other.close()
