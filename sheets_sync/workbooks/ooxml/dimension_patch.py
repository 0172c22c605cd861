"""The dimension of a sheet's frame: the range of filled cells it declares."""

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import area_text, parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import attribute_cut, named, outline, spliced


def with_dimension(frame: bytes, filled: Area) -> bytes:
    """The frame whose dimension, if it declares one, covers `filled` too."""
    declared = named(outline(frame, 1), "dimension")
    if declared is None:
        return frame
    try:
        known = parse_area(declared.attributes.get("ref", ""))
    except Unreadable:
        return frame
    grown = Area(
        min(known.top, filled.top),
        min(known.left, filled.left),
        max(known.bottom, filled.bottom),
        max(known.right, filled.right),
    )
    return (
        frame if grown == known else spliced(frame, [attribute_cut(frame, declared, b"ref", area_text(grown).encode())])
    )
