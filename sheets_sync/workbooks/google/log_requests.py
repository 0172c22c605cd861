"""Changes of the Sync log as requests of spreadsheets.batchUpdate, and why one is not made. Pure.

The tab is known by its gid; its block of cells stands where the named range of its day says. The look of its cells is
made once, and again when people took it apart; else only values are written, and only those that change.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheets_sync.core.cells import BLANK, CellValue, Kind
from sheets_sync.core.decision import LogState, Structure
from sheets_sync.core.highlights import letters, stale_formula
from sheets_sync.core.log_layout import (
    COLUMNS,
    LAST_CHECKED,
    RED_AFTER,
    ROWS,
    TICKS,
    WIDTHS,
    Look,
    Place,
    look_of,
)
from sheets_sync.core.snapshot import Area, HighlightRule
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.log_reading import LogFacts, LogSheet
from sheets_sync.workbooks.google.structure_requests import Request, rule_of, span_of
from sheets_sync.workbooks.google.traces import (
    DOCUMENT,
    HAD_LOG_KEY,
    LOG_KEY,
    LOG_TAB,
    RED_AFTER_NAME,
    STAMP_TAB,
)
from sheets_sync.workbooks.log_block import unchanged_since, values_of

_FIRST: Place = (1, 1)
_PLACES = tuple(tuple((row, column) for column in range(1, COLUMNS + 1)) for row in range(1, ROWS + 1))
_PIXELS_OF_A_CHARACTER = 7
_GREY = {"red": 89 / 255, "green": 89 / 255, "blue": 89 / 255}
_SHADE = {"red": 242 / 255, "green": 242 / 255, "blue": 242 / 255}
_LINE = {"style": "SOLID", "color": {"red": 191 / 255, "green": 191 / 255, "blue": 191 / 255}}
_LOOKS: Mapping[Look, Json] = {
    Look.PLAIN: {"horizontalAlignment": "LEFT"},
    Look.TITLE: {"horizontalAlignment": "LEFT", "textFormat": {"bold": True, "fontSize": 14}},
    Look.QUIET: {"horizontalAlignment": "LEFT", "textFormat": {"foregroundColor": _GREY}},
    Look.NOTE: {"horizontalAlignment": "LEFT", "textFormat": {"foregroundColor": _GREY}},
    Look.LABEL: {"horizontalAlignment": "LEFT", "textFormat": {"bold": True}},
    Look.HEADING: {
        "horizontalAlignment": "LEFT",
        "textFormat": {"bold": True},
        "backgroundColor": _SHADE,
        "borders": {"bottom": _LINE},
    },
    Look.INSTANT: {"horizontalAlignment": "LEFT", "numberFormat": {"type": "DATE_TIME"}},
    Look.DAY: {"horizontalAlignment": "LEFT", "numberFormat": {"type": "DATE"}},
    Look.TICK: {
        "horizontalAlignment": "CENTER",
        "borders": {"top": _LINE, "bottom": _LINE, "left": _LINE, "right": _LINE},
    },
}
_VALUE = "userEnteredValue"
_WRITABLE = (Kind.BLANK, Kind.TEXT, Kind.NUMBER, Kind.BOOL)


def why_no_log(structure: Structure, log: LogFacts) -> str:
    """Why this change of the log may not be made to what was found; "" when it may."""
    match structure.before, structure.after:
        case None, LogState():
            return "the Sync log is already there" if log.sheet is not None else ""
        case LogState() as removed, None if log.sheet is not None:
            if values_of(removed) != log.sheet.cells:
                return "somebody changed the Sync log"
            return "" if log.sheet.is_ours_alone else "somebody wrote into the Sync log; delete that tab by hand"
        case LogState(), LogState():
            return "" if log.sheet is not None else "the Sync log is gone"
    return ""


def log_after(structure: Structure, log: LogFacts) -> Mapping[Place, CellValue] | None:
    """What the block holds once the change is made; None for no log."""
    match structure.before, structure.after:
        case None, LogState() as added:
            cells = values_of(added)
        case LogState() as before, LogState() as after if log.sheet is not None:
            cells = {**log.sheet.cells, **_fitting(unchanged_since(log.sheet.cells, before, after))}
        case _:
            return None
    return {place: value for place, value in cells.items() if value != BLANK}


def log_stands(structure: Structure, log: LogFacts, base: LogFacts) -> bool:
    """Whether the change, decided on `base`, shows in what was found."""
    if structure.after is None:
        return log.sheet is None and not log.remembered
    return log.sheet is not None and log.sheet.cells == log_after(structure, base)


def log_requests(structure: Structure, log: LogFacts, *, name: str, remembers: bool) -> tuple[Request, ...]:
    """The requests that make the change to what was found. `name` is a free one for a log that is added, `remembers`
    tells that there is a hidden tab to remember the log."""
    match structure.before, structure.after:
        case None, LogState() as added:
            requests = _added(added, log, name)
        case LogState() as before, LogState() as after if log.sheet is not None:
            requests = _changed(log, log.sheet, _fitting(unchanged_since(log.sheet.cells, before, after)))
        case _:
            return tuple(_removed(log))
    memory = [_remembered(HAD_LOG_KEY, STAMP_TAB)] if remembers and not log.remembered else []
    return *requests, *memory


def _fitting(values: Mapping[Place, CellValue]) -> dict[Place, CellValue]:
    """The same, blank where something would have to be written that only people write (a formula)."""
    return {place: value if value.kind in _WRITABLE else BLANK for place, value in values.items()}


def _added(state: LogState, log: LogFacts, name: str) -> Iterator[Request]:
    grid = {"rowCount": ROWS, "columnCount": COLUMNS, "hideGridlines": True}
    yield {"addSheet": {"properties": {"sheetId": LOG_TAB, "title": name, "gridProperties": grid}}}
    yield _remembered(LOG_KEY, LOG_TAB)
    values = values_of(state)
    yield _written(_FIRST, [[_entered(values.get(place, BLANK)) for place in line] for line in _PLACES], fields=_VALUE)
    yield from _looks(_FIRST)
    yield from _day_named(log, _FIRST)
    day = f"${letters(RED_AFTER[1])}${RED_AFTER[0]}"
    checked = HighlightRule("stale", (Area(*LAST_CHECKED, *LAST_CHECKED),), stale_formula(day))
    yield {"addConditionalFormatRule": {"index": 0, "rule": rule_of(LOG_TAB, checked)}}
    for at, width in enumerate(WIDTHS):
        columns = {"sheetId": LOG_TAB, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        size = {"pixelSize": width * _PIXELS_OF_A_CHARACTER}
        yield {"updateDimensionProperties": {"range": columns, "properties": size, "fields": "pixelSize"}}


def _remembered(key: str, gid: int) -> Request:
    metadata = {"metadataKey": key, "metadataValue": "1", "visibility": DOCUMENT, "location": {"sheetId": gid}}
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _looks(corner: Place) -> Iterator[Request]:
    """What the cells of the whole block look like, and the boxes."""
    looks = [[{"userEnteredFormat": _LOOKS[look_of(*place)]} for place in line] for line in _PLACES]
    yield _written(corner, looks, fields="userEnteredFormat")
    (top, left), (bottom, right) = (_at(place, corner) for place in (TICKS[0], TICKS[-1]))
    yield {"setDataValidation": {"range": span_of(LOG_TAB, _block(corner))}}
    box = {"condition": {"type": "BOOLEAN"}, "strict": True}
    yield {"setDataValidation": {"range": span_of(LOG_TAB, Area(top, left, bottom, right)), "rule": box}}


def _changed(log: LogFacts, sheet: LogSheet, values: Mapping[Place, CellValue]) -> Iterator[Request]:
    block = _block(sheet.corner)
    missing = {"ROWS": block.bottom - sheet.rows, "COLUMNS": block.right - sheet.columns}
    for dimension, length in missing.items():
        if length > 0:
            yield {"appendDimension": {"sheetId": LOG_TAB, "dimension": dimension, "length": length}}
    for place, run in _runs(values):
        cells = [[_entered(value) for value in line] for line in run]
        yield _written(_at(place, sheet.corner), cells, fields=_VALUE)
    if not (log.is_day_named and sheet.has_boxes):
        yield from _looks(sheet.corner)
        yield from _day_named(log, sheet.corner)


def _runs(values: Mapping[Place, CellValue]) -> Iterator[tuple[Place, list[list[CellValue]]]]:
    """The cells as few rectangles, each with its first place."""
    lines: list[tuple[Place, list[CellValue]]] = []
    for row, column in sorted(values):
        if lines and lines[-1][0] == (row, column - len(lines[-1][1])):
            lines[-1][1].append(values[row, column])
        else:
            lines.append(((row, column), [values[row, column]]))
    blocks: list[tuple[Place, list[list[CellValue]]]] = []
    for (row, column), line in lines:
        if blocks and _goes_on(*blocks[-1], (row, column), len(line)):
            blocks[-1][1].append(line)
        else:
            blocks.append(((row, column), [line]))
    yield from blocks


def _goes_on(start: Place, lines: list[list[CellValue]], place: Place, width: int) -> bool:
    return place == (start[0] + len(lines), start[1]) and width == len(lines[0])


def _removed(log: LogFacts) -> Iterator[Request]:
    if log.named:
        yield {"deleteNamedRange": {"namedRangeId": log.named}}
    if log.remembered:
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": HAD_LOG_KEY}}}}
    if log.sheet is not None:
        yield {"deleteSheet": {"sheetId": LOG_TAB}}


def _day_named(log: LogFacts, corner: Place) -> Iterator[Request]:
    row, column = _at(RED_AFTER, corner)
    named = {"name": RED_AFTER_NAME, "range": span_of(LOG_TAB, Area(row, column, row, column))}
    if log.named:
        known = {"namedRangeId": log.named}
        yield {"updateNamedRange": {"namedRange": known | named, "fields": "name,range"}}
    else:
        yield {"addNamedRange": {"namedRange": named}}


def _at(place: Place, corner: Place) -> Place:
    """Where a place of the block stands in the tab."""
    return place[0] + corner[0] - 1, place[1] + corner[1] - 1


def _block(corner: Place) -> Area:
    return Area(*corner, *_at((ROWS, COLUMNS), corner))


def _written(place: Place, rows: Sequence[Sequence[Json]], *, fields: str) -> Request:
    start = {"sheetId": LOG_TAB, "rowIndex": place[0] - 1, "columnIndex": place[1] - 1}
    return {"updateCells": {"start": start, "rows": [{"values": line} for line in rows], "fields": fields}}


def _entered(value: CellValue) -> dict[str, Any]:
    match value.kind:
        case Kind.NUMBER:
            return {"userEnteredValue": {"numberValue": float(value.text)}}
        case Kind.BOOL:
            return {"userEnteredValue": {"boolValue": value.text == "TRUE"}}
        case Kind.TEXT:
            return {"userEnteredValue": {"stringValue": value.text}}
    return {}
