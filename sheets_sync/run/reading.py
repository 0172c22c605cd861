"""Reads and judges one plan for a run that may write, and lets go of what only deciding needed."""

import datetime as dt
from functools import partial

from sheets_sync.core.collection import paused_collection
from sheets_sync.core.decide import typed_over
from sheets_sync.core.decision import Changes
from sheets_sync.core.history import History
from sheets_sync.core.snapshot import Role
from sheets_sync.core.touched import touched
from sheets_sync.run.judge import Choices, Judgement, judge
from sheets_sync.run.log_keeping import is_accepted, log_notes, red_after_of, with_log
from sheets_sync.run.outcome import Ended, Looked, Outcome
from sheets_sync.run.site import Options, Site
from sheets_sync.run.stops import written_elsewhere
from sheets_sync.run.tabs_read import followed, read_plan

NO_CHANGES = Changes((), (), ())


def look_to_write(site: Site, options: Options, as_of: dt.date) -> tuple[Outcome, Looked]:
    """Read and judge; the outcome is that of a run that writes nothing."""
    with paused_collection():
        return _judged(site, options, as_of)


def _judged(site: Site, options: Options, as_of: dt.date) -> tuple[Outcome, Looked]:
    snapshot = read_plan(site.workbook, site.settings)
    settings, renamed = followed(snapshot, site.settings)
    judged = partial(
        judge, snapshot, site.store.history(site.settings.uid), settings, as_of=as_of, now=site.clock.now()
    )
    choices = Choices(
        accept_changes=options.accept_changes or is_accepted(site, snapshot),
        restore_columns=options.restore_columns,
        elsewhere=options.adopt and bool(written_elsewhere(site, site.store.state(settings.uid), snapshot)),
        red_after=red_after_of(site, snapshot, restore=options.restore_columns),
    )
    judgement = judged(choices=choices)
    if judgement.read_only == "DAT007" and _first_write_was_disturbed(site):
        judgement = judged(choices=choices._replace(accept_changes=True))
    if not site.writes:
        decision = judgement.decision._replace(changes=NO_CHANGES, closed_tabs={}, newly_dropped=frozenset())
        judgement = judgement._replace(decision=decision)
    looked = Looked(snapshot, judgement)
    notes = (*(f"tab_renamed:{name}" for name in renamed), *_notes(judgement), *log_notes(site, snapshot))
    changes = with_log(site, looked, restore=options.restore_columns) if site.writes else NO_CHANGES
    return Outcome(site.settings.name, Ended.PREVIEW, looked=looked, changes=changes, notes=notes), looked


def _first_write_was_disturbed(site: Site) -> bool:
    """Whether people changed the plan so much during its first write that most of it was refused: what is remembered
    is what stood there before, so a mass change since then is that very one, and no reason to stop."""
    state = site.store.state(site.settings.uid)
    last = state.last
    return last is not None and (last.kind, last.write) == ("sync", 1) and last.refused > last.applied


def _notes(judgement: Judgement) -> tuple[str, ...]:
    closed = judgement.decision.closed_tabs
    notes = [f"tab_not_written:{name}:{reason}" for name, reason in sorted(closed.items())]
    if judgement.in_grace:
        notes.append(f"in_grace:{judgement.in_grace}")
    restored = typed_over(judgement.decision.changes.edits)
    if restored:
        notes.append("restored:" + ",".join(f"{role}={restored[role]}" for role in Role if restored[role]))
    return tuple(notes)


def decided(looked: Looked) -> Looked:
    """What was read and found, without what only deciding needed: of a large plan that is most of the memory."""
    snapshot, judgement = looked
    judgement = judgement._replace(
        history=History(),
        seen={},
        plan=judgement.plan._replace(actions=()),
        identified=judgement.identified._replace(actions=(), shown={}, changed={}),
    )
    return Looked(touched(snapshot, judgement.decision.changes), judgement)
