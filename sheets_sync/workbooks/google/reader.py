"""Looks at a spreadsheet with as few calls as possible. What the replies mean is in tab_reading.

Tabs known by name: one call for everything, their first rows included; a plan longer than that comes in further
parts. Otherwise, or when a name is not there any more, the tabs are listed first. With read-only access only plain
GET is allowed, so the tabs are listed always.
"""

from collections.abc import Collection, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sheets_sync.core.snapshot import Snapshot, Stamp, Tab, TabTitle
from sheets_sync.errors import WorkbookBusy
from sheets_sync.workbooks.google.calls import Calls, Json, Rejected
from sheets_sync.workbooks.google.content_hash import content_hash
from sheets_sync.workbooks.google.json_cells import JsonCells
from sheets_sync.workbooks.google.log_reading import LogFacts, read_log
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.masks import (
    FIRST_ROWS,
    LISTING,
    LOG,
    PART,
    PART_ROWS,
    WHOLE,
    column_of,
    column_span,
    first_rows,
    row_span,
    rows_of,
)
from sheets_sync.workbooks.google.steadiness import entries, telling_column
from sheets_sync.workbooks.google.tab_reading import TabPieces, grid_size, is_grid, title_of
from sheets_sync.workbooks.google.traces import (
    FOREIGN_STAMP,
    LOG_KEY,
    LOG_TAB,
    RED_AFTER,
    STAMP_KEY,
    STAMP_TAB,
    STAMP_TITLE,
    parse_stamp,
)

READ_ONLY = "the sign-in allows reading only"
_STAMP_TAB_WORDS = f"the hidden tab {STAMP_TITLE}, which tells which run wrote last,"
_TRIES = 2
_BATCH = ":getByDataFilter"
_OURS = (STAMP_TAB, LOG_TAB)
_OUR_FILTERS = tuple({"developerMetadataLookup": {"metadataKey": key}} for key in (STAMP_KEY, LOG_KEY))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one spreadsheet. `tabs` are the names of the tabs to look at, none = all of them."""

    calls: Calls
    _: KW_ONLY
    tabs: tuple[str, ...] = ()
    read_only: bool = False

    def listing(self) -> Json:
        """All tabs without their content; `titles_in` tells them."""
        return self.calls.get("", {"fields": LISTING})

    def look(
        self, *, taken: float, fingerprint: str = "", wanted: Collection[str] | None = None, listing: Json | None = None
    ) -> Look:
        """Look at those tabs with the keys `wanted` where given, else at the named tabs, else at all.

        `fingerprint` is the version as it was before; without one it is made from the content. A `listing` just made
        saves a call. Raises WorkbookBusy when rows moved between two parts of the reading, twice.
        """
        for _ in range(_TRIES):
            read = self._first(wanted, listing)
            if read.continued():
                return read.look(taken, fingerprint)
        raise WorkbookBusy(
            "people were moving rows in the sheet while it was read", "nothing to do: the next run tries again"
        )

    def log(self) -> LogFacts:
        """The Sync log as it stands now, without any other tab."""
        return read_log(self.calls.post_read(_BATCH, {"dataFilters": list(_OUR_FILTERS)}, {"fields": LOG}))

    def _first(self, wanted: Collection[str] | None, listing: Json | None) -> "_Reading":
        if wanted is None and listing is None and self.tabs and not self.read_only:
            body = {"dataFilters": [*({"a1Range": first_rows(name)} for name in self.tabs), *_OUR_FILTERS]}
            try:
                reply = self.calls.post_read(_BATCH, body, {"fields": WHOLE})
            except Rejected:
                pass  # a tab was renamed or deleted: the list of tabs will tell
            else:
                reply = {**reply, "sheets": [sheet for sheet in reply.get("sheets", ()) if self._is_meant(sheet)]}
                return _Reading(self, reply, titles_in(reply))
        listing = listing or self.listing()
        return _Reading(self, self._chosen(listing, wanted), titles_in(listing))

    def _is_meant(self, sheet: Json) -> bool:
        """Whether a tab was asked for; a copy that people made of a tab of ours, with its metadata, was not."""
        return _is_ours(sheet) or _name(sheet) in self.tabs

    def _chosen(self, listing: Json, wanted: Collection[str] | None) -> Json:
        """The first rows of tabs in a listing."""
        grids = [sheet for sheet in listing.get("sheets", ()) if is_grid(sheet)]
        ours = [sheet for sheet in grids if _is_ours(sheet)]
        chosen = [sheet for sheet in grids if not _is_ours(sheet) and _is_wanted(sheet, wanted)]
        if not chosen and not ours:
            return {"sheets": []}
        if self.read_only:
            ranges = [rows_of(_name(sheet), 1, min(FIRST_ROWS, grid_size(sheet)[0])) for sheet in (*chosen, *ours)]
            return self.calls.get("?" + urlencode([("ranges", one) for one in ranges]), {"fields": WHOLE})
        spans = [row_span(_gid(sheet), 1, min(FIRST_ROWS, grid_size(sheet)[0])) for sheet in (*chosen, *ours)]
        return self.calls.post_read(_BATCH, {"dataFilters": spans}, {"fields": WHOLE})


class _Told(NamedTuple):
    """What tells the rows of a tab apart: a column, and what was entered in it so far, by row."""

    column: int
    values: dict[int, str]


class _Reading:
    """A look under way: what came so far, and getting the rest."""

    def __init__(self, reader: Reader, reply: Json, titles: tuple[TabTitle, ...]) -> None:
        sheets = [sheet for sheet in reply.get("sheets", ()) if is_grid(sheet)]
        self._reader = reader
        self._titles = titles
        self._cells = JsonCells()
        self._stamp, self._has_stamp_tab = _stamp_of(sheets)
        self._sign = _sign_of(sheets)
        self._log = read_log(reply)
        self._sheets: list[Json] = []
        self._tabs: list[TabPieces] = []
        self._told: list[_Told | None] = []
        for sheet in sheets:
            if not _is_ours(sheet):
                self._begin({name: part for name, part in sheet.items() if name != "data"}, sheet.get("data", ()))

    def _begin(self, sheet: Json, pieces: Sequence[Json]) -> None:
        """Take in a tab's frame and first rows; their JSON is let go."""
        tab = TabPieces(sheet, self._cells)
        for piece in pieces:
            tab.add(piece)
        column = telling_column(pieces) if grid_size(sheet)[0] > FIRST_ROWS else None
        self._sheets.append(sheet)
        self._tabs.append(tab)
        self._told.append(_Told(column, dict(entries(pieces, column))) if column is not None else None)

    def continued(self) -> bool:
        """Get the rows beyond the first ones. False when rows moved meanwhile (HAZARDS 16)."""
        return all(self._rest_of(place) for place in range(len(self._sheets)))

    def look(self, taken: float, fingerprint: str) -> Look:
        """What was read."""
        tabs = tuple(tab.tab() for tab in self._tabs)
        facts = [tab.facts() for tab in self._tabs]
        styles = tuple(self._cells.styles)
        log = self._log.tab
        snapshot = Snapshot(
            self._titles,
            tabs,
            styles,
            fingerprint or content_hash(tabs, styles, self._stamp, log.cells if log is not None else None),
            self._stamp,
            stamp_lost=self._stamp_lost(tabs),
            log=log,
            log_lost=self._log.is_lost,
            log_day=RED_AFTER,
            log_boxes=True,
        )
        by_key = {tab.key: fact for tab, fact in zip(tabs, facts, strict=True)}
        return Look(snapshot, by_key, self._has_stamp_tab, taken, self._sign, self._log)

    def _stamp_lost(self, tabs: Sequence[Tab]) -> str:
        """What people did to the stamp; a sheet without a mark of ours has none to lose."""
        if not any(tab.marks or tab.lost_marks for tab in tabs):
            return ""
        if not self._has_stamp_tab:
            return f"{_STAMP_TAB_WORDS} was deleted"
        return f"the text in {_STAMP_TAB_WORDS} was changed" if self._stamp in (None, FOREIGN_STAMP) else ""

    def _rest_of(self, place: int) -> bool:
        """All further rows of a tab; after a part without content the rest is asked for in one."""
        sheet, tab, told = self._sheets[place], self._tabs[place], self._told[place]
        last, _ = grid_size(sheet)
        first, length = FIRST_ROWS + 1, PART_ROWS
        while first <= last:
            end = min(first + length - 1, last)
            pieces = self._part(sheet, first, end, again=told.column if told and end == last else None)
            further = [piece for piece in pieces if int(piece.get("startRow", 0)) == first - 1]
            if told is not None and end < last:
                told.values.update(entries(further, told.column))
            elif told is not None:
                above = [piece for piece in pieces if not piece.get("startRow")]
                if told.values != entries(above, told.column):
                    return False
            found = [tab.add(piece) for piece in further]
            first, length = end + 1, PART_ROWS if any(found) else last
        return True

    def _part(self, sheet: Json, first: int, last: int, *, again: int | None) -> Sequence[Json]:
        """Rows of a tab; with `again` also that column of all rows above."""
        calls, title = self._reader.calls, _name(sheet)
        if self._reader.read_only:
            ranges = [rows_of(title, first, last)]
            if again is not None:
                ranges.append(column_of(title, again, first - 1))
            reply = calls.get("?" + urlencode([("ranges", one) for one in ranges]), {"fields": PART})
        else:
            spans = [row_span(_gid(sheet), first, last)]
            if again is not None:
                spans.append(column_span(_gid(sheet), again, last=first - 1))
            reply = calls.post_read(_BATCH, {"dataFilters": spans}, {"fields": PART})
        return [piece for part in reply.get("sheets", ()) for piece in part.get("data", ())]


