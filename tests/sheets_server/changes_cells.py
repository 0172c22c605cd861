"""batchUpdate requests that change cells: updateCells, repeatCell, validation, copies, sorting, finding."""

import re
from collections.abc import Iterator
from typing import Any

from .a1 import letters
from .book import Block
from .calculation import SheetError
from .colours import with_twins
from .errors import Json, invalid
from .grid import BLANK, Cell, Formula, Value
from .masks import leaves, mask_of, taken_over
from .moves import moved_copy
from .results import Results
from .scene import Scene
from .typed import typed
from .values import trimmed

_FIELDS = (
    "userEnteredValue",
    "userEnteredFormat",
    "note",
    "dataValidation",
    "chipRuns",
    "textFormatRuns",
)
_READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


def _paths(fields: str) -> list[tuple[str, ...]]:
    paths = list(leaves(mask_of(fields)))
    for path in paths:
        if path[0] in _READ_ONLY:
            raise invalid(f"Field {path[0]} is read-only.")
    return [(name,) for name in _FIELDS] if paths == [("*",)] else paths


def with_fields(cell: Cell, given: Json, paths: list[tuple[str, ...]]) -> Cell:
    """The cell after the listed fields were written; a listed field that is not given is cleared."""
    for path in paths:
        match path[0]:
            case "userEnteredValue":
                cell = cell.holding(_value_of(given.get("userEnteredValue", {})))
            case "userEnteredFormat":
                after = _format_after(cell.format or {}, given, path)
                cell = cell._replace(format=with_twins(after) if after else None)
            case "note":
                cell = cell._replace(note=given.get("note", ""))
            case "dataValidation":
                cell = cell._replace(validation=given.get("dataValidation"))
            case "chipRuns":
                cell = cell._replace(chips=tuple(given.get("chipRuns", ())))
            case "textFormatRuns":
                cell = cell._replace(runs=tuple(given.get("textFormatRuns", ())))
            case other:
                raise invalid(f"Invalid field: {other}")
    return cell


def _format_after(before: Json, given: Json, path: tuple[str, ...]) -> Json | None:
    """A colour and its colour style are one field under two names."""
    after = taken_over({"userEnteredFormat": before}, given, path)
    twin = path[-1].removesuffix("Style") if path[-1].endswith("Style") else path[-1] + "Style"
    if path[-1].lower().removesuffix("style").endswith("color"):
        after = taken_over(after, given, (*path[:-1], twin))
    return after.get("userEnteredFormat")


def _value_of(given: Json) -> Value:
    if len(given) > 1:
        raise invalid("More than one value was given for one cell.")
    for kind, value in given.items():
        if kind == "formulaValue":
            return Formula(value) if value.startswith("=") else value
        if kind == "errorValue":
            raise invalid("Cell values of type errorValue are read-only.")
        return None if value == "" and isinstance(value, str) else value
    return None


def update_cells(scene: Scene, asked: Json) -> None:
    """Write exact cells; inside a range, what no row covers is cleared."""
    paths = _paths(asked.get("fields", ""))
    rows = [row.get("values", []) for row in asked.get("rows", [])]
    if "range" in asked:
        block = scene.book.strict_block_of(asked["range"])
        if len(rows) > block.bottom - block.top or any(len(row) > block.right - block.left for row in rows):
            raise invalid("The rows do not fit into the range.")
        scene.guard(block)
        for number, column in _places(block):
            row = rows[number - block.top] if number - block.top < len(rows) else []
            given = row[column - block.left] if column - block.left < len(row) else {}
            block.sheet.put(number, column, with_fields(block.sheet.cell(number, column), given, paths))
        return
    start = asked.get("start", {})
    sheet = scene.book.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(row) for row in rows), default=0)
    if top + len(rows) > len(sheet.rows) or left + width > len(sheet.columns):
        raise invalid(_beyond(sheet.title, top + len(rows), left + width, len(sheet.rows), len(sheet.columns)))
    scene.guard(Block(sheet, top, left, top + len(rows), left + width))
    for number, row in enumerate(rows, top):
        for column, given in enumerate(row, left):
            sheet.put(number, column, with_fields(sheet.cell(number, column), given, paths))


def _beyond(title: str, bottom: int, right: int, rows: int, columns: int) -> str:
    if bottom > rows:
        return f"Attempting to write row: {rows}, beyond the last requested row of: {rows - 1}"
    return f"Attempting to write column: {columns}, beyond the last requested column of: {columns - 1}"


