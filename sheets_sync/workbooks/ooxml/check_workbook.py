"""What Excel would repair in the workbook part and around it: names, filters, types, relationships, calculation."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from sheets_sync.core.snapshot import Area
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.grid import column_number, parse_area
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import Node

_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*|_[\w.\\?]*")
_ADDRESS = re.compile(r"([A-Za-z]{1,3})\d{1,7}|[rRcC]|[rR]\d+[cC]\d+|[rR]\d*|[cC]\d*")
_MAX_NAME = 255
_FILTER_NAME = "_xlnm._filterdatabase"
_RELATIONSHIPS = ".rels"


def check_names(nodes: Sequence[Node], tabs: int) -> Iterator[str]:
    """Check the defined names in the workbook part's outline (down to depth 2)."""
    names = [node for node in nodes if node.name == "definedName" and node.depth == 2]
    scoped = Counter(
        (node.attributes.get("name", "").casefold(), node.attributes.get("localSheetId")) for node in names
    )
    for (name, scope), times in scoped.items():
        if times > 1:
            yield f"the name {name} is given {times} times" + (f" in tab {scope}" if scope else "")
    for node in names:
        name, scope = node.attributes.get("name", ""), node.attributes.get("localSheetId")
        if not is_legal_name(name):
            yield f"the name {name!r} is not legal"
        if scope is not None and not (scope.isdigit() and int(scope) < tabs):
            yield f"the name {name} belongs to a tab that does not exist"
        if not node.text.strip():
            yield f"the name {name} refers to nothing"


def is_legal_name(name: str) -> bool:
    """Whether Excel takes this as a defined name."""
    if name.lower().startswith("_xlnm."):
        return True
    if len(name) > _MAX_NAME or not _NAME.fullmatch(name):
        return False
    address = _ADDRESS.fullmatch(name)
    if address is None:
        return True
    try:
        return bool(address[1]) and not column_number(address[1])
    except Unreadable:
        return True


def check_filters(nodes: Sequence[Node], filters: Mapping[int, Area | None]) -> Iterator[str]:
    """Check that the hidden name of each filter tells its range; `filters` are by the tab's place in the workbook."""
    for node in nodes:
        if node.name != "definedName" or node.attributes.get("name", "").lower() != _FILTER_NAME:
            continue
        place = node.attributes.get("localSheetId", "")
        area = filters.get(int(place)) if place.isdigit() else None
        reference = node.text.rpartition("!")[2]
        try:
            told = parse_area(reference)
        except Unreadable:
            continue
        if area is not None and told != area:
            yield f"the filter of tab {place} and its hidden name have different ranges"


def check_parts(package: Package) -> Iterator[str]:
    """Check that every part has a content type and every relationship leads to a part."""
    for part in package.parts:
        if not part.lower().endswith("[content_types].xml") and not package.content_type(part):
            yield f"{part}: has no content type"
        if part.lower().endswith(_RELATIONSHIPS):
            source = part.replace("/_rels/", "/", 1)[: -len(_RELATIONSHIPS)] or "/"
            yield from _relationships(package, part, source)


def _relationships(package: Package, part: str, source: str) -> Iterator[str]:
    try:
        relations = package.related(source)
    except WorkbookRefused:
        yield f"{part}: cannot be read"
        return
    for relation in relations:
        if not relation.external and relation.target != "/NULL" and not package.has(relation.target):
            yield f"{part}: {relation.id} leads to a part that does not exist"


def check_calculations(
    chain: bytes, sheet_id: str, rows: Collection[int] | None, formulas: Collection[str]
) -> Iterator[str]:
    """Check that the calculation chain names only cells with a formula, among the rows looked at in one tab."""
    sheet = ""
    for found in re.finditer(rb"<(?:[\w.-]+:)?c\s([^<>]*)>", chain):
        address = re.search(rb"""(?<![\w:])r\s*=\s*["']([A-Z]+)(\d+)""", found[1])
        number = re.search(rb"""(?<![\w:])i\s*=\s*["'](\d+)""", found[1])
        sheet = number[1].decode() if number else sheet
        if address is None or sheet != sheet_id or (rows is not None and int(address[2]) not in rows):
            continue
        cell = (address[1] + address[2]).decode()
        if cell not in formulas:
            yield f"the calculation chain names {cell}, which holds no formula"
