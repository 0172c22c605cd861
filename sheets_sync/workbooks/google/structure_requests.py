"""Changes of what is not a cell, as requests of spreadsheets.batchUpdate. Pure.

Each batch is made whole or not at all. New columns are inserted and only those are written into; rules are replaced,
never appended; nothing of people's is deleted by its place but a rule, whose reply is checked (`rules_of_people`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.core.decision import ColumnState, DropDownState, HighlightState, Structure, StructureKind
from sheets_sync.core.highlights import LAST_ROW
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Stamp
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.effects import is_removal
from sheets_sync.workbooks.google.tab_reading import TabFacts
from sheets_sync.workbooks.google.traces import (
    DOCUMENT,
    HAD_KEY,
    HEADER_WARNING,
    LIST_MESSAGE,
    MARK_KEY,
    STAMP_KEY,
    STAMP_NOTE,
    STAMP_TAB,
    STAMP_TITLE,
    mark_id,
    mark_lookup,
    mark_value,
    stamp_text,
)

_WIDTHS = {Role.ID: 90, Role.FLAG: 150, Role.NEXT_FIX: 320}
"""Pixels."""
_COLOURS = {"red": ("FFC7CE", "9C0006"), "amber": ("FFEB9C", "7F6000"), "stale": ("C00000", "FFFFFF")}
"""Fill and font."""

Request = dict[str, Any]


class Stages(NamedTuple):
    """Changes in the order of a write: before the values, after them, and at the very end. Each may be empty."""

    first: tuple[Structure, ...]
    lists: tuple[Structure, ...]
    last: tuple[Structure, ...]


def stages(structures: Sequence[Structure]) -> Stages:
    """When each change is made. Columns are given up after their values were cleared; drop-downs are made when the
    answer to the values has shown that the columns of people stand where they stood; all else goes first."""
    lists = tuple(one for one in structures if one.kind is StructureKind.DROP_DOWNS)
    others = tuple(one for one in structures if one not in lists)
    removed = tuple(one for one in others if is_removal(one))
    first = tuple(one for one in others if one not in removed)
    if removed and not any(isinstance(one.after, ColumnState) for one in first):
        return Stages((), lists, others)
    return Stages(first, lists, removed)


def requests_for(structures: Sequence[Structure], facts: Mapping[str, TabFacts]) -> tuple[Request, ...]:
    """The requests for these changes, which were found allowed; `facts` are by tab key."""
    added: list[Request] = []
    removed: list[Request] = []
    others: list[Request] = []
    grown: dict[str, int] = {}
    for structure in structures:
        tab = facts[structure.tab]
        match structure.before, structure.after:
            case None, ColumnState() as state:
                columns = grown.get(structure.tab, tab.columns)
                added += _new_column(tab, state, columns)
                grown[structure.tab] = max(columns, state.column - 1) + 1
            case ColumnState() as state, None:
                removed += _unmarked_column(tab, state)
            case ColumnState(), ColumnState() as state if state.role not in tab.marks:
                added += _marks(tab, state)
            case None | HighlightState(), None | HighlightState() as rules:
                others += _rules(tab, rules.rules if rules is not None else ())
            case None | DropDownState() as before, None | DropDownState() as lists:
                others += _lists(tab, before.lists if before else (), lists.lists if lists else ())
    return *added, *others, *removed


def missing_rows(structures: Iterable[Structure], facts: Mapping[str, TabFacts]) -> Iterator[Request]:
    """Rows for a grid that ends above the first row of a rule or a drop-down: no range may begin beyond the grid."""
    first_rows: dict[str, int] = {}
    for structure in structures:
        match structure.after:
            case HighlightState(rules):
                tops = [area.top for rule in rules for area in rule.areas]
            case DropDownState(lists):
                tops = [drop_down.area.top for drop_down in lists]
            case _:
                continue
        first_rows[structure.tab] = max([first_rows.get(structure.tab, 0), *tops])
    for key, row in first_rows.items():
        tab = facts[key]
        if row > tab.rows:
            yield {"appendDimension": {"sheetId": tab.gid, "dimension": "ROWS", "length": row - tab.rows}}


def stamp_tab_added(stamp: Stamp | None) -> tuple[Request, ...]:
    """The hidden tab for the stamp, with the stamp or still without. Its gid tells it, whatever its name."""
    grid = {"rowCount": 1, "columnCount": 2}
    properties = {"sheetId": STAMP_TAB, "title": STAMP_TITLE, "hidden": True, "gridProperties": grid}
    metadata = {"metadataKey": STAMP_KEY, "metadataValue": "1", "visibility": DOCUMENT}
    texts = [stamp_text(stamp) if stamp is not None else "", STAMP_NOTE]
    return (
        {"addSheet": {"properties": properties}},
        {"createDeveloperMetadata": {"developerMetadata": metadata | {"location": {"sheetId": STAMP_TAB}}}},
        _texts(STAMP_TAB, 1, 1, texts),
    )


def stamp_tab_renamed(requests: Sequence[Request]) -> tuple[Request, ...]:
    """The same requests with a name for the hidden tab that no tab has by chance: people may have its usual one. Empty
    when none of them adds that tab under its usual name."""
    found = tuple(_renamed(request) for request in requests)
    return found if found != tuple(requests) else ()


def stamp_written(stamp: Stamp) -> Request:
    """The stamp put into its tab."""
    return _texts(STAMP_TAB, 1, 1, [stamp_text(stamp)])


def signed(requests: Sequence[Request], sign: str) -> tuple[Request, ...]:
    """The same requests, leaving this sign at the hidden tab: it shows whether they were made."""
    chosen = [{"developerMetadataLookup": {"metadataKey": STAMP_KEY}}]
    metadata = {"dataFilters": chosen, "developerMetadata": {"metadataValue": sign}, "fields": "metadataValue"}
    return *requests, {"updateDeveloperMetadata": metadata}


def stamp_tab_removed() -> Request:
    """The stamp's tab taken out, by its own gid."""
    return {"deleteSheet": {"sheetId": STAMP_TAB}}


