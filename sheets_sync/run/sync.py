"""The run of one plan: settle, read, judge, begin, apply, finish. What stops it is an Outcome, not a surprise."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sheets_sync import __version__
from sheets_sync.core.columns import unmarked_columns
from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.guards import foreign_stamp
from sheets_sync.core.history import unchanged
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot, Stamp
from sheets_sync.errors import GuardError, WorkbookBusy, WorkbookChanged, WorkbookError
from sheets_sync.run.clock import Clock, ClockGuard, plan_day
from sheets_sync.run.holder import is_gone, own_name
from sheets_sync.run.judge import Choices, Judgement, judge
from sheets_sync.run.outcome import Ended, Looked, Outcome
from sheets_sync.run.settle import settle
from sheets_sync.store.store import PlanState, RunStart, Store
from sheets_sync.words.flags import flag_words
from sheets_sync.words.tab_names import other_tab
from sheets_sync.workbooks.base import Workbook

READ_AGAIN = 3
LEASE_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Site:
    """One plan with everything its run touches. `write_block` says why the file must not be written ("" = it may);
    `server_date` asks a server for the time when the clock alone is not enough; `backup_of` finds a kept copy."""

    settings: PlanSettings
    workbook: Workbook
    store: Store
    clock: Clock
    config_hash: str
    why_not_written: Callable[[], str] = lambda: ""
    server_date: Callable[[], dt.datetime | None] = lambda: None
    backup_of: Callable[[str], str] = lambda _: ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who runs chose. `confirm` is asked before the first write into a workbook; None = no."""

    dry_run: bool = False
    as_of: dt.date | None = None
    accept_clock: bool = False
    accept_changes: bool = False
    restore_columns: bool = False
    adopt_columns: bool = False
    adopt: bool = False
    read_always: bool = False
    confirm: Callable[["Outcome"], bool] | None = None


def sync(site: Site, options: Options) -> Outcome:
    """Run one plan once. Raises HeldElsewhere, StoreError; a workbook's own trouble is an Outcome."""
    try:
        with holding(site):
            for _ in range(READ_AGAIN):
                try:
                    return _once(site, options)
                except WorkbookChanged:
                    continue
            return _outcome(site, Ended.DEFERRED, "the workbook changed each time it was about to be written")
    except WorkbookBusy as busy:
        return _outcome(site, Ended.DEFERRED, busy.message, busy.remedy)
    except GuardError as guard:
        return _outcome(site, Ended.READ_ONLY, guard.message, guard.remedy)
    except WorkbookError as error:
        return _outcome(site, Ended.FAILED, error.message, error.remedy)


@contextmanager
def holding(site: Site) -> Iterator[None]:
    """Hold the plan for the time of one command, so that two runs cannot meet in it. Raises HeldElsewhere."""
    now = site.clock.now()
    lease = site.store.hold(site.settings.uid, own_name(), now=now, seconds=LEASE_SECONDS, is_gone=is_gone)
    try:
        yield
    finally:
        site.store.release(lease)


def settled(site: Site, *, now: dt.datetime) -> int:
    """Settle what an interrupted run left open; returns how many runs there were."""
    return settle(site.store, site.settings.uid, site.workbook, now=now, backup_of=site.backup_of)


def _outcome(site: Site, ended: Ended, reason: str = "", remedy: str = "") -> Outcome:
    return Outcome(site.settings.name, ended, reason, remedy)


def _once(site: Site, options: Options) -> Outcome:
    plan = site.settings.uid
    state = site.store.state(plan)
    last = state.last.finished if state.last else None
    guard = ClockGuard(site.clock, last, accepted=options.accept_clock, ask_server=site.server_date)
    today = plan_day(site.clock.now(), site.settings.timezone)
    as_of = options.as_of or today
    if options.dry_run or as_of != today:
        outcome, looked = _look(site, options, as_of)
        return _stopped(site, options, state, outcome=outcome, looked=looked) or outcome
    if settled(site, now=guard.check()):
        state = site.store.state(plan)
    if not options.read_always and _same_as_last(site, as_of):
        return _outcome(site, Ended.UNCHANGED)
    if options.adopt_columns and _marked_again(site, state, guard=guard, as_of=as_of):
        state = site.store.state(plan)
    outcome, looked = _look(site, options, as_of)
    stopped = _stopped(site, options, state, outcome=outcome, looked=looked)
    if stopped is not None:
        return stopped
    if looked.judgement.adopting and outcome.changes and not (options.confirm and options.confirm(outcome)):
        return replace(
            outcome,
            ended=Ended.UNCONFIRMED,
            reason="this workbook was never written before",
            remedy="look at the preview with --dry-run, then add --yes",
        )
    start = RunStart(plan, as_of, guard.check(), looked.snapshot.fingerprint, site.config_hash, __version__, "sync")
    return _write(site, options, state, outcome=outcome, looked=looked, start=start, guard=guard)


