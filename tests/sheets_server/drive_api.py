"""The methods of the Drive API that concern spreadsheets."""

import csv
import io
from collections.abc import Callable

from .book import Block, Book
from .call import Call
from .caller import DRIVE_READ, DRIVE_WRITE
from .errors import ApiError, Json
from .files import SPREADSHEET, told
from .grid import Sheet
from .masks import mask_of
from .permissions_api import PERMISSIONS
from .values import USER_ENTERED, Rendering, read, write

_SHORT = ("kind", "id", "name", "mimeType")
_SERVICE = "drive.googleapis.com"


def drive(name: str, call: Call) -> Json | str | None:
    """Do one call of files.*, comments.* or permissions.*."""
    if name not in _METHODS:
        raise ApiError(501, f"The test server does not know {name}.", status="UNIMPLEMENTED")
    return _METHODS[name](call)


def _book(call: Call, *, writing: bool = False) -> Book:
    call.caller.check(DRIVE_WRITE if writing else DRIVE_READ, _SERVICE)
    book = call.api.files.for_drive(call.path["fileId"], call.caller.account)
    if writing and book.role_of(call.caller.account) == "reader":
        raise ApiError(403, "The user does not have sufficient permissions for this file.", status="-")
    return book


def _file(call: Call, book: Book) -> Json:
    """The file with the fields asked for; a few by default."""
    facts = told(book)
    if call.mask is None:
        return {name: facts[name] for name in _SHORT}
    return facts


def _create(call: Call) -> Json:
    call.caller.check(DRIVE_WRITE, _SERVICE)
    if call.body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise ApiError(400, "Only spreadsheets are kept here.", status="-")
    parent = next(iter(call.body.get("parents", ())), "")
    return _file(call, call.api.files.create(call.body.get("name", "Untitled"), parent=parent))


def _copy(call: Call) -> Json:
    parent = next(iter(call.body.get("parents", ())), "")
    return _file(call, call.api.files.copy(_book(call), call.body.get("name", ""), parent=parent))


def _get(call: Call) -> Json:
    book = _book(call)
    can_edit = book.role_of(call.caller.account) != "reader"
    return _file(call, book) | ({"capabilities": {"canEdit": can_edit}} if call.mask is not None else {})


def _update(call: Call) -> Json:
    book = _book(call, writing=True)
    book.title = call.body.get("name", book.title)
    book.changed(call.api.clock.now())
    return _file(call, book)


def _delete(call: Call) -> None:
    book = _book(call, writing=True)
    del call.api.files.books[book.id]


def _list(call: Call) -> Json:
    call.caller.check(DRIVE_READ, _SERVICE)
    found = list(call.api.files.listed(call.query.get("q", ""), call.caller.account))
    inner = (call.mask or mask_of("files(kind,id,name,mimeType)")).get("files") or {}
    files = [{name: fact for name, fact in told(book).items() if not inner or name in inner} for book in found]
    return {"kind": "drive#fileList", "incompleteSearch": False, "files": files}


def _export(call: Call) -> str:
    book = _book(call)
    sign = {"text/csv": ",", "text/tab-separated-values": "\t"}.get(call.query.get("mimeType", ""))
    if sign is None:
        raise ApiError(400, "The requested conversion is not supported.", status="-")
    sheet = book.sheets[0]
    whole = Block(sheet, 0, 0, len(sheet.rows), len(sheet.columns))
    rows = read(call.results(book), whole, Rendering()).get("values", [])
    width = max((len(row) for row in rows), default=0)
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator="\r\n").writerows(row + [""] * (width - len(row)) for row in rows)
    return text.getvalue().removesuffix("\r\n")


def upload(call: Call, content: bytes) -> Json:
    """Replace a spreadsheet's content by a CSV file's, as typed. The reply is what version 2 of the API tells."""
    book = _book(call, writing=True)
    rows: list[list[str]] = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    width = max((len(row) for row in rows), default=0)
    sheet = Sheet.blank(book.sheets[0].id, book.sheets[0].title, max(1000, len(rows)), max(26, width))
    book.sheets = [sheet]
    write(book, Block(sheet, 0, 0, len(rows), width), rows, USER_ENTERED)
    book.changed(call.api.clock.now())
    return {"kind": "drive#file", "id": book.id, "title": book.title, "mimeType": book.mime_type}


def _comments(call: Call) -> Json:
    _book(call)
    return {"kind": "drive#commentList", "comments": []}


_METHODS: dict[str, Callable[[Call], Json | str | None]] = {
    "files.create": _create,
    "files.copy": _copy,
    "files.get": _get,
    "files.update": _update,
    "files.delete": _delete,
    "files.list": _list,
    "files.export": _export,
    "comments.list": _comments,
} | PERMISSIONS
