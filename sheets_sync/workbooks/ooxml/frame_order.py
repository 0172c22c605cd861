"""The order in which the schema wants what surrounds the rows of a worksheet (ECMA-376 part 1, CT_Worksheet)."""

from collections.abc import Sequence

from sheets_sync.workbooks.ooxml.splice import Node

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_ORDER)}


def place_for(nodes: Sequence[Node], name: str) -> int:
    """The offset where a new child of the root with this name belongs: right behind all that must precede it."""
    rank = _RANK[name]
    before = (node.end for node in nodes if node.depth == 1 and _RANK.get(node.name, len(_ORDER)) <= rank)
    return max(before, default=nodes[0].inner)