def _look(site: Site, options: Options, as_of: dt.date) -> tuple[Outcome, Looked]:
    """Read and judge; the outcome is that of a run that writes nothing."""
    snapshot = read_plan(site)
    settings, renamed = followed(snapshot, site.settings)
    judgement = judge(
        snapshot,
        site.store.history(site.settings.uid),
        settings,
        as_of=as_of,
        now=site.clock.now(),
        choices=Choices(accept_changes=options.accept_changes, restore_columns=options.restore_columns),
    )
    looked = Looked(snapshot, judgement)
    notes = (*(f"tab_renamed:{name}" for name in renamed), *_notes(judgement))
    changes = judgement.decision.changes
    return Outcome(site.settings.name, Ended.PREVIEW, looked=looked, changes=changes, notes=notes), looked


def read_plan(site: Site) -> Snapshot:
    """Read the plan's tabs and the People tab; every tab while the plan's are not named or a named one is missing."""
    titles = site.workbook.titles()
    named = {title.key for title in titles if title.name in site.settings.tabs}
    if len(named) < max(1, len(site.settings.tabs)):
        return site.workbook.read([title.key for title in titles])
    people = {title.key for title in titles if other_tab(title.name) == "people"}
    return site.workbook.read(sorted(named | people))


def followed(snapshot: Snapshot, settings: PlanSettings) -> tuple[PlanSettings, tuple[str, ...]]:
    """The settings with renamed tabs under their new names, and those names: a tab with our marks that no name in the
    configuration names stands for a named one that is gone."""
    names = {tab.name for tab in snapshot.tabs}
    gone = [name for name in settings.tabs if name not in names]
    marked = [tab.name for tab in snapshot.tabs if tab.marks and tab.name not in settings.tabs]
    if not gone or len(gone) != len(marked):
        return settings, ()
    new_names = dict(zip(gone, marked, strict=True))
    return replace(settings, tabs=tuple(new_names.get(name, name) for name in settings.tabs)), tuple(marked)


def _same_as_last(site: Site, as_of: dt.date) -> bool:
    """The sheet, the day, the configuration and the program are those of the last finished run, and it left nothing
    open (HAZARDS 17)."""
    last = site.store.skip_check(site.settings.uid)
    return (
        last is not None
        and last.settled
        and (last.as_of, last.config, last.program) == (as_of, site.config_hash, __version__)
        and last.fingerprint == site.workbook.fingerprint()
    )


def _marked_again(site: Site, state: PlanState, *, guard: ClockGuard, as_of: dt.date) -> bool:
    """Mark columns with our headers as ours again, as a write of its own; False when there are none."""
    snapshot = read_plan(site)
    words = flag_words(site.settings.language)
    structures = tuple(found for tab in snapshot.tabs for found in unmarked_columns(tab, words))
    changes = stamped(site, Changes((), structures, ()), state)
    if not structures:
        return False
    start = RunStart(
        site.settings.uid, as_of, guard.check(), snapshot.fingerprint, site.config_hash, __version__, "adopt"
    )
    remembered = unchanged(site.store.history(site.settings.uid), as_of)
    run = site.store.begin(start, changes, remembered, next_number=1)
    try:
        receipt = site.workbook.apply(changes, snapshot)
    except WorkbookError:
        site.store.abandon(run, finished=site.clock.now(), reason="not written")
        raise
    site.store.finish(run, receipt, remembered, finished=site.clock.now(), settled=False)
    return True


