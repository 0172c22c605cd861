"""Runs, senders, crashes and a clock in any order: nobody is mailed twice but once in doubt, and nothing is lost."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from outbox_samples import ANA, BOTH, REFUSED, RETRY, RUI, SENT, STOP, UNCERTAIN, mail, notice
from store_samples import PLAN, instant

from sheets_sync.core.mails import Attempt, MailState, Sending
from sheets_sync.core.notices import Wanted
from sheets_sync.core.persons import Person
from sheets_sync.store.notice_rows import NoticeState
from sheets_sync.store.store import Store

MINUTE = 1 / 24 / 60
PEOPLE = st.sampled_from([ANA, RUI])
ACTIVE = (MailState.PENDING, MailState.SENDING)
ATTEMPTS = st.sampled_from([None, UNCERTAIN, None, UNCERTAIN, RETRY, STOP, SENT, REFUSED])
"""None: the sender dies."""


class Mailing(RuleBasedStateMachine):
    """One plan with two readers, and senders that may die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "state")
        self.outbox = self.store.outbox
        self.now = 0.0
        self.may_have_arrived: Counter[str] = Counter()
        self.arrived: set[str] = set()

    @rule(people=st.lists(PEOPLE, unique=True), title=st.sampled_from(["a", "b"]))
    def a_run_wants(self, people: list[Person], title: str) -> None:
        """A run wants to tell some of them something."""
        self.store.note_notices(PLAN, Wanted(tuple(notice(one, title) for one in people), BOTH))

    @rule(minutes=st.sampled_from([1, 16, 300]))
    def time_passes(self, minutes: int) -> None:
        """A minute, more than a claim lasts, or most of a mail's time."""
        self.now += minutes * MINUTE

    @rule()
    def compose(self) -> None:
        """Withdraw what is stale, drop what is too old, and queue a mail for each who is to be told."""
        for number in self.outbox.stale_mails("smtp"):
            self.outbox.withdraw(number, "its content changed", wait_again=True)
        self.outbox.drop_expired(instant(self.now))
        for one in self.outbox.waiting(instant(self.now), route="smtp"):
            day = int(self.now + 0.5)
            made = mail(one.notice.person, number=day)._replace(expires=instant(self.now + 0.4))
            self.outbox.queue(made, (one,), now=instant(self.now))

    @initialize()
    def somebody_is_told(self) -> None:
        """Something is on its way from the start."""
        self.a_run_wants([ANA, RUI], "a")
        self.compose()

    @rule(
        attempts=st.tuples(ATTEMPTS, ATTEMPTS),
        minutes=st.sampled_from([16, 16, 0]),
        wait=st.sampled_from([1, 16, None]),
    )
    def send(self, attempts: tuple[Attempt | None, ...], minutes: int, wait: int | None) -> None:
        """Try each mail that is due, with these results."""
        self.now += minutes * MINUTE
        next_try = instant(self.now + wait * MINUTE) if wait is not None else None
        for one, attempt in zip(self.outbox.to_send(instant(self.now), route="smtp"), attempts, strict=False):
            assert one.again is (self.may_have_arrived[one.address] > 0)
            assert one.address not in self.arrived
            assert self.outbox.claim(one.number, instant(self.now)) is not None
            assert self.outbox.claim(one.number, instant(self.now)) is None
            if attempt is None or attempt.result in (Sending.SENT, Sending.UNCERTAIN):
                self.may_have_arrived[one.address] += 1
            if attempt is not None:
                self.outbox.settle(one.number, attempt, now=instant(self.now), next_try=next_try)
                if attempt.result is Sending.SENT:
                    self.arrived.add(one.address)

    @invariant()
    def told_once_or_twice_in_doubt(self) -> None:
        """One notice may reach its reader twice at most, and the second time only when the first was in doubt."""
        assert max(self.may_have_arrived.values(), default=0) <= 2

    @invariant()
    def one_mail_a_day(self) -> None:
        """No two mails of a person and day are kept, and a notice is in one that may leave at most."""
        kept = [one for one in self.outbox.mails() if one.state is not MailState.DROPPED]
        assert len({(one.address, one.day) for one in kept}) == len(kept)
        active = Counter(one.address for one in kept if one.state in ACTIVE)
        assert max(active.values(), default=0) <= 1

    @invariant()
    def nothing_is_stuck(self) -> None:
        """A notice is in a mail exactly while there is one that may leave, or it waits, was told or dropped."""
        active = {one.address for one in self.outbox.mails() if one.state in ACTIVE}
        for one, state, reason in self.outbox.all_notices():
            address = one.notice.person.address
            if state == NoticeState.QUEUED:
                assert address in active
            elif state == NoticeState.WAITING:
                assert address not in active
            elif state == NoticeState.MAILED:
                assert self.may_have_arrived[address]
            else:
                assert reason

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.store.close()
        self.folder.cleanup()


Mailing.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestMailing = Mailing.TestCase
