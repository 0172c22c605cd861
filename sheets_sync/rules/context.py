"""What a rule may look at beside its row: the plan, the day, the calendar, its own parameters. All of it values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sheets_sync.core.model import Action
from sheets_sync.core.plan import Plan, TabLayout
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import Calendar

Parameters = Mapping[str, float]
"""A rule's parameters by name: its defaults, with what the plan chose instead."""


@dataclass(frozen=True, slots=True)
class Context:
    """One run's circumstances, the same for every rule.

    `actions` are the rows to check, with their ids settled; None = those of the plan. `first_seen` holds the day on
    which each key was first seen, but for rows that were there at adoption. `silent` are the (tab, row) places of
    which nothing is said. `collapsed` are the codes that were one plan-level finding last time. `remembered` holds
    by witness what `Checked.text_marks` gave for it in an earlier run.
    """

    settings: PlanSettings
    as_of: dt.date
    calendar: Calendar
    actions: tuple[Action, ...] | None = None
    first_seen: Mapping[str, dt.date] = field(default_factory=dict)
    silent: frozenset[tuple[str, int]] = frozenset()
    collapsed: frozenset[str] = frozenset()
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one rule sees: the context, the plan, the row's tab (None for a rule about the plan), its parameters."""

    context: Context
    plan: Plan
    layout: TabLayout | None
    parameters: Parameters
