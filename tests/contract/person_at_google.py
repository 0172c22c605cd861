"""Fills spreadsheets of the local server with plain values, and acts on them as a person with a browser would."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sheets_server.calculation import SheetError
from sheets_server.server import BookHandle, SheetsServer

from sheets_sync.core.cells import CellTrouble
from sheets_sync.workbooks.plain_values import Typed, Value

_ERRORS = {"#N/A": "N_A", "#REF!": "REF", "#DIV/0!": "DIVIDE_BY_ZERO", "#VALUE!": "VALUE", "#NAME?": "NAME"}


def make_book(server: SheetsServer, tabs: Mapping[str, Sequence[Sequence[Value]]], **grid: int) -> BookHandle:
    """A new spreadsheet with these tabs."""
    book = server.book(sheets=[(name, ()) for name in tabs], **grid)
    for name, rows in tabs.items():
        fill(book, name, 1, 1, rows)
    return book


def fill(book: BookHandle, tab: str, row: int, column: int, rows: Sequence[Sequence[Value]]) -> None:
    """Type a block of cells; texts stay texts."""
    book.human.fill(tab, row, column, [[_as_typed(value) for value in values] for values in rows])
    for number, values in enumerate(rows, row):
        for at, value in enumerate(values, column):
            if isinstance(value, CellTrouble):
                error = SheetError(value.code, _ERRORS[value.code])
                book.human._change(tab, number, at, lambda cell, error=error: cell.holding(error))


def _as_typed(value: Value) -> str | float | bool | dt.date | None:
    match value:
        case Typed(formula="") as typed:
            return _as_typed(typed.value)
        case Typed() as typed:
            return "=" + typed.formula
        case str():
            return f"'{value}" if value else None
        case CellTrouble():
            return None
    return value


@dataclass(frozen=True)
class PersonAtGoogle:
    """Somebody with the spreadsheet open in a browser."""

    book: BookHandle

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """Type into a cell, or empty it with None."""
        fill(self.book, tab, row, column, [[value]])

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank rows in."""
        self.book.human.insert_rows(tab, at, count)

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Take rows out."""
        self.book.human.delete_rows(tab, first, count)

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """Paste a whole row over another."""
        self.book.human.copy_row(tab, source, target)

    def sort_rows(
        self, tab: str, by: int, *, first: int, last: int, columns: Collection[int] | None = None, descending: bool
    ) -> None:
        """Sort rows, or only some of their columns."""
        self.book.human.sort(tab, by, first=first, last=last, columns=columns, descending=descending)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank columns in."""
        self.book.human.insert_columns(tab, at, count)

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Take columns out."""
        self.book.human.delete_columns(tab, first, count)
