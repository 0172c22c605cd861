"""The plan's own row: numbers that never go back, the stamp its workbook holds, pause, what the keeper was told.

Not here: its actions (`history_rows`), sets (`plan_sets`) and runs (`runs`).
"""

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa

from sheets_sync.errors import StoreError
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import known, past, plan_event, plan_health, plan_pause, plan_set, reserved, run, told
from sheets_sync.store.schema import plan as table
from sheets_sync.store.times import instant_text

LEFT = "left"
"""Beside what was told, in its table: everything of ours was taken out of the plan's workbook."""


class PlanRow(NamedTuple):
    """The row as stored."""

    id: int
    uid: str
    next_number: int
    write: int
    stamp_write: int
    stamp_store: str
    adopted_on: str | None
    last_run: int
    sets_run: int
    paused: str | None
    pause_reason: str


_NEW: dict[str, int | str | None] = {
    "next_number": 1,
    "write": 0,
    "stamp_write": 0,
    "stamp_store": "",
    "adopted_on": None,
    "last_run": 0,
    "sets_run": 0,
    "paused": None,
    "pause_reason": "",
}


def read_plan(connection: sa.Connection, uid: str) -> PlanRow | None:
    """The plan's row, None when the store never heard of it."""
    return _read(connection, sa.select(table).where(table.c.uid == uid))


def plan_to_change(connection: sa.Connection, uid: str) -> PlanRow:
    """The plan's row, made when there is none, and nobody else's until the transaction ends."""
    query = sa.select(table).where(table.c.uid == uid).with_for_update()
    found = _read(connection, query)
    if found is None:
        connection.execute(table.insert().values(uid=uid, **_NEW))
        found = _read(connection, query)
    assert found is not None
    return found


def plan_of_run(connection: sa.Connection, run_id: int) -> PlanRow:
    """The plan a run belongs to, likewise. Raises StoreError when there is no such run."""
    query = sa.select(table).join(run, run.c.plan == table.c.id).where(run.c.id == run_id).with_for_update()
    found = _read(connection, query)
    if found is None:
        raise StoreError(f"the store knows no run {run_id}")
    return found


def reserve(connection: sa.Connection, row: PlanRow, *, next_number: int, write: int) -> None:
    """Take ids and the write number of a run that begins; ids never go back."""
    _set(connection, row, next_number=max(next_number, row.next_number), write=write)


def take_back_write(connection: sa.Connection, row: PlanRow, write: int, before: int) -> None:
    """Make `before` the last write again where `write` still is: it never reached the workbook."""
    if row.write == write:
        _set(connection, row, write=before)


def note_finish(
    connection: sa.Connection, row: PlanRow, run_id: int, *, adopted_on: dt.date, sets_changed: bool
) -> None:
    """Note a run that finished, and whether it changed the plan's sets."""
    sets_run = run_id if sets_changed else row.sets_run
    _set(connection, row, last_run=run_id, adopted_on=adopted_on.isoformat(), sets_run=sets_run)


def set_pause(connection: sa.Connection, row: PlanRow, since: dt.datetime | None, reason: str = "") -> None:
    """Pause the plan, or let it go on (`since` None)."""
    _set(connection, row, paused=instant_text(since) if since is not None else None, pause_reason=kept(reason))


def set_stamp(connection: sa.Connection, row: PlanRow, write: int, store: str) -> None:
    """Note the stamp that the workbook holds (`write` 0 = none); later writes are numbered above it."""
    _set(connection, row, stamp_write=write, stamp_store=store if write else "", write=max(write, row.write))


def told_things(connection: sa.Connection, plan: int) -> frozenset[str]:
    """What the keeper of this plan was told once."""
    return frozenset(
        map(restored, connection.scalars(sa.select(told.c.what).where(told.c.plan == plan, told.c.what != LEFT)))
    )


def note_told(connection: sa.Connection, plan: int, what: str) -> bool:
    """Note that the keeper is told this; False when that was noted before."""
    mine = (told.c.plan == plan, told.c.what == kept(what))
    if connection.scalar(sa.select(told.c.plan).where(*mine)) is not None:
        return False
    connection.execute(told.insert().values(plan=plan, what=kept(what)))
    return True


def drop_told(connection: sa.Connection, plan: int, what: str) -> None:
    """Note that the keeper was not told this."""
    connection.execute(told.delete().where(told.c.plan == plan, told.c.what == kept(what)))


def forget_plan(connection: sa.Connection, row: PlanRow) -> None:
    """Delete all that is remembered of the plan but its numbers, so that no id is ever given twice."""
    for part in (known, past, plan_set, reserved, told, run, plan_health, plan_pause, plan_event):
        connection.execute(part.delete().where(part.c.plan == row.id))
    _set(connection, row, **(_NEW | {"next_number": row.next_number, "write": row.write}))


def _read(connection: sa.Connection, query: sa.Select[Any]) -> PlanRow | None:
    row = connection.execute(query).one_or_none()
    return PlanRow(*row) if row is not None else None


def _set(connection: sa.Connection, row: PlanRow, **values: int | str | None) -> None:
    connection.execute(table.update().where(table.c.id == row.id).values(values))
