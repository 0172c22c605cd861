"""The installed command in a folder of its own, as a user would run it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A private folder to work in."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def sheets_sync(private: Path, tmp_path: Path) -> Command:
    """Runs `sheets-sync WORDS…` in the private folder, with a home of its own; gives what came of it."""
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TZ": "UTC", "LANG": "C.UTF-8"}
    environment = {**os.environ, **home, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

    def run(*words: str, code: int | None = 0) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "sheets_sync.cli", *words],
            cwd=private,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done

    return run
