"""Which rows a basic filter hides."""

from collections.abc import Callable

from .book import Block
from .errors import Json


def hidden_rows(basic_filter: Json, block: Block, shown: Callable[[int, int], str]) -> set[int]:
    """The rows below the header that some column's criteria hide. `shown` gives the text in a cell."""
    criteria = {int(at): one for at, one in basic_filter.get("criteria", {}).items()}
    for spec in basic_filter.get("filterSpecs", ()):
        criteria[spec.get("columnIndex", 0)] = spec.get("filterCriteria", {})
    return {
        row
        for row in range(block.top + 1, block.bottom)
        if any(_hides(one, shown(row, column)) for column, one in criteria.items())
    }


def _hides(criteria: Json, text: str) -> bool:
    if text in criteria.get("hiddenValues", ()):
        return True
    condition = criteria.get("condition")
    if not condition:
        return False
    wanted = next((one.get("userEnteredValue", "") for one in condition.get("values", ())), "")
    folded, wanted = text.casefold(), wanted.casefold()
    return not {
        "BLANK": not text,
        "NOT_BLANK": bool(text),
        "TEXT_CONTAINS": wanted in folded,
        "TEXT_NOT_CONTAINS": wanted not in folded,
        "TEXT_EQ": folded == wanted,
        "TEXT_NOT_EQ": folded != wanted,
        "TEXT_STARTS_WITH": folded.startswith(wanted),
        "TEXT_ENDS_WITH": folded.endswith(wanted),
    }.get(condition.get("type", ""), True)
