"""Knowing that it runs: what a command's runs came to is noted for each plan, and told to what watches from outside.

In this order: `watching` around it all (the heartbeat begins and ends), `noted` before the mails are composed, because
they tell keepers of failures, `told` after them. Nothing here ever stops a run; what fails is in the log, and the code.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.config.values import Config
from sheets_sync.core.health import Cause, PlanHealth, RunNote, is_failing
from sheets_sync.errors import HeldElsewhere, SheetsSyncError, StoreError, UsageError
from sheets_sync.run.clock import Clock
from sheets_sync.run.log import error_facts
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.plans import PlanRun
from sheets_sync.store.store import Store

if TYPE_CHECKING:
    from sheets_sync.run.post import MailOutcome

FAILED = 3
CHECKED = frozenset({Ended.UNCHANGED, Ended.NOTHING, Ended.WRITTEN})
JUDGED = frozenset(
    {Cause.UNCLEAR, Cause.MASS, Cause.IDS, Cause.ELSEWHERE, Cause.NOT_WRITABLE, Cause.REFUSED, Cause.UNCONFIRMED}
)
"""What keeps a plan from being written that was read and judged."""

log = logging.getLogger("sheets_sync.run")


@dataclass(slots=True)
class Watch:
    """One command that is watched: `run` is its UUID, `began` monotonic seconds, `url` the heartbeat's address ("" =
    none). `code` and `body` are what its end is told with."""

    config: Config
    store: Store
    clock: Clock
    began: float
    url: str = ""
    run: str = ""
    code: int = FAILED
    body: str = ""
    notes: dict[str, RunNote] = field(default_factory=dict)
    """What was noted of the runs, by the plans' uids."""


@contextmanager
def watching(config: Config, store: Store, *, clock: Clock, pings: bool = True) -> Iterator[Watch]:
    """Watch a command. With `pings` the heartbeat's monitor hears of its begin and its end, whatever ends it; a person
    at a terminal is no schedule, so should ping nobody."""
    watch = Watch(config, store, clock, clock.monotonic(), _heartbeat(config) if pings else "")
    if watch.url:
        import uuid  # only those with a monitor pay for it

        from sheets_sync.schedule.heartbeat import START, ping

        watch.run = str(uuid.uuid4())
        ping(watch.url, state=START, run=watch.run)
    try:
        yield watch
    except SheetsSyncError as error:
        watch.code = error.exit_code
        raise
    finally:
        if watch.url:
            from sheets_sync.schedule.heartbeat import END, ping

            ping(watch.url, state=END, code=watch.code, body=watch.body, run=watch.run)


@contextmanager
def hearing(config: Config) -> Iterator[None]:
    """Let the heartbeat's monitor hear of an error that ends a tick before it is watched; that another one is at work
    is none."""
    try:
        yield
    except HeldElsewhere:
        raise
    except SheetsSyncError as error:
        url = _heartbeat(config)
        if url:
            import uuid

            from sheets_sync.schedule.heartbeat import END, START, ping

            run = str(uuid.uuid4())
            ping(url, state=START, run=run)
            ping(url, state=END, code=error.exit_code, run=run)
        raise


def noted(watch: Watch, runs: Sequence[PlanRun], *, by_jobs: bool = False) -> None:
    """Write down what the runs came to for their plans, before their mails are composed. A row of runs that could not
    be mailed is not over yet. A plan does not get all it should where a job file that is for it is broken: `by_jobs`
    counts that for plans that were not run, too."""
    watch.notes = {run.plan.settings.uid: note for run in runs if (note := note_of(run))}
    for uid in _in_broken_jobs(watch, runs, by_jobs=by_jobs):
        known = watch.notes.get(uid, RunNote())
        watch.notes[uid] = known._replace(cause=known.cause or Cause.JOBS)
    if by_jobs:
        fares = _fares(watch).items()
        mended = (uid for uid, health in fares if health.reason == Cause.JOBS and uid not in watch.notes)
        watch.notes |= dict.fromkeys(mended, RunNote())
    _note(watch, watch.notes, awaiting={Cause.MAIL})


def _in_broken_jobs(watch: Watch, runs: Sequence[PlanRun], *, by_jobs: bool) -> tuple[str, ...]:
    """The uids of the plans that a broken job file is for; those that are paused or left miss nothing."""
    try:
        broken = watch.config.found_jobs.broken
        ran = {run.plan.settings.uid for run in runs}
        named = {
            plan.settings.uid
            for plan in (watch.config.plans if broken else ())
            if any(file.is_for((plan.settings.name, plan.settings.uid)) for file in broken)
        }
        missing = {uid for uid in named if uid in watch.notes or (by_jobs and uid not in ran)}
        pauses = watch.store.pauses
        return tuple(uid for uid in missing - (pauses.left() if missing else set()) if pauses.now(uid) is None)
    except SheetsSyncError as error:
        log.error("whom broken job files concern could not be told", extra={"facts": dict(error_facts(error))})
        return ()


