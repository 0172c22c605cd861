"""From an action, its findings and its past to the one flag on its row (DOMAIN 2.2, 2.3).

Flags that need the history of moved dates (RE-DATED) or past ratios (the forecast part of AT RISK) are not given here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sheets_sync.core.history import Known
from sheets_sync.core.model import CLOSED, LIVE, Action, Assessment, Field, Flag, Status
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import Calendar

FIX_ROW_CODES = frozenset({"ACT001", "DUE002", "DAT004", "DAT006"})
NO_OWNER_CODES = frozenset({"OWN001", "OWN002", "OWN003"})
FIX_ROW_FIELDS = frozenset({Field.ACTION, Field.DUE, Field.STATUS})
BROKEN_CELL = frozenset({"error", "not calculated", "out of range"})
DUE_SOON_DAYS = 5
LATE_START_DAYS = 3
STALE_DAYS_PRESSING = 7
"""Stale limit for rows of high priority or due within `PRESSING_DAYS` (DOMAIN 2.3, weekly rhythm)."""
PRESSING_DAYS = 10
BEHIND_POINTS = 30
ENDED = frozenset({Status.DONE, Status.VERIFIED, Status.INEFFECTIVE})
UNDER_WAY = frozenset({Status.IN_PROGRESS, Status.BLOCKED})
VERIFIED_TYPES = frozenset({"corrective", "preventive"})
# Python 3.11 finds a member on its enumeration as slowly as it calls a function; these are asked for in every row.
_PLANNED, _BLOCKED, _ON_HOLD, _UNKNOWN = Status.PLANNED, Status.BLOCKED, Status.ON_HOLD, Status.UNKNOWN
_AT_RISK = Flag.AT_RISK


@dataclass(frozen=True, slots=True)
class Today:
    """What an assessment needs beside the row: the day, the calendar, the settings and what can be said at all. The
    days of `pauses` (first day, first day after) do not count as silence."""

    as_of: dt.date
    calendar: Calendar
    settings: PlanSettings
    adopted_on: dt.date | None
    can_say_done: bool = True
    pauses: tuple[tuple[dt.date, dt.date], ...] = ()
    timings: dict[dt.date | None, "Timing"] = field(default_factory=dict, repr=False, compare=False)
    """Of the due dates met so far, counted to this day: a plan's rows share few."""


class Timing(NamedTuple):
    """A row's dates in working days. `late` > 0 = days late, `left` = days to the due date (0 or less: none left)."""

    due_used: dt.date | None
    late: int | None
    left: int | None


def _timing_today(action: Action, today: Today) -> Timing:
    due = action.due.date
    known = today.timings.get(due)
    if known is None:
        known = today.timings[due] = timing(action, today.as_of, today.calendar)
    return known


def timing(action: Action, day: dt.date, calendar: Calendar) -> Timing:
    """Working days from the rolled due date to `day` (DOMAIN 2.2)."""
    due = action.due.date
    if due is None:
        return Timing(None, None, None)
    used = calendar.roll(due)
    late = calendar.count(used, day)
    return Timing(used, late, -late)


def assess(action: Action, codes: frozenset[str], known: Known | None, *, today: Today) -> Assessment:
    """Give the row its flag: the first condition of DOMAIN 2.3 that holds, the other pressing ones as secondary.

    `codes` are the codes of the row's findings that count (neither ignored nor in their grace); `known` is the row's
    past including what this run saw of it.
    """
    status = action.status.status
    done_by = _done_by(action, known) if status in ENDED else None
    times = timing(action, done_by, today.calendar) if done_by is not None else _timing_today(action, today)
    if status in CLOSED and done_by is None:
        times = Timing(times.due_used, None, None)
    if (codes or action.problems) and _needs_fixing(action, codes):
        return Assessment(action.tab, action.row, Flag.FIX_ROW, (), times.due_used, times.late, done_by)
    closed = _closed_flag(action, done_by, times, today)
    if closed is not None:
        return Assessment(action.tab, action.row, closed, (), times.due_used, times.late, done_by)
    reason = _risk(action, times, today)
    held = _open_flags(action, codes, known, times=times, today=today, at_risk=bool(reason))
    flag = held[0] if held else _resting_flag(status, today)
    shown_reason = reason if flag is _AT_RISK else ""
    return Assessment(action.tab, action.row, flag, held[1:], times.due_used, times.late, None, shown_reason)


def _needs_fixing(action: Action, codes: frozenset[str]) -> bool:
    return bool(codes & FIX_ROW_CODES) or any(
        problem.field in FIX_ROW_FIELDS and problem.problem in BROKEN_CELL for problem in action.problems
    )


def _done_by(action: Action, known: Known | None) -> dt.date | None:
    return action.done_on.date or (known.done_seen if known is not None else None)


def _closed_flag(action: Action, done_by: dt.date | None, times: Timing, today: Today) -> Flag | None:
    status = action.status.status
    if status not in CLOSED and not action.effective:
        return None
    if status is Status.CANCELLED:
        return Flag.CANCELLED
    done = status is Status.DONE
    if status is Status.VERIFIED or (done and action.effective == "yes"):
        return Flag.VERIFIED
    if status is Status.INEFFECTIVE or action.effective in ("no", "partly"):
        return Flag.NOT_EFFECTIVE
    if not done:
        return None
    to_verify = bool(action.problem or action.kpi or action.type in VERIFIED_TYPES)
    waited = today.calendar.count(done_by, today.as_of) if done_by is not None else 0
    if to_verify and waited >= today.settings.verify_after:
        return Flag.VERIFY
    late = done_by is not None and times.late is not None and times.late > 0
    return Flag.DONE_LATE if late else Flag.DONE


