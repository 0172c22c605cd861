"""Notices: what a run wants to tell waits, is replaced, dropped or left."""

import pytest
from outbox_samples import (
    ANA,
    BOTH,
    REFUSED,
    RUI,
    SENT,
    UNCERTAIN,
    WEEK,
    WRITTEN,
    leader,
    mail,
    notice,
    owner,
    queued,
    states,
    the_state,
    the_waiting,
    want,
)
from store_samples import PLAN, changes, instant, known, receipt, remembered, start

from sheets_sync.core.mails import Attempt
from sheets_sync.core.notices import Kind, Notice, Wanted
from sheets_sync.store.store import Store

NOTHING = changes()
LEADERS = Notice(PLAN, RUI, Kind.LEADER_WEEK, WEEK, instant(-1), instant(3), leader())
NOT_NEEDED = ("dropped", "no longer needed")


def _settled(store: Store, attempt: Attempt, *, route: str = "smtp") -> None:
    """Mail what waits for Ana, with this result."""
    number = queued(store.outbox, route=route)
    assert store.outbox.claim(number, instant(0)) is not None
    store.outbox.settle(number, attempt, now=instant(0), next_try=None)


def test_a_notice_comes_back_as_it_was(store: Store) -> None:
    """Every field of person, section and times, odd texts included, in the order of their times."""
    want(store, notice(), LEADERS)
    assert [one.notice for one in store.outbox.waiting(instant(0), route="smtp")] == [LEADERS, notice()]
    assert [one.notice for one, _, _ in store.outbox.all_notices()] == [notice(), LEADERS]
    assert [one.notice for one, _, _ in store.outbox.all_notices("rui@example.com")] == [LEADERS]


def test_notices_enter_with_the_run(store: Store) -> None:
    """Finishing a run takes in what it wants to tell; a run that does not say leaves what waits."""
    for wanted in (Wanted((notice(),), BOTH), Wanted()):
        run = store.begin(start(), NOTHING, remembered(known("A-0001")), next_number=1)
        adds = remembered(known("A-0001"))
        store.finish(run, receipt(NOTHING), adds, finished=instant(0), settled=True, wanted=wanted)
        assert the_waiting(store.outbox).notice == notice()


def test_a_waiting_notice_is_replaced(store: Store) -> None:
    """The next run's content and times count, under the same number; the digest tells another content."""
    want(store, notice())
    first = the_waiting(store.outbox)
    want(store, notice(title="Mend the wall", days=1))
    second = the_waiting(store.outbox)
    assert second.notice == notice(title="Mend the wall", days=1)
    assert second.number == first.number
    assert second.digest != first.digest


def test_reading_again_is_no_other_content(store: Store) -> None:
    """The digest stays while only the instant of reading differs, which is the newest."""
    want(store, notice())
    first = the_waiting(store.outbox)
    later = notice()._replace(section=owner(number=0.1))
    want(store, later)
    assert the_waiting(store.outbox) == first._replace(notice=later)
    want(store, notice()._replace(section=owner(number=1)))
    assert the_waiting(store.outbox).digest != first.digest


def test_what_is_not_wanted_any_more_is_dropped(store: Store) -> None:
    """Only of the plan and the pairs a run looked at; a reason tells why."""
    want(store, notice(plan="other"), plan="other")
    want(store, notice(), notice(RUI), notice(period="2026-W46"))
    want(store, notice(RUI))
    assert states(store.outbox) == {
        ("other", "Ana Lima", WEEK): ("waiting", ""),
        (PLAN, "Ana Lima", WEEK): NOT_NEEDED,
        (PLAN, "Rui Sá", WEEK): ("waiting", ""),
        (PLAN, "Ana Lima", "2026-W46"): ("waiting", ""),
    }
    store.note_notices(PLAN, Wanted((), ((Kind.LEADER_WEEK, WEEK),)))
    assert states(store.outbox)[PLAN, "Rui Sá", WEEK] == ("waiting", "")


@pytest.mark.parametrize("how", ["not wanted", "dropped", "expired"])
def test_a_dropped_notice_may_be_wanted_again(store: Store, how: str) -> None:
    """Whyever it was dropped, its period is free."""
    want(store, notice())
    first = the_waiting(store.outbox)
    if how == "not wanted":
        want(store)
    elif how == "dropped":
        store.outbox.drop((first.number,), "away")
        assert the_state(store.outbox) == ("dropped", "away")
    else:
        assert store.outbox.drop_expired(instant(1.99)) == 0
        assert store.outbox.drop_expired(instant(2)) == 1
        assert the_state(store.outbox) == ("dropped", "expired")
        assert store.outbox.drop_expired(instant(2)) == 0
    assert store.outbox.waiting(instant(0), route="smtp") == ()
    want(store, notice())
    assert the_waiting(store.outbox) == first
    assert the_state(store.outbox) == ("waiting", "")


