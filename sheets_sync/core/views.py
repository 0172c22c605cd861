"""Tabs and rows whose actions come from elsewhere: queried, filtered, imported, linked (HAZARDS 4)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sheets_sync.core.cells import Cell, Kind
from sheets_sync.core.merges import holding
from sheets_sync.core.snapshot import Tab

IMPORTED = "Power Query"
SPILLED = "array formula"
LINKED = "links"
FUNCTIONS = (
    *("QUERY", "FILTER", "SORT", "SORTBY", "UNIQUE", "VSTACK", "IMPORTRANGE", "IMPORTDATA", "IMPORTHTML", "IMPORTXML"),
    *("VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP", "INDEX", "INDIRECT", "OFFSET"),
)

_FUNCTION = re.compile(rf"\b(?:_xlfn\.)?(?:_xlws\.)?({'|'.join(FUNCTIONS)})\s*\(", re.IGNORECASE)
_TAB = re.compile(r"(?:'((?:[^']|'')+)'|([\w.]+))!")
_QUOTED = re.compile(r'"[^"]*"')


def computed_rows(tab: Tab, column: int, numbers: Sequence[int], cells: Sequence[Cell | None]) -> dict[int, str]:
    """Places of the rows whose action is not typed here, with its source: "FILTER (Plan)", "Power Query", "links".

    `numbers` and `cells` are the rows' numbers and their cells in the action column.
    """
    sources = dict.fromkeys(holding(tab.computed, column, numbers), SPILLED)
    queries = [table.area for table in tab.tables if table.is_query]
    sources |= dict.fromkeys(holding(queries, column, numbers), IMPORTED)
    a_formula = Kind.FORMULA
    formulas = [(place, cell) for place, cell in enumerate(cells) if cell is not None and cell[0][0] is a_formula]
    return sources | {place: source for place, cell in formulas if (source := _source(cell.literal.text))}


def view_source(sources: dict[int, str], rows: int) -> str:
    """The source of the whole tab when most of its rows come from elsewhere, else ""."""
    if not sources or len(sources) * 2 <= rows:
        return ""
    named = [source for source in sources.values() if source != SPILLED]
    return named[0] if named else SPILLED


@lru_cache(4096)
def _source(formula: str) -> str:
    """Where a formula takes its value from, "" when it only puts together what stands in its own tab."""
    formula = _QUOTED.sub('""', formula)
    function, tab = _FUNCTION.search(formula), _TAB.search(formula)
    if function is None and tab is None:
        return ""
    name = function[1].upper() if function else LINKED
    return f"{name} ({tab[1] or tab[2]})" if tab else name
