"""How an entry stands on a computer, and what every way of scheduling can do."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.machine import Machine


class Kind(StrEnum):
    """Who ticks."""

    SYSTEMD = "systemd"
    CRON = "cron"
    LAUNCHD = "launchd"
    WINDOWS = "windows"


class Standing(StrEnum):
    """What is there of an entry."""

    ABSENT = "absent"
    DIFFERENT = "different"
    """There, but switched off or not as it would be put in place today."""
    IN_PLACE = "in place"


class Way(NamedTuple):
    """One way of scheduling. All of it may raise UsageError, with what to type.

    `possible` tells whether this computer has it; `text` is what would be put in place, for people; `standing` looks
    without changing anything; `put` and `take_out` do it; `notes` are lines on when it will tick and when not.
    """

    kind: Kind
    title: str
    possible: Callable[[Machine], bool]
    text: Callable[[Entry, Machine], str]
    standing: Callable[[Entry, Machine], Standing]
    put: Callable[[Entry, Machine], None]
    take_out: Callable[[Entry, Machine], None]
    notes: Callable[[Entry, Machine], tuple[str, ...]]
