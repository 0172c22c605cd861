"""One tab: rows, columns and cells, and how they move. A cell hangs on a row and on a column's lasting key.

Not here: what follows a move outside the grid (ranges, rules, formulas: `book`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from .errors import Json, invalid
from .spans import ROWS, Delete, Insert, Move, Shift

MAX_COLUMNS = 18_278
MAX_CELLS = 10_000_000


class Formula(NamedTuple):
    """A formula as typed, with its "="."""

    text: str


Value = str | int | float | bool | Formula | None


class Cell(NamedTuple):
    """What a cell holds. The JSON values are never changed in place, so cells can be shared."""

    value: Value = None
    format: Json | None = None
    note: str = ""
    validation: Json | None = None
    chips: tuple[Json, ...] = ()
    runs: tuple[Json, ...] = ()

    def holding(self, value: Value) -> "Cell":
        """The cell with another value; chips and text runs die with the old one."""
        return Cell(value, self.format, self.note, self.validation)


BLANK = Cell()
_line_keys = count(1)


@dataclass(slots=True)
class Line:
    """What rows and columns have in common. `key` lasts as long as the line does."""

    key: int = field(default_factory=lambda: next(_line_keys))
    hidden: bool = False
    filtered: bool = False
    pixels: int = 0
    """0 = the default size."""


@dataclass(slots=True)
class Row(Line):
    """A row; `cells` by column key, never blank ones."""

    cells: dict[int, Cell] = field(default_factory=dict)

    def twin(self) -> "Row":
        """A copy that changes on its own."""
        return Row(self.key, self.hidden, self.filtered, self.pixels, self.cells.copy())


@dataclass(slots=True)
class Column(Line):
    """A column."""

    def twin(self) -> "Column":
        """A copy that changes on its own."""
        return Column(self.key, self.hidden, self.filtered, self.pixels)


@dataclass(slots=True)
class Sheet:
    """A tab. The JSON values in `properties` and the lists are replaced, never changed in place."""

    id: int
    title: str
    rows: list[Row]
    columns: list[Column]
    properties: Json = field(default_factory=dict)
    grid_properties: Json = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    rules: list[Json] = field(default_factory=list)
    filter: Json | None = None
    row_groups: list[Json] = field(default_factory=list)
    column_groups: list[Json] = field(default_factory=list)
    bands: list[Json] = field(default_factory=list)
    filter_views: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)

    @classmethod
    def blank(cls, sheet_id: int, title: str, rows: int = 1000, columns: int = 26) -> "Sheet":
        """A new tab."""
        check_cells(rows * columns)
        return cls(sheet_id, title, [Row() for _ in range(rows)], [Column() for _ in range(columns)])

    def twin(self) -> "Sheet":
        """A copy that changes on its own; lines keep their keys."""
        return Sheet(
            self.id,
            self.title,
            [row.twin() for row in self.rows],
            [column.twin() for column in self.columns],
            dict(self.properties),
            dict(self.grid_properties),
            list(self.merges),
            list(self.rules),
            self.filter,
            list(self.row_groups),
            list(self.column_groups),
            list(self.bands),
            list(self.filter_views),
            list(self.tables),
        )

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place, blank where there is nothing."""
        return self.rows[row].cells.get(self.columns[column].key, BLANK)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set the cell at a place."""
        cells, key = self.rows[row].cells, self.columns[column].key
        if cell == BLANK:
            cells.pop(key, None)
        else:
            cells[key] = cell

    def lines(self, dimension: str) -> list[Row] | list[Column]:
        """The rows or the columns."""
        return self.rows if dimension == ROWS else self.columns

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """All cells that are not blank, row by row."""
        at = {column.key: index for index, column in enumerate(self.columns)}
        for number, row in enumerate(self.rows):
            for key, cell in row.cells.items():
                if key in at:
                    yield number, at[key], cell

    def shift(self, dimension: str, shift: Shift, *, like: int | None = None) -> None:
        """Insert, delete or move lines. `like` is the line whose formats inserted ones take over."""
        if dimension == ROWS:
            model = self.rows[like].cells if like is not None else {}
            look = {key: Cell(format=cell.format, validation=cell.validation) for key, cell in model.items()}
            cells = {key: cell for key, cell in look.items() if cell != BLANK}
            _shift_lines(self.rows, shift, [Row(cells=dict(cells)) for _ in _new(shift)])
            return
        before = [column.key for column in self.columns]
        added = [Column() for _ in _new(shift)]
        if like is not None:
            self._take_over_formats(before[like], [column.key for column in added])
        _shift_lines(self.columns, shift, added)
        gone = set(before) - {column.key for column in self.columns}
        if gone:
            for row in self.rows:
                for key in gone & row.cells.keys():
                    del row.cells[key]

    def _take_over_formats(self, model: int, keys: list[int]) -> None:
        for row in self.rows:
            held = row.cells.get(model)
            if held and (held.format or held.validation):
                row.cells.update(dict.fromkeys(keys, Cell(format=held.format, validation=held.validation)))

    def resize(self, rows: int, columns: int) -> None:
        """Grow or cut off at the end."""
        if rows < 1 or columns < 1:
            raise invalid("A sheet must have at least one row and one column.")
        if columns > MAX_COLUMNS:
            raise invalid(f"Cannot have more than {MAX_COLUMNS} columns.")
        check_cells(rows * columns)
        if rows > len(self.rows):
            self.rows.extend(Row() for _ in range(rows - len(self.rows)))
        del self.rows[rows:]
        if columns > len(self.columns):
            self.columns.extend(Column() for _ in range(columns - len(self.columns)))
        elif columns < len(self.columns):
            self.shift("COLUMNS", Delete(columns, len(self.columns)))


def check_cells(count: int) -> None:
    """Refuse more cells than a spreadsheet can have."""
    if count > MAX_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )


def _new(shift: Shift) -> range:
    return range(shift.count) if isinstance(shift, Insert) else range(0)


def _shift_lines(lines: list[Row] | list[Column], shift: Shift, added: list[Row] | list[Column]) -> None:
    match shift:
        case Insert(at):
            lines[at:at] = added
        case Delete(start, end):
            del lines[start:end]
        case Move(start, end, to):
            moved = lines[start:end]
            del lines[start:end]
            at = to - (end - start) if to >= end else to
            lines[at:at] = moved
