"""The Sync log of a workbook in memory: found by the place of its ticks, added, changed cell by cell, taken out. Pure.

Every function that changes something gives back why it did not, "" when it did.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind
from sheets_sync.core.decision import LogCell, LogState, Structure
from sheets_sync.core.log_layout import CHECK_NOW, COLUMNS, ROWS, TICK, TICKS, Look, Place, look_of
from sheets_sync.core.snapshot import Area, DropDown, LogTab, Row, Tab
from sheets_sync.workbooks.hand_edits import ordered


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


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where a tab has it already."""
    known = {name.casefold() for name in taken}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(known) + 3)))
    return next(name for name in names if name.casefold() not in known)


def _new(key: str, state: LogState, tabs: Collection[Tab], date_style: int) -> Tab:
    name = free_name(state.name, [tab.name for tab in tabs])
    ticks = DropDown(Area(TICKS[0][0], TICKS[0][1], TICKS[-1][0], TICKS[-1][1]), (TICK,))
    return _with(Tab(key, name, (), drop_downs=(ticks,)), {cell[:2]: cell.value for cell in state.cells}, date_style)


def _removed(draft: LogDraft, tab: Tab | None, state: LogState) -> tuple[LogDraft, str]:
    if tab is None:
        return LogDraft(draft.tabs, ""), ""
    if _held(tab) != {cell[:2]: cell.value for cell in state.cells}:
        return draft, "somebody changed the Sync log"
    if sum(len(row.cells) for row in tab.rows) > len(state.cells):
        return draft, "somebody wrote into the Sync log"
    return LogDraft(tuple(known for known in draft.tabs if known is not tab), ""), ""


def _changed(tab: Tab, before: LogState, after: LogState, date_style: int) -> Tab:
    held = _held(tab)
    unchanged: dict[Place, CellValue] = {
        cell[:2]: cell.value for cell in after.cells if held.get(cell[:2], BLANK) == _value_at(before, cell)
    }
    return _with(tab, unchanged, date_style)


def _value_at(state: LogState, place: LogCell) -> CellValue:
    return next((cell.value for cell in state.cells if cell[:2] == place[:2]), BLANK)


def _corner(tab: Tab) -> Place:
    """How far the block stands from the tab's first cell: its drop-down moves as people insert rows and columns."""
    area = tab.drop_downs[0].area if tab.drop_downs else Area(*CHECK_NOW, *CHECK_NOW)
    return area.top - CHECK_NOW[0], area.left - CHECK_NOW[1]


def _held(tab: Tab) -> dict[Place, CellValue]:
    down, right = _corner(tab)
    return {
        (row.number - down, column - right): cell.literal
        for row in tab.rows
        for column, cell in row.cells.items()
        if 1 <= row.number - down <= ROWS and 1 <= column - right <= COLUMNS
    }


def _with(tab: Tab, values: Mapping[Place, CellValue], date_style: int) -> Tab:
    down, right = _corner(tab)
    rows = {row.number: dict(row.cells) for row in tab.rows}
    for (row, column), value in values.items():
        cells = rows.setdefault(row + down, {})
        cells.pop(column + right, None)
        if value != BLANK:
            seen = float(value.text) if value.kind is Kind.NUMBER else value.text
            style = date_style if look_of(row, column) in (Look.INSTANT, Look.DAY) else 0
            cells[column + right] = Cell(value, seen, style)
    return replace(tab, rows=ordered(Row(number, cells, hidden=False) for number, cells in rows.items()))
