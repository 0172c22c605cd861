"""Notices as rows: wanted by a run, waiting, in a mail, told or dropped.

Not here: the mails made of them (`mail_rows`), their content as bytes (`section_codec`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from sheets_sync.core.mails import FILES, REDIRECT, MailState
from sheets_sync.core.notices import Kind, LeaderSection, Notice, OwnerSection, PlanFacts, Wanted
from sheets_sync.core.persons import Person
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import mail, mail_notice
from sheets_sync.store.schema import notice as table
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.section_codec import NotReadable, decode_content, encode_content
from sheets_sync.store.times import instant, instant_text

NOT_NEEDED = "no longer needed"
EXPIRED = "expired"
UNREADABLE = "written by another version of the program"


class NoticeState(StrEnum):
    """Where a notice stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    """In a mail that may still leave."""
    WRITTEN = "written"
    """A file was written of it, or its mail was redirected; its reader was not mailed."""
    MAILED = "mailed"
    REFUSED = "refused"
    """Its mail was refused for good."""
    DROPPED = "dropped"


OPEN = (NoticeState.WAITING, NoticeState.QUEUED, NoticeState.WRITTEN)
"""What a run may still change."""


class Waiting(NamedTuple):
    """A notice that waits. `number` names it; `digest` changes with its content."""

    number: int
    digest: str
    notice: Notice


class _Stored(NamedTuple):
    number: int
    state: str


_Key = tuple[str, str, str]
_COLUMNS = (
    table.c.id,
    plan_table.c.uid,
    table.c.identity,
    table.c.kind,
    table.c.period,
    table.c.not_before,
    table.c.expires,
    table.c.digest,
    table.c.payload,
    table.c.state,
    table.c.reason,
)


def _has_mail(*states: MailState, route: str = "") -> sa.ColumnElement[bool]:
    """Whether a notice is in a mail of one of these states (on this route)."""
    link = sa.select(mail_notice.c.mail).join(mail, mail.c.id == mail_notice.c.mail)
    if route:
        link = link.where(mail.c.route == route)
    return link.where(mail_notice.c.notice == table.c.id, mail.c.state.in_(states)).correlate(table).exists()


def _was_redirected() -> sa.ColumnElement[bool]:
    """Whether a mail of it has gone to where all mails are redirected, or was refused there."""
    return _has_mail(MailState.SENT, MailState.REFUSED, route=REDIRECT)


_WAITS_AGAIN = sa.case(
    (_has_mail(MailState.PENDING, MailState.SENDING), NoticeState.QUEUED),
    (_has_mail(MailState.WRITTEN) | _was_redirected(), NoticeState.WRITTEN),
    else_=NoticeState.WAITING,
)
"""What a dropped notice becomes when a run wants it again."""


def note_wanted(connection: sa.Connection, plan: int, wanted: Wanted) -> None:
    """Insert or replace what a run of this plan wants to tell, and drop what it looked at and wants no more."""
    stored = _stored(connection, plan, {notice.period for notice in wanted.notices} | {p for _, p in wanted.looked_at})
    notices = {(one.person.identity, one.kind.value, one.period): one for one in wanted.notices}
    for key, notice in notices.items():
        before = stored.get(key)
        if before is None:
            _insert(connection, plan, notice)
        elif before.state in OPEN or before.state == NoticeState.DROPPED:
            _replace(connection, before, notice)
    looked_at = {(kind.value, period) for kind, period in wanted.looked_at}
    gone = [one.number for key, one in stored.items() if key not in notices and key[1:] in looked_at]
    _drop(connection, gone, NOT_NEEDED, (NoticeState.WAITING, NoticeState.QUEUED))


def read_waiting(connection: sa.Connection, now: dt.datetime, *, route: str) -> Sequence[sa.Row[Any]]:
    """The rows of the notices to tell now, of plans that are not paused, oldest first."""
    c, moment = table.c, instant_text(now)
    query = _select().where(c.not_before <= moment, c.expires > moment, plan_table.c.paused.is_(None), _free(route))
    return connection.execute(query.order_by(c.not_before, c.id)).all()


def read_all(connection: sa.Connection, identity: str) -> Sequence[sa.Row[Any]]:
    """The rows of every notice (to one person), newest first."""
    query = _select().order_by(table.c.not_before.desc(), table.c.id.desc())
    return connection.execute(query.where(table.c.identity == identity) if identity else query).all()


def waiting_of(row: sa.Row[Any]) -> Waiting | None:
    """The notice of a row; None when its content cannot be read."""
    try:
        person, section = decode_content(row.payload)
    except NotReadable:
        return None
    start, end = instant(row.not_before), instant(row.expires)
    return Waiting(row.id, row.digest, Notice(row.uid, person, Kind(row.kind), row.period, start, end, section))


def told_of(row: sa.Row[Any]) -> tuple[Waiting, str, str]:
    """The notice of a row with its state and reason. One that cannot be read has an empty section and no name; where
    it would wait it is as good as dropped, until a run wants it anew."""
    waiting = waiting_of(row)
    if waiting is not None:
        return waiting, row.state, restored(row.reason)
    start, end = instant(row.not_before), instant(row.expires)
    facts = PlanFacts(row.uid, "", "", "", start.date(), start, "", "")
    kind = Kind(row.kind)
    empty = OwnerSection(facts) if kind is Kind.OWNER_WEEK else LeaderSection(facts, facts.day, facts.day)
    notice = Notice(row.uid, Person("", restored(row.identity)), kind, row.period, start, end, empty)
    if row.state == NoticeState.WAITING:
        return Waiting(row.id, row.digest, notice), NoticeState.DROPPED, UNREADABLE
    return Waiting(row.id, row.digest, notice), row.state, restored(row.reason)


