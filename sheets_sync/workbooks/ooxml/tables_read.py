"""Read the tables of a worksheet, and the areas of queries without a table."""

from collections.abc import Iterator

from sheets_sync.core.snapshot import Area, Table
from sheets_sync.workbooks.ooxml.grid import parse_area
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.traces import parse_reference
from sheets_sync.workbooks.ooxml.xml_scan import Element

_QUERY_KINDS = ("queryTable", "xml")


def read_tables(package: Package, sheet_part: str) -> tuple[Table, ...]:
    """The tables on a sheet, in the order of its relationships. Raises WorkbookRefused."""
    parts = [relation.target for relation in package.related(sheet_part) if relation.kind == "table"]
    return tuple(_table(package.tree(part), _kinds(package, part)) for part in parts if package.has(part))


def query_areas(package: Package, sheet_part: str, workbook: Element) -> Iterator[Area]:
    """The areas that queries fill on a sheet without being tables: named like the query (ExternalData_1)."""
    names = {
        package.tree(relation.target).get("name").lower()
        for relation in package.related(sheet_part)
        if relation.kind == "queryTable" and package.has(relation.target)
    }
    tab = next((entry.name.lower() for entry in package.sheets if entry.part == sheet_part), "")
    for name in workbook.within("definedNames"):
        if name.get("name").lower() in names:
            reference = parse_reference(name.text)
            if reference is not None and reference.tab.lower() == tab:
                yield reference.area


def _kinds(package: Package, part: str) -> set[str]:
    return {relation.kind for relation in package.related(part)}


def _table(root: Element, kinds: set[str]) -> Table:
    is_query = root.get("tableType") in _QUERY_KINDS or bool(root.get("connectionId")) or "queryTable" in kinds
    return Table(
        name=decode_escapes(root.get("displayName") or root.get("name")),
        area=parse_area(root.get("ref")),
        has_header=root.get("headerRowCount", "1") != "0",
        has_totals=root.get("totalsRowCount", "0") != "0",
        is_query=is_query,
    )
