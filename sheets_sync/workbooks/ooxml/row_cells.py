"""Where the cells of one row stand in its bytes. Two ways: by search where the row is written as most programs write
it, by reading every start tag where not."""

import re
from functools import lru_cache
from typing import NamedTuple, Protocol

from sheets_sync.workbooks.ooxml.cell_xml import letters
from sheets_sync.workbooks.ooxml.grid import column_number
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.splice import TAG, attribute

_COLUMN = re.compile(rb"\$?([A-Za-z]+)")
_STYLE_NEXT = re.compile(rb' s="(\d+)"')


class CellSpot(NamedTuple):
    """Where one cell stands within its row: [start, end), and its style index, b"" for none or the first."""

    start: int
    end: int
    style: bytes


class RowCells(Protocol):
    """The cells of one row."""

    def find(self, column: int) -> CellSpot | None:
        """The cell in this column, None when the row has no element for it."""

    def place(self, column: int) -> int:
        """Where a cell of this column is to be inserted."""


def row_cells(row: bytes, number: bytes, prefix: bytes, start: int, end: int) -> RowCells:
    """The cells of a row whose content is [start, end) of `row`; `number` is the row's number in digits."""
    opened, closed = b"<" + prefix + b"c", b"</" + prefix + b"c"
    if row.count(opened) == row.count(opened + b' r="') and row.count(closed) == row.count(closed + b">"):
        return _SearchedCells(row, number, prefix, end)
    return _ListedCells(row, prefix, start, end)


def _index(style: bytes) -> bytes:
    return b"" if style == b"0" else style


@lru_cache(maxsize=8192)
def _number(text: bytes) -> int:
    return column_number(text.decode("ascii"))


class _SearchedCells:
    """Every cell of the row starts with `<c r="`: a cell is found by searching for its address."""

    __slots__ = ("_close", "_end", "_number", "_open", "_row")

    def __init__(self, row: bytes, number: bytes, prefix: bytes, end: int) -> None:
        self._row = row
        self._number = number + b'"'
        self._open = b"<" + prefix + b'c r="'
        self._close = b"</" + prefix + b"c>"
        self._end = end

    def find(self, column: int) -> CellSpot | None:
        needle = self._open + letters(column) + self._number
        start = self._row.find(needle)
        if start < 0:
            return None
        at = start + len(needle)
        stop = self._row.index(b">", at) + 1
        styled = _STYLE_NEXT.match(self._row, at)
        style = styled[1] if styled else attribute(self._row[at:stop], b"s") or b""
        if self._row[stop - 2 : stop] != b"/>":
            stop = self._row.find(self._close, stop) + len(self._close)
        if stop <= at:
            raise damaged("a cell has no end")
        return CellSpot(start, stop, _index(style))

    def place(self, column: int) -> int:
        last = self._row.rfind(self._open)
        if last < 0 or self._column_at(last) < column:
            return self._end
        at = self._row.find(self._open)
        while self._column_at(at) < column:
            at = self._row.find(self._open, at + 1)
        return at

    def _column_at(self, start: int) -> int:
        found = _COLUMN.match(self._row, start + len(self._open))
        if found is None:
            raise damaged("a cell's address is no address")
        return _number(found[1])


class _ListedCells:
    """Attributes in any order, cells without address: every start tag is read."""

    __slots__ = ("_end", "_spots")

    def __init__(self, row: bytes, prefix: bytes, start: int, end: int) -> None:
        self._end = end
        self._spots: dict[int, CellSpot] = {}
        opening, closing = _patterns(prefix)
        column = 0
        opened = opening.search(row, start, end)
        while opened:
            tag = TAG.match(row, opened.start())
            if tag is None:
                raise damaged("a cell's start tag could not be read")
            address = _COLUMN.match(attribute(tag[3], b"r") or b"")
            column = _number(address[1]) if address else column + 1
            stop = tag.end()
            if not tag[3].endswith(b"/") and (closed := closing.search(row, stop)):
                stop = closed.end()
            self._spots[column] = CellSpot(tag.start(), stop, _index(attribute(tag[3], b"s") or b""))
            opened = opening.search(row, stop, end)

    def find(self, column: int) -> CellSpot | None:
        return self._spots.get(column)

    def place(self, column: int) -> int:
        return next((spot.start for known, spot in self._spots.items() if known > column), self._end)


@lru_cache(maxsize=16)
def _patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    name = re.escape(prefix) + b"c"
    return re.compile(rb"<" + name + rb"(?=[\s/>])"), re.compile(rb"</" + name + rb"\s*>")