def drop_waiting(connection: sa.Connection, numbers: Iterable[int], reason: str) -> None:
    """Drop those that are in no mail; one of which a file was written stays so and is not mailed."""
    _drop(connection, list(numbers), reason, (NoticeState.WAITING,))


def drop_expired(connection: sa.Connection, now: dt.datetime) -> int:
    """Drop those that waited too long; returns how many."""
    old = table.update().where(table.c.state == NoticeState.WAITING, table.c.expires <= instant_text(now))
    return connection.execute(old.values(state=NoticeState.DROPPED, reason=EXPIRED)).rowcount


def can_take(connection: sa.Connection, waiting: Iterable[Waiting], *, route: str) -> bool:
    """Whether all of them are as they were read and in no mail."""
    wanted = {(one.number, one.digest) for one in waiting}
    query = sa.select(table.c.id, table.c.digest).where(_free(route), table.c.id.in_([number for number, _ in wanted]))
    return {(row.id, row.digest) for row in connection.execute(query.with_for_update())} == wanted


def take(connection: sa.Connection, mail_number: int, waiting: Iterable[Waiting]) -> None:
    """Put them into a mail."""
    for one in waiting:
        connection.execute(mail_notice.insert().values(mail=mail_number, notice=one.number, digest=one.digest))
        connection.execute(table.update().where(table.c.id == one.number).values(state=NoticeState.QUEUED))


def settle(connection: sa.Connection, mail_number: int, state: NoticeState, reason: str = "") -> None:
    """Note what became of the mail they are in, even of those that were dropped meanwhile. Of a written one the reason
    stays: it says why no mail needs to follow."""
    values = {"state": state} if state is NoticeState.WRITTEN else {"state": state, "reason": kept(reason)}
    connection.execute(table.update().where(_in_mail(mail_number)).values(values))


def let_go(connection: sa.Connection, mail_number: int, *, dropped_for: str = "") -> None:
    """Let the notices of a mail that surely never left wait again, or drop them for a reason."""
    ours = table.update().where(_in_mail(mail_number), table.c.state == NoticeState.QUEUED)
    after = NoticeState.DROPPED if dropped_for else NoticeState.WAITING
    place = sa.case((_has_mail(MailState.WRITTEN) | _was_redirected(), NoticeState.WRITTEN), else_=after)
    connection.execute(ours.values(state=place, reason=kept(dropped_for)))


def _in_mail(mail_number: int) -> sa.ColumnElement[bool]:
    return table.c.id.in_(sa.select(mail_notice.c.notice).where(mail_notice.c.mail == mail_number))


def _select() -> sa.Select[Any]:
    return sa.select(*_COLUMNS).join(plan_table, plan_table.c.id == table.c.plan)


def _free(route: str) -> sa.ColumnElement[bool]:
    """In no mail and to be told this way: what was only written does not count as told by mail, nor as redirected."""
    waits = table.c.state == NoticeState.WAITING
    if route == FILES:
        return waits
    written = (table.c.state == NoticeState.WRITTEN) & (table.c.reason == "")
    return waits | (written & ~_was_redirected() if route == REDIRECT else written)


def _stored(connection: sa.Connection, plan: int, periods: set[str]) -> dict[_Key, _Stored]:
    c = table.c
    query = sa.select(c.identity, c.kind, c.period, c.id, c.state).where(c.plan == plan, c.period.in_(periods))
    return {
        (restored(identity), kind, period): _Stored(number, state)
        for identity, kind, period, number, state in connection.execute(query)
    }


def _insert(connection: sa.Connection, plan: int, notice: Notice) -> None:
    connection.execute(
        table.insert().values(
            plan=plan,
            identity=kept(notice.person.identity),
            kind=notice.kind.value,
            period=notice.period,
            state=NoticeState.WAITING,
            **_content(notice),
        )
    )


def _replace(connection: sa.Connection, before: _Stored, notice: Notice) -> None:
    """New content and times in the same place; one that was dropped waits again."""
    state = _WAITS_AGAIN if before.state == NoticeState.DROPPED else before.state
    ours = table.update().where(table.c.id == before.number)
    connection.execute(ours.values(state=state, **_content(notice)))


def _content(notice: Notice) -> dict[str, str | bytes]:
    payload, digest = encode_content(notice.person, notice.section)
    return {
        "not_before": instant_text(notice.not_before),
        "expires": instant_text(notice.expires),
        "reason": "",
        "digest": digest,
        "payload": payload,
    }


def _drop(connection: sa.Connection, numbers: list[int], reason: str, states: tuple[NoticeState, ...]) -> None:
    ours = table.update().where(table.c.id.in_(numbers)).values(reason=kept(reason))
    connection.execute(ours.where(table.c.state.in_(states)).values(state=NoticeState.DROPPED))
    connection.execute(ours.where(table.c.state == NoticeState.WRITTEN, table.c.reason == ""))
