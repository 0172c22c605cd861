"""Validate a SpreadsheetML part or a drawing against the ECMA schema, as a program without extensions would see it."""

import re
from functools import lru_cache
from pathlib import Path

from lxml import etree
from writing_samples import LINKS, MAIN, STRICT

_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"


@lru_cache
def _schema(folder: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(folder / name)))


def schema_errors(part: bytes, folder: Path) -> frozenset[str]:
    """The distinct complaints of the schema in `folder` about a part."""
    data = part.replace(STRICT.encode(), MAIN.encode()).replace(_STRICT_LINKS.encode(), LINKS.encode())
    root = etree.fromstring(data)
    ignorable = (root.get(f"{{{_COMPATIBILITY}}}Ignorable") or "").split()
    ignored = {root.nsmap.get(prefix) for prefix in ignorable} | {_COMPATIBILITY}
    if ignorable or b"AlternateContent" in data:
        for element in list(root.iter(etree.Element)):
            _without_extensions(element, ignored)
    for text in root.iter(f"{{{MAIN}}}t"):
        text.attrib.pop(_SPACE, None)
    is_drawing = etree.QName(root.tag).namespace == _DRAWING
    schema = _schema(folder, "dml-spreadsheetDrawing.xsd" if is_drawing else "sml.xsd")
    schema.validate(etree.fromstring(etree.tostring(root)))
    return frozenset(re.sub(r"\{[^}]*\}", "", error.message)[:160] for error in schema.error_log)


def _without_extensions(element: etree._Element, ignored: set[str | None]) -> None:
    for name in list(element.attrib):
        if name.startswith("{") and name[1:].partition("}")[0] in ignored:
            del element.attrib[name]
    parent = element.getparent()
    if parent is None:
        return
    if element.tag == f"{{{_COMPATIBILITY}}}AlternateContent":
        fallback = element.find(f"{{{_COMPATIBILITY}}}Fallback")
        chosen = fallback if fallback is not None and len(fallback) else element.find(f"{{{_COMPATIBILITY}}}Choice")
        for child in reversed(list(chosen if chosen is not None else ())):
            parent.insert(parent.index(element), child)
        parent.remove(element)
    elif etree.QName(element.tag).namespace in ignored:
        parent.remove(element)
