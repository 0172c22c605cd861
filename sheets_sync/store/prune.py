"""What is kept for how long: what stood in cells 30 days, the past of an action 24 months (HAZARDS 28)."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store.schema import known, past, plan, run
from sheets_sync.store.times import instant_text

JOURNAL_KEPT = dt.timedelta(days=30)
PAST_KEPT = dt.timedelta(days=730)


class Pruned(NamedTuple):
    """How much was deleted: journals of runs, earlier versions, actions long gone, runs."""

    journals: int
    versions: int
    actions: int
    runs: int


def prune_old(connection: sa.Connection, now: dt.datetime) -> Pruned:
    """Delete what is older than its time. Open runs, which have no end yet, and each plan's last finished run stay."""
    journal_end = instant_text(now - JOURNAL_KEPT)
    old = run.update().where(run.c.finished < journal_end, run.c.changes.is_not(None))
    journals = connection.execute(old.values(changes=None, receipt=None)).rowcount
    past_end = (now - PAST_KEPT).date().isoformat()
    versions = connection.execute(past.delete().where(past.c.until < past_end)).rowcount
    actions = connection.execute(known.delete().where(known.c.gone < past_end)).rowcount
    runs = connection.execute(
        run.delete().where(
            run.c.finished < instant_text(now - PAST_KEPT),
            run.c.id.not_in(sa.select(plan.c.last_run)),
        )
    ).rowcount
    return Pruned(journals, versions, actions, runs)
