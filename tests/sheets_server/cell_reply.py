"""CellData and GridData: what `spreadsheets.get` tells of cells, as far as the field mask asks."""

from collections.abc import Callable
from typing import Any

from .book import Block
from .calculation import Result, SheetError
from .defaults import COLUMN_PIXELS, DEFAULT_FORMAT, ROW_PIXELS
from .errors import Json
from .grid import Cell, Formula, Line
from .masks import Mask, cut, wants
from .results import Results

Part = Callable[[Results, Block, int, int, Cell], Any]


def extended(value: Result) -> Json | None:
    """An ExtendedValue; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, SheetError):
        message = {"message": value.message} if value.message else {}
        return {"errorValue": {"type": value.type} | message}
    return {"numberValue": value}


def _entered(results: Results, block: Block, row: int, column: int, cell: Cell) -> Json | None:
    if isinstance(cell.value, Formula):
        return {"formulaValue": cell.value.text}
    return extended(cell.value)


def _effective(results: Results, block: Block, row: int, column: int, cell: Cell) -> Json | None:
    return extended(results.of(block.sheet, row, column, cell))


def _formatted(results: Results, block: Block, row: int, column: int, cell: Cell) -> str | None:
    return None if cell.value is None else results.shown(block.sheet, row, column, cell)


def _entered_format(results: Results, block: Block, row: int, column: int, cell: Cell) -> Json | None:
    return cell.format


def _effective_format(results: Results, block: Block, row: int, column: int, cell: Cell) -> Json | None:
    if cell.value is None and not cell.format:
        return None
    number_format = results.number_format(cell)
    told = DEFAULT_FORMAT if not cell.format else merged(DEFAULT_FORMAT, cell.format)
    return told | {"numberFormat": number_format} if number_format else told


def merged(base: Json, over: Json) -> Json:
    """A format laid over another."""
    told = dict(base)
    for name, value in over.items():
        inner = told.get(name)
        told[name] = merged(inner, value) if isinstance(inner, dict) and name in ("textFormat", "padding") else value
    return told


def _note(results: Results, block: Block, row: int, column: int, cell: Cell) -> str | None:
    return cell.note or None


def _validation(results: Results, block: Block, row: int, column: int, cell: Cell) -> Json | None:
    return cell.validation


def _chips(results: Results, block: Block, row: int, column: int, cell: Cell) -> list[Json] | None:
    return list(cell.chips) or None


def _runs(results: Results, block: Block, row: int, column: int, cell: Cell) -> list[Json] | None:
    return list(cell.runs) or None


_PARTS: dict[str, Part] = {
    "userEnteredValue": _entered,
    "effectiveValue": _effective,
    "formattedValue": _formatted,
    "userEnteredFormat": _entered_format,
    "effectiveFormat": _effective_format,
    "note": _note,
    "dataValidation": _validation,
    "chipRuns": _chips,
    "textFormatRuns": _runs,
}


def grid_data(results: Results, block: Block, mask: Mask | None, lines: Callable[[str, Line], list[Json]]) -> Json:
    """One GridData. `lines` gives the developer metadata of a row or column."""
    told: Json = {}
    if block.top and wants(mask, "startRow"):
        told["startRow"] = block.top
    if block.left and wants(mask, "startColumn"):
        told["startColumn"] = block.left
    if wants(mask, "rowData"):
        rows = _row_data(results, block, _inner(mask, "rowData"))
        if rows:
            told["rowData"] = rows
    for name, dimension, held, pixels in (
        ("rowMetadata", "ROWS", block.sheet.rows[block.top : block.bottom], ROW_PIXELS),
        ("columnMetadata", "COLUMNS", block.sheet.columns[block.left : block.right], COLUMN_PIXELS),
    ):
        if wants(mask, name):
            inner = _inner(mask, name) or {}
            told[name] = [cut(_line(line, pixels, lines(dimension, line)), inner) for line in held]
    return told


def _inner(mask: Mask | None, name: str) -> Mask | None:
    if mask is None or "*" in mask:
        return None
    return mask.get(name) or None


def _line(line: Line, pixels: int, metadata: list[Json]) -> Json:
    told: Json = {"pixelSize": line.pixels or pixels}
    if line.filtered:
        told["hiddenByFilter"] = True
    if line.hidden:
        told["hiddenByUser"] = True
    if metadata:
        told["developerMetadata"] = metadata
    return told


def _row_data(results: Results, block: Block, mask: Mask | None) -> list[Json]:
    inner = _inner(mask, "values")
    if mask is not None and "values" not in mask and "*" not in mask:
        inner = {"none": {}}
    parts = [
        (name, part, (inner or {}).get(name) or {})
        for name, part in _PARTS.items()
        if inner is None or wants(inner, name)
    ]
    keys = [column.key for column in block.sheet.columns[block.left : block.right]]
    rows: list[Json] = []
    filled = 0
    alike: dict[tuple[object, ...], Json] = {}
    for number, row in enumerate(block.sheet.rows[block.top : block.bottom], block.top):
        values: list[Json] = []
        last = 0
        if row.cells:
            for column, key in enumerate(keys, block.left):
                cell = row.cells.get(key)
                if cell is None:
                    values.append({})
                    continue
                kind = (
                    None if cell.value.__class__ is Formula else (cell.value.__class__, cell.value, *map(id, cell[1:]))
                )
                told = alike.get(kind) if kind else None
                if told is None:
                    told = _cell(results, block, number, column, cell, parts)
                    if kind:
                        alike[kind] = told
                values.append(told)
                last = len(values)
        del values[last:]
        rows.append({"values": values} if values else {})
        if values:
            filled = len(rows)
    return rows[:filled]


def _cell(
    results: Results, block: Block, row: int, column: int, cell: Cell, parts: list[tuple[str, Part, Mask]]
) -> Json:
    told: Json = {}
    for name, part, inner in parts:
        value = part(results, block, row, column, cell)
        if value is not None:
            told[name] = cut(value, inner) if inner else value
    return told
