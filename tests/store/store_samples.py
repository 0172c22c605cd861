"""Values to put into a store. Not tests."""

import datetime as dt
from pathlib import Path

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    Edit,
    KeyColumn,
    Receipt,
    Structure,
    StructureKind,
)
from sheets_sync.core.history import Known, Remembered
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Role, Stamp
from sheets_sync.store.store import RunStart, Store

PLAN = "5f0c"
MONDAY = dt.date(2026, 11, 16)
NOON = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)


def day(number: int) -> dt.date:
    """The day so many days after the first Monday."""
    return MONDAY + dt.timedelta(days=number)


def instant(number: float) -> dt.datetime:
    """Noon so many days after the first Monday."""
    return NOON + dt.timedelta(days=number)


def known(key: str, **fields: object) -> Known:
    """An action as last seen."""
    usual = Known(
        key, f"witness {ascii(key)[1:-1]}", NOON, f"Mend {key}", "Ana Lima", day(20), Status.PLANNED, last_change=MONDAY
    )
    return usual._replace(**fields)


def edit(key: str, row: int = 5, *, role: Role = Role.FLAG, before: str = "", after: str = "OVERDUE") -> Edit:
    """An edit of a row that has its id."""
    return Edit(key, CellRef("tab 1", row, role), text_value(before), text_value(after))


def minted(witness: str, key: str, row: int) -> Edit:
    """An edit that gives a row its id."""
    return Edit("", CellRef("tab 1", row, Role.ID), BLANK, text_value(key), witness)


COLUMN = Structure(StructureKind.COLUMN, "tab 1", None, ColumnState(Role.FLAG, 7, 3, "Flag", 90))
KEYS = (KeyColumn("tab 1", 1, ((2, "action"), (3, "owner"))),)


def changes(*edits: Edit, stamp: Stamp | None = None, structures: tuple[Structure, ...] = ()) -> Changes:
    """Changes of one tab."""
    return Changes(tuple(edits), structures, KEYS, stamp)


def remembered(*actions: Known, **sets: frozenset[object]) -> Remembered:
    """What a run adds, with empty sets unless given."""
    empty = Remembered(tuple(actions), frozenset(), frozenset(), frozenset(), frozenset(), MONDAY)
    return empty._replace(**sets)


def start(number: float = 0, *, plan: str = PLAN, kind: str = "sync") -> RunStart:
    """The start of a run so many days after the first Monday."""
    return RunStart(plan, day(int(number)), instant(number), f"seen {number}", "config", "1.0", kind)


def receipt(of: Changes, number: float = 0) -> Receipt:
    """Everything was applied."""
    return Receipt(of.edits, of.structures, (), f"left {number}" if of else f"seen {number}", backup="")


def run(
    store: Store, number: float, made: Changes, adds: Remembered, *, next_number: int = 1, kind: str = "sync"
) -> int:
    """A whole run: begun, everything applied, finished."""
    opened = store.begin(start(number, kind=kind), made, adds, next_number=next_number)
    store.finish(opened, receipt(made, number), adds, finished=instant(number), settled=True)
    return opened


def stamp(store: Store, write: int) -> Stamp:
    """This store's stamp for a write."""
    return Stamp(PLAN, store.id, write, "1.0")


def database(folder: Path) -> Path:
    """The file of the store in this folder."""
    return folder / "store.db"
