"""The run of one plan: settle, read, judge, begin, apply, finish. What stops it is an Outcome, not a surprise."""

import datetime as dt
from dataclasses import replace

from sheets_sync import __version__
from sheets_sync.core.columns import unmarked_columns
from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.health import Cause
from sheets_sync.core.history import unchanged
from sheets_sync.core.notices import NO_NOTICES, Wanted
from sheets_sync.core.tabs import plan_tabs
from sheets_sync.errors import GuardError, WorkbookBusy
from sheets_sync.run.attempt import attempted, deferred
from sheets_sync.run.clock import ClockGuard, plan_day
from sheets_sync.run.log_keeping import keeps_log_alone, remember_accepted, without_log
from sheets_sync.run.outcome import Ended, Looked, Outcome
from sheets_sync.run.pause_telling import tell_pause
from sheets_sync.run.pausing import go_on_when_due
from sheets_sync.run.reading import decided, look_to_write
from sheets_sync.run.site import Options, Site, settled, stamped
from sheets_sync.run.stops import refuse_elsewhere, stopped
from sheets_sync.run.tabs_read import followed, read_plan
from sheets_sync.run.write import write
from sheets_sync.store.runs import LOG
from sheets_sync.store.store import PlanState, RunStart
from sheets_sync.words.flags import flag_words

NOT_CHOSEN = "mails_not_chosen:"
"""A note: the run did its work, but what is to be mailed could not be told; the next run tries again."""

NEVER_WRITTEN = 'nothing is ever written into this workbook (writes = "none")'


def sync(site: Site, options: Options) -> Outcome:
    """Run one plan once. Raises HeldElsewhere, StoreError; a workbook's own trouble is an Outcome.

    A plan that is as its last run left it is not held: of many plans most are, and holding is what they would cost.
    """
    return attempted(site, lambda held: _once(held, options), unheld=lambda: _unchanged(site, options))


def _once(site: Site, options: Options) -> Outcome:
    plan = site.settings.uid
    state = site.store.state(plan)
    last = state.last.finished if state.last else None
    seen = site.store.sightings
    guard = ClockGuard(site.clock, last, accepted=options.accept_clock, ask_server=site.server_date, sightings=seen)
    today = plan_day(site.clock.now(), site.settings.timezone)
    as_of = options.as_of or today
    if options.dry_run or as_of != today:
        outcome, looked = look_to_write(site, options, as_of)
        return stopped(site, options, state, outcome=outcome, looked=looked) or outcome
    if settled(site, now=guard.check()):
        state = site.store.state(plan)
    state = go_on_when_due(site, state)
    if options.adopt_columns and _marked_again(site, state, guard=guard, as_of=as_of):
        state = site.store.state(plan)
    outcome, looked = look_to_write(site, options, as_of)
    stop = stopped(site, options, state, outcome=outcome, looked=looked)
    if stop is not None:
        if stop.ended is Ended.PAUSED:
            tell_pause(site, looked, state, guard=guard, as_of=as_of)
        return stop
    if looked.judgement.adopting and outcome.changes and not (options.confirm and options.confirm(outcome)):
        return replace(
            outcome,
            ended=Ended.UNCONFIRMED,
            cause=Cause.UNCONFIRMED,
            reason="this workbook was never written before",
            remedy="look at the preview with --dry-run, then add --yes",
        )
    start = RunStart(plan, as_of, guard.check(), looked.snapshot.fingerprint, site.config_hash, __version__, "sync")
    wanted = _wanted(site, looked, options)
    looked = decided(looked)
    if wanted is None:
        outcome = replace(outcome, looked=looked, notes=(*outcome.notes, NOT_CHOSEN), exit_code=3)
        outcome = replace(outcome, cause=Cause.MAIL_CHOICE)
    else:
        outcome = _with_counts(replace(outcome, looked=looked, may_mail=True), wanted)
    changes = stamped(
        site, outcome.changes or looked.judgement.decision.changes, state, adopt=options.adopt and site.writes
    )
    if keeps_log_alone(changes):
        start = start._replace(kind=LOG)
    return _written(site, changes, outcome=outcome, looked=looked, start=start, guard=guard, wanted=wanted)


