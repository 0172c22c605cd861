"""Reading a file as a whole, and naming its exact content by a hash."""

import errno
import os
import stat
from hashlib import sha256
from pathlib import Path

from sheets_sync.errors import WorkbookBusy, WorkbookError, WorkbookRefused

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
SHARING_VIOLATIONS = (32, 33)  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


def fingerprint_of(content: bytes) -> str:
    """The SHA-256 of the content as 64 hex digits."""
    return sha256(content).hexdigest()


def read_file(path: Path, *, most: int | None = None, follow: bool = False) -> bytes:
    """The whole content of a regular file of at most `most` bytes. Raises WorkbookRefused or WorkbookBusy.

    Anything but a regular file is refused without waiting on it: a pipe would hang the run. A link is refused too,
    unless `follow` is on.
    """
    try:
        descriptor = os.open(path, _READING | (0 if follow else NO_FOLLOW))
        seen = os.fstat(descriptor)
        refusal = _why_not_this_file(path, seen, most)
        if refusal is not None:
            os.close(descriptor)
            raise refusal
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except OSError as error:
        raise why_not_read(error, path) from error


def _why_not_this_file(path: Path, seen: os.stat_result, most: int | None) -> WorkbookRefused | None:
    if not stat.S_ISREG(seen.st_mode):
        return WorkbookRefused(f"{path} is not a regular file", "name the workbook itself")
    if most is not None and seen.st_size > most:
        limit = f"{most / 1_000_000:g} MB"
        return WorkbookRefused(f"{path} is larger than {limit}", "raise the limit if you trust the file")
    return None


def why_not_read(error: OSError, path: Path) -> WorkbookError:
    """The error for a person when a workbook cannot be opened."""
    if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
        return WorkbookBusy(f"{path.name} is open in another program", "close it")
    if isinstance(error, FileNotFoundError):
        return WorkbookRefused(f"there is no file {path}", "check the path; was it moved or renamed?")
    if isinstance(error, PermissionError):
        return WorkbookRefused(f"no permission to read {path}", "let the user of this program read the file")
    if error.errno == errno.ELOOP:
        return WorkbookRefused(f"{path} is a link", "name the file it leads to")
    return WorkbookRefused(f"{path} cannot be read ({error.strerror})")
