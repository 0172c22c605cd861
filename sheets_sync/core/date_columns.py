"""The date columns of one tab together: each by its own order, durations counted from the start, revised due dates."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.column_cells import ColumnCells
from sheets_sync.core.content import DATES
from sheets_sync.core.dates import DateReader, proved_order
from sheets_sync.core.header import Header
from sheets_sync.core.merges import holding
from sheets_sync.core.model import NO_DATE, DateProblem, DateReading, Field
from sheets_sync.core.moving import CellPlace, moving_cells
from sheets_sync.core.snapshot import Tab
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.dates import unit_in_brackets


class DateColumns(NamedTuple):
    """`readings` by field, one per row. `orders` are the date orders that columns proved. `date_in` reads a date
    typed within another text."""

    readings: Mapping[Field, list[DateReading]]
    orders: tuple[tuple[Field, str], ...]
    date_in: Callable[[str], dt.date | None]


def read_dates(
    tab: Tab,
    header: Header,
    cells: Mapping[Field, ColumnCells],
    *,
    numbers: Sequence[int],
    order: str,
    calendar: Calendar,
    year: int | None,
) -> DateColumns:
    """Read every date column. `order` is the configured date order, "" when the columns must prove theirs."""
    readings: dict[Field, list[DateReading]] = {}
    readers: dict[Field, DateReader] = {}
    orders: list[tuple[Field, str]] = []
    headers = dict(header.headers)
    computed = {field for field, _ in header.columns if field in DATES and cells[field].has_formula()}
    moving = moving_cells(tab) if computed else frozenset()
    for field, column in header.columns:
        if field not in DATES:
            continue
        taken = cells[field]
        proved = "" if order or str not in taken.types else proved_order(taken.seen)
        orders += [(field, proved)] if proved else []
        unit = unit_in_brackets(headers.get(column, ""))
        reader = readers[field] = DateReader(calendar, order=order or proved, year=year, unit=unit)
        listed = reader.read_all(taken.cells, taken.seen, computed=field in computed)
        for place in holding(tab.computed, column, numbers):
            if listed[place] is not NO_DATE:
                listed[place] = listed[place]._replace(computed=True)
        readings[field] = _with_moving(listed, column, numbers, moving) if moving else listed
    _count_from_start(readings, readers)
    if header.revised and Field.ORIGINAL_DUE in readings:
        pairs = zip(readings[Field.DUE], readings[Field.ORIGINAL_DUE], strict=True)
        readings[Field.DUE] = [original if due is NO_DATE else due for due, original in pairs]
    agreed = {proved for _, proved in orders}
    usual = DateReader(calendar, order=order or (agreed.pop() if len(agreed) == 1 else ""), year=year)
    return DateColumns(readings, tuple(orders), usual.date_in)


def _with_moving(
    listed: list[DateReading], column: int, numbers: Sequence[int], moving: frozenset[CellPlace]
) -> list[DateReading]:
    """The readings of a column, with the dates of cells that move every day as no dates."""
    return [
        DateReading(problem=DateProblem.MOVES, text=reading.text, computed=True)
        if reading.date is not None and (row, column) in moving
        else reading
        for row, reading in zip(numbers, listed, strict=True)
    ]


def _count_from_start(readings: dict[Field, list[DateReading]], readers: Mapping[Field, DateReader]) -> None:
    """ "30 dias" is a due date where the start is known."""
    starts = readings.get(Field.START)
    for field in (Field.DUE, Field.ORIGINAL_DUE):
        reader = readers.get(field)
        if starts is None or reader is None or not reader.durations:
            continue
        readings[field] = [
            reader.from_start(reading, start.date) if start.date and reading in reader.durations else reading
            for reading, start in zip(readings[field], starts, strict=True)
        ]
