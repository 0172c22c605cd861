"""The data validations of a sheet's frame: our drop-down lists, and only ours, replaced by the wanted ones."""

from collections.abc import Sequence

from sheets_sync.core.snapshot import Area, DropDown
from sheets_sync.workbooks.ooxml.frame_order import place_for
from sheets_sync.workbooks.ooxml.grid import area_text, parse_areas
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    attribute_cut,
    children,
    content,
    named,
    outline,
    prefix_of,
    quoted,
    spliced,
)
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE, drop_down_formula

MAX_LIST = 255
"""Characters of a list typed into a validation, says Excel's specification."""


def unfit(frame: bytes, lists: Sequence[DropDown]) -> str:
    """Why these drop-downs cannot be written into this frame; "" when they can."""
    for drop_down in lists:
        if not drop_down.values or not all(value.strip() for value in drop_down.values):
            return "a drop-down has an empty value"
        if any("," in value for value in drop_down.values):
            return "a value of the drop-down holds a comma, and Excel separates values by commas"
        if len(",".join(drop_down.values).encode("utf-16-le", "surrogatepass")) > 2 * MAX_LIST:
            return f"the values of the drop-down have more than {MAX_LIST} characters together"
        if any(drop_down.area.meets(area) for area in _areas_of_others(frame)):
            return f"the cells {area_text(drop_down.area)} already have a drop-down or another check of their own"
    return ""


def with_drop_downs(frame: bytes, lists: Sequence[DropDown]) -> bytes:
    """The frame with exactly these drop-downs of ours, behind the validations of others."""
    nodes = outline(frame, 2)
    prefix = prefix_of(frame, nodes[0])
    put = b"".join(_written(prefix, drop_down) for drop_down in lists)
    listed = named(nodes, "dataValidations")
    if listed is None:
        place = place_for(nodes, "dataValidations")
        tag = prefix + b"dataValidations"
        return (
            spliced(frame, [Cut(place, place, b'<%b count="%d">%b</%b>' % (tag, len(lists), put, tag))])
            if put
            else frame
        )
    known = [node for node in children(nodes, listed) if node.name == "dataValidation"]
    ours = [node for node in known if _is_ours(node)]
    count = len(known) - len(ours) + len(lists)
    if not ours and not lists:
        return frame
    if not count:
        return spliced(frame, [Cut(listed.start, listed.end, b"")])
    cuts = [Cut(node.start, node.end, b"") for node in ours]
    if put:
        return spliced(frame, [*cuts, *append_cuts(frame, listed, put, count)])
    return spliced(frame, [*cuts, attribute_cut(frame, listed, b"count", b"%d" % count)])


def _is_ours(node: Node) -> bool:
    return node.attributes.get("errorTitle") == DROP_DOWN_TITLE


def _areas_of_others(frame: bytes) -> tuple[Area, ...]:
    """The cells that validations of others cover, those of newer Excel versions (in extLst) too."""
    areas: list[Area] = []
    nodes = outline(frame, 5)
    for node in nodes:
        if node.name == "dataValidation" and node.depth == 2 and not _is_ours(node):
            areas += parse_areas(node.attributes.get("sqref", ""))
        elif node.depth == 4 and node.name.endswith(" dataValidation"):
            for inner in children(nodes, node):
                areas += parse_areas(inner.text) if inner.name.endswith(" sqref") else ()
    return tuple(areas)


def _written(p: bytes, drop_down: DropDown) -> bytes:
    return (
        b'<%bdataValidation type="list" errorStyle="warning" allowBlank="1" showErrorMessage="1"' % p
        + b' errorTitle="%b" sqref="%b">' % (quoted(DROP_DOWN_TITLE), area_text(drop_down.area).encode())
        + b"<%bformula1>%b</%bformula1></%bdataValidation>" % (p, content(drop_down_formula(drop_down.values)), p, p)
    )