def titles_in(reply: Json) -> tuple[TabTitle, ...]:
    """The tabs with cells in a reply, in workbook order, without ours."""
    return tuple(title_of(sheet) for sheet in reply.get("sheets", ()) if is_grid(sheet) and not _is_ours(sheet))


def _stamp_of(sheets: Sequence[Json]) -> tuple[Stamp | None, bool]:
    for sheet in sheets:
        if _is_stamp(sheet):
            rows: list[Any] = [row for piece in sheet.get("data", ()) for row in piece.get("rowData", ())]
            values = (rows[0].get("values") if rows else None) or [{}]
            text = values[0].get("effectiveValue", {}).get("stringValue", "")
            return (parse_stamp(text) if text else None), True
    return None, False


def _sign_of(sheets: Sequence[Json]) -> str:
    told = (one for sheet in sheets if _is_stamp(sheet) for one in sheet.get("developerMetadata", ()))
    return next((str(one.get("metadataValue", "")) for one in told if one.get("metadataKey") == STAMP_KEY), "")


def _is_wanted(sheet: Json, wanted: Collection[str] | None) -> bool:
    return wanted is None or title_of(sheet).key in wanted


def _is_ours(sheet: Json) -> bool:
    """Whether this is the tab of the stamp or of the Sync log."""
    return _gid(sheet) in _OURS


def _is_stamp(sheet: Json) -> bool:
    return _gid(sheet) == STAMP_TAB


def _gid(sheet: Json) -> int:
    return int(sheet["properties"].get("sheetId", 0))


def _name(sheet: Json) -> str:
    return str(sheet["properties"]["title"])
