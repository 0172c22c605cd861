"""The units before systemd itself: verified by its own tool, read by its own user manager, and their command run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from schedule.awkward_folders import AWKWARD

from sheets_sync.schedule.install.entry import Entry, entry_of
from sheets_sync.schedule.install.systemd import service_text, timer_text

pytestmark = pytest.mark.systemd

MANAGER = Path("/lib/systemd/systemd")
NOBODY = 65534
TELL_WORDS = """#!/bin/sh
for word in "$0" "$@"; do printf '%s\\n' "$word"; done
"""


@pytest.fixture(autouse=True)
def _systemd() -> None:
    if shutil.which("systemd-analyze") is None or not MANAGER.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs systemd's own programs")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may read; those of pytest are for their owner alone."""
    folder = Path(tempfile.mkdtemp(prefix="sheets-sync-units-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def entry_there(folder: Path) -> Entry:
    """An entry whose Python is a script that tells its words."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(TELL_WORDS)
    python.chmod(0o755)
    return entry_of(folder / "config.toml", python=python, state=folder / "state")


def write_units(entry: Entry, folder: Path) -> tuple[Path, Path]:
    """The pair of units as files."""
    service, timer = folder / f"{entry.name}.service", folder / f"{entry.name}.timer"
    service.write_text(service_text(entry), "utf-8")
    timer.write_text(timer_text(entry), "utf-8")
    return service, timer


def systemd(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One of systemd's programs as a user without anything, with the units in `place` alone."""
    runtime = place / "run"
    runtime.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        os.chown(runtime, NOBODY, NOBODY)
    environment = {
        "XDG_RUNTIME_DIR": str(runtime),
        "HOME": str(place),
        "PATH": "/usr/bin:/bin",
        "SYSTEMD_UNIT_PATH": f"{place}:/usr/lib/systemd/user",
        "LANG": "C.UTF-8",
    }
    user = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
    return subprocess.run(words, capture_output=True, text=True, env=environment, timeout=120, **user)


@pytest.mark.parametrize("folder", AWKWARD)
def test_systemd_finds_nothing_wrong_with_the_units(place, folder):
    """`systemd-analyze verify` is silent: every key is known, and the program in ExecStart is there."""
    service, timer = write_units(entry_there(place / folder), place)
    done = systemd(place, "systemd-analyze", "--user", "verify", "--man=no", str(service), str(timer))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_verifying_would_find_a_program_that_is_missing(place):
    """The check above looks at the program: without it there are words."""
    entry = entry_there(place / "plan")
    Path(entry.python).unlink()
    service, _ = write_units(entry, place)
    done = systemd(place, "systemd-analyze", "--user", "verify", "--man=no", str(service))
    assert "is not executable" in done.stderr


def test_the_words_systemd_would_run_are_those_of_the_command(place):
    """systemd's own reading of every ExecStart, run, tells the command's words one by one."""
    entries = [entry_there(place / folder) for folder in AWKWARD]
    for entry in entries:
        write_units(entry, place)
    for entry in entries:
        done = systemd(place, str(MANAGER), "--user", "--test", "--no-pager", f"--unit={entry.name}.service")
        assert done.returncode == 0, done.stderr
        assert told_words(command_of(done.stdout, entry)) == list(entry.words(quiet=False))


def command_of(dump: str, entry: Entry) -> str:
    """The command line of a service in systemd's dump of what it read."""
    _, found, rest = dump.partition(f"-> Unit {entry.name}.service:\n")
    assert found
    unit = rest.partition("-> Unit ")[0]
    _, found, rest = unit.partition("Command Line: ")
    assert found
    return rest.partition("\n")[0]


def told_words(line: str) -> list[str]:
    """Run a command line as the dump quotes it, which is as a shell does; of what it says, line by line.

    When it starts a command systemd makes one $ of two in every word but the program; it never gets that far here.
    """
    words = subprocess.run(["/bin/sh", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True, check=True)
    program, *rest = words.stdout.splitlines()
    run = [program, *(word.replace("$$", "$") for word in rest)]
    return subprocess.run(run, capture_output=True, text=True, check=True, env={}, cwd="/").stdout.splitlines()


def test_the_timer_ticks_every_five_minutes(place):
    """systemd reads its calendar as every five minutes of every hour."""
    done = systemd(place, "systemd-analyze", "calendar", "*:0/5")
    assert "Normalized form: *-*-* *:00/5:00" in done.stdout
    _, timer = write_units(entry_there(place / "plan"), place)
    lines = timer.read_text("utf-8").splitlines()
    assert {"OnCalendar=*:0/5", "Persistent=true", "WantedBy=timers.target"} <= set(lines)
