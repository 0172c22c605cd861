"""The store as a run sees it: one object, one file, plain values in and out.

Everything that belongs together is one transaction. The rest of this package are its parts; nobody else uses them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.history import History, Remembered
from sheets_sync.core.notices import NO_NOTICES, Wanted
from sheets_sync.core.retention import KEPT, Retention
from sheets_sync.errors import HeldElsewhere, StoreError
from sheets_sync.store import (
    codec,
    history_rows,
    journal,
    leases,
    notice_rows,
    plan_sets,
    plans,
    prune,
    releases,
    runs,
    sending,
)
from sheets_sync.store.engine import reading, sqlite_engine, writing
from sheets_sync.store.health_rows import Health
from sheets_sync.store.history_rows import VersionRow as VersionRow
from sheets_sync.store.journal import OpenRun as OpenRun
from sheets_sync.store.journal import WrittenRun as WrittenRun
from sheets_sync.store.leases import Lease as Lease
from sheets_sync.store.outbox import Outbox as Outbox
from sheets_sync.store.pauses import Pauses, read_past
from sheets_sync.store.plan_state import PlanState as PlanState
from sheets_sync.store.plan_state import read_state
from sheets_sync.store.presses import Presses
from sheets_sync.store.private_file import store_file
from sheets_sync.store.prune import Pruned as Pruned
from sheets_sync.store.runs import FinishedRun as FinishedRun
from sheets_sync.store.runs import RunStart as RunStart
from sheets_sync.store.schedule_rows import Schedule
from sheets_sync.store.sightings import Sightings
from sheets_sync.store.upgrade import bring_up_to_date
from sheets_sync.store.versions import Versions
from sheets_sync.store.written_runs import WrittenRuns


class Store:
    """One file that remembers. `id` was made with the file, at random: a lost store comes back as another one.

    Any number of processes may use one store. Every method raises StoreError when the file cannot be used.
    """

    def __init__(self, engine: sa.Engine, identity: str, *, whose: str = "") -> None:
        self.id = identity
        self._engine = engine
        self.presses = Presses(engine)
        self.schedule = Schedule(engine, whose)
        self.sightings = Sightings(engine)
        self._sets: dict[int, tuple[int, History]] = {}

    @classmethod
    def open(cls, place: Path, *, create: bool = True, whose: str = "") -> "Store":
        """Open the store in this folder, making folder (0700) and file (0600) when missing and `create` allows. `whose`
        jobs it is to know: see `Schedule`.

        An older store is migrated, after a copy was made beside it. Raises StoreError, with exit code 2 when the
        place cannot be trusted or the store is of a newer program.
        """
        file = store_file(place, create=create)
        engine = sqlite_engine(file)
        try:
            return cls(engine, bring_up_to_date(engine, file), whose=whose)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def history(self, plan: str) -> History:
        """All that is remembered of a plan; an empty history when it is not known."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            if row is None:
                return History()
            return replace(
                self._stored_sets(connection, row),
                known=history_rows.read_known(connection, row.id),
                adopted_on=dt.date.fromisoformat(row.adopted_on) if row.adopted_on else None,
                next_number=row.next_number,
                last_checked=runs.read_last_look(connection, row.id),
                reserved=journal.read_reserved(connection, row.id),
                pauses=read_past(connection, row.id),
            )

    def state(self, plan: str) -> PlanState:
        """Where the plan stands."""
        with reading(self._engine) as connection:
            return read_state(connection, plan)

    def skip_check(self, plan: str) -> FinishedRun | None:
        """The last finished run, for telling quickly that nothing changed since; None when that is not enough:
        no run finished, the plan is paused, or an open run must be settled first."""
        with reading(self._engine) as connection:
            return runs.read_skippable(connection, plan)

    def hold(
        self,
        plan: str,
        holder: str,
        *,
        now: dt.datetime,
        seconds: float,
        is_gone: Callable[[str], bool] = lambda _: False,
        workbook: str = "",
    ) -> Lease:
        """Take the right to work on a plan, and on the `workbook` of this name, for at most an hour. Raises
        HeldElsewhere while another run has either, unless `is_gone` says of its holder that it surely died."""
        with writing(self._engine) as connection:
            mine = leases.take(connection, plan, holder, now=now, seconds=seconds, is_gone=is_gone)
            if not workbook:
                return mine
            also = leases.take(connection, workbook, holder, now=now, seconds=seconds, is_gone=is_gone, what="workbook")
            return mine._replace(also=also)

    def still_held(self, lease: Lease, now: dt.datetime) -> bool:
        """Whether nobody else took the lease and its time is not over; ask before each effect."""
        with reading(self._engine) as connection:
            return leases.is_held(connection, lease, now)

    def release(self, lease: Lease) -> None:
        """Give the lease back; one that somebody else has taken since is left alone."""
        with writing(self._engine) as connection:
            leases.give_back(connection, lease)

    def begin(
        self,
        start: RunStart,
        changes: Changes,
        remembered: Remembered,
        *,
        next_number: int,
        lease: Lease | None = None,
    ) -> int:
        """Write down a run with all it means to do, before it does anything; returns its number.

        The lease is taken anew from `start.started` on. Ids below `next_number` are given for good, the write number
        goes up if anything is to be written. Raises StoreError while an earlier run is open, and HeldElsewhere when
        another run took the lease, or wrote since `changes` were made (an undo puts back an earlier stamp).
        """
        with writing(self._engine) as connection:
            leases.renew(connection, lease, start.started)
            row = plans.plan_to_change(connection, start.plan)
            if runs.has_open(connection, row.id):
                raise StoreError("an earlier run of this plan did not end", "it is settled when the plan is run again")
            goes_back = start.kind == runs.UNDO
            if changes.stamp is not None and changes.stamp.write <= row.write and not goes_back:
                raise HeldElsewhere("another run wrote into this workbook meanwhile", "run again")
            write = max(row.write + 1, changes.stamp.write if changes.stamp else 0) if changes else row.write
            blob = codec.encode_remembered(remembered, self._stored_sets(connection, row))
            run = runs.insert_run(connection, row, start, write=write, changes=changes, remembered=blob)
            plans.reserve(connection, row, next_number=next_number, write=write)
            return run

    @property
    def written(self) -> WrittenRuns:
        """What earlier runs wrote, and what they were refused."""
        return WrittenRuns(self._engine)

    @property
    def pauses(self) -> Pauses:
        """When plans are paused and were."""
        return Pauses(self._engine)

    @property
    def versions(self) -> Versions:
        """What the actions of all plans were before."""
        return Versions(self._engine)

    @property
    def health(self) -> Health:
        """Whether plans get their runs, and what happened to them."""
        return Health(self._engine)

    @property
    def outbox(self) -> Outbox:
        """The notices and mails of all plans."""
        return Outbox(self._engine)

    def finish(
        self,
        run: int,
        receipt: Receipt,
        remembered: Remembered,
        *,
        finished: dt.datetime,
        settled: bool,
        wanted: Wanted = NO_NOTICES,
        lease: Lease | None = None,
    ) -> None:
        """Write down what became of an open run, the history as seen on the run's own day, and what it wants to tell.

        A run that changed nothing in the workbook (nothing applied, same fingerprint) gives its write number back.
        Raises HeldElsewhere when another run took the lease: that one settles this one.
        """
        with writing(self._engine) as connection:
            leases.refuse_taken(connection, lease)
            row = plans.plan_of_run(connection, run)
            begun = runs.begun(connection, run)
            journal.drop_reserved(connection, row.id)
            history_rows.write_known(connection, row.id, run, begun.as_of, remembered.changed)
            sets_changed = plan_sets.write_sets(connection, row.id, self._stored_sets(connection, row), remembered)
            write = runs.settle_write(connection, row, begun, receipt)
            runs.set_finished(connection, run, receipt, finished=finished, settled=settled, write=write)
            plans.note_finish(connection, row, run, adopted_on=remembered.adopted_on, sets_changed=sets_changed)
            notice_rows.note_wanted(connection, row.id, wanted)
        if sets_changed:
            self._sets = {row.id: (run, plan_sets.sets_of(remembered))}

    def note_notices(self, plan: str, wanted: Wanted) -> None:
        """Take in what a run wants to tell that finished nothing, its workbook being open."""
        with writing(self._engine) as connection:
            notice_rows.note_wanted(connection, plans.plan_to_change(connection, plan).id, wanted)

    def abandon(self, run: int, *, finished: dt.datetime, reason: str, lease: Lease | None = None) -> None:
        """End an open run of which nothing was written and nothing is to be remembered.

        Its write number is given back; ids it had planned stay with their rows (`History.reserved`). Raises
        HeldElsewhere as `finish` does.
        """
        with writing(self._engine) as connection:
            leases.refuse_taken(connection, lease)
            row = plans.plan_of_run(connection, run)
            begun = runs.begun(connection, run)
            journal.reserve_ids(connection, row.id, run)
            plans.take_back_write(connection, row, begun.write, begun.write_before)
            runs.set_abandoned(connection, run, finished=finished, reason=reason, write=begun.write_before)

    def open_runs(self, plan: str) -> tuple[OpenRun, ...]:
        """The runs that began and did not end, oldest first."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            if row is None or not runs.has_open(connection, row.id):
                return ()
            return journal.read_open(connection, row, self._stored_sets(connection, row))

    def pause(self, plan: str, reason: str, now: dt.datetime) -> None:
        """Let nothing be written or mailed for this plan until `pauses.end`."""
        self.pauses.begin(plan, reason, now)

    def accept_stamp(self, plan: str, write: int, store: str = "") -> None:
        """Note the stamp that the workbook holds after an undo or an adoption (0 = none); later ones count from it."""
        with writing(self._engine) as connection:
            plans.set_stamp(connection, plans.plan_to_change(connection, plan), write, store or self.id)

    def tell_once(self, plan: str, what: str) -> bool:
        """Note that the keeper is told this; True the first time."""
        with writing(self._engine) as connection:
            return plans.note_told(connection, plans.plan_to_change(connection, plan).id, what)

    def untell(self, plan: str, what: str) -> None:
        """Note that this is to be told again when it comes up."""
        with writing(self._engine) as connection:
            plans.drop_told(connection, plans.plan_to_change(connection, plan).id, what)

    def forget(self, plan: str) -> None:
        """Delete all that is remembered of a plan that left but the numbers of its ids and writes, which never come
        again; until a run of it finishes it is among `pauses.left`."""
        with writing(self._engine) as connection:
            row = plans.plan_to_change(connection, plan)
            sending.forget_plan(connection, row.id)
            releases.forget_plan(connection, row.id)
            plans.forget_plan(connection, row)
            plans.note_told(connection, row.id, plans.LEFT)

    def prune(self, now: dt.datetime, kept: Retention = KEPT) -> Pruned:
        """Delete what is older than it may be kept (HAZARDS 28)."""
        with writing(self._engine) as connection:
            return prune.prune_old(connection, now, kept)

    def _stored_sets(self, connection: sa.Connection, row: plans.PlanRow) -> History:
        """The plan's sets as stored, in memory until a run changes them or another plan's are asked for."""
        changed_by, sets = self._sets.get(row.id, (-1, History()))
        if changed_by != row.sets_run:
            sets = plan_sets.read_sets(connection, row.id)
            self._sets = {row.id: (row.sets_run, sets)}
        return sets
