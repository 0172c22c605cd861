"""Where the person stands in Excel: the active cell, moved for a moment. The active tab is put back by `quiet`.

Excel reads and writes a conditional format's relative references as seen from the active cell.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sheets_sync.workbooks.live.native import Sheet


@contextmanager
def standing_at(sheet: Sheet, row: int, column: int) -> Iterator[None]:
    """Stand at a cell. A hidden tab cannot be gone to: there the active cell stays where it is."""
    if not sheet.visible:
        yield
        return
    sheet.activate()
    selected = sheet.book.app.selection
    sheet.range((row, column)).select()
    try:
        yield
    finally:
        if selected is not None:
            selected.select()
