"""What a run wants to change, and what an adapter says became of it. Values that can be printed, stored and undone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.cells import CellValue
from sheets_sync.core.snapshot import DropDown, HighlightRule, Role, Stamp


class CellRef(NamedTuple):
    """A tool-owned cell: tab key, row number as read, and the column by its role (never by letter)."""

    tab: str
    row: int
    role: Role


class Edit(NamedTuple):
    """One change of one tool-owned cell.

    At write time the cell must still hold `before`, and the row's id cell must still hold `key`; when `key` is ""
    the id cell must be blank and the row's human cells must still hash to `witness` (HAZARDS 2).
    """

    key: str
    ref: CellRef
    before: CellValue
    after: CellValue
    witness: str = ""


class ColumnState(NamedTuple):
    """A tool-owned column: where it stands and its header text."""

    role: Role
    column: int
    header_row: int
    header: str
    last_row: int
    """The last row of the plan's data, so that a table or filter range can be grown with the column."""


class HighlightState(NamedTuple):
    """All our highlight rules of one tab, in priority order; empty = none."""

    rules: tuple[HighlightRule, ...]


class DropDownState(NamedTuple):
    """All our drop-downs of one tab; empty = none."""

    lists: tuple[DropDown, ...]


class LogCell(NamedTuple):
    """One cell of the Sync log, by its place in the block."""

    row: int
    column: int
    value: CellValue


class LogState(NamedTuple):
    """The Sync log: the name it is given, and cells of it. In a change only those that differ, before and after."""

    name: str
    cells: tuple[LogCell, ...]


State = ColumnState | HighlightState | DropDownState | LogState


class StructureKind(StrEnum):
    """What is not a cell."""

    COLUMN = "column"
    HIGHLIGHTS = "highlights"
    DROP_DOWNS = "drop_downs"
    LOG = "log"
    """The Sync log tab; its `Structure.tab` is "", for a workbook has at most one."""


class Structure(NamedTuple):
    """One change of what is not a cell. `before` None = add, `after` None = remove (taking the mark with it)."""

    kind: StructureKind
    tab: str
    before: State | None
    after: State | None


class KeyColumn(NamedTuple):
    """How an adapter finds a row's key in one tab: the column that holds ids (ours or the team's), None before the
    first write of a plan without ids; and the columns the witness is made of, as (column, header) pairs."""

    tab: str
    column: int | None
    witness_columns: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All one run wants to write into one workbook, in one go. `stamp` None leaves or removes no stamp."""

    edits: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    keys: tuple[KeyColumn, ...]
    stamp: Stamp | None = None
    remove_stamp: bool = False
    stamp_alone: bool = False
    """Write the stamp even when nothing else changes (taking over a workbook from another store)."""
    card: str = ""
    """The plan's card, written beside the stamp ("" leaves the one that is there) and removed with it."""

    def __bool__(self) -> bool:
        return bool(self.edits or self.structures or self.remove_stamp or self.stamp_alone)


class Refused(NamedTuple):
    """An edit or structure that was not made, and why, in words for a person."""

    what: Edit | Structure
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the changes. `fingerprint` is the workbook's after the write; `backup` names the copy kept."""

    applied: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    refused: tuple[Refused, ...]
    fingerprint: str
    parts_changed: int = 0
    parts_untouched: int = 0
    backup: str = ""
