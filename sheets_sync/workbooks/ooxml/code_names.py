"""Code names: what macros call the workbook and its sheets. Each has a document module of the same name.

Names that are there and can be used are kept; the others get short ASCII ones, because Excel makes stray duplicates of
document modules, or offers to repair the file, where the names are missing, repeated or too long.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_frame_patch import frame_nodes, reframed
from sheets_sync.workbooks.ooxml.splice import Cut, Node, as_utf8, attribute_cut, named, outline, prefix_of, spliced

_LEGAL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_BEFORE_SETTINGS = ("fileVersion", "fileSharing")


class DocumentKind(StrEnum):
    """What a document module stands for."""

    WORKBOOK = "workbook"
    WORKSHEET = "worksheet"
    CHARTSHEET = "chartsheet"


_STEMS = {DocumentKind.WORKSHEET: "Sheet", DocumentKind.CHARTSHEET: "Chart"}


class Document(NamedTuple):
    """The workbook or one of its sheets, as macros call it."""

    code_name: str
    kind: DocumentKind


class CodeNames(NamedTuple):
    """The workbook and its sheets, in order, and the parts that had to change for it."""

    documents: tuple[Document, ...]
    parts: Mapping[str, bytes]


def code_name_of(package: Package, part: str) -> str:
    """The code name that the workbook part or a sheet part gives itself, "" for none."""
    xml = as_utf8(package.read(part))
    nodes = outline(xml, 1) if part == package.workbook_part else frame_nodes(xml)[1]
    settings = named(nodes, "workbookPr" if part == package.workbook_part else "sheetPr")
    return settings.attributes.get("codeName", "") if settings else ""


def code_names(package: Package, taken: Collection[str]) -> CodeNames:
    """Give the workbook and each sheet a code name of its own, none of `taken`.

    Dialog and macro sheets of old Excel versions have none, and get none.
    """
    used = {name.lower() for name in taken}
    places = [(package.workbook_part, DocumentKind.WORKBOOK)]
    places += [(entry.part, DocumentKind(entry.kind)) for entry in package.sheets if entry.kind in _STEMS]
    kept: dict[str, str] = {}
    for part, _ in places:
        name = code_name_of(package, part)
        if _LEGAL.fullmatch(name) and name.lower() not in used:
            kept[part] = name
            used.add(name.lower())
    documents: list[Document] = []
    parts: dict[str, bytes] = {}
    for part, kind in places:
        name = kept.get(part) or _free_name(kind, used)
        used.add(name.lower())
        documents.append(Document(name, kind))
        if part not in kept:
            parts[part] = _named_part(package, part, name.encode())
    return CodeNames(tuple(documents), parts)


def _free_name(kind: DocumentKind, used: Collection[str]) -> str:
    return next(name for name in _candidates(kind) if name.lower() not in used)


def _candidates(kind: DocumentKind) -> Iterator[str]:
    stem = "ThisWorkbook" if kind is DocumentKind.WORKBOOK else _STEMS[kind]
    if kind is DocumentKind.WORKBOOK:
        yield stem
    number = 1
    while True:
        yield f"{stem}{number}"
        number += 1


def _named_part(package: Package, part: str, name: bytes) -> bytes:
    xml = as_utf8(package.read(part))
    if part == package.workbook_part:
        return spliced(xml, _settings_cuts(b"workbookPr", _BEFORE_SETTINGS, name)(xml, outline(xml, 1)))
    return reframed(xml, _settings_cuts(b"sheetPr", (), name))


def _settings_cuts(
    settings: bytes, before: Collection[str], name: bytes
) -> Callable[[bytes, tuple[Node, ...]], Iterable[Cut]]:
    """How to set the code name in an element, made behind the root's start tag or what must stand before it."""

    def cuts(xml: bytes, nodes: tuple[Node, ...]) -> Iterable[Cut]:
        known = named(nodes, settings.decode())
        if known is not None:
            return (attribute_cut(xml, known, b"codeName", name),)
        place = max((node.end for node in nodes if node.depth == 1 and node.name in before), default=nodes[0].inner)
        return (Cut(place, place, b'<%b%b codeName="%b"/>' % (prefix_of(xml, nodes[0]), settings, name)),)

    return cuts
