"""Whether a column's cells fit what its header could mean: the evidence where a header alone does not settle it."""

import datetime as dt
import re
from collections.abc import Callable, Sequence

from sheets_sync.core.cells import Cell, CellTrouble
from sheets_sync.core.date_text import Duration, read_date_text
from sheets_sync.core.dates import DASHES, looks_like_date, shown
from sheets_sync.core.model import Field, Status
from sheets_sync.core.status_column import StatusReader
from sheets_sync.words.enums import verdict

SHARE = 0.8
"""Filled cells that must parse as the type (DOMAIN 1.1)."""
SAMPLE = 200
"""Filled cells looked at."""
LONGEST_NAME = 80
LONGEST_ID = 20
LONG_NOTE = 4
"""Words from which an average cell is a note rather than a word of a list."""
MOST_WORDS_OF_A_LIST = 12

DATES = frozenset(
    {
        Field.DUE,
        Field.ORIGINAL_DUE,
        Field.START,
        Field.DONE_ON,
        Field.VERIFIED_ON,
        Field.UPDATED_ON,
        Field.SNOOZE_UNTIL,
    }
)
NUMBERS = frozenset({Field.PROGRESS, Field.EFFORT, Field.COST})
PEOPLE = frozenset({Field.OWNER, Field.VERIFIER, Field.SUPPORT})

_AMOUNT = re.compile(r"(?:[A-Z]{0,3}[$€£]|[A-Z]{3})?\s*[+-]?\d[\d.,\s]*\s*(?:%|[^\W\d_]{1,6}|[$€£])?")


def fits(field: Field, cells: Sequence[Cell], own_statuses: Sequence[tuple[str, Status]] = ()) -> bool:
    """Whether at least 80 % of the filled cells parse as what the column would hold. No cell contradicts nothing."""
    if not cells:
        return True
    if field is Field.NOTE:
        texts = [shown(cell.seen) for cell in cells]
        return _share(_is_text, cells) and sum(len(text.split()) for text in texts) >= LONG_NOTE * len(texts)
    return _share(_test_of(field, cells, own_statuses), cells)


def holds_dates(cells: Sequence[Cell]) -> bool:
    """Whether the column has cells and they are dates."""
    return bool(cells) and _share(looks_like_date, cells)


def is_list_of_words(cells: Sequence[Cell]) -> bool:
    """Whether the cells repeat a few short texts, as a status column with the team's own words does."""
    texts = {shown(cell.seen) for cell in cells}
    short = all(len(text.split()) <= LONG_NOTE for text in texts)
    return short and _share(_is_text, cells) and len(texts) <= min(MOST_WORDS_OF_A_LIST, max(1, len(cells) // 2))


def sample(cells: Sequence[Cell | None]) -> tuple[Cell, ...]:
    """The first filled cells of a column."""
    found: list[Cell] = []
    for cell in cells:
        if cell is not None and shown(cell.seen) not in DASHES:
            found.append(cell)
            if len(found) == SAMPLE:
                break
    return tuple(found)


def _share(test: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    return sum(map(test, cells)) >= SHARE * len(cells)


def _test_of(field: Field, cells: Sequence[Cell], own_statuses: Sequence[tuple[str, Status]]) -> Callable[[Cell], bool]:
    if field is Field.DUE:
        return lambda cell: looks_like_date(cell) or _is_duration(cell)
    if field in DATES:
        return looks_like_date
    if field is Field.STATUS:
        reader = StatusReader(own_statuses, codes=all(len(shown(cell.seen)) <= 2 for cell in cells))
        return lambda cell: reader.read(shown(cell.seen)).status is not Status.UNKNOWN
    if field in NUMBERS:
        return _is_number
    if field in PEOPLE:
        return lambda cell: _is_text(cell) and "@" not in shown(cell.seen)[1:] and len(shown(cell.seen)) <= LONGEST_NAME
    if field is Field.EFFECTIVE:
        return lambda cell: bool(verdict(shown(cell.seen)))
    if field in (Field.ID, Field.DEPENDS_ON):
        return lambda cell: len(shown(cell.seen)) <= LONGEST_ID and " " not in shown(cell.seen).replace("; ", ";")
    if field is Field.ACTION:
        return lambda cell: _is_text(cell) and " " in shown(cell.seen)
    return lambda cell: _is_text(cell) or _is_number(cell)


def _is_text(cell: Cell) -> bool:
    return isinstance(cell.seen, str) and not looks_like_date(cell) and not _is_number(cell)


def _is_number(cell: Cell) -> bool:
    seen = cell.seen
    if isinstance(seen, str):
        return bool(_AMOUNT.fullmatch(seen.strip()))
    return not isinstance(seen, bool | dt.date | CellTrouble) and seen is not None


def _is_duration(cell: Cell) -> bool:
    return isinstance(cell.seen, str) and isinstance(read_date_text(cell.seen), Duration)
