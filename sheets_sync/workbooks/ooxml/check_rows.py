"""What Excel would repair in the rows of a worksheet: order, addresses, styles, strings, values in merged cells.

Only given rows are looked into; the order of the rows themselves is always checked. Messages name places, no content.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, cell_address, column_letters, parse_cell
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.sheet_body import Body, row_starts
from sheets_sync.workbooks.ooxml.splice import TAG, attribute

_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_INLINE = re.compile(rb"<(?:[\w.-]+:)?is[\s/>]")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")


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
    style: bytes
    kind: bytes
    inside: bytes

    @property
    def value(self) -> bytes:
        """The raw content of its value element, b"" for none."""
        found = _VALUE.search(self.inside)
        return found[1].strip() if found else b""


class CutRows:
    """The rows of a sheet, cut out one by one."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.numbers, self._starts = row_starts(body)
        self.prefix = body.prefix
        self._stops = [*self._starts[1:], body.stop][: len(self._starts)]
        self._xml = body.xml

    def at(self, place: int) -> bytes:
        """The bytes of the row at a place in the file, from its start to that of the next."""
        return self._xml[self._starts[place] : self._stops[place]]

    def by_number(self, number: int) -> bytes:
        """The bytes of the row with this number, b"" when there is none."""
        return self.at(self.numbers.index(number)) if number in self.numbers else b""


def differing_rows(before: CutRows, after: CutRows) -> frozenset[int]:
    """The numbers of the rows that differ, of those that only one side has too."""
    places = {number: place for place, number in enumerate(before.numbers)}
    found = set(places.keys() - set(after.numbers))
    for place, number in enumerate(after.numbers):
        known = places.get(number)
        if known is None or before.at(known) != after.at(place):
            found.add(number)
    return frozenset(found)


def check_rows(rows: CutRows, looked_at: Collection[int] | None, *, bounds: Bounds, merged: Sequence[Area]) -> RowFacts:
    """Check the order of all rows, and everything inside those in `looked_at` (None = all)."""
    complaints: list[str] = []
    formulas: set[str] = set()
    for number in (number for number in rows.numbers if not 1 <= number <= MAX_ROW):
        complaints.append(f"row {number}: outside the grid")
    for before, number in pairwise(rows.numbers):
        if number <= before:
            complaints.append(f"row {number}: out of order or twice")
    for place, number in enumerate(rows.numbers):
        if looked_at is not None and number not in looked_at:
            continue
        row = rows.at(place)
        cells = tuple(row_cells(row, number, rows.prefix))
        complaints += _row_complaints(number, row, cells, bounds)
        for cell in cells:
            complaints += _cell_complaints(cell, bounds)
        complaints += _merged_complaints(number, cells, merged) if merged else ()
        if b"f" in row and _FORMULA.search(row):
            formulas |= {cell_address(cell.row, cell.column) for cell in cells if _FORMULA.search(cell.inside)}
    return RowFacts(tuple(complaints), frozenset(formulas))


def row_cells(row: bytes, number: int, prefix: bytes) -> Iterator[CheckedCell]:
    """The cells of one row."""
    column = 0
    for found in _cell_pattern(prefix).finditer(row):
        plain, tag, inside = found[1], found[4], found[5] or b""
        if plain is not None:
            own_row, column = _position(plain)
            yield CheckedCell(own_row, column, found[2] or b"", found[3] or b"n", inside)
            continue
        address = attribute(tag, b"r")
        own_row, column = _position(address) if address else (number, column + 1)
        yield CheckedCell(own_row, column, attribute(tag, b"s") or b"", attribute(tag, b"t") or b"n", inside)


def _position(address: bytes) -> tuple[int, int]:
    letters = address.rstrip(b"0123456789")
    column = _column(letters)
    digits = address[len(letters) :]
    return (int(digits), column) if digits and column and len(digits) < 8 else (0, 0)


@lru_cache(maxsize=4096)
def _column(letters: bytes) -> int:
    try:
        return parse_cell(letters.decode() + "1")[1]
    except (Unreadable, UnicodeError):
        return 0


@lru_cache(maxsize=16)
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    name = re.escape(prefix) + b"c"
    plain = rb"""\sr="([^"]*)"(?:\ss="([^"]*)")?(?:\st="([^"]*)")?\s?(?=/?>)"""
    other = rb"""((?:\s(?:[^<>"'/]|"[^"]*"|'[^']*')*)?)"""
    return re.compile(
        rb"<" + name + rb"(?:" + plain + rb"|" + other + rb")(?:/>|>(.*?)</" + name + rb"\s*>)", re.DOTALL
    )


def _row_complaints(number: int, row: bytes, cells: Sequence[CheckedCell], bounds: Bounds) -> Iterator[str]:
    tag = TAG.match(row)
    if _beyond((attribute(tag[3], b"s") or b"") if tag else b"", bounds.formats):
        yield f"row {number}: its style does not exist"
    before = 0
    for cell in cells:
        if not 1 <= cell.column <= MAX_COLUMN or cell.row != number:
            yield f"row {number}: a cell has an address of another row or outside the grid"
        elif cell.column <= before:
            yield f"row {number}: {column_letters(cell.column)} is out of order or twice"
        before = max(before, cell.column)


def _cell_complaints(cell: CheckedCell, bounds: Bounds) -> Iterator[str]:
    if _beyond(cell.style, bounds.formats):
        yield f"{_place(cell)}: its style does not exist"
    if not cell.inside:
        return
    value = cell.value
    if cell.kind == b"s" and _beyond(value, bounds.strings or 0):
        yield f"{_place(cell)}: its shared string does not exist"
    if cell.kind == b"b" and value not in (b"", b"0", b"1"):
        yield f"{_place(cell)}: a truth value is neither 0 nor 1"
    if cell.kind == b"n" and not _is_number(value):
        yield f"{_place(cell)}: a number is none"
    if (cell.kind == b"inlineStr") != (b"is" in cell.inside and _INLINE.search(cell.inside) is not None):
        yield f"{_place(cell)}: an inline text and its cell's type do not fit"


def _place(cell: CheckedCell) -> str:
    return cell_address(cell.row, cell.column) if cell.column else f"row {cell.row}"


def _merged_complaints(number: int, cells: Sequence[CheckedCell], merged: Sequence[Area]) -> Iterator[str]:
    near = [area for area in merged if area.top <= number <= area.bottom]
    for cell in cells:
        for area in near if cell.inside else ():
            if area.holds(cell.row, cell.column) and (cell.row, cell.column) != (area.top, area.left):
                yield f"{_place(cell)}: a value inside merged cells"
                break


def _beyond(index: bytes, count: int | None) -> bool:
    if not index or count is None:
        return False
    return not index.isdigit() or int(index) >= count


def _is_number(text: bytes) -> bool:
    try:
        float(text or b"0")
    except ValueError:
        return False
    return True
