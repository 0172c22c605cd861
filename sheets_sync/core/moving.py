"""Cells that move every day without saying so: their formulas refer, over any number of cells of the same tab, to one
that asks for today (DUE002). References to other tabs and by a table's column names are not followed."""

import re
from collections import defaultdict
from functools import lru_cache

from sheets_sync.core.cells import Kind
from sheets_sync.core.dates import moves_daily
from sheets_sync.core.snapshot import Tab

CellPlace = tuple[int, int]
"""Row and column number."""

_ELSEWHERE = re.compile(r'"[^"]*"|(?:\'(?:[^\']|\'\')*\'|[\w.]+)!\$?[A-Z]+\$?[\d#]+(?::\$?[A-Z]+\$?[\d#]+)?')
_REFERENCE = re.compile(r"(?<![\w.$!'])\$?([A-Z]{1,3})\$?(\d{1,7}|#)(?![\w(.!])")


def moving_cells(tab: Tab) -> frozenset[CellPlace]:
    """All cells of a tab whose value depends on today."""
    formulas = {
        (row.number, column): cell.literal.text
        for row in tab.rows
        for column, cell in row.cells.items()
        if cell.literal.kind is Kind.FORMULA
    }
    moving = {place for place, text in formulas.items() if moves_daily(text)}
    if not moving:
        return frozenset()
    users: dict[CellPlace, list[CellPlace]] = defaultdict(list)
    for place, text in formulas.items():
        for row, column in _references(text):
            users[row or place[0], column].append(place)
    waiting = list(moving)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in moving:
                moving.add(user)
                waiting.append(user)
    return frozenset(moving)


@lru_cache(4096)
def _references(formula: str) -> tuple[CellPlace, ...]:
    """The cells of the own tab that a formula names, corners of ranges included; row 0 is the formula's own."""
    found = _REFERENCE.findall(_ELSEWHERE.sub("", formula))
    return tuple((0 if row == "#" else int(row), _number(letters)) for letters, row in found)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
