"""The command line run as a process of its own, in a home folder of the test's own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


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
def sheets_sync(home: Path, environment: dict[str, str]) -> Command:
    """Runs `sheets-sync WORDS...` in the home folder; keywords are further environment variables."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sheets_sync", *words],
            cwd=home,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def configured(home: Path) -> Path:
    """A minimal valid config.toml in the home folder."""
    file = home / "config.toml"
    file.write_text('[[plan]]\nuid = "p-000001"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "Europe/Lisbon"\n')
    file.chmod(0o600)
    return file
