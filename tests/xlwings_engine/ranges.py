"""A rectangle of cells: bulk reading and writing as Excel does it, each order counted."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from xlwings import base_classes, utils

from xlwings_engine.cell_content import Put, formula_text, held, shown, typed
from xlwings_engine.troubles import ExcelBusyError, ExcelRefusedError

Place = tuple[int, int]


class Range(base_classes.Range):
    """Cells from `first` to `last`, each (row, column). Blank cells are not made by looking at them."""

    row = column = shape = coords = address = number_format = formula = raw_value = column_width = None
    merge_cells = merge_area = color = font = has_array = sheet = api = None
    max_cells_per_read = max_cells_per_write = None
    options: dict[str, Any] = {}

    def __init__(self, sheet: Any, first: Place, last: Place) -> None:
        self.sheet, self.first, self.last = sheet, first, last

    @property
    def api(self) -> "Range":  # noqa: F811
        return self

    @property
    def row(self) -> int:  # noqa: F811
        return self.first[0]

    @property
    def column(self) -> int:  # noqa: F811
        return self.first[1]

    @property
    def shape(self) -> tuple[int, int]:  # noqa: F811
        return self.last[0] - self.first[0] + 1, self.last[1] - self.first[1] + 1

    @property
    def coords(self) -> tuple[str, int, int, int, int]:  # noqa: F811
        return (self.sheet.name, *self.first, *self.shape)

    @property
    def address(self) -> str:  # noqa: F811
        return self.get_address(True, True, False)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        place = (self.first[0] + row - 1, self.first[1] + column - 1)
        return Range(self.sheet, place, place)

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:
        def one(place: Place) -> str:
            letters = ("$" if column_absolute else "") + get_column_letter(place[1])
            return f"{letters}{'$' if row_absolute else ''}{place[0]}"

        return one(self.first) + ("" if self.first == self.last else ":" + one(self.last))

    def select(self) -> None:
        if self.sheet.book.sheets.active is not self.sheet:
            raise ExcelRefusedError
        self.sheet.selection = (self.first, self.last)

    def rows_of(self, one: Callable[[Any], Any], blank: Any) -> list[tuple[Any, ...]]:
        """Something of all cells, `blank` for those that do not exist."""
        cells = self.sheet.worksheet._cells
        columns = range(self.first[1], self.last[1] + 1)
        return [
            tuple(one(cell) if (cell := cells.get((row, column))) is not None else blank for column in columns)
            for row in range(self.first[0], self.last[0] + 1)
        ]

    def existing(self) -> Iterator[Any]:
        """The cells that exist."""
        rows, columns = range(self.first[0], self.last[0] + 1), range(self.first[1], self.last[1] + 1)
        cells = self.sheet.worksheet._cells
        if len(self) > len(cells):
            yield from (cell for (row, column), cell in list(cells.items()) if row in rows and column in columns)
        else:
            yield from (cells[row, column] for row in rows for column in columns if (row, column) in cells)

    def common(self, one: Callable[[Any], Any], blank: Any) -> Any:
        """What all cells have in common, None when they differ."""
        found = {one(cell) for cell in self.existing()}
        if sum(1 for _ in self.existing()) < len(self):
            found.add(blank)
        return found.pop() if len(found) == 1 else None

    def values(self) -> list[tuple[Any, ...]]:
        """All values; dates as day numbers."""
        self.count("values")
        book = self.sheet.book
        return self.rows_of(lambda cell: held(cell, book.results, book.workbook.epoch), None)

    @property
    def raw_value(self) -> Any:  # noqa: F811
        self.count("values")
        book, errors = self.sheet.book, bool(self.options.get("err_to_str", False))

        def one(cell: Any) -> Any:
            value = held(cell, book.results, book.workbook.epoch)
            return shown(value, cell.number_format, book.workbook.epoch, err_to_str=errors)

        rows = self.rows_of(one, None)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, values: Any) -> None:
        self.write(values if isinstance(values, list | tuple) else [[values] * self.shape[1]] * self.shape[0])

    @property
    def formula(self) -> Any:  # noqa: F811
        self.count("formulas")
        book, arrays = self.sheet.book, self.sheet.arrays()

        def one(cell: Any) -> str:
            for area, text in arrays:
                if area.holds(cell.row, cell.column):
                    return text
            return formula_text(cell, book.results, book.workbook.epoch)

        rows = self.rows_of(one, "")
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: str) -> None:
        self.write([[value] * self.shape[1]] * self.shape[0])

    def write(self, rows: Any) -> None:
        """Put values in as if each were typed."""
        self.count("writes")
        self.refuse_if_closed()
        for row, values in enumerate(rows, self.first[0]):
            for column, value in enumerate(values, self.first[1]):
                self._put(row, column, value)

    def _put(self, row: int, column: int, value: Any) -> None:
        from xlwings_engine.sheets import renamed_header

        cells = self.sheet.worksheet._cells
        if value in (None, "") and not isinstance(value, bool):
            if (row, column) in cells:
                cells[row, column].value = None
            return
        cell = self.sheet.worksheet.cell(row, column)
        put = self._understood(cell, value)
        cell.value, cell.data_type = put.value, put.data_type
        if put.number_format and cell.number_format == "General":
            cell.number_format = put.number_format
        if put.prefixed or cell.quotePrefix:
            cell.quotePrefix = put.prefixed
        renamed_header(self.sheet, row, column)

    def _understood(self, cell: Any, value: Any) -> Put:
        app = self.sheet.book.app
        if isinstance(value, str):
            return typed(value, cell.number_format, keeps_apostrophe=app.keeps_apostrophe)
        if isinstance(value, bool):
            return Put(value, "b")
        return Put(str(value), "s") if cell.number_format == "@" else Put(float(value), "n")

    def clear_contents(self) -> None:
        self.count("writes")
        self.refuse_if_closed()
        for cell in self.existing():
            cell.value = None

    def refuse_if_closed(self) -> None:
        """As Excel does in a protected sheet, in parts of an array, and while a cell is being edited."""
        if self.sheet.book.app.editing:
            raise ExcelBusyError
        if self.sheet.worksheet.protection.sheet:
            raise ExcelRefusedError

    def count(self, kind: str) -> None:
        """Note one order to Excel."""
        self.sheet.book.app.calls[kind] += 1

    @property
    def number_format(self) -> str | None:  # noqa: F811
        self.count("formats")
        return self.common(lambda cell: cell.number_format, "General")

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.count("formats")
        self.refuse_if_closed()
        for row in range(self.first[0], self.last[0] + 1):
            for column in range(self.first[1], self.last[1] + 1):
                self.sheet.worksheet.cell(row, column).number_format = code

    @property
    def column_width(self) -> float:  # noqa: F811
        known = self.sheet.worksheet.column_dimensions.get(get_column_letter(self.column))
        return (
            known.width if known is not None and known.customWidth else self.sheet.worksheet.sheet_format.baseColWidth
        )

    @column_width.setter
    def column_width(self, width: float) -> None:
        letters = get_column_letter(self.column)
        if width == self.sheet.worksheet.sheet_format.baseColWidth:
            self.sheet.worksheet.column_dimensions.pop(letters, None)
        else:
            self.sheet.worksheet.column_dimensions[letters].width = width

    @property
    def color(self) -> Any:  # noqa: F811
        cell = self.sheet.worksheet.cell(*self.first)
        return utils.hex_to_rgb("#" + cell.fill.start_color.rgb[2:]) if cell.fill.fill_type else None

    @color.setter
    def color(self, value: tuple[int, int, int]) -> None:
        for row in self.sheet.worksheet.iter_rows(self.first[0], self.last[0], self.first[1], self.last[1]):
            for cell in row:
                cell.fill = PatternFill("solid", start_color="FF{:02X}{:02X}{:02X}".format(*value))

    def look_like(self, source: "Range") -> None:
        """Take the whole format of another cell."""
        cell = self.sheet.worksheet.cell(*self.first)
        cell._style = copy.copy(source.sheet.worksheet.cell(*source.first)._style)
