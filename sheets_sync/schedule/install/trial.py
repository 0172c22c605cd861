"""Starts the command of an entry as a scheduler would: without the variables and the folder of this shell."""

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.machine import WINDOWS, Machine

_IN_ROOT = ("/bin/sh", "-c", 'cd / && exec "$0" "$@"')


def refuse_unstartable(entry: Entry, machine: Machine) -> None:
    """Raise UsageError when this Python, started by a scheduler, does not find sheets-sync."""
    words: tuple[str, ...] = (str(entry.python), "-P", "-m", "sheets_sync", "--version")
    if machine.platform != WINDOWS:
        bare = (f"HOME={machine.home}", f"LOGNAME={machine.user}", "PATH=/usr/bin:/bin")
        words = ("/usr/bin/env", "-i", *bare, *_IN_ROOT, *words)
    done = machine.run(words)
    if done.code != 0:
        raise UsageError(
            f"{entry.python}, started by itself, does not find sheets-sync",
            "install sheets-sync with pipx, uv or into a virtual environment, then run this again from there",
        )
