"""Senders that die, run side by side, or find the disk full: each mail leaves once, at worst twice."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from outbox_samples import ANA, BOTH, RUI, SENT, UNCERTAIN, mail, notice, queued, the_state, want
from store_children import (
    KILLED,
    REFUSED,
    START,
    claim_all,
    claim_and_die,
    in_processes,
    queue_the_same,
    work_and_die,
    work_on_full_disk,
)
from store_content import content, copied
from store_samples import PLAN, changes, instant, known, receipt, remembered, start

from sheets_sync.core.mails import MailState
from sheets_sync.core.notices import Wanted
from sheets_sync.core.persons import Person
from sheets_sync.store.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as Unix does it")

ADDS = remembered(known("A-0001"))
LOST = 16 / 24 / 60


def begin(store: Store) -> None:
    """Begin a run."""
    store.begin(start(), changes(), ADDS, next_number=1)


def finish(store: Store) -> None:
    """Finish it with notices: one new, one changed, one no longer wanted."""
    (opened,) = store.open_runs(PLAN)
    wanted = Wanted((notice(ANA, "Another"), notice(RUI)), BOTH)
    store.finish(opened.run, receipt(changes()), ADDS, finished=instant(0), settled=True, wanted=wanted)


def take_in(store: Store) -> None:
    """Take in what a run wanted to tell."""
    want(store, notice(), notice(Person("Eva", "eva@example.com")))


def queue(store: Store) -> None:
    """Queue a mail of two notices."""
    assert store.outbox.queue(mail(), store.outbox.waiting(instant(0), route="smtp"), now=instant(0))


def claim(store: Store) -> None:
    """Claim it."""
    assert store.outbox.claim(1, instant(0)) is not None


def settle(store: Store) -> None:
    """Settle it."""
    store.outbox.settle(1, SENT, now=instant(0), next_try=None)


def doubt(store: Store) -> None:
    """Settle it as uncertain for the second time."""
    store.outbox.settle(1, UNCERTAIN, now=instant(0), next_try=None)


def withdraw(store: Store) -> None:
    """Withdraw it."""
    store.outbox.withdraw(1, "changed", wait_again=True)


def expire(store: Store) -> None:
    """Drop what is too old."""
    assert store.outbox.drop_expired(instant(9))


def repeat(store: Store) -> None:
    """Look for what is due after the second sender died."""
    assert store.outbox.to_send(instant(2 * LOST), route="smtp") == ()


def claim_again(store: Store) -> None:
    """Claim it after the first sender died."""
    assert store.outbox.claim(1, instant(LOST)) is not None


def hold_new(store: Store) -> None:
    """Note two persons of a sheet."""
    store.outbox.hold_new(PLAN, (ANA, RUI), instant(0))


def release(store: Store) -> None:
    """Release one of them."""
    assert store.outbox.release_person(PLAN, ANA.name, instant(0)) == 1


def forget(store: Store) -> None:
    """Forget the plan."""
    store.forget(PLAN)


def prune(store: Store) -> None:
    """Delete what is old."""
    assert store.prune(instant(99)).notices == 2


CASES = [
    pytest.param((take_in, begin), finish, id="finish"),
    pytest.param((take_in,), queue, id="queue"),
    pytest.param((take_in, queue), claim, id="claim"),
    pytest.param((take_in, queue, claim), settle, id="settle"),
    pytest.param((take_in, queue, claim), doubt, id="doubt"),
    pytest.param((take_in, queue, claim), claim_again, id="claim again"),
    pytest.param((take_in, queue, claim, claim_again), repeat, id="lost twice"),
    pytest.param((take_in, queue), withdraw, id="withdraw"),
    pytest.param((take_in, queue), expire, id="expire"),
    pytest.param((take_in,), hold_new, id="hold"),
    pytest.param((take_in, hold_new), release, id="release"),
    pytest.param((take_in, queue, claim, settle, hold_new), forget, id="forget"),
    pytest.param((take_in, queue, claim, settle), prune, id="prune"),
]


def _prepared(folder: Path, works: tuple[Callable[[Store], None], ...]) -> Path:
    store = Store.open(folder)
    for work in works:
        work(store)
    store.close()
    return folder


@pytest.mark.parametrize(("before", "work"), CASES)
def test_killed_at_every_statement(
    tmp_path: Path, before: tuple[Callable[[Store], None], ...], work: Callable[[Store], None]
) -> None:
    """Killed before any statement or commit the store is as it was, and the same work done again gives what an
    unkilled twin has."""
    base = _prepared(tmp_path / "base", before)
    old = content(base)
    new = content(_prepared(copied(base, tmp_path / "twin"), (work,)))
    assert new != old
    for step in range(1, 100):
        folder = copied(base, tmp_path / "killed")
        (code,) = in_processes([(work_and_die, (folder, work, step))])
        if code == 0:
            break
        assert code == KILLED
        assert content(folder) == old
        assert content(_prepared(folder, (work,))) == new
    assert step > 3
    assert code == 0
    assert content(folder) == new


@pytest.mark.parametrize("work", [queue, take_in], ids=["queue", "notices"])
def test_disk_full_at_any_write(tmp_path: Path, work: Callable[[Store], None]) -> None:
    """When the disk takes no more at any point, the work fails as a whole with a StoreError or is done as a whole."""
    base = _prepared(tmp_path / "base", (take_in,) if work is queue else ())
    old = content(base)
    codes = []
    for growth in range(0, 60_000, 6_000):
        folder = copied(base, tmp_path / "full")
        codes += in_processes([(work_on_full_disk, (folder, work, growth))])
        assert (content(folder) == old) is (codes[-1] == REFUSED)
    assert set(codes) == {REFUSED, 0}


def test_each_mail_is_claimed_by_one(tmp_path: Path) -> None:
    """Four processes claiming 40 mails at the same moment share them: none is claimed twice, none left."""
    store = Store.open(tmp_path)
    for number in range(40):
        store.outbox.queue(mail(Person("x", f"{number}@example.com")), (), now=instant(0))
    store.close()
    barrier = START.Barrier(4)
    assert in_processes([(claim_all, (tmp_path, barrier))] * 4) == [0] * 4
    claimed = [int(one) for file in tmp_path.glob("claimed *") for one in file.read_text().split()]
    assert sorted(claimed) == list(range(1, 41))


def test_each_notice_is_mailed_by_one(tmp_path: Path) -> None:
    """Four processes composing mails of the same notices at the same moment queue each of them once."""
    store = Store.open(tmp_path)
    want(store, *(notice(Person(f"Name {number}", f"{number}@example.com")) for number in range(20)))
    store.close()
    barrier = START.Barrier(4)
    assert in_processes([(queue_the_same, (tmp_path, barrier))] * 4) == [0] * 4
    assert sum(int(file.read_text()) for file in tmp_path.glob("queued *")) == 20
    store = Store.open(tmp_path)
    assert len(store.outbox.mails()) == 20
    assert store.outbox.waiting(instant(0), route="smtp") == ()
    store.close()


def test_a_sender_killed_between_claim_and_settle(tmp_path: Path) -> None:
    """Its mail comes back once after 15 minutes, marked as perhaps arrived; killed again, it counts as sent."""
    store = Store.open(tmp_path)
    want(store, notice())
    number = queued(store.outbox)
    store.close()
    assert in_processes([(claim_and_die, (tmp_path, number, 0))]) == [KILLED]
    store = Store.open(tmp_path)
    assert store.outbox.to_send(instant(LOST / 2), route="smtp") == ()
    assert [one.again for one in store.outbox.to_send(instant(LOST), route="smtp")] == [True]
    store.close()
    assert in_processes([(claim_and_die, (tmp_path, number, LOST))]) == [KILLED]
    store = Store.open(tmp_path)
    assert store.outbox.to_send(instant(2 * LOST), route="smtp") == ()
    (kept,) = store.outbox.mails()
    assert (kept.state, kept.reason, kept.attempts) == (MailState.SENT, "may have arrived", 1)
    assert the_state(store.outbox) == ("mailed", "may have arrived")
    store.close()
