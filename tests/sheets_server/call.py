"""One call of an API method, checked and taken apart: what the methods work with."""

from typing import TYPE_CHECKING, Any, NamedTuple

from .book import Book
from .caller import SHEETS_READ, SHEETS_WRITE, Caller
from .errors import Json
from .masks import Mask
from .results import Results
from .scene import Scene

if TYPE_CHECKING:
    from .api import Api


class Call(NamedTuple):
    """One call of a method, checked and taken apart."""

    api: "Api"
    caller: Caller
    path: dict[str, str]
    query: dict[str, Any]
    body: Json
    mask: Mask | None

    def book(self, *, writing: bool, read_scopes: tuple[str, ...] = SHEETS_READ) -> Book:
        """The spreadsheet the call is about, if the caller may."""
        self.caller.check(SHEETS_WRITE if writing else read_scopes, "sheets.googleapis.com")
        return self.api.files.for_sheets(self.path["spreadsheetId"], self.caller.account, writing=writing)

    def scene(self, book: Book) -> Scene:
        """The surroundings of a change."""
        return Scene(book, self.api.ids, self.caller.account, self.caller.project, self.api.clock.now())

    def results(self, book: Book) -> Results:
        """What cells are worth now."""
        return Results(book, self.api.clock.now())

    def changed(self, book: Book) -> None:
        """Count a change."""
        book.changed(self.api.clock.now())
