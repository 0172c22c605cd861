"""After a crash: find out what an interrupted run got done, and finish its record (HAZARDS 11)."""

import datetime as dt
from collections.abc import Callable

from sheets_sync.core.decision import Changes, Edit, Receipt, Refused
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.run.cells_now import CellsNow
from sheets_sync.store.runs import LIVE, UNDO
from sheets_sync.store.store import OpenRun, Store
from sheets_sync.workbooks.base import Workbook


def settle(
    store: Store,
    plan: str,
    workbook: Workbook,
    *,
    now: dt.datetime,
    backup_of: Callable[[str], str] = lambda _: "",
) -> int:
    """Settle every open run of a plan, oldest first; returns how many there were.

    A run whose write number the workbook carries was written: what each cell holds tells which edits took effect, and
    its history is recorded with its own date. A run that wrote nothing is given up, and so is what was being written
    into an open workbook: whether that was ever saved is not known. The ids it reserved stay with their rows.
    `backup_of` finds the copy of the workbook that the run made, by the fingerprint it had read.
    """
    runs = store.open_runs(plan)
    for run in runs:
        if run.start.kind in LIVE:
            store.abandon(run.run, finished=now, reason="interrupted in an open workbook")
            continue
        if not run.changes:
            store.finish(run.run, _nothing_written(workbook), run.remembered, finished=now, settled=False)
            continue
        snapshot = workbook.read(sorted({key.tab for key in run.changes.keys}))
        if _was_written(run, snapshot) or _was_put_back(run, snapshot, backup_of):
            receipt = found_receipt(run.changes, snapshot, backup=backup_of(run.start.fingerprint))
            store.finish(run.run, receipt, run.remembered, finished=now, settled=False)
            if run.start.kind == UNDO:
                held = snapshot.stamp
                store.accept_stamp(plan, held.write if held else 0, held.store if held else "")
        else:
            store.abandon(run.run, finished=now, reason="interrupted before anything was written")
    return len(runs)


def _nothing_written(workbook: Workbook) -> Receipt:
    return Receipt((), (), (), workbook.fingerprint())


def _was_written(run: OpenRun, snapshot: Snapshot) -> bool:
    if run.changes.remove_stamp:
        return snapshot.fingerprint != run.start.fingerprint and snapshot.stamp is None
    wanted = run.changes.stamp
    if wanted is None or snapshot.stamp is None or snapshot.fingerprint == run.start.fingerprint:
        return False
    return snapshot.stamp.write == wanted.write


def _was_put_back(run: OpenRun, snapshot: Snapshot, backup_of: Callable[[str], str]) -> bool:
    """Whether an undo had put a kept copy back, with whatever stamp that had: the workbook is such a copy now."""
    is_other = snapshot.fingerprint != run.start.fingerprint
    return run.start.kind == UNDO and is_other and bool(backup_of(snapshot.fingerprint))


def found_receipt(changes: Changes, snapshot: Snapshot, *, backup: str = "") -> Receipt:
    """Tell from the sheet as it is which edits took effect: `after` found means applied, anything else refused."""
    applied: list[Edit] = []
    refused: list[Refused] = []
    cells = CellsNow(changes, snapshot)
    for edit in changes.edits:
        held = cells.value(edit)
        if held == edit.after:
            applied.append(edit)
        else:
            reason = "not written" if held == edit.before else "changed since"
            refused.append(Refused(edit, f"{reason} (found after an interrupted run)"))
    return Receipt(tuple(applied), changes.structures, tuple(refused), snapshot.fingerprint, backup=backup)
