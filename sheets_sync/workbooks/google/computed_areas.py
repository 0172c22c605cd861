"""The areas that array formulas and queries fill: a spilled cell shows something and nobody entered anything. Pure."""

from bisect import bisect_right
from collections.abc import Collection

from sheets_sync.core.snapshot import Area

Place = tuple[int, int]
"""Row and column, from 1."""


def computed_areas(spilled: Collection[Place], formulas: Collection[Place]) -> tuple[Area, ...]:
    """The rectangles around spilled cells, each with the formula it spills from, in reading order.

    A spilled cell belongs to the formula nearest to its left, then nearest above, that has a spilled cell right of it
    or below it; blank results leave holes, which belong to the rectangle.
    """
    if not spilled:
        return ()
    cells = set(spilled)
    masters: dict[int, list[int]] = {}
    for row, column in sorted(formulas):
        if (row + 1, column) in cells or (row, column + 1) in cells:
            masters.setdefault(column, []).append(row)
    columns = sorted(masters)
    found: dict[Place, Area] = {}
    for row, column in spilled:
        master = _master(row, column, masters, columns)
        top, left = master if master is not None else (row, column)
        area = found.get((top, left), Area(top, left, top, left))
        found[top, left] = area._replace(bottom=max(area.bottom, row), right=max(area.right, column))
    return tuple(found[place] for place in sorted(found))


def _master(row: int, column: int, masters: dict[int, list[int]], columns: list[int]) -> Place | None:
    for left in reversed(columns[: bisect_right(columns, column)]):
        rows = masters[left]
        above = bisect_right(rows, row)
        if above:
            return rows[above - 1], left
    return None
