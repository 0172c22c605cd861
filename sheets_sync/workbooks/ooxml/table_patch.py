"""A table's own part: grown by a column at its right, shrunk by it, or with a column renamed.

Whether a table may be changed is for the callers to ask: `TableShape` tells what they need to know.
"""

from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.filter_patch import filter_cuts, is_filtered
from sheets_sync.workbooks.ooxml.grid import area_text, parse_area
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    attribute_cut,
    children,
    escaped,
    named,
    outline,
    prefix_of,
    quoted,
    spliced,
)
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes

_MAPPED = ("queryTable", "xml")


class TableShape(NamedTuple):
    """What a table part says of itself. `mapped`: filled by a query or an XML map. `last_filtered`: somebody filters
    by its last column just now. `columns` are their names."""

    id: int
    name: str
    area: Area
    header_rows: int
    totals_rows: int
    mapped: bool
    columns: tuple[str, ...]
    last_filtered: bool

    def heads(self, column: int, row: int) -> bool:
        """Whether this cell is one of the table's headers."""
        return self.header_rows > 0 and self.area.top == row and self.area.left <= column <= self.area.right

    def data_area(self) -> Area:
        """The range without totals rows, which is what its filter covers."""
        return self.area._replace(bottom=self.area.bottom - self.totals_rows)

    def has_column(self, name: str) -> bool:
        """Whether a column has this name; letter case makes no difference."""
        return name.casefold() in (known.casefold() for known in self.columns)


def read_table(xml: bytes) -> TableShape:
    """Read a table part. Raises Unreadable."""
    nodes = outline(xml, 4)
    root, columns = nodes[0], _columns(nodes)
    area = parse_area(root.attributes.get("ref", ""))
    mapped = root.attributes.get("tableType") in _MAPPED or any("queryTableFieldId" in c.attributes for c in columns)
    return TableShape(
        id=_number(root, "id", 0),
        name=decode_escapes(root.attributes.get("displayName", root.attributes.get("name", ""))),
        area=area,
        header_rows=_number(root, "headerRowCount", 1),
        totals_rows=_number(root, "totalsRowCount", 0),
        mapped=mapped or any(node.name == "xmlColumnPr" for node in nodes),
        columns=tuple(decode_escapes(column.attributes.get("name", "")) for column in columns),
        last_filtered=is_filtered(nodes, area.right),
    )


def grown(xml: bytes, header: str) -> bytes:
    """The table with one more column at its right."""
    nodes = outline(xml, 4)
    root, columns = nodes[0], _columns(nodes)
    ids = [_number(column, "id", 0) for column in columns]
    put = b'<%btableColumn id="%d" name="%b"/>' % (prefix_of(xml, root), max(ids, default=0) + 1, _name(header))
    area = parse_area(root.attributes["ref"])
    wider = area._replace(right=area.right + 1)
    return spliced(
        xml,
        [
            _area_cut(xml, root, wider),
            *filter_cuts(xml, nodes, wider.right),
            *append_cuts(xml, _list(nodes), put, len(columns) + 1),
        ],
    )


def shrunk(xml: bytes) -> bytes:
    """The table without its last column."""
    nodes = outline(xml, 4)
    root, columns = nodes[0], _columns(nodes)
    listed, last = _list(nodes), columns[-1]
    area = parse_area(root.attributes["ref"])
    narrower = area._replace(right=area.right - 1)
    return spliced(
        xml,
        [
            _area_cut(xml, root, narrower),
            *filter_cuts(xml, nodes, narrower.right),
            attribute_cut(xml, listed, b"count", b"%d" % (len(columns) - 1)),
            Cut(last.start, last.end, b""),
        ],
    )


def renamed(xml: bytes, index: int, header: str) -> bytes:
    """The table with another name for the column at `index` (0-based)."""
    column = _columns(outline(xml, 2))[index]
    return spliced(xml, [attribute_cut(xml, column, b"name", _name(header))])


def _name(header: str) -> bytes:
    return quoted(escaped(header).replace("\n", "_x000a_").replace("\t", "_x0009_"))


def _area_cut(xml: bytes, root: Node, area: Area) -> Cut:
    return attribute_cut(xml, root, b"ref", area_text(area).encode())


def _list(nodes: tuple[Node, ...]) -> Node:
    listed = named(nodes, "tableColumns")
    if listed is None:
        raise damaged("a table has no columns")
    return listed


def _columns(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(node for node in children(nodes, _list(nodes)) if node.name == "tableColumn")


def _number(node: Node, name: str, default: int) -> int:
    text = node.attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default
