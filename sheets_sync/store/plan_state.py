"""Where a plan stands, joined from its own row, its last run and what its keeper was told."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store import plans, runs
from sheets_sync.store.odd_text import restored
from sheets_sync.store.pauses import read_until
from sheets_sync.store.runs import FinishedRun
from sheets_sync.store.times import instant


class PlanState(NamedTuple):
    """Where a plan stands. `known` tells that a run of it finished; `write` is the number of the last write into its
    workbook (0 = never); `stamp_write` and `stamp_store` are the stamp that the workbook holds as far as this store
    knows (0 and "" = none); `told` what the keeper was told once; a pause ends by itself on the day
    `paused_until` (None = it does not)."""

    known: bool
    paused: bool
    pause_reason: str
    write: int
    last: FinishedRun | None
    next_number: int
    told: frozenset[str]
    stamp_write: int = 0
    stamp_store: str = ""
    paused_since: dt.datetime | None = None
    paused_until: dt.date | None = None


def read_state(connection: sa.Connection, plan: str) -> PlanState:
    """The plan's state; that of a new one when the store never heard of it."""
    row = plans.read_plan(connection, plan)
    if row is None:
        return PlanState(False, False, "", 0, None, 1, frozenset())
    last = runs.read_finished(connection, row.last_run)
    return PlanState(
        known=last is not None,
        paused=row.paused is not None,
        pause_reason=restored(row.pause_reason),
        write=row.write,
        last=last,
        next_number=row.next_number,
        told=plans.told_things(connection, row.id),
        stamp_write=row.stamp_write,
        stamp_store=row.stamp_store,
        paused_since=instant(row.paused) if row.paused is not None else None,
        paused_until=read_until(connection, row.id) if row.paused is not None else None,
    )
