"""Whether a workbook stands so that it can be replaced at all: real, alone, writable, not synced, with room to spare.

These reasons last: trying again does not help, a person has to do something. For who has it open see `lock_files`.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import WorkbookRefused
from sheets_sync.places import synced_root

_SPARE_BYTES = 64_000_000
_COPIES = 3


class Reason(NamedTuple):
    """Why a workbook is not written, and what to do about it."""

    message: str
    remedy: str

    def error(self) -> WorkbookRefused:
        """The reason as the error to raise."""
        return WorkbookRefused(self.message, self.remedy)


FreeSpace = Callable[[Path], int]
"""The free bytes of the volume that holds a folder."""


def free_space(folder: Path) -> int:
    """The bytes an ordinary user can still write on the volume that holds `folder`."""
    return shutil.disk_usage(folder).free


def why_not_replaceable(workbook: Path, *, sole_writer: bool) -> Reason | None:
    """The first lasting reason why this file must not be replaced, or None. `sole_writer` allows a synced folder."""
    reasons = _reasons(workbook, sole_writer=sole_writer)
    return next(reasons, None)


def _reasons(workbook: Path, *, sole_writer: bool) -> Iterator[Reason]:
    try:
        seen = workbook.lstat()
    except OSError as error:
        yield Reason(f"{workbook} cannot be found ({error.strerror})", "check the path; was it moved or renamed?")
        return
    if stat.S_ISLNK(seen.st_mode):
        real = os.path.realpath(workbook)
        yield Reason(f"{workbook} is a link, and writing would replace the link", f"name the real path: {real}")
    if seen.st_nlink > 1:
        yield Reason(
            f"{workbook} has {seen.st_nlink - 1} more names (hard links), and writing would part them",
            "keep one of the names, as a file of its own",
        )
    yield from _permissions(workbook, seen)
    root = None if sole_writer else synced_root(workbook)
    if root is not None:
        yield Reason(
            f"{workbook} lies in a {root.service} folder: a write here and a change elsewhere would end in two copies",
            'if nothing but this program writes the workbook, set synced_folder = "sole-writer" for the plan',
        )


def _permissions(workbook: Path, seen: os.stat_result) -> Iterator[Reason]:
    # Root may write everything, so for root the mode alone says that a file is meant to stay as it is.
    if not seen.st_mode & 0o222 or not _may(workbook, os.W_OK):
        yield Reason(f"no permission to write {workbook} (the file is read-only)", "allow writing the file")
    if not _may(workbook.parent, os.W_OK | os.X_OK):
        yield Reason(
            f"no permission to make files in {workbook.parent}, which a safe write needs",
            "allow this user to create files in that folder",
        )


def _may(path: Path, mode: int) -> bool:
    if os.access in os.supports_effective_ids:
        return os.access(path, mode, effective_ids=True)
    return os.access(path, mode)


def why_no_room(size: int, folders: Iterable[Path], free: FreeSpace) -> Reason | None:
    """The reason not to begin when a volume has less free than three workbooks of `size` bytes and 64 MB more.

    A full disk half-way is survived too, but it is kinder to say so before anything is begun (HAZARDS 32).
    """
    needed = _COPIES * size + _SPARE_BYTES
    for folder in folders:
        existing = folder
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        left = free(existing)
        if left < needed:
            return Reason(
                f"only {left // 1_000_000} MB are free on the volume of {folder}, a safe write needs "
                f"{-(-needed // 1_000_000)} MB",
                "make room on that volume",
            )
    return None
