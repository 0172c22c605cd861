"""Which column holds a plan's ids: the team's own, when it can be a key, else ours (DOMAIN 1.2, HAZARDS 1)."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.column_cells import column_cells
from sheets_sync.core.header import Header
from sheets_sync.core.highlights import letters
from sheets_sync.core.model import Field, Finding, Severity
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Role, Row, Tab

LEAST_FILLED = 0.95
LEAST_DISTINCT = 0.6
"""In a column that was the key once; a group number used again and again never was."""

_ORDINAL = re.compile(r"0*(\d+)[.)ºª°]?")


class KeyChoice(NamedTuple):
    """`column` holds the ids (None: nowhere yet), `is_ours` tells whose it is. `finding` is DAT001 when two columns
    of the team could be the key. `settled` tells that an earlier run already took the team's column as the key."""

    column: int | None
    is_ours: bool
    finding: Finding | None = None
    settled: bool = False


def choose_key(tab: Tab, header: Header, actions: Sequence[Row], settings: PlanSettings) -> KeyChoice:
    """Choose the id column of one tab.

    A column that was the key when the tool first wrote stays it: blanks and duplicates typed since are reported. A
    column the config names is the key in any case.
    """
    if Role.ID in tab.marks:
        return KeyChoice(tab.marks[Role.ID], is_ours=True)
    if Role.ID in tab.lost_marks:
        return KeyChoice(None, is_ours=True)
    adopted = bool({Role.FLAG, Role.NEXT_FIX} & tab.marks.keys())
    mapped = any(field is Field.ID for field, _ in settings.column_map)
    if len(header.ids) == 1 and (mapped or (adopted and _still_tells_rows(actions, header.ids[0]))):
        return KeyChoice(header.ids[0], is_ours=False, settled=True)
    fit = [column for column in header.ids if can_be_key(actions, column)]
    if len(fit) > 1:
        return KeyChoice(None, is_ours=True, finding=_two_keys(tab, header, fit))
    return KeyChoice(fit[0], is_ours=False, settled=adopted) if fit else KeyChoice(None, is_ours=True)


def can_be_key(actions: Sequence[Row], column: int) -> bool:
    """Whether a team's column identifies its rows: filled, unique, typed, and more than the count of rows."""
    cells = column_cells(actions, column)
    filled = list(filter(None, cells.texts()))
    if not filled or len(filled) < LEAST_FILLED * len(actions) or len(set(filled)) < len(filled):
        return False
    return not cells.has_formula() and not _counts_rows(filled)


def _still_tells_rows(actions: Sequence[Row], column: int) -> bool:
    """Whether a column may have been the key when the tool first wrote, some copies and blanks aside."""
    filled = list(filter(None, column_cells(actions, column).texts()))
    return bool(filled) and len(set(filled)) >= LEAST_DISTINCT * len(filled) and not _counts_rows(filled)


def shared_between_tabs(keys: Mapping[str, Sequence[str]]) -> bool:
    """Whether two tabs (by key) use the same id."""
    all_keys = [key for listed in keys.values() for key in set(listed) if key]
    return len(set(all_keys)) < len(all_keys)


def _counts_rows(texts: Sequence[str]) -> bool:
    """Whether the texts are 1, 2, 3 ... (or 0, 1, 2 ...) in row order."""
    first = _ORDINAL.fullmatch(texts[0])
    start = int(first[1]) if first else -1
    return start in (0, 1) and all(
        (found := _ORDINAL.fullmatch(text)) is not None and int(found[1]) == number
        for number, text in enumerate(texts, start)
    )


def _two_keys(tab: Tab, header: Header, columns: Sequence[int]) -> Finding:
    texts = dict(header.headers)
    named = ", ".join(f'"{" ".join(texts[column].split())}" ({letters(column)}{header.row})' for column in columns)
    facts = (("kind", "ambiguous"), ("columns", named), ("cell", str(Field.ID)), ("name", str(Field.ID)))
    return Finding("DAT001", Severity.E, tab.key, header.row, Field.ID, facts)
