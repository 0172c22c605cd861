"""Mails: queued with their notices, claimed, settled, given up; never twice without need."""

import datetime as dt

import pytest
from outbox_samples import (
    ANA,
    REFUSED,
    RETRY,
    RUI,
    SENT,
    STOP,
    UNCERTAIN,
    WEEK,
    WRITTEN,
    attempted,
    due,
    mail,
    newest,
    notice,
    queued,
    the_state,
    the_waiting,
    want,
)
from store_samples import PLAN, day, instant

from sheets_sync.core.mails import Attempt, MailState
from sheets_sync.store.mail_rows import CLAIM_LASTS
from sheets_sync.store.outbox import Outbox, Queued
from sheets_sync.store.store import Store

MINUTE = 1 / 24 / 60
LOST = CLAIM_LASTS / dt.timedelta(days=1)


@pytest.fixture
def outbox(store: Store) -> Outbox:
    """An outbox in which one notice to Ana waits."""
    want(store, notice())
    return store.outbox


def test_a_mail_is_kept_as_it_was_queued(outbox: Outbox) -> None:
    """Every field, and bytes and HTML to the last byte; its notice no longer waits."""
    number = outbox.queue(mail(word="é"), (the_waiting(outbox),), now=instant(0))
    assert number is not None
    (kept,) = outbox.to_send(instant(0), route="smtp")
    assert kept == Queued(
        number,
        ANA.address,
        ANA.name,
        "smtp",
        day(0),
        ("owner-week",),
        f"<owner-week.{WEEK}.0@example.com>",
        "2 late é",
        MailState.PENDING,
        0,
        None,
        instant(2),
        queued_at=instant(0),
    )
    assert outbox.mails() == outbox.mails(identity=ANA.identity) == (kept,)
    assert outbox.content(number) == (mail(word="é").raw, mail(word="é").html)
    assert outbox.claim(number, instant(0)) == mail(word="é").raw
    assert the_state(outbox) == ("queued", "")
    assert outbox.waiting(instant(0), route="smtp") == ()
    assert outbox.content(number + 1) is None


def test_one_mail_a_person_and_day(store: Store, outbox: Outbox) -> None:
    """A second one of that day on that route is refused, and its notices wait on; another day, route or person is
    not."""
    queued(outbox)
    want(store, notice(), notice(RUI), notice(plan=PLAN, period="2026-W48"))
    (first, second) = outbox.waiting(instant(0), route="smtp")
    cased = ANA._replace(address=ANA.address.upper())
    assert outbox.queue(mail(cased), (second,), now=instant(0)) is None
    assert [one.number for one in outbox.waiting(instant(0), route="smtp")] == [first.number, second.number]
    assert outbox.queue(mail(RUI), (first,), now=instant(0)) is not None
    assert outbox.queue(mail(number=1), (second,), now=instant(0)) is not None
    assert outbox.queue(mail(route="files"), (), now=instant(0)) is not None


@pytest.mark.parametrize("how", ["taken", "changed", "dropped", "one of two"])
def test_a_mail_is_made_of_what_waits(store: Store, outbox: Outbox, how: str) -> None:
    """When a notice was taken, changed or dropped since it was read, nothing is queued at all."""
    stale = (the_waiting(outbox),)
    if how == "taken":
        queued(outbox, number=0)
    elif how == "changed":
        want(store, notice(title="Another"))
    elif how == "dropped":
        want(store)
    else:
        want(store, notice(), notice(RUI))
        _, other = outbox.waiting(instant(0), route="smtp")
        outbox.drop((other.number,), "away")
        stale = (*stale, other)
    before = outbox.mails(), outbox.all_notices()
    assert outbox.queue(mail(number=1), stale, now=instant(0)) is None
    assert (outbox.mails(), outbox.all_notices()) == before


def test_a_claimed_mail_is_nobody_elses(outbox: Outbox) -> None:
    """Claimed once it is neither due nor claimable nor withdrawn, nor dropped when it expires."""
    number = queued(outbox)
    assert outbox.claim(number, instant(1.995)) is not None
    assert due(outbox, 1.995) == []
    assert outbox.claim(number, instant(1.995)) is None
    outbox.withdraw(number, "changed", wait_again=True)
    assert outbox.drop_expired(instant(2)) == 0
    assert newest(outbox).state is MailState.SENDING
    assert the_state(outbox) == ("queued", "")


ENDS = [
    pytest.param("smtp", SENT, MailState.SENT, "", ("mailed", ""), id="sent"),
    pytest.param("files", WRITTEN, MailState.WRITTEN, "", ("written", ""), id="written"),
    pytest.param("smtp", REFUSED, MailState.REFUSED, "no such mailbox", ("refused", "no such mailbox"), id="refused"),
    pytest.param("smtp", RETRY, MailState.DROPPED, "busy", ("dropped", "busy"), id="given up"),
    pytest.param("smtp", UNCERTAIN, MailState.SENT, "may have arrived", ("mailed", "may have arrived"), id="unsure"),
]


