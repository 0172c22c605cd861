"""Which way of scheduling a computer has, and installing and removing the one entry of a configuration."""

from typing import NamedTuple

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.by_cron import CRON
from sheets_sync.schedule.install.by_launchd import LAUNCHD
from sheets_sync.schedule.install.by_systemd import SYSTEMD
from sheets_sync.schedule.install.by_task_scheduler import way as by_task_scheduler
from sheets_sync.schedule.install.entry import MINUTES, Entry
from sheets_sync.schedule.install.machine import MAC, WINDOWS, Machine
from sheets_sync.schedule.install.standing import Kind, Standing, Way


class Found(NamedTuple):
    """An entry that is there, and how."""

    way: Way
    standing: Standing


class Installed(NamedTuple):
    """What installing did: `before` is how the entry stood by this way, `moved_from` are other ways taken out."""

    way: Way
    before: Standing
    moved_from: tuple[Way, ...]


def ways(machine: Machine, *, logged_off: bool = False) -> tuple[Way, ...]:
    """The ways that are tried on this kind of computer, best first."""
    if machine.platform == WINDOWS:
        return (by_task_scheduler(logged_off=logged_off),)
    return (LAUNCHD, CRON) if machine.platform == MAC else (SYSTEMD, CRON)


def way_of(kind: Kind, *, logged_off: bool = False) -> Way:
    """The way of this kind, whether or not the computer has it."""
    every = (SYSTEMD, CRON, LAUNCHD, by_task_scheduler(logged_off=logged_off))
    return next(way for way in every if way.kind is kind)


def best_way(machine: Machine, *, logged_off: bool = False) -> Way:
    """The first way this computer has. Raises UsageError when it has none."""
    for way in ways(machine, logged_off=logged_off):
        if way.possible(machine):
            return way
    raise UsageError(
        "nothing on this computer starts programs at their time for you: neither systemd for users nor crontab",
        f"let whatever starts this container run every {MINUTES} minutes: sheets-sync run --due --config FOLDER",
    )


def found_entries(entry: Entry, machine: Machine) -> tuple[Found, ...]:
    """Where the entry stands already, in whichever way."""
    possible = (way for way in ways(machine) if way.possible(machine))
    looked = (_as_asked_for(Found(way, way.standing(entry, machine)), entry, machine) for way in possible)
    return tuple(found for found in looked if found.standing is not Standing.ABSENT)


def _as_asked_for(found: Found, entry: Entry, machine: Machine) -> Found:
    """A task of Windows may have been asked for in two forms: take it as it was."""
    if found.way.kind is not Kind.WINDOWS or found.standing is not Standing.DIFFERENT:
        return found
    other = by_task_scheduler(logged_off=True)
    in_place = other.standing(entry, machine) is Standing.IN_PLACE
    return Found(other, Standing.IN_PLACE) if in_place else found


def install(entry: Entry, machine: Machine, way: Way) -> Installed:
    """Put the entry in place by this way, unless it is, and take it out of the others. Raises UsageError."""
    if not way.possible(machine):
        raise UsageError(
            f"{way.title} cannot be had here: this computer has none, or it does not answer", "leave --kind out"
        )
    before = way.standing(entry, machine)
    if before is not Standing.IN_PLACE:
        way.put(entry, machine)
    others = tuple(found.way for found in found_entries(entry, machine) if found.way.kind is not way.kind)
    for other in others:
        other.take_out(entry, machine)
    return Installed(way, before, others)


def remove(entry: Entry, machine: Machine) -> tuple[Way, ...]:
    """Take the entry out of every way it is in; which these were. Raises UsageError."""
    found = tuple(one.way for one in found_entries(entry, machine))
    for way in found:
        way.take_out(entry, machine)
    return found
