"""What the cells of earlier edits hold now, wherever their rows stand by now."""

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.decision import Changes, Edit, KeyColumn
from sheets_sync.core.snapshot import Role, Row, Snapshot, Tab


class CellsNow:
    """The cells that a run's edits were about, found again in a later snapshot."""

    def __init__(self, changes: Changes, snapshot: Snapshot) -> None:
        keys = {key.tab: key for key in changes.keys}
        self._tabs = {tab.key: _RowFinder(tab, keys.get(tab.key)) for tab in snapshot.tabs}

    def value(self, edit: Edit) -> CellValue | None:
        """What the edit's cell holds now; None when its tab, row or column is gone."""
        finder = self._tabs.get(edit.ref.tab)
        return finder.value(edit) if finder is not None else None


class _RowFinder:
    """Finds the row of an edit by its key, else by the place it had."""

    def __init__(self, tab: Tab, key: KeyColumn | None) -> None:
        self._marks = tab.marks
        self._rows = {row.number: row for row in tab.rows}
        self._by_key: dict[str, Row] = {}
        column = tab.marks.get(Role.ID) or (key.column if key is not None else None)
        for row in tab.rows if column is not None else ():
            cell = row.cells.get(column or 0)
            if cell is not None:
                self._by_key[cell.literal.text] = row

    def value(self, edit: Edit) -> CellValue | None:
        """What the edit's cell holds now; None when its row or column is gone."""
        row = self._by_key.get(edit.key) if edit.key else None
        row = row or self._rows.get(edit.ref.row)
        column = self._marks.get(edit.ref.role)
        if row is None or column is None:
            return None
        cell = row.cells.get(column)
        return cell.literal if cell is not None else BLANK
