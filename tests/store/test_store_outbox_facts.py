"""What is asked of mails beside sending them: days, refusals, switches, and for how long they are kept."""

from itertools import count

import pytest
from outbox_samples import (
    ANA,
    REFUSED,
    RETRY,
    RUI,
    SENT,
    UNCERTAIN,
    WRITTEN,
    attempted,
    due,
    mail,
    newest,
    notice,
    queued,
    want,
)
from store_samples import day, instant

from sheets_sync.core.mails import Attempt
from sheets_sync.store.outbox import Outbox
from sheets_sync.store.store import Pruned, Store


@pytest.fixture
def outbox(store: Store) -> Outbox:
    """An outbox in which one notice to Ana waits."""
    want(store, notice())
    return store.outbox


def _one_a_day(outbox: Outbox, *attempts: tuple[str, Attempt | None]) -> None:
    for number, (route, attempt) in zip(count(), attempts, strict=False):
        mail_number = outbox.queue(mail(route=route, number=number, days=number + 2), (), now=instant(number))
        assert mail_number is not None
        if attempt is not None:
            attempted(outbox, mail_number, attempt, number)


def test_the_days_somebody_was_mailed(outbox: Outbox) -> None:
    """Days of mails sent or queued on that route since a day; not of those refused or dropped."""
    _one_a_day(outbox, ("smtp", SENT), ("smtp", REFUSED), ("smtp", UNCERTAIN), ("files", WRITTEN), ("smtp", None))
    assert outbox.days_mailed(ANA.identity, day(0), route="smtp") == (day(0), day(2), day(4))
    assert outbox.days_mailed(ANA.identity, day(1), route="smtp") == (day(2), day(4))
    assert outbox.days_mailed(ANA.identity, day(0), route="files") == (day(3),)
    assert outbox.days_mailed(RUI.identity, day(0), route="smtp") == ()


REFUSALS = [
    ((), 0),
    ((SENT,), 0),
    ((REFUSED,), 1),
    ((SENT, REFUSED, REFUSED), 2),
    ((REFUSED, REFUSED, SENT), 0),
    ((REFUSED, RETRY, REFUSED, None), 2),
]


@pytest.mark.parametrize(("attempts", "refused"), REFUSALS)
def test_refused_in_a_row(outbox: Outbox, attempts: tuple[Attempt | None, ...], refused: int) -> None:
    """Counted from the newest back to the last that was sent; what was given up or waits says nothing."""
    _one_a_day(outbox, *(("smtp", attempt) for attempt in attempts))
    assert outbox.refused_in_a_row(ANA.identity) == refused
    assert outbox.refused_in_a_row(RUI.identity) == 0


def test_switched_off_nothing_leaves(outbox: Outbox) -> None:
    """Neither what is queued nor what was claimed and lost, until mail is switched on; the first instant stays."""
    number = queued(outbox)
    assert outbox.off_since() is None
    outbox.switch_off(instant(0))
    outbox.switch_off(instant(1))
    assert outbox.off_since() == instant(0)
    assert due(outbox, 0) == []
    assert outbox.claim(number, instant(0)) is None
    outbox.switch_on()
    assert outbox.off_since() is None
    assert due(outbox, 0) == [(number, False)]
    outbox.switch_on()


def test_trouble_is_known_from_its_first_instant(outbox: Outbox) -> None:
    """The last reason counts; it is over when sending works; it keeps no mail back by itself."""
    assert outbox.trouble() is None
    queued(outbox)
    outbox.note_trouble("login refused", instant(0))
    outbox.note_trouble("not reachable \udcff", instant(1))
    assert outbox.trouble() == (instant(0), "not reachable \udcff")
    assert len(due(outbox, 0)) == 1
    outbox.clear_trouble()
    assert outbox.trouble() is None
    outbox.note_trouble("again", instant(2))
    assert outbox.trouble() == (instant(2), "again")


def test_what_mails_said_is_kept_thirty_days(store: Store, outbox: Outbox) -> None:
    """Then body, page, subject and notices go; that a mail was sent stays for two years."""
    number = queued(outbox)
    attempted(outbox, number, SENT)
    assert store.prune(instant(30)) == Pruned(0, 0, 0, 0)
    assert outbox.content(number) is not None
    assert store.prune(instant(30.01)) == Pruned(0, 0, 0, 0, mails=1)
    assert outbox.content(number) is None
    assert newest(outbox).subject == ""
    assert len(outbox.all_notices()) == 1
    assert store.prune(instant(32.01)) == Pruned(0, 0, 0, 0, notices=1)
    assert outbox.all_notices() == ()
    assert outbox.days_mailed(ANA.identity, day(0), route="smtp") == (day(0),)
    store.prune(instant(730))
    assert len(outbox.mails()) == 1
    store.prune(instant(731))
    assert outbox.mails() == ()


def test_what_may_still_leave_is_not_pruned(store: Store, outbox: Outbox) -> None:
    """A mail being sent keeps its bytes; one that waited for months has expired and goes with its notice."""
    want(store, notice(days=90), notice(RUI))
    waiting, old = outbox.waiting(instant(0), route="smtp")
    number = outbox.queue(mail(days=90), (waiting,), now=instant(0))
    assert number is not None
    outbox.queue(mail(RUI), (old,), now=instant(0))
    outbox.claim(number, instant(60))
    assert store.prune(instant(60)) == Pruned(0, 0, 0, 0, mails=1, notices=1)
    assert outbox.content(number) is not None
    outbox.settle(number, SENT, now=instant(60), next_try=None)
    assert [state for _, state, _ in outbox.all_notices()] == ["mailed"]
