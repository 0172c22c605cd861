"""What a run adds to a plan's history: first sight, dues, owners, statuses, last human change (DOMAIN 2.2)."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.history import History, Known, Remembered
from sheets_sync.core.identity import Identified, Place, is_silent_newcomer
from sheets_sync.core.model import CLOSED, Action, Finding, Severity, Status
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import Calendar

DONE_GAP = 5
"""A done date is estimated from the first sight of "done" only when the last look was at most this many days ago."""


class Moment(NamedTuple):
    """When a run looks: the plan's day, the instant, and the plan's calendar."""

    as_of: dt.date
    now: dt.datetime
    calendar: Calendar


def see(
    identified: Identified,
    history: History,
    settings: PlanSettings,
    *,
    moment: Moment,
    pressed: frozenset[Place] = frozenset(),
) -> dict[str, Known]:
    """The past of every action with an id, including what this run sees of it. Duplicate ids have no past.

    In rows that were `pressed`, flagged by the button before any run saw them, nobody is typing any more.
    """
    adopting = history.adopted_on is None
    grace = dt.timedelta(minutes=settings.typing_grace_minutes)
    seen: dict[str, Known] = {}
    for action in identified.actions:
        if not action.key or (action.tab, action.row) in identified.duplicates:
            continue
        past = history.known.get(action.key)
        known = _first_sight(action, moment, adopting) if past is None else _seen_again(action, past, moment, history)
        if past is None and (action.tab, action.row) in pressed:
            known = known._replace(first_seen=moment.now - grace)
        seen[action.key] = _with_baseline(known, action, settings, moment)
    return seen


def remember(
    identified: Identified,
    history: History,
    seen: Mapping[str, Known],
    *,
    moment: Moment,
    findings: tuple[Finding, ...],
    text_marks: Mapping[str, str],
    collapsed: frozenset[str],
    dropped_columns: frozenset[str],
) -> Remembered:
    """The history after this run, as what differs from the history before it."""
    adopting = history.adopted_on is None
    changed: list[Known] = []
    for key, known in seen.items():
        judged = text_marks.get(known.witness, "")
        after = known if judged == known.judged else known._replace(judged=judged)
        if after is not history.known.get(key) and after != history.known.get(key):
            changed.append(after)
    changed += [
        past._replace(gone=moment.as_of) for key, past in history.known.items() if key not in seen and past.gone is None
    ]
    return Remembered(
        changed=tuple(changed),
        silent_witnesses=_silent(identified, history, adopting),
        baseline=_baseline(identified, findings) if adopting else history.baseline,
        collapsed=collapsed,
        dropped_columns=dropped_columns,
        adopted_on=history.adopted_on or moment.as_of,
    )


def is_silent(action: Action, history: History) -> bool:
    """The row was closed before the plan was adopted and nobody has touched it since: nothing is said of it."""
    past = history.known.get(action.key) if action.key else None
    if past is not None:
        return past.silent and past.witness == action.witness
    return is_silent_newcomer(action, history)


def _first_sight(action: Action, moment: Moment, adopting: bool) -> Known:
    return Known(
        key=action.key,
        witness=action.witness,
        first_seen=moment.now,
        action=action.action,
        owner=action.owner,
        due=action.due.date,
        status=action.status.status,
        adopted=adopting,
        silent=adopting and action.status.status in CLOSED,
        last_change=None if adopting else moment.as_of,
    )


def _seen_again(action: Action, past: Known, moment: Moment, history: History) -> Known:
    if action.witness == past.witness:
        return past if past.gone is None else past._replace(gone=None)
    status = action.status.status
    return past._replace(
        witness=action.witness,
        action=action.action,
        owner=action.owner,
        due=action.due.date,
        status=status,
        silent=False,
        last_change=moment.as_of,
        done_seen=_done_seen(status, past, moment, history),
        gone=None,
    )


def _done_seen(status: Status, past: Known, moment: Moment, history: History) -> dt.date | None:
    if status not in CLOSED or status is Status.CANCELLED:
        return None
    if past.status in CLOSED and past.status is not Status.CANCELLED:
        return past.done_seen
    looked = history.last_checked
    recent = looked is not None and moment.calendar.count(looked, moment.as_of) <= DONE_GAP
    return moment.as_of if recent else None


def first_day(known: Known, settings: PlanSettings) -> dt.date:
    """The plan's day on which the row was first seen."""
    return known.first_seen.astimezone(ZoneInfo(settings.timezone)).date()


def _with_baseline(known: Known, action: Action, settings: PlanSettings, moment: Moment) -> Known:
    """Freeze the first trusted due date: at adoption the current one, else after a grace for typing corrections."""
    due = action.due.date
    if due is None or due == known.baseline_due:
        return known
    age = moment.calendar.count(first_day(known, settings), moment.as_of)
    free = known.baseline_due is None or (not known.adopted and age <= settings.baseline_grace)
    return known._replace(baseline_due=due) if free else known


def _silent(identified: Identified, history: History, adopting: bool) -> frozenset[str]:
    if not adopting:
        return history.silent_witnesses
    return frozenset(a.witness for a in identified.actions if not a.key and is_silent_newcomer(a, history))


def _baseline(identified: Identified, findings: tuple[Finding, ...]) -> frozenset[tuple[str, str]]:
    """(id, code) of what adoption found; "" for findings about the plan. A row without an id has no baseline."""
    keys = {(action.tab, action.row): action.key for action in identified.actions}
    grave = [f for f in findings if f.severity in (Severity.E, Severity.W) and f.silenced != "ignored"]
    placed = [(keys.get((f.tab, f.row), ""), f) for f in grave]
    return frozenset((key, finding.code) for key, finding in placed if key or not finding.row)
