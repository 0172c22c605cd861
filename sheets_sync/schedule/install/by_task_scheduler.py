"""Puts the task into the Windows Task Scheduler, and takes it out again.

The task starts pythonw.exe, so that no window shows; paths stay as they were typed, those of a server (UNC) too.
"""

from pathlib import Path

from sheets_sync.schedule.install.entry import Entry
from sheets_sync.schedule.install.machine import WINDOWS, Machine, demand, put_file, take_file
from sheets_sync.schedule.install.standing import Kind, Standing, Way
from sheets_sync.schedule.install.task_scheduler import fingerprint_in, task_xml

_SWITCHED_OFF = b"<Enabled>false</Enabled>"


def way(*, logged_off: bool) -> Way:
    """The way by the Task Scheduler; `logged_off`: also while the user is not logged on."""

    def text(entry: Entry, machine: Machine) -> str:
        return _xml(entry, machine, logged_off).decode("utf-16").replace("\r\n", "\n")

    def standing(entry: Entry, machine: Machine) -> Standing:
        done = machine.run(("schtasks", "/query", "/tn", entry.name, "/xml"))
        if done.code != 0:
            return Standing.ABSENT
        wanted = fingerprint_in(_xml(entry, machine, logged_off))
        same = fingerprint_in(done.out) == wanted and _SWITCHED_OFF not in done.out.replace(b"\x00", b"")
        return Standing.IN_PLACE if same else Standing.DIFFERENT

    def put(entry: Entry, machine: Machine) -> None:
        file = Path(entry.log).with_name(f"{entry.name}.xml")
        put_file(machine, file, _xml(entry, machine, logged_off))
        try:
            demand(machine, "schtasks", "/create", "/tn", entry.name, "/xml", str(file), "/f")
        finally:
            take_file(file)

    def notes(entry: Entry, _: Machine) -> tuple[str, ...]:
        return _notes(entry, logged_off=logged_off)

    return Way(Kind.WINDOWS, "a task of the Windows Task Scheduler", _possible, text, standing, put, _take_out, notes)


def _possible(machine: Machine) -> bool:
    return machine.platform == WINDOWS


def _xml(entry: Entry, machine: Machine, logged_off: bool) -> bytes:
    windowless = entry.python.with_name("pythonw.exe")
    python = windowless if Path(windowless).is_file() or machine.platform != WINDOWS else entry.python
    return task_xml(entry._replace(python=python), machine.user, logged_off=logged_off)


def _take_out(entry: Entry, machine: Machine) -> None:
    demand(machine, "schtasks", "/delete", "/tn", entry.name, "/f")


def _notes(entry: Entry, *, logged_off: bool) -> tuple[str, ...]:
    when = "logged on or not" if logged_off else "and only while you are logged on"
    lines = [f"It ticks only while this computer is on and awake, on battery too, {when}; no window shows."]
    if logged_off:
        lines.append(
            "While you are logged off Windows opens no folder of a server for it: workbooks there are put off."
        )
    drive = entry.config.drive
    if drive and not drive.startswith("\\"):
        lines.append("A network drive with a letter is there only once you are logged on; \\\\server\\share always is.")
    lines.append("When it last ran and how that ended: Task Scheduler, Task Scheduler Library, " + entry.name)
    return tuple(lines)
