"""Changing a sheet part around its rows, which are neither parsed nor moved."""

from collections.abc import Callable, Iterable

from sheets_sync.workbooks.ooxml.sheet_body import split, unspliceable
from sheets_sync.workbooks.ooxml.splice import Cut, Node, outline, spliced

Change = Callable[[bytes, tuple[Node, ...]], Iterable[Cut]]
"""Gets the part without its rows and its outline (down to depth 1); gives the cuts."""


def frame_nodes(xml: bytes) -> tuple[bytes, tuple[Node, ...]]:
    """A sheet part without its rows, where it has any, and its outline (down to depth 1)."""
    frame = xml if unspliceable(xml) else split(xml).frame
    return frame, outline(frame, 1)


def reframed(xml: bytes, change: Change) -> bytes:
    """The part with the cuts made; nothing else differs, not by a byte."""
    frame, nodes = frame_nodes(xml)
    left_out = len(xml) - len(frame)
    rows = next((node.start for node in nodes if node.name == "sheetData"), len(frame))

    def placed(offset: int) -> int:
        return offset if offset <= rows else offset + left_out

    return spliced(xml, [Cut(placed(cut.start), placed(cut.end), cut.put) for cut in change(frame, nodes)])