@pytest.mark.parametrize(
    ("attempt", "state"), [(SENT, ("mailed", "")), (REFUSED, ("refused", "no such mailbox"))], ids=["sent", "refused"]
)
def test_what_was_told_is_left(store: Store, attempt: Attempt, state: tuple[str, str]) -> None:
    """A notice that was mailed, or refused for good, neither changes nor comes back in its period."""
    want(store, notice())
    _settled(store, attempt)
    for wanted in ((notice(title="Another"),), (), (notice(),)):
        want(store, *wanted)
        assert the_state(store.outbox) == state
        assert store.outbox.waiting(instant(0), route="smtp") == ()
    ((told, _, _),) = store.outbox.all_notices()
    assert told.notice == notice()


@pytest.mark.parametrize(("day", "count"), [(-0.01, 0), (0, 1), (1.99, 1), (2, 0)])
def test_a_notice_waits_in_its_time(store: Store, day: float, count: int) -> None:
    """Not before its first instant, and no more from the instant it expires."""
    want(store, notice())
    assert len(store.outbox.waiting(instant(day), route="files")) == count


def test_a_paused_plan_tells_nothing(store: Store) -> None:
    """While a plan is paused its notices and the mails that hold them stay where they are."""
    want(store, notice(), notice(RUI))
    queued(store.outbox)
    store.pause(PLAN, "undone", instant(0))
    assert store.outbox.waiting(instant(0), route="smtp") == ()
    assert store.outbox.to_send(instant(0), route="smtp") == ()
    store.pauses.end(PLAN)
    assert the_waiting(store.outbox).notice.person == RUI
    assert len(store.outbox.to_send(instant(0), route="smtp")) == 1


def test_a_file_is_written_once_and_mailed_later(store: Store) -> None:
    """A notice of which a file was written is never written again, but mailed once mail is set up, as it is then."""
    want(store, notice())
    _settled(store, WRITTEN, route="files")
    assert the_state(store.outbox) == ("written", "")
    want(store, notice(title="Another"))
    assert store.outbox.waiting(instant(0), route="files") == ()
    assert the_waiting(store.outbox).notice == notice(title="Another")
    _settled(store, SENT)
    assert the_state(store.outbox) == ("mailed", "")
    assert store.outbox.waiting(instant(0), route="smtp") == ()


def test_a_written_notice_that_is_not_needed_is_not_mailed(store: Store) -> None:
    """It stays written, with a reason, until a run wants it again; and then only for mail."""
    want(store, notice())
    _settled(store, WRITTEN, route="files")
    want(store)
    assert the_state(store.outbox) == ("written", "no longer needed")
    assert store.outbox.waiting(instant(0), route="smtp") == ()
    want(store, notice())
    assert the_state(store.outbox) == ("written", "")
    assert store.outbox.waiting(instant(0), route="files") == ()
    assert the_waiting(store.outbox).notice == notice()


def test_a_mail_withdrawn_after_its_file_leaves_the_notice_written(store: Store) -> None:
    """A mail that never left does not make a second file."""
    want(store, notice())
    _settled(store, WRITTEN, route="files")
    number = queued(store.outbox)
    assert the_state(store.outbox) == ("queued", "")
    store.outbox.withdraw(number, "changed", wait_again=True)
    assert the_state(store.outbox) == ("written", "")
    store.outbox.withdraw(queued(store.outbox), "left the list", wait_again=False)
    assert the_state(store.outbox) == ("written", "left the list")
    assert store.outbox.waiting(instant(0), route="smtp") == ()


@pytest.mark.parametrize("attempt", [SENT, REFUSED, UNCERTAIN], ids=lambda one: one.result.value)
def test_a_redirected_mail_leaves_its_notice_to_be_mailed(store: Store, attempt: Attempt) -> None:
    """Taken, refused, or lost where all mails were redirected: it is redirected no more, and still told its reader,
    whatever becomes of a first mail to them."""
    want(store, notice())
    _settled(store, attempt, route="redirect")
    assert the_state(store.outbox) == ("written", "")
    assert store.outbox.waiting(instant(0), route="redirect") == ()
    assert store.outbox.waiting(instant(0), route="files") == ()
    assert store.outbox.refused_in_a_row(ANA.identity) == 0
    store.outbox.withdraw(queued(store.outbox), "changed", wait_again=True)
    assert the_state(store.outbox) == ("written", "")
    _settled(store, SENT)
    assert the_state(store.outbox) == ("mailed", "")


