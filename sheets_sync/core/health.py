"""Whether a plan gets its runs: what a run comes to for it, when a row of runs that could not do all they should is a
failure, and when its keeper is told (HAZARDS 33). Pure: instants in are aware. Where it is kept: the store."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import Calendar

RUNS_IN_A_ROW = 3
"""So many runs in a row, over at least `Watching.max_defer`, are a failure for whatever reason."""
FAILED_APART = dt.timedelta(hours=4)
"""Working hours between two runs that failed, after which the keeper is told."""
WORK_BEGINS, WORK_ENDS = dt.time(9), dt.time(17)
FIRST_AGAIN, LAST_AGAIN = dt.timedelta(minutes=5), dt.timedelta(hours=1)
"""How long to wait before a workbook in use is tried again, the first time and at last."""
A_MOMENT = dt.timedelta(minutes=1)
"""A run tries somewhat later than its tick began; the tick that comes next is not to be missed for it."""
_DOUBLED_AT_MOST = 8
LONGEST_LOOK = dt.timedelta(days=30)
"""Further back no working hours are counted."""
_A_DAY = dt.timedelta(days=1)


class Cause(StrEnum):
    """Why a run could not do all it should, as a code that holds nothing from a workbook."""

    OPEN = "open"
    """Another program has the workbook open, or it is being saved."""
    CHANGING = "changing"
    """It changed each time it was about to be written."""
    UNCLEAR = "DAT001"
    MASS = "DAT007"
    IDS = "DAT008"
    ELSEWHERE = "elsewhere"
    """Somebody else wrote the workbook, or it is not the one it was."""
    NOT_WRITABLE = "not-writable"
    """The workbook can be read, and must not be written as it stands."""
    GUARD = "guard"
    """The clock or the workbook looked wrong, so nothing was written."""
    UNREADABLE = "unreadable"
    """The workbook is not there, or cannot be read."""
    REFUSED = "refused"
    """People changed rows meanwhile: some cells were not written."""
    UNCONFIRMED = "unconfirmed"
    """The first write needs a person's yes."""
    CONFIGURATION = "configuration"
    JOBS = "jobs"
    """A file of a job that is for this plan cannot be used as it is."""
    STORE = "store"
    MAIL_CHOICE = "mail-choice"
    """What is to be mailed could not be told."""
    MAIL = "mail"
    """No mail can be sent."""
    PROGRAM = "program"
    """The program itself failed; the log says where."""


PUT_OFF = frozenset({Cause.OPEN, Cause.CHANGING})
"""What counts as done until it has lasted too long."""
NOTHING_SENT = frozenset({Cause.MAIL})
"""What cannot be told by mail."""


class RunNote(NamedTuple):
    """What a run came to for one plan. `cause` is None when it did all it should; `checked` tells that the plan was
    read and judged, or is as it was when it last was; `wrote` counts what was written, by name, and is empty when
    nothing was; `mails` counts those that left about it."""

    cause: Cause | None = None
    checked: bool = False
    wrote: tuple[tuple[str, int], ...] = ()
    mails: int = 0

    @property
    def put_off(self) -> bool:
        """Whether it is only put off for now."""
        return self.cause in PUT_OFF


class PlanHealth(NamedTuple):
    """How a plan fares. `checked` is when it was last read and judged; `failing_since` when the row of runs began that
    could not do all they should, `failures` how many there were, `last_failure` and `reason` the last one (a `Cause`,
    "" = none); `failed_since` when the first of them failed and was not only put off; `told` when the keeper was told
    of this row."""

    checked: dt.datetime | None = None
    failing_since: dt.datetime | None = None
    last_failure: dt.datetime | None = None
    failures: int = 0
    reason: str = ""
    failed_since: dt.datetime | None = None
    told: dt.datetime | None = None

    @property
    def last_run(self) -> dt.datetime | None:
        """When a run last tried."""
        return max(filter(None, (self.checked, self.last_failure)), default=None)


