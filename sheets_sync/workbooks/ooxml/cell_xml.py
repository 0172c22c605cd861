"""One cell as SpreadsheetML: what stands between `<c r="K12" s="5"` and the end of the element.

Texts are written inline, so that the shared strings stay untouched. Where a cell goes is in row_splice.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.workbooks.ooxml.grid import column_letters
from sheets_sync.workbooks.ooxml.splice import content, escaped

MAX_TEXT = 32_767
"""Characters (UTF-16 units) a cell can hold, says Excel's specification."""


class CellWrite(NamedTuple):
    """What becomes of one cell. `header` cells take exactly the look of their left neighbour when new, others its
    plain look. `erase` also removes the cell's element, if it looks as we would have made it. `on_blank` cells are
    written only where the cell holds no value, whatever a reader made of it."""

    value: CellValue
    header: bool = False
    erase: bool = False
    on_blank: bool = False


_FILLED = re.compile(rb"<(?:[\w.-]+:)?[vt](?:\s[^<>]*)?>[^<]")


def is_filled(cell: bytes) -> bool:
    """Whether a cell element holds a value. A shared string counts as none here, because it may be an empty text."""
    return _FILLED.search(cell) is not None and b't="s"' not in cell and b"t='s'" not in cell


@lru_cache(maxsize=1024)
def letters(column: int) -> bytes:
    """The letters of a column as bytes."""
    return column_letters(column).encode()


def unfit(value: CellValue) -> str:
    """Why this literal is never written into a cell; "" when it may be."""
    if value.kind is Kind.TEXT:
        is_long = len(value.text) * 2 > MAX_TEXT and _units(value.text) > MAX_TEXT
        return f"the text is longer than the {MAX_TEXT:,} characters a cell can hold" if is_long else ""
    if value.kind is Kind.FORMULA:
        return "formulas are never written"
    if value.kind is Kind.NUMBER and not _is_number(value.text):
        return "the number is none that a cell can hold"
    return ""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def payload(value: CellValue, prefix: bytes) -> bytes:
    """The rest of a cell element after its address and style, for a literal that is not `unfit`."""
    if value.kind is Kind.BLANK:
        return b"/>"
    if value.kind is Kind.TEXT:
        text = content(escaped(value.text))
        return b' t="inlineStr"><%bis><%bt xml:space="preserve">%b</%bt></%bis></%bc>' % (
            prefix, prefix, text, prefix, prefix, prefix,
        )  # fmt: skip
    if value.kind is Kind.BOOL:
        start, text = b' t="b"', b"1" if value.text == "TRUE" else b"0"
    elif value.kind is Kind.ERROR:
        start, text = b' t="e"', content(value.text)
    else:
        start, text = b"", value.text.encode()
    return start + b"><%bv>%b</%bv></%bc>" % (prefix, text, prefix, prefix)
