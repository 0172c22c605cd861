"""`sheets-sync pause` and `resume`: what a person sees, and the exit codes."""

from pathlib import Path

import pytest

from sheets_sync.cli.main import run_command
from sheets_sync.store.store import Store

PLAN = '[[plan]]\nuid = "{uid}"\nname = "{name}"\nworkbook = "{name}.xlsx"\ntimezone = "UTC"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A configuration with two plans in a private folder, where the commands are run."""
    home = tmp_path / "plan"
    home.mkdir(mode=0o700)
    text = 'state = "state"\n' + PLAN.format(uid="p-aaaaaa", name="North") + PLAN.format(uid="p-bbbbbb", name="South")
    (home / "config.toml").write_text(text)
    (home / "config.toml").chmod(0o600)
    monkeypatch.chdir(home)
    return home


def paused(folder: Path, uid: str) -> bool:
    store = Store.open(folder / "state")
    try:
        return store.state(uid).paused
    finally:
        store.close()


def test_one_plan_is_paused_until_a_day(folder: Path, capsys) -> None:
    """The other one is not; resume says what it did, and that there was nothing to do."""
    assert run_command(["pause", "North", "--until", "2999-01-04"]) == 0
    assert "2999-01-04" in capsys.readouterr().out
    assert (paused(folder, "p-aaaaaa"), paused(folder, "p-bbbbbb")) == (True, False)
    assert run_command(["resume", "--plan", "North"]) == 0
    assert "runs again" in capsys.readouterr().out
    assert run_command(["resume", "--plan", "North"]) == 0
    assert "was not paused" in capsys.readouterr().out
    assert not paused(folder, "p-aaaaaa")


@pytest.mark.parametrize("words", [["North", "--until", "2020-01-04"], ["North", "--until", "soon"], [], ["West"]])
def test_what_cannot_be_meant_is_refused(folder: Path, words: list[str], capsys) -> None:
    """A day that is over, no day, no plan among two, no such plan: exit code 2, and nothing is paused."""
    assert run_command(["pause", *words]) == 2
    assert not paused(folder, "p-aaaaaa")
    assert not paused(folder, "p-bbbbbb")
