"""Puts the agent in place for launchd of macOS, and takes it out again."""

import time
from pathlib import Path

from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.launchd import plist
from sheets_sync.schedule.install.machine import MAC, Machine, content_of, demand, put_file, take_file
from sheets_sync.schedule.install.standing import Kind, Standing, Way

_UNLOADS_WITHIN = 5.0
"""Seconds; launchctl answers before an agent is gone, and takes no new one of that name until then."""


def _possible(machine: Machine) -> bool:
    return machine.platform == MAC


def _file(entry: Entry, machine: Machine) -> Path:
    return machine.home / "Library" / "LaunchAgents" / f"{entry.name}.plist"


def _session(machine: Machine) -> str:
    return f"gui/{machine.uid}"


def _loaded(entry: Entry, machine: Machine) -> bool:
    return machine.run(("launchctl", "print", f"{_session(machine)}/{entry.name}")).code == 0


def _text(entry: Entry, machine: Machine) -> str:
    return f"{_file(entry, machine)}\n{plist(entry).decode()}"


def _standing(entry: Entry, machine: Machine) -> Standing:
    found, loaded = content_of(_file(entry, machine)), _loaded(entry, machine)
    if found is None and not loaded:
        return Standing.ABSENT
    return Standing.IN_PLACE if loaded and found == plist(entry) else Standing.DIFFERENT


def _put(entry: Entry, machine: Machine) -> None:
    _unload(entry, machine)
    file = _file(entry, machine)
    put_file(machine, file, plist(entry))
    demand(machine, "launchctl", "enable", f"{_session(machine)}/{entry.name}")
    demand(machine, "launchctl", "bootstrap", _session(machine), str(file))


def _take_out(entry: Entry, machine: Machine) -> None:
    _unload(entry, machine)
    take_file(_file(entry, machine))


def _unload(entry: Entry, machine: Machine) -> None:
    if not _loaded(entry, machine):
        return
    demand(machine, "launchctl", "bootout", f"{_session(machine)}/{entry.name}")
    until = time.monotonic() + _UNLOADS_WITHIN
    while _loaded(entry, machine) and time.monotonic() < until:
        time.sleep(0.2)


def _notes(entry: Entry, _: Machine) -> tuple[str, ...]:
    return (
        "It ticks while you are logged in and this Mac is awake; what it slept through is made up for by one tick.",
        "For a workbook in Documents, Desktop or iCloud, macOS asks once whether Python may read there: allow it.",
        f"What runs say about failures is in {entry.log}",
    )


LAUNCHD = Way(Kind.LAUNCHD, "a launchd agent", _possible, _text, _standing, _put, _take_out, _notes)
