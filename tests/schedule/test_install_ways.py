"""Putting the entry in place, once and again, and taking out exactly that, on every kind of computer."""

from pathlib import Path

import pytest
from schedule.awkward_folders import AWKWARD
from schedule.stand_in_computers import Computer

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.entry import Entry, entry_of
from sheets_sync.schedule.install.machine import Done, run_program
from sheets_sync.schedule.install.standing import Kind, Standing
from sheets_sync.schedule.install.trial import refuse_unstartable
from sheets_sync.schedule.install.ways import best_way, found_entries, install, remove, way_of

COMPUTERS = {
    Kind.SYSTEMD: ("linux", ("systemctl", "loginctl", "crontab")),
    Kind.CRON: ("linux", ("crontab",)),
    Kind.LAUNCHD: ("darwin", ("launchctl", "crontab")),
    Kind.WINDOWS: ("win32", ("schtasks",)),
}
"""By the way that should be chosen there."""


def computer(kind: Kind, home: Path) -> Computer:
    platform, programs = COMPUTERS[kind]
    return Computer(home, platform=platform, programs=programs)


def entry(home: Path, folder: str = "50 & plan") -> Entry:
    place = home / folder
    return entry_of(place / "config.toml", python=place / "bin" / "python", state=home / "state")


def changes(computer: Computer) -> list[str]:
    """The commands that changed something."""
    words = [" ".join(words) for words in computer.log]
    asking = ("crontab -l", "show-environment", "is-enabled", "is-active", "print", "/query", "loginctl")
    return [line for line in words if not any(ask in line for ask in asking)]


