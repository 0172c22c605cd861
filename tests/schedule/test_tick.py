"""The tick that ends early: what it takes for that, and what it costs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.state import default_state
from sheets_sync.schedule import tick
from sheets_sync.schedule.tick import LOOK_AGAIN, leave_word, nothing_due, seen_files, take_back_word, word_file

ROOT = Path(__file__).parents[2]
WORDS = ["run", "--due"]
LATER = 3600.0
SLOW = ("click", "pydantic", "sqlalchemy", "zoneinfo", "tomllib", "cronsim", "pathlib", "logging", "sqlite3")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with two jobs, and a word that nothing is due for an hour."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    monkeypatch.delenv("SHEETS_SYNC_CONFIG", raising=False)
    private = tmp_path / "private"
    (private / "jobs").mkdir(parents=True)
    (private / "config.toml").write_text('[[plan]]\nuid = "p-000001"\n')
    for name in ("sync", "week"):
        (private / "jobs" / f"{name}.toml").write_text('when = "* * * * *"\n')
    monkeypatch.chdir(private)
    default_state().mkdir(parents=True, exist_ok=True)
    say_nothing_is_due(private)
    return private


def say_nothing_is_due(folder: Path, state: Path | None = None, now: float | None = None) -> None:
    """Leave word that nothing is due for an hour."""
    at = time.time() if now is None else now
    leave_word(seen_files(folder / "config.toml"), state or default_state(), next_due=at + LATER, now=at)


def test_a_tick_ends_early_while_nothing_can_be_due(folder: Path) -> None:
    """Until the next period, with all files as they were, there is nothing to do."""
    assert nothing_due(WORDS)


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--due", "--quiet"],
        ["run", "--due", "--config", "."],
        ["run", "--config=config.toml", "--due", "--log-format=json"],
        ["run", "--config", "../private", "--due"],
    ],
)
def test_the_ways_to_say_it(folder: Path, words: list[str]) -> None:
    """The config file may be named as for every command, and how much is said does not matter."""
    assert nothing_due(words)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--due"],
        ["run"],
        ["check", "--due"],
        ["run", "--due", "--yes"],
        ["run", "--due", "--help"],
        ["run", "--due", "--config"],
        ["run", "--due", "--config", "nowhere"],
        ["run", "--due", "--config", ".", "--config", "."],
        ["run", "--due", "--plan", "A"],
    ],
)
def test_other_words_go_the_long_way(folder: Path, words: list[str]) -> None:
    """Whatever is not quite a plain tick is left to the command line."""
    assert not nothing_due(words)


def test_the_variable_names_the_configuration_where_no_file_is_here(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every command: --config, else this folder, else $SHEETS_SYNC_CONFIG."""
    monkeypatch.chdir(tmp_path)
    assert not nothing_due(WORDS)
    monkeypatch.setenv("SHEETS_SYNC_CONFIG", str(folder))
    assert nothing_due(WORDS)


