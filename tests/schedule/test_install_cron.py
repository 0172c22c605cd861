"""A real cron daemon runs what `schedule install` put into a real crontab, from folders with awkward names.

Daemon and crontab live in a mount namespace of their own: the machine's crontabs are neither read nor changed.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from schedule.awkward_folders import AWKWARD
from schedule.private_plans import TELLING_HOW, make_environment, make_plan

from sheets_sync.schedule.install.crontab import installed_block
from sheets_sync.schedule.install.entry import entry_of

pytestmark = [pytest.mark.cron, pytest.mark.slow]

WITHIN = 100.0
"""Seconds until the next minute has come and all its commands have ended."""
MINE = b'MAILTO=""\nPATH=/nowhere\n# \xe9 nightly\n17 3 30 2 * /usr/bin/backup 50\\%\n'
"""A crontab as somebody had it."""
IN_OWN_MOUNTS = """
set -e
mount --bind "$SPOOL" /var/spool/cron/crontabs
mount -t tmpfs tmpfs /etc/cron.d
mount -t tmpfs tmpfs /run
mount --bind /dev/null /etc/crontab
exec "$@"
"""


class Plans(NamedTuple):
    """Private folders with a plan and a virtual environment each, and a private place for crontabs."""

    folders: tuple[Path, ...]
    spool: Path

    def call(self, *words: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a program that sees our crontabs in place of the machine's, without what this Python was told."""
        done = subprocess.run(self.inside(*words), input=given, capture_output=True, env=self.environment())
        assert done.returncode == 0, (words, done.stderr)
        return done

    def inside(self, *words: str | Path) -> list[str]:
        """The command that does so."""
        return ["unshare", "-m", "/bin/sh", "-c", IN_OWN_MOUNTS, "sh", *map(str, words)]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "SPOOL": str(self.spool), "HOME": "/root", "LANG": "C.UTF-8"}

    def sheets_sync(self, folder: Path, *words: str) -> str:
        """Run our command by the Python of this folder, for the configuration in it."""
        python = folder / "venv" / "bin" / "python"
        done = self.call(python, "-P", "-m", "sheets_sync", *words, "--config", folder)
        return done.stdout.decode()


@pytest.fixture
def plans() -> Iterator[Plans]:
    """A plan in every awkward folder."""
    able = hasattr(os, "geteuid") and os.geteuid() == 0 and all(map(shutil.which, ("cron", "crontab", "unshare")))
    if not able or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs root, cron and mount namespaces")
    top = Path(tempfile.mkdtemp(prefix="sheets-sync-cron-"))
    spool = top / "spool"
    spool.mkdir(mode=0o700)
    first = top / "first"
    make_plan(first)
    make_environment(first, started=TELLING_HOW)
    folders = tuple(top / name for name in AWKWARD)
    for folder in folders:
        shutil.copytree(first, folder, symlinks=True)
    yield Plans(folders, spool)
    shutil.rmtree(top)


def test_cron_runs_what_was_installed_and_nothing_is_left_of_it(plans):
    """From every folder cron starts its own Python with the command's words, bare of variables; removed, the crontab
    is what it was."""
    plans.call("crontab", "-", given=MINE)
    for folder in plans.folders:
        assert "Installed: a line in your crontab" in plans.sheets_sync(folder, "schedule", "install", "--kind", "cron")
    installed = plans.call("crontab", "-l").stdout
    again = plans.sheets_sync(plans.folders[0], "schedule", "install", "--kind", "cron")
    assert "nothing was changed" in again
    assert plans.call("crontab", "-l").stdout == installed
    assert installed.startswith(MINE)

    plans.call("crontab", "-", given=installed.replace(b"*/5 * * * *", b"* * * * *"))
    run_cron_until_all_told(plans)
    for folder in plans.folders:
        assert_started_right(folder, installed)

    for folder in plans.folders:
        assert "Taken out" in plans.sheets_sync(folder, "schedule", "remove")
    assert plans.call("crontab", "-l").stdout == MINE


def run_cron_until_all_told(plans: Plans) -> None:
    """Let the daemon run until every command has ended once, or the time is up."""
    daemon = subprocess.Popen(plans.inside("cron", "-f"), env=plans.environment())
    until = time.monotonic() + WITHIN
    try:
        while time.monotonic() < until and not all((folder / "told.json").exists() for folder in plans.folders):
            assert daemon.poll() is None, "cron ended"
            time.sleep(0.5)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(10)


def assert_started_right(folder: Path, crontab: bytes) -> None:
    """How the command of this folder was started, and that it looked what is due."""
    entry = entry_of(folder / "config.toml", python=folder / "venv" / "bin" / "python", state=folder / "state")
    assert installed_block(crontab, entry) is not None
    told = json.loads((folder / "told.json").read_text("utf-8"))
    assert told["words"] == list(entry.words(quiet=True))
    assert set(told["variables"]) <= {"HOME", "LOGNAME", "LANG", "LC_CTYPE", "MAILTO", "PATH", "PWD", "SHELL", "USER"}
    assert told["variables"]["PATH"] == "/nowhere"
    assert told["folder"] == "/root"
    assert list((folder / "state").glob("next-due-*.json")), "the jobs were not looked at"
