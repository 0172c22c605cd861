"""Formula text: its references, and how they follow copies and moves. Not here: what a formula is worth."""

import re
from collections.abc import Callable
from typing import NamedTuple

from .a1 import column_index, letters

_PIECES = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
      |(?P<reference>(?P<tab>'(?:[^']|'')*'!|[A-Za-z_][\w.]*!)?
        (?P<first>\$?[A-Za-z]{1,3}\$?[1-9][0-9]*)(?::(?P<last>\$?[A-Za-z]{1,3}\$?[1-9][0-9]*))?(?![\w(]))
      |(?P<word>[A-Za-z_][\w.]*)
      |(?P<other>.)""",
    re.X | re.S,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
NO_REFERENCE = "#REF!"


class Corner(NamedTuple):
    """One end of a reference, 0-based; fixed where a $ stands."""

    row: int
    column: int
    row_fixed: bool = False
    column_fixed: bool = False

    def __str__(self) -> str:
        return f"{'$' * self.column_fixed}{letters(self.column)}{'$' * self.row_fixed}{self.row + 1}"


class Reference(NamedTuple):
    """A reference as written. `tab` as written with its "!", "" when none; `last` None for one cell."""

    tab: str
    first: Corner
    last: Corner | None

    def __str__(self) -> str:
        return f"{self.tab}{self.first}" + (f":{self.last}" if self.last else "")


def corner(text: str) -> Corner:
    """B$2 taken apart."""
    found = _CORNER.fullmatch(text)
    assert found
    return Corner(int(found[4]) - 1, column_index(found[2]), bool(found[3]), bool(found[1]))


def rewritten(formula: str, change: Callable[[Reference], str]) -> str:
    """The formula with every reference replaced by what `change` gives for it."""

    def piece(found: re.Match[str]) -> str:
        if not found["reference"]:
            return found[0]
        last = corner(found["last"]) if found["last"] else None
        return change(Reference(found["tab"] or "", corner(found["first"]), last))

    return _PIECES.sub(piece, formula)


def copied(formula: str, rows: int, columns: int) -> str:
    """The formula as a copy so many rows down and columns right has it."""

    def moved(place: Corner) -> Corner:
        row = place.row if place.row_fixed else place.row + rows
        column = place.column if place.column_fixed else place.column + columns
        return place._replace(row=row, column=column)

    def change(reference: Reference) -> str:
        ends = [moved(end) for end in (reference.first, reference.last) if end]
        if any(end.row < 0 or end.column < 0 for end in ends):
            return NO_REFERENCE
        return str(Reference(reference.tab, ends[0], ends[1] if reference.last else None))

    return rewritten(formula, change)
