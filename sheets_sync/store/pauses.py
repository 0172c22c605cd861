"""Pauses of plans: since when, until when, and which days of the past were ones; and plans that left.

`plan.paused` says that a plan is paused now, `plan_pause` on which day it goes on by itself; pauses that are over stay
in `plan_set` under "pause", for their days do not count as silence.
"""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store import plans
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.plan_sets import PAUSE
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.schema import plan_pause, plan_set, told
from sheets_sync.store.times import instant


class Pause(NamedTuple):
    """A plan is paused since this instant (UTC); `until` is the first day on which it goes on, None = no end."""

    since: dt.datetime
    until: dt.date | None
    reason: str


class Pauses:
    """The pauses of all plans. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, plan: str, reason: str, now: dt.datetime, *, until: dt.date | None = None) -> None:
        """Let nothing be written or mailed for this plan until that day, or until `end`."""
        with writing(self._engine) as connection:
            row = plans.plan_to_change(connection, plan)
            plans.set_pause(connection, row, now, reason)
            connection.execute(plan_pause.delete().where(plan_pause.c.plan == row.id))
            if until is not None:
                connection.execute(plan_pause.insert().values(plan=row.id, until=until.isoformat()))

    def now(self, plan: str) -> Pause | None:
        """The pause that this plan is in; None when it is not paused."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            if row is None or row.paused is None:
                return None
            return Pause(instant(row.paused), read_until(connection, row.id), row.pause_reason)

    def end(self, plan: str, days: tuple[dt.date, dt.date] | None = None) -> None:
        """Let the plan go on. `days` are the first day of the pause and the first one after it."""
        with writing(self._engine) as connection:
            row = plans.plan_to_change(connection, plan)
            plans.set_pause(connection, row, None)
            connection.execute(plan_pause.delete().where(plan_pause.c.plan == row.id))
            if days is None or days[0] >= days[1]:
                return
            first, end = (day.isoformat() for day in days)
            values = {"plan": row.id, "name": PAUSE, "member": first, "detail": end}
            connection.execute(plan_set.delete().where(*(plan_set.c[name] == text for name, text in values.items())))
            connection.execute(plan_set.insert().values(values))

    def left(self) -> frozenset[str]:
        """The plans, by uid, that left and were not set up again: no run of theirs finished since."""
        of_plan = sa.select(plan_table.c.uid).join(told, told.c.plan == plan_table.c.id)
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(of_plan.where(told.c.what == plans.LEFT, plan_table.c.last_run == 0)))


def read_until(connection: sa.Connection, plan: int) -> dt.date | None:
    """The day on which a paused plan goes on by itself; None when there is none."""
    found = connection.scalar(sa.select(plan_pause.c.until).where(plan_pause.c.plan == plan))
    return dt.date.fromisoformat(found) if found is not None else None


def read_past(connection: sa.Connection, plan: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """The pauses that are over, oldest first: the first day of each and the first one after it."""
    c = plan_set.c
    rows = connection.execute(sa.select(c.member, c.detail).where(c.plan == plan, c.name == PAUSE).order_by(c.member))
    return tuple((dt.date.fromisoformat(first), dt.date.fromisoformat(end)) for first, end in rows)
