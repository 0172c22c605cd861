"""Formula texts: references to a cell's own row as "#", and the text of a shared formula's copies.

Only references are understood, nothing is calculated.
"""

import re
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, column_letters

OWN_ROW = "#"
LONGEST_FORMULA = 8_192
"""Characters; Excel's own limit. A longer text is kept as it stands."""
_REF_ERROR = "#REF!"
_ANY_ROW = "\0"
"""Stands for the row's number in a shape; XML cannot hold it."""
_PART_OF_NUMBER = re.compile(r"[0-9\0]\0|\0[0-9]")
_KEPT_SHAPES = 10_000
_TOKEN = re.compile(
    r"""
      "(?:[^"]|"")*"                                                 # a text
    | '(?:[^']|'')*'                                                 # a quoted tab name
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]                      # a table column, or the number of a workbook
    | (?<![\w.$\\])
      (?: (?P<c>\$?)(?P<col>[A-Z]{1,3})(?P<r>\$?)(?P<row>[0-9]{1,7})            # A1
        | (?P<c1>\$?)(?P<col1>[A-Z]{1,3}):(?P<c2>\$?)(?P<col2>[A-Z]{1,3})       # A:C
        | (?P<r1>\$?)(?P<row1>[0-9]{1,7}):(?P<r2>\$?)(?P<row2>[0-9]{1,7})       # 1:3
      )(?![\w(!.\[])
    """,
    re.VERBOSE,
)


class _Column(NamedTuple):
    """A column in a reference."""

    number: int
    fixed: bool


class _Line(NamedTuple):
    """A row in a reference."""

    number: int
    fixed: bool


_Piece = str | _Column | _Line


class FormulaTemplate(NamedTuple):
    """A formula taken apart, with the cell it is written for."""

    row: int
    column: int
    pieces: tuple[_Piece, ...]

    @property
    def stays_in_row(self) -> bool:
        """Whether all its relative rows are its own, so that it has the same text all the way down."""
        return all(piece.fixed or piece.number == self.row for piece in self.pieces if isinstance(piece, _Line))

    def text_at(self, row: int, column: int) -> str:
        """The formula's text when filled into another cell, rows that are that cell's own written as "#".

        A relative reference that would leave the grid is "#REF!".
        """
        down, right = row - self.row, column - self.column
        texts: list[str] = []
        for piece in self.pieces:
            match piece:
                case str():
                    texts.append(piece)
                case _Column(number, fixed):
                    texts.append(_column_text(number, right, fixed=fixed))
                case _Line(number, fixed):
                    texts.append(_line_text(number, down, row, fixed=fixed))
        return "".join(texts)


def template(text: str, row: int, column: int) -> FormulaTemplate:
    """Take the formula of the cell at `row`, `column` apart."""
    if len(text) > LONGEST_FORMULA:
        return FormulaTemplate(row, column, (text,))
    pieces: list[_Piece] = []
    at = 0
    for token in _TOKEN.finditer(text):
        parts = _reference_pieces(token)
        if parts:
            pieces.append(text[at : token.start()])
            pieces += parts
            at = token.end()
    pieces.append(text[at:])
    return FormulaTemplate(row, column, tuple(pieces))


def relative_text(text: str, row: int, known: dict[str, str] | None = None) -> str:
    """The formula of a cell in this row, with relative references to the own row written as "#".

    "C5-$C$5+B4" in row 5 is "C#-$C$5+B4". An absolute row ($5) stays: a sort does not change it.
    `known` may be kept between calls: it remembers formulas that differ only in the number of their row.
    """
    digits = str(row)
    if digits not in text:
        return text
    shape = text.replace(digits, _ANY_ROW)
    if known is not None and shape in known:
        return known[shape].replace(_ANY_ROW, digits)
    relative = template(text, row, 1).text_at(row, 1)
    if known is not None and len(known) < _KEPT_SHAPES and not _PART_OF_NUMBER.search(shape):
        known[shape] = relative.replace(digits, _ANY_ROW)
    return relative


def _reference_pieces(token: re.Match[str]) -> tuple[_Piece, ...]:
    """The pieces of a reference; none when the token is a text, a tab name, or a name that only looks like a cell."""
    if token["col"]:
        return _corner(token["col"], int(token["row"]), fixed=(bool(token["c"]), bool(token["r"])))
    if token["col1"]:
        first, last = _column(token["col1"]), _column(token["col2"])
        if max(first, last) > MAX_COLUMN:
            return ()
        return (_Column(first, bool(token["c1"])), ":", _Column(last, bool(token["c2"])))
    if token["row1"]:
        first, last = int(token["row1"]), int(token["row2"])
        if not 0 < min(first, last) <= max(first, last) <= MAX_ROW:
            return ()
        return (_Line(first, bool(token["r1"])), ":", _Line(last, bool(token["r2"])))
    return ()


def _corner(letters: str, row: int, *, fixed: tuple[bool, bool]) -> tuple[_Piece, ...]:
    column = _column(letters)
    if column > MAX_COLUMN or not 0 < row <= MAX_ROW:
        return ()
    return (_Column(column, fixed[0]), _Line(row, fixed[1]))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_text(number: int, right: int, *, fixed: bool) -> str:
    if fixed:
        return "$" + column_letters(number)
    number += right
    return column_letters(number) if 1 <= number <= MAX_COLUMN else _REF_ERROR


def _line_text(number: int, down: int, own_row: int, *, fixed: bool) -> str:
    if fixed:
        return f"${number}"
    number += down
    if not 1 <= number <= MAX_ROW:
        return _REF_ERROR
    return OWN_ROW if number == own_row else str(number)