WELL = PlanHealth()
"""A plan of which nothing is known."""


MAX_DEFER = dt.timedelta(hours=24)


class Watching(NamedTuple):
    """How this installation is watched. `heartbeat` is an address to ping or a reference to where it is kept (see
    `config.secrets`), "" = none; `textfile` an absolute file for Prometheus, "" = none; `max_defer` how long a
    workbook may be put off before that is a failure."""

    heartbeat: str = ""
    textfile: str = ""
    max_defer: dt.timedelta = MAX_DEFER


def after_run(health: PlanHealth, run: RunNote, now: dt.datetime) -> PlanHealth:
    """The plan's health after a run: one that did all it should ends the row, any other makes it longer."""
    checked = now if run.checked else health.checked
    if run.cause is None:
        return PlanHealth(checked=checked)
    return health._replace(
        checked=checked,
        failing_since=health.failing_since or now,
        last_failure=now,
        failures=health.failures + 1,
        reason=run.cause.value,
        failed_since=health.failed_since if run.put_off else health.failed_since or now,
    )


def tried_next(health: PlanHealth) -> dt.datetime | None:
    """When a plan that is only put off is tried again: after 5, 10, 20 minutes and so on, at last every hour; None for
    one that waits for nothing else than its next run."""
    if health.reason not in PUT_OFF or health.last_failure is None:
        return None
    doubled = FIRST_AGAIN * (1 << min(max(health.failures - 1, 0), _DOUBLED_AT_MOST))
    return health.last_failure + min(doubled, LAST_AGAIN) - A_MOMENT


def is_failing(health: PlanHealth, max_defer: dt.timedelta) -> bool:
    """Whether too many runs in a row, over too long a time, could not check, write or mail, for whatever reason."""
    if health.failing_since is None or health.last_failure is None:
        return False
    return health.failures >= RUNS_IN_A_ROW and health.last_failure - health.failing_since >= max_defer


def failed_twice(health: PlanHealth, settings: PlanSettings) -> bool:
    """Whether runs of this row failed at least four of the plan's working hours apart."""
    first, last = health.failed_since, health.last_failure
    if first is None or last is None or health.failures < 2 or health.reason in PUT_OFF:
        return False
    return working_time(settings, first, last) >= FAILED_APART


def is_to_be_told(health: PlanHealth, settings: PlanSettings, max_defer: dt.timedelta) -> bool:
    """Whether the keeper is to be told by mail now: once for each row of runs, and not that no mail can be sent."""
    if health.told is not None or health.reason in NOTHING_SENT:
        return False
    return is_failing(health, max_defer) or failed_twice(health, settings)


def working_time(settings: PlanSettings, begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """How much of the time between two instants lies in the plan's working hours, 9 to 17 of its working days."""
    zone, calendar = ZoneInfo(settings.timezone), Calendar(settings.calendar)
    begin = max(begin, end - LONGEST_LOOK)
    total, day, last = dt.timedelta(), begin.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if calendar.is_workday(day):
            opens, closes = (dt.datetime.combine(day, at, zone).astimezone(dt.UTC) for at in (WORK_BEGINS, WORK_ENDS))
            total += max(min(end, closes) - max(begin, opens), dt.timedelta())
        day += _A_DAY
    return total


def is_too_old(health: PlanHealth, max_age: dt.timedelta, now: dt.datetime) -> bool:
    """Whether the plan was last checked longer ago than this, or never."""
    return health.checked is None or now - health.checked > max_age


Facts = Mapping[str, int | str]
"""Counts and codes by name."""


class PlanEvent(NamedTuple):
    """What happened to a plan. `kind` is "wrote", "mailed", "failed", "asked", "answered", "paused" or "resumed";
    `facts` holds counts and codes, never a text from a workbook or a name."""

    at: dt.datetime
    kind: str
    facts: Facts
