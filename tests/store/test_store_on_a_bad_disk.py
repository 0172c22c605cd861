"""Looking after a store whose disk is full or may not be written: told plainly, and nothing is left half-written.

The disk is a real file system of its own in memory, as in run/test_full_disk.py; only root may mount one.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from store_samples import PLAN, database

from sheets_sync.errors import StoreError
from sheets_sync.store.care import look_at, migrate
from sheets_sync.store.copies import back_up
from sheets_sync.store.schema import REVISION
from sheets_sync.store.store import Store

SIZE = 8_000_000
CONTENT = 600_000
FULL, DONE = "the disk is full", "done"
ROOM_LEFT = (0, 8_000, 70_000, 300_000, 640_000, 660_000, 700_000, 760_000, 850_000, 1_000_000, 2_000_000)


def _can_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


pytestmark = pytest.mark.skipif(not _can_mount(), reason="a small disk can only be mounted by root")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk."""
    place = tmp_path_factory.mktemp("disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(place)], check=False)
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def folder(disk: Path) -> Path:
    """A store on it that a run remembered something in."""
    shutil.rmtree(disk / "state", ignore_errors=True)
    store = Store.open(disk / "state")
    store.tell_once(PLAN, "souvenir" * (CONTENT // 8))
    store.close()
    return disk / "state"


@contextlib.contextmanager
def full(disk: Path, left: int) -> Iterator[None]:
    """Fill the disk up to so many bytes."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - left))
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """Nothing may be written on it."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def make_older(folder: Path) -> None:
    """Let it be one from before the first migration, with as much in it."""
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("CREATE TABLE souvenir AS SELECT what FROM told")
        for name in names:
            if not name.startswith(("sqlite_", "alembic")):
                raw.execute(f'DROP TABLE "{name}"')
        raw.execute("DELETE FROM alembic_version")
        raw.commit()
        raw.execute("VACUUM")


def is_whole(file: Path) -> bool:
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
        return raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def names(folder: Path) -> set[str]:
    """What lies there, without SQLite's own journal of the store: it is part of it, and taken in when there is room."""
    return {file.name for file in folder.iterdir()} - {"store.db-wal", "store.db-shm"}


def how_it_ends(work: Callable[[], object], *, place: str = "") -> str:
    """Done, or told with what to do and exit code 3 that the disk (of this place) is full; anything else as it says."""
    try:
        work()
    except StoreError as error:
        plain = FULL in error.message and place in error.message and "free some space" in error.remedy
        return FULL if plain and error.exit_code == 3 else error.message
    return DONE


def test_a_migration_on_a_full_disk_is_whole_or_not_at_all(disk: Path, folder: Path) -> None:
    """Whatever room there is: the store is the old or the new one, and sound; a copy that is there is whole; nothing
    else is left; and with room it goes on."""
    make_older(folder)
    kept = disk.with_name("kept.db")
    shutil.copy2(database(folder), kept)
    ends = []
    for left in ROOM_LEFT:
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        shutil.copy2(kept, database(folder))
        with full(disk, left):
            ends.append(how_it_ends(partial(migrate, folder)))
            assert names(folder) <= {"store.db", "store.db.empty.backup"}
        assert all(is_whole(folder / name) for name in names(folder) - {"store.db"})
        assert not look_at(folder).damage
        assert look_at(folder).revision == ("" if ends[-1] != DONE else REVISION)
        migrate(folder)
        assert look_at(folder).revision == REVISION
        assert names(folder) == {"store.db", "store.db.empty.backup"}
    kept.unlink()
    assert set(ends) == {FULL, DONE}
    assert ends == sorted(ends, reverse=True)


def test_a_copy_on_a_full_disk_is_whole_or_none(disk: Path, folder: Path, tmp_path: Path) -> None:
    """It is told which disk is full, beside the store and elsewhere; the store is not touched."""
    elsewhere = Store.open(tmp_path / "state")
    elsewhere.tell_once(PLAN, "souvenir" * (CONTENT // 8))
    elsewhere.close()
    before = database(folder).read_bytes()
    ends = []
    for source in (folder, tmp_path / "state"):
        for left in ROOM_LEFT:
            target = folder / "copy.db"
            with full(disk, left):
                ends.append(how_it_ends(partial(back_up, database(source), target), place=str(folder)))
                assert names(folder) == {"store.db", *(["copy.db"] if ends[-1] == DONE else [])}
            assert ends[-1] != DONE or is_whole(target)
            target.unlink(missing_ok=True)
    assert set(ends) == {FULL, DONE}
    assert database(folder).read_bytes() == before


def test_a_store_that_may_not_be_written_can_be_looked_at_and_copied_away(
    disk: Path, folder: Path, tmp_path: Path
) -> None:
    """It is told that runs cannot use it; a copy to another disk is the store; beside it none can be made."""
    with read_only(disk):
        found = look_at(folder)
        assert dict(found.counts)["told"] == 1
        assert (found.is_well, "mounted read-only" in found.unwritable) == (False, True)
        back_up(database(folder), tmp_path / "copy.db")
        with pytest.raises(StoreError, match="Read-only file system"):
            back_up(database(folder), folder / "copy.db")
        assert migrate(folder) == (REVISION, REVISION)
    make_older(folder)
    with read_only(disk), pytest.raises(StoreError, match=r"cannot be brought up to date: the disk of .* read-only"):
        migrate(folder)
    assert is_whole(tmp_path / "copy.db")
    assert names(folder) == {"store.db"}
    migrate(folder)
    assert look_at(folder).is_well


def test_what_was_not_merged_yet_is_not_passed_over(disk: Path, folder: Path) -> None:
    """A store that was left in the middle of its work cannot be read whole where nothing may be written: that is said,
    instead of what it was before."""
    code = (
        "import os, sys; from pathlib import Path; from sheets_sync.store.store import Store\n"
        "Store.open(Path(sys.argv[1])).tell_once('p-000009', 'late'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(folder)], check=False).returncode == 9
    (folder / "store.db-shm").unlink()
    with read_only(disk), pytest.raises(StoreError, match=r"store\.db-wal"):
        look_at(folder)
    assert dict(look_at(folder).counts)["told"] == 2
