"""Cells spliced into one row: only the cells written are made anew, every other byte of the row stays.

Where the cells of a row stand is in row_cells, which rows there are in sheet_body, the short way for rows written as
most programs write them in row_quick.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite, is_filled, letters, payload
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.row_cells import CellSpot, row_cells
from sheets_sync.workbooks.ooxml.row_quick import QuickRows, with_spans
from sheets_sync.workbooks.ooxml.splice import TAG, attribute

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")


class Looks(NamedTuple):
    """Where new cells get their style from, as indexes in digits, b"" for the first or none: `plain` gives the plain
    twin of a style, `clone` the style itself if it exists, `column` the default style of a column."""

    plain: Callable[[bytes], bytes]
    clone: Callable[[bytes], bytes]
    column: Callable[[int], bytes]


class _Step(NamedTuple):
    """What happened in one column: the bytes [start, end) give way to `put`; `style` is what the cell has, or had
    before it was erased."""

    column: int
    start: int
    end: int
    put: bytes
    style: bytes


_NO_STEP = _Step(-1, 0, 0, b"", b"")


class RowSplicer:
    """Splices cells into the rows of one sheet. Remembers which cells it had to leave alone, because a formula or an
    unexpected value stands in them, as (row, column) in `kept`."""

    def __init__(self, prefix: bytes, looks: Looks) -> None:
        self.kept: list[tuple[int, int]] = []
        self._prefix = prefix
        self._looks = looks
        self._quick = QuickRows(prefix, looks.plain, looks.clone)

    def new_row(self, number: int, writes: Mapping[int, CellWrite]) -> bytes:
        """A row that did not exist; b"" when nothing would stand in it."""
        if not any(write.value.text for write in writes.values()):
            return b""
        tag = b'<%brow r="%d">' % (self._prefix, number)
        return self.patched(tag + b"</%brow>" % self._prefix, number, writes)

    def patched(self, row: bytes, number: int, writes: Mapping[int, CellWrite]) -> bytes:
        """The row, from its `<row` to anything that may follow its end, with the cells written."""
        quick = self._quick.patched(row, b"%d" % number, writes)
        return quick if quick is not None else self._carefully(row, number, writes)

    def _carefully(self, row: bytes, number: int, writes: Mapping[int, CellWrite]) -> bytes:
        work = _RowWork(row, number, self._prefix, self._looks)
        out: list[bytes] = []
        at = work.start
        added = False
        last = _NO_STEP
        for column in sorted(writes):
            step = work.step(column, writes[column], last)
            if step is None:
                continue
            if step.put is _KEPT:
                self.kept.append((number, column))
            else:
                out += (row[at : step.start], step.put)
                at = step.end
                added = added or step.start == step.end
            last = step
        return work.joined(out, row[at:], (min(writes), max(writes)) if added else None) if out else row


_KEPT = b"(kept)"


class _RowWork:
    """One row while it is being changed."""

    __slots__ = ("_attributes", "_cells", "_digits", "_looks", "_prefix", "_row", "_tag", "start")

    def __init__(self, row: bytes, number: int, prefix: bytes, looks: Looks) -> None:
        tag = TAG.match(row)
        if tag is None:
            raise damaged("a row's start tag could not be read")
        self._row = row
        self._prefix = prefix
        self._looks = looks
        self._tag = tag[0]
        self._attributes = tag[3]
        self._digits = b"%d" % number
        self.start = tag.end()
        end = self.start if self._is_empty() else row.rfind(b"</%brow" % prefix)
        if end < 0:
            raise damaged("a row has no end")
        self._cells = row_cells(row, self._digits, prefix, self.start, end)

    def step(self, column: int, write: CellWrite, last: _Step) -> _Step | None:
        """Write one cell; None when nothing is to be done."""
        spot = self._cells.find(column)
        if spot is None:
            return None if write.value.kind is Kind.BLANK else self._insert(column, write, last)
        if _FORMULA.search(self._row, spot.start, spot.end) or (
            write.on_blank and is_filled(self._row[spot.start : spot.end])
        ):
            return _Step(column, spot.start, spot.end, _KEPT, spot.style)
        if write.erase and spot.style == self._fitting(column, write, last):
            return _Step(column, spot.start, spot.end, b"", spot.style)
        return _Step(column, spot.start, spot.end, self._cell(column, spot.style, write.value), spot.style)

    def joined(self, pieces: list[bytes], rest: bytes, widened: tuple[int, int] | None) -> bytes:
        """The whole row from its changed pieces; `widened` are the first and last column when cells were added."""
        tag = with_spans(self._tag, *widened) if widened else self._tag
        if not self._is_empty():
            return tag + b"".join(pieces) + rest
        return tag[:-2].rstrip() + b">" + b"".join(pieces) + b"</%brow>" % self._prefix + rest

    def _insert(self, column: int, write: CellWrite, last: _Step) -> _Step:
        style = self._fitting(column, write, last)
        place = last.end if last.column == column - 1 else self._cells.place(column)
        return _Step(column, place, place, self._cell(column, style, write.value), style)

    def _fitting(self, column: int, write: CellWrite, last: _Step) -> bytes:
        """The style a new cell gets here."""
        left: CellSpot | _Step | None = last if last.column == column - 1 else self._cells.find(column - 1)
        near = left.style if left else self._default(column)
        return self._looks.clone(near) if write.header else self._looks.plain(near)

    def _default(self, column: int) -> bytes:
        if attribute(self._attributes, b"customFormat") in (b"1", b"true"):
            return (attribute(self._attributes, b"s") or b"").lstrip(b"0")
        return self._looks.column(column)

    def _cell(self, column: int, style: bytes, value: CellValue) -> bytes:
        styled = b' s="' + style + b'"' if style else b""
        return b'<%bc r="%b%b"%b%b' % (
            self._prefix, letters(column), self._digits, styled, payload(value, self._prefix),
        )  # fmt: skip

    def _is_empty(self) -> bool:
        return self._attributes.endswith(b"/")
