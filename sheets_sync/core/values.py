"""Cells that are neither dates nor headers: texts, percentages, id lists, statuses, ignores. Bad values never raise."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from sheets_sync.core.cells import NOT_CALCULATED, OUT_OF_RANGE, Cell, CellStyle, CellTrouble, Kind, Seen
from sheets_sync.core.dates import DASHES, shown
from sheets_sync.core.model import CellProblem, Field, Ignore, Status, StatusReading
from sheets_sync.words.enums import until_words
from sheets_sync.words.normalise import plain
from sheets_sync.words.statuses import LATE, is_code, status_key, status_name

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


def text_of(cell: Cell | None) -> str:
    """The text a person sees, outer blanks dropped; "" for a blank cell and for an error."""
    if cell is None:
        return ""
    seen = cell.seen
    if type(seen) is str:
        return seen.strip()
    return "" if type(seen) is CellTrouble else shown(seen)


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


def texts_of(cells: Iterable[Cell | None]) -> list[str]:
    """`text_of` for a whole column."""
    return ["" if cell is None else seen.strip() if type(seen := cell[1]) is str else text_of(cell) for cell in cells]


def has_trouble(cells: Iterable[Cell | None]) -> bool:
    """Whether any cell of a column has no usable value."""
    return CellTrouble in set(map(type, [None if cell is None else cell[1] for cell in cells]))


def has_formula(cells: Iterable[Cell | None]) -> bool:
    """Whether any cell of a column is a formula."""
    return Kind.FORMULA in {None if cell is None else cell[0][0] for cell in cells}


def percentages(cells: Sequence[Cell | None], styles: Sequence[CellStyle]) -> tuple[Numbers, dict[int, CellProblem]]:
    """A progress column as percent (0-100), and the problems of cells that are none, by place in `cells`.

    0.5 means 50 in a cell formatted as percent, and in any cell of a column whose unformatted numbers reach 1 at most.
    """
    # The type is part of what makes two cells equal: True is 1 to Python.
    distinct = {(cell[1].__class__, cell[1], cell[2]) for cell in cells if cell is not None}
    bare = [n for _, seen, style in distinct if (n := _bare_number(seen)) is not None and not styles[style].is_percent]
    factor = 100.0 if bare and all(0 <= number <= 1 for number in bare) else 1.0
    known = {key: _percent(key[1], factor=100.0 if styles[key[2]].is_percent else factor) for key in distinct}
    read = [None if cell is None else known[cell[1].__class__, cell[1], cell[2]] for cell in cells]
    if not any(isinstance(percent, str) for percent in known.values()):
        return cast("list[float | None]", read), {}
    wrong = [(place, problem) for place, problem in enumerate(read) if isinstance(problem, str)]
    problems = {place: CellProblem(Field.PROGRESS, problem, text_of(cells[place])) for place, problem in wrong}
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


class StatusReader:
    """Reads the status cells of one column. The plan's own map goes before the shipped words.

    `codes` tells that the column holds nothing but one- and two-letter codes.
    """

    def __init__(self, own_words: Iterable[tuple[str, Status]], *, codes: bool) -> None:
        self._own = {status_key(text): status for text, status in own_words}
        self._codes = codes
        self._known: dict[str, StatusReading] = {}

    def read(self, text: str) -> StatusReading:
        """Understand a status as typed; an unknown word is `Status.UNKNOWN`, a blank one is planned."""
        reading = self._known.get(text)
        if reading is None:
            reading = self._known[text] = self._understood(text)
        return reading

    def _understood(self, text: str) -> StatusReading:
        if text in DASHES:
            return StatusReading(Status.PLANNED)
        if (own := self._own.get(status_key(text))) is not None:
            return StatusReading(own, text)
        name = status_name(text, codes=self._codes)
        if name == LATE:
            return StatusReading(Status.PLANNED, text, typed_late=True)
        return StatusReading(Status(name) if name else Status.UNKNOWN, text)


def status_texts(cells: Sequence[Cell | None], styles: Sequence[CellStyle]) -> list[str]:
    """The texts of a status column; a number formatted as percent reads as "50 %"."""
    texts = texts_of(cells)
    for place, cell in enumerate(cells):
        if cell is not None and type(cell[1]) is float and styles[cell.style].is_percent:
            texts[place] = f"{round(cell[1] * 100, 6):g} %"
    return texts


def only_codes(texts: Iterable[str]) -> bool:
    """Whether a status column holds nothing but one- and two-letter codes."""
    filled = set(texts) - {""}
    return bool(filled) and all(map(is_code, filled))


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
