"""How the store's database is spoken to: one connection setup, transactions that hold, errors without content.

The one place where an engine is made. SQLite's own driver starts transactions too late and so loses updates between
processes; here every writing transaction takes the lock first (BEGIN IMMEDIATE) and is on the disk when it ends
(synchronous=FULL; on macOS fullfsync). Not here: tables (`schema`), files and folders (`private_file`).
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sheets_sync.errors import StoreError

BUSY_SECONDS = 30
_A_MOMENT = 0.02
CACHE_KIB = 64 * 1024
_READING = "sheets_sync_reading"

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    f"cache_size = -{CACHE_KIB}",
)

_FULL = "the disk is full"
_REASONS = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR_SHMSIZE": _FULL,
    "SQLITE_BUSY": "another program keeps it locked",
    "SQLITE_LOCKED": "another program keeps it locked",
    "SQLITE_READONLY": "it may not be written",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_NOTADB": "it is not a store",
    "SQLITE_IOERR": "the disk reports an error",
}


class Statement(Protocol):
    """A Core statement that can be turned into the database's own words."""

    def compile(self, *, dialect: sa.Dialect) -> sa.Compiled:
        """See SQLAlchemy."""


def sqlite_engine(file: Path) -> sa.Engine:
    """The engine for a store in one file. The file is made when it is missing: see `private_file` for doing it well."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(file)),
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    until = time.monotonic() + BUSY_SECONDS
    for pragma in PRAGMAS:
        while not _has_set(connection, pragma, until):
            time.sleep(_A_MOMENT)


def _has_set(connection: sqlite3.Connection, pragma: str, until: float) -> bool:
    """Set a pragma; False when it is worth another try. While somebody else turns a new file to write-ahead logging,
    SQLite says that it is busy at once, however long it was told to wait."""
    try:
        connection.execute(f"PRAGMA {pragma}").close()
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() >= until:
            raise
        return False
    return True


def _begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that sees and changes the store alone: all of it or nothing. Raises StoreError."""
    with _told_plainly(engine), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that sees a single state of the store, beside any writer. Raises StoreError."""
    with _told_plainly(engine), engine.connect() as connection:
        connection.execution_options(**{_READING: True})
        yield connection


@contextmanager
def _told_plainly(engine: sa.Engine) -> Iterator[None]:
    """Say what went wrong by kind and place alone: the database's own words may hold what somebody typed."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        raise trouble(engine, cause) from None


def trouble(engine: sa.Engine, cause: BaseException) -> StoreError:
    """The error to show for a database's error: its type and code and the place, never its text."""
    return trouble_with(engine.url.database or engine.url.host or "the store", cause)


def trouble_with(place: str, cause: BaseException) -> StoreError:
    """The same for a store that is named."""
    code = getattr(cause, "sqlite_errorname", "")
    kind = next((reason for name, reason in _REASONS.items() if code.startswith(name)), "")
    name = " ".join(part for part in (type(cause).__name__, code) if part)
    look = "look whether its folder is on a disk that is mounted read-only, and belongs to you"
    remedy = {
        _FULL: "free some space and run again",
        "it may not be written": look,
        "it cannot be opened": look,
        "it is not a store": f"move {place} away; the next run starts a new history",
        "it is damaged": f"move {place} away; the next run starts a new history",
    }.get(kind, "")
    return StoreError(f"the store {place} cannot be used: {kind or 'the database refused'} ({name})", remedy)


def is_full(cause: BaseException) -> bool:
    """Whether a database's error says that there is no room."""
    code = getattr(cause, "sqlite_errorname", "")
    return any(reason == _FULL and code.startswith(name) for name, reason in _REASONS.items())


def in_bulk(connection: sa.Connection, statement: Statement, rows: Sequence[tuple[object, ...]]) -> None:
    """Execute a statement once per row. A row's values stand in the order in which the statement names them."""
    if rows:
        connection.exec_driver_sql(str(statement.compile(dialect=connection.dialect)), list(rows))
