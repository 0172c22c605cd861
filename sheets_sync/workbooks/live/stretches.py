"""Few questions about many cells: ask for a whole area, and halve it only where its cells differ. Pure.

A program answers for any area whether its cells are alike. A column that looks the same from top to bottom is one
question; each row that differs costs some twenty.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sheets_sync.core.snapshot import Area

_Answer = TypeVar("_Answer")
_HEADERS = 1


def alike(
    area: Area,
    ask: Callable[[Area], _Answer | None],
    *,
    matters: Callable[[Area], bool] = lambda _: True,
    most: int = 100_000,
) -> Iterator[tuple[Area, _Answer]]:
    """Parts of the area with what all their cells have in common; None means that cells differ. Parts that do not
    matter are left out; after `most` questions those not yet told apart are, too."""
    waiting = [area]
    asked = 0
    while waiting and asked < most:
        part = waiting.pop()
        if not matters(part):
            continue
        answer = ask(part)
        asked += 1
        if answer is not None:
            yield part, answer
        elif not _is_cell(part):
            waiting += reversed(_halves(part, whole=part == area))


class Filled:
    """Where an area has cells that are not blank. `values` are its cells, row by row; None and "" are blank."""

    def __init__(self, area: Area, values: Sequence[Sequence[object]]) -> None:
        self._left = area.left
        self._rows = [
            [row for row, value in enumerate(column, area.top) if value not in (None, "")]
            for column in zip(*values, strict=True)
        ]

    def within(self, part: Area) -> bool:
        """Whether a part has one."""
        for rows in self._rows[part.left - self._left : part.right - self._left + 1]:
            place = bisect_left(rows, part.top)
            if place < len(rows) and rows[place] <= part.bottom:
                return True
        return False


def holding(area: Area, ask: Callable[[Area], bool | None], around: Callable[[int, int], Area]) -> Iterator[Area]:
    """The areas (merged cells, results of one formula) that overlap an area. `ask` tells whether all cells (True), no
    cell (False) or some cells (None) belong to such an area; `around` gives the one around a cell."""
    found: set[Area] = set()
    waiting = [area]
    while waiting:
        part = waiting.pop()
        if any(_inside(part, known) for known in found):
            continue
        answer = ask(part)
        if answer is False:
            continue
        if answer and _inside(part, known := around(part.top, part.left)):
            if known not in found:
                found.add(known)
                yield known
        elif not _is_cell(part):
            waiting += reversed(_halves(part, whole=False))


def _halves(area: Area, *, whole: bool) -> list[Area]:
    """The header apart from the rest, then columns, then halves of a column."""
    if whole and area.bottom - area.top > _HEADERS:
        return [area._replace(bottom=area.top), area._replace(top=area.top + _HEADERS)]
    if area.left < area.right:
        middle = (area.left + area.right) // 2
        return [area._replace(right=middle), area._replace(left=middle + 1)]
    middle = (area.top + area.bottom) // 2
    return [area._replace(bottom=middle), area._replace(top=middle + 1)]


def _is_cell(area: Area) -> bool:
    return area.top == area.bottom and area.left == area.right


def _inside(part: Area, area: Area) -> bool:
    return area.holds(part.top, part.left) and area.holds(part.bottom, part.right)
