"""The methods of the Sheets API about spreadsheets, tabs and metadata, one function each."""

from collections.abc import Callable

from . import changes, metadata
from .book import Block, Book
from .call import Call
from .caller import SHEETS_WRITE
from .changes_sheets import copied_sheet, taken
from .errors import ApiError, Json
from .spreadsheet_reply import sheet_properties, spreadsheet
from .values_api import VALUES

CUTS_ITSELF = ("spreadsheets.get", "spreadsheets.getByDataFilter", "spreadsheets.create")
"""Methods whose replies already hold only what the field mask asks for."""


def sheets(name: str, call: Call) -> Json | None:
    """Do one call of spreadsheets.*."""
    return _METHODS[name.removeprefix("spreadsheets.")](call)


def _create(call: Call) -> Json:
    properties = call.body.get("properties", {})
    book = call.api.files.create(properties.get("title") or "Untitled spreadsheet")
    book.locale = properties.get("locale", book.locale)
    book.time_zone = properties.get("timeZone", book.time_zone)
    return _told(call, book, None, with_cells=False)


def _told(call: Call, book: Book, blocks: list[Block] | None, *, with_cells: bool) -> Json:
    return spreadsheet(
        call.results(book),
        blocks=blocks,
        mask=call.mask,
        with_cells=with_cells,
        project=call.caller.project,
        account=call.caller.account,
    )


def _get(call: Call) -> Json:
    book = call.book(writing=False)
    blocks = [book.range(text) for text in call.query["ranges"]] if call.query.get("ranges") else None
    return _told(call, book, blocks, with_cells=call.query.get("includeGridData", False))


def _get_by_filter(call: Call) -> Json:
    book = call.book(writing=False, read_scopes=SHEETS_WRITE)
    filters = call.body.get("dataFilters", [])
    blocks: list[Block] | None = None
    if filters:
        blocks = [block for one in filters for block in metadata.selected(book, one, call.caller.project)]
    return _told(call, book, blocks, with_cells=call.body.get("includeGridData", False))


def _batch_update(call: Call) -> Json:
    book = call.book(writing=True)
    draft = book.draft()
    replies = changes.apply(call.scene(draft), call.body.get("requests", []))
    draft.changed(call.api.clock.now())
    book.become(draft)
    reply: Json = {"spreadsheetId": book.id, "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        ranges = call.body.get("responseRanges")
        blocks = [book.range(text) for text in ranges] if ranges else None
        inner = call.mask.get("updatedSpreadsheet") if call.mask else None
        with_cells = call.body.get("responseIncludeGridData", False)
        reply["updatedSpreadsheet"] = spreadsheet(
            call.results(book),
            blocks=blocks,
            mask=inner or None,
            with_cells=with_cells,
            project=call.caller.project,
            account=call.caller.account,
        )
    return reply


def _metadata_get(call: Call) -> Json:
    book = call.book(writing=False, read_scopes=SHEETS_WRITE)
    number = call.path["metadataId"]
    for one in metadata.visible(book, call.caller.project):
        if str(one.id) == number:
            return metadata.told(book, one)
    raise ApiError(404, f"No developer metadata with ID: {number}")


def _metadata_search(call: Call) -> Json:
    book = call.book(writing=False, read_scopes=SHEETS_WRITE)
    found = metadata.matched(book, call.body.get("dataFilters", []), call.caller.project)
    told = [{"developerMetadata": metadata.told(book, one), "dataFilters": used} for one, used in found]
    return {"matchedDeveloperMetadata": told} if told else {}


def _copy_to(call: Call) -> Json:
    source = call.book(writing=False, read_scopes=SHEETS_WRITE)
    sheet = source.sheet(int(call.path["sheetId"]))
    target_id = call.body.get("destinationSpreadsheetId", "")
    target = call.api.files.for_sheets(target_id, call.caller.account, writing=True)
    title = f"Copy of {sheet.title}"
    if target.sheet_titled(title):
        raise taken(title)
    copy = copied_sheet(sheet, call.api.ids.number("sheet"), title)
    target.sheets.append(copy)
    call.changed(target)
    return sheet_properties(target, copy)


_METHODS: dict[str, Callable[[Call], Json | None]] = {
    "create": _create,
    "get": _get,
    "getByDataFilter": _get_by_filter,
    "batchUpdate": _batch_update,
    "developerMetadata.get": _metadata_get,
    "developerMetadata.search": _metadata_search,
    "sheets.copyTo": _copy_to,
} | VALUES
