"""Why a run does not write: foreign or paused, unclear or implausible, refused or blocked. The worst reason first."""

from dataclasses import replace

from sheets_sync import __version__
from sheets_sync.core.guards import foreign_stamp
from sheets_sync.core.health import Cause
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import GuardError
from sheets_sync.run.outcome import Ended, Looked, Outcome
from sheets_sync.run.site import Options, Site
from sheets_sync.store.store import PlanState

ADOPT = "if this workbook is the right one, run: sheets-sync adopt"
TAKE_UP_AGAIN = "to take the sheet up again, run: sheets-sync adopt"


def written_elsewhere(site: Site, state: PlanState, snapshot: Snapshot) -> str:
    """Why this workbook may have been written by somebody else than this store; "" when it was not (HAZARDS 6)."""
    foreign = foreign_stamp(
        snapshot.stamp,
        plan=site.settings.uid,
        stores=frozenset({site.store.id, state.stamp_store}),
        write=state.stamp_write,
        version=__version__,
    )
    return (snapshot.stamp_lost or foreign) if foreign else ""


def written_by_another_store(site: Site, state: PlanState, snapshot: Snapshot) -> bool:
    """Whether another computer is the one that writes this workbook on schedule."""
    stamp = snapshot.stamp
    if stamp is None or stamp.plan != site.settings.uid:
        return False
    return stamp.store not in (site.store.id, state.stamp_store)


def refuse_elsewhere(site: Site, snapshot: Snapshot) -> None:
    """Raise GuardError when somebody else wrote this workbook last: nothing is taken out of it or marked in it."""
    why = written_elsewhere(site, site.store.state(site.settings.uid), snapshot)
    if why:
        raise GuardError(f"nothing was written: {why}", _remedy(snapshot))


def stopped(site: Site, options: Options, state: PlanState, *, outcome: Outcome, looked: Looked) -> Outcome | None:
    """The reasons for not writing in this run, worst first; None when writing may go on."""
    snapshot, judgement = looked
    foreign = written_elsewhere(site, state, snapshot)
    may_differ = options.adopt or not (site.writes or state.write)
    if foreign and not may_differ:
        reason = f"checked only, nothing written: {foreign}"
        remedy = _remedy(snapshot)
        return replace(outcome, ended=Ended.READ_ONLY, cause=Cause.ELSEWHERE, reason=reason, remedy=remedy)
    if state.paused and not (options.dry_run or options.as_of):
        remedy = "go on with: sheets-sync resume"
        until = f"; goes on by itself on {state.paused_until}" if state.paused_until else ""
        return replace(outcome, ended=Ended.PAUSED, reason=state.pause_reason + until, remedy=remedy)
    unclear = next((finding for finding in judgement.plan_findings if finding.code == "DAT001"), None)
    if unclear is not None:
        reason = "checked only, nothing written: it is not clear which column is which (DAT001)"
        remedy = "see which, and what to add: sheets-sync check"
        return replace(outcome, ended=Ended.READ_ONLY, cause=Cause.UNCLEAR, reason=reason, remedy=remedy)
    if judgement.read_only == "DAT008":
        reason = "checked only, nothing written: ids and rows no longer fit together (DAT008)"
        remedy = "undo the last sort in the sheet, or accept it with --accept-changes"
        return replace(outcome, ended=Ended.READ_ONLY, cause=Cause.IDS, reason=reason, remedy=remedy)
    mass = judgement.mass
    if judgement.read_only and mass is not None:
        reason = (
            f"checked only, nothing written: {mass.rows} of {mass.live} live rows changed at once (DAT007): "
            f"{mass.vanished} vanished, {mass.owner} changed owner, {mass.due} changed due date"
        )
        aside = f"for example {', '.join(mass.examples)}"
        remedy = "if this is right: --accept-changes"
        said = replace(outcome, reason=reason, aside=aside, remedy=remedy)
        return replace(said, ended=Ended.READ_ONLY, cause=Cause.MASS)
    if not site.writes:
        return None
    blocked = snapshot.refusal or ("" if options.dry_run else site.why_not_written())
    if blocked:
        reason = f"checked only, nothing written: {blocked}"
        return replace(outcome, ended=Ended.READ_ONLY, cause=Cause.NOT_WRITABLE, reason=reason)
    return None


def _remedy(snapshot: Snapshot) -> str:
    return TAKE_UP_AGAIN if snapshot.stamp_lost else ADOPT
