"""The journal: what each run meant to write, with what it replaces, and what became of it.

An open run's journal settles a crash, the last written run's is what undo needs, an abandoned run's keeps the ids it
had planned. Not here: the runs' own facts (`runs`).
"""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.core.cells import BLANK
from sheets_sync.core.decision import Changes, Refused
from sheets_sync.core.history import History, Remembered
from sheets_sync.core.snapshot import Role, Stamp
from sheets_sync.store import codec
from sheets_sync.store.engine import in_bulk
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.plans import PlanRow
from sheets_sync.store.runs import FINISHED, LIVE, LOG, OPEN, RunStart
from sheets_sync.store.schema import reserved
from sheets_sync.store.schema import run as table
from sheets_sync.store.times import instant


class OpenRun(NamedTuple):
    """A run that began and did not end."""

    run: int
    start: RunStart
    changes: Changes
    remembered: Remembered


class WrittenRun(NamedTuple):
    """A run that changed the workbook, as undo needs it: `changes` hold only what was applied, `fingerprint` is the
    workbook's after it, `stamp_before` the stamp the backup holds (None = none), `refused` what was not applied."""

    run: int
    kind: str
    finished: dt.datetime
    changes: Changes
    fingerprint: str
    backup: str
    stamp_before: Stamp | None
    refused: tuple[Refused, ...] = ()


def read_open(connection: sa.Connection, row: PlanRow, sets: History) -> tuple[OpenRun, ...]:
    """The open runs of a plan, oldest first. `sets` are the plan's sets as stored."""
    c = table.c
    query = sa.select(table).where(c.plan == row.id, c.state == OPEN).order_by(c.id)
    return tuple(
        OpenRun(
            run=one.id,
            start=RunStart(
                plan=row.uid,
                as_of=dt.date.fromisoformat(one.as_of),
                started=instant(one.started),
                fingerprint=one.fingerprint_seen,
                config=one.config,
                program=one.program,
                kind=one.kind,
            ),
            changes=codec.decode_changes(one.changes),
            remembered=codec.decode_remembered(one.remembered, sets),
        )
        for one in connection.execute(query).all()
    )


def read_written(connection: sa.Connection, row: PlanRow, *, live: bool = False) -> WrittenRun | None:
    """The last run that changed the workbook as it is saved, or, `live`, while it was open, but for those that only
    kept its Sync log; None when there is none, or its journal is no longer kept."""
    c = table.c
    of_kind = c.kind.in_(LIVE) if live else c.kind.not_in((*LIVE, LOG))
    query = sa.select(table).where(c.plan == row.id, c.state == FINISHED, c.applied > 0, of_kind)
    one = connection.execute(query.order_by(c.id.desc()).limit(1)).one_or_none()
    if one is None or one.changes is None:
        return None
    receipt = codec.decode_receipt(one.receipt)
    return WrittenRun(
        run=one.id,
        kind=one.kind,
        finished=instant(one.finished),
        changes=replace(codec.decode_changes(one.changes), edits=receipt.applied, structures=receipt.structures),
        fingerprint=receipt.fingerprint,
        backup=restored(one.backup),
        stamp_before=_stamp(connection, row, one.stamp_write_before, one.stamp_store_before),
        refused=receipt.refused,
    )


def _stamp(connection: sa.Connection, row: PlanRow, write: int, store: str) -> Stamp | None:
    """The stamp of an earlier write; of one by another store the version is not known."""
    if write == 0:
        return None
    c = table.c
    query = sa.select(c.program).where(c.plan == row.id, c.stamp_write == write, c.stamp_store == store)
    program = connection.scalar(query.where(c.state == FINISHED).order_by(c.id).limit(1))
    return Stamp(row.uid, store, write, program or "")


def reserve_ids(connection: sa.Connection, plan: int, run: int) -> None:
    """Keep the ids that a run about to be abandoned had planned, for the same rows; of equal rows for the first."""
    changes = codec.decode_changes(connection.execute(sa.select(table.c.changes).where(table.c.id == run)).scalar_one())
    planned = {
        one.witness: one.after.text
        for one in reversed(changes.edits)
        if one.ref.role is Role.ID and one.before == BLANK and one.witness
    }
    rows = read_reserved(connection, plan) | planned
    drop_reserved(connection, plan)
    in_bulk(connection, reserved.insert(), [(plan, witness, kept(key)) for witness, key in rows.items()])


def read_reserved(connection: sa.Connection, plan: int) -> dict[str, str]:
    """Ids kept for rows without one, by the row's witness."""
    query = sa.select(reserved.c.witness, reserved.c.key).where(reserved.c.plan == plan)
    return {witness: restored(key) for witness, key in connection.execute(query)}


def drop_reserved(connection: sa.Connection, plan: int) -> None:
    """Keep no ids any longer: the rows have them now, or are no more what they were."""
    connection.execute(reserved.delete().where(reserved.c.plan == plan))
