"""writes = "none": a plan is checked, remembered and mailed about, and nothing ever stands in its workbook."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, MailStage, late_rows
from run.stage import DUE, NOTES, YES, Stage

from sheets_sync.errors import UsageError
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended
from sheets_sync.run.press import press, take_back
from sheets_sync.run.site import Options
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo

UID = "plan-uid"


class OnlyRead:
    """A workbook that a viewer has: whoever tries to write fails."""

    def __init__(self, book) -> None:
        self._book = book

    def __getattr__(self, name):
        assert name != "apply", "something was to be written"
        return getattr(self._book, name)


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path)
    yield stage
    stage.store.close()


def viewing(stage):
    """The plan as a viewer has it."""
    return replace(stage.site, workbook=OnlyRead(stage.book), writes=False)


def test_the_first_run_asks_nothing_and_writes_nothing(stage):
    """Without a yes and without a write, all rows are known afterwards; a second run finds nothing new."""
    shown = stage.book.shown("Actions")
    first = sync(viewing(stage), Options())
    assert (first.ended, first.code, first.may_mail) == (Ended.NOTHING, 0, True)
    assert "writes" in first.reason
    assert len(first.looked.judgement.assessments) == 10
    assert stage.book.shown("Actions") == shown
    assert len(stage.store.history(UID).known) == 10
    assert sync(viewing(stage), Options()).ended is Ended.UNCHANGED


def test_a_dry_run_would_write_nothing(stage):
    """What is shown beforehand is what happens."""
    looked = sync(viewing(stage), Options(dry_run=True))
    assert looked.ended is Ended.PREVIEW
    assert not looked.changes


def test_rows_without_an_id_keep_their_history_by_their_text(stage):
    """A date that moves is a slip of that row; rows are moved about, and stay who they are."""
    sync(viewing(stage), Options())
    before = {known.action: key for key, known in stage.store.history(UID).known.items()}
    stage.clock.move(days=3)
    stage.book.type_in("Actions", 5, DUE, dt.date(2026, 12, 18))
    sync(viewing(stage), Options(accept_clock=True))
    after = {known.action: key for key, known in stage.store.history(UID).known.items() if known.gone is None}
    assert after == before
    key = before["Publish price list number 3 on the intranet"]
    assert [due for _, due in stage.store.versions.dues(UID, key)] == [dt.date(2026, 11, 23), dt.date(2026, 12, 18)]


def test_a_row_whose_text_is_changed_is_a_new_one(stage):
    """What does not work without ids: its history ends, and that is all that happens."""
    sync(viewing(stage), Options())
    stage.book.type_in("Actions", 5, 1, "Something quite different")
    sync(viewing(stage), Options())
    known = stage.store.history(UID).known.values()
    assert len(known) == 11
    assert [one.action for one in known if one.gone is not None] == ["Publish price list number 3 on the intranet"]


def test_nothing_can_be_made_to_write(stage):
    """Not adopting, restoring or marking columns, nor the button, nor undo; and leave has nothing to take."""
    stage.run()
    shown = stage.book.shown("Actions")
    stage.book.type_in("Actions", 5, NOTES, "a word")
    shown = stage.book.shown("Actions")
    for more in ({"adopt": True}, {"restore_columns": True}, {"adopt_columns": True}, {"accept_changes": True}):
        assert sync(viewing(stage), replace(YES, read_always=True, **more)).ended is Ended.NOTHING
    assert press(viewing(stage), YES).ended is Ended.PREVIEW
    for command in (take_back, lambda site: undo(site, restore=None), lambda site: leave(site, dry_run=False)):
        with pytest.raises(UsageError, match="writes"):
            command(viewing(stage))
    assert stage.book.shown("Actions") == shown
    assert not stage.store.state(UID).paused


def test_leaving_a_plan_that_was_never_written_forgets_it(stage):
    """There is nothing of ours in the workbook, so nothing is in the way."""
    sync(viewing(stage), Options())
    assert leave(viewing(stage), dry_run=False).ended is Ended.NOTHING
    assert stage.store.history(UID).known == {}


def test_what_keeps_a_workbook_from_being_written_keeps_nothing_back(stage):
    """A read-only file is read like any other."""
    site = replace(viewing(stage), why_not_written=lambda: "the file is read-only")
    assert sync(site, Options()).ended is Ended.NOTHING


def test_writing_begins_when_it_is_allowed(stage):
    """The rows get the ids under which they are remembered."""
    sync(viewing(stage), Options())
    known = {key: one.action for key, one in stage.store.history(UID).known.items()}
    assert sync(replace(stage.site, config_hash="another"), YES).ended is Ended.WRITTEN
    assert dict(zip(stage.column("ID"), stage.column("Action"), strict=True)) == known


def test_mails_go_out(tmp_path):
    """Owners are told as ever."""
    mails = MailStage(tmp_path)
    plan = mails.add("north-plan", late_rows("Ana Lima"), adopted=False)
    shown = plan.book.shown("Actions")
    site = mails.site
    mails.site = lambda uid, clock=None: replace(site(uid, clock), workbook=OnlyRead(plan.book), writes=False)
    mails.run_plan("north-plan", at=dt.datetime(2026, 11, 18, 6, tzinfo=dt.UTC))
    mails.store.outbox.release("north-plan", mails.clock.now())
    mails.at("2026-11-23 08:00")
    assert mails.tick().left
    assert ANA.address in mails.addresses
    assert plan.book.shown("Actions") == shown
    mails.store.close()
