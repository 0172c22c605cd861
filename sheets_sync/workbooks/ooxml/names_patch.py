"""The defined names of the workbook part: our hidden names put or taken away, a filter's name kept in step.

What our names mean is in traces. All other names stay as they are, where they are.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import column_letters, parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    children,
    content,
    named,
    outline,
    prefix_of,
    quoted,
    spliced,
)

_FILTER_NAME = "_xlnm._filterdatabase"
_LAST_CORNER = re.compile(r"\$?[A-Za-z]+\$?(\d+)$")
_BEFORE = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences",
)  # fmt: skip


class NameChanges(NamedTuple):
    """What becomes of the workbook's names. `put` sets hidden names to formulas (without "="), `drop` removes names;
    `filters` gives, by a tab's place in the workbook (0-based), the new ranges of its filters by their old ones."""

    put: Mapping[str, str]
    drop: Collection[str]
    filters: Mapping[int, Mapping[Area, Area]]


def with_names(xml: bytes, changes: NameChanges) -> bytes:
    """The workbook part with its names changed; the same bytes when there is nothing to change."""
    nodes = outline(xml, 2)
    listed = named(nodes, "definedNames")
    known = [node for node in children(nodes, listed) if node.name == "definedName"] if listed else []
    wanted = {name.lower(): (name, formula) for name, formula in changes.put.items()}
    dropped = {name.lower() for name in changes.drop}
    cuts: list[Cut] = []
    left = len(known)
    for node in known:
        name = node.attributes.get("name", "").lower()
        if "localSheetId" in node.attributes:
            cuts += _filter_cut(xml, node, changes.filters) if name == _FILTER_NAME else ()
        elif name in wanted:
            _, formula = wanted.pop(name)
            cuts += _formula_cut(xml, node, formula)
        elif name in dropped:
            cuts.append(Cut(node.start, node.end, b""))
            left -= 1
    prefix = prefix_of(xml, nodes[0])
    added = b"".join(_written(prefix, name, formula) for name, formula in wanted.values())
    if listed and not left and not added:
        cuts = [Cut(listed.start, listed.end, b"")] if known else []
    elif listed and added:
        cuts += append_cuts(xml, listed, added)
    elif added:
        cuts.append(_new_list(nodes, prefix, added))
    return spliced(xml, cuts) if cuts else xml


def _written(prefix: bytes, name: str, formula: str) -> bytes:
    return b'<%bdefinedName name="%b" hidden="1">%b</%bdefinedName>' % (prefix, quoted(name), content(formula), prefix)


def _formula_cut(xml: bytes, node: Node, formula: str) -> tuple[Cut, ...]:
    if node.text == formula:
        return ()
    if node.inner == node.end:
        return append_cuts(xml, node, content(formula))
    return (Cut(node.inner, node.close, content(formula)),)


def _filter_cut(xml: bytes, node: Node, filters: Mapping[int, Mapping[Area, Area]]) -> tuple[Cut, ...]:
    """Widen or narrow the name of a filter, if it still names the filter's old range."""
    place = node.attributes.get("localSheetId", "")
    changed = filters.get(int(place), {}) if place.isascii() and place.isdigit() else {}
    _, _, reference = node.text.rpartition("!")
    try:
        new = changed.get(parse_area(reference)) if changed else None
    except Unreadable:
        new = None
    if new is None:
        return ()
    formula = _LAST_CORNER.sub(lambda found: f"${column_letters(new.right)}${found[1]}", node.text)
    return _formula_cut(xml, node, formula)


def _new_list(nodes: tuple[Node, ...], prefix: bytes, inside: bytes) -> Cut:
    before = [named(nodes, name) for name in _BEFORE]
    place = max((node.end for node in before if node), default=nodes[0].inner)
    tag = prefix + b"definedNames"
    return Cut(place, place, b"<%b>%b</%b>" % (tag, inside, tag))
