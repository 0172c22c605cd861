"""A store is made, migrated or refused by the version of its tables; the two ways to make one agree."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from outbox_samples import notice, queued, want
from sqlalchemy.dialects import postgresql
from store_children import KILLED, in_processes, open_and_die
from store_samples import PLAN, changes, database, edit, instant, known, remembered, run, stamp

from sheets_sync.errors import StoreError
from sheets_sync.store import schema
from sheets_sync.store.engine import reading, sqlite_engine, writing
from sheets_sync.store.store import Store


def _older(folder: Path) -> Path:
    """A store from before the first migration, with something of its own in it."""
    folder.mkdir(mode=0o700)
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        raw.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) CONSTRAINT alembic_version_pkc PRIMARY KEY)")
        raw.execute("CREATE TABLE souvenir (word TEXT)")
        raw.execute("INSERT INTO souvenir VALUES ('kept')")
        raw.commit()
    database(folder).chmod(0o600)
    return folder


def _tables(folder: Path) -> dict[str, str]:
    """How each table and index is defined, but for the way its definition is laid out."""
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
        return {name: " ".join(sql.split()) for name, sql in rows if name != "souvenir"}


def _revision(folder: Path) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        return raw.execute("SELECT version_num FROM alembic_version").fetchall()


def test_a_new_store_equals_a_migrated_one(tmp_path: Path) -> None:
    """Tables, indexes, constraints and version are the same word for word, made at once or by migrations."""
    Store.open(tmp_path / "new").close()
    Store.open(_older(tmp_path / "migrated")).close()
    assert _tables(tmp_path / "new") == _tables(tmp_path / "migrated")
    assert _revision(tmp_path / "new") == _revision(tmp_path / "migrated") == [(schema.REVISION,)]


def test_the_tables_are_those_of_the_schema(place: Path) -> None:
    """Alembic finds nothing to change between a migrated store and the schema, whose revision is the newest."""
    Store.open(_older(place)).close()
    engine = sqlite_engine(database(place))
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [one for one in compare_metadata(context, schema.metadata) if "souvenir" not in str(one)]
    engine.dispose()
    assert found == []
    config = Config()
    config.set_main_option("script_location", "sheets_sync.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_an_older_store_is_copied_first(place: Path) -> None:
    """What was there before stands in a private copy beside the migrated store, and in the store itself."""
    _older(place)
    store = Store.open(place)
    assert store.id
    assert not store.state(PLAN).known
    store.close()
    backup = place / "store.db.empty.backup"
    assert [file.name for file in place.iterdir() if file != backup] == ["store.db"]
    assert backup.stat().st_mode & 0o777 == 0o600
    with contextlib.closing(sqlite3.connect(backup)) as raw:
        assert {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == {
            "alembic_version",
            "souvenir",
        }
    with contextlib.closing(sqlite3.connect(database(place))) as raw:
        assert raw.execute("SELECT word FROM souvenir").fetchall() == [("kept",)]
    again = Store.open(place)
    assert again.id == store.id
    again.close()


def _first_version(folder: Path) -> Path:
    """A store of the first version with a run of a paused plan in it."""
    store = Store.open(folder.with_name("source"))
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 1)), remembered(known("A-0001")), next_number=2)
    store.pause(PLAN, "why \udcff", instant(1))
    store.close()
    folder.mkdir(mode=0o700)
    engine = sqlite_engine(database(folder))
    config = Config()
    config.set_main_option("script_location", "sheets_sync.store:migrations")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        raw.execute("ATTACH ? AS source", (str(database(folder.with_name("source"))),))
        for table in set(tables) - {"alembic_version"}:
            raw.execute(f"INSERT INTO main.{table} SELECT * FROM source.{table}")
        raw.commit()
    database(folder).chmod(0o600)
    return folder


def test_a_store_of_the_first_version_gets_its_outbox(place: Path) -> None:
    """Everything it remembered is there, a copy stands beside it, and mails can be queued."""
    source = _first_version(place)
    before = Store.open(place.with_name("source"))
    store = Store.open(source)
    assert store.id == before.id
    assert store.history(PLAN) == before.history(PLAN)
    assert store.state(PLAN) == before.state(PLAN)
    assert store.state(PLAN).pause_reason == "why \udcff"
    assert store.written.last(PLAN) == before.written.last(PLAN)
    before.close()
    assert (place / "store.db.0001.backup").exists()
    store.pauses.end(PLAN)
    want(store, notice())
    assert queued(store.outbox) == 1
    store.close()
    assert _revision(place) == [(schema.REVISION,)]


def test_a_newer_store_is_refused(place: Path) -> None:
    """The store of a newer program is left alone: both versions are named, exit code 2."""
    Store.open(place).close()
    with contextlib.closing(sqlite3.connect(database(place))) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0907'")
        raw.commit()
    with pytest.raises(StoreError) as refused:
        Store.open(place)
    assert refused.value.exit_code == 2
    assert "0907" in refused.value.message
    assert schema.REVISION in refused.value.message
    assert refused.value.remedy
    assert [file.name for file in place.iterdir()] == ["store.db"]


def test_an_empty_file_becomes_a_store(place: Path) -> None:
    """A process killed right after making the file leaves nothing that hinders the next."""
    place.mkdir(mode=0o700)
    database(place).touch(mode=0o600)
    Store.open(place).close()
    assert _revision(place) == [(schema.REVISION,)]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as Unix does it")
@pytest.mark.parametrize("older", [False, True], ids=["made", "migrated"])
def test_killed_while_making_or_migrating(tmp_path: Path, older: bool) -> None:
    """Killed at any statement, the store is still what it was, or not there yet; opening it again completes it."""
    for step in range(1, 200, 5):
        folder = tmp_path / "state"
        shutil.rmtree(folder, ignore_errors=True)
        if older:
            _older(folder)
        (code,) = in_processes([(open_and_die, (folder, step))])
        if code == 0:
            break
        assert code == KILLED
        with contextlib.closing(sqlite3.connect(database(folder))) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == ({"alembic_version", "souvenir"} if older else set())
        Store.open(folder).close()
        assert _revision(folder) == [(schema.REVISION,)]
    assert step > 20
    assert code == 0


def test_a_run_does_not_import_alembic(tmp_path: Path) -> None:
    """Making a store, and opening one that is up to date, loads neither Alembic nor pandas."""
    program = (
        "import sys, pathlib; from sheets_sync.store.store import Store\n"
        "for _ in range(2): Store.open(pathlib.Path(sys.argv[1])).close()\n"
        "print({'alembic', 'pandas', 'openpyxl', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "state")], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_the_tables_can_be_made_on_postgresql() -> None:
    """The schema uses nothing that only SQLite has."""
    for table in schema.metadata.sorted_tables:
        text = str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "CREATE TABLE" in text
        assert "AUTOINCREMENT" not in text
