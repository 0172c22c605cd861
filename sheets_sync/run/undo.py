"""Take back the last write of a plan, and pause it so that the next tick does not write it again (HAZARDS 12)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sheets_sync import __version__
from sheets_sync.core.cells import BLANK
from sheets_sync.core.decision import Changes, ColumnState, Edit, Receipt, Refused, Structure, StructureKind
from sheets_sync.core.history import unchanged
from sheets_sync.core.snapshot import Role, Snapshot, Tab
from sheets_sync.core.sync_log import own_log, removed_log
from sheets_sync.errors import UsageError, WorkbookError
from sheets_sync.run.cells_now import CellsNow
from sheets_sync.run.clock import plan_day
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Site, holding, refuse_unwritable, settled, stamped
from sheets_sync.run.stops import refuse_elsewhere
from sheets_sync.run.write import write
from sheets_sync.store.runs import UNDO
from sheets_sync.store.store import PlanState, RunStart, WrittenRun

PAUSED_BY_UNDO = "paused by undo"


def undo(site: Site, *, restore: Callable[[Path, str], str] | None) -> Outcome:
    """Undo the last write. While the file is as we left it, the backup is put back byte for byte by
    `restore(backup, expected fingerprint)`, which returns the fingerprint then; otherwise only cells that still hold
    what we wrote are taken back. After an undo that could not take back everything, the next takes back the rest.

    Raises UsageError when there is nothing to undo, WorkbookError when the workbook cannot be written now.
    """
    with holding(site) as held:
        return _undone(held, restore)


def _undone(site: Site, restore: Callable[[Path, str], str] | None) -> Outcome:
    refuse_unwritable(site)
    now = site.clock.now()
    settled(site, now=now)
    written = site.store.written.last(site.settings.uid)
    if written is None:
        raise UsageError(f"{site.settings.name}: there is no write to undo")
    again = written.kind == UNDO
    if again and not written.refused:
        raise UsageError(f"{site.settings.name}: the last write is undone already", "go on with: sheets-sync resume")
    refuse_elsewhere(site, site.workbook.read(()))
    untouched = site.workbook.fingerprint() == written.fingerprint
    before = site.store.state(site.settings.uid)
    site.store.pause(site.settings.uid, PAUSED_BY_UNDO, now)
    try:
        if untouched and not again and restore is not None and written.backup and Path(written.backup).exists():
            return _put_back(site, written, restore)
        return _take_back(site, written)
    except WorkbookError:
        _as_before(site, before, now)
        raise


def _as_before(site: Site, before: PlanState, now: dt.datetime) -> None:
    """Nothing was undone: the plan runs on, or stays paused for the reason it had."""
    if before.paused:
        since, until = before.paused_since or now, before.paused_until
        site.store.pauses.begin(site.settings.uid, before.pause_reason, since, until=until)
    else:
        site.store.pauses.end(site.settings.uid)


def inverse(changes: Changes, *, of: WrittenRun) -> Changes:
    """The changes that lead back: each edit and structure turned round, in reverse order.

    A row that was given an id, or another one, is known by that id now, unless the ids' column came with this write:
    then it goes again, and the rows are known by their witness.
    """
    with_ids = {key.tab for key in changes.keys if key.column is not None}
    new_ids = (edit for edit in changes.edits if edit.ref.role is Role.ID and edit.ref.tab in with_ids)
    given = {edit.ref[:2]: edit.after.text for edit in new_ids}
    return Changes(
        edits=tuple(_turned(edit, given.get(edit.ref[:2], edit.key)) for edit in reversed(changes.edits)),
        structures=tuple(Structure(s.kind, s.tab, s.after, s.before) for s in reversed(changes.structures)),
        keys=changes.keys,
        stamp=of.stamp_before,
        remove_stamp=of.stamp_before is None,
    )


def _turned(edit: Edit, key: str) -> Edit:
    return edit._replace(key=key, before=edit.after, after=edit.before)


def _today(site: Site) -> dt.date:
    return plan_day(site.clock.now(), site.settings.timezone)


def _start(site: Site) -> RunStart:
    fingerprint = site.workbook.fingerprint()
    return RunStart(site.settings.uid, _today(site), site.clock.now(), fingerprint, site.config_hash, __version__, UNDO)


def _put_back(site: Site, written: WrittenRun, restore: Callable[[Path, str], str]) -> Outcome:
    plan = site.settings.uid
    changes = inverse(written.changes, of=written)
    remembered = unchanged(site.store.history(plan), _today(site))

    def apply() -> Receipt:
        restored = restore(Path(written.backup), written.fingerprint)
        return Receipt(changes.edits, changes.structures, (), restored)

    receipt = write(site, _start(site), changes, remembered=remembered, apply=apply)
    held = site.workbook.read(())
    site.store.accept_stamp(plan, held.stamp.write if held.stamp else 0, held.stamp.store if held.stamp else "")
    return Outcome(
        site.settings.name,
        Ended.WRITTEN,
        reason="the workbook is again what it was before the last write, byte for byte",
        remedy="the plan is paused; go on with: sheets-sync resume",
        changes=changes,
        receipt=receipt,
    )


def _take_back(site: Site, written: WrittenRun) -> Outcome:
    """The file was edited since: take back, row by row, what still holds what we wrote."""
    plan = site.settings.uid
    snapshot = site.workbook.read([key.tab for key in written.changes.keys])
    changes = _left(written, snapshot) if written.kind == UNDO else inverse(written.changes, of=written)
    changes = replace(changes, structures=tuple(_as_it_is(one, snapshot) for one in changes.structures))
    if not changes.remove_stamp:
        changes = stamped(site, changes, site.store.state(plan))
    changes, kept_columns = without_typed_columns(changes, snapshot)
    remembered = unchanged(site.store.history(plan), _today(site))

    def apply() -> Receipt:
        receipt = site.workbook.apply(changes, snapshot)
        if changes.remove_stamp and not receipt.refused:
            site.store.accept_stamp(plan, 0)
        return replace(receipt, refused=(*receipt.refused, *kept_columns))

    receipt = write(site, _start(site), changes, remembered=remembered, apply=apply)
    rest = "; for what was left: sheets-sync undo, once more" if receipt.refused else ""
    return Outcome(
        site.settings.name,
        Ended.WRITTEN,
        reason=taken_back(receipt),
        remedy=f"the plan is paused; go on with: sheets-sync resume{rest}",
        changes=changes,
        receipt=receipt,
        exit_code=0,
    )


def taken_back(receipt: Receipt) -> str:
    """What an undo came to, in words."""
    refused = len(receipt.refused)
    left = f"; {refused} were left: somebody changed them, or they could not be written" if refused else ""
    return f"{len(receipt.applied)} cells taken back{left}"


def _as_it_is(structure: Structure, snapshot: Snapshot) -> Structure:
    """A Sync log that is to go goes as it stands now: later runs wrote into it, and people tick there."""
    is_log = structure.kind is StructureKind.LOG and structure.after is None
    return removed_log(own_log(snapshot)) if is_log else structure


def _left(undone: WrittenRun, snapshot: Snapshot) -> Changes:
    """What an undo could not take back, and has not gone since."""
    left = [refusal.what for refusal in undone.refused]
    cells = CellsNow(undone.changes, snapshot)
    edits = tuple(what for what in left if isinstance(what, Edit) and (cells.value(what) or BLANK) != what.after)
    structures = tuple(what for what in left if isinstance(what, Structure) and not _is_gone(what, snapshot))
    return replace(undone.changes, edits=edits, structures=structures)


def _is_gone(structure: Structure, snapshot: Snapshot) -> bool:
    """Whether a column that was to be taken out is not there any more, nor known as lost."""
    tab = next((tab for tab in snapshot.tabs if tab.key == structure.tab), None)
    if structure.after is not None or not isinstance(structure.before, ColumnState):
        return False
    return tab is None or structure.before.role not in {*tab.marks, *tab.lost_marks}


def without_typed_columns(changes: Changes, snapshot: Snapshot) -> tuple[Changes, tuple[Refused, ...]]:
    """The changes without the removal of columns in which people typed: their words would go with the column."""
    written: dict[tuple[str, Role], set[str]] = {}
    for edit in changes.edits:
        written.setdefault((edit.ref.tab, edit.ref.role), set()).add(edit.before.text)
    kept: list[Structure] = []
    refused: list[Refused] = []
    for structure in changes.structures:
        before = structure.before
        if structure.after is None and isinstance(before, ColumnState):
            ours = written.get((structure.tab, before.role), set())
            if not _texts_below(snapshot.tab(structure.tab), before) <= ours:
                refused.append(Refused(structure, "somebody typed in this column"))
                continue
        kept.append(structure)
    return replace(changes, structures=tuple(kept)), tuple(refused)


def _texts_below(tab: Tab, state: ColumnState) -> set[str]:
    column = tab.marks.get(state.role, state.column)
    rows = (row for row in tab.rows if row.number > state.header_row)
    return {row.cells[column].literal.text for row in rows if column in row.cells}
