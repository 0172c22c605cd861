"""Puts our block into the user's crontab and takes it out again; a crontab that cannot be read is left alone."""

from pathlib import Path

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.crontab import block, installed_block, with_block, without_block
from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.machine import Machine, demand, shown
from sheets_sync.schedule.install.standing import Kind, Standing, Way

_LIST = ("crontab", "-l")
_NONE_YET = ("no crontab for", "no such file")
"""What Debian's, Fedora's, macOS' and BusyBox' programs say where a user has no crontab."""
_DAEMONS = frozenset({"cron", "crond", "fcron", "cronie", "busybox"})


def _possible(machine: Machine) -> bool:
    return machine.has("crontab")


def _crontab(machine: Machine) -> bytes:
    """The user's crontab. Raises UsageError when it cannot be read: it would be lost if another took its place."""
    done = machine.run(_LIST)
    if done.code == 0:
        return done.out
    if not done.out and any(words in done.err.lower() for words in _NONE_YET):
        return b""
    said = " ".join(done.err.split())[:300] or f"exit code {done.code}"
    raise UsageError(f"your crontab cannot be read, so it is left as it is: {said}", f"try: {shown(_LIST)}")


def _text(entry: Entry, _: Machine) -> str:
    return block(entry).decode()


def _standing(entry: Entry, machine: Machine) -> Standing:
    found = installed_block(_crontab(machine), entry)
    if found is None:
        return Standing.ABSENT
    return Standing.IN_PLACE if found == block(entry) else Standing.DIFFERENT


def _put(entry: Entry, machine: Machine) -> None:
    _write(machine, with_block(_crontab(machine), entry))


def _take_out(entry: Entry, machine: Machine) -> None:
    _write(machine, without_block(_crontab(machine), entry))


def _write(machine: Machine, after: bytes) -> None:
    if after:
        demand(machine, "crontab", "-", given=after)
    else:
        demand(machine, "crontab", "-r")
    if _crontab(machine) != after:
        raise UsageError("the crontab is not as it was just written: somebody else writes it too", "run this again")


def _notes(_: Entry, machine: Machine) -> tuple[str, ...]:
    told = ("It ticks while this computer is on. What passed while it was off is made up for by the next tick.",)
    if machine.platform == "linux" and not _daemon_seen():
        return (*told, "No cron daemon was seen on this computer; it has to run for anything to happen.")
    return told


def _daemon_seen(processes: Path = Path("/proc")) -> bool:
    for name in processes.glob("[0-9]*/comm"):
        try:
            if name.read_text("utf-8", errors="replace").strip() in _DAEMONS:
                return True
        except OSError:
            continue  # it ended meanwhile
    return False


CRON = Way(Kind.CRON, "a line in your crontab", _possible, _text, _standing, _put, _take_out, _notes)
