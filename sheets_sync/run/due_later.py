"""What is left when a tick ends, and when the next one has to look after it.

A workbook in use is tried ever less often, but at once when its lock file goes away, which a tick sees for nothing.
Not here: how long it waits (`core.health`), and what is left for what reason (`due_work`).
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.job_files import FoundJobs
from sheets_sync.config.values import Config
from sheets_sync.core.health import WELL, tried_next
from sheets_sync.core.jobs import Job
from sheets_sync.schedule.due import TICK
from sheets_sync.schedule.tick import Seen, gone_since, seen_files
from sheets_sync.store.schedule_rows import LeftPlan
from sheets_sync.store.store import Store
from sheets_sync.workbooks.files.lock_files import lock_places

NEXT_TICK = dt.datetime.min.replace(tzinfo=dt.UTC)


class Later(NamedTuple):
    """How many plans wait, when to look after them (None = nothing waits), and the files whose change lets that be
    sooner."""

    plans: int = 0
    at: dt.datetime | None = None
    files: tuple[Path, ...] = ()


def later(
    config: Config, store: Store, jobs: FoundJobs, waits: Collection[str], *, unmailed: Mapping[str, dt.datetime]
) -> Later:
    """What is left for later ticks. `waits` are the plans of this one that wait, by uid; `unmailed` tells when to look
    after those whose mails could not all leave."""
    fares, gone = store.health.all(), store.pauses.left()
    by_name = {job.name: job for job in jobs.jobs}
    last: dict[str, dt.datetime] = {}
    for left in store.schedule.left_plans():
        if left.job in by_name and left.plan not in gone:
            at = last_try(left, by_name[left.job])
            last[left.plan] = min(at, last.get(left.plan, at))
    waiting = {*waits, *last}
    busy = {uid: again for uid in waiting if (again := tried_next(fares.get(uid, WELL))) is not None}
    times = dict.fromkeys(waiting, NEXT_TICK) | dict(unmailed)
    times |= {uid: min(again, last.get(uid, again), unmailed.get(uid, again)) for uid, again in busy.items()}
    files = [plan.workbook for plan in config.plans if plan.settings.uid in busy and isinstance(plan.workbook, Path)]
    locks = tuple(place for file in files for place in lock_places(file))
    return Later(len(times), min(times.values(), default=None), locks)


def last_try(left: LeftPlan, job: Job) -> dt.datetime:
    """The last tick before the grace is over."""
    return left.period + job.grace - TICK


def closed_since(config: Config) -> frozenset[str]:
    """The plans, by uid, whose workbook had a lock file beside it when a tick last ended, and has none now."""
    gone = gone_since(config.file, config.state)
    files = ((plan.settings.uid, plan.workbook) for plan in config.plans if isinstance(plan.workbook, Path))
    return frozenset(uid for uid, file in files if any(str(place) in gone for place in lock_places(file)))


def seen_before(config: Config) -> Seen | None:
    """The files of a configuration as they stand before its jobs are read; None where they cannot be looked at."""
    try:
        return seen_files(config.file)
    except OSError:
        return None


def seen_too(seen: Seen | None, files: Sequence[Path]) -> Seen | None:
    """With these files as they stand now, before they are read."""
    try:
        if seen is not None:
            seen.look_at(files)
        return seen
    except OSError:
        return None
