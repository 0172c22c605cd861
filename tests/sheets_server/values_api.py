"""The methods of the Sheets API about plain values, one function each."""

from collections.abc import Callable
from typing import NamedTuple

from . import changes, metadata, values
from .book import Block, Book
from .call import Call
from .caller import SHEETS_WRITE
from .errors import ApiError, Json, invalid
from .tables_found import append_place


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


VALUES: dict[str, Callable[[Call], Json | None]] = {
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
