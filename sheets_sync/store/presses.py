"""What the button writes into workbooks while they are open: journal and reserved ids, and nothing else (HAZARDS 20).

Whether such a workbook will be saved is not known, so nothing is learnt from it: no first sight, no last run, no
number of a write, no stamp. The next run reads what was saved.
"""

import datetime as dt

import sqlalchemy as sa

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.history import History, unchanged
from sheets_sync.errors import StoreError
from sheets_sync.store import codec, journal, leases, plans, runs
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.journal import WrittenRun
from sheets_sync.store.leases import Lease
from sheets_sync.store.runs import LIVE, RunStart


class Presses:
    """The store as the button sees it. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, start: RunStart, changes: Changes, *, next_number: int, lease: Lease | None = None) -> int:
        """Write down what is about to be written, and keep the ids below `next_number` for good; returns its number.

        `start.kind` is "press" or "take_back". Raises StoreError while an earlier run is open, HeldElsewhere when
        another run took the lease.
        """
        if start.kind not in LIVE:
            raise ValueError(f"{start.kind!r} is no run in an open workbook")
        with writing(self._engine) as connection:
            leases.renew(connection, lease, start.started)
            row = plans.plan_to_change(connection, start.plan)
            if runs.has_open(connection, row.id):
                raise StoreError("an earlier run of this plan did not end", "it is settled when the plan is run again")
            nothing = codec.encode_remembered(unchanged(History(), start.as_of), History())
            run = runs.insert_run(connection, row, start, write=row.write, changes=changes, remembered=nothing)
            plans.reserve(connection, row, next_number=next_number, write=row.write)
            return run

    def finish(self, run: int, receipt: Receipt, *, finished: dt.datetime, lease: Lease | None = None) -> None:
        """Write down what became of it. Raises HeldElsewhere when another run took the lease."""
        with writing(self._engine) as connection:
            leases.refuse_taken(connection, lease)
            begun = runs.begun(connection, run)
            runs.set_finished(connection, run, receipt, finished=finished, settled=False, write=begun.write)

    def last(self, plan: str) -> WrittenRun | None:
        """The last press that changed the open workbook, or what took it back; None when there is none."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            return journal.read_written(connection, row, live=True) if row is not None else None
