"""What a worksheet says around its rows: merged cells, filter, our highlights and drop-downs, where people have checks.

Other people's rules, and what their validations say, are left unread, and no range is ever expanded into cells.
"""

from collections.abc import Iterator

from sheets_sync.core.snapshot import Area, DropDown, HighlightRule
from sheets_sync.workbooks.ooxml.grid import parse_area, parse_areas
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE, highlight_colour, parse_drop_down_formula
from sheets_sync.workbooks.ooxml.xml_scan import Element


def merged_areas(frame: Element) -> tuple[Area, ...]:
    """The merged areas, in file order. Raises Unreadable for one outside the grid."""
    return tuple(parse_area(merge.get("ref")) for merge in frame.within("mergeCells"))


def filter_area(frame: Element) -> Area | None:
    """The area of the tab's own filter (a table's filter is not one)."""
    own = frame.child("autoFilter")
    return parse_area(own.get("ref")) if own is not None and own.get("ref") else None


def our_highlights(frame: Element) -> tuple[HighlightRule, ...]:
    """Our highlight rules, the first to apply first."""
    found: list[tuple[int, HighlightRule]] = []
    for block in frame.all("conditionalFormatting"):
        for rule in block.all("cfRule"):
            formula = rule.child("formula")
            colour = highlight_colour(formula.text) if formula is not None and rule.get("type") == "expression" else ""
            if formula is not None and colour:
                areas = parse_areas(block.get("sqref"))
                found.append((int(rule.get("priority", "0")), HighlightRule(colour, areas, formula.text)))
    return tuple(rule for _, rule in sorted(found, key=lambda pair: pair[0]))


def our_drop_downs(frame: Element) -> tuple[DropDown, ...]:
    """Our drop-downs, one for each area, in file order."""
    found: list[DropDown] = []
    for validation in frame.within("dataValidations"):
        if validation.get("type") == "list" and validation.get("errorTitle") == DROP_DOWN_TITLE:
            formula = validation.child("formula1")
            values = parse_drop_down_formula(formula.text) if formula is not None else ()
            found += [DropDown(area, values) for area in parse_areas(validation.get("sqref"))]
    return tuple(found)


def peoples_checks(frame: Element) -> tuple[Area, ...]:
    """The cells that drop-downs and other checks of people's cover, those of newer Excel versions (in extLst) too; what
    cannot be understood is left out."""
    areas: list[Area] = []
    for cells in _checked_cells(frame):
        try:
            areas += parse_areas(cells)
        except Unreadable:
            continue
    return tuple(areas)


def _checked_cells(frame: Element) -> Iterator[str]:
    for validation in frame.within("dataValidations"):
        if validation.get("errorTitle") != DROP_DOWN_TITLE:
            yield validation.get("sqref")
    for extension in frame.within("extLst"):
        for listed in extension.children:
            for validation in listed.children if listed.name.endswith(" dataValidations") else ():
                yield from (inner.text for inner in validation.children if inner.name.endswith(" sqref"))
