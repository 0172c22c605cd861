"""The Sync log of a workbook in memory: found by the place of its ticks, added, changed cell by cell, taken out. Pure.

Every function that changes something gives back why it did not, "" when it did.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind
from sheets_sync.core.decision import LogState, Structure
from sheets_sync.core.log_layout import CHECK_NOW, TICK, TICKS, Look, Place, look_of
from sheets_sync.core.snapshot import Area, DropDown, LogTab, Row, Tab
from sheets_sync.workbooks.hand_edits import ordered
from sheets_sync.workbooks.log_block import block_cells, free_name, is_filled_beside, unchanged_since, values_of


class LogDraft(NamedTuple):
    """The tabs, and the key of the one that is our log: "" for none."""

    tabs: tuple[Tab, ...]
    key: str

    def tab(self) -> Tab | None:
        """The log's tab; None when there is none, or people deleted it."""
        return next((tab for tab in self.tabs if tab.key == self.key), None)


def log_of(tab: Tab) -> LogTab:
    """What stands in our block of the log's tab."""
    return LogTab(tab.key, tab.name, _held(tab))


def changed_log(draft: LogDraft, structure: Structure, *, new_key: str, date_style: int) -> tuple[LogDraft, str]:
    """Make one change of the log, and why it was not made."""
    tab = draft.tab()
    match structure.before, structure.after:
        case None, LogState() as added:
            if tab is not None:
                return draft, "the Sync log is already there"
            return LogDraft((*draft.tabs, _new(new_key, added, draft.tabs, date_style)), new_key), ""
        case LogState() as removed, None:
            return _removed(draft, tab, removed)
        case LogState() as before, LogState() as after if tab is not None:
            changed = _changed(tab, before, after, date_style)
            return LogDraft(tuple(changed if known is tab else known for known in draft.tabs), draft.key), ""
    return draft, "the Sync log is gone"


def _new(key: str, state: LogState, tabs: Collection[Tab], date_style: int) -> Tab:
    name = free_name(state.name, [tab.name for tab in tabs])
    ticks = DropDown(Area(TICKS[0][0], TICKS[0][1], TICKS[-1][0], TICKS[-1][1]), (TICK,))
    return _with(Tab(key, name, (), drop_downs=(ticks,)), values_of(state), date_style)


def _removed(draft: LogDraft, tab: Tab | None, state: LogState) -> tuple[LogDraft, str]:
    if tab is None:
        return LogDraft(draft.tabs, ""), ""
    if _held(tab) != values_of(state):
        return draft, "somebody changed the Sync log"
    if is_filled_beside(tab.rows, _corner(tab)):
        return draft, "somebody wrote into the Sync log"
    return LogDraft(tuple(known for known in draft.tabs if known is not tab), ""), ""


def _changed(tab: Tab, before: LogState, after: LogState, date_style: int) -> Tab:
    return _with(tab, unchanged_since(_held(tab), before, after), date_style)


def _corner(tab: Tab) -> Place:
    """Where the block begins: its drop-down moves as people insert rows and columns."""
    area = tab.drop_downs[0].area if tab.drop_downs else Area(*CHECK_NOW, *CHECK_NOW)
    return area.top - CHECK_NOW[0] + 1, area.left - CHECK_NOW[1] + 1


def _held(tab: Tab) -> dict[Place, CellValue]:
    return block_cells(tab.rows, _corner(tab))


def _with(tab: Tab, values: Mapping[Place, CellValue], date_style: int) -> Tab:
    top, left = _corner(tab)
    rows = {row.number: dict(row.cells) for row in tab.rows}
    for (row, column), value in values.items():
        cells = rows.setdefault(row + top - 1, {})
        cells.pop(column + left - 1, None)
        if value != BLANK:
            seen = float(value.text) if value.kind is Kind.NUMBER else value.text
            style = date_style if look_of(row, column) in (Look.INSTANT, Look.DAY) else 0
            cells[column + left - 1] = Cell(value, seen, style)
    return replace(tab, rows=ordered(Row(number, cells, hidden=False) for number, cells in rows.items()))
