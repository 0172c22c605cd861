"""The button: a plan checked and flagged in the open workbook, on a workbook in memory with a real store."""

import copy
import datetime as dt
from dataclasses import replace

import pytest
from run.stage import ACTION, DUE, OWNER, STATUS, YES, SetClock, Stage

from sheets_sync.core.card import card_of, settings_of
from sheets_sync.errors import UsageError
from sheets_sync.run.outcome import Ended
from sheets_sync.run.press import AS_GUEST, press, press_as_guest, take_back
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store

NEW_ROW = ("Order the spare pump for line 2", None, None, "In progress", None)


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.store.close()


def pressed(stage, **more):
    return press(stage.site, replace(YES, **more))


def our_columns(stage):
    return [stage.column(header) for header in ("ID", "Flag", "Next fix")]


def type_new_row(stage, row=12):
    for column, value in enumerate(NEW_ROW, 1):
        stage.book.type_in("Actions", row, column, value)


def test_a_press_writes_what_the_run_would_write(stage, tmp_path):
    """Same keys, flags and fixes for the same cells, at the first write and after edits."""
    twin = Stage(tmp_path / "twin")
    stage.run(), twin.run()
    for one in (stage, twin):
        one.clock.move(days=1)
        one.book.type_in("Actions", 2, STATUS, "Done")
        one.book.type_in("Actions", 4, OWNER, "Rui Costa")
        one.book.type_in("Actions", 5, DUE, dt.date(2026, 12, 30))
    assert pressed(stage).ended is Ended.WRITTEN
    assert twin.run().ended is Ended.WRITTEN
    assert our_columns(stage) == our_columns(twin)
    twin.store.close()


def test_a_first_press_asks_and_writes_what_the_first_run_would(stage, tmp_path):
    """Columns, ids and flags are the same; a no leaves the workbook as it is."""
    twin = Stage(tmp_path / "twin")
    twin.run()
    before = stage.book.fingerprint()
    assert pressed(stage, confirm=lambda outcome: outcome.ended is not Ended.UNCONFIRMED).ended is Ended.UNCONFIRMED
    assert stage.book.fingerprint() == before
    assert pressed(stage).ended is Ended.WRITTEN
    assert our_columns(stage) == our_columns(twin)
    twin.store.close()


def test_a_press_teaches_the_store_nothing(stage):
    """A date typed to try, pressed and closed unsaved, never happened: no history, no last run, no stamp."""
    stage.run()
    saved = copy.deepcopy(stage.book)
    before, state = stage.store.history("plan-uid"), stage.store.state("plan-uid")
    stage.clock.move(days=1)
    stage.book.type_in("Actions", 2, DUE, dt.date(2027, 6, 1))
    type_new_row(stage)
    stamp = stage.book.read(()).stamp
    assert pressed(stage).ended is Ended.WRITTEN
    assert stage.book.read(()).stamp == stamp
    after = stage.store.history("plan-uid")
    assert after == replace(before, next_number=before.next_number + 1)
    assert stage.store.state("plan-uid") == state._replace(next_number=state.next_number + 1)
    stage.book = saved
    assert stage.run().ended is Ended.WRITTEN
    assert stage.store.versions.dues("plan-uid", "A-0001") == ((dt.date(2026, 11, 16), dt.date(2026, 11, 13)),)


def test_an_id_given_by_a_press_that_was_not_saved_is_never_given_again(stage):
    """The next new row gets the number after it."""
    stage.run()
    saved = copy.deepcopy(stage.book)
    type_new_row(stage)
    pressed(stage)
    assert stage.column("ID")[-1] == "A-0011"
    stage.book = saved
    stage.book.type_in("Actions", 12, ACTION, "Another action that somebody wrote meanwhile")
    stage.run()
    assert stage.column("ID")[-1] == "A-0012"


def test_a_saved_press_leaves_the_next_run_nothing_to_write(stage):
    """A new row that the press judged is not taken for one that is still being typed."""
    stage.run()
    type_new_row(stage)
    assert pressed(stage).ended is Ended.WRITTEN
    assert stage.column("Flag")[-1] == "NO OWNER"
    stage.clock.move(minutes=5)
    assert stage.run().ended is Ended.NOTHING
    stage.clock.move(minutes=5)
    assert stage.run(read_always=True).ended is Ended.NOTHING