def why_no_list(structure: Structure, tab: TabFacts | None) -> str:
    """Why these drop-downs cannot be made; "" when they can, or when it is about something else."""
    if not isinstance(structure.after, DropDownState) or tab is None:
        return ""
    for drop_down in structure.after.lists:
        if not drop_down.values or not all(word.strip() for word in drop_down.values):
            return "a drop-down has an empty value"
        if any(word.startswith(("=", "+")) for word in drop_down.values):
            return "a value of the drop-down would be read as a formula"
        if not tab.checks.keys().isdisjoint(range(drop_down.area.left, drop_down.area.right + 1)):
            return "the cells already have a drop-down or another check of their own"
    return ""


def columns_forgotten(facts: Mapping[str, TabFacts], but: Collection[tuple[str, Role]]) -> list[Request]:
    """The memory of columns that people deleted taken off the tabs, but for those (tab, role)."""
    known = [(key, role, identity) for key, tab in facts.items() for role, identity in tab.had.items()]
    lost = (identity for key, role, identity in known if (key, role) not in but)
    return [{"deleteDeveloperMetadata": {"dataFilter": mark_lookup(identity)}} for identity in lost]


def check_set(tab: TabFacts, area: Area, rule: Json | None) -> Request:
    """These cells checked by a rule, or by none."""
    return {"setDataValidation": {"range": span_of(tab.gid, area)} | ({"rule": rule} if rule is not None else {})}


def _renamed(request: Request) -> Request:
    if request.get("addSheet", {}).get("properties", {}).get("sheetId") != STAMP_TAB:
        return request
    return {"addSheet": {"properties": request["addSheet"]["properties"] | {"title": f"{STAMP_TITLE} {STAMP_TAB}"}}}


