"""One tab of Google's JSON as a `Tab`, and what of it only a writer needs. Pure.

A tab may arrive in several pieces of rows; each is turned into cells at once, so that the JSON can go.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sheets_sync.core.highlights import LAST_ROW
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Row, Tab, Table, TabTitle
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.computed_areas import Place, computed_areas
from sheets_sync.workbooks.google.json_cells import JsonCells
from sheets_sync.workbooks.google.traces import HAD_KEY, HEADER_WARNING, LIST_MESSAGE, marked_role
from sheets_sync.workbooks.ooxml.traces import highlight_colour


class Check(NamedTuple):
    """A drop-down or another check of people's in some rows of one column, as Google tells it."""

    top: int
    bottom: int
    rule: Json


class TabFacts(NamedTuple):
    """What of a tab a snapshot does not tell and a write needs.

    `rows` and `columns` are the grid's size. `marks` and `had` map our roles to the ids of their metadata, on the
    column and on the tab. `rules` are the places of our rules among `all_rules`, `rules_of_people` the others with
    their places; `warnings` the protections of our headers; `checks` what people have of drop-downs and other checks,
    by column; `filter` is their filter, as Google tells it.
    """

    gid: int
    rows: int
    columns: int
    marks: Mapping[Role, int]
    had: Mapping[Role, int]
    rules: tuple[int, ...] = ()
    all_rules: int = 0
    rules_of_people: tuple[tuple[int, Json], ...] = ()
    warnings: tuple[tuple[int, Area], ...] = ()
    checks: Mapping[int, tuple[Check, ...]] = MappingProxyType({})
    filter: Json | None = None


def is_grid(sheet: Json) -> bool:
    """Whether the tab has cells (a chart or a connected source has none of its own)."""
    return str(sheet.get("properties", {}).get("sheetType", "GRID")) == "GRID"


def title_of(sheet: Json) -> TabTitle:
    """The tab as listed."""
    properties: Json = sheet["properties"]
    return TabTitle(str(properties.get("sheetId", 0)), properties["title"], bool(properties.get("hidden")))


def grid_size(sheet: Json) -> tuple[int, int]:
    """Rows and columns of the tab's grid."""
    grid: Json = sheet["properties"].get("gridProperties", {})
    return int(grid.get("rowCount", 0)), int(grid.get("columnCount", 0))


