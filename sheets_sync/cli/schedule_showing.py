"""What `schedule show` tells: whether and how this computer asks, and the coming runs of each job in words."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.job_mistakes import code_of_jobs, warn_of_jobs, warn_of_none
from sheets_sync.cli.schedule_entry import computer, entry_for, own_place
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config
from sheets_sync.core.jobs import CatchUp, Job, Step
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.wiring import open_store
from sheets_sync.schedule.due import next_times
from sheets_sync.schedule.install.standing import Standing
from sheets_sync.schedule.install.ways import found_entries
from sheets_sync.schedule.tick import word_file
from sheets_sync.store.schedule_rows import JobRun

NOT_INSTALLED = 3
NO_NAMES: Mapping[str, str] = MappingProxyType({})
_DOES = {
    Step.SYNC: "checks {plans}, writes flags, mails what is due",
    Step.OWNER_WEEK: "checks {plans}, and mails each owner's week",
    Step.LEADER_WEEK: "checks {plans}, and mails each leader's week",
}
_MAKES_UP = {
    CatchUp.ONCE: "When this computer was off: the last one is made up for, within {grace}",
    CatchUp.ALL: "When this computer was off: every one is made up for, within {grace}",
    CatchUp.SKIP: "When this computer was off: nothing is made up for",
}
_TIME = "%a %d %b %Y %H:%M"


def show_schedule(config: Path | None, count: int) -> int:
    """Tell it. Raises UsageError, ConfigError, StoreError."""
    out, now = console(), SystemClock().now()
    found = load_config(find_config(config))
    installed = _tell_entry(found, out)
    looked = _last_look(found)
    if looked is not None:
        out.say(f"Last looked what is due: {looked.astimezone().strftime(_TIME)}")
    jobs = found.found_jobs.jobs
    warn_of_none(found, out)
    last = _last_runs(found, jobs)
    names = {plan.settings.uid: plan.settings.name for plan in found.plans}
    for job in jobs:
        out.say()
        for line in job_lines(job, last.get(job.name), now=now, count=count, names=names):
            out.say(clean(line))
    warn_of_jobs(found.found_jobs, out)
    return code_of_jobs(found.found_jobs) or (0 if installed else NOT_INSTALLED)


def _tell_entry(config: Config, out: Console) -> bool:
    """Whether it is installed, and the lines on that."""
    entry, machine = entry_for(config), computer()
    entries = found_entries(entry, machine)
    if not entries:
        out.say("Not installed: nothing runs by itself. Install it: sheets-sync schedule install", style="yellow")
    for way, standing in entries:
        out.say(f"Installed: {way.title}, {entry.name}")
        if standing is Standing.DIFFERENT:
            told = "It is switched off, or not as it would be installed today: sheets-sync schedule install"
            out.say(told, style="yellow")
        for line in way.notes(entry, machine):
            out.say(clean(line))
    return any(one.standing is Standing.IN_PLACE for one in entries)


def _last_look(config: Config) -> dt.datetime | None:
    """When a tick last looked at the jobs; those that had nothing to look at leave no trace."""
    try:
        word = json.loads(Path(word_file(str(config.state), str(own_place(config.file)))).read_bytes())
        return dt.datetime.fromtimestamp(word["told"], dt.UTC)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _last_runs(config: Config, jobs: Sequence[Job]) -> dict[str, JobRun]:
    """The last run of each job; nothing where no store is yet, which looking does not make."""
    if not jobs or not config.state.is_dir():
        return {}
    with closing(open_store(config)) as store:
        found = ((job.name, store.schedule.last(job.name)) for job in jobs)
        return {name: run for name, run in found if run is not None}


def job_lines(
    job: Job, last: JobRun | None, *, now: dt.datetime, count: int, names: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """What a job does and when, its `last` run and the next `count` ones, in its own time zone.

    `names` are those of plans, by uid: a job may name a plan by either.
    """
    from cronsim import CronSim

    zone = ZoneInfo(job.timezone)
    plans = ", ".join(names.get(plan, plan) for plan in job.plans) or "all plans"
    steps = [_DOES[step].format(plans=plans) for step in job.steps]
    hours = job.grace.total_seconds() / 3600
    lines = [
        f"{job.name}: {CronSim(job.when, now).explain()} ({job.timezone})",
        *(f"  {step}" for step in steps),
        f"  {_MAKES_UP[job.catch_up].format(grace=f'{hours:g} hours')}",
    ]
    if last is not None:
        ended = f"ended with exit code {last.code}" if last.finished else "has not ended"
        lines.append(f"  last    {_local(last.period, zone)}  {ended}")
    times = next_times(job, now, count)
    return lines + [f"  {'next' if place == 0 else '    '}    {_local(time, zone)}" for place, time in enumerate(times)]


def _local(time: dt.datetime, zone: ZoneInfo) -> str:
    return time.astimezone(zone).strftime(_TIME)
