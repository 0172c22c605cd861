"""What Excel would repair in tables: names, ids, ranges, and headers that differ from the cells they stand for."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.check_frame import counted
from sheets_sync.workbooks.ooxml.grid import cell_address, parse_area
from sheets_sync.workbooks.ooxml.splice import Node, children, named
from sheets_sync.workbooks.ooxml.table_patch import TableShape

_FORMATS = ("headerRowDxfId", "dataDxfId", "totalsRowDxfId", "headerRowBorderDxfId", "tableBorderDxfId")


class TablePart(NamedTuple):
    """A table part: its name in the package, its outline (down to depth 2) and what it says."""

    part: str
    nodes: Sequence[Node]
    shape: TableShape


def check_table(table: TablePart, *, dxfs: int, text_at: Callable[[int, int], str | None] | None) -> Iterator[str]:
    """Check one table. `text_at` gives the text of a cell of its sheet, None = not a text; None when headers are
    known to be as they were."""
    shape, nodes = table.shape, table.nodes
    if len(shape.columns) != shape.area.right - shape.area.left + 1:
        yield "its range and its columns differ in number"
    yield from counted(nodes, ("tableColumns",))
    listed = named(nodes, "tableColumns")
    columns = children(nodes, listed) if listed else ()
    yield from _twice("column id", [node.attributes.get("id", "") for node in columns])
    yield from _twice("column name", [name.casefold() for name in shape.columns])
    for node in (nodes[0], *columns):
        for name in _FORMATS:
            index = node.attributes.get(name)
            if index is not None and not (index.isdigit() and int(index) < dxfs):
                yield f"{name} {index} does not exist"
    yield from _filter(nodes, shape)
    if text_at and shape.header_rows:
        for place, name in enumerate(shape.columns):
            row, column = shape.area.top, shape.area.left + place
            if text_at(row, column) != name:
                yield f"its header in {cell_address(row, column)} is not the name of its column"


def check_all_tables(tables: Collection[TablePart]) -> Iterator[str]:
    """Check that no two tables of the workbook have the same id or name."""
    yield from _twice("table id", [str(table.shape.id) for table in tables])
    yield from _twice("table name", [table.shape.name.casefold() for table in tables])


def _filter(nodes: Sequence[Node], shape: TableShape) -> Iterator[str]:
    found = named(nodes, "autoFilter")
    if found is None:
        return
    if parse_area(found.attributes.get("ref", "A1")) not in (shape.data_area(), shape.area):
        yield "its filter has another range"
    for node in children(nodes, found):
        column = node.attributes.get("colId", "")
        if node.name == "filterColumn" and not (column.isdigit() and int(column) < _width(shape.area)):
            yield "it is filtered by a column it does not have"


def _width(area: Area) -> int:
    return area.right - area.left + 1


def _twice(what: str, values: Sequence[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1 or not value:
            yield f"{what} {value!r} is given {times} times" if value else f"a {what} is missing"
