"""Runs: begun with all they mean to do, finished with what became of it, or abandoned. The facts of each.

Not here: reading their changes and receipts again (`journal`), what they add to the history (`history_rows`).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.errors import StoreError
from sheets_sync.store import codec, plans
from sheets_sync.store.odd_text import kept
from sheets_sync.store.plans import PlanRow
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.schema import run as table
from sheets_sync.store.times import instant, instant_text

OPEN, FINISHED, ABANDONED = "open", "finished", "abandoned"
UNDO, LEAVE = "undo", "leave"
PRESS, TAKE_BACK = "press", "take_back"
LOG = "log"
"""A run that found nothing to write but when it checked: undoing passes it over."""
LIVE = (PRESS, TAKE_BACK)
"""Kinds of runs in a workbook that is open: nobody knows yet whether it will be saved (HAZARDS 20)."""
LOOKS_AT_NOTHING = (UNDO, LEAVE, *LIVE)
"""Kinds of runs that do not check the plan as it is saved."""


class RunStart(NamedTuple):
    """What is known when a run begins. `as_of` is the plan's day, `started` an aware instant in UTC, `fingerprint`
    the workbook as read, `config` a hash of the configuration, `program` the version, `kind` one of "sync", "undo",
    "leave", "adopt", "press", "take_back", "log"."""

    plan: str
    as_of: dt.date
    started: dt.datetime
    fingerprint: str
    config: str
    program: str
    kind: str


class FinishedRun(NamedTuple):
    """A finished run. `fingerprint` is the workbook's after it; `settled` tells that it refused and postponed
    nothing; `applied` and `refused` count edits and structures; `write` is the number of the plan's last write
    then (0 = never)."""

    run: int
    kind: str
    as_of: dt.date
    started: dt.datetime
    finished: dt.datetime
    fingerprint: str
    config: str
    program: str
    settled: bool
    applied: int
    refused: int
    write: int


class BegunRun(NamedTuple):
    """What ending an open run needs to know of its beginning; `stamp_*` is the stamp it would leave behind."""

    as_of: dt.date
    fingerprint: str
    write_before: int
    write: int
    stamp_write: int
    stamp_store: str


_other = table.alias()
_FINISHED_COLUMNS = (
    table.c.id,
    table.c.kind,
    table.c.as_of,
    table.c.started,
    table.c.finished,
    table.c.fingerprint_left,
    table.c.config,
    table.c.program,
    table.c.settled,
    table.c.applied,
    table.c.refused,
    table.c.write,
)


def insert_run(
    connection: sa.Connection, row: PlanRow, start: RunStart, *, write: int, changes: Changes, remembered: bytes
) -> int:
    """Write down a run that begins, with its journal. Returns its number."""
    stamp_write, stamp_store = _stamp_after(row, changes)
    values = {
        "plan": row.id,
        "kind": start.kind,
        "state": OPEN,
        "as_of": start.as_of.isoformat(),
        "started": instant_text(start.started),
        "fingerprint_seen": start.fingerprint,
        "fingerprint_left": "",
        "config": start.config,
        "program": start.program,
        "write_before": row.write,
        "write": write,
        "stamp_write_before": row.stamp_write,
        "stamp_store_before": row.stamp_store,
        "stamp_write": stamp_write,
        "stamp_store": stamp_store,
        "settled": 0,
        "applied": 0,
        "refused": 0,
        "backup": "",
        "reason": "",
        "changes": codec.encode_changes(changes),
        "remembered": remembered,
    }
    return int(connection.execute(table.insert().values(values).returning(table.c.id)).scalar_one())


def begun(connection: sa.Connection, run: int) -> BegunRun:
    """An open run. Raises StoreError when it is not open."""
    c = table.c
    numbers = (c.write_before, c.write, c.stamp_write, c.stamp_store)
    row = connection.execute(sa.select(c.state, c.as_of, c.fingerprint_seen, *numbers).where(c.id == run)).one()
    state, as_of, fingerprint, write_before, write, stamp_write, stamp_store = row
    if state != OPEN:
        raise StoreError(f"run {run} is {state}: only an open run can be changed")
    day = dt.date.fromisoformat(as_of)
    return BegunRun(day, fingerprint, write_before, write, stamp_write, stamp_store)


def set_finished(
    connection: sa.Connection,
    run: int,
    receipt: Receipt,
    *,
    finished: dt.datetime,
    settled: bool,
    write: int,
) -> None:
    """Note the end of a run and what the adapter said of it."""
    values = {
        "state": FINISHED,
        "finished": instant_text(finished),
        "fingerprint_left": receipt.fingerprint,
        "write": write,
        "settled": int(settled),
        "applied": len(receipt.applied) + len(receipt.structures),
        "refused": len(receipt.refused),
        "backup": kept(receipt.backup),
        "receipt": codec.encode_receipt(receipt),
        "remembered": None,
    }
    connection.execute(table.update().where(table.c.id == run).values(values))


def settle_write(connection: sa.Connection, row: PlanRow, run: BegunRun, receipt: Receipt) -> int:
    """Note whether the workbook was written at all; returns the number of the last write then."""
    if receipt.applied or receipt.structures or receipt.fingerprint != run.fingerprint:
        plans.set_stamp(connection, row, run.stamp_write, run.stamp_store)
        return run.write
    plans.take_back_write(connection, row, run.write, run.write_before)
    return run.write_before


def unsettle(connection: sa.Connection, run_id: int) -> None:
    """Something the run had to leave open can go on now: let the next one look again."""
    connection.execute(table.update().where(table.c.id == run_id).values(settled=0))


def set_abandoned(connection: sa.Connection, run: int, *, finished: dt.datetime, reason: str, write: int) -> None:
    """Note that a run came to nothing."""
    values = {"state": ABANDONED, "finished": instant_text(finished), "reason": kept(reason), "write": write}
    connection.execute(table.update().where(table.c.id == run).values(**values, remembered=None))


def has_open(connection: sa.Connection, plan: int) -> bool:
    """Whether a run of this plan began and did not end."""
    query = sa.select(table.c.id).where(table.c.plan == plan, table.c.state == OPEN)
    return connection.scalar(query.limit(1)) is not None


def read_finished(connection: sa.Connection, run: int) -> FinishedRun | None:
    """A finished run; None when there is none of this number."""
    row = connection.execute(sa.select(*_FINISHED_COLUMNS).where(table.c.id == run)).one_or_none()
    return _finished(row) if row is not None else None


def read_skippable(connection: sa.Connection, uid: str) -> FinishedRun | None:
    """The last finished run of a plan that is neither paused nor has an open run, in one question."""
    is_open = sa.exists().where(_other.c.plan == plan_table.c.id, _other.c.state == OPEN)
    query = sa.select(*_FINISHED_COLUMNS).join(plan_table, plan_table.c.last_run == table.c.id)
    query = query.where(plan_table.c.uid == uid, plan_table.c.paused.is_(None), ~is_open)
    row = connection.execute(query).one_or_none()
    return _finished(row) if row is not None else None


def read_last_look(connection: sa.Connection, plan: int) -> dt.date | None:
    """The plan's day at the last finished run that checked the plan."""
    c = table.c
    query = sa.select(c.as_of).where(c.plan == plan, c.state == FINISHED, c.kind.not_in(LOOKS_AT_NOTHING))
    found = connection.scalar(query.order_by(c.id.desc()).limit(1))
    return dt.date.fromisoformat(found) if found is not None else None


def _stamp_after(row: PlanRow, changes: Changes) -> tuple[int, str]:
    if changes.stamp is not None:
        return changes.stamp.write, changes.stamp.store
    return (0, "") if changes.remove_stamp else (row.stamp_write, row.stamp_store)


def _finished(row: Sequence[Any]) -> FinishedRun:
    number, kind, as_of, started, finished, fingerprint, config, program, settled, applied, refused, write = row
    return FinishedRun(
        number,
        kind,
        dt.date.fromisoformat(as_of),
        instant(started),
        instant(finished),
        fingerprint,
        config,
        program,
        settled == 1,
        applied,
        refused,
        write,
    )
