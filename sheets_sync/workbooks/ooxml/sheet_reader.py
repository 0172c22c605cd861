"""Read one worksheet part: its rows, and its frame (everything else) as a tree."""

import re
from typing import NamedTuple

from sheets_sync.core.snapshot import Area, Row
from sheets_sync.workbooks.ooxml.canonical import NotCanonical, forbids, is_utf8, root_tag
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.refusals import Unreadable, damaged
from sheets_sync.workbooks.ooxml.row_events import RowEvents
from sheets_sync.workbooks.ooxml.row_scan import RowScanner
from sheets_sync.workbooks.ooxml.tab_formulas import TabFormulas
from sheets_sync.workbooks.ooxml.xml_scan import Element, feed, new_parser, tree


class Sheet(NamedTuple):
    """A worksheet as read. `frame` is the root element with all children, its sheetData emptied."""

    frame: Element
    rows: tuple[Row, ...]
    computed: tuple[Area, ...]


def read_sheet(data: bytes, maker: CellMaker, max_depth: int, *, canonical: bool = True) -> Sheet:
    """Read a worksheet part. `canonical` False always uses the parser. Raises Unreadable."""
    if canonical:
        try:
            return read_canonical_sheet(data, maker, max_depth)
        except (NotCanonical, Unreadable):
            pass  # what the fast way cannot read, the parser reads or refuses
    formulas = TabFormulas()
    events = RowEvents(maker, formulas, max_depth)
    feed(new_parser(events.start, events.end, events.text), (data,))
    if events.frame.name != "worksheet":
        raise damaged("a tab's part holds something else")
    return Sheet(events.frame, tuple(events.rows), tuple(formulas.computed))


def read_canonical_sheet(data: bytes, maker: CellMaker, max_depth: int) -> Sheet:
    """Read a worksheet part without a parser for its rows. Raises NotCanonical when that cannot be done."""
    root = root_tag(data, b"worksheet")
    p = root.prefix
    opening = re.compile(b"<%ssheetData ?(/?)>" % re.escape(p)).search(data, root.stop)
    if opening is None or not is_utf8(data):
        raise NotCanonical
    start = opening.end()
    closing = b"" if opening[1] else b"</%ssheetData>" % p
    stop = data.find(closing, start)
    rest = stop + len(closing)
    if stop < 0 or data.find(b"sheetData", rest) >= 0 or forbids(data, start, stop):
        raise NotCanonical
    frame = tree(data[: opening.start()] + b"<%ssheetData/>" % p + data[rest:], max_depth)
    if frame.name != "worksheet" or frame.child("sheetData") is None:
        raise NotCanonical
    formulas = TabFormulas()
    scanner = RowScanner(data[: root.stop], root, maker, formulas, max_depth)
    rows = scanner.rows(data, start, stop)
    return Sheet(frame, rows, tuple(formulas.computed))
