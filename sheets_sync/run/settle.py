"""After a crash: find out what an interrupted run got done, and finish its record (HAZARDS 11)."""

import datetime as dt
from collections.abc import Callable

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.decision import Changes, Edit, KeyColumn, Receipt, Refused
from sheets_sync.core.snapshot import Role, Row, Snapshot, Tab
from sheets_sync.store.runs import LIVE
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
        if _was_written(run, snapshot):
            receipt = found_receipt(run.changes, snapshot, backup=backup_of(run.start.fingerprint))
            if run.start.kind == "undo":
                store.accept_stamp(plan, snapshot.stamp.write if snapshot.stamp else 0)
            store.finish(run.run, receipt, run.remembered, finished=now, settled=False)
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


def found_receipt(changes: Changes, snapshot: Snapshot, *, backup: str = "") -> Receipt:
    """Tell from the sheet as it is which edits took effect: `after` found means applied, anything else refused."""
    keys = {key.tab: key for key in changes.keys}
    applied: list[Edit] = []
    refused: list[Refused] = []
    by_tab = {tab.key: _RowFinder(tab, keys.get(tab.key)) for tab in snapshot.tabs}
    for edit in changes.edits:
        finder = by_tab.get(edit.ref.tab)
        held = finder.value(edit) if finder is not None else None
        if held == edit.after:
            applied.append(edit)
        else:
            reason = "not written" if held == edit.before else "changed since"
            refused.append(Refused(edit, f"{reason} (found after an interrupted run)"))
    return Receipt(tuple(applied), changes.structures, tuple(refused), snapshot.fingerprint, backup=backup)


class _RowFinder:
    """Finds the row of an edit by its key, else by the place it had."""

    def __init__(self, tab: Tab, key: KeyColumn | None) -> None:
        self._marks = tab.marks
        self._rows = {row.number: row for row in tab.rows}
        self._by_key: dict[str, Row] = {}
        column = tab.marks.get(Role.ID) or (key.column if key is not None else None)
        for row in tab.rows if column is not None else ():
            cell = row.cells.get(column or 0)
            if cell is not None:
                self._by_key[cell.literal.text] = row

    def value(self, edit: Edit) -> CellValue | None:
        """What the edit's cell holds now; None when its row or column is gone."""
        row = self._by_key.get(edit.key) if edit.key else None
        row = row or self._rows.get(edit.ref.row)
        column = self._marks.get(edit.ref.role)
        if row is None or column is None:
            return None
        cell = row.cells.get(column)
        return cell.literal if cell is not None else BLANK
