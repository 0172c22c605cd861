"""What of a snapshot a write still needs once everything is decided: a plan of 100,000 rows need not be held twice."""

from dataclasses import replace

from sheets_sync.core.decision import Changes
from sheets_sync.core.snapshot import Snapshot, Tab


def touched(snapshot: Snapshot, changes: Changes) -> Snapshot:
    """The snapshot with only those rows that an edit names; a tab whose structure changes keeps all of them."""
    whole = {structure.tab for structure in changes.structures}
    rows: dict[str, set[int]] = {}
    for edit in changes.edits:
        rows.setdefault(edit.ref.tab, set()).add(edit.ref.row)
    tabs = (tab if tab.key in whole else _with_rows(tab, rows.get(tab.key, set())) for tab in snapshot.tabs)
    return replace(snapshot, tabs=tuple(tabs))


def _with_rows(tab: Tab, numbers: set[int]) -> Tab:
    return replace(tab, rows=tuple(row for row in tab.rows if row.number in numbers))
