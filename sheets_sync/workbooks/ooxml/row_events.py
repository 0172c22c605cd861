"""Read a whole sheet part with the XML parser: any encoding, comments, rows and cells without addresses.

Slower than row_scan, which must give the same rows wherever it dares to read.
"""

from collections.abc import Mapping

from sheets_sync.core.cells import Cell
from sheets_sync.core.snapshot import Row
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, parse_cell, row_number
from sheets_sync.workbooks.ooxml.refusals import damaged, hostile
from sheets_sync.workbooks.ooxml.tab_formulas import TabFormulas
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.xml_scan import Element, TreeBuilder, too_deep

_BELOW_ROOT, _BELOW_DATA = 1, 2
_CELL, _PART, _STRING, _RUN = 1, 2, 3, 4
"""Levels inside a row: <c>, then <v>, <f> or <is>, then <t> or <r>, then the <t> of an <r>."""
_KEPT_CELLS = 50_000


class RowEvents:
    """Takes rows out of the parse events of a worksheet; all other elements become the frame."""

    def __init__(self, maker: CellMaker, formulas: TabFormulas, max_depth: int) -> None:
        self._builder = TreeBuilder(max_depth)
        self._maker = maker
        self._formulas = formulas
        self._deepest = max_depth - _BELOW_DATA - 1
        self._in_data = False
        self._level = 0
        self._row = 0
        self._column = 0
        self._cells: dict[int, Cell] = {}
        self._known: dict[tuple[str, str, str | None], Cell | None] = {}
        self._cell: Mapping[str, str] | None = None
        self._formula: Mapping[str, str] | None = None
        self._formula_text = ""
        self._value: str | None = None
        self._inline: list[str] | None = None
        self._in_inline = False
        self._in_run = False
        self._texts: list[str] = []
        self._heard_level = 0
        self._in_row = False
        self.rows: list[Row] = []

    @property
    def frame(self) -> Element:
        """The worksheet without its rows."""
        return self._builder.root

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._in_row:
            self._start_inside(self._builder.local(name), attributes)
            return
        depth = self._builder.depth
        self._builder.start(name, attributes)
        if depth == _BELOW_ROOT:
            self._in_data = self._builder.local(name) == "sheetData"
        elif self._in_data and depth == _BELOW_DATA and self._builder.local(name) == "row":
            self._start_row(attributes.get("r"))

    def end(self, name: str) -> None:
        """An element ends."""
        if self._level:
            self._end_inside(self._builder.local(name))
            return
        element = self._builder.end(name)
        if self._in_data and self._builder.depth == _BELOW_DATA:
            if self._in_row and self._cells:
                self.rows.append(Row(self._row, self._cells, element.flag("hidden")))
            self._in_row = False
            self._builder.forget(element)

    def text(self, text: str) -> None:
        """Text inside an element."""
        if not self._in_row:
            self._builder.text(text)
        elif self._level and self._level == self._heard_level:
            self._texts.append(text)

    def _start_row(self, number: str | None) -> None:
        row = self._row + 1 if number is None else row_number(number)
        if row <= self._row:
            raise damaged("its rows are not in order")
        if row > MAX_ROW:
            raise hostile("it has more rows than the grid")
        self._in_row, self._row, self._column, self._cells = True, row, 0, {}

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins inside a row."""
        self._level = level = self._level + 1
        if level > self._deepest:
            raise too_deep(self._deepest + _BELOW_DATA + 1)
        if level == _CELL:
            self._cell = attributes if name == "c" else None
            self._formula = self._value = self._inline = None
        elif self._cell is None:
            return
        elif level == _PART:
            self._in_inline = name == "is"
            if name in ("v", "f"):
                self._listen()
            if name == "f":
                self._formula = attributes
            elif name == "is":
                self._inline = []
        elif self._in_inline:
            if level == _STRING:
                self._in_run = name == "r"
            if name == "t" and (level == _STRING or (level == _RUN and self._in_run)):
                self._listen()

    def _listen(self) -> None:
        """Take the text directly inside the element that has just begun."""
        self._texts, self._heard_level = [], self._level

    def _end_inside(self, name: str) -> None:
        """An element ends inside a row."""
        if self._level == self._heard_level:
            text = "".join(self._texts)
            self._heard_level = 0
            if self._level != _PART and self._inline is not None:
                self._inline.append(decode_escapes(text))
            elif name == "v":
                self._value = text
            else:
                self._formula_text = text
        elif self._level == _CELL and self._cell is not None:
            self._add_cell(self._cell)
        self._level -= 1

    def _add_cell(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("r")
        row, column = (self._row, self._column + 1) if address is None else parse_cell(address)
        if row != self._row or column <= self._column:
            raise damaged("its cells are not in order")
        if column > MAX_COLUMN:
            raise hostile("it has more columns than the grid")
        self._column = column
        cell = self._made(attributes.get("t", ""), attributes.get("s", ""))
        if cell is not None:
            self._cells[column] = cell

    def _made(self, kind: str, style: str) -> Cell | None:
        if self._formula is not None:
            literal = self._formulas.literal(self._formula, self._formula_text, self._row, self._column)
            if literal is not None:
                return self._maker.calculated(literal, kind, style, self._value)
        if self._inline is not None:
            return self._maker.typed(kind, style, self._value, "".join(self._inline))
        looks = (kind, style, self._value)
        if looks not in self._known:
            if len(self._known) >= _KEPT_CELLS:
                self._known.clear()
            self._known[looks] = self._maker.typed(kind, style, self._value, None)
        return self._known[looks]
