"""Where on a tab the button may stand: it covers no cell that holds something, no picture, no column still to come.

Above the header where there is room, so that it is seen at once; else right of everything, beside the header.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sheets_sync.core.snapshot import Role, Row, Tab
from sheets_sync.workbooks.ooxml.drawn_areas import EMU
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.sheet_geometry import Box, Geometry

HEIGHT, LEAST_HEIGHT = 26.0, 18.0
_MARGIN = 3.0
_LETTER, _LETTER_OF_HEIGHT = 7.5, 0.45
"""Pixels of a letter: at least so many, and so much of its row's height, because high rows hold big letters."""


class Plot(NamedTuple):
    """The tab and what is known of it. `header_row` is the row of the plan's headers, `last_header` its last column."""

    tab: Tab
    header_row: int
    last_header: int
    geometry: Geometry
    drawn: Sequence[Box]


class Place(NamedTuple):
    """Where the button stands: its first cell (1-based), from there on right and down, and its size; all in EMU."""

    column: int
    row: int
    right: int
    down: int
    width: int
    height: int


def place_for_button(plot: Plot, width: float) -> Place:
    """A place for a button of this width (pixels). Raises Unreadable when there is none."""
    found = min(_above(plot, width), key=lambda place: (place.left, place.top - place.bottom), default=None)
    return _place(plot.geometry, found or _beside(plot, width))


def _above(plot: Plot, width: float) -> Iterator[Box]:
    """Free places in the rows above the header, within the width of the plan."""
    right_edge = plot.geometry.left(plot.last_header + 1)
    filled = {row.number: row for row in plot.tab.rows if row.number < plot.header_row}
    for first in range(1, plot.header_row):
        for last in range(first, plot.header_row):
            top, bottom = plot.geometry.top(first), plot.geometry.top(last + 1)
            if not plot.geometry.height(first) or bottom - top < LEAST_HEIGHT + 2:
                continue
            taken = max((_taken(plot, filled.get(row), row) for row in range(first, last + 1)), default=0.0)
            box = _free(plot, taken, width, top=top, height=min(HEIGHT, bottom - top - 2), room=bottom - top)
            if box is not None and box.right <= right_edge:
                yield box
            if bottom - top >= HEIGHT + 2:
                break


def _taken(plot: Plot, row: Row | None, number: int) -> float:
    """Up to where a row above the header is taken: texts run over the cells right of them, merged cells are one."""
    geometry = plot.geometry
    letter = max(_LETTER, geometry.height(number) * _LETTER_OF_HEIGHT)
    edges = [
        max(geometry.left(column + 1), geometry.left(column) + len(str(cell.seen)) * letter)
        for column, cell in (row.cells.items() if row else ())
    ]
    areas = (*plot.tab.merged, *(table.area for table in plot.tab.tables))
    edges += [geometry.left(area.right + 1) for area in areas if area.top <= number <= area.bottom]
    return max(edges, default=0.0)


def _beside(plot: Plot, width: float) -> Box:
    """Right of all that stands in the tab and of our columns, those that the next run will make included."""
    tab = plot.tab
    areas = (*tab.merged, *tab.computed, *(table.area for table in tab.tables))
    used = [column for row in tab.rows for column in row.cells]
    last = max([plot.last_header, *used, *tab.marks.values(), *(area.right for area in areas if area.right < 16_000)])
    last += sum(1 for role in Role if role not in tab.marks)
    top = plot.geometry.top(plot.header_row)
    height = plot.geometry.height(plot.header_row)
    if not height:
        raise _no_place(plot)
    box = _free(plot, plot.geometry.left(last + 1) + _MARGIN, width, top=top, height=HEIGHT, room=HEIGHT + 2)
    if box is None:
        raise _no_place(plot)
    return box


def _free(plot: Plot, left: float, width: float, *, top: float, height: float, room: float) -> Box | None:
    """The first box at or right of `left` that begins in a column that is shown and touches nothing drawn."""
    while True:
        column = plot.geometry.column_from(left)
        if column is None:
            return None
        begin, down = plot.geometry.left(column) + _MARGIN, top + (room - height) / 2
        box = Box(begin, down, begin + width, down + height)
        obstacles = [drawn for drawn in plot.drawn if drawn.touches(box)]
        if not obstacles:
            return box
        left = max(drawn.right for drawn in obstacles)


def _place(geometry: Geometry, box: Box) -> Place:
    column = geometry.column_from(box.left - _MARGIN)
    row = 1
    while geometry.top(row + 1) <= box.top:
        row += 1
    right = round(_MARGIN * EMU)
    down = round((box.top - geometry.top(row)) * EMU)
    size = round((box.right - box.left) * EMU), round((box.bottom - box.top) * EMU)
    return Place(column or 1, row, right, down, *size)


def _no_place(plot: Plot) -> Unreadable:
    return Unreadable(
        f"there is no free place for a button in the tab {plot.tab.name!r}: what is right of the plan is hidden",
        "put two empty rows above the headers in Excel, save, and run this again",
    )
