"""Which rows lie in merged, computed or other rectangles, without ever walking through a rectangle's cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from sheets_sync.core.snapshot import Area


def covered(areas: Iterable[Area], column: int, numbers: Sequence[int]) -> list[int]:
    """Places of the rows whose cell in this column lies in a merged area without being its top left cell.

    `numbers` are ascending row numbers; a place is an index into them.
    """
    reaching = (area for area in areas if area.left <= column <= area.right)
    return _places(((area.top + (area.left == column), area.bottom) for area in reaching), numbers)


def holding(areas: Iterable[Area], column: int, numbers: Sequence[int]) -> list[int]:
    """Places of the rows whose cell in this column lies in one of the areas."""
    return _places(((area.top, area.bottom) for area in areas if area.left <= column <= area.right), numbers)


def wide(areas: Iterable[Area], columns: int, numbers: Sequence[int]) -> list[int]:
    """Places of the rows in which cells are merged across that many columns or more."""
    return _places(((area.top, area.bottom) for area in areas if area.right - area.left >= columns - 1), numbers)


def _places(stretches: Iterable[tuple[int, int]], numbers: Sequence[int]) -> list[int]:
    places: list[int] = []
    following = 0
    for top, bottom in sorted(stretches):
        start = max(bisect_left(numbers, top), following)
        following = max(bisect_right(numbers, bottom), following)
        places.extend(range(start, following))
    return places
