"""The command line, in this process or in one of its own, in a home folder of the test's own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sheets_sync.cli.main import run_command

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """What the command finds around it: its home, and nothing of the machine's own settings."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


@pytest.fixture
def sheets_sync(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `sheets-sync WORDS...` in the home folder, in this process: nobody is there to answer."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "SHEETS_SYNC_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Done:
        return Done(run_command(list(words)), *capsys.readouterr())

    return run


@pytest.fixture
def process(home: Path, environment: dict[str, str]) -> Command:
    """Runs `sheets-sync WORDS...` in the home folder as a process; keywords are further environment variables."""

    def run(*words: str, **variables: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "sheets_sync", *words],
            cwd=home,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def configured(home: Path) -> Path:
    """A minimal valid config.toml in the home folder."""
    file = home / "config.toml"
    file.write_text('[[plan]]\nuid = "p-000001"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "Europe/Lisbon"\n')
    file.chmod(0o600)
    return file
