"""The button: one plan checked and flagged in the workbook that is open, unsaved edits included (HAZARDS 20).

Whether the workbook will be saved is not known. So a press writes no stamp and teaches the store nothing but the ids
it gave and what it wrote, for "Undo last sync"; the next run learns from what was saved.
"""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from sheets_sync import __version__
from sheets_sync.config.calendar import too_few_working_days
from sheets_sync.core.card import card_of
from sheets_sync.core.collection import paused_collection
from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.guest import assumed_history, guest_changes
from sheets_sync.core.history import History
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import GuardError, UsageError, WorkbookBusy, WorkbookError
from sheets_sync.run.attempt import attempted
from sheets_sync.run.clock import Clock, ClockGuard, plan_day
from sheets_sync.run.judge import judge
from sheets_sync.run.outcome import Ended, Looked, Outcome
from sheets_sync.run.pausing import go_on_when_due, resume
from sheets_sync.run.reading import look_to_write
from sheets_sync.run.site import Options, Site, refuse_lost, refuse_unwritable, settled
from sheets_sync.run.stops import stopped, written_by_another_store
from sheets_sync.run.tabs_read import followed, read_plan
from sheets_sync.run.undo import PAUSED_BY_UNDO, inverse, taken_back, without_typed_columns
from sheets_sync.store.runs import PRESS, TAKE_BACK
from sheets_sync.store.store import PlanState, RunStart
from sheets_sync.words.flags import flag_words
from sheets_sync.workbooks.base import Workbook

AS_GUEST = "as_guest:"
"""A note: the plan's history is elsewhere, so what needs it stays as the last run wrote it."""


class NothingToTakeBack(UsageError):
    """No press of this plan's button stands to be taken back."""


def press(site: Site, options: Options) -> Outcome:
    """Check and flag the open workbook of a plan that is installed here.

    `options.dry_run` only checks; `options.confirm` is asked before the first write of all, and before a plan goes on
    that is paused (`Outcome.ended` tells which). A workbook that another store writes is treated as a guest's. Raises
    HeldElsewhere, StoreError.
    """
    return attempted(site, lambda held: _once(held, options))


def press_as_guest(workbook: Workbook, settings: PlanSettings, *, clock: Clock, check_only: bool = False) -> Outcome:
    """Check and flag an open workbook by the card it carries, on a computer that knows nothing else of the plan."""
    try:
        return _as_guest(workbook, settings, clock=clock, check_only=check_only)
    except WorkbookBusy as busy:
        return Outcome(settings.name, Ended.DEFERRED, busy.message, busy.remedy)
    except GuardError as guard:
        return Outcome(settings.name, Ended.READ_ONLY, guard.message, guard.remedy)
    except WorkbookError as error:
        return Outcome(settings.name, Ended.FAILED, error.message, error.remedy)


def refuse_senseless(settings: PlanSettings) -> None:
    """Raise GuardError for settings of a card by which no day can be told: a workbook is data (HAZARDS 22)."""
    try:
        ZoneInfo(settings.timezone)
    except (OSError, ValueError, KeyError):
        raise GuardError("the plan's card in this workbook names no time zone that there is") from None
    few = too_few_working_days(settings.calendar.workdays, settings.calendar.holidays)
    if few:
        raise GuardError(f"the plan's card in this workbook holds no working calendar: {few}")


def take_back(site: Site) -> Outcome:
    """Take back what the last press wrote, where it still stands, and pause the plan. Raises NothingToTakeBack,
    HeldElsewhere, StoreError."""
    return attempted(site, _taken_back)


def _once(site: Site, options: Options) -> Outcome:
    options = options if site.writes else replace(options, dry_run=True)
    state, guard = _ready(site)
    as_of = plan_day(guard.check(), site.settings.timezone)
    at_once = replace(site, settings=replace(site.settings, typing_grace_minutes=0))
    outcome, looked = look_to_write(at_once, options, as_of)
    if written_by_another_store(site, state, looked.snapshot):
        return _as_guest(site.workbook, site.settings, clock=site.clock, check_only=options.dry_run)
    stop = stopped(site, options, state, outcome=outcome, looked=looked)
    if stop is not None and stop.ended is Ended.PAUSED and options.confirm and options.confirm(stop):
        resume(site)
    elif stop is not None:
        return stop
    changes = looked.judgement.decision.changes
    if options.dry_run or not changes:
        return replace(outcome, ended=Ended.PREVIEW if options.dry_run else Ended.NOTHING)
    first = looked.judgement.adopting and not any(tab.marks for tab in looked.snapshot.tabs)
    if first and not (options.confirm and options.confirm(replace(outcome, ended=Ended.UNCONFIRMED))):
        return replace(outcome, ended=Ended.UNCONFIRMED, reason="this workbook was never written before")
    if not looked.snapshot.card:
        changes = replace(changes, card=card_of(site.settings, as_of))
    start = _start(site, PRESS, as_of, looked.snapshot.fingerprint)
    number = looked.judgement.identified.next_number
    run = site.store.presses.begin(start, changes, next_number=number, lease=site.lease)
    receipt = _applied(site, run, changes, looked.snapshot)
    return replace(outcome, ended=Ended.WRITTEN, changes=changes, receipt=receipt)


