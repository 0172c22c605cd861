"""The names of a People tab, so that a name with "e" or "y" in it is not taken for two people. No addresses."""

import re
from collections.abc import Iterator

from sheets_sync.core.column_cells import text_of
from sheets_sync.core.header import SEARCHED_ROWS
from sheets_sync.core.snapshot import Snapshot, Tab
from sheets_sync.words.normalise import plain
from sheets_sync.words.tab_names import other_tab, people_column

_PARTS = re.compile(r"[;,/\n]")


def people(snapshot: Snapshot) -> frozenset[str]:
    """Names and aliases, normalised as by `words.normalise.plain`; empty without a People tab among those read."""
    return frozenset(name for tab in snapshot.tabs if other_tab(tab.name) == "people" for name in _names(tab) if name)


def _names(tab: Tab) -> Iterator[str]:
    meanings: dict[int, str] = {}
    for place, row in enumerate(tab.rows):
        if "name" in meanings.values():
            for column, meaning in meanings.items():
                text = text_of(row.cells.get(column)) if meaning else ""
                yield from map(plain, [text] if meaning == "name" else _PARTS.split(text))
        elif place < SEARCHED_ROWS:
            meanings = {column: people_column(text_of(cell)) for column, cell in row.cells.items()}
