"""An Excel workbook on disk (.xlsx, .xlsm): listed, read, changed in place, and put back from a backup.

What the bytes mean is in `ooxml`; how a file is replaced without harm is in `files`. This module says in which order.
"""

import datetime as dt
import time
from collections.abc import Callable, Collection
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import TypeVar

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.snapshot import Snapshot, TabTitle
from sheets_sync.core.sync_log import Ticks
from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookError, WorkbookRefused
from sheets_sync.workbooks.files.backups import Backups, read_backup
from sheets_sync.workbooks.files.content import fingerprint_of, read_file
from sheets_sync.workbooks.files.leftovers import sweep
from sheets_sync.workbooks.files.lock_files import lock_on, refuse_when_open
from sheets_sync.workbooks.files.replacement import AtStep, Replacement, Step, changed
from sheets_sync.workbooks.files.standing import FreeSpace, free_space, why_no_room, why_not_replaceable
from sheets_sync.workbooks.ooxml.limits import DEFAULT_LIMITS, Limits
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles

_SUFFIXES = (".xlsx", ".xlsm")
_SECOND_LOOK_SECONDS = 2.0

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class ExcelFile:
    """One workbook file. `backups` is the folder for copies; `synced_folder` True says that nothing but this program
    writes the file, so that it may be written even where a sync client copies it.

    The rest stands in for the world in tests: the clock, waiting, an observer of a write's steps, free disk space.
    """

    path: Path
    _: KW_ONLY
    backups: Path
    synced_folder: bool = False
    limits: Limits = DEFAULT_LIMITS
    keep_backups: int = 10
    keep_days: int = 14
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    wait: Callable[[float], None] = time.sleep
    at_step: AtStep = lambda _: None
    free_space: FreeSpace = free_space

    def titles(self) -> tuple[TabTitle, ...]:
        """List the worksheets, in workbook order. Raises WorkbookError."""
        return self._understood(lambda package, _: read_titles(package))

    def fingerprint(self) -> str:
        """The SHA-256 of the file. Raises WorkbookError."""
        return fingerprint_of(self._content())

    def read(self, tabs: Collection[str]) -> Snapshot:
        """Read the tabs with these keys (sheetIds); unknown keys are left out. Raises WorkbookError."""
        snapshot = self._understood(lambda package, fingerprint: read_snapshot(package, tabs, fingerprint))
        return replace(snapshot, log=snapshot.log._replace(saved=self._saved())) if snapshot.log else snapshot

    def ticks(self, *, unless: str) -> Ticks:
        """What people ticked in the Sync log, without reading any other tab; nothing while the fingerprint is still
        `unless`, and while somebody has the workbook open, for it could not be answered. Raises WorkbookError."""
        if self.fingerprint() == unless or self.open_by():
            return Ticks()
        from sheets_sync.workbooks.ooxml.log_ticks import read_ticks  # only the schedule pays for it

        return self._understood(lambda package, _: read_ticks(package))

    def why_not_written(self) -> str:
        """The lasting reason why `apply` would refuse this file wherever it stands, "" when there is none.

        For a workbook that is merely open see `open_by`; for what stands in the package see `Snapshot.refusal`.
        """
        reason = why_not_replaceable(self.path, sole_writer=self.synced_folder)
        if reason is None:
            try:
                size = self.path.stat().st_size
            except OSError:
                size = 0
            reason = why_no_room(size, (self.path.parent, self.backups), self.free_space)
        return f"{reason.message}; {reason.remedy}" if reason is not None else ""

    def open_by(self) -> str:
        """Who has the workbook open, as a sentence; "" when nobody seems to. A write now would be deferred."""
        try:
            refuse_when_open(self.path, self.now())
        except WorkbookBusy as busy:
            by = f" (by {busy.holder})" if busy.holder else ""
            return f"{busy.message}{by}; {busy.remedy}"
        return ""

    def apply(self, changes: Changes, seen: Snapshot) -> Receipt:
        """Write `changes`, decided on `seen`, all that may be made in one replacement of the file.

        Raises WorkbookBusy while somebody has it open, WorkbookChanged when it is not what was read, WorkbookRefused
        with the way out; then nothing was written. Nothing to change leaves the file untouched.
        """
        from sheets_sync.workbooks.ooxml.writer import patch  # most runs write nothing

        if not changes:
            return Receipt((), (), (), seen.fingerprint)
        if seen.refusal:
            raise WorkbookRefused(f"{self.path}: {seen.refusal}")
        before = self._writable_content(seen.fingerprint)
        self.at_step(Step.READ)
        package = Package.open(before, str(self.path), self.limits)
        patched = patch(package, changes, seen)
        receipt = Receipt(patched.applied, patched.structures, patched.refused, seen.fingerprint)
        if patched.data == before:
            return receipt
        refuse_unsound(package, patched.data)
        self.at_step(Step.PATCHED)
        backup = self._replace(before, patched.data)
        return Receipt(
            patched.applied,
            patched.structures,
            patched.refused,
            fingerprint_of(patched.data),
            patched.parts_changed,
            patched.parts_untouched,
            str(backup),
        )

    def rewrite(self, make: Callable[[Package], bytes], expected_fingerprint: str) -> Path | None:
        """Give the file the content that `make` makes of its package, in one replacement; returns the backup, None
        when it is the content it had. Raises what `apply` raises, and what `make` does."""
        before = self._writable_content(expected_fingerprint)
        package = Package.open(before, str(self.path), self.limits)
        after = make(package)
        if after == before:
            return None
        refuse_unsound(package, after)
        return self._replace(before, after)

    def package(self) -> Package:
        """The file as a package. Raises WorkbookError."""
        return self._understood(lambda package, _: package)

    def restore(self, backup: Path, expected_fingerprint: str) -> str:
        """Put a backup back byte for byte, if the workbook is still exactly what its fingerprint says; returns the
        fingerprint then.

        Raises WorkbookChanged when it is not, WorkbookRefused for a damaged backup, and what `apply` raises.
        """
        content = read_backup(backup)
        before = self._writable_content(expected_fingerprint)
        if content != before:
            self._replacement(content, expected_fingerprint).make()
        return fingerprint_of(content)

    def backup_of(self, fingerprint: str) -> str:
        """Where a copy of the workbook with this fingerprint is kept; "" when there is none."""
        return str(self._backups().of(fingerprint) or "")

    def _writable_content(self, expected_fingerprint: str) -> bytes:
        """The file's content, if it may be replaced now and is what is expected; sweeps away what kills left."""
        reason = why_not_replaceable(self.path, sole_writer=self.synced_folder)
        if reason is not None:
            raise reason.error()
        refuse_when_open(self.path, self.now())
        content = self._content()
        if fingerprint_of(content) != expected_fingerprint:
            raise changed(self.path)
        no_room = why_no_room(len(content), (self.path.parent, self.backups), self.free_space)
        if no_room is not None:
            raise no_room.error()
        sweep(self.path, self._backups(), most=self.limits.max_file, now=self.now())
        return content

    def _replace(self, before: bytes, after: bytes) -> Path:
        backups = self._backups()
        backup = backups.keep(self.path, before, self.now())
        self.at_step(Step.BACKED_UP)
        try:
            self._replacement(after, fingerprint_of(before)).make()
        except WorkbookError as error:
            if isinstance(error, WorkbookChanged | WorkbookBusy) or self._still_holds(before):
                backups.forget(backup)
            raise
        backups.prune(self.now())
        return backup

    def _replacement(self, content: bytes, expected: str) -> Replacement:
        backups = self._backups()
        return Replacement(
            self.path, content, expected, self.at_step, lambda lost: backups.keep(self.path, lost, self.now())
        )

    def _saved(self) -> dt.datetime | None:
        try:
            return dt.datetime.fromtimestamp(self.path.stat().st_mtime, dt.UTC)
        except (OSError, OverflowError, ValueError):
            return None

    def _still_holds(self, content: bytes) -> bool:
        try:
            return self._content() == content
        except WorkbookError:
            return False

    def _backups(self) -> Backups:
        return Backups(self.backups, self.keep_backups, self.keep_days)

    def _content(self) -> bytes:
        if self.path.suffix.lower() not in _SUFFIXES:
            raise WorkbookRefused(
                f"{self.path} is not an .xlsx or .xlsm workbook",
                "open it in Excel, choose File > Save As > Excel Workbook (.xlsx) and name the new file",
            )
        return read_file(self.path, most=self.limits.max_file, follow=True)

    def _understood(self, understand: Callable[[Package, str], _Read]) -> _Read:
        """Read and understand the file; what looks like a save in progress gets a second look."""
        try:
            return self._understood_now(understand)
        except WorkbookRefused:
            if not self._may_be_being_saved():
                raise
        self.wait(_SECOND_LOOK_SECONDS)
        return self._understood_now(understand)

    def _understood_now(self, understand: Callable[[Package, str], _Read]) -> _Read:
        content = self._content()
        return understand(Package.open(content, str(self.path), self.limits), fingerprint_of(content))

    def _may_be_being_saved(self) -> bool:
        """Whether the file is empty or a zip, or gone while somebody has it open: all moments of a program's save."""
        try:
            start = self._content()[:2]
        except WorkbookRefused:
            return lock_on(self.path) is not None and not self.path.exists()
        return start in (b"", b"PK")


def refuse_unsound(before: Package, data: bytes) -> None:
    """Raise WorkbookRefused when `data`, made from `before`, has a flaw that Excel would offer to repair.

    Flaws that the workbook had already do not count.
    """
    from sheets_sync.workbooks.soundness import new_complaints

    complaints = new_complaints(before, Package.open(data, before.name, before.limits))
    if complaints:
        raise WorkbookRefused(
            f"{before.name}: nothing was written, because Excel would offer to repair the result ({complaints[0]})",
            "this is a mistake of the program: please report it; the workbook is as it was",
        )
