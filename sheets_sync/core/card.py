"""The card a workbook carries of its plan: how to read it where the plan itself is not installed.

It holds the plan's uid and what rules and dates need: tabs, columns, status words, calendar, language, choices. No
person, path, address or name of the plan. A workbook is data (HAZARDS 22): a card is believed only so far as it reads.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from sheets_sync.core.model import Field, Severity, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice

VERSION = 1
LONGEST = 25_000
"""Characters of a card that is still written and read; a plan with a longer one carries none."""
YEARS_BEFORE, YEARS_AFTER = 1, 2
"""How far around the day of writing the holidays are carried: a calendar of decades would fill the card."""

_LEFT_OUT = frozenset({"name", "people", "column_map", "status_map", "calendar", "rules"})
_PLAIN = tuple(field.name for field in fields(PlanSettings) if field.name not in _LEFT_OUT)


class CardUnreadable(ValueError):
    """The card was damaged, or written by a newer program."""


def card_of(settings: PlanSettings, day: dt.date) -> str:
    """The card as text, with the holidays of the years around `day`. Only ASCII, the same for the same settings;
    "" when they are too many to be carried."""
    years = range(day.year - YEARS_BEFORE, day.year + YEARS_AFTER + 1)
    calendar = settings.calendar
    card: dict[str, object] = {
        "version": VERSION,
        **{name: getattr(settings, name) for name in _PLAIN},
        "columns": {str(field): header for field, header in settings.column_map},
        "status": {word: str(status) for word, status in settings.status_map},
        "workdays": sorted(calendar.workdays),
        "holidays": sorted(day.isoformat() for day in calendar.holidays if day.year in years),
        "roll": calendar.roll,
        "rules": [
            [rule.code, str(rule.severity) if rule.severity else "", rule.off, [list(pair) for pair in rule.parameters]]
            for rule in settings.rules
        ],
    }
    text = json.dumps(card, separators=(",", ":"))
    return text if len(text) <= LONGEST else ""


def uid_of(card: str) -> str:
    """The uid of the plan that the card is of; "" when it cannot be read."""
    try:
        return _text(_loaded(card), "uid")
    except CardUnreadable:
        return ""


def settings_of(card: str) -> PlanSettings:
    """The settings that a card carries. Raises CardUnreadable; a calendar or time zone that makes no sense does not."""
    loaded = _loaded(card)
    try:
        return PlanSettings(
            **{name: _like(getattr(_DEFAULTS, name), loaded[name], name) for name in _PLAIN if name in loaded},
            column_map=tuple((Field(field), _word(header)) for field, header in _mapping(loaded, "columns").items()),
            status_map=tuple((word, Status(status)) for word, status in _mapping(loaded, "status").items()),
            calendar=CalendarSettings(
                workdays=frozenset(_weekday(day) for day in loaded["workdays"]),
                holidays=frozenset(dt.date.fromisoformat(day) for day in loaded["holidays"]),
                roll=_one_of(loaded["roll"], "next", "previous", "none"),
            ),
            rules=tuple(_rule(rule) for rule in loaded["rules"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise CardUnreadable("the plan's card in this workbook cannot be read") from None


_DEFAULTS = PlanSettings(uid="")
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "language": ("en", "pt", "es"),
    "date_order": ("", "dmy", "mdy", "ymd"),
    "struck": ("", "done", "ignore"),
    "highlight": ("cells", "row"),
}


def _loaded(card: str) -> dict[str, Any]:
    if len(card) > LONGEST:
        raise CardUnreadable("the plan's card in this workbook is too long")
    try:
        loaded = json.loads(card)
    except (ValueError, RecursionError):
        raise CardUnreadable("the plan's card in this workbook cannot be read") from None
    if not isinstance(loaded, dict) or loaded.get("version") != VERSION:
        raise CardUnreadable("the plan's card in this workbook is of another version of sheets-sync")
    return loaded


def _like(default: object, value: object, name: str) -> Any:  # noqa: ANN401 (each setting has a type of its own)
    """The value when it is of the kind its setting has. Raises ValueError, TypeError."""
    if name in _ONE_OF:
        return _one_of(value, *_ONE_OF[name])
    if name == "header_row":
        return None if value is None else _count(value)
    checked: Callable[[Any], object] = {str: _word, bool: _flag, int: _count, tuple: _words}[type(default)]
    return checked(value)


def _text(loaded: Mapping[str, object], name: str) -> str:
    value = loaded.get(name)
    if not isinstance(value, str):
        raise CardUnreadable("the plan's card in this workbook cannot be read")
    return value


def _mapping(loaded: Mapping[str, Any], name: str) -> Mapping[str, str]:
    return {_word(key): _word(value) for key, value in loaded[name].items()}


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError
    return value


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 500:
        raise ValueError
    return tuple(_word(one) for one in value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise ValueError
    return value


def _weekday(value: object) -> int:
    day = _count(value)
    if not 1 <= day <= 7:
        raise ValueError
    return day


def _one_of(value: object, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError
    return str(value)


def _rule(value: object) -> RuleChoice:
    if not isinstance(value, list):
        raise TypeError
    code, severity, off, parameters = value
    pairs = tuple((_word(name), float(number)) for name, number in parameters)
    return RuleChoice(_word(code), Severity(severity) if severity else None, _flag(off), pairs)
