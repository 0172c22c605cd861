"""What stands in the Sync log of a package, and whether a package can be given one.

Writing it is in log_writing, reading its ticks alone in log_ticks.
"""

from collections.abc import Iterable, Mapping

from sheets_sync.core.cells import CellValue, Kind, number_text
from sheets_sync.core.log_layout import Place
from sheets_sync.core.snapshot import Area, Row
from sheets_sync.workbooks.log_block import block_cells
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.xml_scan import Element

YEARS_BETWEEN = 1462
"""Days between the first days of the two calendars of Excel."""


def read_log(rows: Iterable[Row], block: Area, *, date1904: bool) -> Mapping[Place, CellValue]:
    """The filled cells of the block, by their place in it; it may begin anywhere. Numbers count from 1900."""
    days = YEARS_BETWEEN if date1904 else 0
    return {place: shifted(value, days) for place, value in block_cells(rows, (block.top, block.left)).items()}


def shifted(value: CellValue, days: int) -> CellValue:
    """A number so many days later; anything else as it is."""
    if not days or value.kind is not Kind.NUMBER:
        return value
    return CellValue(Kind.NUMBER, number_text(float(value.text) + days))


def why_no_log(package: Package, workbook: Element) -> str:
    """Why this workbook cannot be given a further tab, "" when it can."""
    if package.write_refusal:
        return package.write_refusal
    locked = workbook.child("workbookProtection")
    if locked is not None and locked.flag("lockStructure"):
        return "the workbook's structure is protected"
    kinds = {relation.kind for relation in package.related(package.workbook_part)}
    return "" if "styles" in kinds else "the workbook has no styles part"
