"""A small plan for the contract, and the changes a run would decide on it: short ways to make them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sheets_sync.core.cells import BLANK, Cell, CellTrouble, CellValue, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    Edit,
    KeyColumn,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Role, Snapshot, Stamp, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.workbooks.plain_values import Value

PLAN, NOTES = "Actions", "Notes"
REF, ACTION, OWNER, DUE, DONE, COST = range(1, 7)
FIRST_FREE = 7
HEADER = ("Ref", "Action", "Owner", "Due", "Done", "Cost")
ROWS: tuple[tuple[Value, ...], ...] = (
    ("X-1", "Paint the north wall", "Ana Lima", dt.date(2026, 11, 13), False, 100),
    ("X-2", "Order gloves", "Rui Costa", dt.date(2026, 11, 20), True, 12.5),
    ("X-3", "Train the night shift", "Ana Lima", None, False, None),
    ("X-4", "Replace valve 7", "Eva", dt.datetime(2026, 12, 1, 15, 30), None, CellTrouble("#N/A")),
    ("X-5", "Ação: pôr <etiquetas> & \"avisos\" 'à vista'", "Zoë", dt.date(2027, 1, 8), False, -3),
)
LAST_ROW = 1 + len(ROWS)
SHEETS: Mapping[str, Sequence[Sequence[Value]]] = {
    PLAN: (HEADER, *ROWS),
    NOTES: (("Flag", "kept by hand"), ("=1+1", None)),
}
WITNESS_COLUMNS = ((ACTION, "action"), (DUE, "due"), (OWNER, "owner"))
STAMP = Stamp("plan uid", "store id", 7, "1.2.3")
HEADERS = {Role.ID: "ID", Role.FLAG: "Flag", Role.NEXT_FIX: "Next fix"}


def key_of(snapshot: Snapshot, name: str) -> str:
    """The key of the tab with this name."""
    return next(title.key for title in snapshot.titles if title.name == name)


def plan_of(snapshot: Snapshot) -> Tab:
    """The plan's tab."""
    return snapshot.tab(key_of(snapshot, PLAN))


def new_column(snapshot: Snapshot, role: Role, column: int) -> Structure:
    """The change that adds a column of ours."""
    state = ColumnState(role, column, 1, HEADERS[role], LAST_ROW)
    return Structure(StructureKind.COLUMN, key_of(snapshot, PLAN), None, state)


def reversed_structure(structure: Structure) -> Structure:
    """The change that takes another one back."""
    return structure._replace(before=structure.after, after=structure.before)


def reversed_edit(edit: Edit, key: str | None = None) -> Edit:
    """The edit that takes another one back; `key` is the row's key by then, where it is not the same."""
    return edit._replace(before=edit.after, after=edit.before, key=edit.key if key is None else key)


def keyed_edit(snapshot: Snapshot, row: int, role: Role, after: str, **other: object) -> Edit:
    """An edit guarded by the id the team wrote into the Ref column."""
    tab = plan_of(snapshot)
    cells = {known.number: known.cells for known in tab.rows}.get(row, {})
    before = literal(cells.get(tab.marks.get(role, 0)))
    edit = Edit(literal(cells.get(REF)).text, CellRef(tab.key, row, role), before, text_value(after))
    return edit._replace(**other)


def unkeyed_edit(snapshot: Snapshot, row: int, role: Role, after: str, **other: object) -> Edit:
    """An edit of a row without id, guarded by the hash of its human cells."""
    tab = plan_of(snapshot)
    known = next(known for known in tab.rows if known.number == row)
    before = literal(known.cells.get(tab.marks.get(role, 0)))
    witness = row_witness(known, WITNESS_COLUMNS)
    return Edit("", CellRef(tab.key, row, role), before, text_value(after), witness)._replace(**other)


def changes_of(
    snapshot: Snapshot, edits: Iterable[Edit] = (), structures: Iterable[Structure] = (), **other: object
) -> Changes:
    """Changes whose keys stand in the team's Ref column."""
    facts: dict[str, object] = {"keys": (KeyColumn(key_of(snapshot, PLAN), REF, WITNESS_COLUMNS),), "stamp": STAMP}
    return Changes(tuple(edits), tuple(structures), **(facts | other))


def without_ids(snapshot: Snapshot, column: int | None) -> dict[str, object]:
    """The key column of a plan whose ids are ours, in `column`; None before there are any."""
    return {"keys": (KeyColumn(key_of(snapshot, PLAN), column, WITNESS_COLUMNS),)}


def flagged(snapshot: Snapshot, text: str = "OVERDUE") -> Changes:
    """A first write: flag and next fix beside every row."""
    rows = range(2, LAST_ROW + 1)
    edits = [keyed_edit(snapshot, row, Role.FLAG, f"{text} {row}") for row in rows]
    edits += [keyed_edit(snapshot, row, Role.NEXT_FIX, f"Say when, {row}") for row in rows if row % 2]
    marks = plan_of(snapshot).marks
    columns = [(Role.FLAG, FIRST_FREE), (Role.NEXT_FIX, FIRST_FREE + 1)]
    added = [new_column(snapshot, role, column) for role, column in columns if role not in marks]
    return changes_of(snapshot, edits, added)


def literal(cell: Cell | None) -> CellValue:
    """What a cell holds."""
    return BLANK if cell is None else cell.literal


def human_cells(snapshot: Snapshot) -> dict[str, dict[tuple[int, int], Cell]]:
    """All cells by tab name and place, without those in columns of ours; styles resolved."""
    found: dict[str, dict[tuple[int, int], Cell]] = {}
    for tab in snapshot.tabs:
        ours = set(tab.marks.values())
        cells = {(row.number, column): cell for row in tab.rows for column, cell in row.cells.items()}
        found[tab.name] = {place: cell._replace(style=0) for place, cell in cells.items() if place[1] not in ours}
    return found


def own_texts(snapshot: Snapshot, role: Role) -> dict[int, str]:
    """The texts in a column of ours below its header, by row number."""
    tab = plan_of(snapshot)
    column = tab.marks[role]
    return {row.number: row.cells[column].literal.text for row in tab.rows[1:] if column in row.cells}


def flags_by_ref(snapshot: Snapshot) -> dict[str, str]:
    """The flags by the id in the same row, wherever the columns stand now."""
    tab = plan_of(snapshot)
    header = {cell.literal.text: column for column, cell in tab.rows[0].cells.items()}
    column = tab.marks.get(Role.FLAG, 0)
    return {
        literal(row.cells.get(header["Ref"])).text: row.cells[column].literal.text
        for row in tab.rows[1:]
        if column in row.cells
    }
