"""A book's worksheets and their tables."""

from typing import Any

import xlwings as xw
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import TableColumn
from xlwings import base_classes

from sheets_sync.core.snapshot import Area
from xlwings_engine.cell_content import formula_text
from xlwings_engine.ranges import Range
from xlwings_engine.troubles import ExcelRefusedError

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Sheets(base_classes.Sheets):
    """The worksheets; chart sheets are none."""

    active = None

    def __init__(self, book: Any) -> None:
        self.book = book
        self._known: dict[int, Sheet] = {}

    @property
    def api(self) -> "Sheets":
        return self

    @property
    def active(self) -> "Sheet":  # noqa: F811
        return self._of(self.book.workbook.active)

    def _of(self, worksheet: Any) -> "Sheet":
        return self._known.setdefault(id(worksheet), Sheet(self.book, worksheet))

    def __iter__(self) -> Any:
        return (self._of(worksheet) for worksheet in self.book.workbook.worksheets)

    def __len__(self) -> int:
        return len(self.book.workbook.worksheets)

    def __call__(self, key: int | str) -> "Sheet":
        if isinstance(key, int):
            return self._of(self.book.workbook.worksheets[key - 1])
        for worksheet in self.book.workbook.worksheets:
            if worksheet.title.lower() == key.lower():
                return self._of(worksheet)
        raise xw.NoSuchObjectError(key)

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> "Sheet":
        return self._of(self.book.workbook.create_sheet(name))


class Sheet(base_classes.Sheet):
    """One worksheet, and what is selected on it."""

    book = api = index = name = cells = used_range = visible = tables = None

    def __init__(self, book: Any, worksheet: Any) -> None:
        self.book, self.worksheet = book, worksheet
        self.selection = ((1, 1), (1, 1))
        self.tables = Tables(self)

    @property
    def api(self) -> "Sheet":  # noqa: F811
        return self

    @property
    def index(self) -> int:  # noqa: F811
        return self.book.workbook.worksheets.index(self.worksheet) + 1

    @property
    def name(self) -> str:  # noqa: F811
        return self.worksheet.title

    @name.setter
    def name(self, value: str) -> None:
        self.worksheet.title = value

    @property
    def cells(self) -> Range:  # noqa: F811
        return Range(self, (1, 1), (LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self) -> Range:  # noqa: F811
        rows = [row for row, _ in self.worksheet._cells] or [1]
        columns = [column for _, column in self.worksheet._cells] or [1]
        return Range(self, (min(rows), min(columns)), (max(rows), max(columns)))

    @property
    def visible(self) -> bool:  # noqa: F811
        return self.worksheet.sheet_state == "visible"

    def arrays(self) -> list[tuple[Area, str]]:
        """The areas that array formulas fill, with the formula that each of their cells shows."""
        found = []
        for cell in self.worksheet._cells.values():
            if isinstance(cell.value, ArrayFormula | DataTableFormula):
                left, top, right, bottom = range_boundaries(cell.value.ref)
                text = formula_text(cell, self.book.results, self.book.workbook.epoch)
                found.append((Area(top, left, bottom, right), text))
        return found

    def selected(self) -> Range:
        """What is selected on this sheet."""
        return Range(self, *self.selection)

    def activate(self) -> None:
        if not self.visible:
            raise ExcelRefusedError
        for other in self.book.workbook.worksheets:
            other.sheet_view.tabSelected = other is self.worksheet
        self.book.workbook.active = self.worksheet

    select = activate

    def range(self, first: Any, last: Any = None) -> Range:
        """A range by corners, by a tuple, or by an address."""
        if isinstance(first, Range):
            corners = [first.first, first.last, *((last.first, last.last) if last else ())]
            rows, columns = [row for row, _ in corners], [column for _, column in corners]
            return Range(self, (min(rows), min(columns)), (max(rows), max(columns)))
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first)
            return Range(self, (top or 1, left or 1), (bottom or LAST_ROW, right or LAST_COLUMN))
        if len(first) == 4:
            row, column, height, width = first
            return Range(self, (row, column), (row + height - 1, column + width - 1))
        return Range(self, tuple(first), tuple(last or first))


class Tables(base_classes.Tables):
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> "Tables":
        return self

    def _all(self) -> list["Table"]:
        return [Table(self.sheet, table) for table in self.sheet.worksheet.tables.values()]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Any:
        return iter(self._all())

    def __call__(self, key: int | str) -> "Table":
        if isinstance(key, int):
            return self._all()[key - 1]
        return next(table for table in self._all() if table.name == key)

    def __contains__(self, key: str) -> bool:
        return any(table.name == key for table in self._all())


class Table(base_classes.Table):
    """One table."""

    def __init__(self, sheet: Sheet, table: Any) -> None:
        self.sheet, self.table = sheet, table

    @property
    def api(self) -> Any:
        return self.table

    @property
    def name(self) -> str:
        return self.table.displayName

    display_name = name

    @property
    def range(self) -> Range:
        return self.sheet.range(self.table.ref)

    @property
    def show_headers(self) -> bool:
        return self.table.headerRowCount != 0

    @property
    def show_totals(self) -> bool:
        return bool(self.table.totalsRowCount)

    def resize(self, wanted: Any) -> None:
        """New columns get a name of their own, which stands in the header at once."""
        target = wanted.impl
        before, after = self.range, Range(self.sheet, target.first, target.last)
        if self.show_headers and after.first[0] != before.first[0]:
            raise ExcelRefusedError
        columns = self.table.tableColumns[: after.shape[1]]
        for place in range(len(columns), after.shape[1]):
            column = after.first[1] + place
            header = self.sheet.worksheet.cell(after.first[0], column)
            header.value = header.value or f"Column{place + 1}"
            number = max((known.id for known in columns), default=0) + 1
            columns.append(TableColumn(id=number, name=str(header.value)))
        self.table.tableColumns = columns
        self.table.ref = after.get_address(False, False, False)
        if self.table.autoFilter is not None:
            body = after if not self.show_totals else Range(self.sheet, after.first, (after.last[0] - 1, after.last[1]))
            self.table.autoFilter.ref = body.get_address(False, False, False)


def renamed_header(sheet: Sheet, row: int, column: int) -> None:
    """A table's column is named as its header says."""
    for table in sheet.worksheet.tables.values():
        left, top, right, _ = range_boundaries(table.ref)
        if table.headerRowCount != 0 and top == row and left <= column <= right and table.tableColumns:
            table.tableColumns[column - left].name = str(sheet.worksheet.cell(row, column).value or f"Column{column}")
