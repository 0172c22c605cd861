"""One worksheet while it is being changed: its frame, its tables, the cells to write, the names to set.

What is allowed to change is decided in column_steps and edit_guard; the facade puts the parts together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sheets_sync.core.cells import CellValue
from sheets_sync.core.snapshot import Area, Role, Tab
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.table_patch import TableShape, read_table


@dataclass
class SheetDraft:
    """`tables` holds the sheet's table parts by name; `columns` where each of our columns stands now, `fresh` those
    being added; `widths` and `old_widths` the columns to give a width to and to take it from. `is_named_in_formula`
    tells whether a formula of the workbook names a table's column."""

    tab: Tab
    frame: bytes
    tables: dict[str, bytes]
    columns: dict[Role, int]
    is_named_in_formula: Callable[[str], bool]
    fresh: dict[Role, int] = field(default_factory=dict)
    writes: dict[int, dict[int, CellWrite]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    dropped_names: set[str] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    old_widths: dict[int, float] = field(default_factory=dict)

    def copy(self) -> "SheetDraft":
        """A draft that can be changed without this one noticing."""
        return replace(
            self,
            tables=dict(self.tables),
            columns=dict(self.columns),
            fresh=dict(self.fresh),
            writes={row: dict(cells) for row, cells in self.writes.items()},
            names=dict(self.names),
            dropped_names=set(self.dropped_names),
            widths=dict(self.widths),
            old_widths=dict(self.old_widths),
        )

    def write(self, row: int, column: int, write: CellWrite) -> None:
        """Note a cell to be written, over what was noted before."""
        self.writes.setdefault(row, {})[column] = write

    def shapes(self) -> Mapping[str, TableShape]:
        """The tables as they stand now, by part. Raises Unreadable for one that contradicts itself."""
        shapes = {part: read_table(xml) for part, xml in self.tables.items()}
        if any(len(shape.columns) != shape.area.right - shape.area.left + 1 for shape in shapes.values()):
            raise damaged("a table's range and its columns differ in number")
        return shapes

    def use_of(self, shape: TableShape, column: int) -> str:
        """Why a table's column must keep its name, "" when no formula names it."""
        name = shape.columns[column - shape.area.left]
        if self.is_named_in_formula(name):
            return f"a formula uses the column {name} of the table {shape.name}; change that formula first"
        return ""

    def literal(self, row: int, column: int) -> CellValue | None:
        """What a cell held when it was read; None for a blank one."""
        found = next((known for known in self.tab.rows if known.number == row), None)
        cell = found.cells.get(column) if found else None
        return cell.literal if cell else None

    def written(self) -> tuple[Area, ...]:
        """The columns written into, from the first to the last row written into."""
        columns = sorted(set().union(*self.writes.values()))
        if not columns:
            return ()
        top, bottom = min(self.writes), max(self.writes)
        return tuple(Area(top, column, bottom, column) for column in columns)
