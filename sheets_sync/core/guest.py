"""What may be written into a workbook whose plan is not installed here: flags and fixes, as far as cells alone tell.

Without the plan's history nothing is said that needs it, and what it said stays (HAZARDS 20). No ids, no columns.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping

from sheets_sync.core.cells import Kind
from sheets_sync.core.decision import Changes, Edit
from sheets_sync.core.history import History, Known
from sheets_sync.core.model import Flag
from sheets_sync.core.snapshot import Role
from sheets_sync.words.flags import FlagWords

REMEMBERED_FLAGS = frozenset({Flag.STALE, Flag.RE_DATED})
"""Flags that only somebody who saw the row before can give."""
MILDER = frozenset({"", Flag.LATE_START, Flag.DUE_SOON, Flag.ON_TRACK, Flag.PLANNED})
"""Flags that give way to those."""
CLOSED_FLAGS = frozenset({"", Flag.DONE, Flag.DONE_LATE, Flag.VERIFY})
"""What a closed row shows depends on when it was closed, and on whether that was before the plan was adopted."""
REMEMBERED_CODES = frozenset({"DUE006"})

_CODES = re.compile(r"\[([A-Z]{3}\d{3}(?:, [A-Z]{3}\d{3})*)\]$")


def assumed_history(seen: Mapping[str, Known], day: dt.date) -> History:
    """A past in which every row was there as it is now, so that none counts as new, changed or closed long ago."""
    return History({key: known._replace(silent=False) for key, known in seen.items()}, adopted_on=day)


def guest_changes(changes: Changes, words: FlagWords, *, closed: Collection[tuple[str, int]]) -> Changes:
    """Of all changes those of flags and fixes that need no history. `closed` are the tab keys and numbers of the rows
    that are closed: one without a flag was closed before the plan was adopted, and nothing is said of it."""
    kept_rows = {
        edit.ref[:2]
        for edit in changes.edits
        if edit.ref.role is Role.FLAG
        and (_flag_stays(edit, words) or (edit.ref[:2] in closed and edit.before.kind is Kind.BLANK))
    }
    edits = tuple(edit for edit in changes.edits if edit.ref[:2] not in kept_rows and _may_be_written(edit))
    return Changes(edits, (), changes.keys)


def _may_be_written(edit: Edit) -> bool:
    if edit.ref.role is Role.NEXT_FIX:
        return not (_codes(edit.before.text) & REMEMBERED_CODES) - _codes(edit.after.text)
    return edit.ref.role is Role.FLAG


def _flag_stays(edit: Edit, words: FlagWords) -> bool:
    if edit.before.kind not in (Kind.TEXT, Kind.BLANK):
        return False
    held, wanted = words.flag_in(edit.before.text), words.flag_in(edit.after.text)
    if edit.before.text and not held:
        return False
    return (held in REMEMBERED_FLAGS and wanted in MILDER) or (held in CLOSED_FLAGS and wanted in CLOSED_FLAGS)


def _codes(text: str) -> frozenset[str]:
    found = _CODES.search(text)
    return frozenset(found[1].split(", ")) if found else frozenset()
