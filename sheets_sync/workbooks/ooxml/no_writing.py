"""Reasons why a workbook may be read but must not be written: a change would break a promise made to somebody else.

Each reason is a sentence part for a person. What on a single sheet stops a single edit is the writer's business.
"""

from collections.abc import Set as AbstractSet

from sheets_sync.workbooks.ooxml.xml_scan import Element
from sheets_sync.workbooks.ooxml.zip_members import Archive

_RESERVATION = ("reservationPassword", "hashValue")


def reason(archive: Archive, workbook: Element, relations: AbstractSet[str], custom: Element | None) -> str:
    """The first reason against writing, "" when there is none.

    `relations` are the kinds of relationships of package and workbook; `custom` are the document's custom properties.
    """
    keys = [member.key for member in archive.members]
    sharing = workbook.child("fileSharing")
    if any(key.startswith("/_xmlsignatures/") for key in keys) or "origin" in relations:
        return "the workbook is digitally signed, and any change would break the signature"
    if "revisionHeaders" in relations or any("/revisions/" in key for key in keys):
        return "the workbook is shared in the old way (Track Changes), and a change would bypass its list of changes"
    if len(set(keys)) < len(keys):
        return "the workbook holds a part twice"
    if any(member.has_long_offset for member in archive.members):
        return "the workbook is packed as a 64-bit zip file"
    if sharing is not None and any(sharing.get(name) for name in _RESERVATION):
        return "the workbook asks for a password before changes"
    if custom is not None and _is_final(custom):
        return "the workbook is marked as final"
    return ""


def _is_final(custom: Element) -> bool:
    for entry in custom.all("property"):
        if entry.get("name") == "_MarkAsFinal" and entry.children:
            return entry.children[0].text.strip().lower() in ("true", "1")
    return False
