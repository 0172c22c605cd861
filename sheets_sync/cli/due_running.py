"""What `run --due` does on the command line: the tick itself is `run/due`, and here is what a person sees of it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from sheets_sync.cli.console import Console, clean
from sheets_sync.cli.job_mistakes import warn_of_jobs
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.due import DueOutcome, run_due
from sheets_sync.run.plans import outcomes_by_uid
from sheets_sync.run.site import Options
from sheets_sync.run.telling import roll_up
from sheets_sync.run.watch import hearing
from sheets_sync.run.wiring import open_store


def run_what_is_due(config: Path | None, *, options: Options, out: Console) -> int:
    """Do what is due now and return the exit code. Nothing is said where nothing is due and nobody looks."""
    loaded = load_config(find_config(config))
    with hearing(loaded):
        store = open_store(loaded)
    try:
        with _asked_to_end() as asked:
            outcome = run_due(
                loaded,
                store,
                clock=SystemClock(),
                tell=lambda line: out.say(clean(line)),
                options=options,
                progress=out.progress if out.terminal else _no_progress,
                stop=lambda: bool(asked),
            )
    finally:
        store.close()
    return _told(loaded, outcome, out)


@contextmanager
def _asked_to_end() -> Iterator[list[int]]:
    """While this goes on, SIGTERM is written down instead of ending the process."""
    asked: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        asked.append(number)

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _no_progress(_label: str, _total: int) -> Iterator[Callable[[str], None]]:
    """Where no person looks, each plan gets its line when it is done."""
    yield lambda _: None


def _told(config: Config, outcome: DueOutcome, out: Console) -> int:
    if outcome.busy:
        out.detail("another tick is at work")
        return 0
    if outcome.mail_error is not None:
        out.warn(f"mails: {outcome.mail_error.message}")
    if outcome.mail is not None:
        from sheets_sync.cli.mailing import tell_mails  # only those who mail pay for it

        tell_mails(config, outcome.mail, outcomes_by_uid(outcome.runs), out)
    if outcome.runs:
        out.say(roll_up(outcome.runs))
    warn_of_jobs(config.found_jobs, out)
    for line in _waiting_lines(outcome):
        out.warn(line)
    if out.terminal and not outcome.runs:
        out.say(_nothing_due(config, outcome))
    return outcome.code


def _waiting_lines(outcome: DueOutcome) -> Iterator[str]:
    if outcome.stopped:
        yield "asked to end: the rest waits for the next tick"
    elif outcome.late:
        yield f"the time of one tick is over: {outcome.left} plans wait for the next one"


def _nothing_due(config: Config, outcome: DueOutcome) -> str:
    if outcome.idle:
        return f"There are no jobs in {config.folder / 'jobs'}"
    if outcome.next is None:
        return "Nothing is due any more"
    zone = ZoneInfo(config.plans[0].settings.timezone)
    return f"Nothing is due before {outcome.next.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
