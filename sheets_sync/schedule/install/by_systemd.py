"""Puts the pair of units in place for the user's own systemd, and takes it out again."""

from pathlib import Path

from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.machine import Machine, content_of, demand, put_file, take_file
from sheets_sync.schedule.install.standing import Kind, Standing, Way
from sheets_sync.schedule.install.systemd import service_text, timer_text

_ASK = ("systemctl", "--user")


def _possible(machine: Machine) -> bool:
    """Whether this user has a systemd that answers: in a container, or behind sudo, there is none."""
    return machine.has("systemctl") and machine.run((*_ASK, "show-environment")).code == 0


def _files(entry: Entry, machine: Machine) -> dict[Path, bytes]:
    return {
        machine.units / f"{entry.name}.service": service_text(entry).encode(),
        machine.units / _timer(entry): timer_text(entry).encode(),
    }


def _timer(entry: Entry) -> str:
    return f"{entry.name}.timer"


def _text(entry: Entry, machine: Machine) -> str:
    return "\n".join(f"# {file}\n{content.decode()}" for file, content in _files(entry, machine).items())


def _standing(entry: Entry, machine: Machine) -> Standing:
    files = _files(entry, machine)
    found = [content_of(file) for file in files]
    if all(content is None for content in found):
        return Standing.ABSENT
    asked = (machine.run((*_ASK, question, _timer(entry))).code for question in ("is-enabled", "is-active"))
    same = found == list(files.values()) and not any(asked)
    return Standing.IN_PLACE if same else Standing.DIFFERENT


def _put(entry: Entry, machine: Machine) -> None:
    for file, content in _files(entry, machine).items():
        put_file(machine, file, content)
    demand(machine, *_ASK, "daemon-reload")
    demand(machine, *_ASK, "enable", _timer(entry))
    demand(machine, *_ASK, "restart", _timer(entry))


def _take_out(entry: Entry, machine: Machine) -> None:
    """A run that goes on at this moment goes on to its end."""
    demand(machine, *_ASK, "disable", "--now", _timer(entry))
    for file in _files(entry, machine):
        take_file(file)
    demand(machine, *_ASK, "daemon-reload")


def _notes(entry: Entry, machine: Machine) -> tuple[str, ...]:
    journal = f"What runs say is in the journal: journalctl --user -u {entry.name}"
    lingers = ""
    if machine.has("loginctl"):
        lingers = machine.run(("loginctl", "show-user", machine.user, "--property=Linger")).out.decode().strip()
    if lingers == "Linger=yes":
        return ("It ticks while this computer is on, logged in or not (lingering is on).", journal)
    return (
        "It ticks only while you are logged in. To let it tick whenever this computer is on, type once:",
        f"  loginctl enable-linger {machine.user}",
        journal,
    )


SYSTEMD = Way(Kind.SYSTEMD, "a systemd user timer", _possible, _text, _standing, _put, _take_out, _notes)