def test_a_copied_row_is_still_being_typed(stage):
    """A row that was copied with its flag and id keeps the typing grace in the next run."""
    stage.run()
    stage.book.copy_row("Actions", 4, 12)
    stage.book.type_in("Actions", 12, ACTION, "Order the spare pump for line 2")
    outcome = stage.run()
    assert outcome.looked.judgement.in_grace == 1


def test_the_first_run_after_a_first_press_adopts_the_plan_and_keeps_its_ids(stage):
    """Adoption is what the saved file shows; the ids are this store's own, so numbers do not jump."""
    pressed(stage)
    assert stage.store.history("plan-uid").adopted_on is None
    assert stage.run().ended in (Ended.NOTHING, Ended.WRITTEN)
    assert stage.store.history("plan-uid").adopted_on == dt.date(2026, 11, 16)
    type_new_row(stage)
    stage.run()
    assert stage.column("ID") == [f"A-{n:04d}" for n in range(1, 12)]


def test_a_press_that_changes_nothing_leaves_no_trace(stage):
    """Nothing is written, so Excel's undo list stays; nothing is journalled either."""
    stage.run()
    before = stage.book.fingerprint()
    assert pressed(stage).ended is Ended.NOTHING
    assert stage.book.fingerprint() == before
    assert stage.store.presses.last("plan-uid") is None


def test_check_only_writes_nothing(stage):
    """A look is only a look."""
    stage.run()
    before = stage.book.fingerprint()
    stage.book.type_in("Actions", 2, STATUS, "Done")
    outcome = pressed(stage, dry_run=True)
    assert (outcome.ended, len(outcome.changes.edits)) == (Ended.PREVIEW, 1)
    stage.book.type_in("Actions", 2, STATUS, "In progress")
    assert stage.book.fingerprint() == before


def test_taking_back_a_press_leaves_what_people_typed_over(stage):
    """What the press wrote and nobody changed goes; the plan is paused, and goes on only after a yes."""
    stage.run()
    stage.book.type_in("Actions", 2, STATUS, "Done")
    type_new_row(stage)
    before = our_columns(stage)
    pressed(stage)
    stage.book.type_in("Actions", 12, 7, "my own word")
    outcome = take_back(stage.site)
    assert len(outcome.receipt.refused) == 1
    assert stage.column("Flag") == [*before[1][:-1], "my own word"]
    assert stage.column("ID") == before[0]
    assert stage.store.state("plan-uid").paused
    assert pressed(stage, confirm=lambda outcome: outcome.ended is not Ended.PAUSED).ended is Ended.PAUSED
    assert pressed(stage).ended is Ended.WRITTEN
    assert not stage.store.state("plan-uid").paused


def test_a_first_press_taken_back_takes_the_columns_too(stage):
    """The workbook shows again what people wrote, and nothing else."""
    before = stage.book.shown("Actions")
    pressed(stage)
    take_back(stage.site)
    assert stage.book.shown("Actions") == before


def test_there_is_one_press_to_take_back(stage):
    """A second time, or after a run alone, the answer says where to undo instead."""
    stage.run()
    with pytest.raises(UsageError, match="no sync from this workbook"):
        take_back(stage.site)
    stage.book.type_in("Actions", 2, STATUS, "Done")
    pressed(stage)
    take_back(stage.site)
    with pytest.raises(UsageError, match="no sync from this workbook"):
        take_back(stage.site)


def test_undo_takes_back_the_last_run_not_the_press(stage):
    """A press may never have been saved."""
    stage.run()
    stage.book.type_in("Actions", 2, STATUS, "Done")
    pressed(stage)
    undo(stage.site, restore=None)
    assert stage.column("Flag")[1:] == [None] * 9
    assert "Next fix" not in stage.book.shown("Actions")[0]


class Killed(BaseException):
    """The process dies."""


