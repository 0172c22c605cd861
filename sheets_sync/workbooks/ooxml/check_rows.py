"""What Excel would repair in the rows of a worksheet: order, addresses, styles, strings, values in merged cells.

Only given rows are looked into; the order of the rows themselves is always checked. Messages name places, no content.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, cell_address, column_letters, parse_cell
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.sheet_body import Body, row_starts
from sheets_sync.workbooks.ooxml.splice import TAG, attribute

_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_INLINE = re.compile(rb"<(?:[\w.-]+:)?is[\s/>]")


class Bounds(NamedTuple):
    """How many there are of what cells point to. None = there is no such part."""

    formats: int | None
    strings: int | None


class RowFacts(NamedTuple):
    """What the looked-at rows said: complaints, and the addresses of their formula cells."""

    complaints: tuple[str, ...]
    formulas: frozenset[str]


class CheckedCell(NamedTuple):
    """One cell element. `row` and `column` are 0 when its address cannot be read."""

    row: int
    column: int
    attributes: bytes
    inside: bytes

    @property
    def kind(self) -> bytes:
        """The type of its value."""
        return attribute(self.attributes, b"t") or b"n"

    @property
    def value(self) -> bytes:
        """The raw content of its value element, b"" for none."""
        found = _VALUE.search(self.inside)
        return found[1] if found else b""


def row_bytes(body: Body) -> tuple[tuple[int, bytes], ...]:
    """Every row as (number, bytes), in file order."""
    numbers, starts = row_starts(body)
    stops = [*starts[1:], body.stop][: len(starts)]
    return tuple((number, body.xml[start:stop]) for number, start, stop in zip(numbers, starts, stops, strict=True))


def check_rows(body: Body, rows: Collection[int] | None, *, bounds: Bounds, merged: Collection[Area]) -> RowFacts:
    """Check the order of all rows, and everything inside those in `rows` (None = all)."""
    complaints: list[str] = []
    formulas: set[str] = set()
    before = 0
    for number, row in row_bytes(body):
        if not 1 <= number <= MAX_ROW:
            complaints.append(f"row {number}: outside the grid")
        if number <= before:
            complaints.append(f"row {number}: out of order or twice")
        before = number
        if rows is None or number in rows:
            cells = tuple(row_cells(row, number, body.prefix))
            complaints += _row_complaints(number, row, cells, bounds)
            complaints += _cell_complaints(cells, bounds)
            complaints += _merged_complaints(cells, merged)
            formulas |= {cell_address(cell.row, cell.column) for cell in cells if _FORMULA.search(cell.inside)}
    return RowFacts(tuple(complaints), frozenset(formulas))


def row_cells(row: bytes, number: int, prefix: bytes) -> Iterator[CheckedCell]:
    """The cells of one row."""
    column = 0
    for found in _cell_pattern(prefix).finditer(row):
        address = attribute(found[1], b"r")
        try:
            own_row, column = parse_cell(address.decode()) if address else (number, column + 1)
        except (Unreadable, UnicodeError):
            own_row, column = 0, 0
        yield CheckedCell(own_row, column, found[1], found[2] or b"")


@lru_cache(maxsize=16)
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    name = re.escape(prefix) + b"c"
    attributes = rb"""((?:\s(?:[^<>"'/]|"[^"]*"|'[^']*')*)?)"""
    return re.compile(rb"<" + name + attributes + rb"(?:/>|>(.*?)</" + name + rb"\s*>)", re.DOTALL)


def _row_complaints(number: int, row: bytes, cells: Collection[CheckedCell], bounds: Bounds) -> Iterator[str]:
    tag = TAG.match(row)
    if _beyond(attribute(tag[3], b"s") if tag else None, bounds.formats):
        yield f"row {number}: its style does not exist"
    before = 0
    for cell in cells:
        if not 1 <= cell.column <= MAX_COLUMN or cell.row != number:
            yield f"row {number}: a cell has an address of another row or outside the grid"
        elif cell.column <= before:
            yield f"row {number}: {column_letters(cell.column)} is out of order or twice"
        before = max(before, cell.column)


def _cell_complaints(cells: Collection[CheckedCell], bounds: Bounds) -> Iterator[str]:
    for cell in cells:
        place = cell_address(cell.row, cell.column) if cell.column else f"row {cell.row}"
        if _beyond(attribute(cell.attributes, b"s"), bounds.formats):
            yield f"{place}: its style does not exist"
        kind, value = cell.kind, cell.value.strip()
        if kind == b"s" and value and _beyond(value, bounds.strings or 0):
            yield f"{place}: its shared string does not exist"
        if kind == b"b" and value not in (b"", b"0", b"1"):
            yield f"{place}: a truth value is neither 0 nor 1"
        if kind == b"n" and not _is_number(value):
            yield f"{place}: a number is none"
        if (kind == b"inlineStr") != (_INLINE.search(cell.inside) is not None) and cell.inside:
            yield f"{place}: an inline text and its cell's type do not fit"


def _merged_complaints(cells: Collection[CheckedCell], merged: Collection[Area]) -> Iterator[str]:
    if not merged or not cells:
        return
    number = next(iter(cells)).row
    near = [area for area in merged if area.top <= number <= area.bottom]
    for cell in cells:
        if cell.inside and any(
            area.holds(cell.row, cell.column) and (cell.row, cell.column) != (area.top, area.left) for area in near
        ):
            yield f"{cell_address(cell.row, cell.column)}: a value inside merged cells"


def _beyond(index: bytes | None, count: int | None) -> bool:
    if index is None or count is None:
        return False
    return not index.isdigit() or int(index) >= max(count, 0)


def _is_number(text: bytes) -> bool:
    try:
        float(text or b"0")
    except ValueError:
        return False
    return True


_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
