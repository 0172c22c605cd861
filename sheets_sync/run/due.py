"""Does what is due, once however often it is asked: every plan of every due job, one after the other, then the mails.

Whoever works holds one lease of the store. A plan that another run holds, whose workbook is in use, or for which there
was no time left waits for the next tick; see `store.schedule_rows`. Not here: the plans' own runs (`plans`, `sync`).
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.config.values import Config
from sheets_sync.core.mails import MailState
from sheets_sync.errors import ConfigError, HeldElsewhere, Mistake, SheetsSyncError
from sheets_sync.run.asking import asking_plans, note_answers
from sheets_sync.run.clock import FAR_AHEAD, Clock
from sheets_sync.run.due_later import later, seen_before, seen_too
from sheets_sync.run.due_work import Claim, Round, Work, claimed_work, kinds_by_plan, looked_at, settle
from sheets_sync.run.holder import is_gone, own_host, own_name
from sheets_sync.run.log import error_facts
from sheets_sync.run.plans import PlanRun, is_anybody_mailed, outcomes_by_uid, run_plan
from sheets_sync.run.preview_folder import forget_old_pages
from sheets_sync.run.site import Options
from sheets_sync.run.telling import plan_line
from sheets_sync.run.watch import Watch, hearing, noted, told, watching
from sheets_sync.schedule.due import next_times
from sheets_sync.schedule.tick import LOOK_AGAIN, Seen, leave_word
from sheets_sync.store.store import Lease, Store

if TYPE_CHECKING:
    from sheets_sync.config.job_files import FoundJobs
    from sheets_sync.run.post import MailOutcome

NEWEST = 2000
"""Mails that are looked at for what is unsent."""
TELL_AGAIN = dt.timedelta(hours=1)
"""After this time broken job files are told again, though nothing is due."""
MAIL_AGAIN = dt.timedelta(minutes=30)
"""After this time plans are looked after again whose mails wait since no mail can be sent at all."""
LEASE_SECONDS = 3600.0
DEADLINE = 2700.0
"""Seconds after which no further plan is begun. The lease outlasts it by a quarter of an hour, for the last plan."""

Progress = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]
"""Shows how far a work is: a label and the number of steps to a context that gives what is called at each step."""

log = logging.getLogger("sheets_sync.run")


@dataclass(frozen=True, slots=True)
class DueOutcome:
    """What came of one tick. `left` plans wait for the next one; `missed` periods were let go. `busy` tells that
    another tick was at work, so this one did nothing; `stopped` that the process was asked to end. `next` is when the
    next period begins, None where no job has one; `again` when to look after what is left, None where nothing is, or
    sooner when one of the files `beside` changes; `watched` is the exit code that plans ask for which have not got
    their runs for too long; `mistakes` are those of job files, which stopped no other job; `idle` tells that there are
    no jobs at all."""

    runs: tuple[PlanRun, ...] = ()
    left: int = 0
    missed: int = 0
    mail: "MailOutcome | None" = None
    mail_error: SheetsSyncError | None = None
    busy: bool = False
    stopped: bool = False
    late: bool = False
    next: dt.datetime | None = None
    again: dt.datetime | None = None
    watched: int = 0
    beside: tuple[Path, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    idle: bool = False

    @property
    def code(self) -> int:
        """The exit code: the worst of all plans and of the mails; a plan that waits is no failure."""
        codes = [run.code for run in self.runs if not run.put_off]
        codes += [self.mail.code] if self.mail is not None else []
        codes += [self.mail_error.exit_code] if self.mail_error is not None else []
        codes += [ConfigError.exit_code] if self.mistakes else []
        return max(*codes, self.watched, 0)


def run_due(
    config: Config,
    store: Store,
    *,
    clock: Clock,
    tell: Callable[[str], None],
    options: Options | None = None,
    progress: Progress = lambda _label, _total: nullcontext(lambda _: None),
    stop: Callable[[], bool] = lambda: False,
    seconds: float = DEADLINE,
) -> DueOutcome:
    """Do what is due now. `tell` gets one line for each plan; `stop` is asked before each whether to end.

    A broken job file stops no other job. Raises ConfigError and UsageError where no job can be read, StoreError.
    """
    seen = seen_before(config)
    found = _jobs(config, store, clock)
    now = clock.now()
    try:
        with hearing(config):
            files, look_always = looked_at(config, store)
            lease = store.hold(store.schedule.lease, own_name(), now=now, seconds=LEASE_SECONDS, is_gone=is_gone)
    except HeldElsewhere:
        return DueOutcome(busy=True)
    try:
        seen = seen_too(seen, files)
        tick = _Tick(config, store, clock, tell, options or Options(), stop, lease, clock.monotonic() + seconds)
        outcome = _run(tick, found, progress)
        _leave_word(tick, replace(outcome, again=now) if look_always else outcome, seen)
        return outcome
    finally:
        store.release(lease)


@dataclass(slots=True)
class _Tick:
    """What one tick works with, and whether it still may."""

    config: Config
    store: Store
    clock: Clock
    tell: Callable[[str], None]
    options: Options
    stop: Callable[[], bool]
    lease: Lease
    until: float
    stopped: bool = False
    late: bool = False
    lost: bool = False

    def may_go_on(self) -> bool:
        """Whether another plan may be begun."""
        self.stopped = self.stopped or self.stop()
        self.late = self.late or self.clock.monotonic() >= self.until
        self.lost = self.lost or not self.store.still_held(self.lease, self.clock.now())
        return not (self.stopped or self.late or self.lost)


def _jobs(config: Config, store: Store, clock: Clock) -> "FoundJobs":
    """The jobs, with a line of the log for what is wrong with them; monitors hear of it where none can be read."""
    try:
        found = config.found_jobs
    except SheetsSyncError:
        with watching(config, store, clock=clock):
            raise
    if found.broken:
        facts = {"files": len(found.broken), **error_facts(ConfigError(found.mistakes))}
        log.error("job files cannot be used as they are", extra={"facts": facts})
    elif not found.jobs:
        log.error("there are no jobs, so nothing is ever due")
    return found


def _run(tick: _Tick, found: "FoundJobs", progress: Progress) -> DueOutcome:
    now, seen = tick.clock.now(), tick.store.sightings
    with hearing(tick.config):
        seen.note_clock(now, within=FAR_AHEAD)
        seen.note_tick(own_host(), now)
        work = claimed_work(tick.config, tick.store, tick.lease, found, clock=tick.clock)
    with watching(tick.config, tick.store, clock=tick.clock, pings=bool(work.rounds or found.broken)) as watch:
        return _done(tick, work, found=found, progress=progress, watch=watch)


def _done(tick: _Tick, work: Work, *, found: "FoundJobs", progress: Progress, watch: Watch) -> DueOutcome:
    with progress("plans", work.total) as step:
        by_round = [(each, _run_round(tick, each, step)) for each in work.rounds]
    by_round += _answered(tick, [claim for each in work.rounds for claim in each]) if found.jobs else []
    runs = tuple(run for _, done in by_round for run in done.values())
    noted(watch, runs, by_jobs=True)
    mail, mail_error = _mailed(tick, runs, anyway=bool(found.broken))
    outcome = DueOutcome(
        runs,
        missed=work.missed,
        mail=mail,
        mail_error=mail_error,
        stopped=tick.stopped,
        late=tick.late,
        mistakes=found.mistakes,
        idle=not (found.jobs or found.broken),
    )
    outcome = replace(outcome, watched=told(watch, runs, mail=mail, mail_error=mail_error, code=outcome.code))
    if tick.lost:
        log.warning("another tick took over")
        return replace(outcome, stopped=True)
    unmailed = _unmailed(tick, outcome)
    waits = {
        uid
        for each, done in by_round
        for claim in each
        for uid in settle(tick.store, claim, done, unmailed=unmailed, now=tick.clock.now())
    }
    again = dict.fromkeys(unmailed.intersection(waits), _mail_again(mail, work.now))
    rest = later(tick.config, tick.store, found, waits, unmailed=again)
    if work.rounds:
        _tidy(tick)
    first = min((at for job in found.jobs for at in next_times(job, work.now)), default=None)
    times = [rest.at, work.now + TELL_AGAIN if found.broken else None]
    soonest = min((at for at in times if at is not None), default=None)
    return replace(outcome, left=rest.plans, next=first, again=soonest, beside=rest.files)


def _answered(tick: _Tick, claims: Sequence[Claim]) -> list[tuple[Round, Mapping[str, PlanRun]]]:
    """The plans that people asked for in their workbooks, run when all that was due is done."""
    but = {uid for claim in claims for uid in claim.plans}
    plans = asking_plans(tick.config, tick.store, clock=tick.clock, but=but, may_go_on=tick.may_go_on)
    if not plans:
        return []
    each = (Claim(None, tick.clock.now(), plans),)
    done = _run_round(tick, each, lambda _: None)
    note_answers(tick.config, tick.store, done, clock=tick.clock)
    return [(each, done)]


def _mail_again(mail: "MailOutcome | None", now: dt.datetime) -> dt.datetime:
    """When plans are looked after again whose mails wait."""
    if mail is None:
        return now
    return mail.next_at or (now + MAIL_AGAIN if mail.trouble is not None else now)


def _run_round(tick: _Tick, each: Round, step: Callable[[str], None]) -> Mapping[str, PlanRun]:
    """Run the plans of a round in the order of the configuration, as long as there is time; the runs by uid."""
    kinds = kinds_by_plan(each)
    done: dict[str, PlanRun] = {}
    for plan in tick.config.plans:
        uid = plan.settings.uid
        if uid not in kinds or not tick.may_go_on():
            continue
        step(plan.settings.name)
        options = replace(tick.options, mail_now=kinds[uid])
        run = run_plan(tick.config, plan, tick.store, clock=tick.clock, options=options)
        tick.tell(plan_line(run))
        done[uid] = run.in_short()
    return done


def _mailed(
    tick: _Tick, runs: Sequence[PlanRun], *, anyway: bool
) -> "tuple[MailOutcome | None, SheetsSyncError | None]":
    """Mail what the plans have to say, `anyway` though none was run; nothing where nobody is mailed, or this tick may
    not go on."""
    if not (runs or anyway) or tick.stopped or tick.lost or not is_anybody_mailed(tick.config):
        return None, None
    from sheets_sync.run.mail_wiring import post  # only those who mail pay for it
    from sheets_sync.run.mailing import drain

    try:
        return drain(post(tick.config, tick.store, outcomes_by_uid(runs), clock=tick.clock)), None
    except SheetsSyncError as error:
        log.error("mailing failed", extra={"facts": dict(error_facts(error))})
        return None, error


def _unmailed(tick: _Tick, outcome: DueOutcome) -> frozenset[str]:
    """The plans of this tick, by uid, whose mails did not all get their first try, or are to be tried again."""
    if not is_anybody_mailed(tick.config):
        return frozenset()
    run = frozenset(outcomes_by_uid(outcome.runs))
    if outcome.mail is None or outcome.mail.busy:
        return run if outcome.mail_error is None else frozenset()
    troubled = outcome.mail.trouble is not None
    if outcome.mail.next_at is None and not troubled:
        return frozenset()
    outbox = tick.store.outbox
    mails = outbox.mails(limit=NEWEST)
    unsent = [mail for mail in mails if mail.next_try or (troubled and mail.state is MailState.PENDING)]
    return run & {waiting.notice.plan for mail in unsent for waiting in outbox.notices_of(mail.number)}


def _tidy(tick: _Tick) -> None:
    now = tick.clock.now()
    if tick.store.sightings.is_believed(now, within=FAR_AHEAD):
        tick.store.schedule.prune(now)
        tick.store.prune(now, tick.config.retention)
        forget_old_pages(tick.config, now)


def _leave_word(tick: _Tick, outcome: DueOutcome, seen: Seen | None) -> None:
    """Let the next ticks end early until the next period begins; not where something waits, or the lease was lost."""
    if seen is None or tick.lost:
        return
    now = tick.clock.now()
    times = [max(at, now).timestamp() for at in (outcome.next, outcome.again) if at is not None]
    try:
        seen.look_at(outcome.beside)
        next_due = min(times, default=now.timestamp() + LOOK_AGAIN)
        leave_word(seen, tick.config.state, next_due=next_due, now=now.timestamp())
    except OSError as error:
        log.warning("no word was left for the next tick", extra={"facts": {"why": error.strerror or ""}})
