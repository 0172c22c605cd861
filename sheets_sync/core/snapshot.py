"""What an adapter read from a workbook, before anything is understood: tabs, rows, cells, areas, our marks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.cells import Cell, CellStyle, CellValue


class Role(StrEnum):
    """The columns the tool may own. A column has a role only by our own mark, never by its header text."""

    FLAG = "flag"
    NEXT_FIX = "next_fix"
    ID = "id"


class Area(NamedTuple):
    """A rectangle of cells, 1-based and inclusive; columns as numbers (A = 1)."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: "Area") -> bool:
        """Whether the two have a cell in common."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.top <= other.bottom and other.top <= self.bottom


class Table(NamedTuple):
    """A table of the workbook (an Excel ListObject), with its header row."""

    name: str
    area: Area
    has_header: bool
    has_totals: bool
    is_query: bool
    """Filled by a query or an XML map: its rows are not typed here."""


class Row(NamedTuple):
    """One row with at least one non-blank cell. `cells` maps column number to cell."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool


class HighlightRule(NamedTuple):
    """One conditional-format rule of ours. `colour` is "red" or "amber", or "stale" over the flag's header.

    `formula` is written for the row of the first area's top cell, without "=", and carries our marker term
    N("sheets-sync")=0. `areas` are whole column stretches from the first data row to the last row of the grid.
    """

    colour: str
    areas: tuple[Area, ...]
    formula: str


class DropDown(NamedTuple):
    """One drop-down list of ours on a human column (opt-in). A warning, never a stop: people may type other words."""

    area: Area
    values: tuple[str, ...]


class TabTitle(NamedTuple):
    """A tab as listed, without its content. `key` is the workbook's own lasting identity (sheetId, gid)."""

    key: str
    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """The content of one tab.

    `rows` ascend by number. `marks` maps our columns to their column number; `lost_marks` are marks whose column
    a person deleted. `computed` are areas filled by array, spilled or data-table formulas, master cell included.
    `checks` are cells with a drop-down or another check of people's, as far as the workbook tells.
    """

    key: str
    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    tables: tuple[Table, ...] = ()
    filter: Area | None = None
    computed: tuple[Area, ...] = ()
    marks: Mapping[Role, int] = field(default_factory=dict)
    lost_marks: frozenset[Role] = frozenset()
    highlights: tuple[HighlightRule, ...] = ()
    drop_downs: tuple[DropDown, ...] = ()
    checks: tuple[Area, ...] = field(default=(), compare=False)


class LogTab(NamedTuple):
    """The tool's own last tab, the Sync log, known by our mark and listed among no other tabs.

    `cells` holds the literals of its block (core.log_layout) by (row, column) in it, without the blank ones; `saved`
    is when the workbook was saved, None where that is not known.
    """

    key: str
    name: str
    cells: Mapping[tuple[int, int], CellValue]
    saved: dt.datetime | None = None


class Stamp(NamedTuple):
    """What the workbook says of the last write into it (HAZARDS 6)."""

    plan: str
    store: str
    write: int
    version: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything read in one go. `fingerprint` identifies the exact bytes or version read.

    `refusal` says why this workbook may be read but not written, in words for a person; "" when it may be written.
    `stamp_lost` says, in such words too, what people did to the stamp although our columns are still there; "" when it
    is there, when there was none, or when the workbook does not tell. `card` is the plan's card as it stands in the
    workbook (core.card), "" when there is none. `log` is the Sync log, None when there is none; `log_lost` tells that
    people deleted it, `log_day` is how a formula names its day after which red shows, "" where this workbook cannot be
    given a Sync log, and `log_boxes` whether its ticks are check boxes that count as soon as they are ticked.
    """

    titles: tuple[TabTitle, ...]
    tabs: tuple[Tab, ...]
    styles: tuple[CellStyle, ...]
    fingerprint: str
    stamp: Stamp | None = None
    refusal: str = ""
    stamp_lost: str = ""
    card: str = ""
    log: LogTab | None = None
    log_lost: bool = False
    log_day: str = ""
    log_boxes: bool = False

    def tab(self, key: str) -> Tab:
        """The tab with this key; KeyError when it was not read."""
        for tab in self.tabs:
            if tab.key == key:
                return tab
        raise KeyError(key)
