"""Looking after a store: what is wrong with it is found, a copy is whole, private and never in place of another."""

import contextlib
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from store_children import KILLED, in_processes
from store_content import content
from store_samples import PLAN, changes, database, edit, known, remembered, run

from sheets_sync.errors import StoreError
from sheets_sync.store.care import look_at, migrate
from sheets_sync.store.copies import back_up
from sheets_sync.store.schema import REVISION
from sheets_sync.store.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store in which one run of one plan is remembered."""
    store = Store.open(tmp_path / "state")
    run(store, 0, changes(edit("A-0001")), remembered(known("A-0001"), known("A-0002")))
    store.close()
    return tmp_path / "state"


def changed(folder: Path, *statements: str) -> None:
    """Do to the store what a program that is not ours might do."""
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        for statement in statements:
            for one in statement.split("; "):
                raw.execute(one)
        raw.commit()


def test_a_sound_store_is_well_and_counted(folder: Path) -> None:
    """Nothing is found, each table has its rows, and looking changes no byte."""
    before = database(folder).read_bytes()
    found = look_at(folder)
    assert found.is_well
    assert found.revision == REVISION
    assert {"plan": 1, "run": 1, "known": 2, "past": 0}.items() <= dict(found.counts).items()
    assert database(folder).read_bytes() == before


def test_it_is_looked_at_while_a_run_works(folder: Path) -> None:
    """A writer in the middle of its transaction keeps nobody from looking or copying."""
    with contextlib.closing(sqlite3.connect(database(folder), isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DELETE FROM known")
        assert dict(look_at(folder).counts)["known"] == 2
        back_up(database(folder), folder / "copy.db")
    assert dict(look_at(folder).counts)["known"] == 2


@pytest.mark.parametrize(
    ("statement", "field", "expected"),
    [
        ("DELETE FROM plan", "orphans", (("known", 2), ("run", 1))),
        ("DROP TABLE lease", "missing", ("lease",)),
    ],
)
def test_what_is_missing_is_named(folder: Path, statement: str, field: str, expected: tuple) -> None:
    """Rows without their plan are counted by table; tables and columns that should be there are named."""
    changed(folder, "PRAGMA foreign_keys = OFF", statement)
    found = look_at(folder)
    assert getattr(found, field) == expected
    assert not found.is_well


def test_damage_is_found(folder: Path) -> None:
    """Bytes that went bad on the disk are told, not stumbled over."""
    changed(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(database(folder).read_bytes())
    raw[4096 * 5 : 4096 * 9] = b"\xa5" * (4096 * 4)
    database(folder).write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"):
        look_at(folder)
    with pytest.raises(StoreError):
        back_up(database(folder), folder / "copy.db")
    assert not list(folder.glob("copy*"))
    assert not list(folder.glob(".store*"))


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of Unix")
def test_a_store_that_others_can_read_is_told(folder: Path) -> None:
    """With the command that mends it."""
    database(folder).chmod(0o644)
    assert "chmod 600" in look_at(folder).exposed


def test_a_copy_is_the_store_and_private(folder: Path, tmp_path: Path) -> None:
    """All of it, sound, for the user alone, and usable in its place."""
    (tmp_path / "kept").mkdir(mode=0o700)
    back_up(database(folder), tmp_path / "kept" / "store.db")
    assert content(tmp_path / "kept") == content(folder)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "kept" / "store.db").stat().st_mode) == 0o600
    assert [one.name for one in (tmp_path / "kept").iterdir()] == ["store.db"]
    store = Store.open(tmp_path / "kept")
    assert set(store.history(PLAN).known) == {"A-0001", "A-0002"}
    store.close()


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_copy_never_takes_the_place_of_a_file(folder: Path, tmp_path: Path, kind: str) -> None:
    """What is there stays, be it a link to nowhere, and nothing is left beside it."""
    target = tmp_path / "there.db"
    target.write_text("mine") if kind == "file" else target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="there already"):
        back_up(database(folder), target)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["state", "there.db"]
    assert target.read_text() == "mine" if kind == "file" else target.is_symlink()


def test_migrating_what_is_up_to_date_changes_nothing(folder: Path) -> None:
    """Both revisions are the newest, and no copy is made."""
    assert migrate(folder) == (REVISION, REVISION)
    assert not list(folder.glob("*.backup"))


@pytest.mark.parametrize("what", [migrate, look_at])
def test_a_newer_store_is_left_alone(folder: Path, what) -> None:
    """Looking tells that it is newer; migrating refuses with exit code 2."""
    changed(folder, "UPDATE alembic_version SET version_num = '9999'")
    before = content(folder)
    if what is look_at:
        assert look_at(folder).is_newer
    else:
        with pytest.raises(StoreError) as refused:
            migrate(folder)
        assert refused.value.exit_code == 2
    assert content(folder) == before


def test_no_store_is_no_damage(tmp_path: Path) -> None:
    """Where nothing was ever remembered that is said, with exit code 2, and nothing is made."""
    with pytest.raises(StoreError) as missing:
        look_at(tmp_path)
    assert missing.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def _back_up_and_die(folder: Path, target: Path, moment: str) -> None:
    """Copy a store and die at a moment, as by kill -9."""

    def die(*_: object) -> None:
        os._exit(KILLED)

    if moment == "written":
        os.fsync = die
    else:
        Path.hardlink_to = die
    back_up(database(folder), target)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as Unix does it")
@pytest.mark.parametrize("moment", ["written", "about to be named"])
def test_a_copy_killed_midway_is_no_copy(folder: Path, tmp_path: Path, moment: str) -> None:
    """There is no file of that name, the store is as it was, and the next copy sweeps away what was left."""
    before, kept = content(folder), tmp_path / "kept"
    kept.mkdir()
    assert in_processes([(_back_up_and_die, (folder, kept / "copy.db", moment))]) == [KILLED]
    (stray,) = kept.iterdir()
    assert stray.name.endswith(".tmp")
    os.utime(stray, (0, 0))
    back_up(database(folder), kept / "copy.db")
    assert [one.name for one in kept.iterdir()] == ["copy.db"]
    assert content(folder) == before
