"""What the cells of a book are worth and show at one moment. Not here: how formulas are calculated."""

import datetime as dt
from zoneinfo import ZoneInfo

from .book import Book
from .calculation import REFERENCE, Grid, Result, SheetError, worth
from .errors import Json
from .formulas import Corner
from .grid import Cell, Formula, Sheet
from .locales import locale_of
from .number_formats import DATES, shown

_BUSY = SheetError("#REF!", "REF", "Circular dependency detected.")
_DATED = ("=TODAY()", "=NOW()")


class Results:
    """Results of one book, remembered while it does not change. Made anew for every request."""

    def __init__(self, book: Book, now: dt.datetime) -> None:
        self.book = book
        self.locale = locale_of(book.locale)
        self.today = now.astimezone(ZoneInfo(book.time_zone)).replace(tzinfo=None)
        self._known: dict[tuple[int, int, int], Result] = {}

    def value(self, sheet: Sheet, row: int, column: int) -> Result:
        """The effective value of a cell."""
        return self.of(sheet, row, column, sheet.cell(row, column))

    def of(self, sheet: Sheet, row: int, column: int, cell: Cell) -> Result:
        """The effective value of a cell that is at hand."""
        if not isinstance(cell.value, Formula):
            return cell.value
        place = sheet.id, row, column
        if place not in self._known:
            self._known[place] = _BUSY
            self._known[place] = worth(cell.value.text, self._lookup(sheet), self._named, self.today)
        return self._known[place]

    def number_format(self, cell: Cell) -> Json | None:
        """The number format that shows: the person's, or the one that a date formula brings."""
        if cell.format and "numberFormat" in cell.format:
            return cell.format["numberFormat"]
        if isinstance(cell.value, Formula) and cell.value.text.upper() in _DATED:
            kind = "DATE" if cell.value.text.upper() == _DATED[0] else "DATE_TIME"
            pattern = self.locale.date_pattern + ("" if kind == "DATE" else " h:mm:ss")
            return {"type": kind, "pattern": pattern}
        return None

    def shown(self, sheet: Sheet, row: int, column: int, cell: Cell) -> str:
        """The text people see in a cell."""
        return shown(self.of(sheet, row, column, cell), self.number_format(cell), self.locale)

    def is_date(self, cell: Cell) -> bool:
        """Whether the cell shows a date or time."""
        return (self.number_format(cell) or {}).get("type") in DATES

    def _named(self, name: str) -> Grid:
        """The cells of a named range."""
        block = self.book.named(name)
        if block is None:
            return [[REFERENCE]]
        columns = range(block.left, block.right)
        return [[self.value(block.sheet, row, column) for column in columns] for row in range(block.top, block.bottom)]

    def _lookup(self, home: Sheet):
        def look(tab: str, first: Corner, last: Corner) -> Grid:
            title = tab[:-1].strip("'").replace("''", "'")
            sheet = self.book.sheet_titled(title) if tab else home
            if sheet is None:
                return [[REFERENCE]]
            rows = range(min(first.row, last.row), max(first.row, last.row) + 1)
            columns = range(min(first.column, last.column), max(first.column, last.column) + 1)
            inside = range(len(sheet.rows)), range(len(sheet.columns))
            return [
                [
                    self.value(sheet, row, column) if row in inside[0] and column in inside[1] else None
                    for column in columns
                ]
                for row in rows
            ]

        return look
