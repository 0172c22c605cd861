"""What typing and sorting by hand do to cells."""

import datetime as dt
from collections.abc import Callable

from .grid import BLANK, Cell, Sheet
from .serials import serial_of
from .values import with_number_format

Typed = str | int | float | bool | dt.date | dt.datetime | None


def typed_cell(before: Cell, value: Typed, enter: Callable[[str, Cell], Cell]) -> Cell:
    if value is None:
        return before.holding(None) if before != BLANK else BLANK
    if isinstance(value, dt.date):
        is_moment = isinstance(value, dt.datetime)
        number = {"type": "DATE_TIME" if is_moment else "DATE", "pattern": "yyyy-mm-dd" + " hh:mm:ss" * is_moment}
        return before.holding(serial_of(value))._replace(format=with_number_format(before.format, number))
    if isinstance(value, str):
        return enter(value, before)
    return before.holding(int(value) if isinstance(value, float) and value.is_integer() else value)


def sort_apart(sheet: Sheet, columns: list[int], by: int, top: int, bottom: int, *, descending: bool) -> None:
    rows = [[sheet.cell(row, column - 1) for column in columns] for row in range(top, bottom)]
    at = columns.index(by)
    rows.sort(key=lambda cells: str(cells[at].value), reverse=descending)
    for number, cells in enumerate(rows, top):
        for column, cell in zip(columns, cells, strict=True):
            sheet.put(number, column - 1, cell)
