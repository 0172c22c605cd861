"""Notices and mails in the store: what waits, what was composed, what became of it.

A notice waits until it is mailed or dropped; a mail is queued together with its notices in one transaction, claimed
before it is sent, and settled after. Everything an interrupted run left is taken up by the next one.
"""

import datetime as dt

import sqlalchemy as sa

from sheets_sync.core.mails import Attempt
from sheets_sync.core.persons import Person
from sheets_sync.store import mail_questions, mail_rows, mail_switches, notice_rows, releases, runs, sending
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.mail_questions import Later
from sheets_sync.store.mail_rows import NewMail, Queued
from sheets_sync.store.mail_switches import LASTING, OFF, TROUBLE, Trouble
from sheets_sync.store.notice_rows import NoticeState, Waiting
from sheets_sync.store.plans import plan_to_change, read_plan

__all__ = ["Later", "NewMail", "NoticeState", "Outbox", "Queued", "Trouble", "Waiting"]


class Outbox:
    """Notices and mails of one store."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # --- notices -----------------------------------------------------------------------------------------------------
    def waiting(self, now: dt.datetime, *, route: str) -> tuple[Waiting, ...]:
        """Notices whose time has come and is not over, of plans that are not paused, oldest first; with route "smtp"
        also those of which only a file was written or whose mail was redirected, with "redirect" the former. Those
        that cannot be read any more are left out."""
        with reading(self._engine) as connection:
            rows = notice_rows.read_waiting(connection, now, route=route)
        return tuple(one for one in map(notice_rows.waiting_of, rows) if one is not None)

    def all_notices(self, identity: str = "") -> tuple[tuple[Waiting, str, str], ...]:
        """Every notice kept (of one person), newest first, as (notice, state, reason); for `mail why`."""
        with reading(self._engine) as connection:
            rows = notice_rows.read_all(connection, identity)
        return tuple(map(notice_rows.told_of, rows))

    def drop_expired(self, now: dt.datetime) -> int:
        """Drop notices and unsent mails whose time is over, with the reason "expired"; returns how many notices."""
        with writing(self._engine) as connection:
            sending.drop_expired(connection, now)
            return notice_rows.drop_expired(connection, now)

    def drop(self, numbers: tuple[int, ...], reason: str) -> None:
        """Drop waiting notices with a reason; a later run may want them again."""
        if numbers:
            with writing(self._engine) as connection:
                notice_rows.drop_waiting(connection, numbers, reason)

    # --- mails -------------------------------------------------------------------------------------------------------
    def queue(self, mail: NewMail, notices: tuple[Waiting, ...], *, now: dt.datetime) -> int | None:
        """Queue a mail made of these notices, all in one transaction. None, and nothing is done, when that person
        already has a mail of that day on that route or when one of the notices has changed or is taken meanwhile."""
        with writing(self._engine) as connection:
            if not notice_rows.can_take(connection, notices, route=mail.route):
                return None
            number = mail_rows.insert(connection, mail, now)
            if number is not None:
                notice_rows.take(connection, number, notices)
            return number

    def to_send(self, now: dt.datetime, *, route: str) -> tuple[Queued, ...]:
        """Mails to try now, oldest first: pending ones whose time has come, and those claimed more than 15 minutes
        ago and never settled (their sender died), once."""
        with writing(self._engine) as connection:
            sending.settle_lost_twice(connection, now)
            if mail_switches.read_switch(connection, OFF) is not None:
                return ()
            return mail_rows.read_due(connection, now, route=route)

    def claim(self, number: int, now: dt.datetime) -> bytes | None:
        """Take a mail for sending and return its bytes; None when another run was faster or it was settled."""
        with writing(self._engine) as connection:
            if mail_switches.read_switch(connection, OFF) is not None:
                return None
            return sending.claim(connection, number, now)

    def settle(self, number: int, attempt: Attempt, *, now: dt.datetime, next_try: dt.datetime | None) -> None:
        """Write down what became of a claimed mail. With `next_try` it waits for it; else it is settled for good. An
        uncertain one may be tried once more. SMTP "stop" puts it back as it was, without counting an attempt."""
        with writing(self._engine) as connection:
            sending.settle(connection, number, attempt, now=now, next_try=next_try)

    def withdraw(self, number: int, reason: str, *, wait_again: bool) -> None:
        """Drop a pending mail that surely never left; its notices wait again, or are dropped with the reason."""
        with writing(self._engine) as connection:
            if sending.surely_unsent(connection, number):
                sending.drop(connection, number, reason, now=None, wait_again=wait_again)

    def stale_mails(self, route: str) -> tuple[int, ...]:
        """Pending, never possibly delivered mails of which a notice has changed or was dropped since they were
        composed: to be withdrawn and composed anew."""
        with reading(self._engine) as connection:
            return mail_rows.read_stale(connection, route)

    def on_other_routes(self, route: str) -> tuple[int, ...]:
        """Pending, never possibly delivered mails that were to go another way than this one."""
        with reading(self._engine) as connection:
            return mail_rows.read_on_other_routes(connection, route)

    def mails(self, *, identity: str = "", limit: int = 200) -> tuple[Queued, ...]:
        """Mails of every state (to one person), newest first."""
        with reading(self._engine) as connection:
            return mail_rows.read_mails(connection, identity=identity, limit=limit)

    def content(self, number: int) -> tuple[bytes, str] | None:
        """A mail's bytes and its HTML; None when they are no longer kept."""
        with reading(self._engine) as connection:
            return mail_rows.read_content(connection, number)

    def days_mailed(self, identity: str, since: dt.date, *, route: str) -> tuple[dt.date, ...]:
        """The days since (and including) `since` for which this person was mailed or a mail is queued."""
        with reading(self._engine) as connection:
            return mail_rows.read_days(connection, identity, since, route=route)

    def refused_in_a_row(self, identity: str) -> int:
        """How often in a row this address was refused for good, newest first; redirected mails do not count."""
        with reading(self._engine) as connection:
            return mail_rows.count_refused(connection, identity)

    # --- switches ----------------------------------------------------------------------------------------------------
    def switch_off(self, now: dt.datetime) -> None:
        """Let no mail leave, those in the outbox included, until `switch_on`."""
        with writing(self._engine) as connection:
            mail_switches.set_switch(connection, OFF, now)

    def switch_on(self) -> None:
        """Let mails leave again."""
        with writing(self._engine) as connection:
            mail_switches.clear_switch(connection, OFF)

    def off_since(self) -> dt.datetime | None:
        """Since when mail is switched off by `mail off`; None when it is not."""
        with reading(self._engine) as connection:
            switch = mail_switches.read_switch(connection, OFF)
        return switch.since if switch is not None else None

    def note_trouble(self, reason: str, now: dt.datetime, *, lasting: bool = False) -> None:
        """Note that nothing can be sent; the first instant stays. `lasting`: a login alone does not prove it over."""
        with writing(self._engine) as connection:
            mail_switches.set_switch(connection, TROUBLE, now, reason)
            if lasting:
                mail_switches.set_switch(connection, LASTING, now)

    def note_login(self) -> None:
        """Note that the way out opens again: the trouble is over, unless it is a lasting one."""
        with writing(self._engine) as connection:
            if mail_switches.read_switch(connection, LASTING) is None:
                mail_switches.clear_switch(connection, TROUBLE)

    def clear_trouble(self) -> None:
        """Note that sending works."""
        with writing(self._engine) as connection:
            mail_switches.clear_switch(connection, TROUBLE)
            mail_switches.clear_switch(connection, LASTING)

    def trouble(self) -> Trouble | None:
        """What keeps all mail from leaving, None when nothing does."""
        with reading(self._engine) as connection:
            return mail_switches.read_switch(connection, TROUBLE)

    # --- releases ----------------------------------------------------------------------------------------------------
    def released(self, plan: str) -> bool:
        """Whether the keeper has released live mails of this plan (until then they go to the keeper alone)."""
        with reading(self._engine) as connection:
            return releases.is_released(connection, plan)

    def release(self, plan: str, now: dt.datetime) -> None:
        """Release live mails of this plan."""
        with writing(self._engine) as connection:
            releases.release_plan(connection, plan_to_change(connection, plan).id, now)

    def hold_new(self, plan: str, persons: tuple[Person, ...], now: dt.datetime) -> tuple[Person, ...]:
        """Persons that came from a sheet, each marked `held` unless exactly this name, address and leader was released
        for the plan; unknown ones are noted as waiting for release."""
        with writing(self._engine) as connection:
            return releases.hold_new(connection, plan_to_change(connection, plan).id, persons, now)

    def held_persons(self, plan: str = "") -> tuple[tuple[str, Person], ...]:
        """(plan uid, person) of those that wait for release."""
        with reading(self._engine) as connection:
            return releases.read_held(connection, plan)

    def release_person(self, plan: str, name: str, now: dt.datetime) -> int:
        """Release what waits under this name; returns how many. The next run reads the plan again, changed or not."""
        with writing(self._engine) as connection:
            row = read_plan(connection, plan)
            if row is None:
                return 0
            runs.unsettle(connection, row.last_run)
            return releases.release_person(connection, row.id, name, now)

    def hold(self, plan: str) -> None:
        """Take the release of this plan back: its live mails wait for `release` again."""
        with writing(self._engine) as connection:
            releases.take_back(connection, plan_to_change(connection, plan).id)

    def is_person_released(self, plan: str, person: Person) -> bool:
        """Whether exactly this name, address and leader of a person from a sheet was released for the plan."""
        with reading(self._engine) as connection:
            return mail_questions.is_person_released(connection, plan, person)

    # --- questions ---------------------------------------------------------------------------------------------------
    def notices_of(self, number: int) -> tuple[Waiting, ...]:
        """The notices a mail was made of that are still wanted, as they are now."""
        with reading(self._engine) as connection:
            return mail_questions.notices_of(connection, number)

    def people_mailed(self, plan: str, *, before: str, route: str) -> int | None:
        """How many people were mailed about a plan this way in the last period before this one; None when nobody
        ever was."""
        with reading(self._engine) as connection:
            return mail_questions.people_mailed(connection, plan, before=before, route=route)

    def later(self, now: dt.datetime) -> Later:
        """How many people are told something later than now, and from when."""
        with reading(self._engine) as connection:
            return mail_questions.later(connection, now)

    def given_up(self, times: int, since: dt.datetime) -> frozenset[str]:
        """The identities whose last mails were refused for good, so many times in a row since then."""
        with reading(self._engine) as connection:
            return mail_questions.given_up(connection, times=times, since=since)
