"""A private folder with a configuration, and a state folder of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

MINIMAL = """\
[[plan]]
uid = "p-0123456789ab"
workbook = "PLAN.xlsx"
timezone = "Europe/Lisbon"
"""


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's state folder for this test alone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SHEETS_SYNC_CONFIG", raising=False)
    return tmp_path / "state" / "sheets-sync"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a config.toml into a private folder and returns the file."""

    def write(text: str) -> Path:
        folder = tmp_path / "private"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / "config.toml"
        file.write_bytes(text.encode())
        file.chmod(0o600)
        return file

    return write


@pytest.fixture
def minimal() -> str:
    """The smallest valid configuration: one plan with the three keys that are required."""
    return MINIMAL
