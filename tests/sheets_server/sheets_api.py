"""The methods of the Sheets API, one function each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from . import changes, metadata, values
from .book import Block, Book
from .caller import SHEETS_READ, SHEETS_WRITE, Caller
from .changes_sheets import copied_sheet, taken
from .errors import ApiError, Json, invalid
from .masks import Mask
from .results import Results
from .scene import Scene
from .spreadsheet_reply import sheet_properties, spreadsheet
from .tables_found import append_place

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


def _values_get(call: Call) -> Json:
    book = call.book(writing=False)
    return values.read(call.results(book), book.range(call.path["range"]), values.rendering(call.query))


def _values_batch_get(call: Call) -> Json:
    book = call.book(writing=False)
    results, how = call.results(book), values.rendering(call.query)
    found = [values.read(results, book.range(text), how) for text in call.query.get("ranges", ())]
    return {"spreadsheetId": book.id} | ({"valueRanges": found} if found else {})


def _values_by_filter(call: Call) -> Json:
    book = call.book(writing=False, read_scopes=SHEETS_WRITE)
    results, how = call.results(book), values.rendering(call.body)
    by_block: dict[str, tuple[Block, list[Json]]] = {}
    for one in call.body.get("dataFilters", []):
        for block in metadata.selected(book, one, call.caller.project):
            by_block.setdefault(block.a1, (block, []))[1].append(one)
    found = [{"valueRange": values.read(results, block, how), "dataFilters": used} for block, used in by_block.values()]
    return {"spreadsheetId": book.id} | ({"valueRanges": found} if found else {})


def _input_option(asked: Json) -> str:
    option = asked.get("valueInputOption", "")
    if option not in (values.RAW, values.USER_ENTERED):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def _values_update(call: Call) -> Json:
    book = call.book(writing=True)
    option, text = _input_option(call.query), call.path["range"]
    block = book.range(call.body.get("range") or text)
    written = _write(call, book, block, text, call.body, option)
    return written.told(book.id) | _updated(call, book, block, call.query, written)


def _updated(call: Call, book: Book, block: Block, asked: Json, written: values.Written) -> Json:
    if not asked.get("includeValuesInResponse"):
        return {}
    asked_block = written.block if block.one_cell else block
    how = values.rendering(asked, "response")
    return {"updatedData": values.read(call.results(book), asked_block, how)}


def _write(
    call: Call, book: Book, block: Block, text: str, given: Json, option: str, *, strict: bool = False
) -> values.Written:
    rows = values.by_rows(given.get("values", []), given.get("majorDimension", ""))
    covered = values.fitted(block, rows, values.asked_range(block, text), strict=strict)
    call.scene(book).guard(covered)
    written = values.write(book, covered, rows, option)
    call.changed(book)
    return written


def _totals(book: Book, written: list[values.Written]) -> Json:
    rows = {(one.block.sheet.id, row) for one in written for row in one.rows}
    columns = {(one.block.sheet.id, column) for one in written for column in one.columns}
    counts = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.cells for one in written),
        "totalUpdatedSheets": len({one.block.sheet.id for one in written if one.cells}),
    }
    return {"spreadsheetId": book.id} | {name: count for name, count in counts.items() if count}


class _Part(NamedTuple):
    block: Block
    text: str
    given: Json


def _write_all(call: Call, book: Book, parts: list[_Part], *, strict: bool) -> list[values.Written]:
    option = _input_option(call.body)
    draft = book.draft()
    sheets_by_id = {sheet.id: sheet for sheet in draft.sheets}
    written = []
    for number, part in enumerate(parts):
        block = part.block._replace(sheet=sheets_by_id[part.block.sheet.id])
        try:
            written.append(_write(call, draft, block, part.text, part.given, option, strict=strict))
        except ApiError as refusal:
            raise refusal.inside(f"data[{number}]") from None
    book.become(draft)
    return written


def _values_batch_update(call: Call) -> Json:
    book = call.book(writing=True)
    parts = [_Part(book.range(one.get("range", "")), one.get("range", ""), one) for one in call.body.get("data", [])]
    written = _write_all(call, book, parts, strict=False)
    told = [
        one.told(book.id) | _updated(call, book, _current(book, part.block), call.body, one)
        for one, part in zip(written, parts, strict=True)
    ]
    return _totals(book, written) | ({"responses": told} if told else {})


def _current(book: Book, block: Block) -> Block:
    return block._replace(sheet=book.sheet(block.sheet.id))


def _values_update_by_filter(call: Call) -> Json:
    book = call.book(writing=True)
    parts, filters = [], []
    for number, one in enumerate(call.body.get("data", [])):
        blocks = metadata.selected(book, one.get("dataFilter", {}), call.caller.project)
        if not blocks and call.api.refuse_unmatched:
            raise invalid(f"Invalid data[{number}]: The data filter does not match any range of the spreadsheet.")
        parts += [_Part(block, block.a1, one) for block in blocks]
        filters += [one.get("dataFilter", {}) for _ in blocks]
    written = _write_all(call, book, parts, strict=True)
    told = []
    for one, part, used in zip(written, parts, filters, strict=True):
        reply = one.told(book.id) | {"dataFilter": used}
        del reply["spreadsheetId"]
        if call.body.get("includeValuesInResponse"):
            how = values.rendering(call.body, "response")._replace(dimension=part.given.get("majorDimension") or "ROWS")
            reply["updatedData"] = values.read(call.results(book), _current(book, part.block), how)
        told.append(reply)
    return _totals(book, written) | ({"responses": told} if told else {})


def _values_append(call: Call) -> Json:
    book = call.book(writing=True)
    option, block = _input_option(call.query), book.range(call.path["range"])
    found = append_place(block)
    rows = values.by_rows(call.body.get("values", []), call.body.get("majorDimension", ""))
    height, width = max(len(rows), 1), max((len(row) for row in rows), default=1) or 1
    covered = Block(block.sheet, found.row, found.column, found.row + height, found.column + width)
    draft = book.draft()
    sheet = draft.sheet(block.sheet.id)
    covered = covered._replace(sheet=sheet)
    if found.table and call.query.get("insertDataOption") == "INSERT_ROWS" and found.row < len(sheet.rows):
        span = {"sheetId": sheet.id, "dimension": "ROWS", "startIndex": found.row, "endIndex": found.row + height}
        changes.apply(call.scene(draft), [{"insertDimension": {"range": span, "inheritFromBefore": True}}])
    sheet.resize(max(len(sheet.rows), covered.bottom), max(len(sheet.columns), covered.right))
    call.scene(draft).guard(covered)
    written = values.write(draft, covered, rows, option)
    call.changed(draft)
    book.become(draft)
    updates = written.told(book.id) | _updated(call, book, covered, call.query, written)
    table = {"tableRange": found.table.a1} if found.table else {}
    return {"spreadsheetId": book.id} | table | {"updates": updates}


def _values_clear(call: Call) -> Json:
    book = call.book(writing=True)
    return {"spreadsheetId": book.id, "clearedRange": _clear(call, book, [book.range(call.path["range"])])[0]}


def _clear(call: Call, book: Book, blocks: list[Block]) -> list[str]:
    for block in blocks:
        call.scene(book).guard(block)
    for block in blocks:
        values.clear(block)
    call.changed(book)
    return [block.a1 for block in blocks]


def _values_batch_clear(call: Call) -> Json:
    book = call.book(writing=True)
    cleared = _clear(call, book, [book.range(text) for text in call.body.get("ranges", [])])
    return {"spreadsheetId": book.id} | ({"clearedRanges": cleared} if cleared else {})


def _values_clear_by_filter(call: Call) -> Json:
    book = call.book(writing=True)
    filters = call.body.get("dataFilters", [])
    blocks = [block for one in filters for block in metadata.selected(book, one, call.caller.project)]
    cleared = _clear(call, book, blocks)
    return {"spreadsheetId": book.id} | ({"clearedRanges": cleared} if cleared else {})


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
    "values.get": _values_get,
    "values.batchGet": _values_batch_get,
    "values.batchGetByDataFilter": _values_by_filter,
    "values.update": _values_update,
    "values.batchUpdate": _values_batch_update,
    "values.batchUpdateByDataFilter": _values_update_by_filter,
    "values.append": _values_append,
    "values.clear": _values_clear,
    "values.batchClear": _values_batch_clear,
    "values.batchClearByDataFilter": _values_clear_by_filter,
}
