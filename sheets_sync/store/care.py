"""Looking after a store without a run: is it sound, whose is it, what does it hold. Nothing is changed by looking."""

import sqlite3
import stat
import sys
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import StoreError
from sheets_sync.places import private_folder_problem
from sheets_sync.store import schema
from sheets_sync.store.engine import trouble_with
from sheets_sync.store.looking import opened_to_look, why_unwritable
from sheets_sync.store.private_file import FILE_NAME, wrong_place
from sheets_sync.store.store import Store

MOST_TOLD = 5
"""Of the places that are damaged."""


class Soundness(NamedTuple):
    """What a look at a store found. `revision` is that of its tables ("" = none yet), `damage` what SQLite says is
    broken, `orphans` counts rows by table that refer to something gone, `missing` names tables and columns that should
    be there, `exposed` says why others could read or change it, `unwritable` why runs cannot write it, `counts` the
    rows of each table."""

    file: Path
    bytes: int
    revision: str
    damage: tuple[str, ...]
    orphans: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    exposed: str
    unwritable: str
    counts: tuple[tuple[str, int], ...]

    @property
    def is_newer(self) -> bool:
        """Whether a newer program made it."""
        return self.revision > schema.REVISION

    @property
    def is_older(self) -> bool:
        """Whether its tables are to be brought up to date."""
        return self.revision < schema.REVISION

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        wrong = (self.damage, self.orphans, self.missing, self.exposed, self.unwritable)
        return not (any(wrong) or self.is_newer or self.is_older)


def file_in(folder: Path) -> Path:
    """The store's file in a state folder. Raises StoreError (exit code 2) when there is none."""
    file = folder.resolve() / FILE_NAME
    if not file.is_file():
        raise wrong_place(f"there is no store in {folder}", "the first run makes one: sheets-sync run")
    return file


def look_at(folder: Path) -> Soundness:
    """Look at the store in a state folder. Raises StoreError when it cannot be opened at all."""
    file = file_in(folder)
    try:
        with opened_to_look(file) as raw:
            return _found(file, raw)
    except sqlite3.Error as error:
        raise trouble_with(str(file), error) from None


def migrate(folder: Path) -> tuple[str, str]:
    """Bring the tables of a store up to date, alone with it and after a copy; returns the revisions before and after.

    Raises StoreError, for a store of a newer program with exit code 2.
    """
    seen = look_at(folder)
    before = seen.revision
    if seen.is_older and seen.unwritable:
        raise StoreError(f"the store cannot be brought up to date: {seen.unwritable}", "nothing was changed")
    if before == schema.REVISION:
        return before, before
    Store.open(folder, create=False).close()
    return before, schema.REVISION


def _found(file: Path, raw: sqlite3.Connection) -> Soundness:
    lines = tuple(str(row[0]) for row in raw.execute(f"PRAGMA integrity_check({MOST_TOLD})"))
    here = {row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    tables = [name for name in schema.metadata.tables if name in here]
    orphans: dict[str, int] = {}
    for row in raw.execute("PRAGMA foreign_key_check"):
        orphans[row[0]] = orphans.get(row[0], 0) + 1
    version = raw.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in here else None
    return Soundness(
        file=file,
        bytes=file.stat().st_size,
        revision=version[0] if version else "",
        damage=() if lines == ("ok",) else lines,
        orphans=tuple(sorted(orphans.items())),
        missing=tuple(_missing(raw, here)) if version and version[0] == schema.REVISION else (),
        exposed=_exposed(file),
        unwritable=why_unwritable(file.parent),
        counts=tuple((name, raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables),  # noqa: S608
    )


def _missing(raw: sqlite3.Connection, here: set[str]) -> list[str]:
    found: list[str] = []
    for name, table in schema.metadata.tables.items():
        if name not in here:
            found.append(name)
            continue
        columns = {row[1] for row in raw.execute(f'PRAGMA table_info("{name}")')}
        found += [f"{name}.{column}" for column in (one.name for one in table.c) if column not in columns]
    return found


def _exposed(file: Path) -> str:
    problem = private_folder_problem(file)
    if problem or sys.platform == "win32":
        return problem
    mode = stat.S_IMODE(file.stat().st_mode)
    return f"others may open {file} (mode {mode:o}); mend it with: chmod 600 {file}" if mode & 0o077 else ""
