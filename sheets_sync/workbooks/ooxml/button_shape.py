"""The button itself: a shape of a drawing that starts our macro. Written, found again, taken out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.button_place import Place
from sheets_sync.workbooks.ooxml.drawn_areas import ANCHORS
from sheets_sync.workbooks.ooxml.relations_patch import DECLARATION
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    attribute_cut,
    children,
    content,
    outline,
    quoted,
    spliced,
)

MACRO = "SyncPlan"
NAME = "sheets-sync button"
SPACE = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
EMPTY_DRAWING = DECLARATION + b'<xdr:wsDr xmlns:xdr="%b" xmlns:a="%b"></xdr:wsDr>' % (SPACE.encode(), _MAIN.encode())
_FILL, _EDGE, _TEXT = b"1F4E79", b"173A5A", b"FFFFFF"
_STARTS_OURS = re.compile(r"(?:\[0\]!)?(?:[A-Za-z]\w*\.)?" + MACRO, re.IGNORECASE)
_IDS = re.compile(rb"""<(?:[\w.-]+:)?cNvPr\s[^<>]*?\bid\s*=\s*["'](\d+)["']""")
_LEAST_WIDTH, _LETTER, _AROUND = 88.0, 7.0, 24.0
_DEEPEST = 8
"""Anchors may stand among alternatives, and shapes within groups of groups."""


class Face(NamedTuple):
    """What is written on the button, what a screen reader says of it, and their language ("pt-PT")."""

    caption: str
    description: str
    language: str


class Bound(NamedTuple):
    """An element that starts our macro. `anchor` is where it hangs; `cell` is the (row, column) of its top left corner,
    None where it hangs on no cell; `is_ours` tells that it is a button of ours."""

    anchor: Node
    node: Node
    cell: tuple[int, int] | None
    is_ours: bool


def button_width(face: Face) -> float:
    """How wide the button is, in pixels."""
    return max(_LEAST_WIDTH, len(face.caption) * _LETTER + _AROUND)


def bound_to_ours(xml: bytes) -> tuple[Bound, ...]:
    """Everything in a drawing (in UTF-8) that starts our macro."""
    return tuple(_bound(outline(xml, _DEEPEST))) if MACRO.lower().encode() in xml.lower() else ()


def with_button(xml: bytes, place: Place, face: Face) -> bytes:
    """The drawing with a button more."""
    root = outline(xml, 0)[0]
    taken = set(_IDS.findall(xml))
    number = next(number for number in range(2, len(taken) + 3) if b"%d" % number not in taken)
    return spliced(xml, append_cuts(xml, root, _anchor(place, face, number)))


def without_buttons(xml: bytes) -> bytes:
    """The drawing without our buttons; what else started our macro starts nothing any more."""
    bound = bound_to_ours(xml)
    cuts = [Cut(one.anchor.start, one.anchor.end, b"") for one in bound if one.is_ours]
    cuts += [attribute_cut(xml, one.node, b"macro", b"") for one in bound if not one.is_ours]
    return spliced(xml, cuts)


def is_empty(xml: bytes) -> bool:
    """Whether this is a drawing of ours from which everything was taken out."""
    return xml == EMPTY_DRAWING


def _bound(nodes: tuple[Node, ...]) -> Iterator[Bound]:
    anchor = None
    for place, node in enumerate(nodes):
        if node.name in ANCHORS:
            anchor = node
        if anchor is None or not _STARTS_OURS.fullmatch(node.attributes.get("macro", "")):
            continue
        inside = (other for other in nodes[place:] if other.start < node.end)
        label = next((other for other in inside if other.name == "cNvPr"), None)
        own = label is not None and label.attributes.get("name", "") == NAME
        yield Bound(anchor, node, _cell(nodes, anchor), own and node.depth == anchor.depth + 1)


def _cell(nodes: tuple[Node, ...], anchor: Node) -> tuple[int, int] | None:
    begin = next((node for node in children(nodes, anchor) if node.name == "from"), None)
    texts = {node.name: node.text.strip() for node in children(nodes, begin)} if begin else {}
    row, column = texts.get("row", ""), texts.get("col", "")
    return (int(row) + 1, int(column) + 1) if row.isdecimal() and column.isdecimal() else None


def _anchor(place: Place, face: Face, number: int) -> bytes:
    """A shape of fixed size that moves with its first cell: rows that a filter hides do not squeeze it. It is not
    printed, and whatever prefixes the drawing uses, it brings its own."""
    corner = b"<xdr:col>%d</xdr:col><xdr:colOff>%d</xdr:colOff><xdr:row>%d</xdr:row><xdr:rowOff>%d</xdr:rowOff>" % (
        place.column - 1,
        place.right,
        place.row - 1,
        place.down,
    )
    return (
        b'<xdr:oneCellAnchor xmlns:xdr="%b" xmlns:a="%b"><xdr:from>%b</xdr:from><xdr:ext cx="%d" cy="%d"/>%b'
        b'<xdr:clientData fPrintsWithSheet="0"/></xdr:oneCellAnchor>'
        % (SPACE.encode(), _MAIN.encode(), corner, place.width, place.height, _shape(place, face, number))
    )


def _shape(place: Place, face: Face, number: int) -> bytes:
    label = b'<xdr:cNvPr id="%d" name="%b" descr="%b"/>' % (number, NAME.encode(), quoted(face.description))
    size = b'<a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm>' % (place.width, place.height)
    look = (
        b'<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val 16667"/></a:avLst></a:prstGeom>'
        b'<a:solidFill><a:srgbClr val="%b"/></a:solidFill><a:ln w="9525"><a:solidFill><a:srgbClr val="%b"/>'
        b"</a:solidFill></a:ln>" % (_FILL, _EDGE)
    )
    text = (
        b'<a:bodyPr vertOverflow="clip" horzOverflow="clip" wrap="none" lIns="0" tIns="0" rIns="0" bIns="0"'
        b' anchor="ctr"/>'
        b'<a:lstStyle/><a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="%b" sz="1000" b="1"><a:solidFill><a:srgbClr val="%b"/>'
        b'</a:solidFill><a:latin typeface="Calibri"/></a:rPr><a:t>%b</a:t></a:r></a:p>'
        % (quoted(face.language), _TEXT, content(face.caption))
    )
    return (
        b'<xdr:sp macro="[0]!%b" textlink=""><xdr:nvSpPr>%b<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>%b%b</xdr:spPr>'
        b"<xdr:txBody>%b</xdr:txBody></xdr:sp>" % (MACRO.encode(), label, size, look, text)
    )
