"""A person at an open workbook: what they do is not saved, and Excel moves marks and rules along."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from contract.person_at_excel import _held, _paste, _put
from openpyxl.utils import column_index_from_string, get_column_letter

from sheets_sync.workbooks.plain_values import Value

_WHOLE_COLUMN = re.compile(r"((?:'(?:[^']|'')+'|[^'!]+)!)\$([A-Z]+):\$\2")


@dataclass(frozen=True)
class PersonAtOpenExcel:
    """Acts on the workbook that is open. `book` is xlwings'."""

    book: Any

    def _sheet(self, tab: str) -> Any:
        return self.book.sheets[tab].impl.worksheet

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """Type into a cell, or empty it with None."""
        _put(self._sheet(tab), row, column, value)

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank rows in."""
        self._sheet(tab).insert_rows(at, count)

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Take rows out."""
        self._sheet(tab).delete_rows(first, count)

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """Paste a whole row over another."""
        sheet = self._sheet(tab)
        for column in range(1, sheet.max_column + 1):
            _paste(sheet, target, column, _held(sheet, source, column))

    def sort_rows(
        self, tab: str, by: int, *, first: int, last: int, columns: Collection[int] | None = None, descending: bool
    ) -> None:
        """Sort rows, or only some of their columns; texts only by their letters."""
        sheet = self._sheet(tab)
        wanted = columns or range(1, sheet.max_column + 1)
        rows = [{column: _held(sheet, row, column) for column in wanted} for row in range(first, last + 1)]
        rows.sort(key=lambda cells: str(cells[by][0]), reverse=descending)
        for number, cells in enumerate(rows, first):
            for column, held in cells.items():
                _paste(sheet, number, column, held)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank columns in."""
        sheet = self._sheet(tab)
        sheet.insert_cols(at, count)
        _move_marks(sheet, lambda column: column + count if column >= at else column)

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Take columns out."""

        def after(column: int) -> int | None:
            if first <= column < first + count:
                return None
            return column - count if column >= first else column

        sheet = self._sheet(tab)
        sheet.delete_cols(first, count)
        _move_marks(sheet, after)


def _move_marks(sheet: Any, after: Callable[[int], int | None]) -> None:
    """Let the names of whole columns of this sheet follow, as Excel does."""
    for name in sheet.parent.defined_names.values():
        reference = _WHOLE_COLUMN.fullmatch(name.attr_text)
        if reference and _tab(reference[1]) == sheet.title:
            column = after(column_index_from_string(reference[2]))
            letters = get_column_letter(column) if column else ""
            name.attr_text = f"{reference[1]}${letters}:${letters}" if letters else f"{reference[1]}#REF!"


def _tab(prefix: str) -> str:
    """The name of the tab before a reference."""
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
