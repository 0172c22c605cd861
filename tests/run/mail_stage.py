"""Several plans in memory with one real store, people, a clock that a test sets, and a transport that only remembers:
the stage on which the mails of runs are played."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import MappingProxyType

from run.stage import HEADER, YES, SetClock

from sheets_sync.core.mails import Attempt, MailSettings, Sending, SmtpSettings
from sheets_sync.core.persons import Person, PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import UsageError
from sheets_sync.run.mailing import drain
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.post import MailedPlan, MailOutcome, Post
from sheets_sync.run.site import Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.memory import MemoryWorkbook

ANA = Person("Ana Lima", "ana@example.org")
RUI = Person("Rui Costa", "rui@example.org")
JO = Person("Jo Chen", "jo@example.org")
KIM = Person("Kim Keeper", "kim@example.org")
SIX_ON_MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
LIVE = MailSettings(SmtpSettings("mail.example.org"), sender="robot@example.org")
FILES = MailSettings(sender="robot@example.org")
SENT = Attempt(Sending.SENT, 250)


def late_rows(*owners: str) -> list[tuple]:
    """One late action for each owner."""
    return [
        (f"Publish price list number {n} on the intranet", owner, dt.date(2026, 11, 17), "In progress", None)
        for n, owner in enumerate(owners)
    ]


@dataclass
class Remembering:
    """A way out that remembers what left, and answers as told: `answers` by address, first one first."""

    answers: dict[str, list[Attempt]] = field(default_factory=dict)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    result: Attempt = SENT
    unreachable: Attempt | None = None

    def connect(self) -> Attempt | None:
        return self.unreachable

    def send(self, address: str, raw: bytes, *, message_id: str) -> Attempt:
        assert message_id.encode() in raw
        answers = self.answers.get(address)
        attempt = answers.pop(0) if answers else self.result
        if attempt.result in (Sending.SENT, Sending.WRITTEN, Sending.UNCERTAIN):
            self.sent.append((address, raw))
        return attempt

    def close(self) -> None:
        pass


@dataclass
class PlanOnStage:
    """One plan: its workbook and what is configured for it."""

    settings: PlanSettings
    book: MemoryWorkbook
    mail: PlanMail


@dataclass
class MailStage:
    """The parts. A test changes `mail`, `settings` and `plans` as a keeper changes a configuration."""

    place: Path
    settings: MailSettings = LIVE
    clock: SetClock = field(default_factory=lambda: SetClock(SIX_ON_MONDAY))

    def __post_init__(self) -> None:
        self.store = Store.open(self.place / "state")
        self.out = Remembering()
        self.plans: dict[str, PlanOnStage] = {}
        self.no_secret = ""
        self.hash = "hash"

    def add(self, uid: str, rows: list[tuple], *people: Person, adopted: bool = True, **more) -> PlanOnStage:
        """A plan with these rows, whose mails are released and which was written a week before (unless not adopted)."""
        known = people or (ANA, RUI, JO)
        mail = PlanMail(keeper=KIM, people=(*known, KIM), allowed_domains=("example.org",))
        settings = PlanSettings(uid, name=uid.title(), tabs=("Actions",))
        book = MemoryWorkbook.of({"Actions": [HEADER, *rows]})
        plan = self.plans[uid] = PlanOnStage(settings, book, replace(mail, **more))
        if adopted:
            self.run_plan(uid, at=SIX_ON_MONDAY - dt.timedelta(days=5))
            self.store.outbox.release(uid, SIX_ON_MONDAY)
        return plan

    def site(self, uid: str, clock: SetClock | None = None) -> Site:
        plan = self.plans[uid]
        return Site(plan.settings, plan.book, self.store, clock or self.clock, self.hash, mail=plan.mail)

    def run_plan(self, uid: str, *, at: dt.datetime | None = None, **more) -> Outcome:
        """Run one plan without mailing."""
        return sync(self.site(uid, SetClock(at) if at else None), replace(YES, accept_clock=True, **more))

    def tick(
        self, *, only: tuple[str, ...] = (), failing: Mapping[str, Outcome] = MappingProxyType({}), **more
    ) -> MailOutcome:
        """Run every plan (or those named `only`), then mail: one command."""
        chosen = only or self.plans
        outcomes = {uid: failing.get(uid) or self.run_plan(uid, **more) for uid in chosen}
        return drain(self.post(outcomes))

    def post(self, outcomes: Mapping[str, Outcome]) -> Post:
        plans = {
            uid: MailedPlan(
                plan.settings,
                plan.mail,
                may_mail=uid in outcomes and outcomes[uid].may_mail,
                was_run=uid in outcomes,
            )
            for uid, plan in self.plans.items()
        }
        return Post(plans, self.settings, self.store, self.clock, self._open)

    def _open(self) -> Remembering:
        if self.no_secret:
            raise UsageError(self.no_secret)
        return self.out

    def at(self, text: str) -> None:
        """Set the clock to this UTC time, as "2026-11-23 08:00"."""
        instant = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
        self.clock.move(seconds=(instant - self.clock.instant).total_seconds())

    @property
    def addresses(self) -> list[str]:
        """To whom mails went, in order."""
        return [address for address, _ in self.out.sent]

    def mails_to(self, person: Person) -> list[EmailMessage]:
        """The mails that reached this person."""
        return [
            message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
            for address, raw in self.out.sent
            if address == person.address
        ]

    def text_to(self, person: Person) -> str:
        """The plain text of the last of them."""
        body = self.mails_to(person)[-1].get_body(("plain",))
        assert body is not None
        return body.get_content()

    def states(self, person: Person) -> list[tuple[str, str]]:
        """State and reason of every notice of this person, newest first."""
        return [(state, reason) for _, state, reason in self.store.outbox.all_notices(person.identity)]
