"""One tab of an open workbook as core.snapshot's Tab: one bulk read of values, one of formulas, and few questions.

Number formats and looks are asked for whole areas first, and for parts only where they differ (stretches).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Tab, Table
from sheets_sync.workbooks.live import cells, stretches
from sheets_sync.workbooks.live.blocks import area_of, as_rows, block_of, used_area
from sheets_sync.workbooks.live.formula_spelling import FormulaSpelling
from sheets_sync.workbooks.live.native import Native, NativeRule, Sheet
from sheets_sync.workbooks.live.standing import standing_at
from sheets_sync.workbooks.ooxml.grid import MAX_ROW
from sheets_sync.workbooks.ooxml.number_formats import is_date_format, is_percent_format
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE, highlight_colour

MOST_LOOKS = 2_000
"""Questions about one trait (bold, filled, struck) of one tab; in a tab painted cell by cell the rest is plain."""


class TabFacts(NamedTuple):
    """What is known of a tab before it is read."""

    key: str
    marks: Mapping[Role, int]
    lost: frozenset[Role]
    date1904: bool


def read_tab(native: Native, sheet: Sheet, facts: TabFacts) -> Tab:
    """Read the whole tab."""
    area = used_area(native, sheet)
    tables = read_tables(native, sheet)
    computed = _computed(native, sheet, area)
    spelling = FormulaSpelling(tables)
    values = native.values(block_of(sheet, area))
    block = cells.Block(
        area=area,
        values=values,
        formulas=as_rows(block_of(sheet, area).formula, area),
        traits=_traits(native, sheet, area, stretches.Filled(area, values)),
        hidden=native.hidden_rows(sheet, area.top, area.bottom),
        computed=computed,
    )
    return Tab(
        key=facts.key,
        name=sheet.name,
        rows=cells.rows_of(block, spelling.canonical, date1904=facts.date1904),
        hidden=not sheet.visible,
        merged=_merged(native, sheet, area),
        tables=tables,
        filter=native.filter_area(sheet),
        computed=(*computed, *native.query_areas(sheet)),
        marks=facts.marks,
        lost_marks=facts.lost,
        highlights=read_highlights(native, sheet),
        drop_downs=read_drop_downs(native, sheet, area),
    )


def read_tables(native: Native, sheet: Sheet) -> tuple[Table, ...]:
    """The tab's tables."""
    return tuple(
        Table(
            name=table.display_name,
            area=area_of(table.range),
            has_header=bool(table.show_headers),
            has_totals=bool(table.show_totals),
            is_query=native.is_query(table),
        )
        for table in sheet.tables
    )


def our_rules(native: Native, sheet: Sheet) -> tuple[NativeRule, ...]:
    """Our conditional formats; their formulas as seen from the active cell."""
    return tuple(rule for rule in native.rules(sheet) if rule.areas and highlight_colour(rule.formula))


def read_highlights(native: Native, sheet: Sheet) -> tuple[HighlightRule, ...]:
    """Our highlights, the first to apply first, their formulas as written for the top row of their first area."""
    rules = our_rules(native, sheet)
    found: dict[int, HighlightRule] = {}
    for row in sorted({rule.areas[0].top for rule in rules}):
        with standing_at(sheet, row, 1):
            for place, rule in enumerate(our_rules(native, sheet)):
                if rule.areas[0].top == row:
                    found[place] = HighlightRule(highlight_colour(rule.formula), rule.areas, rule.formula)
    return tuple(found[place] for place in sorted(found))


def read_drop_downs(native: Native, sheet: Sheet, area: Area) -> tuple[DropDown, ...]:
    """Our drop-downs. They reach down to the end of the grid, so that they show right below the last used row."""
    row = min(area.bottom + 1, MAX_ROW)
    found: dict[Area, DropDown] = {}
    for column in range(area.left, area.right + 1):
        if any(known.holds(row, column) for known in found):
            continue
        listed = native.list_at(sheet, row, column)
        if listed is not None and listed.title == DROP_DOWN_TITLE:
            found |= {part: DropDown(part, listed.values) for part in listed.areas}
    return tuple(found.values())


def _computed(native: Native, sheet: Sheet, area: Area) -> tuple[Area, ...]:
    return tuple(
        stretches.holding(
            area,
            lambda part: native.computed(block_of(sheet, part)),
            lambda row, column: native.computed_area(sheet.range((row, column))),
        )
    )


def _merged(native: Native, sheet: Sheet, area: Area) -> tuple[Area, ...]:
    return tuple(
        stretches.holding(
            area,
            lambda part: native.merged(block_of(sheet, part)),
            lambda row, column: native.merge_area(sheet.range((row, column))),
        )
    )


def _traits(native: Native, sheet: Sheet, area: Area, filled: stretches.Filled) -> tuple[list[int], ...]:
    """The styles of all cells that are not blank."""

    def format_of(part: Area) -> str | None:
        return native.number_format(block_of(sheet, part))

    formats = list(stretches.alike(area, format_of, matters=filled.within))
    looks: dict[int, Callable[[Area], bool | None]] = {
        cells.BOLD: lambda part: native.bold(block_of(sheet, part)),
        cells.STRUCK: lambda part: native.struck(block_of(sheet, part)),
        cells.FILLED: lambda part: native.filled(block_of(sheet, part)),
    }
    found = {
        trait: list(stretches.alike(area, ask, matters=filled.within, most=MOST_LOOKS)) for trait, ask in looks.items()
    }
    found[cells.IS_DATE] = [(part, is_date_format(0, {0: code})) for part, code in formats]
    found[cells.IS_PERCENT] = [(part, is_percent_format(0, {0: code})) for part, code in formats]
    return cells.traits_of(found, area)
