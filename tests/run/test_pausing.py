"""A plan that rests: nothing is written or mailed, it goes on by itself on its day, and its days are not silence."""

import datetime as dt

import pytest
from run.mail_stage import ANA, late_rows
from run.mail_stage import MailStage as Mails
from run.stage import Stage

from sheets_sync.errors import UsageError
from sheets_sync.run.outcome import Ended
from sheets_sync.run.pausing import BY_HAND, pause, resume
from sheets_sync.run.undo import undo

UID = "plan-uid"
THURSDAY, FRIDAY = dt.date(2026, 11, 19), dt.date(2026, 11, 20)


@pytest.fixture
def stage(tmp_path):
    """A plan after its first run, on Monday 16 November."""
    stage = Stage(tmp_path)
    stage.run()
    stage.clock.move(hours=1)
    yield stage
    stage.store.close()


def kinds(stage) -> list[str]:
    return [event.kind for event in stage.store.health.events(UID)]


def test_nothing_is_written_until_the_day_and_then_it_goes_on_by_itself(stage):
    """On each day before, a run checks and says until when; on the day the plan runs as ever."""
    pause(stage.site, until=FRIDAY)
    before = stage.book.shown("Actions")
    for _ in range(3):
        stage.clock.move(days=1)
        rested = stage.run(accept_clock=True)
        assert (rested.ended, rested.code, rested.may_mail) == (Ended.PAUSED, 0, False)
        assert "2026-11-20" in rested.reason
        assert stage.book.shown("Actions") == before
    stage.clock.move(days=1)
    assert stage.run(accept_clock=True).ended is Ended.WRITTEN
    assert stage.book.shown("Actions") != before
    assert stage.store.pauses.now(UID) is None
    assert kinds(stage)[:2] == ["resumed", "paused"]


def test_the_day_is_the_plans_own(stage):
    """In Auckland the day begins when it is still the day before in UTC."""
    stage.settings = stage.settings.__class__(UID, name="Plan", tabs=("Actions",), timezone="Pacific/Auckland")
    pause(stage.site, until=FRIDAY)
    stage.clock.move(days=3)
    assert stage.run(accept_clock=True).ended is Ended.PAUSED
    stage.clock.move(hours=2)
    assert stage.run(accept_clock=True).ended is Ended.WRITTEN


def test_the_days_of_a_pause_are_no_silence(tmp_path):
    """A row silent for eight working days before and after a pause of four weeks is not stale; without it, it is."""
    flags = {}
    for name in ("paused", "ran on"):
        stage = Stage(
            tmp_path / name, rows=[("Publish the list of prices", "Ana Lima", dt.date(2027, 6, 1), "In progress", "")]
        )
        stage.run()
        stage.clock.move(days=4)
        if name == "paused":
            pause(stage.site, until=dt.date(2026, 12, 18))
        stage.clock.move(days=28)
        stage.run(accept_clock=True)
        flags[name] = stage.column("Flag")
        stage.store.close()
    assert flags["paused"] != flags["ran on"]
    assert "STALE" in str(flags["ran on"])
    assert "STALE" not in str(flags["paused"])


def test_a_late_row_is_late_by_its_own_date(stage):
    """A pause moves no due date: what fell due in it is overdue since its day when the plan goes on."""
    pause(stage.site, until=FRIDAY)
    stage.clock.move(days=4)
    stage.run(accept_clock=True)
    assert any("OVERDUE" in str(flag) and "16 Nov" in str(flag) for flag in stage.column("Flag"))


def test_resume_ends_it_before_its_day(stage):
    """The days until then count as the pause; a second resume has nothing to end."""
    pause(stage.site, until=FRIDAY)
    stage.clock.move(days=1)
    assert resume(stage.site)
    assert not resume(stage.site)
    assert stage.store.history(UID).pauses == ((dt.date(2026, 11, 16), dt.date(2026, 11, 17)),)
    assert stage.run().ended is Ended.WRITTEN


def test_a_pause_can_get_another_end(stage):
    """The later word counts, and it began when it began."""
    pause(stage.site)
    stage.clock.move(days=1)
    pause(stage.site, until=FRIDAY)
    found = stage.store.pauses.now(UID)
    assert (found.since.date(), found.until, found.reason) == (dt.date(2026, 11, 16), FRIDAY, BY_HAND)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 16), dt.date(2026, 11, 1)])
def test_a_pause_that_is_over_at_once_is_refused(stage, day):
    """Today and the past are no days to come; nothing is paused."""
    with pytest.raises(UsageError, match="a day to come"):
        pause(stage.site, until=day)
    assert not stage.store.state(UID).paused


def test_the_pause_of_an_undo_has_no_end_by_itself(stage):
    """Neither a pause before it nor one after gives it one: the next tick must not write it all again."""
    pause(stage.site, until=THURSDAY)
    undo(stage.site, restore=None)
    with pytest.raises(UsageError, match="undo"):
        pause(stage.site, until=FRIDAY)
    stage.clock.move(days=10)
    assert stage.run(accept_clock=True).ended is Ended.PAUSED


def test_no_mail_leaves_about_a_paused_plan(tmp_path):
    """What waited before waits on, and nothing new is told; another plan's mails go out."""
    mails = Mails(tmp_path)
    for uid in ("north-plan", "south-plan"):
        mails.add(uid, late_rows("Ana Lima"))
    pause(mails.site("north-plan"), until=dt.date(2026, 11, 30))
    mails.at("2026-11-23 08:00")
    mails.tick()
    assert ANA.address in mails.addresses
    assert "South-Plan" in mails.text_to(ANA)
    assert "North-Plan" not in mails.text_to(ANA)
    mails.store.close()


def test_forgetting_a_plan_forgets_its_pauses(stage):
    """After `leave` nothing of them is left."""
    pause(stage.site, until=FRIDAY)
    resume(stage.site)
    pause(stage.site, until=FRIDAY)
    stage.store.forget(UID)
    assert stage.store.pauses.now(UID) is None
    assert stage.store.history(UID).pauses == ()
