"""Which formulas of a workbook use cells of ours: those have to be calculated anew after a write.

Formulas are read as text, not parsed: a doubtful case counts as a use. What INDIRECT and OFFSET reach is not seen, but
Excel calculates those at every opening anyway.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import attribute

_ROOT = re.compile(rb"<([\w.-]+:)?(?:worksheet|macrosheet|dialogsheet)[\s>]")
_START = 5_000
"""Bytes within which a part's root element begins."""
_TEXT = re.compile(r'"[^"]*"')
_REFERENCE = re.compile(
    r"(?:('(?:[^']|'')+'|[^\s'!()+\-*/^&=<>,;{}\"]+)!)?(?<![\w.$])"
    r"(\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d{1,7}:\$?\d{1,7})"
    r"(?![\w(.!])",
    re.IGNORECASE,
)
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))


class Owned(NamedTuple):
    """Cells of ours that were written in one tab, given by its name, and the table columns they stand in."""

    tab: str
    areas: tuple[Area, ...]
    tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(table name, names of our columns in it)."""


class Formula(NamedTuple):
    """One formula: its text, and by how many rows and columns it is copied down and right."""

    text: str
    rows: int = 0
    columns: int = 0


def formulas_in(sheet: bytes) -> Iterator[Formula]:
    """The distinct formulas of a worksheet part."""
    root = _ROOT.search(sheet[:_START])
    prefix = (root[1] or b"") if root else b""
    if b"</" + prefix + b"f>" not in sheet:
        return
    seen: set[tuple[bytes, bytes]] = set()
    for found in re.finditer(rb"<" + re.escape(prefix) + rb"f((?:\s[^<>]*)?)>([^<]+)<", sheet):
        tag, text = found[1], found[2]
        shared = (attribute(tag, b"ref") or b"") if b"shared" in tag else b""
        if (text, shared) not in seen:
            seen.add((text, shared))
            yield _formula(text, shared)


def _formula(raw: bytes, shared: bytes) -> Formula:
    if b"&" in raw:
        for entity, character in _ENTITIES:
            raw = raw.replace(entity, character)
    text = raw.decode("utf-8", "replace")
    area = _area(shared.decode("ascii", "replace")) if shared else None
    return Formula(text, area.bottom - area.top, area.right - area.left) if area else Formula(text)


def uses(formula: Formula, own_tab: str, owned: Iterable[Owned], names: Iterable[str] = ()) -> bool:
    """Whether a formula standing in the tab `own_tab` uses cells of ours, or one of the defined `names`."""
    text = _TEXT.sub('""', formula.text)
    owned = tuple(owned)
    for reference in _REFERENCE.finditer(text):
        area = _area(reference[2])
        if area is None:
            continue
        reached = area._replace(bottom=area.bottom + formula.rows, right=area.right + formula.columns)
        tab = _tab(reference[1], own_tab)
        if any(_touches(reached, tab, cells) for cells in owned):
            return True
    for table, columns in (entry for cells in owned for entry in cells.tables):
        if _names_whole(text, table) or any(names_column(text, column) for column in columns):
            return True
    return any(_has_word(text, name) for name in names)


def names_column(text: str, column: str) -> bool:
    """Whether a formula names a table's column: [Flag] or [@Flag]."""
    folded, name = text.casefold(), column.casefold()
    return "[" in folded and (f"[{name}]" in folded or f"[@{name}]" in folded)


def _names_whole(text: str, table: str) -> bool:
    """Whether a formula names a table without naming columns of it: Plan, Plan[], Plan[#All]."""
    if table.casefold() not in text.casefold():
        return False
    return bool(re.search(rf"(?<![\w.]){re.escape(table)}(?![\w.]|\[(?![#\]]))", text, re.IGNORECASE))


def _has_word(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w.\\]){re.escape(name)}(?![\w.(!])", text, re.IGNORECASE))


def _tab(written: str | None, own_tab: str) -> str:
    """The tab a reference names, "" for several tabs (A:C!B2)."""
    if not written:
        return own_tab
    tab = written[1:-1].replace("''", "'") if written.startswith("'") else written
    return "" if ":" in tab else tab


def _touches(area: Area, tab: str, owned: Owned) -> bool:
    if tab and tab.casefold() != owned.tab.casefold():
        return False
    return any(
        area.left <= own.right and own.left <= area.right and area.top <= own.bottom and own.top <= area.bottom
        for own in owned.areas
    )


def _area(text: str) -> Area | None:
    try:
        return parse_area(text)
    except Unreadable:
        return None