def _new_column(tab: TabFacts, state: ColumnState, columns: int) -> Iterator[Request]:
    """A column is put in even where the grid ends: people may have made it wider since, and what stands there by now
    moves along."""
    gid, at = tab.gid, state.column - 1
    if at > columns:
        yield {"appendDimension": {"sheetId": gid, "dimension": "COLUMNS", "length": at - columns}}
    yield {"insertDimension": {"range": _columns(gid, state.column), "inheritFromBefore": at > 0}}
    yield {"setDataValidation": {"range": span_of(gid, Area(1, state.column, LAST_ROW, state.column))}}
    yield _texts(gid, state.header_row, state.column, [state.header])
    yield from _marks(tab, state)
    size = {"range": _columns(gid, state.column), "properties": {"pixelSize": _WIDTHS[state.role]}}
    yield {"updateDimensionProperties": size | {"fields": "pixelSize"}}
    header = Area(state.header_row, state.column, state.header_row, state.column)
    warning = {"range": span_of(gid, header), "description": HEADER_WARNING, "warningOnly": True}
    yield {"addProtectedRange": {"protectedRange": warning}}


def _marks(tab: TabFacts, state: ColumnState) -> Iterator[Request]:
    column = {"dimensionRange": _columns(tab.gid, state.column)}
    yield _metadata(tab.gid, state.role, MARK_KEY, column)
    if state.role not in tab.had:
        yield _metadata(tab.gid, state.role, HAD_KEY, {"sheetId": tab.gid})


def _metadata(gid: int, role: Role, key: str, location: Json) -> Request:
    metadata = {
        "metadataId": mark_id(gid, role, key),
        "metadataKey": key,
        "metadataValue": mark_value(gid, role),
        "visibility": DOCUMENT,
        "location": location,
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _unmarked_column(tab: TabFacts, state: ColumnState) -> Iterator[Request]:
    for known in (tab.marks, tab.had):
        if state.role in known:
            yield {"deleteDeveloperMetadata": {"dataFilter": mark_lookup(known[state.role])}}
    for identity, area in tab.warnings:
        if state.role in tab.marks and area.left <= state.column <= area.right:
            yield {"deleteProtectedRange": {"protectedRangeId": identity}}


def _rules(tab: TabFacts, rules: Sequence[HighlightRule]) -> Iterator[Request]:
    for place in sorted(tab.rules, reverse=True):
        yield {"deleteConditionalFormatRule": {"sheetId": tab.gid, "index": place}}
    for place, rule in enumerate(rules, tab.all_rules - len(tab.rules)):
        yield {"addConditionalFormatRule": {"index": place, "rule": rule_of(tab.gid, rule)}}


def rule_of(gid: int, rule: HighlightRule) -> Json:
    """One of our highlights, as the API takes it."""
    fill, font = _COLOURS[rule.colour]
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={rule.formula}"}]}
    look = {"backgroundColor": _colour(fill), "textFormat": {"foregroundColor": _colour(font)}}
    return {
        "ranges": [span_of(gid, area) for area in rule.areas],
        "booleanRule": {"condition": condition, "format": look},
    }


def _lists(tab: TabFacts, before: Iterable[DropDown], after: Sequence[DropDown]) -> Iterator[Request]:
    for drop_down in before:
        yield check_set(tab, drop_down.area, None)
    for drop_down in after:
        words = [{"userEnteredValue": word} for word in drop_down.values]
        condition = {"type": "ONE_OF_LIST", "values": words}
        rule = {"condition": condition, "inputMessage": LIST_MESSAGE, "strict": False, "showCustomUi": True}
        yield check_set(tab, drop_down.area, rule)


def _texts(gid: int, row: int, column: int, texts: Sequence[str]) -> Request:
    cells = [{"userEnteredValue": {"stringValue": text}} if text else {} for text in texts]
    start = {"sheetId": gid, "rowIndex": row - 1, "columnIndex": column - 1}
    return {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}}


def _columns(gid: int, column: int) -> Json:
    return {"sheetId": gid, "dimension": "COLUMNS", "startIndex": column - 1, "endIndex": column}


def span_of(gid: int, area: Area) -> Json:
    """An area of a tab as a GridRange."""
    span = {"sheetId": gid, "startRowIndex": area.top - 1}
    span |= {"startColumnIndex": area.left - 1, "endColumnIndex": area.right}
    return span if area.bottom >= LAST_ROW else span | {"endRowIndex": area.bottom}


def _colour(digits: str) -> Json:
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"red": red, "green": green, "blue": blue}