@pytest.mark.parametrize(("route", "attempt", "state", "reason", "told"), ENDS)
def test_how_a_mail_ends(
    outbox: Outbox, route: str, attempt: Attempt, state: MailState, reason: str, told: tuple[str, str]
) -> None:
    """Without a next try an attempt settles the mail and its notice for good."""
    number = queued(outbox, route=route)
    attempted(outbox, number, attempt, 0.1)
    end = newest(outbox)
    assert (end.state, end.reason, end.code, end.attempts, end.again) == (state, reason, attempt.code, 1, False)
    assert (end.settled_at, the_state(outbox)) == (instant(0.1), told)
    assert due(outbox, 0.1, route=route) == []
    assert outbox.claim(number, instant(0.1)) is None


def test_a_retried_mail_waits_for_its_time(outbox: Outbox) -> None:
    """It is due again at its next try and not before, with the last attempt's code and reason."""
    number = queued(outbox)
    attempted(outbox, number, RETRY, 0, 5 * MINUTE)
    kept = newest(outbox)
    assert (kept.state, kept.attempts, kept.code, kept.reason) == (MailState.PENDING, 1, 451, "busy")
    assert (kept.next_try, kept.settled_at) == (instant(5 * MINUTE), None)
    assert due(outbox, 4 * MINUTE) == []
    assert outbox.claim(number, instant(4 * MINUTE)) is None
    assert due(outbox, 5 * MINUTE) == [(number, False)]
    attempted(outbox, number, SENT, 5 * MINUTE)
    assert newest(outbox).attempts == 2


def test_stop_leaves_everything_as_it_was(outbox: Outbox) -> None:
    """A mail that could not even be offered is due at once as before, and no attempt is counted."""
    number = queued(outbox)
    attempted(outbox, number, RETRY, 0, 5 * MINUTE)
    before = newest(outbox)
    attempted(outbox, number, STOP, 6 * MINUTE, 60 * MINUTE)
    assert newest(outbox) == before
    assert due(outbox, 6 * MINUTE) == [(number, False)]


def test_an_uncertain_mail_is_sent_again_once(outbox: Outbox) -> None:
    """The second time nobody knows it counts as sent, whatever next try is given; the bytes are the same."""
    number = queued(outbox)
    attempted(outbox, number, UNCERTAIN, 0, 5 * MINUTE)
    assert due(outbox, 4 * MINUTE) == []
    assert due(outbox, 5 * MINUTE) == [(number, True)]
    assert newest(outbox).again
    assert outbox.claim(number, instant(5 * MINUTE)) == mail().raw
    outbox.settle(number, UNCERTAIN, now=instant(5 * MINUTE), next_try=instant(20 * MINUTE))
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.SENT, "may have arrived")
    assert the_state(outbox) == ("mailed", "may have arrived")
    assert due(outbox, 1) == []


def test_a_mail_whose_sender_died_is_sent_again_once(outbox: Outbox) -> None:
    """After 15 minutes it comes back once, as one that may have arrived; lost again it counts as sent."""
    number = queued(outbox)
    assert outbox.claim(number, instant(0)) == mail().raw
    assert due(outbox, LOST - MINUTE) == []
    assert outbox.claim(number, instant(LOST - MINUTE)) is None
    for _ in range(2):
        assert due(outbox, LOST) == [(number, True)]
    assert outbox.claim(number, instant(LOST)) == mail().raw
    assert outbox.claim(number, instant(LOST)) is None
    assert due(outbox, LOST + MINUTE) == []
    assert outbox.claim(number, instant(2 * LOST)) is None
    assert newest(outbox).state is MailState.SENDING
    assert due(outbox, 2 * LOST) == []
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.SENT, "may have arrived")
    assert the_state(outbox) == ("mailed", "may have arrived")


def test_a_repetition_may_be_tried_until_it_arrives(outbox: Outbox) -> None:
    """While the server surely does not take the repetition it is tried again; given up, the first may have arrived."""
    number = queued(outbox)
    attempted(outbox, number, UNCERTAIN, 0, MINUTE)
    attempted(outbox, number, RETRY, MINUTE, 2 * MINUTE)
    attempted(outbox, number, STOP, 2 * MINUTE)
    assert due(outbox, 2 * MINUTE) == [(number, True)]
    attempted(outbox, number, RETRY, 3 * MINUTE)
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.SENT, "may have arrived")
    assert newest(outbox).attempts == 3


