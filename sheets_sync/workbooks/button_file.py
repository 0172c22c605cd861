"""A workbook file and its button: a copy with one beside an .xlsx, one put into an .xlsm or taken out of it.

What goes into the package is in `ooxml.button`. The .xlsx is never written.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import WorkbookChanged, WorkbookRefused
from sheets_sync.workbooks.excel_file import ExcelFile, refuse_unsound
from sheets_sync.workbooks.files.content import fingerprint_of, read_file
from sheets_sync.workbooks.files.creation import create_file, there_already
from sheets_sync.workbooks.files.lock_files import refuse_when_open
from sheets_sync.workbooks.ooxml.button import ButtonWish, with_buttons, without_buttons
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot

_NO_NAMES = re.compile(rb"<(?:[\w.-]+:)?definedNames\s*/>")
"""A list of names that is empty goes with the last name put into it, and says nothing while it is there."""

WishFor = Callable[[Snapshot], ButtonWish]
"""Decides, from all that stands in the workbook, which button it gets."""


class Copy(NamedTuple):
    """An .xlsm with a button, as it will stand beside its .xlsx. `is_made`: a copy of ours of exactly this .xlsx is
    there already, of whatever version and with whatever card, and nobody changed it."""

    target: Path
    content: bytes
    made_of: str
    is_made: bool


def copy_with_button(file: ExcelFile, wish_for: WishFor) -> Copy:
    """Make the content of the .xlsm beside an .xlsx; no file is written. Raises WorkbookError: where the workbook is
    open, cannot have a button, or another file has the name."""
    if file.path.is_symlink():
        raise WorkbookRefused(f"{file.path} is a link", f"name the real path: {os.path.realpath(file.path)}")
    refuse_when_open(file.path, file.now())
    package = file.package()
    content = _with_buttons(package, wish_for)
    refuse_unsound(package, content)
    target = file.path.with_suffix(".xlsm")
    if not os.path.lexists(target):
        return Copy(target, content, fingerprint_of(package.data), is_made=False)
    refuse_when_open(target, file.now())
    if not _is_copy_of(read_file(target, most=file.limits.max_file), content):
        raise _other_file(file.path, target)
    return Copy(target, content, fingerprint_of(package.data), is_made=True)


def write_copy(file: ExcelFile, copy: Copy, wish_for: WishFor) -> bool:
    """Put the copy beside its .xlsx, or bring the one that is there up to date; whether anything was written.

    Raises WorkbookRefused when something else is there by now, WorkbookChanged when the .xlsx was saved since it was
    read; then there is no new copy.
    """
    if copy.is_made:
        return put_button(replace(file, path=copy.target), wish_for) is not None
    create_file(copy.target, copy.content, like=file.path)
    if file.fingerprint() != copy.made_of:
        copy.target.unlink()
        raise WorkbookChanged(f"{file.path.name} was saved by somebody else in the meantime", "run the command again")
    return True


def put_button(file: ExcelFile, wish_for: WishFor) -> Path | None:
    """Put the button into an .xlsm; returns the backup, None when all was there. Raises WorkbookError."""
    return file.rewrite(lambda package: _with_buttons(package, wish_for), file.fingerprint())


def take_button(file: ExcelFile) -> Path | None:
    """Take everything of the button out of an .xlsm; returns the backup, None when there was nothing."""
    return file.rewrite(without_buttons, file.fingerprint())


def _with_buttons(package: Package, wish_for: WishFor) -> bytes:
    keys = [entry.sheet_id for entry in package.sheets]
    seen = read_snapshot(package, keys, fingerprint_of(package.data))
    return with_buttons(package, seen, wish_for(seen))


def _is_copy_of(existing: bytes, content: bytes) -> bool:
    """Whether two workbooks with buttons are the same but for the buttons, the macro and the card."""
    if existing == content:
        return True
    try:
        plain = [Package.open(without_buttons(Package.open(data, "copy")), "copy") for data in (existing, content)]
        parts = [{part: _NO_NAMES.sub(b"", package.read(part)) for part in package.parts} for package in plain]
    except WorkbookRefused:
        return False
    return existing != plain[0].data and parts[0] == parts[1]


def _other_file(source: Path, target: Path) -> WorkbookRefused:
    refusal = there_already(target)
    return WorkbookRefused(
        f"{refusal.message}: it is not what {source.name} gives now",
        f"if that is the workbook in use, name it instead: {target.name}; else {refusal.remedy}",
    )
