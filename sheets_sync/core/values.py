"""Cells that are neither dates nor statuses: percentages, id lists, ignores, and what is wrong with a cell. Bad values
never raise."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import cast

from sheets_sync.core.cells import NOT_CALCULATED, OUT_OF_RANGE, Cell, CellStyle, CellTrouble, Seen
from sheets_sync.core.column_cells import ColumnCells, text_of_seen
from sheets_sync.core.dates import DASHES
from sheets_sync.core.model import CellProblem, Field, Ignore
from sheets_sync.words.enums import until_words
from sheets_sync.words.normalise import plain

Numbers = list[float | None]

BLANKS = DASHES | {"n/a", "na", "n.a."}
ID_WORDS = 2
"""Parts between commas are ids only when none has more words than this ("Fiscal, Financial and ..." is one name)."""
LONGEST_DATE = 6
"""Words of the longest date ("30 de setembro de 2026")."""

_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(%?)")
_LIST_END = re.compile(r"\s*[;\n]+\s*")
_CODES = re.compile(r"\s*((?:[A-Za-z]{3}\d{3})(?:\s*[,;+ ]\s*[A-Za-z]{3}\d{3})*)\b")
_NEXT_IGNORE = re.compile(r"[\n;]+\s*(?=[A-Za-z]{3}\d{3}\b)")


def trouble(field: Field, cell: Cell | None) -> CellProblem | None:
    """What keeps the cell from having a value (DAT005): an error, a formula without a result, an impossible number."""
    if cell is None or type(cell.seen) is not CellTrouble:
        return None
    known = {NOT_CALCULATED: "not calculated", OUT_OF_RANGE: "out of range"}
    return CellProblem(field, known.get(cell.seen, "error"), cell.seen.code)


def id_list(text: str) -> tuple[str, ...]:
    """The ids in a cell, parted by `;`, a new line, or a comma where the parts can only be ids."""
    if not text:
        return ()
    parts = [part for part in _LIST_END.split(text) if part]
    if len(parts) == 1 and "," in text:
        listed = [part.strip() for part in text.split(",")]
        if all(len(part.split()) <= ID_WORDS for part in listed):
            parts = [part for part in listed if part]
    return tuple(parts)


def percentages(column: ColumnCells, styles: Sequence[CellStyle]) -> tuple[Numbers, dict[int, CellProblem]]:
    """A progress column as percent (0-100), and the problems of cells that are none, by place.

    0.5 means 50 in a cell formatted as percent, and in any cell of a column whose unformatted numbers reach 1 at most.
    """
    # The type is part of what makes two cells equal: True is 1 to Python.
    keys = [None if cell is None else (cell[1].__class__, cell[1], cell[2]) for cell in column.cells]
    distinct = {key for key in keys if key is not None}
    bare = [n for _, seen, style in distinct if (n := _bare_number(seen)) is not None and not styles[style].is_percent]
    factor = 100.0 if bare and all(0 <= number <= 1 for number in bare) else 1.0
    known = {key: _percent(key[1], factor=100.0 if styles[key[2]].is_percent else factor) for key in distinct}
    read = [None if key is None else known[key] for key in keys]
    if not any(isinstance(percent, str) for percent in known.values()):
        return cast("list[float | None]", read), {}
    wrong = [(place, problem) for place, problem in enumerate(read) if isinstance(problem, str)]
    problems = {place: CellProblem(Field.PROGRESS, what, text_of_seen(column.seen[place])) for place, what in wrong}
    return [None if isinstance(percent, str) else percent for percent in read], problems


def _bare_number(seen: Seen) -> float | None:
    return seen if isinstance(seen, int | float) and not isinstance(seen, bool) else None


def _percent(seen: Seen, *, factor: float) -> float | str | None:
    """The percentage, None for a blank, or what is wrong with the cell."""
    if isinstance(seen, bool):
        return 100.0 if seen else 0.0
    if isinstance(seen, str):
        text = seen.strip()
        if text.casefold() in BLANKS:
            return None
        written = _NUMBER.fullmatch(text)
        if written is None:
            return "not a number"
        number = float(written[1].replace(",", ".")) * (1.0 if written[2] else factor)
    elif isinstance(seen, int | float):
        number = seen * factor
    else:
        return "not a number" if isinstance(seen, dt.date) else None
    return round(number, 6) if 0 <= number <= 100 else "out of range"


def ignores(text: str, read_date: Callable[[str], dt.date | None]) -> tuple[Ignore, ...]:
    """What an `ignore` cell says: `CODE[,CODE] until DATE: reason`, one or more, in three languages.

    Words without a code stand for all that is shown on the row. A date that cannot be read counts as none.
    """
    return tuple(_ignore(part.strip(), read_date) for part in _NEXT_IGNORE.split(text) if part.strip())


def _ignore(text: str, read_date: Callable[[str], dt.date | None]) -> Ignore:
    found = _CODES.match(text)
    codes = tuple(re.findall(r"[A-Z]{3}\d{3}", found[1].upper())) if found else ()
    rest = text[found.end() :].strip() if found else text
    first, _, dated = rest.partition(" ")
    if plain(first) not in until_words():
        return Ignore(codes, None, rest.lstrip(":- ").strip())
    words = dated.split()
    for length in range(min(len(words), LONGEST_DATE), 0, -1):
        if until := read_date(" ".join(words[:length]).rstrip(":")):
            return Ignore(codes, until, " ".join(words[length:]).lstrip(":- "))
    return Ignore(codes, None, dated)