def _places(block: Block) -> Iterator[tuple[int, int]]:
    for row in range(block.top, block.bottom):
        for column in range(block.left, block.right):
            yield row, column


def repeat_cell(scene: Scene, asked: Json) -> None:
    """Write one cell everywhere in a range; formulas follow."""
    paths = _paths(asked.get("fields", ""))
    block = scene.book.strict_block_of(asked.get("range", {}))
    scene.guard(block)
    given = asked.get("cell", {})
    for row, column in _places(block):
        cell = with_fields(block.sheet.cell(row, column), given, paths)
        if ("userEnteredValue",) in paths:
            cell = moved_copy(cell, row - block.top, column - block.left)
        block.sheet.put(row, column, cell)


def append_cells(scene: Scene, asked: Json) -> None:
    """Write rows after the last row with data; the grid grows."""
    paths = _paths(asked.get("fields", ""))
    sheet = scene.book.sheet(asked.get("sheetId", 0))
    top = max((row for row, _, cell in sheet.filled() if cell.value is not None), default=-1) + 1
    rows = [row.get("values", []) for row in asked.get("rows", [])]
    sheet.resize(max(len(sheet.rows), top + len(rows)), max([len(sheet.columns), *(len(row) for row in rows)]))
    for number, row in enumerate(rows, top):
        for column, given in enumerate(row):
            sheet.put(number, column, with_fields(sheet.cell(number, column), given, paths))


def set_data_validation(scene: Scene, asked: Json) -> None:
    """Set or remove validation."""
    block = scene.book.strict_block_of(asked.get("range", {}))
    scene.guard(block)
    for row, column in _places(block):
        block.sheet.put(row, column, block.sheet.cell(row, column)._replace(validation=asked.get("rule")))


def copy_paste(scene: Scene, asked: Json) -> None:
    """Copy cells; a larger destination is filled with repetitions."""
    source = scene.book.strict_block_of(asked.get("source", {}))
    target = scene.book.strict_block_of(asked.get("destination", {}))
    height, width = source.bottom - source.top, source.right - source.left
    cells = {(row, column): source.sheet.cell(row, column) for row, column in _places(source)}
    bottom = max(target.top + height, target.top + (target.bottom - target.top) // height * height)
    right = max(target.left + width, target.left + (target.right - target.left) // width * width)
    covered = Block(target.sheet, target.top, target.left, bottom, right)
    scene.guard(covered)
    target.sheet.resize(max(len(target.sheet.rows), bottom), max(len(target.sheet.columns), right))
    kind = asked.get("pasteType", "PASTE_NORMAL")
    for row, column in _places(covered):
        origin = source.top + (row - covered.top) % height, source.left + (column - covered.left) % width
        copy = moved_copy(cells[origin], row - origin[0], column - origin[1])
        target.sheet.put(row, column, _pasted(scene, source, origin, copy, target.sheet.cell(row, column), kind))


def _pasted(scene: Scene, source: Block, origin: tuple[int, int], copy: Cell, before: Cell, kind: str) -> Cell:
    match kind:
        case "PASTE_VALUES":
            value = Results(scene.book, scene.now).of(source.sheet, *origin, copy)
            return before.holding(value.code if isinstance(value, SheetError) else value)
        case "PASTE_FORMAT":
            return before._replace(format=copy.format)
        case "PASTE_FORMULA":
            return before.holding(copy.value)
        case "PASTE_DATA_VALIDATION":
            return before._replace(validation=copy.validation)
    return copy


def cut_paste(scene: Scene, asked: Json) -> None:
    """Move cells; formulas stay as they are."""
    source = scene.book.strict_block_of(asked.get("source", {}))
    place = asked.get("destination", {})
    sheet = scene.book.sheet(place.get("sheetId", 0))
    cells = {(row, column): source.sheet.cell(row, column) for row, column in _places(source)}
    for row, column in cells:
        source.sheet.put(row, column, BLANK)
    down, right = place.get("rowIndex", 0) - source.top, place.get("columnIndex", 0) - source.left
    sheet.resize(max(len(sheet.rows), source.bottom + down), max(len(sheet.columns), source.right + right))
    for (row, column), cell in cells.items():
        sheet.put(row + down, column + right, cell)


def sort_range(scene: Scene, asked: Json) -> None:
    """Sort the rows of a range by the contents of its columns. Rows stay where they are, cells move."""
    block = scene.book.strict_block_of(asked.get("range", {}))
    scene.guard(block)
    sort_block(Results(scene.book, scene.now), block, asked.get("sortSpecs", []))


def sort_block(results: Results, block: Block, specs: list[Json]) -> None:
    """The same for any block."""
    for spec in specs:
        if not block.left <= spec.get("dimensionIndex", 0) < block.right:
            column = letters(spec.get("dimensionIndex", 0))
            raise invalid(f"Sort column {column} is outside of the range.")
    sheet = block.sheet
    rows = [
        [sheet.cell(row, column) for column in range(block.left, block.right)] for row in range(block.top, block.bottom)
    ]
    order = list(range(len(rows)))
    worth = [
        [results.of(sheet, block.top + at, block.left + beside, cell) for beside, cell in enumerate(row)]
        for at, row in enumerate(rows)
    ]
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0) - block.left
        descending = spec.get("sortOrder") == "DESCENDING"
        order.sort(key=lambda at: _rank(worth[at][column]), reverse=descending)
        order.sort(key=lambda at: worth[at][column] is None)
    for at, origin in enumerate(order):
        for beside, cell in enumerate(rows[origin]):
            sheet.put(block.top + at, block.left + beside, moved_copy(cell, at - origin, 0))


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, int | float):
        return 0, value
    if isinstance(value, str):
        return 1, value.casefold()
    return (3, value.code) if isinstance(value, SheetError) else (4, 0)