def test_a_claim_under_a_clock_that_ran_ahead(outbox: Outbox) -> None:
    """It does not keep the mail for days: it is as good as lost."""
    number = queued(outbox)
    assert outbox.claim(number, instant(1)) is not None
    assert due(outbox, 0) == [(number, True)]


def test_a_sender_that_wakes_up_late(outbox: Outbox) -> None:
    """What it says counts only when the mail arrived after all and is not settled yet."""
    number = queued(outbox)
    outbox.claim(number, instant(0))
    outbox.claim(number, instant(LOST))
    outbox.settle(number, RETRY, now=instant(LOST), next_try=instant(1))
    outbox.settle(number, RETRY, now=instant(LOST), next_try=instant(1.5))
    assert newest(outbox).next_try == instant(1)
    outbox.settle(number, SENT, now=instant(LOST), next_try=None)
    assert newest(outbox).state is MailState.SENT
    outbox.settle(number, REFUSED, now=instant(1), next_try=None)
    assert newest(outbox).state is MailState.SENT
    outbox.settle(number + 1, SENT, now=instant(1), next_try=None)


@pytest.mark.parametrize(("wait_again", "after"), [(True, ("waiting", "")), (False, ("dropped", "left the list"))])
def test_a_withdrawn_mail_frees_its_day(outbox: Outbox, wait_again: bool, after: tuple[str, str]) -> None:
    """Its notices wait again or are dropped, and another mail may be made for that day."""
    number = queued(outbox)
    outbox.withdraw(number, "left the list", wait_again=wait_again)
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.DROPPED, "left the list")
    assert the_state(outbox) == after
    assert outbox.claim(number, instant(0)) is None
    assert outbox.days_mailed(ANA.identity, day(0), route="smtp") == ()
    assert outbox.queue(mail(), outbox.waiting(instant(0), route="smtp"), now=instant(0)) is not None


@pytest.mark.parametrize("attempt", [SENT, REFUSED, UNCERTAIN], ids=lambda one: one.result.value)
def test_a_mail_that_may_have_left_is_not_withdrawn(store: Store, outbox: Outbox, attempt: Attempt) -> None:
    """Settled or perhaps arrived, it stays as it is, even when its notice changes."""
    number = queued(outbox)
    attempted(outbox, number, attempt, 0, MINUTE)
    before = newest(outbox)
    want(store, notice(title="Another"))
    assert outbox.stale_mails("smtp") == ()
    outbox.withdraw(number, "changed", wait_again=True)
    assert newest(outbox) == before
    assert outbox.queue(mail(), (), now=instant(0)) is None


def test_an_expired_mail_is_dropped(store: Store, outbox: Outbox) -> None:
    """It is never sent late; a notice with time left waits again, one without is dropped."""
    want(store, notice(days=3), notice(RUI))
    first, second = outbox.waiting(instant(0), route="smtp")
    number = outbox.queue(mail(), (first, second), now=instant(0))
    assert number is not None
    assert due(outbox, 2) == []
    assert outbox.claim(number, instant(2)) is None
    assert outbox.drop_expired(instant(1.99)) == 0
    assert outbox.drop_expired(instant(2)) == 1
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.DROPPED, "expired")
    assert {one.notice.person.name: state for one, state, _ in outbox.all_notices()} == {
        ANA.name: "waiting",
        RUI.name: "dropped",
    }


@pytest.mark.parametrize("doubt", ["uncertain", "lost"])
def test_an_expired_mail_that_may_have_arrived(outbox: Outbox, doubt: str) -> None:
    """It counts as sent and does not free its period."""
    number = queued(outbox)
    outbox.claim(number, instant(0))
    if doubt == "uncertain":
        outbox.settle(number, UNCERTAIN, now=instant(0), next_try=instant(MINUTE))
    assert due(outbox, 2) == []
    assert outbox.claim(number, instant(2)) is None
    assert outbox.drop_expired(instant(2)) == 0
    assert (newest(outbox).state, newest(outbox).reason) == (MailState.SENT, "may have arrived")
    assert the_state(outbox) == ("mailed", "may have arrived")


def test_due_mails_come_oldest_first_and_by_route(store: Store, outbox: Outbox) -> None:
    """Each way out gets its own."""
    want(store, notice(), notice(RUI))
    numbers = [queued(outbox, RUI), queued(outbox)]
    written = outbox.queue(mail(route="files"), (), now=instant(0))
    assert [number for number, _ in due(outbox, 0)] == numbers
    assert due(outbox, 0, route="files") == [(written, False)]
    assert [one.number for one in outbox.mails()] == [written, *reversed(numbers)]
    assert [one.number for one in outbox.mails(limit=1)] == [written]
    assert [one.address for one in outbox.mails(identity="rui@example.com")] == ["rui@example.com"]
