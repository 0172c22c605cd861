"""Telling of job files that are broken, where the other jobs go on all the same, and that there is no job."""

import sys
from collections.abc import Iterator

from sheets_sync.cli.console import Console, clean
from sheets_sync.cli.failures import message_of
from sheets_sync.config.job_files import FoundJobs, job_folder
from sheets_sync.config.values import Config
from sheets_sync.errors import ConfigError, Mistake, UsageError
from sheets_sync.run.log import speaks_json

TWICE_AN_HOUR = "*/30 7-19 * * MON-FRI"


def mistake_lines(mistakes: tuple[Mistake, ...]) -> Iterator[str]:
    """Each mistake with its file and line."""
    for line in message_of(ConfigError(mistakes), names=sys.stderr.isatty()).splitlines():
        yield clean(line)


def warn_of_jobs(found: FoundJobs, out: Console) -> None:
    """Tell the mistakes on standard error, and what to type; nothing where there are none. Where log lines are JSON,
    the log has them."""
    if not found.broken or speaks_json():
        return
    for line in mistake_lines(found.mistakes):
        out.warn(line)
    others = "the other jobs go on" if found.jobs else "no job can be done until that is mended"
    out.warn(f"  {others}; is it right now: sheets-sync config check")


def code_of_jobs(found: FoundJobs) -> int:
    """The exit code that broken job files ask for."""
    return UsageError.exit_code if found.broken else 0


def warn_of_none(config: Config, out: Console) -> None:
    """Where there is no job at all: that nothing will run, and a job to write."""
    found = config.found_jobs
    if found.jobs or found.broken:
        return
    zone = config.plans[0].settings.timezone
    out.warn("There is no job, so nothing runs by itself, whatever asks. One that checks all plans twice an hour is")
    out.warn(clean(f"a file {job_folder(config.folder) / 'sync.toml'} with these three lines:"))
    for line in (f'when = "{TWICE_AN_HOUR}"', f'timezone = "{zone}"', 'steps = ["sync"]'):
        out.warn(clean(f"  {line}"))