def find_replace(scene: Scene, asked: Json) -> Json:
    """Replace text in cells."""
    if asked.get("allSheets"):
        blocks = [scene.book.block_of({"sheetId": sheet.id}) for sheet in scene.book.sheets]
    elif "range" in asked:
        blocks = [scene.book.strict_block_of(asked["range"])]
    else:
        blocks = [scene.book.block_of({"sheetId": asked.get("sheetId", 0)})]
    find = asked.get("find", "")
    pattern = re.compile(
        find if asked.get("searchByRegex") else re.escape(find), 0 if asked.get("matchCase") else re.IGNORECASE
    )
    replacement = re.sub(r"\$(\d)", r"\\\1", asked.get("replacement", ""))
    if not asked.get("searchByRegex"):
        replacement = replacement.replace("\\", r"\\")
    rows, sheets, cells, occurrences = set(), set(), 0, 0
    for block in blocks:
        for row, column in _places(block):
            cell = block.sheet.cell(row, column)
            if not isinstance(cell.value, str) or (asked.get("matchEntireCell") and not pattern.fullmatch(cell.value)):
                continue
            text, count = pattern.subn(replacement, cell.value)
            if count:
                block.sheet.put(row, column, cell.holding(text or None))
                rows.add((block.sheet.id, row))
                sheets.add(block.sheet.id)
                cells, occurrences = cells + 1, occurrences + count
    counts = {
        "valuesChanged": cells,
        "rowsChanged": len(rows),
        "sheetsChanged": len(sheets),
        "occurrencesChanged": occurrences,
    }
    return {name: count for name, count in counts.items() if count}


def text_to_columns(scene: Scene, asked: Json) -> None:
    """Split texts of one column into several."""
    block = scene.book.strict_block_of(asked.get("source", {}))
    signs = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " ", "CUSTOM": asked.get("delimiter", ",")}
    kind = asked.get("delimiterType", "AUTODETECT")
    texts = [block.sheet.cell(row, block.left).value for row in range(block.top, block.bottom)]
    sign = signs.get(kind) or next((one for one in ",;." if any(one in str(text) for text in texts)), " ")
    parts = trimmed([str(text).split(sign) if isinstance(text, str) else [text or ""] for text in texts])
    width = max((len(row) for row in parts), default=0)
    block.sheet.resize(len(block.sheet.rows), max(len(block.sheet.columns), block.left + width))
    locale = Results(scene.book, scene.now).locale
    for row, values in enumerate(parts, block.top):
        for column, text in enumerate(values, block.left):
            value = typed(text.strip(), locale).value if isinstance(text, str) and text.strip() else text or None
            block.sheet.put(row, column, block.sheet.cell(row, column).holding(value))
