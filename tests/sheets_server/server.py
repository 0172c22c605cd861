"""The server as tests use it: started on a free port of loopback, filled with spreadsheets, asked what it saw.

with SheetsServer() as server:
    book = server.book(title="Plan", sheets=[("Actions", [["Ref", "Action"], ["X-1", "Paint"]])])
    book.human.type("Actions", 2, 2, "Paint it red")
"""

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from .api import Api
from .book import Book
from .by_hand import Typed
from .clock import Clock
from .errors import Json
from .front import Front, Served, listener
from .grid import Sheet
from .human import Human
from .metadata import told
from .quotas import Quotas

SHEETS_ADDRESS = "https://sheets.googleapis.com"
DRIVE_ADDRESS = "https://www.googleapis.com"


class BookHandle(NamedTuple):
    """One spreadsheet of the server, for tests. `gids` are the ids of the tabs it was made with, by name."""

    front: Front
    id: str
    human: Human
    gids: dict[str, int]

    @property
    def inside(self) -> Book:
        """The spreadsheet as the server keeps it, all that is due done; to look at, not to change."""
        with self.front.lock:
            self.front.settle()
            return self.front.api.files.books[self.id]

    @property
    def version(self) -> int:
        """Drive's version number."""
        return self.inside.version

    def share(self, account: str, role: str) -> None:
        """Let an account ("*" = everybody else) be a "writer", "reader" or "none"."""
        self.inside.roles[account] = role

    def metadata(self) -> list[Json]:
        """All developer metadata, as told to the project that wrote it."""
        book = self.inside
        return [told(book, one) for one in book.metadata.values()]


class SheetsServer:
    """A running server. Everything is gone when it stops."""

    def __init__(self, *, port: int = 0, clock: Clock | None = None, check_replies: bool = True) -> None:
        self.clock = clock or Clock()
        self.front = Front(Api(self.clock, check_replies=check_replies), Quotas(self.clock))
        self._listener = listener(self.front, port)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.faults = self.front.faults
        self.quotas = self.front.quotas
        self.tokens = self.front.api.tokens

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *stopped: object) -> None:
        self.front.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()
        if self.front.failures and stopped[0] is None:
            raise self.front.failures[0]

    @property
    def url(self) -> str:
        """Where it listens: http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def requests(self) -> list[Served]:
        """Everything asked so far."""
        return self.front.requests

    @property
    def calls(self) -> list[str]:
        """The discovery names of the methods called so far ("spreadsheets.getByDataFilter", "files.get")."""
        return self.front.calls

    def forget_requests(self) -> None:
        """Count from here."""
        self.front.requests.clear()
        self.front.calls.clear()

    def between(self, callback: Callable[[str], None] | None) -> None:
        """Call this before every request is answered, with the name of its method; None to stop that."""
        self.front.between = callback

    def book(
        self,
        *,
        title: str = "Plan",
        sheets: Sequence[tuple[str, Sequence[Sequence[Typed]]]] = (("Sheet1", ()),),
        locale: str = "en_US",
        time_zone: str = "Europe/Lisbon",
        rows: int = 1000,
        columns: int = 26,
    ) -> BookHandle:
        """A new spreadsheet with these tabs; cells as a person types them. The first tab's id is 0."""
        with self.front.lock:
            book = self.front.api.files.create(title)
            book.locale, book.time_zone = locale, time_zone
            ids = [0, *(self.front.api.ids.number("sheet") for _ in sheets[1:])]
            book.sheets = [Sheet.blank(one, name, rows, columns) for one, (name, _) in zip(ids, sheets, strict=True)]
            human = Human(self.front, book.id)
            for name, cells in sheets:
                human.fill(name, 1, 1, cells)
            return BookHandle(self.front, book.id, human, {sheet.title: sheet.id for sheet in book.sheets})