def test_a_press_killed_half_way_is_given_up_and_its_ids_stay_with_their_rows(stage, monkeypatch):
    """The next run does its work; a row that was to get an id gets that one."""
    stage.run()
    type_new_row(stage)
    book = stage.book

    def dies(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(book, "apply", dies)
        with pytest.raises(Killed):
            pressed(stage)
    assert stage.run().ended is Ended.WRITTEN
    assert stage.column("ID")[-1] == "A-0011"


class TestAsGuest:
    """A computer that knows nothing of the plan but its card."""

    @pytest.fixture
    def guest(self, stage):
        stage.book.type_in("Actions", 11, STATUS, "Done")
        stage.book.type_in("Actions", 10, DUE, dt.date(2027, 3, 1))
        stage.run()
        stage.clock.move(days=21)
        stage.run(accept_clock=True)
        stage.away = SetClock(stage.clock.instant)
        return stage

    def press(self, stage, **more):
        card = settings_of(stage.book.read(()).card)
        return press_as_guest(stage.book, card, clock=stage.away, **more)

    def test_flags_that_only_history_can_give_stay(self, guest):
        """Nothing to change for somebody who sees the same cells: STALE and what was closed long ago stay."""
        assert "STALE" in guest.column("Flag")
        before = our_columns(guest)
        outcome = self.press(guest)
        assert (outcome.ended, outcome.notes) == (Ended.NOTHING, (AS_GUEST,))
        assert our_columns(guest) == before

    def test_nothing_is_said_of_rows_closed_before_the_plan_was_adopted(self, stage):
        """Cancelled, or done with a date that is none: the plan's run leaves them alone, and so does a guest."""
        stage.book.type_in("Actions", 11, STATUS, "Cancelled")
        stage.book.type_in("Actions", 10, STATUS, "Done")
        stage.book.type_in("Actions", 10, DUE, "31/02/2026")
        stage.run()
        stage.away = SetClock(stage.clock.instant)
        before = our_columns(stage)
        assert before[1][-2:] == [None, None]
        assert self.press(stage).ended is Ended.NOTHING
        assert our_columns(stage) == before

    def test_edits_are_flagged_at_once_and_no_id_is_given(self, guest):
        """A guest sees the new row's flag; its id waits for the plan's own run."""
        guest.book.type_in("Actions", 2, STATUS, "Done")
        type_new_row(guest)
        before = guest.store.history("plan-uid")
        outcome = self.press(guest)
        assert outcome.ended is Ended.WRITTEN
        assert guest.column("Flag")[0] == "DONE"
        assert guest.column("Flag")[-1] == "NO OWNER"
        assert guest.column("ID")[-1] is None
        assert guest.store.history("plan-uid") == before

    def test_check_only(self, guest):
        """A guest's look writes nothing."""
        guest.book.type_in("Actions", 2, STATUS, "Done")
        before = guest.book.fingerprint()
        assert self.press(guest, check_only=True).ended is Ended.PREVIEW
        assert guest.book.fingerprint() == before

    @pytest.mark.parametrize("odd", [{"timezone": zone} for zone in ("Mars/Base", "../../etc/passwd", "Europe")])
    def test_a_card_without_a_time_zone_writes_nothing(self, guest, odd):
        """A workbook is data: what its card says must make sense."""
        settings = replace(settings_of(guest.book.read(()).card), **odd)
        assert press_as_guest(guest.book, settings, clock=guest.away).ended is Ended.READ_ONLY

    def test_a_card_without_working_days_writes_nothing(self, guest):
        """A calendar in which nothing is ever late is no calendar."""
        settings = settings_of(guest.book.read(()).card)
        idle = replace(settings, calendar=replace(settings.calendar, workdays=frozenset()))
        outcome = press_as_guest(guest.book, idle, clock=guest.away)
        assert outcome.ended is Ended.READ_ONLY
        assert "working days" in outcome.reason

    def test_a_card_with_the_last_day_of_all_is_judged(self, guest):
        """A holiday at the very end of the calendar is odd, and no reason to stop."""
        settings = settings_of(guest.book.read(()).card)
        odd = replace(settings, calendar=replace(settings.calendar, holidays=frozenset({dt.date.min, dt.date.max})))
        assert press_as_guest(guest.book, odd, clock=guest.away).ended is Ended.NOTHING

    def test_where_another_store_writes_the_workbook_the_button_is_a_guest(self, guest, tmp_path):
        """The plan is installed here too, but its history is elsewhere."""
        guest.book.type_in("Actions", 2, STATUS, "Done")
        with_other = replace(guest.site, store=Store.open(tmp_path / "other"))
        outcome = press(with_other, YES)
        assert (outcome.ended, outcome.notes) == (Ended.WRITTEN, (AS_GUEST,))
        assert with_other.store.presses.last("plan-uid") is None
        with_other.store.close()


def test_a_run_leaves_the_card_in_the_workbook(stage):
    """So that the button knows the plan wherever the workbook goes."""
    stage.run()
    assert stage.book.read(()).card == card_of(stage.settings, dt.date(2026, 11, 16))