def files(home: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("folder", AWKWARD)
@pytest.mark.parametrize("kind", list(Kind))
def test_installed_twice_is_installed_once_and_removed_it_is_gone(kind, folder, tmp_path):
    """The way the computer has is chosen; a second time changes nothing; afterwards all is as it was before."""
    if kind is Kind.WINDOWS and ("%" in folder or "$(" in folder):
        folder = "50 & plan"
    at, mine = computer(kind, tmp_path), entry(tmp_path, folder)
    machine, way = at.machine(), best_way(at.machine())
    assert way.kind is kind
    assert found_entries(mine, machine) == ()
    assert install(mine, machine, way).before is Standing.ABSENT
    there, done = files(tmp_path), changes(at)
    assert done
    assert install(mine, machine, way).before is Standing.IN_PLACE
    assert (files(tmp_path), changes(at)) == (there, done)
    assert [(one.way.kind, one.standing) for one in found_entries(mine, machine)] == [(kind, Standing.IN_PLACE)]
    assert [one.kind for one in remove(mine, machine)] == [kind]
    assert files(tmp_path) == {}
    assert (at.crontab, at.timers, at.agents, at.tasks) == (None, {}, set(), {})
    assert remove(mine, machine) == ()


@pytest.mark.parametrize("kind", list(Kind))
def test_another_configuration_has_an_entry_of_its_own(kind, tmp_path):
    """Two configurations stand side by side, and removing one leaves the other."""
    at, one, other = computer(kind, tmp_path), entry(tmp_path, "one"), entry(tmp_path, "other")
    for mine in (one, other):
        install(mine, at.machine(), best_way(at.machine()))
    remove(one, at.machine())
    assert found_entries(one, at.machine()) == ()
    assert [found.standing for found in found_entries(other, at.machine())] == [Standing.IN_PLACE]


@pytest.mark.parametrize("kind", list(Kind))
def test_an_entry_of_another_python_is_renewed(kind, tmp_path):
    """After sheets-sync moved to another environment, the entry is told as different and made anew, still one."""
    at, mine = computer(kind, tmp_path), entry(tmp_path)
    machine, way = at.machine(), best_way(at.machine())
    install(mine._replace(python=tmp_path / "old" / "python"), machine, way)
    assert way.standing(mine, machine) is Standing.DIFFERENT
    assert install(mine, machine, way).before is Standing.DIFFERENT
    assert [found.standing for found in found_entries(mine, machine)] == [Standing.IN_PLACE]


def test_an_entry_that_is_switched_off_is_switched_on_again(tmp_path):
    """A timer that somebody stopped, an agent that is not loaded and a task that is disabled are not in place."""
    for kind in (Kind.SYSTEMD, Kind.LAUNCHD, Kind.WINDOWS):
        at, mine = computer(kind, tmp_path / kind), entry(tmp_path)
        machine, way = at.machine(), best_way(at.machine())
        install(mine, machine, way)
        at.timers.clear()
        at.agents.clear()
        for name, task in at.tasks.items():
            settings = task.decode("utf-16").replace("</Hidden>", "</Hidden><Enabled>false</Enabled>")
            at.tasks[name] = settings.encode("utf-16")
        assert way.standing(mine, machine) is Standing.DIFFERENT
        install(mine, machine, way)
        assert way.standing(mine, machine) is Standing.IN_PLACE


def test_one_entry_is_enough_whatever_it_is_installed_as(tmp_path):
    """Installed as a timer after it was a line in the crontab, the line is taken out, and the other lines stay."""
    at, mine = computer(Kind.SYSTEMD, tmp_path), entry(tmp_path)
    at.crontab = b"# mine\n0 3 * * * backup\n"
    before = at.crontab
    install(mine, at.machine(), way_of(Kind.CRON))
    done = install(mine, at.machine(), way_of(Kind.SYSTEMD))
    assert [way.kind for way in done.moved_from] == [Kind.CRON]
    assert at.crontab == before
    assert [found.way.kind for found in found_entries(mine, at.machine())] == [Kind.SYSTEMD]


@pytest.mark.parametrize(
    "answer",
    [
        Done(1, b"", "You (ana) are not allowed to use this program (crontab)"),
        Done(1, b"", "/var/spool/cron: Permission denied"),
        Done(1, b"half of a crontab", "no crontab for"),
        Done(127),
    ],
)
def test_a_crontab_that_cannot_be_read_is_not_replaced(answer, tmp_path):
    """Whoever cannot see the lines that are there must not write: they would be lost."""
    at, mine = computer(Kind.CRON, tmp_path), entry(tmp_path)
    at.crontab = b"0 3 * * * backup\n"
    at.broken["-l"] = answer
    for act in (lambda: install(mine, at.machine(), way_of(Kind.CRON)), lambda: remove(mine, at.machine())):
        with pytest.raises(UsageError, match="cannot be read, so it is left as it is") as raised:
            act()
        assert raised.value.remedy == "try: crontab -l"
    assert changes(at) == []


@pytest.mark.parametrize(
    ("kind", "failing", "told"),
    [
        (Kind.SYSTEMD, "daemon-reload", "try it yourself: systemctl --user daemon-reload"),
        (Kind.CRON, "crontab -", "try: crontab -l"),
        (Kind.LAUNCHD, "bootstrap", "try it yourself: launchctl bootstrap gui/501 "),
        (Kind.WINDOWS, "/create", "try it yourself: schtasks /create /tn sheets-sync-"),
    ],
)
def test_what_a_program_of_the_system_refuses_is_told_with_what_to_type(kind, failing, told, tmp_path):
    """Its own words and the very command are told, and no draft of a task stays behind."""
    at, mine = computer(kind, tmp_path), entry(tmp_path)
    at.broken[failing] = Done(5, b"", "it does\nnot want to")
    with pytest.raises(UsageError, match="it does not want to") as raised:
        install(mine, at.machine(), way_of(kind))
    assert raised.value.remedy.startswith(told)
    assert not list(tmp_path.rglob("*.xml"))


def test_a_computer_without_any_way_is_told_what_to_do_instead(tmp_path):
    """In a container there is nothing to install: whoever starts it has to tick."""
    with pytest.raises(UsageError, match="neither systemd for users nor crontab") as raised:
        best_way(Computer(tmp_path).machine())
    assert "run --due" in raised.value.remedy


def test_a_systemd_that_does_not_answer_this_user_gives_way_to_cron(tmp_path):
    """Behind sudo and in containers systemctl is there, and there is nobody to ask."""
    at = computer(Kind.SYSTEMD, tmp_path)
    at.broken["show-environment"] = Done(1, b"", "Failed to connect to bus")
    assert best_way(at.machine()).kind is Kind.CRON
    with pytest.raises(UsageError, match="a systemd user timer cannot be had here"):
        install(entry(tmp_path), at.machine(), way_of(Kind.SYSTEMD))


@pytest.mark.parametrize(("lingers", "told"), [(True, "logged in or not"), (False, "loginctl enable-linger ana")])
def test_lingering_is_looked_at_and_told(lingers, told, tmp_path):
    """A user's timers stop when the user logs off unless lingering is on; the command that switches it on is told."""
    at = computer(Kind.SYSTEMD, tmp_path)
    at.lingers = lingers
    assert told in "\n".join(way_of(Kind.SYSTEMD).notes(entry(tmp_path), at.machine()))


def test_windows_never_hides_when_it_ticks(tmp_path):
    """That it runs only while the computer is on and its user logged on is told; --logged-off changes just that."""
    machine = computer(Kind.WINDOWS, tmp_path).machine()
    plainly = way_of(Kind.WINDOWS).notes(entry(tmp_path), machine)[0]
    assert "only while this computer is on" in plainly
    assert "only while you are logged on" in plainly
    other = way_of(Kind.WINDOWS, logged_off=True).notes(entry(tmp_path), machine)
    assert "logged on or not" in other[0]
    assert "no folder of a server" in other[1]


def test_a_task_that_also_runs_logged_off_is_in_place_too(tmp_path):
    """Looking at what is there takes a task as it was asked for, and installing the plain one changes it back."""
    at, mine = computer(Kind.WINDOWS, tmp_path), entry(tmp_path)
    install(mine, at.machine(), way_of(Kind.WINDOWS, logged_off=True))
    assert [found.standing for found in found_entries(mine, at.machine())] == [Standing.IN_PLACE]
    assert install(mine, at.machine(), way_of(Kind.WINDOWS)).before is Standing.DIFFERENT
    assert b"S4U" not in at.tasks[mine.name].replace(b"\0", b"")


def test_a_python_without_sheets_sync_is_not_put_into_a_schedule(tmp_path):
    """What only the variables of this shell make work is told now, not by a schedule that fails unseen."""
    lonely = tmp_path / "python"
    lonely.write_text("#!/bin/sh\nexit 1\n")
    lonely.chmod(0o755)
    at = Computer(tmp_path)
    machine = at.machine()._replace(run=run_program)
    with pytest.raises(UsageError, match="does not find sheets-sync"):
        refuse_unstartable(entry(tmp_path)._replace(python=lonely), machine)
    lonely.write_text('#!/bin/sh\n[ "$PWD" = / ] && [ -z "$PYTHONPATH" ] && [ "$*" = "-P -m sheets_sync --version" ]\n')
    refuse_unstartable(entry(tmp_path)._replace(python=lonely), machine)


def test_a_program_that_is_missing_or_hangs_is_told(monkeypatch):
    """Nobody waits for ever for a program of the system."""
    with pytest.raises(UsageError, match="this computer has no program /nowhere/at-all"):
        run_program(("/nowhere/at-all",))
    monkeypatch.setattr("sheets_sync.schedule.install.machine.SECONDS", 0.2)
    with pytest.raises(UsageError, match="no answer within") as raised:
        run_program(("/bin/sleep", "5"))
    assert raised.value.remedy == "try: /bin/sleep 5"
