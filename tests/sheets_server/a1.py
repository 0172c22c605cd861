"""A1 notation: letters of columns, tab names in references, and what a range text says. Not here: what it means."""

import re
from typing import NamedTuple

_PLAIN_TITLE = re.compile(r"[A-Za-z_]\w*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+")
_QUALIFIED = re.compile(r"'((?:[^']|'')*)'(?:!(.*))?|([^!]*)!(.*)", re.S)
_CORNER = r"\$?([A-Za-z]{0,3})\$?([0-9]{0,8})"
_RANGE = re.compile(rf"{_CORNER}(?:(:){_CORNER})?")


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    while column >= 0:
        text, column = chr(65 + column % 26) + text, column // 26 - 1
    return text


def column_index(text: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """The tab's name as replies write it: quoted only when it must be, or when it looks like a cell (recorded)."""
    plain = _PLAIN_TITLE.fullmatch(title) and not _LIKE_A_CELL.fullmatch(title)
    return title if plain else "'" + title.replace("'", "''") + "'"


class Span(NamedTuple):
    """A range text without its tab: 0-based, ends exclusive, None = open."""

    top: int | None
    left: int | None
    bottom: int | None
    right: int | None
    one_cell: bool


class RangeText(NamedTuple):
    """A range text taken apart. `title` None: no tab was named. `rest` None: nothing but a tab."""

    title: str | None
    rest: str | None


def split(text: str) -> RangeText:
    """Tab and rest of a range text; a text without a tab is all rest."""
    found = _QUALIFIED.fullmatch(text)
    if not found:
        return RangeText(None, text)
    if found[1] is not None:
        return RangeText(found[1].replace("''", "'"), found[2])
    return RangeText(found[3], found[4])


def span_of(text: str) -> Span | None:
    """What a text like B2, A1:C, 3:4 or A:A says; None when it is no range."""
    found = _RANGE.fullmatch(text)
    if not found or not (found[1] or found[2]):
        return None
    first, is_range, second = (found[1], found[2]), bool(found[3]), (found[4], found[5])
    if not is_range:
        return _span(first, first, one_cell=True) if all(first) else None
    return _span(first, second, one_cell=False) if any(second) else None


def _span(first: tuple[str, str], second: tuple[str, str], *, one_cell: bool) -> Span | None:
    columns = [column_index(letters) for letters, _ in (first, second) if letters]
    rows = [int(digits) - 1 for _, digits in (first, second) if digits]
    if -1 in rows:
        return None
    both_rows, both_columns = len(rows) == 2, len(columns) == 2
    return Span(
        min(rows) if rows else None,
        min(columns) if columns else None,
        max(rows) + 1 if both_rows else None,
        max(columns) + 1 if both_columns else None,
        one_cell or (both_rows and both_columns and rows[0] == rows[1] and columns[0] == columns[1]),
    )
