"""Areas of a tab as ranges of Excel, and bulk answers as rows of cells."""

from collections.abc import Sequence
from typing import Any

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.live.native import Native, Range, Sheet

MOST_CELLS = 400_000
"""A larger used area is looked at for blank ends first: Excel counts formatted cells as used."""


def block_of(sheet: Sheet, area: Area) -> Range:
    """The range of an area."""
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def area_of(block: Range) -> Area:
    """The area of a range in one piece."""
    row, column = block.row, block.column
    height, width = block.shape
    return Area(row, column, row + height - 1, column + width - 1)


def used_area(native: Native, sheet: Sheet) -> Area:
    """From the first cell of the tab to the last one that holds something, or is formatted near it."""
    used = area_of(sheet.used_range)._replace(top=1, left=1)
    while used.bottom * used.right > MOST_CELLS and used.bottom > 1:
        lower = used._replace(top=used.bottom // 2 + 1)
        if not native.is_blank(block_of(sheet, lower)):
            break
        used = used._replace(bottom=lower.top - 1)
    return used


def as_rows(answer: Any, area: Area) -> Sequence[Sequence[Any]]:  # noqa: ANN401 (what a program answers for a range)
    """A bulk answer as rows: for one cell Excel gives the bare value, for one row or column it may give a flat list."""
    if area.top == area.bottom and area.left == area.right:
        while isinstance(answer, list | tuple):
            answer = answer[0]
        return ((answer,),)
    if isinstance(answer[0], list | tuple):
        return answer  # type: ignore[no-any-return]
    return (answer,) if area.top == area.bottom else tuple((one,) for one in answer)
