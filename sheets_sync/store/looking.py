"""Opening a store only to look at it, or to copy it: nothing is changed, also where nothing could be.

SQLite keeps what was written last in a file beside the store, and wants to make one even to read. Where the disk may
not be written it can be told that nobody writes; then that file must not hold anything.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sheets_sync.errors import StoreError

SECONDS = 30


@contextmanager
def opened_to_look(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing. Raises sqlite3.Error, and StoreError where not all could be seen."""
    with closing(_connected(file)) as connection:
        yield connection


def why_unwritable(folder: Path) -> str:
    """Why nothing can be written into a folder, whoever tries; "" where it can, as far as is known without trying."""
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return f"the disk of {folder} is mounted read-only"
    return "" if os.access(folder, os.W_OK) else f"{folder} may not be written by this user"


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=SECONDS)
    try:
        connection.execute("SELECT name FROM sqlite_schema").fetchall()
    except sqlite3.OperationalError:
        connection.close()
        why = why_unwritable(file.parent)
        if not why:
            raise
        return _as_it_lies(file, why)
    except BaseException:
        connection.close()
        raise
    return connection


def _as_it_lies(file: Path, why: str) -> sqlite3.Connection:
    newest = file.with_name(f"{file.name}-wal")
    if newest.exists() and newest.stat().st_size:
        raise StoreError(
            f"the newest of the store stands in {newest}, which cannot be taken in here: {why}",
            f"copy {file.name} and {newest.name} to a disk that can be written, and look there",
        )
    return sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
