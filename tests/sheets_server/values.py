"""Reading and writing plain values: what `spreadsheets.values` does with one block of cells."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .a1 import letters, quoted
from .book import Block, Book, beyond_grid
from .calculation import SheetError
from .errors import Json, invalid
from .grid import BLANK, Cell, Formula, Sheet
from .locales import Locale, locale_of
from .results import Results
from .typed import typed

RAW, USER_ENTERED = "RAW", "USER_ENTERED"


class Rendering(NamedTuple):
    """How values are asked for."""

    values: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"


def rendering(asked: Json, prefix: str = "") -> Rendering:
    """The rendering from query parameters or a body; `prefix` is "response" for replies to writes."""

    def of(name: str) -> str:
        full = prefix + name[0].upper() + name[1:] if prefix else name
        return asked.get(full, "")

    dimension = asked.get("majorDimension") or "ROWS"
    return Rendering(
        of("valueRenderOption") or "FORMATTED_VALUE", of("dateTimeRenderOption") or "SERIAL_NUMBER", dimension
    )


def read(results: Results, block: Block, how: Rendering) -> Json:
    """A ValueRange: trailing blanks and blank rows left out."""
    rows = [
        [
            _rendered(results, block.sheet, row, column, cell, how) if cell else ""
            for column, cell in enumerate(cells, block.left)
        ]
        for row, cells in enumerate(_cells(block), block.top)
    ]
    if how.dimension == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [list(column) for column in zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)]
    values = trimmed(rows)
    return {"range": block.a1, "majorDimension": how.dimension} | ({"values": values} if values else {})


def _cells(block: Block) -> list[list[Cell | None]]:
    keys = [column.key for column in block.sheet.columns[block.left : block.right]]
    covered = _covered(block)
    found: list[list[Cell | None]] = []
    for number, row in enumerate(block.sheet.rows[block.top : block.bottom], block.top):
        if not row.cells:
            found.append([])
            continue
        cells = [row.cells.get(key) for key in keys]
        for column in covered.get(number, ()):
            cells[column - block.left] = None
        while cells and (cells[-1] is None or cells[-1].value is None):
            cells.pop()
        found.append(cells)
    return found


def _covered(block: Block) -> dict[int, list[int]]:
    """By row, the columns that lie under a merged cell and are not its corner."""
    covered: dict[int, list[int]] = {}
    for area in block.sheet.merges:
        top, left = area["startRowIndex"], area["startColumnIndex"]
        for row in range(max(top, block.top), min(area["endRowIndex"], block.bottom)):
            for column in range(max(left, block.left), min(area["endColumnIndex"], block.right)):
                if (row, column) != (top, left):
                    covered.setdefault(row, []).append(column)
    return covered


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows without blanks at their ends, without blank rows at the end."""
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _rendered(results: Results, sheet: Sheet, row: int, column: int, cell: Cell, how: Rendering) -> Any:
    if cell.value is None:
        return ""
    if how.values == "FORMATTED_VALUE":
        return results.shown(sheet, row, column, cell)
    if how.values == "FORMULA" and isinstance(cell.value, Formula):
        return cell.value.text
    value = results.of(sheet, row, column, cell)
    if isinstance(value, SheetError):
        return value.code
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if how.dates == "FORMATTED_STRING" and is_number and results.is_date(cell):
        return results.shown(sheet, row, column, cell)
    return "" if value is None else value


class Written(NamedTuple):
    """What a write of values touched: the block, and which rows and columns really changed hands."""

    block: Block
    rows: frozenset[int]
    columns: frozenset[int]
    cells: int

    def told(self, spreadsheet_id: str) -> Json:
        """An UpdateValuesResponse."""
        counts = {"updatedRows": len(self.rows), "updatedColumns": len(self.columns), "updatedCells": self.cells}
        return {"spreadsheetId": spreadsheet_id, "updatedRange": self.block.a1} | {
            name: count for name, count in counts.items() if count
        }


