"""The status column: words, ticks, percentages and codes as statuses (DOMAIN 2.1)."""

from collections.abc import Iterable, Sequence

from sheets_sync.core.cells import CellStyle, CellTrouble
from sheets_sync.core.column_cells import ColumnCells
from sheets_sync.core.dates import DASHES
from sheets_sync.core.model import DateProblem, DateReading, Status, StatusReading
from sheets_sync.words.statuses import LATE, is_code, status_key, status_name

DONE = StatusReading(Status.DONE)


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


def read_statuses(
    column: ColumnCells, styles: Sequence[CellStyle], own_words: Iterable[tuple[str, Status]]
) -> list[StatusReading]:
    """Each row's status as typed; an error is unknown, with its code."""
    texts = column.texts()
    if float in column.types:
        for place, cell in enumerate(column.cells):
            if cell is not None and type(cell.seen) is float and styles[cell.style].is_percent:
                texts[place] = f"{round(cell.seen * 100, 6):g} %"
    distinct = set(texts)
    reader = StatusReader(own_words, codes=only_codes(distinct))
    known = {text: reader.read(text) for text in distinct}
    readings = [known[text] for text in texts]
    if column.has_trouble():
        for place, seen in enumerate(column.seen):
            if isinstance(seen, CellTrouble):
                readings[place] = StatusReading(Status.UNKNOWN, seen.code)
    return readings


def done_where_dated(statuses: Sequence[StatusReading], done_on: Sequence[DateReading]) -> list[StatusReading]:
    """A blank status is done where a day of completion is given, be it one that only the order keeps from being
    read."""
    return [
        DONE if status.text in DASHES and (day.date is not None or day.problem is DateProblem.AMBIGUOUS) else status
        for status, day in zip(statuses, done_on, strict=True)
    ]


def only_codes(texts: Iterable[str]) -> bool:
    """Whether a status column holds nothing but one- and two-letter codes."""
    filled = set(texts) - {""}
    return bool(filled) and all(map(is_code, filled))
