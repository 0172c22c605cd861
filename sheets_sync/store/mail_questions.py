"""What mailing asks of notices and mails beside their way through the outbox: how many, of which, when."""

import datetime as dt
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from sheets_sync.core.mails import SMTP, MailState
from sheets_sync.core.persons import Person
from sheets_sync.store.mail_rows import count_refused
from sheets_sync.store.notice_rows import NoticeState, Waiting, waiting_of
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import mail, mail_notice, sheet_person
from sheets_sync.store.schema import notice as table
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.times import instant, instant_text


class Later(NamedTuple):
    """How many people are told something later, and when the first of them at the earliest."""

    people: int = 0
    first: dt.datetime | None = None


def notices_of(connection: sa.Connection, number: int) -> tuple[Waiting, ...]:
    """The notices a mail was made of that are still wanted, as they are now; those that cannot be read are left out."""
    c = table.c
    columns = (c.id, plan_table.c.uid, c.kind, c.period, c.not_before, c.expires, c.digest, c.payload)
    query = sa.select(*columns).join(plan_table, plan_table.c.id == c.plan)
    query = query.join(mail_notice, mail_notice.c.notice == c.id).where(mail_notice.c.mail == number)
    query = query.where(c.state == NoticeState.QUEUED)
    found = [waiting_of(cast(sa.Row[Any], row)) for row in connection.execute(query.order_by(c.id))]
    return tuple(waiting for waiting in found if waiting is not None)


def people_mailed(connection: sa.Connection, plan: str, *, before: str, route: str) -> int | None:
    """How many people were mailed about a plan this way in the last period before this one; None when nobody was."""
    c = table.c
    told = mail.c.state.in_((MailState.SENT, MailState.REFUSED)) & (mail.c.route == route)
    query = sa.select(sa.func.count(c.identity.distinct())).join(plan_table, plan_table.c.id == c.plan)
    query = query.join(mail_notice, mail_notice.c.notice == c.id).join(mail, mail.c.id == mail_notice.c.mail)
    query = query.where(plan_table.c.uid == plan, c.period < before, told).group_by(c.period)
    return connection.scalar(query.order_by(c.period.desc()).limit(1))


def later(connection: sa.Connection, now: dt.datetime) -> Later:
    """Who is told something later, of plans that are not paused."""
    c = table.c
    query = sa.select(sa.func.count(c.identity.distinct()), sa.func.min(c.not_before))
    query = query.join(plan_table, plan_table.c.id == c.plan).where(plan_table.c.paused.is_(None))
    people, first = connection.execute(
        query.where(c.state == NoticeState.WAITING, c.not_before > instant_text(now))
    ).one()
    return Later(people, instant(first) if first is not None else None)


def is_person_released(connection: sa.Connection, plan: str, person: Person) -> bool:
    """Whether exactly this name, address and leader was released for the plan."""
    c = sheet_person.c
    query = sa.select(c.released).join(plan_table, plan_table.c.id == c.plan).where(plan_table.c.uid == plan)
    own = (c.identity == kept(person.identity), c.name == kept(person.name), c.leader == kept(person.leader))
    return connection.scalar(query.where(*own)) is not None


def given_up(connection: sa.Connection, *, times: int, since: dt.datetime) -> frozenset[str]:
    """The identities whose last mails were refused for good, so many times in a row since then."""
    c = mail.c
    refused = (c.state == MailState.REFUSED) & (c.route == SMTP) & (c.settled >= instant_text(since))
    query = sa.select(c.identity).where(refused).group_by(c.identity)
    often = map(restored, connection.scalars(query.having(sa.func.count() >= times)).all())
    return frozenset(identity for identity in often if count_refused(connection, identity) >= times)
