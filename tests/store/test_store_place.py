"""Where a store may live, and how its folder and file are made."""

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from store_samples import PLAN, changes, database, edit, known, remembered, run

from sheets_sync.errors import StoreError
from sheets_sync.store.engine import trouble_with
from sheets_sync.store.store import Store

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="modes are Unix's")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@unix_only
def test_a_new_store_is_private(tmp_path: Path) -> None:
    """Folder 0700, every file 0600, whatever the umask says and while the store is in use."""
    before = os.umask(0)
    try:
        store = Store.open(tmp_path / "a" / "b")
        run(store, 0, changes(edit("A-0001")), remembered(known("A-0001")))
    finally:
        os.umask(before)
    assert _mode(tmp_path / "a") == _mode(tmp_path / "a" / "b") == 0o700
    files = {file.name: _mode(file) for file in (tmp_path / "a" / "b").iterdir()}
    store.close()
    assert files == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


@unix_only
def test_a_readable_file_is_made_private(place: Path) -> None:
    """A file that others could read, after a copy or a restore, is closed to them."""
    Store.open(place).close()
    database(place).chmod(0o644)
    Store.open(place).close()
    assert _mode(database(place)) == 0o600


def _loosen_folder(place: Path) -> None:
    place.chmod(0o770)


def _loosen_file(place: Path) -> None:
    database(place).chmod(0o622)


def _link(place: Path) -> None:
    database(place).rename(place / "elsewhere.db")
    database(place).symlink_to(place / "elsewhere.db")


def _put_folder_in_place(place: Path) -> None:
    database(place).unlink()
    database(place).mkdir(mode=0o700)


def _take_away(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(database(place), 12345, -1)


@unix_only
@pytest.mark.parametrize("spoil", [_loosen_folder, _loosen_file, _link, _put_folder_in_place, _take_away])
def test_a_place_others_can_change_is_refused(place: Path, spoil: object) -> None:
    """A folder or file that others can write, own or swap is a mistake to mend: exit code 2, nothing opened."""
    Store.open(place).close()
    assert callable(spoil)
    spoil(place)
    with pytest.raises(StoreError) as refused:
        Store.open(place)
    assert refused.value.exit_code == 2
    assert not database(place).with_name("store.db-wal").exists()


def test_a_synced_folder_is_refused(tmp_path: Path) -> None:
    """A store does not go where a sync client copies files half-written: exit code 2, nothing made."""
    with pytest.raises(StoreError) as refused:
        Store.open(tmp_path / "Dropbox" / "state")
    assert refused.value.exit_code == 2
    assert "Dropbox" in refused.value.message
    assert not (tmp_path / "Dropbox").exists()


def test_looking_makes_nothing(place: Path) -> None:
    """With create=False a missing store is an error, and still missing afterwards."""
    with pytest.raises(StoreError) as refused:
        Store.open(place, create=False)
    assert refused.value.exit_code == 2
    assert not place.exists()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    """A file in the folder's place is told as such and left alone."""
    file = tmp_path / "state"
    file.write_text("not a folder")
    with pytest.raises(StoreError) as refused:
        Store.open(file)
    assert refused.value.exit_code == 2
    assert file.read_text() == "not a folder"


def test_a_file_that_is_no_store(place: Path) -> None:
    """A foreign file in the store's place is refused, left alone, and what stands in it is not repeated."""
    place.mkdir(mode=0o700)
    database(place).write_text("SENTINEL " * 1000)
    database(place).chmod(0o600)
    with pytest.raises(StoreError) as refused:
        Store.open(place)
    assert "it is not a store" in refused.value.message
    assert "SENTINEL" not in refused.value.message
    assert database(place).read_text() == "SENTINEL " * 1000


def test_a_lost_store_comes_back_as_another(place: Path) -> None:
    """The id stays with the file; without the file there is a new id and an empty history."""
    store = Store.open(place)
    run(store, 0, changes(edit("A-0001")), remembered(known("A-0001")))
    store.close()
    again = Store.open(place)
    again.close()
    database(place).unlink()
    new = Store.open(place)
    assert again.id == store.id != new.id
    assert not new.state(PLAN).known
    assert not new.history(PLAN).known
    new.close()


@pytest.mark.parametrize(("name", "statement"), [("absent/store.db", "SELECT 1"), ("store.db", "CREATE TABLE t (a)")])
def test_a_store_that_may_not_be_opened_or_written_says_where_to_look(
    tmp_path: Path, name: str, statement: str
) -> None:
    """The usual causes are a disk that became read-only and a folder of another user: both are named."""
    (tmp_path / "store.db").touch()
    place = tmp_path / name
    with (
        pytest.raises(sqlite3.OperationalError) as caught,
        closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as raw,
    ):
        raw.execute(statement)
    assert trouble_with(str(place), caught.value).remedy == (
        "look whether its folder is on a disk that is mounted read-only, and belongs to you"
    )
