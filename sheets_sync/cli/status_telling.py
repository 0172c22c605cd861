"""What `status` does: say where every plan and the mails stand, as lines for a person or as JSON for a program."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import click

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.job_mistakes import mistake_lines
from sheets_sync.cli.mail_summary import when
from sheets_sync.cli.schedule_entry import is_installed
from sheets_sync.config.load import find_config, load_config
from sheets_sync.core.mails import FILES
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.standing import PlanStanding, Standing, standing
from sheets_sync.words.causes import cause_words

FAILED = 3
MISTAKES = 2
FORMAT = 1
_COLOURS = {"failing": "red", "too old": "red", "waiting": "yellow", "never checked": "yellow"}


def tell_status(config: Path | None, names: tuple[str, ...], *, max_age: dt.timedelta | None, form: str) -> int:
    """Tell it, and return the exit code. Raises UsageError, ConfigError, StoreError."""
    out, now = console(), SystemClock().now()
    loaded = load_config(find_config(config))
    found = standing(loaded, names, now=now, max_age=max_age, is_installed=is_installed)
    if form == "json":
        click.echo(status_json(found, now))
    else:
        for line, colour in _lines(found, now, out):
            out.say(clean(line), style=colour)
    if not found.is_well and out.quiet:
        out.warn(_in_short(found))
    return FAILED if found.fails else MISTAKES if found.mistakes else 0


def _in_short(found: Standing) -> str:
    ill = sum(not plan.is_well for plan in found.plans)
    if ill:
        return f"{ill} plans fail or were checked too long ago"
    return "no mail can be sent" if found.fails else "a job file cannot be used: sheets-sync config check"


def state_of(plan: PlanStanding) -> str:
    """The worst that is true of a plan, in one word or two."""
    if plan.left:
        return "left"
    if plan.pause is not None:
        return "paused"
    if plan.failing:
        return "failing"
    if plan.health.checked is None and not plan.health.failures:
        return "never checked"
    if plan.too_old:
        return "too old"
    return "waiting" if plan.health.failures else "well"


def status_json(found: Standing, now: dt.datetime) -> str:
    """One object, as the command's help describes it; no name of a person."""
    mail = {
        "route": found.route,
        "unsent": found.unsent,
        "later": found.later,
        "off_since": _instant(found.off_since),
        "failing_since": _instant(found.trouble.since if found.trouble is not None else None),
    }
    jobs = {
        "count": found.jobs,
        "scheduled": found.scheduled,
        "mistakes": [{"file": one.file, "line": one.line, "key": one.key} for one in found.mistakes],
    }
    plans = [_plan_json(plan, now, scheduled=found.scheduled) for plan in found.plans]
    told = {"format": FORMAT, "well": found.is_well, "mail": mail, "jobs": jobs, "plans": plans}
    return json.dumps(told, indent=1)


def _plan_json(plan: PlanStanding, now: dt.datetime, *, scheduled: bool) -> dict[str, str | int | None]:
    health = plan.health
    return {
        "uid": plan.plan.settings.uid,
        "name": plan.plan.settings.name,
        "state": state_of(plan),
        "last_run": _instant(health.last_run),
        "last_checked": _instant(health.checked),
        "next_run": _instant(plan.next_run) if scheduled and plan.pause is None else None,
        "next_try": _instant(plan.next_try) if scheduled and plan.pause is None else None,
        "paused_until": str(plan.pause.until) if plan.pause is not None and plan.pause.until is not None else None,
        "failures": health.failures,
        "failing_since": _instant(health.failing_since),
        "keeper_told": _instant(health.told),
        "nobody_told": plan.nobody_told,
        "reason": health.reason,
        "lock_file_hours": _hours(now - plan.lock.since) if plan.lock is not None else None,
    }


def _lines(found: Standing, now: dt.datetime, out: Console) -> Iterator[tuple[str, str]]:
    for plan in found.plans:
        state = state_of(plan)
        yield f"{plan.plan.settings.name}: {state}{_row(plan)}", _COLOURS.get(state, "")
        yield from ((f"  {line}", "") for line in (*_why(plan, now, out), *_times(plan, scheduled=found.scheduled)))
    yield from ((line, "red" if found.mistakes else "yellow") for line in _job_lines(found))
    yield from ((line, "red" if found.trouble is not None else "") for line in _mail_lines(found))


