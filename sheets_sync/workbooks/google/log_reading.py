"""The Sync log in Google's JSON: what stands in it, where its block of cells begins, what is left of one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.cells import CellValue
from sheets_sync.core.log_layout import RED_AFTER, TICKS, Place
from sheets_sync.core.snapshot import LogTab
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.json_cells import JsonCells
from sheets_sync.workbooks.google.tab_reading import TabFacts, TabPieces, grid_size
from sheets_sync.workbooks.google.traces import HAD_LOG_KEY, LOG_TAB, RED_AFTER_NAME, STAMP_TAB
from sheets_sync.workbooks.log_block import block_cells, is_filled_beside


class LogSheet(NamedTuple):
    """The tab of the Sync log. `corner` is where its block begins, `is_ours_alone` tells that nothing of people's
    stands beside the block, `rows` and `columns` are the grid's size; `has_boxes` tells that both ticks are check
    boxes."""

    name: str
    cells: Mapping[Place, CellValue]
    corner: Place
    is_ours_alone: bool
    rows: int
    columns: int
    has_boxes: bool


class LogFacts(NamedTuple):
    """The log as it was found: its tab, whether the spreadsheet remembers one, the id of the named range ("" for none),
    and whether that is on a cell of the log."""

    sheet: LogSheet | None = None
    remembered: bool = False
    named: str = ""
    is_day_named: bool = False

    @property
    def tab(self) -> LogTab | None:
        """What a snapshot tells of it."""
        return LogTab(str(LOG_TAB), self.sheet.name, self.sheet.cells) if self.sheet is not None else None

    @property
    def is_lost(self) -> bool:
        """Whether people deleted it."""
        return self.sheet is None and self.remembered


NO_LOG = LogFacts()


def read_log(reply: Json) -> LogFacts:
    """What a reply that holds the log's tab, the hidden tab and the named ranges says of it."""
    sheets: Sequence[Json] = reply.get("sheets", ())
    named: Json = next((one for one in reply.get("namedRanges", ()) if one.get("name") == RED_AFTER_NAME), {})
    found = next((sheet for sheet in sheets if _gid(sheet) == LOG_TAB), None)
    corner = _corner(named.get("range", {}))
    return LogFacts(
        _log_sheet(found, corner or (1, 1)) if found is not None else None,
        _is_remembered(sheets),
        str(named.get("namedRangeId", "")),
        is_day_named=corner is not None,
    )


def _log_sheet(sheet: Json, corner: Place) -> LogSheet:
    pieces = TabPieces(sheet, JsonCells())
    for piece in sheet.get("data", ()):
        pieces.add(piece)
    tab = pieces.tab()
    return LogSheet(
        tab.name,
        block_cells(tab.rows, corner),
        corner,
        not is_filled_beside(tab.rows, corner),
        *grid_size(sheet),
        has_boxes=all(_is_box(pieces.facts(), place, corner) for place in TICKS),
    )


def _is_box(facts: TabFacts, place: Place, corner: Place) -> bool:
    row, column = place[0] + corner[0] - 1, place[1] + corner[1] - 1
    checks = (one for one in facts.checks.get(column, ()) if one.top <= row <= one.bottom)
    return any(one.rule.get("condition", {}).get("type") == "BOOLEAN" for one in checks)


def _corner(day: Json) -> Place | None:
    """Where the block begins, told by the cell of the day; None where that is gone."""
    row, column = RED_AFTER
    top, left = int(day.get("startRowIndex", 0)) + 2 - row, int(day.get("startColumnIndex", 0)) + 2 - column
    return (top, left) if day.get("sheetId") == LOG_TAB and top >= 1 and left >= 1 else None


def _is_remembered(sheets: Iterable[Json]) -> bool:
    told = (one for sheet in sheets if _gid(sheet) == STAMP_TAB for one in sheet.get("developerMetadata", ()))
    return any(one.get("metadataKey") == HAD_LOG_KEY for one in told)


def _gid(sheet: Json) -> int:
    return int(sheet["properties"].get("sheetId", 0))
