"""Notices and mails in the store: what waits, what was composed, what became of it.

A notice waits until it is mailed or dropped; a mail is queued together with its notices in one transaction, claimed
before it is sent, and settled after. Everything an interrupted run left is taken up by the next one.
"""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.core.mails import Attempt, MailState
from sheets_sync.core.notices import Notice
from sheets_sync.core.persons import Person


class Waiting(NamedTuple):
    """A notice that waits. `number` names it; `digest` changes with its content."""

    number: int
    digest: str
    notice: Notice


class NewMail(NamedTuple):
    """A mail to queue. `day` is the day it is for (one mail per person and day); `route` "files" or "smtp"."""

    person: Person
    route: str
    day: dt.date
    kinds: tuple[str, ...]
    message_id: str
    subject: str
    raw: bytes
    html: str
    expires: dt.datetime


class Queued(NamedTuple):
    """A mail in the outbox, without its bytes. `again` tells that it may already have arrived and this would be its
    one repetition. `code` and `reason` are of the last attempt."""

    number: int
    address: str
    name: str
    route: str
    day: dt.date
    kinds: tuple[str, ...]
    message_id: str
    subject: str
    state: MailState
    attempts: int
    next_try: dt.datetime | None
    expires: dt.datetime
    again: bool = False
    code: int = 0
    reason: str = ""
    queued_at: dt.datetime | None = None
    settled_at: dt.datetime | None = None


class Trouble(NamedTuple):
    """Since when nothing can be sent, and why, in words for a person."""

    since: dt.datetime
    reason: str


class Outbox:
    """Notices and mails of one store."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # --- notices -----------------------------------------------------------------------------------------------------
    def waiting(self, now: dt.datetime, *, route: str) -> tuple[Waiting, ...]:
        """Notices whose time has come and is not over, oldest first; with route "smtp" also those of which only a
        file was written."""
        raise NotImplementedError

    def all_notices(self, identity: str = "") -> tuple[tuple[Waiting, str, str], ...]:
        """Every notice kept (of one person), newest first, as (notice, state, reason); for `mail why`."""
        raise NotImplementedError

    def drop_expired(self, now: dt.datetime) -> int:
        """Drop notices and unsent mails whose time is over, with the reason "expired"; returns how many."""
        raise NotImplementedError

    def drop(self, numbers: tuple[int, ...], reason: str) -> None:
        """Drop waiting notices with a reason; a later run may want them again."""
        raise NotImplementedError

    # --- mails -------------------------------------------------------------------------------------------------------
    def queue(self, mail: NewMail, notices: tuple[Waiting, ...], *, now: dt.datetime) -> int | None:
        """Queue a mail made of these notices, all in one transaction. None, and nothing is done, when that person
        already has a mail of that day on that route or when one of the notices has changed or is taken meanwhile."""
        raise NotImplementedError

    def to_send(self, now: dt.datetime, *, route: str) -> tuple[Queued, ...]:
        """Mails to try now, oldest first: pending ones whose time has come, and those claimed more than 15 minutes
        ago and never settled (their sender died), once."""
        raise NotImplementedError

    def claim(self, number: int, now: dt.datetime) -> bytes | None:
        """Take a mail for sending and return its bytes; None when another run was faster or it was settled."""
        raise NotImplementedError

    def settle(self, number: int, attempt: Attempt, *, now: dt.datetime, next_try: dt.datetime | None) -> None:
        """Write down what became of a claimed mail. With `next_try` it waits for it; else it is settled for good. An
        uncertain one may be tried once more. SMTP "stop" puts it back as it was, without counting an attempt."""
        raise NotImplementedError

    def withdraw(self, number: int, reason: str, *, wait_again: bool) -> None:
        """Drop a pending mail that surely never left; its notices wait again, or are dropped with the reason."""
        raise NotImplementedError

    def stale_mails(self, route: str) -> tuple[int, ...]:
        """Pending, never possibly delivered mails of which a notice has changed or was dropped since they were
        composed: to be withdrawn and composed anew."""
        raise NotImplementedError

    def mails(self, *, identity: str = "", limit: int = 200) -> tuple[Queued, ...]:
        """Mails of every state (to one person), newest first."""
        raise NotImplementedError

    def content(self, number: int) -> tuple[bytes, str] | None:
        """A mail's bytes and its HTML; None when they are no longer kept."""
        raise NotImplementedError

    def days_mailed(self, identity: str, since: dt.date, *, route: str) -> tuple[dt.date, ...]:
        """The days since (and including) `since` for which this person was mailed or a mail is queued."""
        raise NotImplementedError

    def refused_in_a_row(self, identity: str) -> int:
        """How often in a row this address was refused for good, newest first."""
        raise NotImplementedError

    # --- switches ----------------------------------------------------------------------------------------------------
    def switch_off(self, now: dt.datetime) -> None:
        """Let no mail leave, those in the outbox included, until `switch_on`."""
        raise NotImplementedError

    def switch_on(self) -> None:
        """Let mails leave again."""
        raise NotImplementedError

    def off_since(self) -> dt.datetime | None:
        """Since when mail is switched off by `mail off`; None when it is not."""
        raise NotImplementedError

    def note_trouble(self, reason: str, now: dt.datetime) -> None:
        """Note that nothing can be sent; the first instant stays."""
        raise NotImplementedError

    def clear_trouble(self) -> None:
        """Note that sending works."""
        raise NotImplementedError

    def trouble(self) -> Trouble | None:
        """What keeps all mail from leaving, None when nothing does."""
        raise NotImplementedError

    # --- releases ----------------------------------------------------------------------------------------------------
    def released(self, plan: str) -> bool:
        """Whether the keeper has released live mails of this plan (until then they go to the keeper alone)."""
        raise NotImplementedError

    def release(self, plan: str, now: dt.datetime) -> None:
        """Release live mails of this plan."""
        raise NotImplementedError

    def hold_new(self, plan: str, persons: tuple[Person, ...], now: dt.datetime) -> tuple[Person, ...]:
        """Persons that came from a sheet, each marked `held` unless exactly this name, address and leader was released
        for the plan; unknown ones are noted as waiting for release."""
        raise NotImplementedError

    def held_persons(self, plan: str = "") -> tuple[tuple[str, Person], ...]:
        """(plan uid, person) of those that wait for release."""
        raise NotImplementedError

    def release_person(self, plan: str, name: str, now: dt.datetime) -> int:
        """Release what waits under this name; returns how many."""
        raise NotImplementedError
