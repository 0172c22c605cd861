"""Starter workbooks made on one day, and the command line in a home folder of the test's own."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sheets_sync.cli.main import run_command
from sheets_sync.core.settings import CalendarSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.starter.methods import Method
from sheets_sync.starter.words import LANGUAGES
from sheets_sync.starter.workbook import Starter, make_starter

SUNDAY = dt.date(2026, 11, 22)
HOLIDAYS = frozenset({dt.date(2026, 11, 27), dt.date(2026, 11, 18)})
DAYS = CalendarSettings(holidays=HOLIDAYS)
COMBINATIONS = [(method, language) for method in Method for language in LANGUAGES]


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, which is the current one."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    for name in ("XDG_STATE_HOME", "SHEETS_SYNC_CONFIG", "LANG", "LC_ALL", "LC_TIME"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def sheets_sync(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `sheets-sync WORDS...` in the home folder, in this process."""

    def run(*words: str, code: int | None = 0) -> Done:
        done = Done(run_command([str(word) for word in words]), *capsys.readouterr())
        assert code is None or done.code == code, done.out + done.err
        return done

    return run


@pytest.fixture(scope="session")
def starters(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Method, str], Path]:
    """Every starter workbook, made on a Sunday before a week with a holiday on its Friday; to be read only."""
    folder = tmp_path_factory.mktemp("starters")
    made = {}
    for method, language in COMBINATIONS:
        made[method, language] = folder / f"{method}-{language}.xlsx"
        make_starter(made[method, language], Starter(method, language, SUNDAY, Calendar(DAYS)))
    return made