def by_rows(given: Sequence[Sequence[Any]], dimension: str) -> list[list[Any]]:
    """Values as rows, whatever their major dimension; gaps are None (leave alone)."""
    if dimension != "COLUMNS":
        return [list(row) for row in given]
    height = max((len(column) for column in given), default=0)
    return [[column[row] if row < len(column) else None for column in given] for row in range(height)]


def fitted(block: Block, rows: list[list[Any]], text: str, *, strict: bool = False) -> Block:
    """The block a write really covers. 400 when the values do not fit; a single cell may grow."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    may_grow = block.one_cell and not strict
    bottom, right = block.top + max(height, 1), block.left + max(width, 1)
    if not may_grow and (bottom > block.bottom or right > block.right):
        place = f"row [{block.bottom + 1}]" if bottom > block.bottom else f"column [{letters(block.right)}]"
        raise invalid(f"Requested writing within range [{text}], but tried writing to {place}")
    covered = Block(block.sheet, block.top, block.left, bottom, right)
    if bottom > len(block.sheet.rows) or right > len(block.sheet.columns):
        raise beyond_grid(covered)
    return covered


def asked_range(block: Block, text: str) -> str:
    """The range as a refusal repeats it."""
    rest = text.rpartition("!")[2] if "!" in text else ""
    return f"{quoted(block.sheet.title)}!{rest}" if rest else block.a1


def write(book: Book, covered: Block, rows: list[list[Any]], how: str) -> Written:
    """Put values into a block that fits them: None leaves a cell alone, "" empties it."""
    locale = locale_of(book.locale)
    touched_rows, touched_columns, count = set(), set(), 0
    for number, row in enumerate(rows, covered.top):
        for column, value in enumerate(row, covered.left):
            if value is None:
                continue
            before = covered.sheet.cell(number, column)
            covered.sheet.put(number, column, entered(before, value, how, locale))
            touched_rows.add(number)
            touched_columns.add(column)
            count += 1
    return Written(covered, frozenset(touched_rows), frozenset(touched_columns), count)


def entered(before: Cell, value: Any, how: str, locale: Locale) -> Cell:
    """The cell after a value was written into it."""
    if isinstance(value, list | dict):
        raise invalid(f"Invalid values[0][0]: {_kind(value)}")
    if value == "" and isinstance(value, str):
        return before.holding(None)
    if not isinstance(value, str):
        number = value if isinstance(value, bool) or not float(value).is_integer() else int(value)
        return before.holding(number)
    if how != USER_ENTERED or (before.format or {}).get("numberFormat", {}).get("type") == "TEXT":
        return before.holding(value)
    understood = typed(value, locale)
    cell = before.holding(understood.value)
    if understood.format and not (before.format or {}).get("numberFormat"):
        return cell._replace(format=with_number_format(before.format, understood.format))
    return cell


def with_number_format(before: Json | None, number_format: Json) -> Json:
    """A cell format with a number format. Cells without any other share one."""
    if before:
        return before | {"numberFormat": number_format}
    return _number_format_alone(number_format["type"], number_format["pattern"])


@lru_cache(1_000)
def _number_format_alone(kind: str, pattern: str) -> Json:
    return {"numberFormat": {"type": kind, "pattern": pattern}}


def _kind(value: Any) -> str:
    return f"list_value {value}" if isinstance(value, list) else f"struct_value {value}"


def clear(block: Block) -> None:
    """Empty the cells of a block; formats, notes and validation stay."""
    keys = [column.key for column in block.sheet.columns[block.left : block.right]]
    for row in block.sheet.rows[block.top : block.bottom]:
        for key in keys if row.cells else ():
            cell = row.cells.get(key)
            if cell and cell.value is not None:
                kept = cell.holding(None)
                if kept == BLANK:
                    del row.cells[key]
                else:
                    row.cells[key] = kept
