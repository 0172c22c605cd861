"""All that stands in a store, to compare it with another. Not tests."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from store_samples import database


def content(folder: Path) -> str:
    """All that stands in the store, whose file must be sound."""
    with contextlib.closing(sqlite3.connect(database(folder))) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        return "\n".join(raw.iterdump())


def copied(folder: Path, to: Path) -> Path:
    """A copy of the store, in place of what is there."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to)
