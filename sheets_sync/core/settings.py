"""What a plan's owner can choose, as plain values. config.py reads them from TOML; nothing here knows of files."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from sheets_sync.core.model import Field, Severity, Status


class RuleChoice(NamedTuple):
    """A plan's own choice for one rule: another severity, off, or other parameters."""

    code: str
    severity: Severity | None = None
    off: bool = False
    parameters: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """The working calendar: ISO weekdays (1 = Monday) that are worked, minus holidays.

    `roll` moves a due date on a non-working day: "next", "previous" or "none".
    """

    workdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[dt.date] = frozenset()
    roll: str = "next"


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """All settings of one plan that the pure core needs. Days are working days unless said otherwise."""

    uid: str
    name: str = "plan"
    language: str = "en"
    timezone: str = "UTC"
    tabs: tuple[str, ...] = ()
    """Tab names of the actions table; empty = the single tab that looks like a plan."""
    header_row: int | None = None
    column_map: tuple[tuple[Field, str], ...] = ()
    """Field to header text, as chosen by `--map action=HEADER`."""
    status_map: tuple[tuple[str, Status], ...] = ()
    date_order: str = ""
    """"dmy", "mdy", "ymd" or "" (only unambiguous or proved dates are read)."""
    struck: str = ""
    """"done", "ignore" or "": what a struck-through row means."""
    id_prefix: str = "A"
    calendar: CalendarSettings = field(default_factory=CalendarSettings)
    rules: tuple[RuleChoice, ...] = ()
    hints: bool = False
    """Whether Next fix also shows I and H findings."""
    highlight: str = "cells"
    """"cells" or "row"."""
    drop_downs: bool = False
    stale_days: int = 10
    verify_after: int = 20
    baseline_grace: int = 2
    typing_grace_minutes: int = 60
    people: tuple[str, ...] = ()
    """Names and aliases of the persons the configuration lists: none of them is a group or two people."""
