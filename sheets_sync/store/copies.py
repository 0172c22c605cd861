"""Copies of a store while others use it, by SQLite's own online backup: private, on the disk, whole or not at all."""

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sheets_sync.errors import StoreError
from sheets_sync.store.engine import is_full, trouble_with
from sheets_sync.store.looking import opened_to_look

NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_STRAY_AFTER_SECONDS = 3600.0
_BESIDE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def whole_copy(file: Path, folder: Path) -> Iterator[Path]:
    """A sound copy of the store in `file`, under a random name in `folder`, 0600, removed unless it was moved away.

    Raises StoreError, with nothing left behind.
    """
    _sweep(folder, file.name)
    temporary = folder / f".{file.name}.{os.urandom(6).hex()}.tmp"
    try:
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BESIDE, 0o600))
        with (
            opened_to_look(file) as source,
            contextlib.closing(sqlite3.connect(temporary)) as copy,
        ):
            source.backup(copy)
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise StoreError(f"the store {file} is damaged, and so is a copy of it", "sheets-sync store check")
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        yield temporary
    except sqlite3.Error as error:
        if is_full(error):
            raise _no_room(folder) from None
        raise trouble_with(str(file), error) from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _no_room(folder) from None
        raise StoreError(f"the store could not be copied to {folder}: {error.strerror}") from None
    finally:
        for name in _files_of(temporary.name):
            with contextlib.suppress(OSError):
                temporary.with_name(name).unlink(missing_ok=True)


def _files_of(name: str) -> tuple[str, ...]:
    """A database and what SQLite keeps beside it while it is open."""
    return tuple(f"{name}{ending}" for ending in ("", "-wal", "-shm", "-journal"))


def _no_room(folder: Path) -> StoreError:
    return StoreError(
        f"the store could not be copied to {folder}: the disk is full; nothing was left there",
        "free some space and run again",
    )


def _sweep(folder: Path, name: str) -> None:
    """Remove what a killed copy left behind."""
    for stray in (file for each in _files_of(f".{name}.{'[0-9a-f]' * 12}.tmp") for file in folder.glob(each)):
        with contextlib.suppress(OSError):
            if time.time() - stray.lstat().st_mtime > _STRAY_AFTER_SECONDS:
                stray.unlink()


def back_up(file: Path, target: Path) -> None:
    """Copy the store to `target`, which must not be there yet. Raises StoreError."""
    with whole_copy(file, target.parent) as copy:
        try:
            _moved(copy, target)
        except FileExistsError:
            raise StoreError(f"{target} is there already; nothing was written", "name another file") from None


def _moved(copy: Path, target: Path) -> None:
    """Give the copy its name, never in place of another file."""
    if os.name == "nt":
        os.rename(copy, target)  # noqa: PTH104 (fails on Windows where the file is there)
        return
    try:
        target.hardlink_to(copy)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        copy.replace(target)
