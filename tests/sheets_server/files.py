"""All spreadsheets the server has, as Drive sees them: making, copying, listing, telling of files."""

import datetime as dt
import re
from collections.abc import Iterator

from .book import Book
from .changes_sheets import copied_sheet
from .clock import Clock
from .errors import ApiError, Json, no_file, no_permission, no_spreadsheet
from .grid import Sheet
from .scene import Ids

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
_FILE_ID = re.compile(r"1[\w-]{43}")
_NAME_WANTED = re.compile(r"""name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_PARENT_WANTED = re.compile(r"""["']([\w-]+)["'] in parents""")


class Files:
    """The spreadsheets by id, in the order they were made."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids
        self.books: dict[str, Book] = {}
        self.parents: dict[str, str] = {}
        self.given: set[str] = set()
        """Every id ever given, also of files that are gone."""
        self.strangers = False
        """Whether well-formed ids that were never given here are other people's spreadsheets (403, not 404)."""

    def create(self, title: str, *, parent: str = "") -> Book:
        """A new spreadsheet with one empty tab."""
        now = self.clock.now()
        book = Book(self.ids.file(), title, now, now, [Sheet.blank(0, "Sheet1")])
        self.books[book.id] = book
        self.given.add(book.id)
        self.parents[book.id] = parent
        return book

    def copy(self, source: Book, title: str, *, parent: str = "") -> Book:
        """A spreadsheet with the same content. Developer metadata and protections stay behind."""
        book = self.create(title or f"Copy of {source.title}", parent=parent)
        book.locale, book.time_zone = source.locale, source.time_zone
        book.sheets = [copied_sheet(sheet, sheet.id, sheet.title) for sheet in source.sheets]
        for sheet, origin in zip(book.sheets, source.sheets, strict=True):
            sheet.merges, sheet.rules, sheet.filter = list(origin.merges), list(origin.rules), origin.filter
        book.named_ranges = list(source.named_ranges)
        return book

    def for_sheets(self, file_id: str, account: str, *, writing: bool) -> Book:
        """The spreadsheet, if the account may read or write it; refused as the Sheets API does."""
        book = self.books.get(file_id)
        if book is None:
            is_elsewhere = self.strangers and _FILE_ID.fullmatch(file_id) and file_id not in self.given
            raise no_permission() if is_elsewhere else no_spreadsheet()
        if book.role_of(account) == "none" or (writing and book.role_of(account) == "reader"):
            raise no_permission()
        if book.mime_type != SPREADSHEET:
            message = "This operation is not supported for this document"
            raise ApiError(400, message, status="FAILED_PRECONDITION")
        return book

    def for_drive(self, file_id: str, account: str) -> Book:
        """The file, if the account can see it; refused as the Drive API does."""
        book = self.books.get(file_id)
        if book is None or book.role_of(account) == "none":
            raise no_file(file_id)
        return book

    def listed(self, query: str, account: str) -> Iterator[Book]:
        """The files a query finds, newest first."""
        name, parent = _NAME_WANTED.search(query), _PARENT_WANTED.search(query)
        for book in reversed(self.books.values()):
            wanted = name and re.sub(r"\\(.)", r"\1", name[1] if name[1] is not None else name[2])
            if (name and book.title != wanted) or (parent and self.parents.get(book.id) != parent[1]):
                continue
            if book.role_of(account) != "none":
                yield book


def told(book: Book) -> Json:
    """Everything Drive tells of a file."""
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.title,
        "mimeType": book.mime_type,
        "createdTime": _stamp(book.created),
        "modifiedTime": _stamp(book.modified),
        "version": str(book.version),
        "trashed": False,
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=drivesdk",
    }


def _stamp(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
