"""Our files that nobody else should ever see: made under a random name, complete or absent, private to the user.

A file being written is called `.sheets-sync-<random>.part`. Once complete it is called
`.sheets-sync-<random>-<start of its hash>.tmp`: a file of that kind whose content is something else came out of an
exchange, and may be a person's work (see `leftovers`).
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from sheets_sync.errors import WorkbookError, WorkbookRefused
from sheets_sync.workbooks.files.content import NO_FOLLOW, fingerprint_of
from sheets_sync.workbooks.files.exchange import sync_file

PREFIX = ".sheets-sync-"
PART = ".part"
WHOLE = ".tmp"
HASH_LETTERS = 16
_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def write_beside(folder: Path, content: bytes, finish: Callable[[int], None] = lambda _: None) -> Path:
    """Write `content` into a new private file in `folder`, on disk when this returns.

    `finish` gets the open file, to set its attributes. Raises WorkbookRefused, with nothing left behind.
    """
    random = secrets.token_hex(8)
    part = folder / f"{PREFIX}{random}{PART}"
    whole = folder / f"{PREFIX}{random}-{fingerprint_of(content)[:HASH_LETTERS]}{WHOLE}"
    try:
        descriptor = os.open(part, _CREATING, 0o600)
        try:
            _write_all(descriptor, content)
            finish(descriptor)
            sync_file(descriptor)
        finally:
            os.close(descriptor)
        os.rename(part, whole)  # noqa: PTH104
    except (OSError, WorkbookError) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise why_not_made(error, folder) from error
    return whole


def why_not_made(error: OSError | WorkbookError, folder: Path) -> WorkbookError:
    """The error for a person when a file could not be made in `folder`."""
    if isinstance(error, WorkbookError):
        return error
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return WorkbookRefused(f"no room left on the volume of {folder}", "make room on that volume")
    if isinstance(error, PermissionError):
        return WorkbookRefused(f"no permission to make or replace files in {folder}", "allow writing in that folder")
    return WorkbookRefused(f"a file could not be written in {folder} ({error.strerror})")


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
