"""Rows of one tab from the blocks that Excel gave: values, formulas, looks. Pure.

The same literals and seen values as ooxml.cell_values makes of the saved file.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from sheets_sync.core.cells import NOT_CALCULATED, Cell, CellStyle, CellTrouble, CellValue, Kind, Seen, number_text
from sheets_sync.core.snapshot import Area, Row
from sheets_sync.workbooks.live.native import Raw
from sheets_sync.workbooks.ooxml.serials import date_of_serial

IS_DATE, IS_PERCENT, BOLD, STRUCK, FILLED = 1, 2, 4, 8, 16
STYLES = tuple(
    CellStyle(date, percent, bold, struck, filled)
    for filled, struck, bold, percent, date in product((False, True), repeat=5)
)
"""Every combination there is; a cell's style is the sum of its traits."""
_NO_TEXT = CellValue(Kind.TEXT, "")


class Block(NamedTuple):
    """A rectangle of cells as Excel gave it. `traits` are the styles of each column, from its first row."""

    area: Area
    values: Sequence[Sequence[Raw]]
    formulas: Sequence[Sequence[object]]
    traits: Sequence[Sequence[int]]
    hidden: Sequence[bool]
    computed: Sequence[Area]


Spelling = Callable[[str, int, int], str]
"""A formula as Excel shows it (without "="), its row and column -> its canonical text (ooxml.formula_text)."""


def rows_of(block: Block, spelled: Spelling, *, date1904: bool) -> tuple[Row, ...]:
    """The rows with at least one cell that is not blank."""
    maker = _Maker(block.computed, spelled, date1904=date1904)
    rows = []
    columns = range(block.area.left, block.area.right + 1)
    for place, (values, formulas) in enumerate(zip(block.values, block.formulas, strict=True)):
        number = block.area.top + place
        cells: dict[int, Cell] = {}
        for column, value, formula, traits in zip(columns, values, formulas, block.traits, strict=True):
            if value is None and not formula:
                continue
            cell = maker.cell(value, formula, (number, column), traits[place])
            if cell is not None:
                cells[column] = cell
        if cells:
            rows.append(Row(number, cells, block.hidden[place]))
    return tuple(rows)


class _Maker:
    """Makes cells; equal ones are one object."""

    def __init__(self, computed: Sequence[Area], spelled: Spelling, *, date1904: bool) -> None:
        self._computed = computed
        self._spelled = spelled
        self._date1904 = date1904
        self._numbers: dict[tuple[float, int], Cell] = {}
        self._texts: dict[tuple[str, int], Cell] = {}

    def cell(self, value: Raw, formula: object, place: tuple[int, int], style: int) -> Cell | None:
        if is_formula(value, formula) and not self._is_result(place):
            literal = CellValue(Kind.FORMULA, self._spelled(str(formula)[1:], *place))
            return Cell(literal, self._result(value, style), style)
        if isinstance(value, str):
            return self._text(value, style) if value else None
        if isinstance(value, float):
            return self._number(value, style)
        literal = literal_of(value)
        return None if literal == _NO_TEXT else Cell(literal, value, style)

    def _text(self, value: str, style: int) -> Cell:
        known = self._texts.get((value, style))
        if known is None:
            known = self._texts[value, style] = Cell(CellValue(Kind.TEXT, value), value, style)
        return known

    def _number(self, value: float, style: int) -> Cell:
        known = self._numbers.get((value, style))
        if known is None:
            literal = CellValue(Kind.NUMBER, number_text(value))
            known = self._numbers[value, style] = Cell(literal, self._shown(value, style), style)
        return known

    def _shown(self, value: float, style: int) -> Seen:
        return date_of_serial(value, date1904=self._date1904) if style & IS_DATE else value

    def _result(self, value: Raw, style: int) -> Seen:
        """What a formula's cell shows. Excel has a result for every formula; none: it was never calculated."""
        if value is None:
            return NOT_CALCULATED
        if isinstance(value, float):
            return self._shown(value, style)
        return None if value == "" else value

    def _is_result(self, place: tuple[int, int]) -> bool:
        """Whether the cell is filled by the formula of another cell."""
        return any(area.holds(*place) and place != area[:2] for area in self._computed)


def is_formula(value: Raw, formula: object) -> bool:
    """Whether a cell holds a formula, and not a text that starts like one: such a text is its own formula text."""
    return isinstance(formula, str) and formula[:1] == "=" and formula != value


def literal_of(value: Raw) -> CellValue:
    """The literal of a cell without formula."""
    match value:
        case bool():
            return CellValue(Kind.BOOL, "TRUE" if value else "FALSE")
        case float():
            return CellValue(Kind.NUMBER, number_text(value))
        case CellTrouble():
            return CellValue(Kind.ERROR, value.code)
        case None:
            return _NO_TEXT
        case _:
            return CellValue(Kind.TEXT, value)


def traits_of(formats: Mapping[int, Sequence[tuple[Area, bool]]], area: Area) -> tuple[list[int], ...]:
    """The styles of all cells, column by column, from the parts in which each trait is the same."""
    height = area.bottom - area.top + 1
    columns = tuple([0] * height for _ in range(area.left, area.right + 1))
    for trait, parts in formats.items():
        for part, has_it in parts:
            if not has_it:
                continue
            rows = range(part.top - area.top, part.bottom - area.top + 1)
            for column in columns[part.left - area.left : part.right - area.left + 1]:
                for row in rows:
                    column[row] |= trait
    return columns
