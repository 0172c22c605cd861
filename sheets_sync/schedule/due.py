"""Which periods of a job are due, and when the next ones are. Pure: instants in and out are aware and in UTC.

A period is the instant at which its cron expression says so in the job's own time zone. Where clocks skip that time it
is the first minute after; where they show it twice it is the first of the two, but for expressions that mean every so
many minutes or hours ("*" or "*/5" first), which go by real time. Not here: what was done of a period (the store).
"""

import datetime as dt
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim

from sheets_sync.core.jobs import CatchUp, Job

TICK = dt.timedelta(minutes=5)
"""How often the operating system asks."""
DUE_NOW = TICK + dt.timedelta(minutes=1)
"""How old a period is at most that its own tick finds: systems start what they start within the minute."""
LOOKS_BACK = dt.timedelta(days=8)
"""Periods older than this, and than the grace, are not even counted as missed."""


class Due(NamedTuple):
    """The periods to run now, oldest first, and those that are let go."""

    run: tuple[dt.datetime, ...]
    missed: tuple[dt.datetime, ...]


def due_periods(job: Job, *, done: Collection[dt.datetime], since: dt.datetime, now: dt.datetime) -> Due:
    """The periods after `since`, up to `now`, that are not among `done`, by the job's catch-up and grace.

    `since` is when the job was first seen, or a later instant up to which all is settled. A clock that was set back
    finds its periods among `done`.
    """
    begin = max(since, now - max(job.grace, LOOKS_BACK))
    settled = frozenset(done)
    waiting = [period for period in _until(job, begin, now) if period not in settled]
    chosen = _chosen(job, waiting, now)
    return Due(tuple(chosen), tuple(sorted(set(waiting) - set(chosen))))


def next_times(job: Job, after: dt.datetime, count: int = 1) -> tuple[dt.datetime, ...]:
    """The job's next periods after an instant, in order; fewer, or none, where the expression has no more."""
    return tuple(islice(_after(job, after), count))


def _chosen(job: Job, waiting: list[dt.datetime], now: dt.datetime) -> list[dt.datetime]:
    if job.catch_up is CatchUp.SKIP:
        return [period for period in waiting[-1:] if now - period <= DUE_NOW]
    within = [period for period in waiting if now - period <= job.grace]
    return within if job.catch_up is CatchUp.ALL else within[-1:]


def _until(job: Job, after: dt.datetime, now: dt.datetime) -> Iterator[dt.datetime]:
    for period in _after(job, after):
        if period > now:
            return
        yield period


def _after(job: Job, after: dt.datetime) -> Iterator[dt.datetime]:
    """The periods after an instant, each once and in order, also from within an hour that clocks show twice."""
    last = after.astimezone(dt.UTC)
    for local in CronSim(job.when, last.astimezone(ZoneInfo(job.timezone))):
        period = local.astimezone(dt.UTC)
        if period > last:
            last = period
            yield period
