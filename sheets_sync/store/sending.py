"""A mail on its way: claimed, then settled by what became of it, dropped, or lost with its sender.

A mail may leave twice only when nobody knows whether the first one arrived: `doubts` counts these times. Not here: how
a mail is queued and read (`mail_rows`).
"""

import datetime as dt
import zlib

import sqlalchemy as sa

from sheets_sync.core.mails import FILES, REDIRECT, Attempt, MailState, Sending
from sheets_sync.store import notice_rows
from sheets_sync.store.mail_rows import MOST_DOUBTS, NO_BODY, is_lost, may_be_repeated, may_be_tried
from sheets_sync.store.notice_rows import EXPIRED, NoticeState
from sheets_sync.store.odd_text import kept
from sheets_sync.store.schema import mail as table
from sheets_sync.store.schema import mail_notice, notice
from sheets_sync.store.times import instant_text

FORGOTTEN = "a plan it is about was forgotten"
UNSURE = "may have arrived"
_NOTICE_STATES = {
    MailState.SENT: NoticeState.MAILED,
    MailState.WRITTEN: NoticeState.WRITTEN,
    MailState.REFUSED: NoticeState.REFUSED,
}


def claim(connection: sa.Connection, number: int, now: dt.datetime) -> bytes | None:
    """Take a mail for sending, or once more when its sender died; its bytes, None when that is not to be."""
    c = table.c
    ours = table.update().where(c.id == number, c.expires > instant_text(now), c.raw.is_not(None)).returning(c.raw)
    taken = {"state": MailState.SENDING, "claimed": instant_text(now)}
    raw = connection.scalar(ours.where(may_be_tried(now)).values(taken))
    if raw is None:
        again = taken | {"doubts": c.doubts + 1, "attempts": c.attempts + 1}
        raw = connection.scalar(ours.where(may_be_repeated(now)).values(again))
    return zlib.decompress(raw) if raw is not None else None


def settle(
    connection: sa.Connection, number: int, attempt: Attempt, *, now: dt.datetime, next_try: dt.datetime | None
) -> None:
    """Note one attempt. Of a mail that is no longer claimed only that it arrived after all."""
    c = table.c
    query = sa.select(c.state, c.route, c.attempts, c.doubts).where(c.id == number)
    row = connection.execute(query.with_for_update()).one_or_none()
    arrived = attempt.result in (Sending.SENT, Sending.WRITTEN)
    if row is None or not (row.state == MailState.SENDING or (row.state == MailState.PENDING and arrived)):
        return
    if attempt.result is Sending.STOP:
        _set(connection, number, state=MailState.PENDING, claimed=None)
        return
    doubts = row.doubts + (attempt.result is Sending.UNCERTAIN)
    told = {"attempts": row.attempts + 1, "doubts": doubts, "code": attempt.code, "reason": kept(attempt.reason)}
    _set(connection, number, claimed=None, **told)
    may_wait = attempt.result is Sending.RETRY or (attempt.result is Sending.UNCERTAIN and doubts <= MOST_DOUBTS)
    if may_wait and next_try is not None:
        _set(connection, number, state=MailState.PENDING, next_try=instant_text(next_try))
    elif arrived or attempt.result is Sending.REFUSED:
        _end(connection, number, MailState(attempt.result.value), now, route=row.route, reason=attempt.reason)
    elif doubts:
        _end_unsure(connection, number, row.route, now)
    else:
        drop(connection, number, attempt.reason, now=now)


def drop(
    connection: sa.Connection, number: int, reason: str, *, now: dt.datetime | None, wait_again: bool = False
) -> None:
    """Drop a mail that surely never left; its notices are dropped likewise, or wait again."""
    notice_rows.let_go(connection, number, dropped_for="" if wait_again else reason)
    settled = instant_text(now) if now is not None else None
    _set(connection, number, state=MailState.DROPPED, reason=kept(reason), settled=settled)


def surely_unsent(connection: sa.Connection, number: int) -> bool:
    """Whether a mail is pending and never left."""
    c = table.c
    query = sa.select(c.id).where(c.id == number, c.state == MailState.PENDING, c.doubts == 0).with_for_update()
    return connection.scalar(query) is not None


def drop_expired(connection: sa.Connection, now: dt.datetime) -> int:
    """Drop pending mails whose time is over, and settle those that may have arrived; returns how many were dropped.

    Their notices wait again: those whose own time is over are dropped next."""
    c = table.c
    old = sa.select(c.id, c.route, c.doubts, c.state).where(c.expires <= instant_text(now))
    rows = connection.execute(old.where((c.state == MailState.PENDING) | is_lost(now)).with_for_update()).all()
    dropped = 0
    for number, route, doubts, state in rows:
        if doubts or state == MailState.SENDING:
            _end_unsure(connection, number, route, now)
        else:
            drop(connection, number, EXPIRED, now=now, wait_again=True)
            dropped += 1
    return dropped


def forget_plan(connection: sa.Connection, plan: int) -> None:
    """Delete a plan's notices and the bodies of all mails that hold them; none of these leaves any more. What other
    plans had in one that never left waits again."""
    c = table.c
    ours = sa.select(notice.c.id).where(notice.c.plan == plan)
    holding = c.id.in_(sa.select(mail_notice.c.mail).where(mail_notice.c.notice.in_(ours)))
    pending = sa.select(c.id, c.route, c.doubts).where(holding, c.state == MailState.PENDING)
    for number, route, doubts in connection.execute(pending.with_for_update()).all():
        if doubts:
            _end_unsure(connection, number, route, None)
        else:
            drop(connection, number, FORGOTTEN, now=None, wait_again=True)
    connection.execute(table.update().where(holding).values(NO_BODY))
    connection.execute(mail_notice.delete().where(mail_notice.c.notice.in_(ours)))
    connection.execute(notice.delete().where(notice.c.plan == plan))


def settle_lost_twice(connection: sa.Connection, now: dt.datetime) -> None:
    """Settle mails of which the repetition was lost, too: a third is never sent."""
    query = sa.select(table.c.id, table.c.route).where(is_lost(now), table.c.doubts >= MOST_DOUBTS)
    for number, route in connection.execute(query.with_for_update()).all():
        _end_unsure(connection, number, route, now)


def _end(
    connection: sa.Connection, number: int, state: MailState, now: dt.datetime | None, *, route: str, reason: str
) -> None:
    """Settle a mail for good, and its notices with it: a redirected one has told its reader nothing, like a file."""
    settled = instant_text(now) if now is not None else None
    _set(connection, number, state=state, claimed=None, reason=kept(reason), settled=settled)
    told = NoticeState.WRITTEN if route == REDIRECT else _NOTICE_STATES[state]
    notice_rows.settle(connection, number, told, reason)


def _end_unsure(connection: sa.Connection, number: int, route: str, now: dt.datetime | None) -> None:
    """Settle a mail of which nobody knows whether it arrived: rather none than a third one."""
    state = MailState.WRITTEN if route == FILES else MailState.SENT
    _end(connection, number, state, now, route=route, reason=UNSURE)


def _set(connection: sa.Connection, number: int, **values: str | int | None) -> None:
    connection.execute(table.update().where(table.c.id == number).values(values))
