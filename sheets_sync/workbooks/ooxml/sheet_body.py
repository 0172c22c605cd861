"""A worksheet part in its three pieces, and cells spliced into its rows: only touched rows are made anew.

One row's bytes are the matter of row_splice. What surrounds the rows (columns, filter, rules, lists) is changed in
the frame, the part without its rows, by other modules.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.cell_xml import CellWrite
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.row_splice import Looks, RowSplicer
from sheets_sync.workbooks.ooxml.splice import TAG, attribute
from sheets_sync.workbooks.ooxml.zip_assemble import Piece, Pieces

Writes = Mapping[int, Mapping[int, CellWrite]]
"""What is written, by row number and column number."""

_SHEET_DATA = re.compile(rb"<([\w.-]+:)?sheetData(?=[\s/>])")
_SPARSE = 20_000
"""Rows further apart than so many bytes are sought one by one instead of listing all rows."""
OPEN_AND_SAVE = "open the workbook in Excel and save it once"


class Body(NamedTuple):
    """A worksheet part, cut into frame and rows.

    `frame` is the part with `<sheetData/>` in place of its rows; the rows are [start, stop) of `xml`. `opening` is
    the start tag of sheetData, never an empty one.
    """

    xml: bytes
    prefix: bytes
    frame: bytes
    opening: bytes
    start: int
    stop: int


class RowIndex(NamedTuple):
    """The rows of a body: their numbers, ascending, and where they start; `stop` is where the last one ends."""

    numbers: Sequence[int]
    starts: Sequence[int]
    stop: int


class Patched(NamedTuple):
    """The rows after a change, in pieces, whether any row differs, and the cells left alone because of a formula or an
    unexpected value."""

    pieces: Pieces
    differ: bool
    kept: tuple[tuple[int, int], ...]


def unspliceable(xml: bytes) -> str:
    """Why this worksheet part (in UTF-8) cannot be changed as bytes, "" when it can."""
    if b"!" in xml and (b"<!--" in xml or b"<![CDATA[" in xml):
        return f"the sheet holds XML comments; {OPEN_AND_SAVE}"
    if _SHEET_DATA.search(xml) is None:
        return f"the sheet has no cell area; {OPEN_AND_SAVE}"
    return ""


def split(xml: bytes) -> Body:
    """Cut a part that is not `unspliceable`. Raises Unreadable when it is broken."""
    found = _SHEET_DATA.search(xml)
    tag = TAG.match(xml, found.start()) if found else None
    if tag is None:
        raise damaged("a sheet has no cell area")
    prefix = tag[1] or b""
    stub = b"<%bsheetData/>" % prefix
    if tag[3].endswith(b"/"):
        opening = tag[0][:-2].rstrip() + b">"
        frame = xml[: tag.start()] + stub + xml[tag.end() :]
        return Body(xml, prefix, frame, opening, tag.end(), tag.end())
    stop = xml.rfind(b"</%bsheetData" % prefix)
    if stop < tag.end():
        raise damaged("a sheet's cell area has no end")
    frame = xml[: tag.start()] + stub + xml[xml.index(b">", stop) + 1 :]
    return Body(xml, prefix, frame, tag[0], tag.end(), stop)


def joined(body: Body, frame: bytes, pieces: Sequence[Piece]) -> Pieces:
    """The whole part again in pieces, from a frame that may have changed and rows that may have."""
    stub = b"<%bsheetData/>" % body.prefix
    before, found, after = frame.partition(stub)
    if not found:
        raise damaged("a sheet has no cell area")
    if not any(pieces):
        rows = stub if body.start == body.stop else body.opening + b"</%bsheetData>" % body.prefix
        return before, rows, after
    return before, body.opening, *pieces, b"</%bsheetData>" % body.prefix, after


def row_starts(body: Body) -> tuple[Sequence[int], Sequence[int]]:
    """The numbers of all rows and where they start, in file order. Raises Unreadable."""
    numbers: list[int] = []
    starts: list[int] = []
    for found in re.compile(rb"<" + re.escape(body.prefix) + rb'row r="(\d+)"').finditer(
        body.xml, body.start, body.stop
    ):
        numbers.append(int(found[1]))
        starts.append(found.start())
    if len(numbers) == body.xml.count(b"<%brow" % body.prefix, body.start, body.stop):
        return numbers, starts
    return _listed_rows(body)


def index_rows(body: Body) -> RowIndex:
    """Find all rows. Raises Unreadable when they do not ascend."""
    numbers, starts = row_starts(body)
    if any(a >= b for a, b in pairwise(numbers)):
        raise damaged("the rows of a sheet are out of order")
    if not numbers and body.xml[body.start : body.stop].strip():
        raise damaged("the rows of a sheet cannot be found")
    return RowIndex(numbers, starts, body.stop)


def _listed_rows(body: Body) -> tuple[list[int], list[int]]:
    """Rows with attributes in any order, or without number: such a row follows the one before."""
    numbers: list[int] = []
    starts: list[int] = []
    for found in re.compile(rb"<" + re.escape(body.prefix) + rb"row(?=[\s/>])").finditer(
        body.xml, body.start, body.stop
    ):
        tag = TAG.match(body.xml, found.start())
        number = attribute(tag[3], b"r") if tag else None
        if number is not None and not number.isdigit():
            raise damaged("a row number is no number")
        numbers.append(int(number) if number else (numbers[-1] + 1 if numbers else 1))
        starts.append(found.start())
    return numbers, starts


def patch_rows(body: Body, writes: Writes, looks: Looks) -> Patched:
    """Write cells into the rows. Raises Unreadable when the rows cannot be told apart."""
    if not writes:
        return Patched((memoryview(body.xml)[body.start : body.stop],), differ=False, kept=())
    splicer = RowSplicer(body.prefix, looks)
    view = memoryview(body.xml)
    pieces: list[Piece] = []
    at = body.start
    differ = False
    for number, start, stop in _places(body, sorted(writes)):
        row = body.xml[start:stop]
        after = splicer.patched(row, number, writes[number]) if row else splicer.new_row(number, writes[number])
        differ = differ or after != row
        pieces += (view[at:start], after)
        at = stop
    pieces.append(view[at : body.stop])
    return Patched(tuple(pieces), differ, tuple(splicer.kept))


def _places(body: Body, wanted: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """Where the wanted rows are, as (number, start, end); a row that does not exist is empty, at its place."""
    if len(wanted) * _SPARSE < body.stop - body.start:
        sought = [_sought(body, number) for number in wanted]
        if all(place is not None for place in sought):
            return [place for place in sought if place is not None]
    index = index_rows(body)
    return [_indexed(index, number) for number in wanted]


def _indexed(index: RowIndex, number: int) -> tuple[int, int, int]:
    place = bisect_left(index.numbers, number)
    start = index.starts[place] if place < len(index.starts) else index.stop
    if place == len(index.numbers) or index.numbers[place] != number:
        return number, start, start
    return number, start, index.starts[place + 1] if place + 1 < len(index.starts) else index.stop


def _sought(body: Body, number: int) -> tuple[int, int, int] | None:
    """Where one row is, found by halving without looking at most rows; None when that cannot be said so."""
    xml, opened = body.xml, b"<%brow" % body.prefix
    numbered = re.compile(re.escape(opened) + rb' r="(\d+)"')
    low, high = body.start, body.stop
    while low < high:
        middle = (low + high) // 2
        start = xml.find(opened, middle, high + len(opened))
        if start < 0:
            high = middle
            continue
        found = numbered.match(xml, start)
        if found is None:
            return None
        known = int(found[1])
        if known == number:
            following = xml.find(opened, found.end(), body.stop)
            return number, start, following if following >= 0 else body.stop
        if known < number:
            low = found.end()
        else:
            high = middle
    return None
