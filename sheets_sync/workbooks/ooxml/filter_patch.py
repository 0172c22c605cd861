"""The automatic filter of a sheet or of a table: its range widened or narrowed with our columns.

What a person filters or sorts by is never changed; only the memory of a sort that would point outside goes.
"""

from collections.abc import Sequence

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import area_text, parse_area
from sheets_sync.workbooks.ooxml.splice import Cut, Node, attribute_cut, children, named, outline, spliced


def sheet_filter(frame: bytes) -> Area | None:
    """The range of the sheet's own filter, None when there is none."""
    found = named(outline(frame, 1), "autoFilter")
    return _range(found) if found else None


def is_filtered(nodes: Sequence[Node], column: int) -> bool:
    """Whether the filter of this sheet frame or table hides rows by a column. `nodes` reach down to depth 3."""
    found = named(nodes, "autoFilter")
    area = _range(found) if found else None
    if found is None or area is None:
        return False
    by_column = (node for node in children(nodes, found) if node.name == "filterColumn")
    return any(node.attributes.get("colId") == str(column - area.left) and children(nodes, node) for node in by_column)


def filter_cuts(xml: bytes, nodes: Sequence[Node], right: int) -> tuple[Cut, ...]:
    """The cuts that make the filter, and what it remembers, end at column `right`."""
    found = named(nodes, "autoFilter")
    area = _range(found) if found else None
    owners = [owner for owner in (found, nodes[0] if nodes[0].name == "table" else None) if owner]
    sorts = [node for owner in owners for node in children(nodes, owner) if node.name == "sortState"]
    cuts = [cut for node in sorts for cut in _sort_cuts(nodes, node, right)]
    if found is None or area is None:
        return tuple(cuts)
    cuts.append(attribute_cut(xml, found, b"ref", area_text(area._replace(right=right)).encode()))
    for node in children(nodes, found):
        if node.name == "filterColumn" and _column(node, area) > right:
            cuts.append(Cut(node.start, node.end, b""))
    return tuple(cuts)


def with_filter_to(frame: bytes, right: int) -> bytes:
    """The sheet's frame with its own filter ending at column `right`."""
    return spliced(frame, filter_cuts(frame, outline(frame, 4), right))


def _sort_cuts(nodes: Sequence[Node], sort: Node, right: int) -> tuple[Cut, ...]:
    """Forget a sort that reaches beyond `right`; Excel keeps it only to show it."""
    ranges = [sort, *children(nodes, sort)]
    beyond = any((area := _range(node)) is not None and area.right > right for node in ranges)
    return (Cut(sort.start, sort.end, b""),) if beyond else ()


def _column(node: Node, area: Area) -> int:
    text = node.attributes.get("colId", "")
    return area.left + int(text) if text.isascii() and text.isdigit() else 0


def _range(node: Node) -> Area | None:
    text = node.attributes.get("ref")
    return parse_area(text) if text else None