def told(
    watch: Watch,
    runs: Sequence[PlanRun],
    *,
    mail: "MailOutcome | None" = None,
    mail_error: SheetsSyncError | None = None,
    code: int = 0,
) -> int:
    """Write down what mailing came to, and tell the monitors; returns `code`, or 3 where one of these plans has not got
    its runs for too long. `mail` is None where nothing was mailed, or mailing ended with `mail_error`."""
    mailed = dict(mail.about) if mail is not None else {}
    _note(watch, dict(_mail_notes(watch, runs, mail, mail_error)))
    fares = _fares(watch)
    mine = [fares[uid] for uid in {*(run.plan.settings.uid for run in runs), *watch.notes} if uid in fares]
    failing = sum(is_failing(health, watch.config.watching.max_defer) for health in mine)
    if failing:
        log.error("plans have not got their runs for too long", extra={"facts": {"plans": failing}})
        code = max(code, FAILED)
    watch.code = code
    watch.body = _counts(watch, runs, mailed=sum(mailed.values()), failing=failing)
    if watch.notes:
        _write_textfile(watch, fares)
    return code


def note_of(run: PlanRun) -> RunNote | None:
    """What a run came to for its plan; None where another run has the plan, which notes it."""
    if run.held:
        return None
    if run.error is not None:
        return RunNote(_cause_of(run.error))
    outcome = run.outcome
    if outcome is None or outcome.ended is Ended.PREVIEW:
        return None
    cause = _cause(outcome)
    checked = outcome.ended in CHECKED or outcome.may_mail or cause in JUDGED
    return RunNote(cause, checked, _wrote(outcome))


def _cause(outcome: Outcome) -> Cause | None:
    if outcome.cause is not None:
        return outcome.cause
    if outcome.done.refused:
        return Cause.REFUSED
    return Cause.PROGRAM if outcome.code else None


def _cause_of(error: SheetsSyncError) -> Cause:
    if isinstance(error, StoreError):
        return Cause.STORE
    return Cause.CONFIGURATION if isinstance(error, UsageError) else Cause.PROGRAM


def _wrote(outcome: Outcome) -> tuple[tuple[str, int], ...]:
    done = outcome.done
    if not (done.cells or done.structures):
        return ()
    return tuple((name, count) for name, count in done._asdict().items() if count)


def _mail_notes(
    watch: Watch, runs: Sequence[PlanRun], mail: "MailOutcome | None", error: SheetsSyncError | None
) -> Iterator[tuple[str, RunNote]]:
    """What mailing came to for each plan that did all else it should; nothing where it was left to another run."""
    was_tried = error is not None or (mail is not None and not mail.busy)
    failed = error is not None or (mail is not None and (mail.trouble is not None or mail.failed > 0))
    about = dict(mail.about) if mail is not None else {}
    for run in runs:
        uid, is_mailed = run.plan.settings.uid, run.plan.mail.keeper is not None
        note = watch.notes.get(uid)
        if note is not None and note.cause is None and (was_tried or not is_mailed):
            yield uid, RunNote(Cause.MAIL if failed and is_mailed else None, mails=about.get(uid, 0))


def _note(watch: Watch, notes: Mapping[str, RunNote], *, awaiting: frozenset[Cause] | set[Cause] = frozenset()) -> None:
    if not notes:
        return
    try:
        watch.store.health.note(notes, watch.clock.now(), awaiting=frozenset(awaiting))
    except SheetsSyncError as error:
        log.error("what runs came to could not be noted", extra={"facts": dict(error_facts(error))})


def _fares(watch: Watch) -> Mapping[str, PlanHealth]:
    """How the configured plans fare."""
    try:
        known = watch.store.health.all()
    except SheetsSyncError as error:
        log.error("how plans fare could not be read", extra={"facts": dict(error_facts(error))})
        return {}
    return {uid: known[uid] for plan in watch.config.plans if (uid := plan.settings.uid) in known}


def _heartbeat(config: Config) -> str:
    """The address to ping, read from where it is kept; "" where there is none, or it cannot be had."""
    kept = config.watching.heartbeat
    if not kept or kept.startswith(("https://", "http://")):
        return kept
    from sheets_sync.config.secrets import read_secret

    try:
        url = read_secret(kept, config.folder).value.strip()
    except UsageError as error:
        log.warning("the heartbeat's address cannot be read", extra={"facts": dict(error_facts(error))})
        return ""
    return url if url.startswith(("https://", "http://")) else ""


def _counts(watch: Watch, runs: Sequence[PlanRun], *, mailed: int, failing: int) -> str:
    """The body of the last ping: counts alone."""
    notes = [watch.notes.get(run.plan.settings.uid) for run in runs]
    causes = [note.cause for note in watch.notes.values() if note.cause is not None]
    counts = {
        "plans": len(runs),
        "well": sum(note is not None and note.cause is None for note in notes),
        "held": sum(note is None for note in notes),
        **{f"not done, {cause}": causes.count(cause) for cause in dict.fromkeys(causes)},
        "mails": mailed,
        "failing for too long": failing,
    }
    return "".join(f"{name}: {count}\n" for name, count in counts.items())


def _write_textfile(watch: Watch, fares: Mapping[str, PlanHealth]) -> None:
    place = watch.config.watching.textfile
    if not place:
        return
    from sheets_sync.run.metrics import metrics  # only those with a monitor pay for it
    from sheets_sync.schedule.textfile import metrics_text, write_textfile

    seconds = watch.clock.monotonic() - watch.began
    try:
        found = metrics(watch.config, watch.store, fares, now=watch.clock.now(), seconds=seconds, code=watch.code)
        write_textfile(Path(place), metrics_text(found))
    except (OSError, StoreError) as error:
        log.warning("the file for Prometheus was not written", extra={"facts": {"type": type(error).__name__}})
