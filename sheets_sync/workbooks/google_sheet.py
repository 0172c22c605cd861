"""A Google spreadsheet: listed, read and changed with as few calls as possible, safely beside people at work.

What the JSON means, and what is sent, is in `google`; HTTP, quotas and signing in are behind `google.calls.Calls`.
This module says in which order, and what of the last reading may be used again.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import replace

from sheets_sync.core.decision import Changes, Receipt, Refused, Structure, StructureKind
from sheets_sync.core.snapshot import LogTab, Snapshot, Tab, TabTitle
from sheets_sync.core.sync_log import Ticks, ticks_of
from sheets_sync.errors import WorkbookChanged, WorkbookRefused
from sheets_sync.workbooks.google.basic_filter import can_be_set
from sheets_sync.workbooks.google.calls import Calls, Json
from sheets_sync.workbooks.google.content_hash import content_hash
from sheets_sync.workbooks.google.log_requests import log_after, why_no_log
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.reader import READ_ONLY, Reader, titles_in
from sheets_sync.workbooks.google.sending import Sending
from sheets_sync.workbooks.google.structure_requests import why_no_list
from sheets_sync.workbooks.google.writer import Writing
from sheets_sync.workbooks.memory_changes import Outcome, changed_tabs

FRESH_SECONDS = 60.0
"""A reading not older than this is written upon at once; the answer to the write shows whether rows moved."""


class GoogleSheet:
    """One spreadsheet. Fulfils `base.Workbook`.

    `tabs` are the names of the tabs that runs look at: with them a reading is one call, and only they are listed while
    all of them are there; without them all tabs are looked at. `read_only` tells that the sign-in allows no writing: of
    what is read, a preview of what would be written may still be made.

    Nothing kept between calls is needed: it saves calls where one follows on another at once (list, read, write).
    """

    def __init__(
        self,
        calls: Calls,
        *,
        tabs: tuple[str, ...] = (),
        read_only: bool = False,
        fresh_seconds: float = FRESH_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._reader = Reader(calls, tabs=tabs, read_only=read_only)
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._wait = wait
        self._version = ""
        self._listing: Json | None = None
        self._told: Look | None = None
        self._ready: Look | None = None
        self._last: Look | None = None
        self._scope: tuple[str, ...] | None = None

    def titles(self) -> tuple[TabTitle, ...]:
        """List the tabs, in workbook order. Raises WorkbookError."""
        told, self._told = self._told, None
        if told is None and not self._reader.tabs:
            self._listing = self._reader.listing()
            return titles_in(self._listing)
        if told is None or self._is_old(told):
            self._scope = None
            told = self._look()
        self._ready = told
        return told.snapshot.titles

    def fingerprint(self) -> str:
        """The version as Drive counts it; a hash of the content where Drive may not be asked. Raises WorkbookError."""
        self._forget()
        self._scope = None
        self._version = self._drive_version()
        if self._version:
            return self._version
        self._told = self._ready = self._look()
        return self._ready.snapshot.fingerprint

    def read(self, tabs: Collection[str]) -> Snapshot:
        """Read the tabs with these keys (gids); unknown keys are left out. Raises WorkbookError.

        What `titles` or `fingerprint` read the moment before is not read again.
        """
        look, self._ready, self._told, self._scope = self._ready, None, None, None
        if look is None or self._is_old(look):
            look = self._look()
        if self._reader.tabs and any(key not in look.facts for key in tabs):
            self._scope = tuple(tabs)
            look = self._look()
        self._last = look
        chosen = tuple(tab for tab in look.snapshot.tabs if tab.key in tabs)
        return replace(look.snapshot, tabs=chosen, log=self._with_time(look.snapshot.log))

    def ticks(self, *, unless: str) -> Ticks:
        """What people ticked in the Sync log, in one call that reads no other tab; nothing, without that call, while
        the version is still `unless`. Raises WorkbookError."""
        if self._drive_version() == unless != "":
            return Ticks()
        return ticks_of(self._reader.log().tab)

    def apply(self, changes: Changes, seen: Snapshot) -> Receipt:
        """Write `changes`, decided on `seen`, and nothing else.

        Raises WorkbookChanged when the spreadsheet is no longer what was read a while ago, WorkbookBusy,
        WorkbookRefused; then nothing was written. What people do while it is written is found out from Google's
        answers, put right at once, and told by refusals.
        """
        nothing = Receipt((), (), (), seen.fingerprint)
        if not changes:
            return nothing
        if self._reader.read_only:
            raise WorkbookRefused(f"nothing was written: {READ_ONLY}")
        base = self._base(seen)
        allowed, unfit = _allowed(base, changes, seen)
        refused = (*unfit, *allowed.refused)
        log = _log_change(changes, unfit)
        if not (allowed.applied or allowed.structures or log or changes.remove_stamp or changes.stamp_alone):
            return replace(nothing, refused=refused)
        sending = Sending(self._calls, base, self._look, self._reader.log, self._wait)
        try:
            lost = Writing(sending, changes, allowed, log).make()
        finally:
            self._forget()
        gone = {refusal.what for refusal in lost}
        made = {*allowed.structures, log} - gone
        return Receipt(
            tuple(edit for edit in allowed.applied if edit not in gone) if gone else allowed.applied,
            tuple(structure for structure in changes.structures if structure in made),
            (*refused, *lost),
            _fingerprint_after(base, changes, allowed, log, is_told=sending.clean and not self._counts_versions(base)),
        )

    def _look(self) -> Look:
        """Look now. The version is asked for before, so that it is never newer than what is read."""
        version, self._version = self._version or self._drive_version(), ""
        listing, self._listing = self._listing, None
        taken = self._monotonic()
        return self._reader.look(taken=taken, fingerprint=version, wanted=self._scope, listing=listing)

    def _with_time(self, log: LogTab | None) -> LogTab | None:
        """The log with the time of the last change, where somebody asked for something and wants to know when."""
        return log._replace(saved=self._calls.modified()) if log is not None and ticks_of(log) else log

    def _base(self, seen: Snapshot) -> Look:
        """What `seen` was made from, whole; looked at again when that is gone or a while ago."""
        last = self._last
        is_it = last is not None and last.snapshot.fingerprint == seen.fingerprint
        if last is not None and is_it and (not self._is_old(last) or self._drive_version() == seen.fingerprint):
            return last
        self._forget()
        fresh = self._look()
        if fresh.snapshot.fingerprint != seen.fingerprint:
            raise WorkbookChanged("the sheet was changed since it was read")
        return fresh

    def _is_old(self, look: Look) -> bool:
        return self._monotonic() - look.taken >= self._fresh_seconds

    def _drive_version(self) -> str:
        version = self._calls.drive_version()
        return f"{_VERSION}{version}" if version else ""

    def _counts_versions(self, look: Look) -> bool:
        return look.snapshot.fingerprint.startswith(_VERSION)

    def _forget(self) -> None:
        self._version, self._listing = "", None
        self._told = self._ready = self._last = None


_VERSION = "version "


def _allowed(base: Look, changes: Changes, seen: Snapshot) -> tuple[Outcome, tuple[Refused, ...]]:
    """What may be written, as the strictest reading of the changes has it, and the structures Google could not hold."""
    unfit: dict[Structure, str] = {}
    for structure in changes.structures:
        is_log = structure.kind is StructureKind.LOG
        reason = why_no_log(structure, base.log) if is_log else why_no_list(structure, base.facts.get(structure.tab))
        if reason:
            unfit[structure] = reason
    others = (one for one in changes.structures if one.kind is not StructureKind.LOG)
    fitting = replace(changes, structures=tuple(one for one in others if one not in unfit))
    outcome = changed_tabs(base.snapshot.tabs, fitting, seen.tabs)
    return outcome, tuple(Refused(structure, reason) for structure, reason in unfit.items())


def _log_change(changes: Changes, unfit: tuple[Refused, ...]) -> Structure | None:
    """The change of the Sync log that may be made."""
    refused = {refusal.what for refusal in unfit}
    logs = (one for one in changes.structures if one.kind is StructureKind.LOG)
    return next((one for one in logs if one not in refused), None)


def _fingerprint_after(base: Look, changes: Changes, allowed: Outcome, log: Structure | None, *, is_told: bool) -> str:
    """The hash of what stands there now, if all went as told; else one that nothing has, so that the next run reads.

    A version counted after the write says nothing of what people did between our reading and it.
    """
    if not is_told:
        return f"after {base.snapshot.fingerprint}"
    tabs: list[Tab] = []
    for before, after in zip(base.snapshot.tabs, allowed.tabs, strict=True):
        kept = after.filter if can_be_set(base.facts[before.key].filter) else before.filter
        tabs.append(replace(after, tables=before.tables, filter=kept))
    stamp = changes.stamp if changes.stamp is not None else base.snapshot.stamp
    held = base.log.sheet.cells if base.log.sheet is not None else None
    cells = log_after(log, base.log) if log is not None else held
    return content_hash(tabs, base.snapshot.styles, None if changes.remove_stamp else stamp, cells)
