"""Who has a workbook open, by the lock files that Excel and LibreOffice leave beside it."""

import datetime as dt
import os
import struct
import sys
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import WorkbookBusy, WorkbookError
from sheets_sync.workbooks.files.content import SHARING_VIOLATIONS, read_file

OLD = dt.timedelta(hours=24)
_MOST = 4096
_ANSI_FIELD = 54
_NAME_MOST = 60


class Lock(NamedTuple):
    """A lock file beside a workbook. `holder` is the person's name as the file gives it, "" when it gives none."""

    file: Path
    program: str
    holder: str
    since: dt.datetime


def lock_places(workbook: Path) -> tuple[Path, Path]:
    """Where Excel and LibreOffice leave their lock files."""
    return workbook.with_name(f"~${workbook.name}"), workbook.with_name(f".~lock.{workbook.name}#")


def lock_on(workbook: Path) -> Lock | None:
    """The lock file of the program that has this workbook open, or left it behind when it crashed; None without."""
    for file, program in zip(lock_places(workbook), ("Excel", "LibreOffice"), strict=True):
        try:
            since = dt.datetime.fromtimestamp(file.lstat().st_mtime, dt.UTC)
        except OSError:
            continue
        content = _content(file)
        holder = excel_owner(content) if program == "Excel" else libre_office_owner(content)
        return Lock(file, program, holder, since)
    return None


def refuse_when_open(workbook: Path, now: dt.datetime) -> None:
    """Raise WorkbookBusy, naming who, when some program has the workbook open as far as can be seen from outside."""
    lock = lock_on(workbook)
    if lock is not None:
        raise busy(workbook, lock, now)
    if sys.platform == "win32":
        try:
            os.close(os.open(workbook, os.O_RDWR | os.O_BINARY))
        except PermissionError as error:
            if error.winerror in SHARING_VIOLATIONS:
                raise WorkbookBusy(f"{workbook.name} is open in another program", "close it") from error


def busy(workbook: Path, lock: Lock, now: dt.datetime) -> WorkbookBusy:
    """The error that defers a write: in what it is open, and for a lock older than a day how old it is (HAZARDS 33).
    Who has it open stands only in `holder`: the message goes to logs and mails of cron, too (HAZARDS 26)."""
    message = f"{workbook.name} is open in {lock.program}"
    age = now - lock.since
    if age <= OLD:
        return WorkbookBusy(message, "close it; the next run writes", lock.holder)
    hours = int(age.total_seconds() // 3600)
    aged = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return WorkbookBusy(
        f"{message}, says the lock file {lock.file}, which is {aged} old",
        f"if nobody has {workbook.name} open, delete that lock file",
        lock.holder,
    )


def excel_owner(content: bytes) -> str:
    """The user name in Excel's owner file: 165 bytes, an ANSI name padded to 55, then a UTF-16 name with its length.

    Unreadable content gives "". Names with other letters than Latin stand only in the second field.
    """
    ansi = content[1 : 1 + min(content[0], _ANSI_FIELD)].decode("cp1252", "replace") if content else ""
    wide = ""
    if len(content) >= _ANSI_FIELD + 3:
        (length,) = struct.unpack_from("<H", content, _ANSI_FIELD + 1)
        start = _ANSI_FIELD + 3
        wide = content[start : start + 2 * min(length, _NAME_MOST)].decode("utf-16-le", "replace")
    return _printable(wide) or _printable(ansi)


def libre_office_owner(content: bytes) -> str:
    """The user name in LibreOffice's lock file: the name set in its options, else the login name.

    The fields are name, login, host, time, profile, each with a backslash before a comma of its own.
    """
    fields = [""]
    text = iter(content.decode("utf-8", "replace").partition(";")[0])
    for letter in text:
        if letter == "\\":
            fields[-1] += next(text, "")
        elif letter == ",":
            fields.append("")
        else:
            fields[-1] += letter
    return next((name for name in map(_printable, fields[:2]) if name), "")


def _content(file: Path) -> bytes:
    """What the lock file holds; b"" when it is no regular file or its program lets nobody read it."""
    try:
        return read_file(file, most=_MOST)
    except WorkbookError:
        return b""


def _printable(name: str) -> str:
    """The name fit for a terminal: anybody who can write the folder chose these letters."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:_NAME_MOST]
