"""Cells spliced into one row: only the cells written are made anew, every other byte of the row stays.

Which rows there are and where they stand is in sheet_body.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.workbooks.ooxml.cell_xml import letters, payload
from sheets_sync.workbooks.ooxml.grid import column_number
from sheets_sync.workbooks.ooxml.splice import TAG, attribute, with_attribute

_COLUMN = re.compile(rb"\$?([A-Za-z]+)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_STYLE_NEXT = re.compile(rb' s="(\d+)"')


class CellWrite(NamedTuple):
    """What becomes of one cell. `header` cells take exactly the look of their left neighbour when new, others its
    plain look. `erase` also removes the cell element, if it looks as we would have made it."""

    value: CellValue
    header: bool = False
    erase: bool = False


class Looks(NamedTuple):
    """Where new cells get their style from: `plain` gives the plain twin of a style, `column` the default style of a
    column ("" = none)."""

    plain: Callable[[bytes], bytes]
    column: Callable[[int], bytes]


class CellSpot(NamedTuple):
    """Where one cell stands within its row: [start, end), and its style index, b"" for none."""

    start: int
    end: int
    style: bytes


class RowCells(Protocol):
    """The cells of one row."""

    def find(self, column: int) -> CellSpot | None:
        """The cell in this column, None when the row has no element for it."""

    def place(self, column: int) -> int:
        """Where a cell of this column is to be inserted."""


@lru_cache(maxsize=8192)
def _column_of(text: bytes) -> int:
    return column_number(text.decode("ascii"))


class _PlainCells:
    """Cells found by searching for their address: every cell of the row starts with `<c r="`."""

    __slots__ = ("_close", "_end", "_number", "_open", "_row")

    def __init__(self, row: bytes, number: bytes, prefix: bytes, end: int) -> None:
        self._row = row
        self._number = number
        self._open = b"<" + prefix + b'c r="'
        self._close = b"</" + prefix + b"c>"
        self._end = end

    def find(self, column: int) -> CellSpot | None:
        needle = self._open + letters(column) + self._number
        start = self._row.find(needle)
        if start < 0:
            return None
        at = start + len(needle)
        style = _STYLE_NEXT.match(self._row, at)
        stop = self._row.index(b">", at) + 1
        if style is None and b" s" in self._row[at:stop]:
            tag = TAG.match(self._row, start)
            value = (attribute(tag[3], b"s") or b"") if tag else b""
        else:
            value = style[1] if style else b""
        if self._row[stop - 2] != 0x2F:
            stop = self._row.index(self._close, stop) + len(self._close)
        return CellSpot(start, stop, value)

    def place(self, column: int) -> int:
        last = self._row.rfind(self._open)
        if last < 0 or self._column_at(last) < column:
            return self._end
        at = self._row.find(self._open)
        while self._column_at(at) < column:
            at = self._row.find(self._open, at + 1)
        return at

    def _column_at(self, start: int) -> int:
        at = start + len(self._open)
        found = _COLUMN.match(self._row, at)
        return _column_of(found[1]) if found else 0


class _ListedCells:
    """Cells found by reading every start tag: attributes in any order, cells without address."""

    __slots__ = ("_end", "_spots")

    def __init__(self, row: bytes, prefix: bytes, start: int, end: int) -> None:
        self._end = end
        self._spots: dict[int, CellSpot] = {}
        column = 0
        closing = re.compile(rb"</" + prefix + rb"c\s*>")
        opening = re.compile(rb"<" + prefix + rb"c(?=[\s/>])")
        at = opening.search(row, start, end)
        while at:
            tag = TAG.match(row, at.start())
            if tag is None:
                break
            address = _COLUMN.match(attribute(tag[3], b"r") or b"")
            column = _column_of(address[1]) if address else column + 1
            stop = tag.end()
            if not tag[3].endswith(b"/") and (closed := closing.search(row, stop)):
                stop = closed.end()
            self._spots[column] = CellSpot(at.start(), stop, attribute(tag[3], b"s") or b"")
            at = opening.search(row, stop, end)

    def find(self, column: int) -> CellSpot | None:
        return self._spots.get(column)

    def place(self, column: int) -> int:
        return next((spot.start for known, spot in self._spots.items() if known > column), self._end)


class RowSplicer:
    """Splices cells into the rows of one sheet. Remembers which cells it had to leave alone, because a formula
    stands in them, as (row, column) in `kept`."""

    def __init__(self, prefix: bytes, looks: Looks) -> None:
        self.kept: list[tuple[int, int]] = []
        self._prefix = prefix
        self._looks = looks

    def new_row(self, number: int, writes: Mapping[int, CellWrite]) -> bytes:
        """A row that did not exist; b"" when nothing would stand in it."""
        if not any(write.value.text for write in writes.values()):
            return b""
        tag = b'<%brow r="%d">' % (self._prefix, number)
        return self.patched(tag + b"</%brow>" % self._prefix, number, writes)

    def patched(self, row: bytes, number: int, writes: Mapping[int, CellWrite]) -> bytes:
        """The row, from its `<row` to anything that may follow its end, with the cells written."""
        tag = TAG.match(row)
        if tag is None:
            raise ValueError("a row's start tag could not be read")
        empty = tag[3].endswith(b"/")
        end = tag.end() if empty else row.rindex(b"</")
        digits = b"%d" % number
        cells = self._cells(row, digits, tag.end(), end)
        out: list[bytes] = []
        at, done, style, added = tag.end(), -1, b"", False
        for column in sorted(writes):
            write = writes[column]
            spot = cells.find(column)
            if spot and _FORMULA.search(row, spot.start, spot.end):
                self.kept.append((number, column))
                out.append(row[at : spot.end])
                at, done, style = spot.end, column, spot.style
                continue
            if spot and not write.erase:
                place, stop, style = spot.start, spot.end, spot.style
            elif spot is None and write.value == BLANK:
                continue
            else:
                left = None if done == column - 1 else cells.find(column - 1)
                near = style if done == column - 1 else left.style if left else self._default(tag[3], column)
                fitting = near if write.header else self._looks.plain(near)
                if spot:
                    place, stop, style = spot.start, spot.end, spot.style
                else:
                    place = max(at, left.end) if left else at if done == column - 1 else cells.place(column)
                    stop, style, added = place, fitting, True
                if write.erase and style == fitting:
                    out.append(row[at:place])
                    at, done = stop, column
                    continue
            out += (row[at:place], self._cell(column, digits, style, write.value))
            at, done = stop, column
        if not out:
            return row
        start = _with_spans(tag[0], min(writes), max(writes)) if added else tag[0]
        if empty and added:
            start = start[:-2].rstrip() + b">"
            return start + b"".join(out) + b"</%brow>" % self._prefix + row[at:]
        return start + b"".join(out) + row[at:]

    def _cells(self, row: bytes, number: bytes, start: int, end: int) -> RowCells:
        prefix = self._prefix
        cells = row.count(b"<" + prefix + b"c")
        if cells == row.count(b"<" + prefix + b'c r="') and row.count(b"</" + prefix + b"c") == row.count(
            b"</" + prefix + b"c>"
        ):
            return _PlainCells(row, number + b'"', prefix, end)
        return _ListedCells(row, prefix, start, end)

    def _default(self, row_attributes: bytes, column: int) -> bytes:
        if attribute(row_attributes, b"customFormat") in (b"1", b"true"):
            return attribute(row_attributes, b"s") or b""
        return self._looks.column(column)

    def _cell(self, column: int, number: bytes, style: bytes, value: CellValue) -> bytes:
        styled = b' s="' + style + b'"' if style and style != b"0" else b""
        return b'<%bc r="%b%b"%b%b' % (self._prefix, letters(column), number, styled, payload(value, self._prefix))


def _with_spans(tag: bytes, first: int, last: int) -> bytes:
    """The row's tag with its hint of filled columns widened (an optimisation of the format, but it must not lie)."""
    spans = (attribute(tag, b"spans") or b"").split()
    if not spans:
        return tag
    low, _, _ = spans[0].partition(b":")
    _, _, high = spans[-1].partition(b":")
    if not (low.isdigit() and high.isdigit()):
        return tag
    return with_attribute(tag, b"spans", b"%d:%d" % (min(int(low), first), max(int(high), last)))