class TabPieces:
    """A tab being put together from its frame and its pieces of rows, given in order."""

    def __init__(self, sheet: Json, cells: JsonCells) -> None:
        self._sheet = sheet
        self._cells = cells
        self._title = title_of(sheet)
        self._gid = int(self._title.key)
        self._rows: list[Row] = []
        self._spilled: list[Place] = []
        self._formulas: list[Place] = []
        self._marks: dict[Role, tuple[int, int]] = {}
        self._lists: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        self._checks: dict[int, list[Check]] = {}

    def add(self, piece: Json) -> int:
        """Take in further rows; returns how many rows of content there were."""
        top, left = int(piece.get("startRow", 0)), int(piece.get("startColumn", 0))
        self._take_marks(piece, left)
        lines: list[Json] = piece.get("rowData", [])
        about: list[Json] = piece.get("rowMetadata", [])
        for offset, line in enumerate(lines):
            values = line.get("values")
            if values:
                told = about[offset] if offset < len(about) else {}
                hidden = bool(told.get("hiddenByUser") or told.get("hiddenByFilter"))
                self._take_row(top + offset + 1, left + 1, values, hidden=hidden)
        return len(lines)

    def tab(self) -> Tab:
        """The tab as far as its rows came."""
        sheet, title = self._sheet, self._title
        marks = {role: column for role, (column, _) in self._marks.items()}
        filtered: Json | None = sheet.get("basicFilter")
        return Tab(
            title.key,
            title.name,
            tuple(self._rows),
            hidden=title.hidden,
            merged=tuple(area_of(merge) for merge in sheet.get("merges", ())),
            tables=tuple(_table(table) for table in sheet.get("tables", ())),
            filter=area_of(filtered["range"]) if filtered and "range" in filtered else None,
            computed=computed_areas(self._spilled, self._formulas),
            marks=marks,
            lost_marks=frozenset(self._had().keys() - marks.keys()),
            highlights=tuple(rule for _, rule in _own_rules(sheet)),
            drop_downs=self._drop_downs(),
            checks=tuple(
                Area(one.top, column, one.bottom, column) for column, held in self._checks.items() for one in held
            ),
        )

    def facts(self) -> TabFacts:
        """What a writer needs besides."""
        rows, columns = grid_size(self._sheet)
        own = tuple(place for place, _ in _own_rules(self._sheet))
        rules: list[Json] = self._sheet.get("conditionalFormats", [])
        return TabFacts(
            self._gid,
            rows,
            columns,
            marks={role: identity for role, (_, identity) in self._marks.items()},
            had=self._had(),
            rules=own,
            all_rules=len(rules),
            rules_of_people=tuple((place, rule) for place, rule in enumerate(rules) if place not in own),
            warnings=tuple(_own_warnings(self._sheet)),
            checks={column: tuple(checks) for column, checks in self._checks.items()},
            filter=self._sheet.get("basicFilter"),
        )

    def _take_row(self, number: int, left: int, values: Iterable[Json], *, hidden: bool) -> None:
        cells = {}
        for column, held in enumerate(values, left):
            if not held:
                continue
            cell = self._cells.cell(held, number)
            if cell is not None:
                cells[column] = cell
                entered = held.get("userEnteredValue")
                if not entered:
                    self._spilled.append((number, column))
                elif "formulaValue" in entered:
                    self._formulas.append((number, column))
            if "dataValidation" in held:
                self._take_check(number, column, held["dataValidation"])
        if cells:
            self._rows.append(Row(number, cells, hidden))

    def _take_marks(self, piece: Json, left: int) -> None:
        for column, about in enumerate(piece.get("columnMetadata", ()), left + 1):
            for metadata in about.get("developerMetadata", ()):
                role = marked_role(metadata, self._gid)
                if role is not None:
                    self._marks[role] = (column, int(metadata["metadataId"]))

    def _take_check(self, row: int, column: int, check: Json) -> None:
        if check.get("inputMessage") != LIST_MESSAGE:
            checks = self._checks.setdefault(column, [])
            if checks and checks[-1].bottom == row - 1 and checks[-1].rule == check:
                checks[-1] = checks[-1]._replace(bottom=row)
            else:
                checks.append(Check(row, row, check))
            return
        words = tuple(str(word.get("userEnteredValue", "")) for word in check.get("condition", {}).get("values", ()))
        self._lists.setdefault((column, words), []).append(row)

    def _had(self) -> dict[Role, int]:
        named = ((marked_role(one, self._gid, HAD_KEY), one) for one in self._sheet.get("developerMetadata", ()))
        return {role: int(metadata["metadataId"]) for role, metadata in named if role is not None}

    def _drop_downs(self) -> tuple[DropDown, ...]:
        last, _ = grid_size(self._sheet)
        found: list[DropDown] = []
        for (column, words), rows in sorted(self._lists.items()):
            for top, bottom in _stretches(rows):
                area = Area(top, column, LAST_ROW if bottom >= last else bottom, column)
                found.append(DropDown(area, words))
        return tuple(found)


def area_of(span: Json, *, rows: int = LAST_ROW) -> Area:
    """The area of a GridRange; what reaches the last of `rows`, or has no end, reaches `LAST_ROW`."""
    bottom = int(span.get("endRowIndex", LAST_ROW))
    right = int(span.get("endColumnIndex", 18_278))
    top, left = int(span.get("startRowIndex", 0)) + 1, int(span.get("startColumnIndex", 0)) + 1
    return Area(top, left, LAST_ROW if bottom >= rows else bottom, right)


def rule_formula(rule: Json) -> str:
    """The formula of a conditional-format rule without "=", "" when it is of another kind."""
    condition: Json = rule.get("booleanRule", {}).get("condition", {})
    values = condition.get("values") or [{}]
    if condition.get("type") != "CUSTOM_FORMULA":
        return ""
    return str(values[0].get("userEnteredValue", "")).removeprefix("=")


def is_own_rule(rule: Json) -> bool:
    """Whether a conditional-format rule carries our marker."""
    return bool(highlight_colour(rule_formula(rule)))


def _own_rules(sheet: Json) -> Iterable[tuple[int, HighlightRule]]:
    rows, _ = grid_size(sheet)
    for place, rule in enumerate(sheet.get("conditionalFormats", ())):
        formula = rule_formula(rule)
        colour = highlight_colour(formula)
        if colour:
            areas = tuple(area_of(span, rows=rows) for span in rule.get("ranges", ()))
            yield place, HighlightRule(colour, areas, formula)


def _own_warnings(sheet: Json) -> Iterable[tuple[int, Area]]:
    for protected in sheet.get("protectedRanges", ()):
        if protected.get("description") == HEADER_WARNING and protected.get("warningOnly") and "range" in protected:
            yield int(protected["protectedRangeId"]), area_of(protected["range"])


def _table(table: Json) -> Table:
    footer = bool(table.get("rowsProperties", {}).get("footerColorStyle"))
    return Table(
        str(table.get("name", "")), area_of(table["range"]), has_header=True, has_totals=footer, is_query=False
    )


def _stretches(rows: list[int]) -> Iterable[tuple[int, int]]:
    """Unbroken stretches of ascending numbers."""
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last
