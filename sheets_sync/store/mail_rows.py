"""Mails as rows: queued, and read again.

Not here: sending them (`sending`), the notices they are made of (`notice_rows`), switches (`mail_switches`).
"""

import datetime as dt
import zlib
from itertools import takewhile
from typing import Any, NamedTuple

import sqlalchemy as sa

from sheets_sync.core.mails import SMTP, MailState
from sheets_sync.core.persons import Person
from sheets_sync.store.notice_rows import NoticeState
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import mail as table
from sheets_sync.store.schema import mail_notice, notice
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.times import instant, instant_text

CLAIM_LASTS = dt.timedelta(minutes=15)
MOST_DOUBTS = 1
NO_BODY = {"raw": None, "html": None, "subject": ""}
"""What stays of a mail whose content is no longer kept."""


class NewMail(NamedTuple):
    """A mail to queue. `day` is the day it is for (one mail per person and day); `route` as in `core.mails`."""

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


def insert(connection: sa.Connection, new: NewMail, now: dt.datetime) -> int | None:
    """Queue a mail; None when this person has one of that day on that route."""
    c, identity, day = table.c, kept(new.person.identity), new.day.isoformat()
    same = (c.route == new.route, c.identity == identity, c.day == day, c.state != MailState.DROPPED)
    if connection.scalar(sa.select(c.id).where(*same)) is not None:
        return None
    values = {
        "identity": identity,
        "address": kept(new.person.address),
        "name": kept(new.person.name),
        "route": new.route,
        "day": day,
        "kinds": " ".join(new.kinds),
        "message_id": new.message_id,
        "subject": kept(new.subject),
        "raw": zlib.compress(new.raw),
        "html": zlib.compress(new.html.encode("utf-8", "surrogatepass")),
        "queued": instant_text(now),
        "expires": instant_text(new.expires),
        "state": MailState.PENDING,
        "attempts": 0,
        "doubts": 0,
        "code": 0,
        "reason": "",
    }
    return int(connection.execute(table.insert().values(values).returning(c.id)).scalar_one())


def read_due(connection: sa.Connection, now: dt.datetime, *, route: str) -> tuple[Queued, ...]:
    """Mails to try now, of plans that are not paused, oldest first."""
    c, moment = table.c, instant_text(now)
    paused = sa.select(mail_notice.c.mail).join(notice, notice.c.id == mail_notice.c.notice)
    paused = paused.join(plan_table, plan_table.c.id == notice.c.plan).where(plan_table.c.paused.is_not(None))
    due = (may_be_tried(now) | may_be_repeated(now)) & (c.expires > moment) & c.raw.is_not(None) & c.id.not_in(paused)
    found = connection.execute(_select().where(c.route == route, due).order_by(c.id)).all()
    return tuple(_queued(row)._replace(again=row.doubts > 0 or row.state == MailState.SENDING) for row in found)


def read_stale(connection: sa.Connection, route: str) -> tuple[int, ...]:
    """Pending mails that surely never left and hold a notice that is no longer what it was."""
    c = table.c
    query = sa.select(c.id).distinct().join(mail_notice, mail_notice.c.mail == c.id)
    query = query.join(notice, notice.c.id == mail_notice.c.notice)
    changed = (notice.c.digest != mail_notice.c.digest) | (notice.c.state != NoticeState.QUEUED)
    query = query.where(c.route == route, c.state == MailState.PENDING, c.doubts == 0, changed)
    return tuple(connection.scalars(query.order_by(c.id)))


def read_on_other_routes(connection: sa.Connection, route: str) -> tuple[int, ...]:
    """Pending mails that surely never left and were to go another way."""
    c = table.c
    query = sa.select(c.id).where(c.route != route, c.state == MailState.PENDING, c.doubts == 0)
    return tuple(connection.scalars(query.order_by(c.id)))


def read_mails(connection: sa.Connection, *, identity: str, limit: int) -> tuple[Queued, ...]:
    """Mails of every state (to one person), newest first."""
    query = _select().order_by(table.c.id.desc()).limit(limit)
    if identity:
        query = query.where(table.c.identity == kept(identity))
    return tuple(map(_queued, connection.execute(query)))


def read_content(connection: sa.Connection, number: int) -> tuple[bytes, str] | None:
    """A mail's bytes and HTML as long as they are kept."""
    row = connection.execute(sa.select(table.c.raw, table.c.html).where(table.c.id == number)).one_or_none()
    if row is None or row.raw is None or row.html is None:
        return None
    return zlib.decompress(row.raw), zlib.decompress(row.html).decode("utf-8", "surrogatepass")


def read_days(connection: sa.Connection, identity: str, since: dt.date, *, route: str) -> tuple[dt.date, ...]:
    """The days of a person's mails that were or may be told."""
    c, told = table.c, (MailState.PENDING, MailState.SENDING, MailState.SENT, MailState.WRITTEN)
    query = sa.select(c.day).where(c.identity == kept(identity), c.route == route, c.state.in_(told))
    return tuple(
        map(dt.date.fromisoformat, connection.scalars(query.where(c.day >= since.isoformat()).order_by(c.day)))
    )


def count_refused(connection: sa.Connection, identity: str) -> int:
    """How many mails to this person's own address in a row were refused for good, newest first."""
    c = table.c
    told = c.state.in_((MailState.SENT, MailState.REFUSED)) & (c.route == SMTP)
    states = connection.scalars(sa.select(c.state).where(c.identity == kept(identity), told).order_by(c.id.desc()))
    return sum(1 for _ in takewhile(lambda state: state == MailState.REFUSED, states))


def may_be_tried(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Waiting, and its next try has come."""
    due = table.c.next_try.is_(None) | (table.c.next_try <= instant_text(now))
    return (table.c.state == MailState.PENDING) & due


def is_lost(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Claimed so long ago that its sender must have died; one claimed under a clock that ran ahead is lost, too."""
    claimed = table.c.claimed
    old = (claimed <= instant_text(now - CLAIM_LASTS)) | (claimed > instant_text(now + CLAIM_LASTS))
    return (table.c.state == MailState.SENDING) & old


def may_be_repeated(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Lost for the first time."""
    return is_lost(now) & (table.c.doubts < MOST_DOUBTS)


def _select() -> sa.Select[Any]:
    return sa.select(*(column for column in table.c if column.name not in ("raw", "html")))


def _queued(row: sa.Row[Any]) -> Queued:
    return Queued(
        number=row.id,
        address=restored(row.address),
        name=restored(row.name),
        route=row.route,
        day=dt.date.fromisoformat(row.day),
        kinds=tuple(row.kinds.split()),
        message_id=row.message_id,
        subject=restored(row.subject),
        state=MailState(row.state),
        attempts=row.attempts,
        next_try=instant(row.next_try) if row.next_try else None,
        expires=instant(row.expires),
        again=row.doubts > 0 and row.state in (MailState.PENDING, MailState.SENDING),
        code=row.code,
        reason=restored(row.reason),
        queued_at=instant(row.queued),
        settled_at=instant(row.settled) if row.settled else None,
    )