def _row(plan: PlanStanding) -> str:
    """ ", 7 runs in a row could not do all they should, since Fri 20 Nov 10:00"."""
    health = plan.health
    if not health.failures or health.failing_since is None:
        return ""
    runs = "1 run" if health.failures == 1 else f"{health.failures} runs in a row"
    return f", {runs} could not do all that was due, since {when(health.failing_since)}"


def _why(plan: PlanStanding, now: dt.datetime, out: Console) -> Iterator[str]:
    if plan.left:
        yield "everything of ours was taken out of its workbook, and jobs pass it over"
        yield f'to set it up again: sheets-sync run --plan "{plan.plan.settings.name}"'
        yield "to stop for good: take its table out of config.toml, and its name out of jobs/"
    if plan.pause is not None:
        reason = f" ({plan.pause.reason})" if plan.pause.reason and not out.counts_only else ""
        until = f" until {plan.pause.until}; to go on before" if plan.pause.until is not None else "; to go on"
        yield f"nothing is written or mailed{reason}{until}: sheets-sync resume"
    said = cause_words("en").get(plan.health.reason)
    if said is not None:
        yield f"[{plan.health.reason}] {said.why}"
        yield said.do
    if plan.lock is not None:
        owner = f", of {plan.lock.holder}" if plan.lock.holder and not out.counts_only else ""
        yield f"the lock file {plan.lock.file} is {_age(now - plan.lock.since)} old{owner}"
    if plan.health.told is not None:
        yield f"its keeper, or who stands in, was told {when(plan.health.told)}"
    if plan.nobody_told:
        keeper = plan.plan.mail.keeper
        yield "nobody is told by mail: " + (
            "its keeper is away or no mail reaches them, and nobody stands in; name leaders in config.toml"
            if keeper is not None
            else "no keeper is named in config.toml"
        )


def _times(plan: PlanStanding, *, scheduled: bool) -> Iterator[str]:
    if plan.left:
        return
    last, checked = plan.health.last_run, plan.health.checked
    if checked is not None:
        yield f"last checked {when(checked)}"
    elif state_of(plan) != "never checked":
        yield "never checked"
    if last is not None and last != checked:
        yield f"last run {when(last)}"
    yield _next_run(plan, scheduled=scheduled)


def _next_run(plan: PlanStanding, *, scheduled: bool) -> str:
    if plan.next_run is None and not plan.waits:
        return "next run: none, no job runs this plan"
    if not scheduled:
        return "next run: none, no schedule on this computer calls it: sheets-sync schedule install"
    if plan.pause is not None:
        until = f"paused until {plan.pause.until}" if plan.pause.until is not None else "paused"
        return f"next run: {until}; until then runs only look whether it goes on"
    if plan.next_try is not None:
        return f"next run: tried again {when(plan.next_try)}, and within minutes when its lock file goes away"
    if plan.waits:
        return "next run: with the next tick of the schedule"
    return f"next run {when(plan.next_run)}" if plan.next_run is not None else ""


def _job_lines(found: Standing) -> Iterator[str]:
    if found.mistakes:
        yield "Jobs: a file cannot be used as it is; when it is mended: sheets-sync config check"
        yield from (f"  {line}" for line in mistake_lines(found.mistakes))
    elif not found.jobs:
        yield "Jobs: none, so nothing runs by itself; what to write: sheets-sync schedule install --dry-run"


def _mail_lines(found: Standing) -> Iterator[str]:
    if found.off_since is not None:
        yield f"Mails: switched off since {when(found.off_since)}: sheets-sync mail on"
        return
    if found.trouble is not None:
        yield f"Mails: none can be sent since {when(found.trouble.since)}: {found.trouble.reason}"
        yield "  when it is mended: sheets-sync mail test"
    where = "; no mail server is configured, so mails are written as files" if found.route == FILES else ""
    yield f"Mails: {found.unsent} made and not sent; people who are told something later: {found.later}{where}"


def _age(age: dt.timedelta) -> str:
    hours = _hours(age)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"


def _hours(age: dt.timedelta) -> int:
    return int(age.total_seconds() // 3600)


def _instant(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant is not None else None