def _open_flags(
    action: Action, codes: frozenset[str], known: Known | None, *, times: Timing, today: Today, at_risk: bool
) -> tuple[Flag, ...]:
    """All flags from NO OWNER to DUE SOON that hold for an open row, in order of precedence."""
    status = action.status.status
    flags: list[Flag] = []
    live = status in LIVE
    pending = live or status is _UNKNOWN
    if codes and pending:
        if codes & NO_OWNER_CODES:
            flags.append(Flag.NO_OWNER)
        if "DUE001" in codes:
            flags.append(Flag.NO_DATE)
    timed = live and today.can_say_done
    if timed and times.late is not None and times.late >= 1:
        flags.append(Flag.OVERDUE)
    if status is _BLOCKED or (action.blocker and pending):
        flags.append(Flag.BLOCKED)
    if status is _ON_HOLD:
        flags.append(Flag.ON_HOLD)
    if timed:
        flags += _milder_flags(action, known, times=times, today=today, at_risk=at_risk)
    return tuple(flags)


def _milder_flags(action: Action, known: Known | None, *, times: Timing, today: Today, at_risk: bool) -> list[Flag]:
    """The flags from DUE TODAY on, which only rows with a known status in a plan that can say done have."""
    flags: list[Flag] = []
    if times.late == 0 and times.due_used is not None and today.as_of >= times.due_used:
        flags.append(Flag.DUE_TODAY)
    if at_risk:
        flags.append(Flag.AT_RISK)
    if is_stale(action, known, times, today=today):
        flags.append(Flag.STALE)
    if action.status.status is _PLANNED and _started_late(action, today):
        flags.append(Flag.LATE_START)
    if _due_soon(times, today):
        flags.append(Flag.DUE_SOON)
    return flags


def _resting_flag(status: Status, today: Today) -> Flag | None:
    if status is Status.PROPOSED:
        return Flag.PROPOSED
    if status is _UNKNOWN or not today.can_say_done:
        return None
    return Flag.PLANNED if status is _PLANNED else Flag.ON_TRACK


def _due_soon(times: Timing, today: Today) -> bool:
    used, left = times.due_used, times.left
    return used is not None and left is not None and today.as_of < used and left <= DUE_SOON_DAYS


def _starts_later(action: Action, today: Today) -> bool:
    start = action.start.date
    return start is not None and start > today.as_of


def _started_late(action: Action, today: Today) -> bool:
    start = action.start.date
    return start is not None and today.calendar.count(start, today.as_of) >= LATE_START_DAYS


def last_update(action: Action, known: Known | None, adopted_on: dt.date | None) -> dt.date | None:
    """The newest sign of life: `updated_on` or the last human change seen; with neither, counting starts at adoption.
    None = nothing is known of the row at all."""
    seen = known.last_change if known is not None else None
    updated = action.updated_on.date
    if seen is not None and updated is not None:
        return max(seen, updated)
    return seen or updated or (adopted_on if known is not None else None)


def is_stale(action: Action, known: Known | None, times: Timing, *, today: Today) -> bool:
    """Condition of flag 14: an active row without an update for more than its limit of working days."""
    status = action.status.status
    if status not in UNDER_WAY and (status is not _PLANNED or _starts_later(action, today)):
        return False
    updated = last_update(action, known, today.adopted_on)
    if updated is None:
        return False
    pressing = action.high_priority or (times.left is not None and times.left <= PRESSING_DAYS)
    limit = min(STALE_DAYS_PRESSING, today.settings.stale_days) if pressing else today.settings.stale_days
    return silent_days(updated, today) > limit


def silent_days(since: dt.date, today: Today) -> int:
    """The working days without an update since that day, those of pauses left out: nobody was asked for any then."""
    silent = today.calendar.count(since, today.as_of)
    for first, end in today.pauses:
        begin, stop = max(first, since), min(end, today.as_of)
        if begin < stop:
            silent -= today.calendar.count(begin, stop)
    return silent


def _risk(action: Action, times: Timing, today: Today) -> str:
    """Why the row is at risk by its own dates, as `Assessment.reason`; "" when it is not."""
    start, due = action.start.date, times.due_used
    if start is None or due is None or action.status.status not in LIVE:
        return ""
    planned = today.calendar.count(start, due)
    elapsed = today.calendar.count(start, today.as_of)
    if planned <= 0 or elapsed <= 0:
        return ""
    if action.status.status is _PLANNED and 2 * elapsed >= planned:
        return "half_gone"
    if action.progress is not None:
        gap = round(min(100.0, 100 * elapsed / planned) - action.progress)
        if gap >= BEHIND_POINTS:
            return "progress_gap"
    return ""


def with_predecessors(
    assessments: Mapping[tuple[str, int], Assessment], actions: tuple[Action, ...]
) -> tuple[Assessment, ...]:
    """Raise rows that wait for an overdue or blocked row to AT RISK, where nothing more pressing holds."""
    if not any(action.depends_on for action in actions):
        return tuple(assessments[action.tab, action.row] for action in actions)
    held_up = {
        action.key
        for action in actions
        if action.key and assessments[action.tab, action.row].flag in (Flag.OVERDUE, Flag.BLOCKED)
    }
    return tuple(_raised(assessments[action.tab, action.row], action, held_up) for action in actions)


def _raised(assessment: Assessment, action: Action, held_up: set[str]) -> Assessment:
    waits_for = next((key for key in action.depends_on if key in held_up), None)
    milder = (Flag.RE_DATED, Flag.STALE, Flag.LATE_START, Flag.DUE_SOON, Flag.ON_TRACK, Flag.PLANNED)
    if waits_for is None or assessment.flag not in milder:
        return assessment
    secondary = (assessment.flag, *assessment.secondary)
    return assessment._replace(flag=Flag.AT_RISK, secondary=secondary, reason=f"predecessor:{waits_for}")
