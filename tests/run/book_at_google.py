"""A spreadsheet on the local server that is played on as a workbook in memory is: read and written by us, changed by
people."""

from collections.abc import Mapping, Sequence

from contract.person_at_google import PersonAtGoogle, make_book
from sheets_server.gspread_client import local_client
from sheets_server.server import SheetsServer

from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google_sheet import GoogleSheet
from sheets_sync.workbooks.plain_values import Value


class BookAtGoogle(GoogleSheet):
    """The adapter, and what people do. What was read `fresh_seconds` ago is looked at again before a write; waiting
    pushes the server's clock instead."""

    def __init__(
        self,
        server: SheetsServer,
        tabs: Mapping[str, Sequence[Sequence[Value]]],
        *,
        drive: bool = False,
        fresh_seconds: float = 0,
    ) -> None:
        self.book = make_book(server, tabs, rows=40, columns=12)
        self.human = self.book.human
        self._person = PersonAtGoogle(self.book)
        clock = server.clock
        waiting = Waiting(clock.advance, clock.seconds, lambda: 0.5)
        http = local_client(server.url).http_client
        calls = HttpCalls(self.book.id, http, drive_version=drive, waiting=waiting)
        super().__init__(calls, tabs=tuple(tabs), fresh_seconds=fresh_seconds, wait=clock.advance)

    def shown(self, tab: str) -> tuple[tuple[str | None, ...], ...]:
        """What people see in a tab, nothing as None."""
        return tuple(tuple(text or None for text in line) for line in self.human.shown(tab))

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """A person types into a cell, or empties it with None."""
        self._person.type_in(tab, row, column, value)

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """A person puts blank rows in."""
        self.human.insert_rows(tab, at, count)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """A person puts blank columns in."""
        self.human.insert_columns(tab, at, count)

    def rename_tab(self, tab: str, name: str) -> None:
        """A person gives a tab another name."""
        self.human.rename_tab(tab, name)

    def move_tab(self, tab: str, place: int) -> None:
        """A person moves a tab to a place, counted from 0."""
        properties = {"sheetId": self.human.sheet(tab).id, "index": place}
        self.human.request("updateSheetProperties", {"properties": properties, "fields": "index"})

    def delete_tab(self, tab: str) -> None:
        """A person deletes a tab."""
        self.human.delete_tab(tab)

    def add_tab(self, name: str, rows: Sequence[Sequence[Value]] = ()) -> None:
        """A person adds a tab."""
        self.human.add_tab(name)
        for number, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                self.type_in(name, number, column, value)
