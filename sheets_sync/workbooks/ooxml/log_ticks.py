"""The ticks of the Sync log, read without the rest of the package: asked at every look of the schedule."""

from sheets_sync.core.log_layout import TICKS
from sheets_sync.core.sync_log import Ticks
from sheets_sync.workbooks.ooxml.check_rows import CheckedCell, CutRows, row_cells
from sheets_sync.workbooks.ooxml.own_traces import read_log_mark
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_body import split
from sheets_sync.workbooks.ooxml.splice import as_utf8


def read_ticks(package: Package) -> Ticks:
    """What is ticked in the Sync log. Texts are not looked up: whatever stands in a tick's cell counts, so that this
    costs the same however large the plan is."""
    mark = read_log_mark(package.tree(package.workbook_part), package.sheets)
    if mark is None or mark.entry is None:
        return Ticks()
    rows = CutRows(split(as_utf8(package.read(mark.entry.part))))
    ticked = []
    for row, column in TICKS:
        number, at = row + mark.area.top - 1, column + mark.area.left - 1
        cells = row_cells(rows.by_number(number), number, rows.prefix)
        ticked.append(any(cell.column == at and _is_ticked(cell) for cell in cells))
    return Ticks(*ticked)


def _is_ticked(cell: CheckedCell) -> bool:
    return bool(cell.inside.strip()) and not (cell.kind == b"b" and b">0<" in cell.inside)
