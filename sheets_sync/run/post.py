"""What mailing works with and what came of it, as plain values. Who is mailed: `mail_gate`; how: `composing` and
`sending`, joined by `mailing`."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sheets_sync.core.health import MAX_DEFER
from sheets_sync.core.mails import SMTP, MailSettings
from sheets_sync.core.persons import Person, PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import UsageError
from sheets_sync.notify.transport import Transport
from sheets_sync.run.clock import Clock
from sheets_sync.store.outbox import Outbox, Trouble
from sheets_sync.store.store import Store

MOST_REFUSALS = 3
"""In a row; then an address is given up for a while, and others hear of its rows."""
GIVEN_UP_FOR = dt.timedelta(days=60)
LONGEST_SECONDS = 900.0
"""How long one run may mail; what is left then is sent by the next one."""


@dataclass(frozen=True, slots=True)
class MailedPlan:
    """One configured plan. Nothing of it is mailed by a run that did not read it well (`may_mail` False), or that left
    it alone (`was_run` False)."""

    settings: PlanSettings
    mail: PlanMail
    may_mail: bool = True
    was_run: bool = True
    unreached: int = 0
    """Rows that reach nobody, as far as this run knows."""

    def configured(self) -> Iterator[Person]:
        """The persons the configuration names for this plan, keeper and leaders included."""
        yield from self.mail.people
        yield from self.mail.leaders
        if self.mail.keeper is not None:
            yield self.mail.keeper


@dataclass(frozen=True, slots=True)
class Post:
    """What mailing needs of one installation. `plans` is by uid. `open_transport` opens the way out, and reads its
    secret, when there is something to send; it raises UsageError when that cannot be had."""

    plans: Mapping[str, MailedPlan]
    settings: MailSettings
    store: Store
    clock: Clock
    open_transport: Callable[[], Transport]
    templates: Path | None = None
    seconds: float = LONGEST_SECONDS
    max_defer: dt.timedelta = MAX_DEFER
    """How long a plan may wait for its run, until its keeper is told."""

    @property
    def outbox(self) -> Outbox:
        """The store's notices and mails."""
        return self.store.outbox

    def given_up(self) -> frozenset[str]:
        """The identities that get no mail because their server refused it again and again."""
        return given_up(self.outbox, self.clock.now()) if self.settings.route == SMTP else frozenset()


def given_up(outbox: Outbox, now: dt.datetime) -> frozenset[str]:
    """The identities whose server refused them again and again of late."""
    return outbox.given_up(MOST_REFUSALS, now - GIVEN_UP_FOR)


class Why(StrEnum):
    """Why something is not mailed now. The value is what a person reads, after a count of people or mails."""

    NOT_YET = "its time has not come"
    QUIET_HOURS = "outside the hours"
    DAY_OFF = "a day off"
    AWAY = "away"
    ONE_A_DAY = "already mailed today"
    THREE_A_WEEK = "already mailed three times this week"
    PLAN_WAITS = "because the plan was not read, or not written, in this run"
    NOT_RUN = "because the plan was not run, or another run holds it"
    OLD_READING = "because the plan was read on another day"
    NOT_RELEASED = "before the release"
    HELD_PERSON = "before the release of somebody new in a People tab"
    TOO_MANY = "more mails than one run may send"
    TOO_LATE = "the time for mails in this run was over"
    SUPPRESSED = "refused three times in a row"
    NO_PLAN = "the plan is not configured any more"
    NO_PERSON = "not in the configuration any more"
    NOT_ALLOWED = "outside the allowed domains"
    NOT_ACTIVE = "not active"
    NOT_WANTED = "chose not to get this mail"
    NO_KEEPER = "no keeper is configured"
    WELL_AGAIN = "it works again"


class Told(NamedTuple):
    """How many people wait, and why; `until` is when that changes by itself at the earliest, None when not known."""

    why: Why
    people: int
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class MailOutcome:
    """What mailing came to in one run.

    `left` counts mails that left (or were written, on the route "files"), `previews` those of them for keepers;
    `about` counts those that left by the uids of the plans they speak of. `next`
    mails are to be tried again, `next_at` first. `waiting` counts people with something to be told, by reason;
    `dropped` notices given up. `failed` mails could not be made. `refused` mails were refused for good; `suppressed`
    people get nothing because of that. `held` names plans that wait since too many people would have been mailed.
    `failed_because` is what the keeper can mend. `busy` tells that another run was mailing, so this one did not.
    """

    route: str
    left: int = 0
    previews: int = 0
    next: int = 0
    next_at: dt.datetime | None = None
    waiting: tuple[Told, ...] = ()
    dropped: int = 0
    failed: int = 0
    failed_because: str = ""
    refused: int = 0
    suppressed: int = 0
    held: tuple[str, ...] = ()
    off_since: dt.datetime | None = None
    trouble: Trouble | None = None
    busy: bool = False
    about: tuple[tuple[str, int], ...] = ()

    @property
    def code(self) -> int:
        """The exit code this asks for: 3 when a mail that was to go could not."""
        return 3 if self.trouble is not None or self.failed or self.refused or self.held else 0


@dataclass(slots=True)
class Tally:
    """Counts while a run mails."""

    left: int = 0
    previews: int = 0
    dropped: int = 0
    failed: int = 0
    failed_because: str = ""
    refused: int = 0
    suppressed: int = 0
    waiting: Counter[Why] = field(default_factory=Counter)
    until: dict[Why, dt.datetime] = field(default_factory=dict)
    about: Counter[str] = field(default_factory=Counter)

    def waits(self, why: Why, until: dt.datetime | None = None) -> None:
        """One more person waits for this reason."""
        self.waiting[why] += 1
        if until is not None:
            self.until[why] = min(until, self.until.get(why, until))

    def fails(self, error: Exception) -> None:
        """One mail could not be made; what the keeper can mend is kept in words."""
        self.failed += 1
        if isinstance(error, UsageError):
            self.failed_because = error.message

    def told(self) -> tuple[Told, ...]:
        """The reasons, most frequent first."""
        return tuple(Told(why, count, self.until.get(why)) for why, count in self.waiting.most_common())
