"""Where what stands in the Sync log: a block of three columns, its cells by (row, column) from (1, 1). And its looks.

What the cells say is in sync_log; how a look is made in a workbook is the adapter's.
"""

from collections.abc import Mapping
from enum import StrEnum

Place = tuple[int, int]

TITLE: Place = (1, 1)
ABOUT: Place = (2, 1)
LAST_CHECKED: Place = (4, 2)
NEXT_CHECK: Place = (5, 2)
RED_AFTER: Place = (6, 2)
CHECK_NOW: Place = (8, 2)
ACCEPT_CHANGES: Place = (9, 2)
TICKS = (CHECK_NOW, ACCEPT_CHANGES)
HEADINGS = 11
FIRST_LINE = 12
LINES = 60
COLUMNS = 3
ROWS = FIRST_LINE + LINES - 1
WIDTHS = (22, 22, 110)
"""Of the columns, in characters."""
TICK = "x"
"""What the drop-down of a tick offers; anything typed there counts as one."""


class Look(StrEnum):
    """How a cell looks."""

    PLAIN = "plain"
    TITLE = "title"
    QUIET = "quiet"
    NOTE = "note"
    LABEL = "label"
    HEADING = "heading"
    INSTANT = "instant"
    """A date with a time of day."""
    DAY = "day"
    TICK = "tick"


def look_of(row: int, column: int) -> Look:
    """The look of a cell of the block."""
    if row >= FIRST_LINE:
        return Look.INSTANT if column == 1 else Look.PLAIN
    return _LOOKS.get((row, column), _COLUMN_LOOKS[column - 1] if 3 < row < HEADINGS else Look.PLAIN)


_COLUMN_LOOKS = (Look.LABEL, Look.PLAIN, Look.NOTE)
_LOOKS: Mapping[Place, Look] = {
    TITLE: Look.TITLE,
    ABOUT: Look.QUIET,
    LAST_CHECKED: Look.INSTANT,
    NEXT_CHECK: Look.INSTANT,
    RED_AFTER: Look.DAY,
    CHECK_NOW: Look.TICK,
    ACCEPT_CHANGES: Look.TICK,
    **{(HEADINGS, column): Look.HEADING for column in range(1, COLUMNS + 1)},
}
