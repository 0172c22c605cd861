"""Take everything the tool ever added out of a workbook: cells, columns, highlights, drop-downs, marks, stamp."""

from contextlib import suppress
from dataclasses import replace

from sheets_sync import __version__
from sheets_sync.core.cells import BLANK
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Structure,
    StructureKind,
)
from sheets_sync.core.history import unchanged
from sheets_sync.core.snapshot import Role, Snapshot, Tab
from sheets_sync.core.sync_log import ended_log, own_log, removed_log
from sheets_sync.core.witness import row_witness
from sheets_sync.errors import GuardError, WorkbookError
from sheets_sync.run.clock import plan_day
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Site, holding, settled
from sheets_sync.run.stops import refuse_elsewhere
from sheets_sync.run.write import write
from sheets_sync.store.store import RunStart
from sheets_sync.words.log_words import log_words

_WITNESSES = 8
"""Columns by which a row is known: enough to tell rows apart, few enough to be sent along."""


def traces(snapshot: Snapshot) -> Changes:
    """The changes that remove all our traces from a workbook. Ids of a team's own column are no trace of ours."""
    edits: list[Edit] = []
    structures: list[Structure] = []
    keys: list[KeyColumn] = []
    for tab in snapshot.tabs:
        if tab.highlights:
            structures.append(Structure(StructureKind.HIGHLIGHTS, tab.key, HighlightState(tab.highlights), None))
        if tab.drop_downs:
            structures.append(Structure(StructureKind.DROP_DOWNS, tab.key, DropDownState(tab.drop_downs), None))
        if tab.marks:
            header_row = _header_row(tab)
            witness_columns = _witness_columns(tab, header_row)
            keys.append(KeyColumn(tab.key, tab.marks.get(Role.ID), witness_columns))
            edits += _own_cells(tab, header_row, witness_columns)
            structures += _own_columns(tab, header_row)
    log = own_log(snapshot)
    if log is not None or snapshot.log_lost:
        structures.append(removed_log(log))
    return Changes(tuple(edits), tuple(structures), tuple(keys), remove_stamp=snapshot.stamp is not None)


def _header_row(tab: Tab) -> int:
    """Our headers are the topmost cells of our columns."""
    ours = set(tab.marks.values())
    return next((row.number for row in tab.rows if ours & row.cells.keys()), 0)


def _witness_columns(tab: Tab, header_row: int) -> tuple[tuple[int, str], ...]:
    """The first human columns with a header: by them rows are known, as their ids are about to go."""
    header = next((row.cells for row in tab.rows if row.number == header_row), {})
    ours = set(tab.marks.values())
    computed = [range(area.left, area.right + 1) for area in tab.computed]
    human = sorted(at for at in header if at not in ours and not any(at in columns for columns in computed))
    return tuple(sorted(((at, header[at].literal.text) for at in human[:_WITNESSES]), key=lambda one: (one[1], one[0])))


def _own_cells(tab: Tab, header_row: int, witness_columns: tuple[tuple[int, str], ...]) -> list[Edit]:
    edits: list[Edit] = []
    id_column = tab.marks.get(Role.ID)
    for row in tab.rows:
        if row.number <= header_row:
            continue
        id_cell = row.cells.get(id_column) if id_column is not None else None
        key = id_cell.literal.text if id_cell is not None else ""
        witness = row_witness(row, witness_columns)
        for role, column in tab.marks.items():
            cell = row.cells.get(column)
            if cell is not None:
                ref = CellRef(tab.key, row.number, role)
                edits.append(Edit(key, ref, cell.literal, BLANK, witness))
    return edits


def _own_columns(tab: Tab, header_row: int) -> list[Structure]:
    rows = {row.number: row for row in tab.rows}
    last_row = tab.rows[-1].number if tab.rows else header_row
    removed: list[Structure] = []
    for role, column in sorted(tab.marks.items(), key=lambda mark: -mark[1]):
        cell = rows[header_row].cells.get(column) if header_row in rows else None
        header = cell.literal.text if cell is not None else ""
        state = ColumnState(role, column, header_row, header, last_row)
        removed.append(Structure(StructureKind.COLUMN, tab.key, state, None))
    return removed


def leave(site: Site, *, dry_run: bool) -> Outcome:
    """Preview or remove all traces, then forget the plan's history. The team's own cells are never touched.

    Raises GuardError when somebody else wrote the workbook last, WorkbookError when it cannot be written now.
    """
    with holding(site) as held:
        return _left(held, dry_run=dry_run)


def _left(site: Site, *, dry_run: bool) -> Outcome:
    now = site.clock.now()
    if not dry_run:
        settled(site, now=now)
    snapshot = site.workbook.read([title.key for title in site.workbook.titles()])
    refuse_elsewhere(site, snapshot)
    changes = traces(snapshot)
    outcome = Outcome(site.settings.name, Ended.PREVIEW, changes=changes)
    if dry_run:
        return outcome
    if not changes:
        site.store.forget(site.settings.uid)
        return replace(outcome, ended=Ended.NOTHING, reason="the workbook holds nothing of ours")
    return _remove(site, outcome, changes, snapshot)


def _remove(site: Site, outcome: Outcome, changes: Changes, snapshot: Snapshot) -> Outcome:
    plan, now = site.settings.uid, site.clock.now()
    day = plan_day(now, site.settings.timezone)
    start = RunStart(plan, day, now, snapshot.fingerprint, site.config_hash, __version__, "leave")
    remembered = unchanged(site.store.history(plan), day)
    receipt = write(site, start, changes, remembered=remembered, apply=lambda: site.workbook.apply(changes, snapshot))
    left = [one.what for one in receipt.refused]
    if all(isinstance(what, Structure) and what.kind is StructureKind.LOG for what in left):
        if left:
            _end_log(site, start)
        site.store.forget(plan)
    return replace(outcome, ended=Ended.WRITTEN, receipt=receipt)


def _end_log(site: Site, start: RunStart) -> None:
    """Say in a log that has to stay, for people wrote beside it, that it is no longer kept: it never turns red."""
    snapshot = site.workbook.read(())
    log = own_log(snapshot)
    ended = ended_log(log, log_words(site.settings.language)) if log is not None else None
    if ended is None:
        return
    changes = Changes((), (ended,), (), remove_stamp=True)
    start = start._replace(fingerprint=snapshot.fingerprint)
    remembered = unchanged(site.store.history(start.plan), start.as_of)
    with suppress(WorkbookError, GuardError):
        write(site, start, changes, remembered=remembered, apply=lambda: site.workbook.apply(changes, snapshot))
