"""Relationships and content types: one put in, one taken out; everything else in their parts stays as it was."""

from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    attribute_cut,
    children,
    outline,
    prefix_of,
    quoted,
    spliced,
)
from sheets_sync.workbooks.ooxml.zip_members import member_key

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NO_RELATIONS = (
    DECLARATION
    + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


def with_relation(xml: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """The relationships with one more, and its id. `kind` is the whole type."""
    nodes = outline(xml, 1)
    taken = {node.attributes.get("Id", "").lower() for node in nodes}
    link = next(f"rId{number}" for number in range(1, len(nodes) + 2) if f"rid{number}" not in taken)
    put = b'<%bRelationship Id="%b" Type="%b" Target="%b"/>' % (
        prefix_of(xml, nodes[0]),
        link.encode(),
        quoted(kind),
        quoted(target),
    )
    return spliced(xml, append_cuts(xml, nodes[0], put)), link


def without_relation(xml: bytes, link: str) -> bytes:
    """The relationships without the one of this id; b"" when none is left."""
    nodes = outline(xml, 1)
    cuts = [Cut(node.start, node.end, b"") for node in nodes if node.attributes.get("Id") == link]
    return spliced(xml, cuts) if len(nodes) - 1 > len(cuts) else b""


def with_type(xml: bytes, part: str, content_type: str) -> bytes:
    """The content types with this one for this part alone; the same bytes when they say so already."""
    nodes = outline(xml, 1)
    known = _override(nodes, part)
    if known is not None:
        if known.attributes.get("ContentType") == content_type:
            return xml
        return spliced(xml, [attribute_cut(xml, known, b"ContentType", quoted(content_type))])
    put = b'<%bOverride PartName="%b" ContentType="%b"/>' % (
        prefix_of(xml, nodes[0]),
        quoted(part),
        quoted(content_type),
    )
    return spliced(xml, append_cuts(xml, nodes[0], put))


def without_type(xml: bytes, part: str) -> bytes:
    """The content types without the one for this part alone."""
    known = _override(outline(xml, 1), part)
    return xml if known is None else spliced(xml, [Cut(known.start, known.end, b"")])


def _override(nodes: tuple[Node, ...], part: str) -> Node | None:
    for node in children(nodes, nodes[0]):
        if node.name == "Override" and member_key(node.attributes.get("PartName", "")) == member_key(part):
            return node
    return None
