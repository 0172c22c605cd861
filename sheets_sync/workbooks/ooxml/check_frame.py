"""What Excel would repair around the rows of a worksheet: rule priorities, format indexes, counts, columns, merges."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.grid import parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.splice import Node, children, named

_COUNTED = ("dataValidations", "mergeCells", "tableParts")


def merged_areas(nodes: Sequence[Node]) -> tuple[Area, ...]:
    """The merged areas that can be read. `nodes` reach down to depth 2."""
    found: list[Area] = []
    for node in nodes:
        if node.name == "mergeCell" and node.depth == 2 and (area := _area(node.attributes.get("ref", ""))):
            found.append(area)
    return tuple(found)


def check_frame(nodes: Sequence[Node], *, formats: int | None, dxfs: int) -> Iterator[str]:
    """Check a worksheet's outline (down to depth 2) against the number of cell and differential formats there are."""
    yield from _rules(nodes, dxfs)
    yield from _columns(nodes, formats)
    yield from counted(nodes, _COUNTED)
    areas = merged_areas(nodes)
    for place, area in enumerate(areas[:2_000]):
        if any(area.meets(other) for other in areas[:place]):
            yield f"merged cells {area.top},{area.left}: overlap others"


def counted(nodes: Sequence[Node], names: Sequence[str]) -> Iterator[str]:
    """Check that containers hold as many children as their count says, and are not empty."""
    for name in names:
        node = named(nodes, name)
        if node is None:
            continue
        held = len(children(nodes, node))
        if node.attributes.get("count", str(held)) != str(held):
            yield f"{name}: count is not the number of its children"
        if not held:
            yield f"{name}: is empty"


def _rules(nodes: Sequence[Node], dxfs: int) -> Iterator[str]:
    rules = [node for node in nodes if node.name == "cfRule" and node.depth == 2]
    for priority, times in Counter(rule.attributes.get("priority", "") for rule in rules).items():
        if not priority.isdigit() or int(priority) < 1:
            yield "a conditional format has no valid priority"
        elif times > 1:
            yield f"conditional formats: priority {priority} is given {times} times"
    for rule in rules:
        index = rule.attributes.get("dxfId")
        if index is not None and not (index.isdigit() and int(index) < dxfs):
            yield f"a conditional format's look {index} does not exist"
    for node in nodes:
        if node.depth == 1 and node.name == "conditionalFormatting" and not children(nodes, node):
            yield "a conditional format without rules"


def _columns(nodes: Sequence[Node], formats: int | None) -> Iterator[str]:
    before = 0
    listed = named(nodes, "cols")
    for node in children(nodes, listed) if listed else ():
        first, last = node.attributes.get("min", ""), node.attributes.get("max", "")
        if not (first.isdigit() and last.isdigit() and before < int(first) <= int(last) <= 16_384):
            yield f"columns {first} to {last}: out of order, twice or outside the grid"
            continue
        before = int(last)
        style = node.attributes.get("style", "0")
        if formats is not None and not (style.isdigit() and int(style) < max(formats, 1)):
            yield f"columns {first} to {last}: their style does not exist"
    if listed and not children(nodes, listed):
        yield "cols: is empty"


def _area(text: str) -> Area | None:
    try:
        return parse_area(text)
    except Unreadable:
        return None
