"""Our highlights and drop-downs put into an open workbook, and taken out; those of others stay, in their order."""

from collections.abc import Sequence

from sheets_sync.core.snapshot import DropDown, HighlightRule
from sheets_sync.workbooks.live.blocks import block_of
from sheets_sync.workbooks.live.native import Look, Native, Sheet
from sheets_sync.workbooks.live.obstacles import OpenTab
from sheets_sync.workbooks.live.standing import standing_at
from sheets_sync.workbooks.live.tab_reading import our_rules
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE

LOOKS = {
    "red": Look((0xFF, 0xC7, 0xCE), (0x9C, 0x00, 0x06)),
    "amber": Look((0xFF, 0xEB, 0x9C), (0x7F, 0x60, 0x00)),
    "stale": Look((0xC0, 0x00, 0x00), (0xFF, 0xFF, 0xFF)),
}
"""The colours that files get."""


def set_highlights(native: Native, sheet: Sheet, rules: Sequence[HighlightRule]) -> None:
    """Exactly these highlights of ours, behind all rules of others."""
    for rule in reversed(our_rules(native, sheet)):
        native.delete_rule(sheet, rule)
    for wanted in rules:
        top_left = wanted.areas[0]
        with standing_at(sheet, top_left.top, top_left.left):
            native.add_rule(sheet, wanted.areas, wanted.formula, LOOKS[wanted.colour])


def set_drop_downs(native: Native, known: OpenTab, lists: Sequence[DropDown]) -> None:
    """Exactly these drop-downs of ours."""
    for drop_down in known.tab.drop_downs:
        native.delete_list(block_of(known.sheet, drop_down.area))
    for wanted in lists:
        native.add_list(block_of(known.sheet, wanted.area), wanted.values, DROP_DOWN_TITLE)
