"""What makes a run read-only: a mass change (DAT007) and a workbook last written by somebody else (HAZARDS 6)."""

from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.history import History, Known
from sheets_sync.core.model import LIVE, Action, Field, Finding, Severity
from sheets_sync.core.snapshot import Stamp

MASS_SHARE = 0.30
MASS_ROWS = 5
EXAMPLES = 5


class MassChange(NamedTuple):
    """How many known live rows vanished or changed owner or due since the last sync, of how many."""

    vanished: int
    owner: int
    due: int
    rows: int
    live: int
    examples: tuple[str, ...]


def mass_change(actions: tuple[Action, ...], history: History) -> MassChange | None:
    """More than 30 % (and at least 5) of the known live rows vanished, changed owner or due; None when not.

    A due date that a formula gives does not count (DOMAIN 2.2), nor does a row that is not live any more.
    """
    present = {action.key: action for action in actions if action.key}
    live = [past for past in history.known.values() if past.status in LIVE and past.gone is None and not past.silent]
    changes = {past.key: _change(past, present) for past in live}
    touched = [key for key, words in changes.items() if words]
    if len(touched) < MASS_ROWS or len(touched) <= MASS_SHARE * len(live):
        return None
    counted = [word for words in changes.values() for word in words]
    return MassChange(
        counted.count("vanished"),
        counted.count("owner"),
        counted.count("due"),
        len(touched),
        len(live),
        tuple(sorted(touched)[:EXAMPLES]),
    )


def _change(past: Known, present: Mapping[str, Action]) -> tuple[str, ...]:
    action = present.get(past.key)
    if action is None:
        return ("vanished",)
    if action.witness == past.witness:
        return ()
    moved = action.due.date != past.due and not action.due.computed
    return ("owner",) * (action.owner != past.owner) + ("due",) * moved


def mass_change_finding(change: MassChange) -> Finding:
    """The plan-level DAT007 with its counts and five examples."""
    facts = (
        ("rows", str(change.rows)),
        ("live", str(change.live)),
        ("vanished", str(change.vanished)),
        ("owner", str(change.owner)),
        ("due", str(change.due)),
        ("examples", ", ".join(change.examples)),
    )
    return Finding("DAT007", Severity.E, field=Field.ID, facts=facts)


def foreign_stamp(stamp: Stamp | None, *, plan: str, stores: frozenset[str], write: int, version: str) -> str:
    """Why this workbook was last written by somebody else than this store; "" when all fits.

    `write` is the number of the write that this store knows the workbook to hold (0 = none), `stores` the stores whose
    writes it accepts. A workbook one write behind is accepted, because a person may have put back what stood before
    the last run.
    """
    held = stamp.write if stamp is not None else 0
    if stamp is not None:
        if stamp.plan != plan:
            return "it carries the mark of another plan"
        if stamp.store not in stores:
            return "it was last written from another computer or another store"
        if stamp.write > write:
            return "the store on this computer is older than the workbook"
        if _newer(stamp.version, version):
            return f"it was last written by a newer sheets-sync ({stamp.version})"
    if write - held > 1:
        return "it is an older copy, from before the last writes"
    return ""


def _newer(other: str, own: str) -> bool:
    return _numbers(other) > _numbers(own)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
