"""Cells spliced into a row the short way, for rows written as most programs write them.

It does only what is plain: replace cells that are found by their address, append cells behind the last one. For all
else it says so, and row_splice goes carefully.
"""

import re
from collections.abc import Callable, Mapping

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite, is_filled, letters, payload
from sheets_sync.workbooks.ooxml.grid import column_number
from sheets_sync.workbooks.ooxml.splice import attribute, with_attribute

_REMEMBERED = 4_096
"""So many different values and spans are remembered; flags repeat, sentences may not."""
_Series = tuple[tuple[bytes, bytes], ...]
"""For each of some columns, what stands before and behind the row number in a new cell's start tag."""


class QuickRows:
    """Remembers, for one sheet, what repeats from row to row: column addresses, styles, spans, repeated values."""

    def __init__(self, prefix: bytes, plain: Callable[[bytes], bytes], clone: Callable[[bytes], bytes]) -> None:
        self._prefix = prefix
        self._plain = plain
        self._clone = clone
        self._any_cell = b"<" + prefix + b"c"
        self._close_cell = b"</" + prefix + b"c>"
        self._close_row = b"</" + prefix + b"row>"
        self._formula = b"<" + prefix + b"f"
        self._last = re.compile(rb"<" + re.escape(prefix) + rb'c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="\w+")?/?>')
        self._heads: dict[int, bytes] = {}
        self._styled: dict[bytes, bytes] = {}
        self._series: dict[tuple[bytes, bytes, tuple[int, ...], bool], _Series | None] = {}
        self._spans: dict[tuple[bytes, int, int], bytes] = {}
        self._values: dict[CellValue, bytes] = {}

    def patched(self, row: bytes, digits: bytes, writes: Mapping[int, CellWrite]) -> bytes | None:
        """The row with the cells written, None when it is not plain enough."""
        out: list[bytes] = []
        at = 0
        columns = sorted(writes)
        for done, column in enumerate(columns):
            write = writes[column]
            if write.erase:
                return None
            needle = self._head(column) + digits + b'"'
            start = row.find(needle, at)
            if start < 0:
                return self._appended(row, out, at, digits, tuple(columns[done:]), writes)
            tag = start + len(needle)
            stop = row.find(b">", tag)
            attributes = row[tag:stop]
            if attributes[-1:] != b"/":
                inner, stop = stop, row.find(self._close_cell, stop)
                if stop < 0 or self._formula in row[inner:stop] or (write.on_blank and is_filled(row[start:stop])):
                    return None
                stop += len(self._close_cell) - 1
            out += (row[at:start], needle, self._style(attributes), self._value(write.value))
            at = stop + 1
        out.append(row[at:])
        return b"".join(out)

    def _appended(
        self,
        row: bytes,
        out: list[bytes],
        at: int,
        digits: bytes,
        columns: tuple[int, ...],
        writes: Mapping[int, CellWrite],
    ) -> bytes | None:
        """The row with the remaining columns behind its last cell, None when they belong elsewhere or nowhere."""
        end = row.rfind(self._close_row)
        last = self._last.match(row, row.rfind(self._any_cell))
        if end < 0 or last is None or last.start() < at:
            return None
        series = self._following(last[1], last[2] or b"", columns, header=writes[columns[0]].header)
        if series is None:
            return None
        out.append(row[at:end])
        for column, (head, tail) in zip(columns, series, strict=True):
            value = writes[column].value
            if value.kind is Kind.BLANK:
                return None
            out += (head, digits, tail, self._value(value))
        out.append(row[end:])
        if not at:
            out[0] = self._widened(out[0], columns[0], columns[-1])
            return b"".join(out)
        return self._widened(b"".join(out), columns[0], columns[-1])

    def _following(self, last: bytes, style: bytes, columns: tuple[int, ...], *, header: bool) -> _Series | None:
        """What stands around the row number in new cells right of a cell in column `last` with this style; None when
        the columns do not follow it one by one."""
        key = (last, style, columns, header)
        if key not in self._series:
            first = column_number(last.decode()) + 1
            if columns != tuple(range(first, first + len(columns))):
                self._series[key] = None
            else:
                near = b"" if style == b"0" else style
                fitting = self._clone(near) if header else self._plain(near)
                tail = b'" s="' + fitting + b'"' if fitting else b'"'
                self._series[key] = tuple((self._head(column), tail) for column in columns)
        return self._series[key]

    def _head(self, column: int) -> bytes:
        head = self._heads.get(column)
        if head is None:
            head = self._heads[column] = b"<" + self._prefix + b'c r="' + letters(column)
        return head

    def _style(self, attributes: bytes) -> bytes:
        """The style attribute among a cell's attributes, to be written again."""
        styled = self._styled.get(attributes)
        if styled is None:
            index = attribute(attributes, b"s")
            styled = self._styled[attributes] = b' s="' + index + b'"' if index else b""
        return styled

    def _value(self, value: CellValue) -> bytes:
        written = self._values.get(value)
        if written is None:
            written = payload(value, self._prefix)
            if len(self._values) < _REMEMBERED:
                self._values[value] = written
        return written

    def _widened(self, row: bytes, first: int, last: int) -> bytes:
        """The row with its hint of filled columns widened."""
        stop = row.index(b">")
        start = row.find(b' spans="', 0, stop)
        if start < 0:
            return row
        rest = row[start:stop]
        widened = self._spans.get((rest, first, last))
        if widened is None:
            widened = with_spans(rest + b">", first, last)[:-1]
            if len(self._spans) < _REMEMBERED:
                self._spans[rest, first, last] = widened
        return row[:start] + widened + row[stop:]


def with_spans(tag: bytes, first: int, last: int) -> bytes:
    """The row's tag with its hint of filled columns widened (an optimisation of the format, but it must not lie)."""
    spans = (attribute(tag, b"spans") or b"").split()
    if not spans:
        return tag
    low, high = spans[0].partition(b":")[0], spans[-1].partition(b":")[2]
    if not (low.isdigit() and high.isdigit()):
        return tag
    return with_attribute(tag, b"spans", b"%d:%d" % (min(int(low), first), max(int(high), last)))
