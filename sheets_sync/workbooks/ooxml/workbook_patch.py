"""The workbook part's calculation settings: ask for a full calculation when the workbook is next opened."""

from sheets_sync.workbooks.ooxml.splice import Cut, attribute_cut, named, outline, prefix_of, spliced

_BEFORE = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


def calculated_on_load(xml: bytes) -> bytes:
    """The workbook part asking for a full calculation at the next opening; the same bytes where it already does, or
    where a person has chosen to calculate by hand."""
    nodes = outline(xml, 1)
    settings = named(nodes, "calcPr")
    if settings is None:
        before = [named(nodes, name) for name in _BEFORE]
        place = max((node.end for node in before if node), default=nodes[0].inner)
        return spliced(xml, [Cut(place, place, b'<%bcalcPr fullCalcOnLoad="1"/>' % prefix_of(xml, nodes[0]))])
    if settings.attributes.get("fullCalcOnLoad") in ("1", "true") or settings.attributes.get("calcMode") == "manual":
        return xml
    return spliced(xml, [attribute_cut(xml, settings, b"fullCalcOnLoad", b"1")])
