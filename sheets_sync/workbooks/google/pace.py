"""Keeps to Google's quotas before they are hit: 60 calls a minute for an account and 300 for a project, reads and
writes each, counted together by all processes of this user on this machine.

The counts lie in a small SQLite file: times of calls below digests, no address and no name. A clock that is set back
makes nobody wait for longer than a minute. https://developers.google.com/workspace/sheets/api/limits
"""

import contextlib
import hashlib
import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from sheets_sync.errors import WorkbookBusy

WINDOW = 61.0
"""Seconds; one more than Google's minute, for calls that travel at different speeds."""
PER_ACCOUNT = 60
PER_PROJECT = 300
PATIENCE = 600.0
"""Seconds somebody waits for their turn: ten minutes' worth of calls of others stand before them."""

LOCK_SECONDS = 20.0
"""How long a process waits for another to count."""
AGAIN = 0.001
"""Seconds: at once, but not without end."""

_TABLE = "CREATE TABLE IF NOT EXISTS call (bucket TEXT NOT NULL, at REAL NOT NULL)"


log = logging.getLogger("sheets_sync.google")


class Kind(StrEnum):
    """The two quotas of the Sheets API."""

    READ = "read"
    WRITE = "write"


class Pace(Protocol):
    """Lets one call after the other through."""

    def take(self, kind: Kind) -> None:
        """Return when a call of this kind may be made. Raises WorkbookBusy when that would take too long."""


class Unpaced:
    """Lets every call through at once, for a server without quotas."""

    def take(self, kind: Kind) -> None:
        """Return at once."""


class Bucket(NamedTuple):
    """What shares a quota, and how many calls a minute it has."""

    name: str
    limit: int


class SharedPace:
    """Counts in the file `folder`/google-calls.sqlite, with all others who use the same folder."""

    def __init__(
        self,
        folder: Path,
        account: str,
        *,
        project: str = "",
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._file = folder / "google-calls.sqlite"
        self._buckets = [Bucket(_digest("account", account), PER_ACCOUNT)]
        if project:
            self._buckets.append(Bucket(_digest("project", project), PER_PROJECT))
        self._now = now
        self._sleep = sleep

    def take(self, kind: Kind) -> None:
        """Wait for a place in every quota this call counts in."""
        buckets = [bucket._replace(name=f"{bucket.name} {kind}") for bucket in self._buckets]
        waited = 0.0
        while True:
            wait = self._counted(buckets)
            if not wait:
                return
            if waited >= PATIENCE:
                raise WorkbookBusy(
                    "Google's quota is used up by other runs of this account", "the next run tries again"
                )
            log.info("waiting for a place in Google's quota", extra={"facts": {"seconds": round(wait, 1)}})
            wait += random.uniform(0, 0.5)  # noqa: S311 (so that those who wait do not all ask at once)
            self._sleep(wait)
            waited += wait

    def used(self, kind: Kind) -> int:
        """How many calls of this kind the account made in the last minute, as far as they are counted here."""
        bucket = f"{self._buckets[0].name} {kind}"
        try:
            with contextlib.closing(sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True)) as counts:
                made = "SELECT count(*) FROM call WHERE bucket = ? AND at > ?"
                return int(counts.execute(made, (bucket, self._now() - WINDOW)).fetchone()[0])
        except sqlite3.Error:
            return 0

    def _counted(self, buckets: list[Bucket]) -> float:
        """Take a place and return 0, or the seconds until there may be one. Damaged counts are begun anew."""
        try:
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            with contextlib.closing(sqlite3.connect(self._file, timeout=LOCK_SECONDS, isolation_level=None)) as counts:
                counts.execute("PRAGMA synchronous=OFF")  # worth nothing after a minute, so never worth a sync
                counts.execute("BEGIN IMMEDIATE")
                counts.execute(_TABLE)
                wait = _take(counts, buckets, self._now())
                counts.execute("COMMIT")
                return wait
        except (OSError, sqlite3.OperationalError):
            raise WorkbookBusy(
                f"the calls to Google cannot be counted in {self._file.parent}", "make that folder writable"
            ) from None
        except sqlite3.DatabaseError:
            self._file.unlink(missing_ok=True)
            return AGAIN


def _take(counts: sqlite3.Connection, buckets: list[Bucket], now: float) -> float:
    """Take a place in all buckets and return 0, or take none and return the seconds until there may be one."""
    counts.execute("DELETE FROM call WHERE at <= ? OR at > ?", (now - WINDOW, now))
    waits = [_wait(counts, bucket, now) for bucket in buckets]
    if not any(waits):
        counts.executemany("INSERT INTO call VALUES (?, ?)", [(bucket.name, now) for bucket in buckets])
    return max(waits)


def _wait(counts: sqlite3.Connection, bucket: Bucket, now: float) -> float:
    """The seconds until the oldest of the last `limit` calls leaves the window."""
    latest = "SELECT at FROM call WHERE bucket = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
    row = counts.execute(latest, (bucket.name, bucket.limit - 1)).fetchone()
    return max(AGAIN, row[0] + WINDOW - now) if row else 0.0


def _digest(kind: str, name: str) -> str:
    return kind + " " + hashlib.sha256(name.encode()).hexdigest()[:16]