def _touch(file: Path) -> None:
    os.utime(file, ns=(1, 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "config changed": lambda folder: (folder / "config.toml").write_text("[[plan]]\n"),
    "config touched": lambda folder: _touch(folder / "config.toml"),
    "job changed": lambda folder: (folder / "jobs" / "sync.toml").write_text("when = 1"),
    "job touched": lambda folder: _touch(folder / "jobs" / "sync.toml"),
    "job added": lambda folder: (folder / "jobs" / "new.toml").write_text(""),
    "job taken away": lambda folder: (folder / "jobs" / "week.toml").unlink(),
    "job renamed": lambda folder: (folder / "jobs" / "week.toml").rename(folder / "jobs" / "weekly.toml"),
    "rights changed": lambda folder: (folder / "jobs" / "sync.toml").chmod(0o600),
    "rights of the folder changed": lambda folder: (folder / "jobs").chmod(0o711),
    "word taken back": lambda folder: take_back_word(folder / "config.toml", default_state()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_what_decides_is_looked_at(folder: Path, change: Callable[[Path], object]) -> None:
    """Another config file, another set of jobs, other rights: the tick looks by itself."""
    change(folder)
    assert not nothing_due(WORDS)


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "null", "7", '{"next": 1e12}', '{"next": "never"}', "\x00" * 50, "[" * 100_000]
)
def test_a_damaged_word_counts_as_none(folder: Path, damage: str) -> None:
    """A file that does not say what it should sends the tick the long way."""
    file = Path(word_file(str(default_state()), str(folder / "config.toml")))
    good = json.loads(file.read_text())
    file.write_text(damage)
    assert not nothing_due(WORDS)
    for key in good:
        file.write_text(json.dumps({name: value for name, value in good.items() if name != key}))
        assert not nothing_due(WORDS)
    file.write_text(json.dumps(good | {"program": "0.0.0"}))
    assert not nothing_due(WORDS)


@pytest.mark.parametrize(
    ("moved", "ends"),
    [
        (-61.0, False),
        (-30.0, True),
        (LATER - 30, True),
        (LATER + 1, False),
        (-86400.0, False),
    ],
)
def test_clocks_that_move(folder: Path, moved: float, ends: bool) -> None:
    """A clock a minute back is looked at, and so is the time at which something is due."""
    now = time.time()
    assert tick._nothing_due(str(folder / "config.toml"), now + moved) is ends


def test_a_word_is_not_taken_for_longer_than_a_day(folder: Path) -> None:
    """However far the next period is, once a day the long way is gone."""
    now = time.time()
    leave_word(seen_files(folder / "config.toml"), default_state(), next_due=now + 30 * LOOK_AGAIN, now=now)
    config = str(folder / "config.toml")
    assert tick._nothing_due(config, now + LOOK_AGAIN - 1)
    assert not tick._nothing_due(config, now + LOOK_AGAIN)


def test_other_files_can_be_watched(folder: Path) -> None:
    """A workbook that changes, comes or goes can mean that there is something to do."""
    book, now = folder / "plan.xlsx", time.time()
    leave_word(seen_files(folder / "config.toml", [book]), default_state(), next_due=now + LATER, now=now)
    assert nothing_due(WORDS)
    book.write_bytes(b"1")
    assert not nothing_due(WORDS)


def test_a_change_during_a_long_run_is_found(folder: Path) -> None:
    """The files are those the run began with, however they stand when it ends."""
    seen, now = seen_files(folder / "config.toml"), time.time()
    (folder / "jobs" / "sync.toml").write_text("when = 1")
    leave_word(seen, default_state(), next_due=now + LATER, now=now)
    assert not nothing_due(WORDS)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('state = "kept"', True),
        ("state = 'kept' # here", True),
        ("  state='kept'", True),
        ('# state = "other"\nstate = "kept"', True),
        ('state = "k\\u0065pt"', False),
        ('state = """kept"""', False),
        ('"state" = "kept"', False),
        ('state = "other"', False),
    ],
)
def test_a_state_folder_of_its_own_is_found(folder: Path, line: str, found: bool) -> None:
    """A plainly written `state` above the first table is followed; any other writing goes the long way."""
    (folder / "kept").mkdir()
    (folder / "config.toml").write_text(f'{line}\n[[plan]]\nuid = "p-000001"\n')
    say_nothing_is_due(folder, folder / "kept")
    assert nothing_due(WORDS) is found


def test_without_one_it_is_the_users_own(folder: Path) -> None:
    """The tick finds the same state folder as the configuration does."""
    assert Path(tick._own_state()) == default_state()


def _process(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("HOME", "XDG_STATE_HOME")} | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=folder, env=environment, check=True
    )


@pytest.mark.parametrize("way", [("-m", "sheets_sync"), ("-c", "from sheets_sync.__main__ import main; main()")])
def test_a_tick_with_nothing_to_do_imports_next_to_nothing(folder: Path, way: tuple[str, str]) -> None:
    """Neither click nor a database, no time zones, and of our own only the tick."""
    done = _process("-X", "importtime", *way, *WORDS, folder=folder)
    bare = _process("-X", "importtime", "-c", "pass", folder=folder)
    loaded, before = ({line.rpartition("|")[2].strip() for line in run.stderr.splitlines()} for run in (done, bare))
    assert {name for name in loaded - before if name.partition(".")[0] in SLOW} == set()
    assert {name for name in loaded if name.startswith("sheets_sync.")} == {
        "sheets_sync.schedule",
        "sheets_sync.schedule.tick",
        *({"sheets_sync.__main__"} & loaded),
    }
    assert done.stdout == ""


def test_a_tick_with_nothing_to_do_costs_little(folder: Path) -> None:
    """At most eight times a bare start of the interpreter, the best of several each."""

    def best(*words: str) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            _process(*words, folder=folder)
            times.append(time.perf_counter() - begun)
        return min(times)

    assert best("-m", "sheets_sync", *WORDS) < 8 * best("-c", "pass")
