"""How wide the columns and how high the rows of a sheet are, in pixels of 1/96 inch, as far as the file tells.

Excel measures columns in digits of the workbook's own font, which is not here: a width is within a few percent.
"""

from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN
from sheets_sync.workbooks.ooxml.sheet_body import row_starts, split, unspliceable
from sheets_sync.workbooks.ooxml.splice import TAG, Node, attribute, children, named, outline

_DIGIT = 7
_PADDING = 5
_BASE_WIDTH = 8
_POINT = 4 / 3
_ROW_POINTS = 15.0
_TRUE = ("1", "true", "on")


class Box(NamedTuple):
    """A rectangle on a sheet, in pixels from its top left corner; right and bottom are outside."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Whether the two have a pixel in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Geometry:
    """Where the columns and the rows of one sheet lie. Hidden ones have no extent. Columns and rows are 1-based."""

    def __init__(self, widths: Mapping[int, float], width: float, heights: Mapping[int, float], height: float) -> None:
        self._lefts = _edges(widths, width)
        self._tops = _edges(heights, height)
        self._width, self._height = widths.get(MAX_COLUMN, width), height

    def left(self, column: int) -> float:
        """Where a column begins."""
        return _edge(self._lefts, self._width, column)

    def width(self, column: int) -> float:
        """How wide a column is; 0 when it is hidden."""
        return self.left(column + 1) - self.left(column)

    def top(self, row: int) -> float:
        """Where a row begins."""
        return _edge(self._tops, self._height, row)

    def height(self, row: int) -> float:
        """How high a row is; 0 when it is hidden."""
        return self.top(row + 1) - self.top(row)

    def column_from(self, left: float) -> int | None:
        """The first column that is not hidden and begins there or further right; None when there is none."""
        known = len(self._lefts)
        place = bisect_left(self._lefts, left)
        for column in range(place + 1, known):
            if self.width(column):
                return column
        if not self._width:
            return None
        column = max(known, known + ceil((left - self._lefts[-1]) / self._width))
        return column if column <= MAX_COLUMN else None


def geometry(xml: bytes, last_row: int) -> Geometry:
    """The geometry of a worksheet part (in UTF-8). Heights of single rows are known up to `last_row`."""
    frame = xml if unspliceable(xml) else split(xml).frame
    nodes = outline(frame, 2)
    form = named(nodes, "sheetFormatPr")
    attributes = form.attributes if form else {}
    base = _number(attributes.get("baseColWidth"), _BASE_WIDTH)
    width = _number(attributes.get("defaultColWidth"), 0.0) * _DIGIT or base * _DIGIT + _PADDING + 3
    height = _number(attributes.get("defaultRowHeight"), _ROW_POINTS) * _POINT
    hidden_rows = attributes.get("zeroHeight") in _TRUE
    return Geometry(_widths(nodes, width), width, _heights(xml, last_row), 0.0 if hidden_rows else height)


def _widths(nodes: tuple[Node, ...], width: float) -> dict[int, float]:
    """The widths of columns that have their own."""
    widths: dict[int, float] = {}
    listed = named(nodes, "cols")
    for node in children(nodes, listed) if listed else ():
        first, last = (int(_number(node.attributes.get(name), 0)) for name in ("min", "max"))
        own = _number(node.attributes.get("width"), 0.0) * _DIGIT or width
        own = 0.0 if node.attributes.get("hidden") in _TRUE else own
        if 1 <= first <= last <= MAX_COLUMN:
            widths |= dict.fromkeys(range(first, last + 1), own)
    return widths


def _heights(xml: bytes, last_row: int) -> dict[int, float]:
    if unspliceable(xml):
        return {}
    heights: dict[int, float] = {}
    for number, start in zip(*row_starts(split(xml)), strict=True):
        if number > last_row:
            break
        tag = TAG.match(xml, start)
        own = attribute(tag[3], b"ht") if tag else None
        hidden = attribute(tag[3], b"hidden") if tag else None
        if hidden in (b"1", b"true", b"on"):
            heights[number] = 0.0
        elif own is not None:
            heights[number] = _number(own.decode("ascii", "replace"), _ROW_POINTS) * _POINT
    return heights


def _edges(extents: Mapping[int, float], extent: float) -> list[float]:
    """Where columns or rows begin, from the first to the one behind the last with an extent of its own."""
    last = max(extents, default=0)
    return [0.0, *accumulate(extents.get(place, extent) for place in range(1, last + 1))]


def _edge(edges: list[float], extent: float, place: int) -> float:
    known = len(edges) - 1
    return edges[place - 1] if place - 1 <= known else edges[known] + (place - 1 - known) * extent


def _number(text: str | None, default: float) -> float:
    try:
        number = float(text) if text is not None else default
    except ValueError:
        return default
    return number if 0 <= number < 100_000 else default
