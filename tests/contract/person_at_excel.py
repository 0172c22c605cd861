"""Makes workbook files from plain values, and acts on them as a person with a spreadsheet program would."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheets_sync.core.cells import CellTrouble
from sheets_sync.workbooks.plain_values import Typed, Value

_WHOLE_COLUMN = re.compile(r"('[^']+'!)\$([A-Z]+)\$1:\$\2\$1048576")


def write_workbook(path: Path, tabs: Mapping[str, Sequence[Sequence[Value]]]) -> None:
    """A new workbook file with these tabs."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tabs.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                _put(sheet, row, column, value)
    book.save(path)


@dataclass(frozen=True)
class PersonAtExcel:
    """Opens the file, does one thing, saves. Marks of ours move with their columns, as in Excel."""

    path: Path

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """Type into a cell, or empty it with None."""
        with self._sheet(tab) as sheet:
            _put(sheet, row, column, value)

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank rows in."""
        with self._sheet(tab) as sheet:
            sheet.insert_rows(at, count)

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Take rows out."""
        with self._sheet(tab) as sheet:
            sheet.delete_rows(first, count)

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """Paste a whole row over another."""
        with self._sheet(tab) as sheet:
            for column in range(1, sheet.max_column + 1):
                _paste(sheet, target, column, _held(sheet, source, column))

    def sort_rows(
        self, tab: str, by: int, *, first: int, last: int, columns: Collection[int] | None = None, descending: bool
    ) -> None:
        """Sort rows, or only some of their columns; texts only by their letters."""
        with self._sheet(tab) as sheet:
            wanted = columns or range(1, sheet.max_column + 1)
            rows = [{column: _held(sheet, row, column) for column in wanted} for row in range(first, last + 1)]
            rows.sort(key=lambda cells: str(cells[by][0]), reverse=descending)
            for number, cells in enumerate(rows, first):
                for column, held in cells.items():
                    _paste(sheet, number, column, held)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank columns in."""
        with self._sheet(tab) as sheet:
            sheet.insert_cols(at, count)
            _move_marks(sheet, lambda column: column + count if column >= at else column)

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Take columns out."""

        def after(column: int) -> int | None:
            if first <= column < first + count:
                return None
            return column - count if column >= first else column

        with self._sheet(tab) as sheet:
            sheet.delete_cols(first, count)
            _move_marks(sheet, after)

    @contextmanager
    def _sheet(self, tab: str) -> Iterator[Any]:
        import openpyxl

        book = openpyxl.load_workbook(self.path)
        yield book[tab]
        book.save(self.path)


def _held(sheet: Any, row: int, column: int) -> tuple[Any, str, str]:
    cell = sheet.cell(row, column)
    return cell.value, cell.data_type, cell.number_format


def _paste(sheet: Any, row: int, column: int, held: tuple[Any, str, str]) -> None:
    cell = sheet.cell(row, column)
    cell.value, cell.data_type, cell.number_format = held


def _put(sheet: Any, row: int, column: int, value: Value) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, Typed):
        cell.value = f"={value.formula}" if value.formula else value.value
    elif isinstance(value, CellTrouble):
        cell.value, cell.data_type = value.code, "e"
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _move_marks(sheet: Any, after: Callable[[int], int | None]) -> None:
    from openpyxl.utils import column_index_from_string, get_column_letter

    for name in sheet.parent.defined_names.values():
        reference = _WHOLE_COLUMN.fullmatch(name.attr_text)
        if reference and reference[1].strip("'!") == sheet.title:
            column = after(column_index_from_string(reference[2]))
            letters = get_column_letter(column) if column else ""
            name.attr_text = f"{reference[1]}${letters}$1:${letters}$1048576" if letters else f"{reference[1]}#REF!"
