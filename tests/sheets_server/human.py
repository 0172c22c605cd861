"""People in the spreadsheet: what somebody with a browser does to it. Tabs by name; rows and columns from 1."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from . import changes
from .book import Block, Book
from .by_hand import Typed, sort_apart, typed_cell
from .caller import PROJECT
from .changes_cells import sort_block
from .errors import Json
from .front import Front
from .grid import Cell, Sheet
from .moves import moved_copy
from .results import Results
from .scene import Scene
from .values import USER_ENTERED, entered, locale_of

PERSON = "anna@example.org"


class Human:
    """Somebody at the spreadsheet with this id. Every act is one change of its own."""

    def __init__(self, front: Front, book_id: str, account: str = PERSON) -> None:
        self._front = front
        self._id = book_id
        self.account = account

    @property
    def _book(self) -> Book:
        return self._front.api.files.books[self._id]

    def _act(self, act: Callable[[Book], None]) -> None:
        """An act that cannot fail half-way."""
        with self._front.lock:
            self._front.settle()
            act(self._book)
            self._book.changed(self._front.api.clock.now())

    def request(self, kind: str, asked: Json) -> Json:
        """Do what one batchUpdate request would."""
        api = self._front.api
        with self._front.lock:
            self._front.settle()
            draft = self._book.draft()
            scene = Scene(draft, api.ids, self.account, PROJECT, api.clock.now())
            (reply,) = changes.apply(scene, [{kind: asked}])
            draft.changed(scene.now)
            self._book.become(draft)
        return dict(reply.get(kind, {}))

    def _tab(self, name: str) -> int:
        return self.sheet(name).id

    def sheet(self, name: str) -> Sheet:
        """The tab as the server keeps it; for tests that look inside."""
        found = self._book.sheet_titled(name)
        assert found, f"there is no tab {name}"
        return found

    def type(self, tab: str, row: int, column: int, value: Typed) -> None:
        """Type into a cell; None empties it. Texts are understood as typed ones are, "=" starts a formula."""
        self.fill(tab, row, column, [[value]])

    def fill(self, tab: str, row: int, column: int, rows: Sequence[Sequence[Typed]]) -> None:
        """Type a block of cells, its first cell given; the grid grows."""

        def act(book: Book) -> None:
            sheet = book.sheet(self._tab(tab))
            width = max((len(one) for one in rows), default=0)
            sheet.resize(max(len(sheet.rows), row - 1 + len(rows)), max(len(sheet.columns), column - 1 + width))
            locale = locale_of(book.locale)

            def enter(text: str, before: Cell) -> Cell:
                return entered(before, text, USER_ENTERED, locale)

            for number, values in enumerate(rows, row - 1):
                for at, value in enumerate(values, column - 1):
                    before = sheet.cell(number, at)
                    sheet.put(
                        number,
                        at,
                        typed_cell(before, value, lambda text, held: entered(held, text, USER_ENTERED, locale)),
                    )

        self._act(act)

    def read(self, tab: str, row: int, column: int) -> Any:
        """The effective value of a cell."""
        with self._front.lock:
            self._front.settle()
            book = self._book
            return Results(book, self._front.api.clock.now()).value(book.sheet(self._tab(tab)), row - 1, column - 1)

    def shown(self, tab: str) -> list[list[str]]:
        """Every text people see in a tab, as full rows up to the last filled one."""
        with self._front.lock:
            self._front.settle()
            book, sheet = self._book, self.sheet(tab)
            results = Results(book, self._front.api.clock.now())
            places = [(row, column) for row, column, cell in sheet.filled() if cell.value is not None]
            bottom = max((row for row, _ in places), default=-1) + 1
            right = max((column for _, column in places), default=-1) + 1
            return [
                [results.shown(sheet, row, column, sheet.cell(row, column)) for column in range(right)]
                for row in range(bottom)
            ]

    def cells(self, tab: str) -> dict[tuple[int, int], Cell]:
        """All filled cells of a tab by row and column, from 1."""
        with self._front.lock:
            self._front.settle()
            return {(row + 1, column + 1): cell for row, column, cell in self.sheet(tab).filled()}

    def _lines(self, tab: str, dimension: str, first: int, count: int) -> Json:
        return {
            "sheetId": self._tab(tab),
            "dimension": dimension,
            "startIndex": first - 1,
            "endIndex": first - 1 + count,
        }

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank rows in; they look like the row above."""
        self._insert(tab, "ROWS", at, count)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank columns in; they look like the column to the left."""
        self._insert(tab, "COLUMNS", at, count)

    def _insert(self, tab: str, dimension: str, at: int, count: int) -> None:
        self.request("insertDimension", {"range": self._lines(tab, dimension, at, count), "inheritFromBefore": at > 1})

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Take rows out."""
        self.request("deleteDimension", {"range": self._lines(tab, "ROWS", first, count)})

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Take columns out."""
        self.request("deleteDimension", {"range": self._lines(tab, "COLUMNS", first, count)})

    def move_rows(self, tab: str, first: int, count: int, before: int) -> None:
        """Drag rows so that they stand before the row that is number `before` now."""
        self._move(tab, "ROWS", first, count, before)

    def move_columns(self, tab: str, first: int, count: int, before: int) -> None:
        """Drag columns so that they stand before the column that is number `before` now."""
        self._move(tab, "COLUMNS", first, count, before)

    def _move(self, tab: str, dimension: str, first: int, count: int, before: int) -> None:
        self.request(
            "moveDimension", {"source": self._lines(tab, dimension, first, count), "destinationIndex": before - 1}
        )

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """Paste a whole row over another."""

        def act(book: Book) -> None:
            sheet = book.sheet(self._tab(tab))
            for column in range(len(sheet.columns)):
                copy = moved_copy(sheet.cell(source - 1, column), target - source, 0)
                sheet.put(target - 1, column, copy)

        self._act(act)

    def sort(
        self,
        tab: str,
        by: int,
        *,
        first: int = 2,
        last: int | None = None,
        columns: Iterable[int] | None = None,
        descending: bool = False,
    ) -> None:
        """Sort rows by a column; only some columns if given (they then move on their own)."""

        def act(book: Book) -> None:
            sheet = book.sheet(self._tab(tab))
            filled = [row for row, _, cell in sheet.filled() if cell.value is not None]
            bottom = last or max(filled, default=0) + 1
            taken = sorted(columns or range(1, len(sheet.columns) + 1))
            if taken == list(range(taken[0], taken[-1] + 1)):
                block = Block(sheet, first - 1, taken[0] - 1, bottom, taken[-1])
                spec = {"dimensionIndex": by - 1, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
                sort_block(Results(book, self._front.api.clock.now()), block, [spec])
                return
            sort_apart(sheet, taken, by, first - 1, bottom, descending=descending)

        self._act(act)

    def rename_tab(self, tab: str, name: str) -> None:
        """Give a tab another name."""
        self.request(
            "updateSheetProperties", {"properties": {"sheetId": self._tab(tab), "title": name}, "fields": "title"}
        )

    def add_tab(self, name: str, index: int | None = None) -> int:
        """Add a tab; its id."""
        place = {} if index is None else {"index": index}
        return int(self.request("addSheet", {"properties": {"title": name} | place})["properties"]["sheetId"])

    def delete_tab(self, tab: str) -> None:
        """Delete a tab."""
        self.request("deleteSheet", {"sheetId": self._tab(tab)})

    def duplicate_tab(self, tab: str, name: str) -> None:
        """Copy a tab inside the spreadsheet."""
        self.request("duplicateSheet", {"sourceSheetId": self._tab(tab), "newSheetName": name, "insertSheetIndex": 1})

    def hide(self, tab: str, *, row: int = 0, column: int = 0, count: int = 1, hidden: bool = True) -> None:
        """Hide rows or columns, or the tab when neither is given."""
        if not row and not column:
            properties = {"sheetId": self._tab(tab), "hidden": hidden}
            self.request("updateSheetProperties", {"properties": properties, "fields": "hidden"})
            return
        lines = self._lines(tab, "ROWS" if row else "COLUMNS", row or column, count)
        asked = {"range": lines, "properties": {"hiddenByUser": hidden}, "fields": "hiddenByUser"}
        self.request("updateDimensionProperties", asked)

    def filter(self, tab: str, column: int, hidden_values: Sequence[str], *, header_row: int = 1) -> None:
        """Set a filter over everything that hides rows with these texts in one column."""
        sheet = self.sheet(tab)
        area = {"sheetId": sheet.id, "startRowIndex": header_row - 1, "endRowIndex": len(sheet.rows)}
        area |= {"startColumnIndex": 0, "endColumnIndex": len(sheet.columns)}
        criteria = {str(column - 1): {"hiddenValues": list(hidden_values)}}
        self.request("setBasicFilter", {"filter": {"range": area, "criteria": criteria}})

    def clear_filter(self, tab: str) -> None:
        """Take the filter away."""
        self.request("clearBasicFilter", {"sheetId": self._tab(tab)})

    def add_rule(self, tab: str, formula: str, *, index: int = 0, area: Json | None = None, bold: bool = True) -> None:
        """Add a conditional-format rule with a custom formula; `area` is a GridRange, the whole tab when not given."""
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        boolean = {"condition": condition, "format": {"textFormat": {"bold": bold}}}
        rule = {"ranges": [{"sheetId": self._tab(tab)} | (area or {})], "booleanRule": boolean}
        self.request("addConditionalFormatRule", {"rule": rule, "index": index})

    def delete_rule(self, tab: str, index: int) -> None:
        """Delete a conditional-format rule."""
        self.request("deleteConditionalFormatRule", {"sheetId": self._tab(tab), "index": index})

    def rules(self, tab: str) -> list[Json]:
        """The rules of a tab in their order."""
        return list(self.sheet(tab).rules)

    def protect(
        self, tab: str, area: Json | None = None, *, editors: Sequence[str] = (), warning: bool = False
    ) -> None:
        """Protect a GridRange, or the tab, so that only this person and the editors can change it."""
        given: Json = {"range": {"sheetId": self._tab(tab)} | (area or {})}
        given |= {"warningOnly": True} if warning else {"editors": {"users": list(editors)}}
        self.request("addProtectedRange", {"protectedRange": given})

    def merge(self, tab: str, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells."""
        area = {"startRowIndex": top - 1, "endRowIndex": bottom, "startColumnIndex": left - 1, "endColumnIndex": right}
        self.request("mergeCells", {"range": {"sheetId": self._tab(tab)} | area, "mergeType": "MERGE_ALL"})

    def drag(self, tab: str, source: Json, row: int, column: int) -> None:
        """Drag cells (a GridRange without its tab) so that the first of them comes to a place; over what is there."""
        place = {"sheetId": self._tab(tab), "rowIndex": row - 1, "columnIndex": column - 1}
        area = {"sheetId": self._tab(tab)} | source
        self.request("cutPaste", {"source": area, "destination": place, "pasteType": "PASTE_NORMAL"})

    def note(self, tab: str, row: int, column: int, text: str) -> None:
        """Put a note on a cell."""
        self._change(tab, row, column, lambda cell: cell._replace(note=text))

    def format(self, tab: str, row: int, column: int, cell_format: Json) -> None:
        """Give a cell a CellFormat of its own."""
        self._change(tab, row, column, lambda cell: cell._replace(format=cell_format or None))

    def checkbox(self, tab: str, row: int, column: int, *, ticked: bool = False) -> None:
        """Make a cell a checkbox."""
        rule = {"condition": {"type": "BOOLEAN"}, "strict": True}
        self._change(tab, row, column, lambda cell: cell.holding(ticked)._replace(validation=rule))

    def drop_down(self, tab: str, row: int, column: int, words: Sequence[str]) -> None:
        """Make a cell a drop-down."""
        condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in words]}
        rule = {"condition": condition, "showCustomUi": True}
        self._change(tab, row, column, lambda cell: cell._replace(validation=rule))

    def people_chip(self, tab: str, row: int, column: int, name: str, address: str) -> None:
        """Put a person's chip into a cell."""
        chip = {"chip": {"personProperties": {"email": address, "displayFormat": "DEFAULT"}}}
        self._change(tab, row, column, lambda cell: cell.holding(name)._replace(chips=(chip,)))

    def _change(self, tab: str, row: int, column: int, change: Callable[[Cell], Cell]) -> None:
        def act(book: Book) -> None:
            sheet = book.sheet(self._tab(tab))
            sheet.put(row - 1, column - 1, change(sheet.cell(row - 1, column - 1)))

        self._act(act)
