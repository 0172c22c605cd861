"""A workbook in memory: the demo's, and the one that every other kind must behave like (tests/contract).

It fulfils `base.Workbook`, and lets a test or the demo act as the people who share the workbook. Tabs are named as
people see them in what people do, and by key in what the tool does. Columns and rows are numbers from 1.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from sheets_sync.core.cells import CellStyle, Seen
from sheets_sync.core.decision import Changes, Receipt, Refused, Structure, StructureKind
from sheets_sync.core.snapshot import Area, Row, Snapshot, Stamp, Tab, Table, TabTitle
from sheets_sync.core.sync_log import Ticks, ticks_of
from sheets_sync.workbooks import hand_edits
from sheets_sync.workbooks.memory_changes import changed_tabs
from sheets_sync.workbooks.memory_log import LogDraft, changed_log, log_of
from sheets_sync.workbooks.plain_values import DATE, PLAIN, Value, cell_of, cells_of_row, rows_of_csv

LOG_DAY = "red_after"


class MemoryWorkbook:
    """Tabs held in memory. Reading gives unchanging values: a snapshot stays as it was read."""

    def __init__(self) -> None:
        self._tabs: tuple[Tab, ...] = ()
        self._styles: list[CellStyle] = [PLAIN, DATE]
        self._stamp: Stamp | None = None
        self._card = ""
        self._tabs_ever = 0
        self._log = ""

    @classmethod
    def of(cls, tabs: Mapping[str, Sequence[Sequence[Value]]]) -> "MemoryWorkbook":
        """A workbook with these tabs, each given as rows of plain values from row 1; None leaves a cell blank."""
        workbook = cls()
        for name, rows in tabs.items():
            workbook.add_tab(name, rows)
        return workbook

    @classmethod
    def of_csv(cls, tabs: Mapping[str, str]) -> "MemoryWorkbook":
        """A workbook with these tabs, each given as CSV text; plain numbers and ISO dates become such."""
        return cls.of({name: rows_of_csv(text) for name, text in tabs.items()})

    def titles(self) -> tuple[TabTitle, ...]:
        """List the tabs, in workbook order."""
        return tuple(TabTitle(tab.key, tab.name, tab.hidden) for tab in self._tabs if tab.key != self._log)

    def fingerprint(self) -> str:
        """A hash of all content."""
        digest = blake2b(repr((self._stamp, self._styles, self._log)).encode(), digest_size=16)
        for tab in self._tabs:
            frame = replace(tab, rows=(), marks={}, lost_marks=frozenset())
            digest.update(repr((frame, sorted(tab.marks.items()), sorted(tab.lost_marks))).encode())
            for row in tab.rows:
                digest.update(repr((row.number, row.hidden)).encode())
                for column, (literal, seen, style) in row.cells.items():
                    text = f"{column}\0{literal.kind}\0{literal.text}\0{seen!r}\0{style}\0\0"
                    digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def read(self, tabs: Collection[str]) -> Snapshot:
        """Read the tabs with these keys; unknown keys are left out."""
        log = LogDraft(self._tabs, self._log).tab()
        return Snapshot(
            titles=self.titles(),
            tabs=tuple(tab for tab in self._tabs if tab.key in tabs and tab is not log),
            styles=tuple(self._styles),
            fingerprint=self.fingerprint(),
            stamp=self._stamp,
            card=self._card,
            log=log_of(log) if log is not None else None,
            log_lost=log is None and bool(self._log),
            log_day=LOG_DAY,
        )

    def ticks(self, *, unless: str) -> Ticks:
        """What people ticked in the Sync log; nothing while the fingerprint is still `unless`."""
        return Ticks() if self.fingerprint() == unless else ticks_of(self.read(()).log)

    def apply(self, changes: Changes, seen: Snapshot) -> Receipt:
        """Write `changes` and nothing else, each edit guarded by cell, key and witness on its own.

        Never raises WorkbookChanged: what a person did since `seen` was read shows in the edits refused.
        """
        logs = tuple(one for one in changes.structures if one.kind is StructureKind.LOG)
        others = tuple(one for one in changes.structures if one.kind is not StructureKind.LOG)
        outcome = changed_tabs(self._tabs, replace(changes, structures=others), seen.tabs)
        self._tabs = outcome.tabs
        refused = [Refused(one, reason) for one in logs if (reason := self._change_log(one))]
        left = {refusal.what for refusal in (*outcome.refused, *refused) if isinstance(refusal.what, Structure)}
        made = tuple(one for one in changes.structures if one not in left)
        if changes.remove_stamp:
            self._stamp, self._card = None, ""
        elif outcome.applied or made or changes.stamp_alone:
            self._stamp, self._card = changes.stamp or self._stamp, changes.card or self._card
        return Receipt(outcome.applied, made, (*outcome.refused, *refused), self.fingerprint())

    def _change_log(self, structure: Structure) -> str:
        """Make a change of the Sync log; returns why it was not made."""
        self._tabs_ever += 1
        draft, reason = changed_log(
            LogDraft(self._tabs, self._log),
            structure,
            new_key=str(self._tabs_ever),
            date_style=self._styles.index(DATE),
        )
        self._tabs, self._log = draft
        return reason

    def shown(self, tab: str) -> tuple[tuple[Seen, ...], ...]:
        """What a person sees in the tab: all rows from the first to the last, each as wide as the widest."""
        rows = {row.number: row.cells for row in self._named(tab).rows}
        width = max((column for cells in rows.values() for column in cells), default=0)
        return tuple(
            tuple(
                rows[number][column].seen if column in rows.get(number, {}) else None for column in range(1, width + 1)
            )
            for number in range(1, max(rows, default=0) + 1)
        )

    def add_tab(self, name: str, rows: Sequence[Sequence[Value]] = ()) -> str:
        """A person adds a tab at the end; returns its key."""
        if any(tab.name == name for tab in self._tabs):
            raise ValueError(f"there is a tab {name!r} already")
        self._tabs_ever += 1
        key = str(self._tabs_ever)
        filled = [Row(n, cells_of_row(row, self._styles), hidden=False) for n, row in enumerate(rows, 1)]
        self._tabs += (Tab(key, name, hand_edits.ordered(filled)),)
        return key

    def delete_tab(self, tab: str) -> None:
        """A person deletes a tab."""
        self._tabs = tuple(known for known in self._tabs if known is not self._named(tab))

    def move_tab(self, tab: str, place: int) -> None:
        """A person moves a tab to a place, counted from 0."""
        moved = self._named(tab)
        others = [known for known in self._tabs if known is not moved]
        self._tabs = (*others[:place], moved, *others[place:])

    def rename_tab(self, tab: str, name: str) -> None:
        """A person gives a tab another name; its key stays."""
        self._change(tab, lambda known: replace(known, name=name))

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """A person types into a cell, or empties it with None."""
        cell = cell_of(value, self._styles)
        self._change(tab, lambda known: hand_edits.with_cell(known, row, column, cell))

    def format_as_table(self, tab: str, name: str, area: Area) -> None:
        """A person makes a table, with its header, of these cells."""
        table = Table(name, area, has_header=True, has_totals=False, is_query=False)
        self._change(tab, lambda known: replace(known, tables=(*known.tables, table)))

    def set_filter(self, tab: str, area: Area | None) -> None:
        """A person puts a filter on these cells, or takes it away."""
        self._change(tab, lambda known: replace(known, filter=area))

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """A person puts blank rows in, the first of them as row `at`."""
        self._change(tab, lambda known: hand_edits.with_rows_inserted(known, at, count))

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """A person takes rows out."""
        self._change(tab, lambda known: hand_edits.with_rows_deleted(known, first, count))

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """A person pastes a whole row over another."""
        self._change(tab, lambda known: hand_edits.with_row_copied(known, source, target))

    def sort_rows(
        self,
        tab: str,
        by: int,
        *,
        first: int,
        last: int,
        columns: Collection[int] | None = None,
        descending: bool = False,
    ) -> None:
        """A person sorts rows `first` to `last` by a column; with `columns`, only the cells of those columns."""
        self._change(
            tab,
            lambda known: hand_edits.with_rows_sorted(
                known, by, first=first, last=last, columns=columns, descending=descending
            ),
        )

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """A person puts blank columns in, the first of them as column `at`."""
        self._change(tab, lambda known: hand_edits.with_columns_inserted(known, at, count))

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """A person takes columns out; marks of ours on them are lost."""
        self._change(tab, lambda known: hand_edits.with_columns_deleted(known, first, count))

    def move_column(self, tab: str, source: int, target: int) -> None:
        """A person moves a column so that it stands as column `target`."""
        self._change(tab, lambda known: hand_edits.with_column_moved(known, source, target))

    def _named(self, name: str) -> Tab:
        for tab in self._tabs:
            if tab.name == name:
                return tab
        raise KeyError(name)

    def _change(self, name: str, change: Callable[[Tab], Tab]) -> None:
        known = self._named(name)
        self._tabs = tuple(change(tab) if tab is known else tab for tab in self._tabs)
