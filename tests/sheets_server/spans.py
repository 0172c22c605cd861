"""Where rows, columns and ranges are after rows or columns were inserted, deleted or moved. Pure."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from .errors import Json

ROWS, COLUMNS = "ROWS", "COLUMNS"
ENDS = {ROWS: ("startRowIndex", "endRowIndex"), COLUMNS: ("startColumnIndex", "endColumnIndex")}


class Insert(NamedTuple):
    """`count` blank lines put in before `at`."""

    at: int
    count: int


class Delete(NamedTuple):
    """Lines start..end taken out."""

    start: int
    end: int


class Move(NamedTuple):
    """Lines start..end put before the line that was `to`."""

    start: int
    end: int
    to: int


Shift = Insert | Delete | Move


def index_after(shift: Shift, index: int) -> int | None:
    """Where one line is afterwards; None when it is gone."""
    match shift:
        case Insert(at, count):
            return index + count if index >= at else index
        case Delete(start, end):
            return None if start <= index < end else index - (end - start) if index >= end else index
        case Move(start, end, to):
            count = end - start
            if start <= index < end:
                return index + (to - end if to >= end else to - start)
            if to >= end and end <= index < to:
                return index - count
            return index + count if to <= index < start else index


def spans_after(shift: Shift, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches a stretch has become; several when a move tore it, none when it was deleted."""
    match shift:
        case Insert(at, count):
            return [(start + count if start >= at else start, end + count if end > at else end)]
        case Delete(first, last):
            left = [start - max(0, min(start, last) - first), end - max(0, min(end, last) - first)]
            return [(left[0], left[1])] if left[0] < left[1] else []
        case Move():
            return _runs(shift, start, end)


def _runs(shift: Move, start: int, end: int) -> list[tuple[int, int]]:
    cuts = sorted({start, end, *(cut for cut in (shift.start, shift.end, shift.to) if start < cut < end)})
    pieces = sorted((index_after(shift, first) or 0, last - first) for first, last in pairwise(cuts))
    runs: list[tuple[int, int]] = []
    for first, length in pieces:
        if runs and runs[-1][1] == first:
            runs[-1] = (runs[-1][0], first + length)
        else:
            runs.append((first, first + length))
    return runs


def ranges_after(shift: Shift, dimension: str, area: Json) -> list[Json]:
    """The GridRanges a GridRange has become. Open ends stay open."""
    low, high = ENDS[dimension]
    if low not in area and high not in area:
        return [area]
    if high not in area:
        at = index_after(shift, area[low])
        return [area if at is None else area | {low: at}]
    return [area | {low: start, high: end} for start, end in spans_after(shift, area.get(low, 0), area[high])]


def range_after(shift: Shift, dimension: str, area: Json) -> Json | None:
    """The one GridRange around what a GridRange has become; None when it is gone."""
    return around(ranges_after(shift, dimension, area))


def around(areas: Iterable[Json]) -> Json | None:
    """The smallest GridRange around some that differ in one dimension only."""
    found: Json | None = None
    for area in areas:
        if found is None:
            found = dict(area)
            continue
        for low, high in ENDS.values():
            if low in found and low in area:
                found[low] = min(found[low], area[low])
            if high in found and high in area:
                found[high] = max(found[high], area[high])
    return found


def overlap(one: Json, other: Json) -> bool:
    """Whether two GridRanges of the same tab share a cell."""
    return all(
        one.get(low, 0) < other.get(high, 1 << 40) and other.get(low, 0) < one.get(high, 1 << 40)
        for low, high in ENDS.values()
    )
