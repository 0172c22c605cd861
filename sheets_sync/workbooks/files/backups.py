"""Copies of a workbook as it was before each write: dated, hash-checked, kept for a while, found again for an undo."""

import contextlib
import datetime as dt
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import WorkbookRefused
from sheets_sync.places import private_folder_problem
from sheets_sync.workbooks.files.content import fingerprint_of, read_file
from sheets_sync.workbooks.files.exchange import sync_folder
from sheets_sync.workbooks.files.temporary import HASH_LETTERS, why_not_made, write_beside

_NAME = re.compile(
    r"(?P<stem>.+)\.(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.[0-9a-f]{8}\.(?P<hash>[0-9a-f]{16})(?P<suffix>\.\w+)"
)
_TIME = "%Y-%m-%dT%H-%M-%SZ"
_STEM_BYTES = 120


class Backup(NamedTuple):
    """One kept copy. `hash_start` is the beginning of its fingerprint, as its name tells."""

    file: Path
    made: dt.datetime
    hash_start: str


class Backups(NamedTuple):
    """The folder with the copies of one plan's workbook, and how many are kept for how long."""

    folder: Path
    most: int
    days: int

    def keep(self, workbook: Path, content: bytes, now: dt.datetime) -> Path:
        """Store a copy and prove it readable. Raises WorkbookRefused, with nothing left behind."""
        self._prepare_folder()
        whole = write_beside(self.folder, content)
        stem = workbook.stem.encode("utf-8", "surrogateescape")[:_STEM_BYTES].decode("utf-8", "ignore")
        time = now.astimezone(dt.UTC).strftime(_TIME)
        start = fingerprint_of(content)[:HASH_LETTERS]
        file = self.folder / f"{stem}.{time}.{secrets.token_hex(4)}.{start}{workbook.suffix}"
        try:
            os.rename(whole, file)  # noqa: PTH104
            sync_folder(self.folder)
        except OSError as error:
            whole.unlink(missing_ok=True)
            raise why_not_made(error, self.folder) from error
        if read_file(file, most=len(content)) != content:
            file.unlink()
            raise WorkbookRefused(f"the backup in {self.folder} does not hold what was written", "check that disk")
        return file

    def forget(self, backup: Path) -> None:
        """Remove the copy made for a write that then did not happen; it must not push out one that matters."""
        backup.unlink(missing_ok=True)

    def prune(self, now: dt.datetime) -> None:
        """Remove what is beyond the newest `most` or older than `days`; the very newest always stays."""
        oldest = now - dt.timedelta(days=self.days)
        for place, backup in enumerate(self.kept()):
            if place and (place >= self.most or backup.made < oldest):
                backup.file.unlink(missing_ok=True)

    def kept(self) -> tuple[Backup, ...]:
        """All copies, newest first."""
        found: list[tuple[dt.datetime, int, Backup]] = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                match = _NAME.fullmatch(entry.name)
                if match is not None and entry.is_file(follow_symlinks=False):
                    made = dt.datetime.strptime(match["time"], _TIME).replace(tzinfo=dt.UTC)
                    backup = Backup(Path(entry.path), made, match["hash"])
                    found.append((made, entry.stat(follow_symlinks=False).st_mtime_ns, backup))
        return tuple(backup for _, _, backup in sorted(found, reverse=True))

    def holds(self, content: bytes) -> bool:
        """Whether this exact content is kept."""
        start = fingerprint_of(content)[:HASH_LETTERS]
        return any(backup.hash_start == start for backup in self.kept())

    def of(self, fingerprint: str) -> Path | None:
        """The newest copy of the content with this fingerprint, None when there is none."""
        start = fingerprint[:HASH_LETTERS]
        return next((backup.file for backup in self.kept() if backup.hash_start == start), None)

    def _prepare_folder(self) -> None:
        missing = [self.folder] if not self.folder.exists() else []
        while missing and not missing[-1].parent.exists():
            missing.append(missing[-1].parent)
        try:
            for folder in reversed(missing):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise why_not_made(error, self.folder) from error
        problem = private_folder_problem(self.folder)
        if problem:
            raise WorkbookRefused(f"backups would not be private: {problem}")


def read_backup(backup: Path) -> bytes:
    """The content of a kept copy, proved to be what was stored. Raises WorkbookRefused."""
    match = _NAME.fullmatch(backup.name)
    if match is None:
        raise WorkbookRefused(f"{backup} is not a backup of this program")
    content = read_file(backup)
    if not fingerprint_of(content).startswith(match["hash"]):
        raise WorkbookRefused(f"the backup {backup} is damaged", "take another backup from the same folder")
    return content