def _ready(site: Site) -> tuple[PlanState, ClockGuard]:
    """The plan's state with nothing left open, and a clock that is watched. A person looks on and nothing is learnt,
    so a clock far ahead of the last run is taken for right."""
    state = site.store.state(site.settings.uid)
    last = state.last.finished if state.last else None
    guard = ClockGuard(site.clock, last, accepted=True)
    if settled(site, now=guard.check()):
        state = site.store.state(site.settings.uid)
    return go_on_when_due(site, state), guard


def _start(site: Site, kind: str, day: dt.date, fingerprint: str) -> RunStart:
    return RunStart(site.settings.uid, day, site.clock.now(), fingerprint, site.config_hash, __version__, kind)


def _applied(site: Site, run: int, changes: Changes, snapshot: Snapshot) -> Receipt:
    try:
        refuse_lost(site)
        receipt = site.workbook.apply(changes, snapshot)
    except (WorkbookError, GuardError):
        site.store.abandon(run, finished=site.clock.now(), reason="not written", lease=site.lease)
        raise
    site.store.presses.finish(run, receipt, finished=site.clock.now(), lease=site.lease)
    return receipt


def _as_guest(workbook: Workbook, settings: PlanSettings, *, clock: Clock, check_only: bool) -> Outcome:
    refuse_senseless(settings)
    settings = replace(settings, typing_grace_minutes=0)
    now = clock.now()
    day = plan_day(now, settings.timezone)
    with paused_collection():
        snapshot = read_plan(workbook, settings)
        settings, _ = followed(snapshot, settings)
        first = judge(snapshot, History(), settings, as_of=day, now=now)
        judgement = judge(snapshot, assumed_history(first.seen, day), settings, as_of=day, now=now)
    closed = frozenset((one.tab, one.row) for one in first.assessments if one.flag is None)
    changes = guest_changes(judgement.decision.changes, flag_words(settings.language), closed=closed)
    outcome = Outcome(
        settings.name, Ended.PREVIEW, looked=Looked(snapshot, judgement), changes=changes, notes=(AS_GUEST,)
    )
    if any(finding.code == "DAT001" for finding in judgement.plan_findings) or snapshot.refusal:
        reason = snapshot.refusal or "it is not clear which column is which (DAT001)"
        return replace(outcome, ended=Ended.READ_ONLY, reason=f"checked only, nothing written: {reason}")
    if check_only or not changes:
        return replace(outcome, ended=Ended.PREVIEW if check_only else Ended.NOTHING)
    return replace(outcome, ended=Ended.WRITTEN, receipt=workbook.apply(changes, snapshot))


def _taken_back(site: Site) -> Outcome:
    refuse_unwritable(site)
    plan = site.settings.uid
    _, guard = _ready(site)
    written = site.store.presses.last(plan)
    if written is None or written.kind == TAKE_BACK:
        raise NothingToTakeBack(
            "there is no sync from this workbook to take back",
            "what the schedule wrote is taken back with: sheets-sync undo, with the workbook closed",
        )
    day = plan_day(guard.check(), site.settings.timezone)
    snapshot = site.workbook.read([key.tab for key in written.changes.keys])
    changes = replace(inverse(written.changes, of=written), stamp=None, remove_stamp=False)
    changes, kept = without_typed_columns(changes, snapshot)
    start = _start(site, TAKE_BACK, day, snapshot.fingerprint)
    run = site.store.presses.begin(start, changes, next_number=1, lease=site.lease)
    receipt = _applied(site, run, changes, snapshot)
    site.store.pause(plan, PAUSED_BY_UNDO, site.clock.now())
    receipt = replace(receipt, refused=(*receipt.refused, *kept))
    return Outcome(
        site.settings.name,
        Ended.WRITTEN,
        reason=taken_back(receipt),
        remedy="the plan is paused",
        changes=changes,
        receipt=receipt,
        exit_code=0,
    )
