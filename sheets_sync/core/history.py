"""What the store remembers of a plan, as plain values. The sheet is the truth; this is only its past."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sheets_sync.core.model import Status


class Known(NamedTuple):
    """One action as last seen. Dates are plan-local days; `first_seen` is an aware UTC instant (typing grace).

    `silent` tells that the row was already closed at adoption and has not been edited since: nothing is said of it.
    `judged` remembers the text findings of the current witness, with the version of rules and settings that made
    them, so that unchanged rows need no second look; "" = none.
    """

    key: str
    witness: str
    first_seen: dt.datetime
    action: str
    owner: str
    due: dt.date | None
    status: Status
    adopted: bool = False
    silent: bool = False
    baseline_due: dt.date | None = None
    last_change: dt.date | None = None
    """Day on which a human change was last seen; None = unknown (adoption)."""
    done_seen: dt.date | None = None
    """First day the row was seen done; None when it is not done, or was done at its first sight."""
    gone: dt.date | None = None
    """Day on which the row was first missing."""
    judged: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of one plan. `known` is by key; empty and `adopted_on` None before the first write.

    `next_number` is the number the next new id may take (ids are never given twice). `silent_witnesses` are rows
    without an id that were closed at adoption. `baseline` holds (key, code) of findings that adoption found.
    `collapsed` are codes now collapsed into one plan-level finding. `dropped_columns` are roles a person deleted.
    """

    known: Mapping[str, Known] = field(default_factory=dict)
    adopted_on: dt.date | None = None
    next_number: int = 1
    silent_witnesses: frozenset[str] = frozenset()
    baseline: frozenset[tuple[str, str]] = frozenset()
    collapsed: frozenset[str] = frozenset()
    dropped_columns: frozenset[str] = frozenset()
    last_checked: dt.date | None = None
    reserved: Mapping[str, str] = field(default_factory=dict)
    """Witness to id: ids that an interrupted run planned and could not write; they go to those same rows."""
    pauses: tuple[tuple[dt.date, dt.date], ...] = ()
    """Days on which the plan was paused: the first one and the first one after, of each pause that is over."""


class Remembered(NamedTuple):
    """What a finished run adds to the history: rows to insert or replace (only those that differ), and plan facts."""

    changed: tuple[Known, ...]
    silent_witnesses: frozenset[str]
    baseline: frozenset[tuple[str, str]]
    collapsed: frozenset[str]
    dropped_columns: frozenset[str]
    adopted_on: dt.date


def unchanged(history: History, day: dt.date) -> Remembered:
    """What a run remembers that learnt nothing new of the actions (undo, leave); `day` dates a plan never adopted."""
    return Remembered(
        (),
        history.silent_witnesses,
        history.baseline,
        history.collapsed,
        history.dropped_columns,
        history.adopted_on or day,
    )
