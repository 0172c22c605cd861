"""The drawing of a sheet: a button put into it, made where there is none; buttons taken out, and with the last thing
of ours the drawing too."""

from collections.abc import Iterable

from sheets_sync.workbooks.ooxml.button_place import Plot, place_for_button
from sheets_sync.workbooks.ooxml.button_shape import (
    EMPTY_DRAWING,
    Bound,
    Face,
    bound_to_ours,
    button_width,
    is_empty,
    with_button,
    without_buttons,
)
from sheets_sync.workbooks.ooxml.frame_order import place_for
from sheets_sync.workbooks.ooxml.package import Package, Relationship
from sheets_sync.workbooks.ooxml.package_draft import PackageDraft
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.sheet_frame_patch import frame_nodes, reframed
from sheets_sync.workbooks.ooxml.splice import Cut, Node, as_utf8, named, outline, prefix_of

DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING_KIND = f"{_LINKS}/drawing"
_LINK = f"{_LINKS} id"


def drawing_relation(package: Package, sheet: str) -> Relationship | None:
    """The relationship of a sheet to its drawing, None where it has none. Raises Unreadable where it leads nowhere."""
    drawing = named(frame_nodes(as_utf8(package.read(sheet)))[1], "drawing")
    if drawing is None:
        return None
    link = drawing.attributes.get(_LINK, "")
    for relation in package.related(sheet):
        if relation.id == link and relation.kind == "drawing" and package.has(relation.target):
            return relation
    raise damaged("the drawing of a sheet is missing")


def buttons_on(package: Package, sheet: str) -> tuple[Bound, ...]:
    """What on the sheet starts our macro."""
    relation = drawing_relation(package, sheet)
    return () if relation is None else bound_to_ours(as_utf8(package.read(relation.target)))


def put_button(draft: PackageDraft, sheet: str, plot: Plot, face: Face) -> None:
    """Put a button on a sheet. Raises Unreadable where there is no place for it, or the drawing is damaged."""
    place = place_for_button(plot, button_width(face))
    relation = drawing_relation(draft.package, sheet)
    if relation is not None:
        xml = draft.read(relation.target)
        if outline(xml, 0)[0].name.rpartition(" ")[2] != "wsDr":
            raise damaged("the drawing of a sheet is none")
        draft.put(relation.target, with_button(xml, place, face))
        return
    part = draft.free_part("/xl/drawings/drawing{}.xml")
    draft.put(part, with_button(EMPTY_DRAWING, place, face))
    draft.declare(part, DRAWING_TYPE)
    link = draft.relate(sheet, _DRAWING_KIND, part)

    def drawing(frame: bytes, nodes: tuple[Node, ...]) -> Iterable[Cut]:
        at = place_for(nodes, "drawing")
        names = prefix_of(frame, nodes[0]), _LINKS.encode(), link.encode()
        return (Cut(at, at, b'<%bdrawing xmlns:r="%b" r:id="%b"/>' % names),)

    draft.put(sheet, reframed(draft.read(sheet), drawing))


def take_buttons(draft: PackageDraft, sheet: str) -> None:
    """Take our buttons off a sheet; a drawing that we made and that holds nothing else goes too."""
    relation = drawing_relation(draft.package, sheet)
    if relation is None:
        return
    xml = without_buttons(draft.read(relation.target))
    if not is_empty(xml):
        draft.put(relation.target, xml)
        return
    draft.remove(relation.target)
    draft.unrelate(sheet, relation.id)
    draft.put(sheet, reframed(draft.read(sheet), _without_drawing))


def _without_drawing(_: bytes, nodes: tuple[Node, ...]) -> Iterable[Cut]:
    drawing = named(nodes, "drawing")
    return (Cut(drawing.start, drawing.end, b""),) if drawing else ()
