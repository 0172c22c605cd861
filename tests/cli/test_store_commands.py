"""`sheets-sync store`: what a person sees, and the exit codes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sheets_sync.cli.main import run_command
from sheets_sync.store.store import Store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A configuration with a store, in a private folder where the commands are run."""
    home = tmp_path / "plan"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(
        'state = "state"\n[[plan]]\nuid = "p-aaaaaa"\nworkbook = "A.xlsx"\ntimezone = "UTC"\n'
    )
    (home / "config.toml").chmod(0o600)
    Store.open(home / "state").close()
    monkeypatch.chdir(home)
    return home


def changed(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "state" / "store.db")) as raw:
        raw.execute(statement)
        raw.commit()


def test_a_store_is_looked_at(folder: Path, capsys) -> None:
    """All is well: 0. A row without its plan: 3, with what to do. A newer store: 2."""
    assert run_command(["store", "check"]) == 0
    assert "FAIL" not in capsys.readouterr().out
    changed(folder, "INSERT INTO told VALUES (77, 'x')")
    assert run_command(["store", "check"]) == 3
    said = capsys.readouterr().out
    assert "orphan rows: told 1" in said
    assert "put back a copy" in said
    changed(folder, "UPDATE alembic_version SET version_num = '9999'")
    assert run_command(["store", "check"]) == 2
    assert "newer sheets-sync" in capsys.readouterr().out


def test_a_store_is_copied_and_never_over_a_file(folder: Path, capsys) -> None:
    """Beside itself, or where one says; the second time that file is in the way: 3."""
    assert run_command(["store", "backup"]) == 0
    assert len(list((folder / "state").glob("store.db.2*.backup"))) == 1
    assert run_command(["store", "backup", "kept.db"]) == 0
    kept = (folder / "kept.db").read_bytes()
    assert run_command(["store", "backup", "kept.db"]) == 3
    assert "there already" in capsys.readouterr().err
    assert (folder / "kept.db").read_bytes() == kept


def test_a_store_is_brought_up_to_date(folder: Path, capsys) -> None:
    """There is nothing to do, or it is a newer one: 2; without a store: 2."""
    assert run_command(["store", "migrate"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    changed(folder, "UPDATE alembic_version SET version_num = '9999'")
    assert run_command(["store", "migrate"]) == 2
    (folder / "state" / "store.db").unlink()
    assert run_command(["store", "check"]) == 2
