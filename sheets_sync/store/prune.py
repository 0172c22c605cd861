"""What is kept for how long, as configured: what stood in cells and mails, the past of an action (HAZARDS 28)."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.core.mails import MailState
from sheets_sync.core.retention import Retention
from sheets_sync.store import notice_rows, sending
from sheets_sync.store.mail_rows import NO_BODY
from sheets_sync.store.schema import known, mail, mail_notice, notice, past, plan, run
from sheets_sync.store.times import instant_text


class Pruned(NamedTuple):
    """How much was deleted: journals of runs, earlier versions, actions long gone, runs, contents of mails, notices."""

    journals: int
    versions: int
    actions: int
    runs: int
    mails: int = 0
    notices: int = 0


def prune_old(connection: sa.Connection, now: dt.datetime, kept: Retention) -> Pruned:
    """Delete what is older than its time. Open runs, which have no end yet, and each plan's last finished run stay."""
    journal_end = instant_text(now - kept.journal)
    old = run.update().where(run.c.finished < journal_end, run.c.changes.is_not(None))
    journals = connection.execute(old.values(changes=None, receipt=None)).rowcount
    past_end = (now - kept.past).date().isoformat()
    versions = connection.execute(past.delete().where(past.c.until < past_end)).rowcount
    actions = connection.execute(known.delete().where(known.c.gone < past_end)).rowcount
    runs = connection.execute(
        run.delete().where(
            run.c.finished < instant_text(now - kept.past),
            run.c.id.not_in(sa.select(plan.c.last_run)),
        )
    ).rowcount
    return Pruned(journals, versions, actions, runs, *_prune_mails(connection, now, kept))


def _prune_mails(connection: sa.Connection, now: dt.datetime, kept: Retention) -> tuple[int, int]:
    """Delete old contents of mails, old notices and very old mails. What may still leave stays."""
    sending.drop_expired(connection, now)
    notice_rows.drop_expired(connection, now)
    end, ended = instant_text(now - kept.mails), mail.c.state.not_in((MailState.PENDING, MailState.SENDING))
    old = mail.update().where(mail.c.queued < end, mail.c.raw.is_not(None), ended)
    bodies = connection.execute(old.values(NO_BODY)).rowcount
    old_notices = sa.select(notice.c.id).where(notice.c.expires < end)
    old_mails = sa.select(mail.c.id).where(mail.c.queued < instant_text(now - kept.past), ended)
    link = mail_notice.c.notice.in_(old_notices) | mail_notice.c.mail.in_(old_mails)
    connection.execute(mail_notice.delete().where(link))
    notices = connection.execute(notice.delete().where(notice.c.id.in_(old_notices))).rowcount
    connection.execute(mail.delete().where(mail.c.id.in_(old_mails)))
    return bodies, notices