def _wanted(site: Site, looked: Looked, options: Options) -> Wanted | None:
    """What the plan has to say; None when that could not be told."""
    if site.mail.keeper is None:
        return NO_NOTICES
    from sheets_sync.run.notices import wanted_notices  # only those who mail pay for it

    return wanted_notices(site, looked.snapshot, looked.judgement, now_too=options.mail_now)


def _with_counts(outcome: Outcome, wanted: Wanted) -> Outcome:
    return replace(outcome, unreached=wanted.unreached, people_to_mend=wanted.people_to_mend)


def _unchanged(site: Site, options: Options) -> Outcome | None:
    """The outcome where nothing more is wanted, and the sheet, the day, the configuration and the program are those of
    the last finished run, which left nothing open (HAZARDS 17); else None."""
    now = site.clock.now()
    today = plan_day(now, site.settings.timezone)
    if options.wants_more or options.dry_run or options.as_of not in (None, today):
        return None
    last = site.store.skip_check(site.settings.uid)
    if last is None or not last.settled or now < last.finished:
        return None
    if (last.as_of, last.config, last.program) != (today, site.config_hash, __version__):
        return None
    if last.fingerprint != site.workbook.fingerprint():
        return None
    return replace(Outcome(site.settings.name, Ended.UNCHANGED), may_mail=True)


def _marked_again(site: Site, state: PlanState, *, guard: ClockGuard, as_of: dt.date) -> bool:
    """Mark columns with our headers as ours again, as a write of its own; False when there are none."""
    snapshot = read_plan(site.workbook, site.settings)
    settings, _ = followed(snapshot, site.settings)
    words, prefix = flag_words(settings.language), settings.id_prefix
    chosen = plan_tabs(snapshot, settings).chosen
    structures = tuple(found for tab in chosen for found in unmarked_columns(tab, words, id_prefix=prefix))
    if not structures or state.paused or not site.writes:
        return False
    refuse_elsewhere(site, snapshot)
    blocked = snapshot.refusal or site.why_not_written()
    if blocked or site.store.history(settings.uid).adopted_on is None:
        why = blocked or "this store never wrote the plan, so it cannot tell which columns are its own"
        raise GuardError(f"nothing was written: {why}")
    changes = stamped(site, Changes((), structures, ()), state)
    start = RunStart(
        site.settings.uid, as_of, guard.check(), snapshot.fingerprint, site.config_hash, __version__, "adopt"
    )
    remembered = unchanged(site.store.history(site.settings.uid), as_of)
    write(site, start, changes, remembered=remembered, apply=lambda: site.workbook.apply(changes, snapshot))
    return True


def _written(
    site: Site,
    changes: Changes,
    *,
    outcome: Outcome,
    looked: Looked,
    start: RunStart,
    guard: ClockGuard,
    wanted: Wanted | None,
) -> Outcome:
    snapshot, judgement = looked

    def apply() -> Receipt:
        guard.check()
        return site.workbook.apply(changes, snapshot) if changes else Receipt((), (), (), snapshot.fingerprint)

    try:
        receipt = write(
            site,
            start,
            changes,
            remembered=judgement.remembered,
            apply=apply,
            next_number=judgement.identified.next_number,
            whole=wanted is not None and not judgement.in_grace and not judgement.decision.closed_tabs,
            wanted=wanted or NO_NOTICES,
        )
    except WorkbookBusy as busy:
        site.store.note_notices(start.plan, wanted or NO_NOTICES)
        later = replace(deferred(site, busy), may_mail=outcome.may_mail)
        return _with_counts(later, wanted or NO_NOTICES)
    remember_accepted(site, snapshot)
    receipt, unwritten = without_log(receipt)
    once = [note for note in (*outcome.notes, *unwritten) if _is_new(site, note)]
    once += [f"column_deleted:{name}" for name in sorted(judgement.decision.newly_dropped)]
    ended = Ended.WRITTEN if changes else Ended.NOTHING
    reason = outcome.reason or ("" if site.writes else NEVER_WRITTEN)
    return replace(outcome, ended=ended, changes=changes, receipt=receipt, notes=tuple(once), reason=reason)


def _is_new(site: Site, note: str) -> bool:
    """Whether a note is to be told now: what became of a tab is told once."""
    return not note.startswith(("tab_renamed:", "log_")) or site.store.tell_once(site.settings.uid, note)
