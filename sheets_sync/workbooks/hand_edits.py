"""What a person does to a tab: typing, inserting, deleting, moving, sorting, copying. From a tab to a new tab. Pure.

Marks, tables, drop-downs and highlights follow their cells, as they do in a spreadsheet program. Nothing is
calculated: a formula keeps its last result.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from sheets_sync.core.cells import Cell, CellTrouble, CellValue, Kind
from sheets_sync.core.snapshot import Area, Row, Tab
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, column_letters, column_number
from sheets_sync.workbooks.ooxml.refusals import Unreadable

Shift = Callable[[int], int | None]
"""Where a row or column stands afterwards, None when it is gone."""

_REFERENCE = re.compile(r'"(?:[^"]|"")*"|(?<![\w.!$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7}|#)(?![\w(])')


def with_cell(tab: Tab, row: int, column: int, cell: Cell | None) -> Tab:
    """One cell replaced, or cleared with None."""
    rows = {known.number: known for known in tab.rows}
    hidden = rows[row].hidden if row in rows else False
    cells = dict(rows[row].cells) if row in rows else {}
    cells.pop(column, None)
    if cell is not None:
        cells[column] = cell
    rows[row] = Row(row, cells, hidden)
    return replace(tab, rows=ordered(rows.values()))


def with_rows_inserted(tab: Tab, at: int, count: int = 1) -> Tab:
    """Blank rows put in, the first of them as row `at`."""
    return _rows_shifted(tab, partial(_after_insert, at, count))


def with_rows_deleted(tab: Tab, first: int, count: int = 1) -> Tab:
    """Rows taken out; those below move up."""
    return _rows_shifted(tab, partial(_after_delete, first, count))


def with_row_copied(tab: Tab, source: int, target: int) -> Tab:
    """One row pasted over another, our own cells included, as a person copies a whole row."""
    cells = next((row.cells for row in tab.rows if row.number == source), {})
    kept = [row for row in tab.rows if row.number != target]
    return replace(tab, rows=ordered([*kept, Row(target, dict(cells), hidden=False)]))


def with_rows_sorted(
    tab: Tab, by: int, *, first: int, last: int, columns: Collection[int] | None = None, descending: bool = False
) -> Tab:
    """Rows `first` to `last` sorted by a column, blanks last. With `columns` only those are sorted (HAZARDS 4)."""
    inside = {row.number: row for row in tab.rows if first <= row.number <= last}
    numbers = range(first, last + 1)
    filled = [number for number in numbers if number in inside and by in inside[number].cells]
    blank = [number for number in numbers if number not in filled]
    filled.sort(key=lambda number: _rank(inside[number].cells[by]), reverse=descending)
    rows = [row for row in tab.rows if row.number not in inside]
    for target, source in zip(numbers, filled + blank, strict=True):
        stays = {} if columns is None else _cells(inside.get(target), lambda column: column not in columns)
        comes = _cells(inside.get(source), lambda column: columns is None or column in columns)
        rows.append(Row(target, stays | comes, hidden=target in inside and inside[target].hidden))
    return replace(tab, rows=ordered(rows))


def with_columns_inserted(tab: Tab, at: int, count: int = 1) -> Tab:
    """Blank columns put in, the first of them as column `at`."""
    return _columns_shifted(tab, partial(_after_insert, at, count))


def with_columns_deleted(tab: Tab, first: int, count: int = 1) -> Tab:
    """Columns taken out; a mark whose column goes is lost."""
    return _columns_shifted(tab, partial(_after_delete, first, count))


def with_column_moved(tab: Tab, source: int, target: int) -> Tab:
    """A column cut and put in again so that it stands as column `target`; those between move over."""

    def shift(column: int) -> int:
        if column == source:
            return target
        without = column - 1 if column > source else column
        return without + 1 if without >= target else without

    return _columns_shifted(tab, shift)


def ordered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with at least one cell, ascending, each with its cells by column."""
    filled = [row._replace(cells=dict(sorted(row.cells.items()))) for row in rows if row.cells]
    return tuple(sorted(filled, key=lambda row: row.number))


def _after_insert(at: int, count: int, number: int) -> int:
    return number + count if number >= at else number


def _after_delete(first: int, count: int, number: int) -> int | None:
    if number < first:
        return number
    return number - count if number >= first + count else None


def _cells(row: Row | None, wanted: Callable[[int], bool]) -> dict[int, Cell]:
    return {column: cell for column, cell in row.cells.items() if wanted(column)} if row else {}


