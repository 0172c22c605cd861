"""Examples of rules: small rows that are shown on a rule's page and run as tests."""

import datetime as dt
from typing import NamedTuple

from sheets_sync.core.model import Action, DateReading, StatusReading
from sheets_sync.core.plan import UnknownStatus

DAY = dt.date(2026, 10, 5)
"""The Monday on which every example is looked at."""


def on(text: str) -> DateReading:
    """A date cell holding this ISO date."""
    return DateReading(dt.date.fromisoformat(text), text=text)


SAMPLE = Action(
    tab="plan",
    row=2,
    key="A-0001",
    witness="",
    action="Count stock of the 40 A items",
    owner="Ana Lima",
    due=on("2026-10-30"),
)
"""A row no rule has anything to say about. Examples differ from it in what matters."""

_SHOWN = ("action", "owner", "start", "due", "status", "progress", "done_on", "done_when", "effective")


class Example(NamedTuple):
    """Rows as a team might write them; the rule speaks of the first. `text` is shown instead where rows say too little.

    `first_seen` is the day on which the first row was first seen (None = at adoption); `unknown` the status words
    nobody mapped.
    """

    rows: tuple[Action, ...]
    text: str = ""
    first_seen: dt.date | None = None
    unknown: tuple[UnknownStatus, ...] = ()

    def is_told(self) -> bool:
        """Whether it shows anything."""
        return bool(self.rows or self.text)


def rows(*actions: Action) -> Example:
    """An example of these rows, numbered from the first data row, each with an id of its own."""
    return Example(tuple(row._replace(row=number, key=f"A-{number - 1:04}") for number, row in enumerate(actions, 2)))


def shown_together(bad: Example, good: Example) -> tuple[str, str]:
    """One line each: the text, or the cells in which one of the two is not an everyday row."""
    both = (*bad.rows, *good.rows)
    names = [
        name for name in _SHOWN if name == "action" or any(getattr(r, name) != getattr(SAMPLE, name) for r in both)
    ]
    if all(row.action == SAMPLE.action for row in both) and len(names) > 1:
        names.remove("action")
    return _line(bad, names), _line(good, names)


def _line(example: Example, names: list[str]) -> str:
    lines = (
        ", ".join(f"{name.replace('_', ' ')} {_cell_text(getattr(row, name))}" for name in names)
        for row in example.rows
    )
    return example.text or " / ".join(lines)


def _cell_text(value: object) -> str:
    if isinstance(value, DateReading | StatusReading):
        value = value.text
    elif isinstance(value, float):
        value = f"{value:g}"
    return f'"{value}"' if value else "(blank)"