def test_a_written_notice_dropped_from_a_mail_is_wanted_again(store: Store) -> None:
    """It was written once, and is again for mail alone."""
    want(store, notice())
    _settled(store, WRITTEN, route="files")
    number = queued(store.outbox)
    want(store)
    store.outbox.withdraw(number, "its content changed", wait_again=True)
    assert the_state(store.outbox) == NOT_NEEDED
    want(store, notice())
    assert the_state(store.outbox) == ("written", "")
    assert store.outbox.waiting(instant(0), route="files") == ()


def test_only_what_waits_can_be_dropped(store: Store) -> None:
    """A notice in a mail is that mail's affair."""
    want(store, notice())
    first = the_waiting(store.outbox)
    queued(store.outbox)
    store.outbox.drop((first.number,), "away")
    assert the_state(store.outbox) == ("queued", "")


def test_a_notice_in_a_mail_that_is_dropped_and_wanted_again(store: Store) -> None:
    """It is back in that mail, and never in a second one."""
    want(store, notice())
    number = queued(store.outbox)
    want(store)
    assert the_state(store.outbox) == NOT_NEEDED
    assert store.outbox.stale_mails("smtp") == (number,)
    want(store, notice())
    assert the_state(store.outbox) == ("queued", "")
    assert store.outbox.stale_mails("smtp") == ()
    assert store.outbox.waiting(instant(0), route="smtp") == ()


def test_a_mail_is_stale_when_a_notice_changed(store: Store) -> None:
    """It is composed anew, on the same day, of what its notices are now."""
    want(store, notice(), notice(RUI))
    number = queued(store.outbox)
    queued(store.outbox, RUI)
    assert store.outbox.stale_mails("smtp") == ()
    want(store, notice(title="Another"), notice(RUI))
    assert store.outbox.stale_mails("smtp") == (number,)
    assert store.outbox.stale_mails("files") == ()
    store.outbox.withdraw(number, "its content changed", wait_again=True)
    assert store.outbox.stale_mails("smtp") == ()
    assert the_waiting(store.outbox).notice == notice(title="Another")
    assert queued(store.outbox) > number


def test_forgetting_a_plan_forgets_its_notices(store: Store) -> None:
    """Nothing of the plan waits or leaves any more, no body holds it; what other plans had in a mail waits again."""
    want(store, notice(), notice(RUI))
    want(store, notice(plan="other"), plan="other")
    _settled(store, SENT)
    want(store, notice(RUI, plan="other"), plan="other")
    waiting = tuple(one for one in store.outbox.waiting(instant(0), route="smtp") if one.notice.person == RUI)
    assert len(waiting) == 2
    assert store.outbox.queue(mail(RUI, word="SENTINEL"), waiting, now=instant(0))
    store.outbox.release(PLAN, instant(0))
    store.outbox.hold_new(PLAN, (RUI,), instant(0))
    store.forget(PLAN)
    assert states(store.outbox) == {
        ("other", "Ana Lima", WEEK): ("mailed", ""),
        ("other", "Rui Sá", WEEK): ("waiting", ""),
    }
    assert store.outbox.to_send(instant(0), route="smtp") == ()
    assert {(one.state.value, one.subject) for one in store.outbox.mails()} == {("sent", ""), ("dropped", "")}
    assert [store.outbox.content(one.number) for one in store.outbox.mails()] == [None, None]
    assert not store.outbox.released(PLAN)
    assert store.outbox.held_persons() == ()


def test_a_mail_being_sent_while_its_plan_is_forgotten(store: Store) -> None:
    """It is never sent again, and counts as sent when nobody settles it."""
    want(store, notice())
    number = queued(store.outbox)
    assert store.outbox.claim(number, instant(0)) is not None
    store.forget(PLAN)
    before = store.outbox.mails()
    assert store.outbox.to_send(instant(1), route="smtp") == ()
    assert store.outbox.claim(number, instant(1)) is None
    assert store.outbox.mails() == before
    assert store.outbox.drop_expired(instant(2)) == 0
    assert [one.state.value for one in store.outbox.mails()] == ["sent"]


def test_a_doubtful_mail_of_a_forgotten_plan_is_not_repeated(store: Store) -> None:
    """It may have arrived and stays at that."""
    want(store, notice())
    number = queued(store.outbox)
    assert store.outbox.claim(number, instant(0)) is not None
    store.outbox.settle(number, UNCERTAIN, now=instant(0), next_try=instant(0.1))
    store.forget(PLAN)
    assert store.outbox.to_send(instant(1), route="smtp") == ()
    assert [(one.state.value, one.reason) for one in store.outbox.mails()] == [("sent", "may have arrived")]
