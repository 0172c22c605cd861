"""Removing what a killed run left behind, without losing a save that an exchange had brought out."""

import contextlib
import datetime as dt
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from sheets_sync.errors import WorkbookError
from sheets_sync.workbooks.files.backups import Backups
from sheets_sync.workbooks.files.content import fingerprint_of, read_file
from sheets_sync.workbooks.files.temporary import HASH_LETTERS, PART, PREFIX, WHOLE

_STRAY_AFTER = dt.timedelta(hours=1)
_WHOLE_NAME = re.compile(re.escape(PREFIX) + r"[0-9a-f]+-(?P<hash>[0-9a-f]{16})(-out)*" + re.escape(WHOLE))


def sweep(workbook: Path, backups: Backups, *, most: int, now: dt.datetime) -> None:
    """Remove our files older than an hour, which no run needs any more, beside the workbook and among the backups.

    A file that never reached the workbook's place, or that a backup holds too, is simply removed. Any other came
    out of an exchange just before the kill: it may be what somebody saved in that instant, and goes to the backups.
    A file that cannot be judged stays.
    """
    for file in (*_strays(workbook.parent, now), *_strays(backups.folder, now)):
        with contextlib.suppress(OSError, WorkbookError):
            if file.name.endswith(WHOLE):
                content = read_file(file, most=most)
                if not _is_as_named(file, content) and not backups.holds(content):
                    backups.keep(workbook, content, now)
            file.unlink()


def _strays(folder: Path, now: dt.datetime) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            ours = [entry for entry in entries if entry.name.startswith(PREFIX)]
    except OSError:
        return
    for entry in ours:
        if not entry.name.endswith((PART, WHOLE)):
            continue
        with contextlib.suppress(OSError):
            seen = entry.stat(follow_symlinks=False)
            # What came out of an exchange has the old workbook's time of change, but a new time of renaming.
            touched = dt.datetime.fromtimestamp(max(seen.st_mtime, seen.st_ctime), dt.UTC)
            if stat.S_ISREG(seen.st_mode) and now - touched > _STRAY_AFTER:
                yield Path(entry.path)


def _is_as_named(file: Path, content: bytes) -> bool:
    match = _WHOLE_NAME.fullmatch(file.name)
    return match is not None and fingerprint_of(content)[:HASH_LETTERS] == match["hash"]
