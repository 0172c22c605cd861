"""The conditional formats of a sheet's frame: our highlight rules, and only ours, replaced by the wanted ones."""

import re
from collections.abc import Mapping, Sequence

from sheets_sync.core.snapshot import HighlightRule
from sheets_sync.workbooks.ooxml.frame_order import place_for
from sheets_sync.workbooks.ooxml.grid import area_text
from sheets_sync.workbooks.ooxml.splice import Cut, Node, children, content, outline, prefix_of, spliced
from sheets_sync.workbooks.ooxml.traces import highlight_colour

MAX_FORMULA = 8_192
"""Characters of a formula, says Excel's specification."""
_PRIORITY = re.compile(rb"""\spriority\s*=\s*["'](\d+)["']""")


def unfit(rules: Sequence[HighlightRule]) -> str:
    """Why these rules cannot be written; "" when they can."""
    for rule in rules:
        if highlight_colour(rule.formula) != rule.colour:
            return "a highlight's formula does not carry our marker"
        if len(rule.formula) > MAX_FORMULA:
            return f"a highlight's formula is longer than {MAX_FORMULA:,} characters"
        if not rule.areas:
            return "a highlight has no cells"
    return ""


def with_highlights(frame: bytes, rules: Sequence[HighlightRule], formats: Mapping[str, int]) -> bytes:
    """The frame with exactly these highlights of ours, after all rules of others. `formats` gives the index of
    each colour's differential format."""
    cleared = _without_ours(frame)
    if not rules:
        return cleared
    nodes = outline(cleared, 1)
    prefix = prefix_of(cleared, nodes[0])
    first = 1 + max((int(found[1]) for found in _PRIORITY.finditer(cleared)), default=0)
    put = b"".join(_written(prefix, rule, formats[rule.colour], first + place) for place, rule in enumerate(rules))
    place = place_for(nodes, "conditionalFormatting")
    return spliced(cleared, [Cut(place, place, put)])


def _without_ours(frame: bytes) -> bytes:
    nodes = outline(frame, 3)
    cuts: list[Cut] = []
    for element in nodes:
        if element.depth != 1 or element.name != "conditionalFormatting":
            continue
        inside = children(nodes, element)
        ours = [node for node in inside if node.name == "cfRule" and _is_ours(nodes, node)]
        rest = [node for node in inside if node not in ours]
        if ours and not any(node.name == "cfRule" for node in rest):
            cuts.append(Cut(element.start, element.end, b""))
        else:
            cuts += [Cut(node.start, node.end, b"") for node in ours]
    return spliced(frame, cuts) if cuts else frame


def _is_ours(nodes: Sequence[Node], rule: Node) -> bool:
    return any(node.name == "formula" and highlight_colour(node.text) for node in children(nodes, rule))


def _written(p: bytes, rule: HighlightRule, format_index: int, priority: int) -> bytes:
    cells = " ".join(area_text(area) for area in rule.areas).encode()
    return (
        b'<%bconditionalFormatting sqref="%b">' % (p, cells)
        + b'<%bcfRule type="expression" dxfId="%d" priority="%d">' % (p, format_index, priority)
        + b"<%bformula>%b</%bformula></%bcfRule>" % (p, content(rule.formula), p, p)
        + b"</%bconditionalFormatting>" % p
    )