def _rank(cell: Cell) -> tuple[int, float, str]:
    """Numbers and dates before texts before truth values before errors, as spreadsheet programs sort."""
    literal, seen = cell.literal, cell.seen
    if isinstance(seen, CellTrouble):
        return (3, 0.0, seen.code)
    if isinstance(seen, bool):
        return (2, float(seen), "")
    if literal.kind is Kind.NUMBER:
        return (0, float(literal.text), "")
    return (0, seen, "") if isinstance(seen, float) else (1, 0.0, str(seen).casefold())


def _rows_shifted(tab: Tab, shift: Shift) -> Tab:
    rows = [row._replace(number=to) for row in tab.rows if (to := shift(row.number)) is not None]
    return _areas_shifted(replace(tab, rows=ordered(rows)), _same, shift)


def _columns_shifted(tab: Tab, shift: Shift) -> Tab:
    rows = [row._replace(cells=_keys_shifted(row.cells, shift)) for row in tab.rows]
    marks = {role: to for role, column in tab.marks.items() if (to := shift(column)) is not None}
    lost = tab.lost_marks | (tab.marks.keys() - marks.keys())
    return _areas_shifted(replace(tab, rows=ordered(rows), marks=marks, lost_marks=frozenset(lost)), shift, _same)


def _same(number: int) -> int:
    return number


def _keys_shifted(cells: Mapping[int, Cell], shift: Shift) -> dict[int, Cell]:
    return {to: cell for column, cell in cells.items() if (to := shift(column)) is not None}


def _areas_shifted(tab: Tab, columns: Shift, rows: Shift) -> Tab:
    """Everything that names cells, moved along: areas and the references in formulas."""

    def moved(areas: Iterable[Area]) -> tuple[Area, ...]:
        return tuple(area for known in areas if (area := _area_shifted(known, columns, rows)) is not None)

    follow = partial(_formula_shifted, columns=columns, rows=rows)
    tables = [(table, _area_shifted(table.area, columns, rows)) for table in tab.tables]
    highlights = [rule._replace(areas=moved(rule.areas), formula=follow(rule.formula)) for rule in tab.highlights]
    lists = [(drop_down, _area_shifted(drop_down.area, columns, rows)) for drop_down in tab.drop_downs]
    return replace(
        tab,
        rows=tuple(row._replace(cells=_formulas_shifted(row.cells, follow)) for row in tab.rows),
        merged=moved(tab.merged),
        computed=moved(tab.computed),
        tables=tuple(table._replace(area=area) for table, area in tables if area is not None),
        filter=None if tab.filter is None else _area_shifted(tab.filter, columns, rows),
        highlights=tuple(rule for rule in highlights if rule.areas),
        drop_downs=tuple(drop_down._replace(area=area) for drop_down, area in lists if area is not None),
    )


def _area_shifted(area: Area, columns: Shift, rows: Shift) -> Area | None:
    lines = _stretch_shifted(area.top, area.bottom, rows, MAX_ROW)
    across = _stretch_shifted(area.left, area.right, columns, MAX_COLUMN)
    return None if lines is None or across is None else Area(lines[0], across[0], lines[1], across[1])


def _stretch_shifted(first: int, last: int, shift: Shift, most: int) -> tuple[int, int] | None:
    """Where a stretch of rows or columns lies afterwards; one that reaches the grid's end still does."""
    start, stop = first, last
    while start <= stop and shift(start) is None:
        start += 1
    while stop > start and shift(stop) is None:
        stop -= 1
    ends = (shift(start), shift(stop)) if start <= stop else (None, None)
    if ends[0] is None or ends[1] is None:
        return None
    return (min(ends[0], ends[1]), most if last == most else max(ends[0], ends[1]))


def _formulas_shifted(cells: Mapping[int, Cell], follow: Callable[[str], str]) -> Mapping[int, Cell]:
    if not any(cell.literal.kind is Kind.FORMULA for cell in cells.values()):
        return cells
    return {
        column: cell._replace(literal=CellValue(Kind.FORMULA, follow(cell.literal.text)))
        if cell.literal.kind is Kind.FORMULA
        else cell
        for column, cell in cells.items()
    }


def _formula_shifted(formula: str, *, columns: Shift, rows: Shift) -> str:
    """The formula with its references to cells of the own tab moved along; to a deleted one, "#REF!"."""

    def moved(reference: re.Match[str]) -> str:
        if reference[2] is None:
            return reference[0]
        try:
            column = columns(column_number(reference[2]))
        except Unreadable:
            return reference[0]
        row = reference[4] if reference[4] == "#" else rows(int(reference[4]))
        if column is None or row is None:
            return "#REF!"
        return f"{reference[1]}{column_letters(column)}{reference[3]}{row}"

    return _REFERENCE.sub(moved, formula)
