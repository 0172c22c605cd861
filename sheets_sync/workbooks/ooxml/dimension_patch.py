"""The dimension of a sheet's frame: the range of filled cells it declares."""

from collections.abc import Sequence

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import area_text, parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import attribute_cut, named, outline, spliced


def with_dimension(frame: bytes, filled: Sequence[Area]) -> bytes:
    """The frame whose dimension, if it declares one, covers the areas `filled` too."""
    declared = named(outline(frame, 1), "dimension")
    if declared is None or not filled:
        return frame
    try:
        known = parse_area(declared.attributes.get("ref", ""))
    except Unreadable:
        return frame
    areas = (known, *filled)
    grown = Area(
        min(area.top for area in areas),
        min(area.left for area in areas),
        max(area.bottom for area in areas),
        max(area.right for area in areas),
    )
    if grown == known:
        return frame
    return spliced(frame, [attribute_cut(frame, declared, b"ref", area_text(grown).encode())])