def _stopped(site: Site, options: Options, state: PlanState, *, outcome: Outcome, looked: Looked) -> Outcome | None:
    """The reasons for not writing in this run, worst first; None when writing may go on."""
    snapshot, judgement = looked
    foreign = foreign_stamp(
        snapshot.stamp,
        plan=site.settings.uid,
        stores=frozenset({site.store.id, state.stamp_store}),
        write=state.stamp_write,
        version=__version__,
    )
    if foreign and not options.adopt:
        reason = f"checked only, nothing written: {foreign}"
        remedy = "if this workbook is the right one, run: sheets-sync adopt"
        return replace(outcome, ended=Ended.READ_ONLY, reason=reason, remedy=remedy)
    unclear = next((finding for finding in judgement.plan_findings if finding.code == "DAT001"), None)
    if unclear is not None:
        reason = "checked only, nothing written: it is not clear which column is which (DAT001)"
        return replace(
            outcome, ended=Ended.READ_ONLY, reason=reason, remedy="see which, and what to add: sheets-sync check"
        )
    if judgement.read_only == "DAT008":
        reason = "checked only, nothing written: ids and rows no longer fit together (DAT008)"
        remedy = "undo the last sort in the sheet, or accept it with --accept-changes"
        return replace(outcome, ended=Ended.READ_ONLY, reason=reason, remedy=remedy)
    mass = judgement.mass
    if judgement.read_only and mass is not None:
        reason = (
            f"checked only, nothing written: {mass.rows} of {mass.live} live rows changed at once (DAT007): "
            f"{mass.vanished} vanished, {mass.owner} changed owner, {mass.due} changed due date; "
            f"for example {', '.join(mass.examples)}"
        )
        return replace(outcome, ended=Ended.READ_ONLY, reason=reason, remedy="if this is right: --accept-changes")
    if state.paused and not (options.dry_run or options.as_of):
        remedy = "go on with: sheets-sync resume"
        return replace(outcome, ended=Ended.PAUSED, reason=state.pause_reason, remedy=remedy)
    blocked = snapshot.refusal or ("" if options.dry_run else site.why_not_written())
    if blocked:
        return replace(outcome, ended=Ended.READ_ONLY, reason=f"checked only, nothing written: {blocked}")
    return None


def _write(
    site: Site,
    options: Options,
    state: PlanState,
    *,
    outcome: Outcome,
    looked: Looked,
    start: RunStart,
    guard: ClockGuard,
) -> Outcome:
    snapshot, judgement = looked
    changes = stamped(site, judgement.decision.changes, state, adopt=options.adopt and snapshot.stamp is not None)
    store = site.store
    run = store.begin(start, changes, judgement.remembered, next_number=judgement.identified.next_number)
    try:
        guard.check()
        receipt = _apply(site, changes, snapshot)
    except (WorkbookError, GuardError):
        store.abandon(run, finished=site.clock.now(), reason="not written")
        raise
    complete = not receipt.refused and not judgement.in_grace and not judgement.decision.closed_tabs
    store.finish(run, receipt, judgement.remembered, finished=site.clock.now(), settled=complete)
    once = [note for note in outcome.notes if _is_new(site, note)]
    once += [f"column_deleted:{name}" for name in sorted(judgement.decision.newly_dropped)]
    ended = Ended.WRITTEN if changes else Ended.NOTHING
    return replace(outcome, ended=ended, changes=changes, receipt=receipt, notes=tuple(once))


def _is_new(site: Site, note: str) -> bool:
    """Whether a note is to be told now: a renamed tab is told once."""
    return not note.startswith("tab_renamed:") or site.store.tell_once(site.settings.uid, note)


def stamped(site: Site, changes: Changes, state: PlanState, *, adopt: bool = False) -> Changes:
    """The changes with the stamp of the coming write; without any change there is no write and no stamp."""
    if not changes and not adopt:
        return changes
    stamp = Stamp(site.settings.uid, site.store.id, state.write + 1, __version__)
    return replace(changes, stamp=stamp, stamp_alone=adopt)


def _apply(site: Site, changes: Changes, snapshot: Snapshot) -> Receipt:
    if not changes:
        return Receipt((), (), (), snapshot.fingerprint)
    return site.workbook.apply(changes, snapshot)


def _notes(judgement: Judgement) -> tuple[str, ...]:
    closed = judgement.decision.closed_tabs
    notes = [f"tab_not_written:{name}:{reason}" for name, reason in sorted(closed.items())]
    if judgement.in_grace:
        notes.append(f"in_grace:{judgement.in_grace}")
    return tuple(notes)
