"""What of a snapshot a write still needs."""

import pytest

from sheets_sync.core.cells import BLANK, Cell, text_value
from sheets_sync.core.decision import CellRef, Changes, ColumnState, Edit, Structure, StructureKind
from sheets_sync.core.snapshot import Role, Row, Snapshot, Tab
from sheets_sync.core.touched import touched


def row(number: int) -> Row:
    """A row with one text."""
    return Row(number, {1: Cell(text_value(f"row {number}"), f"row {number}", 0)}, hidden=False)


def snapshot_of(*keys: str) -> Snapshot:
    """Tabs of four rows each."""
    return Snapshot((), tuple(Tab(key, key, tuple(map(row, range(1, 5)))) for key in keys), (), "print")


EDIT = Edit("A-0001", CellRef("1", 3, Role.FLAG), BLANK, text_value("OVERDUE"))
COLUMN = Structure(StructureKind.COLUMN, "2", None, ColumnState(Role.FLAG, 5, 1, "Flag", 4))


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        (Changes((), (), ()), {"1": [], "2": []}),
        (Changes((EDIT,), (), ()), {"1": [3], "2": []}),
        (Changes((EDIT,), (COLUMN,), ()), {"1": [3], "2": [1, 2, 3, 4]}),
    ],
)
def test_rows_left(changes: Changes, left: dict[str, list[int]]) -> None:
    """Rows that an edit names stay, and all rows of a tab whose structure changes."""
    seen = touched(snapshot_of("1", "2"), changes)
    assert {tab.key: [row.number for row in tab.rows] for tab in seen.tabs} == left
    assert (seen.fingerprint, [tab.name for tab in seen.tabs]) == ("print", ["1", "2"])
