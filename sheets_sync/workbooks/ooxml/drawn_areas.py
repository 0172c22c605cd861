"""What lies on top of a sheet's cells already: pictures, charts, shapes, form controls. Notes float: left out."""

import re
from collections.abc import Iterator

from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_geometry import Box, Geometry
from sheets_sync.workbooks.ooxml.xml_scan import Element

ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
"""What hangs something on a sheet."""
EMU = 9525
"""English Metric Units in a pixel."""
_CONTROL = re.compile(rb"<x:ClientData\b[^>]*ObjectType\s*=\s*[\"'](\w+)[\"'][^>]*>(.*?)</x:ClientData>", re.DOTALL)
_ANCHOR = re.compile(rb"<x:Anchor>\s*([\d\s,]+?)\s*</x:Anchor>")


def drawn_areas(package: Package, sheet: str, geometry: Geometry) -> tuple[Box, ...]:
    """Where on a sheet something is drawn, nearly. Raises WorkbookRefused for a drawing that cannot be read."""
    found: list[Box] = []
    for relation in package.related(sheet):
        if relation.external or not package.has(relation.target):
            continue
        if relation.kind == "drawing":
            found += _drawn(package.tree(relation.target), geometry)
        elif relation.kind == "vmlDrawing":
            found += _controls(package.read(relation.target), geometry)
    return tuple(found)


def _drawn(element: Element, geometry: Geometry) -> Iterator[Box]:
    """The anchors of a drawing, those among alternatives too."""
    for child in element.children:
        if child.name in ANCHORS:
            yield _box(child, geometry)
        else:
            yield from _drawn(child, geometry)


def _box(anchor: Element, geometry: Geometry) -> Box:
    begin, end, size, place = (anchor.child(name) for name in ("from", "to", "ext", "pos"))
    left, top = _corner(begin, geometry)
    if place is not None:
        left, top = _pixels(place.get("x")), _pixels(place.get("y"))
    if end is not None:
        right, bottom = _corner(end, geometry)
        return Box(left, top, right, bottom)
    width, height = (_pixels(size.get("cx")), _pixels(size.get("cy"))) if size else (0.0, 0.0)
    return Box(left, top, left + width, top + height)


def _corner(place: Element | None, geometry: Geometry) -> tuple[float, float]:
    if place is None:
        return 0.0, 0.0
    column, row, right, down = (
        _whole(part.text if (part := place.child(name)) else "") for name in ("col", "row", "colOff", "rowOff")
    )
    return geometry.left(column + 1) + right / EMU, geometry.top(row + 1) + down / EMU


def _pixels(text: str) -> float:
    return _whole(text) / EMU


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else 0


def _controls(vml: bytes, geometry: Geometry) -> Iterator[Box]:
    """The form controls of a VML part, which is hardly ever well-formed XML."""
    for kind, inside in _CONTROL.findall(vml):
        anchor = _ANCHOR.search(inside)
        numbers = [_whole(part.decode()) for part in anchor[1].split(b",")] if anchor else []
        if kind != b"Note" and len(numbers) == 8:
            left, right_by, top, down_by, right, left_by, bottom, up_by = numbers
            yield Box(
                geometry.left(left + 1) + right_by,
                geometry.top(top + 1) + down_by,
                geometry.left(right + 1) + left_by,
                geometry.top(bottom + 1) + up_by,
            )
