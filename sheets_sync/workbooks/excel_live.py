"""The workbook that is open in Excel, unsaved edits included: read and written through xlwings, never saved.

Every method looks at the workbook as it is at that moment. What is asked of Excel and how is in `live`; this module
says in which order. Only the workbook's name is used: the place it was opened from may be a web address.

It reads what excel_file reads of the same workbook saved, but for these: names inside LET and LAMBDA, links to other
workbooks, formulas that no Excel has saved yet (it spells them its own way), cells bold in part, the single result of a
dynamic formula (no area), and bold, fill and strike of a tab painted cell by cell.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, replace
from hashlib import blake2b
from typing import NamedTuple

from sheets_sync.core.collection import paused_collection
from sheets_sync.core.decision import Changes, ColumnState, Edit, Receipt, Refused, Structure, StructureKind
from sheets_sync.core.snapshot import Snapshot, Stamp, Tab, TabTitle
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.live.blocks import as_rows, block_of, used_area
from sheets_sync.workbooks.live.cells import STYLES
from sheets_sync.workbooks.live.making import Making
from sheets_sync.workbooks.live.native import Book, Native, excel_is_busy, native_of
from sheets_sync.workbooks.live.obstacles import OpenTab, obstacles
from sheets_sync.workbooks.live.own_names import OwnNames, read_names, write_about_the_plan
from sheets_sync.workbooks.live.quiet import held_still, show
from sheets_sync.workbooks.live.tab_reading import TabFacts, read_tab
from sheets_sync.workbooks.memory_changes import Outcome, changed_tabs


class Carried(NamedTuple):
    """The stamp and the card that a workbook carries, see `Snapshot`."""

    stamp: Stamp | None
    card: str


@dataclass(frozen=True, slots=True)
class ExcelLive:
    """One workbook open in Excel, an xlwings Book. `progress` is told what is being done, as the status bar is.

    `known` are tabs as the saved file lists them: Excel tells no tab's key, and only a tab with a lasting one gets new
    columns. Tabs that carry our marks are known by them.
    """

    book: Book
    _: KW_ONLY
    progress: Callable[[str], None] | None = None
    known: tuple[TabTitle, ...] = ()

    def titles(self) -> tuple[TabTitle, ...]:
        """List the worksheets, in workbook order. Raises WorkbookError."""
        with self._held():
            return self._titles(read_names(self.book, self.known))

    def fingerprint(self) -> str:
        """A hash of our names and of all cells' formulas and constants: one call for each tab. Raises WorkbookError."""
        with self._held() as native:
            return self._fingerprint(native)

    def carried(self) -> Carried:
        """What the workbook says of its plan, from our names alone: no cell is asked for. Raises WorkbookError."""
        with self._held():
            names = read_names(self.book, self.known)
            return Carried(names.stamp(), names.card())

    def read(self, tabs: Collection[str]) -> Snapshot:
        """Read the tabs with these keys; unknown keys are left out. Raises WorkbookError."""
        with self._held() as native, paused_collection():
            names = read_names(self.book, self.known)
            opened = self._open_tabs(native, names, tabs)
            return Snapshot(
                titles=self._titles(names),
                tabs=tuple(known.tab for known in opened.values()),
                styles=STYLES,
                fingerprint=self._fingerprint(native),
                stamp=names.stamp(),
                refusal="",
                card=names.card(),
            )

    def apply(self, changes: Changes, seen: Snapshot) -> Receipt:
        """Write `changes`, each guarded by what its tab holds at this moment; nothing is saved.

        Raises WorkbookBusy before anything was written. What Excel refuses later comes back as refused.
        """
        if not changes:
            return Receipt((), (), (), self.fingerprint())
        if seen.refusal:
            raise WorkbookRefused(f"{self.book.name}: {seen.refusal}")
        with self._held(writing=True) as native, paused_collection():
            names = read_names(self.book, self.known)
            touched = {edit.ref.tab for edit in changes.edits} | {structure.tab for structure in changes.structures}
            opened = self._open_tabs(native, names, touched)
            outcome = _allowed(native, self.book, changes, opened, seen)
            making = Making(native, self.book)
            for key, known in opened.items():
                edits = [edit for edit in outcome.applied if edit.ref.tab == key]
                structures = [structure for structure in outcome.structures if structure.tab == key]
                if edits or structures:
                    self._tell(f"{known.tab.name}: {len(edits) + len(structures)}")
                    making.change(known, edits, structures)
            if making.applied or making.structures or changes.remove_stamp or changes.stamp_alone:
                write_about_the_plan(native, self.book, changes)
            return _receipt(changes, outcome, making, self._fingerprint(native))

    def _titles(self, names: OwnNames) -> tuple[TabTitle, ...]:
        return tuple(TabTitle(names.keys[sheet.name], sheet.name, not sheet.visible) for sheet in self.book.sheets)

    def _open_tabs(self, native: Native, names: OwnNames, keys: Collection[str]) -> dict[str, OpenTab]:
        opened: dict[str, OpenTab] = {}
        date1904 = native.date1904(self.book)
        for sheet in self.book.sheets:
            key = names.keys[sheet.name]
            if key in keys:
                self._tell(sheet.name)
                marks, lost = names.marks(sheet.name)
                opened[key] = OpenTab(read_tab(native, sheet, TabFacts(key, marks, lost, date1904)), sheet)
        return opened

    def _fingerprint(self, native: Native) -> str:
        names = read_names(self.book, self.known)
        digest = blake2b(repr(sorted(names.formulas.items())).encode(), digest_size=16)
        for sheet in self.book.sheets:
            area = used_area(native, sheet)
            digest.update(repr((sheet.name, area)).encode())
            for row in as_rows(block_of(sheet, area).formula, area):
                digest.update("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass"))
        return f"live:{digest.hexdigest()}"

    def _tell(self, text: str) -> None:
        line = f"sheets-sync · {text} …"
        show(self.book, line)
        if self.progress is not None:
            self.progress(line)

    @contextmanager
    def _held(self, *, writing: bool = False) -> Iterator[Native]:
        """Hold Excel still, and say in our words what it raises."""
        native = native_of(self.book)
        try:
            with held_still(native, self.book, writing=writing):
                yield native
        except Exception as error:
            if native.is_busy(error):
                raise excel_is_busy() from None
            if native.is_refusal(error):
                raise WorkbookRefused(
                    f"{self.book.name}: Excel refused an order", "save the workbook, open it again and press again"
                ) from None
            raise


def _allowed(native: Native, book: Book, changes: Changes, opened: dict[str, OpenTab], seen: Snapshot) -> Outcome:
    """What may be made: what neither Excel stands in the way of, nor the tabs as they are by now."""
    refused = list(obstacles(native, book, changes, opened))
    tabs: list[Tab] = [known.tab for known in opened.values()]
    while True:
        stopped = {(type(one.what), one.what) for one in refused}
        rest = replace(
            changes,
            edits=tuple(edit for edit in changes.edits if (Edit, edit) not in stopped),
            structures=tuple(structure for structure in changes.structures if (Structure, structure) not in stopped),
        )
        outcome = changed_tabs(tabs, rest, seen.tabs)
        more = list(_dependent(rest, [*refused, *outcome.refused]))
        if not more:
            return replace(outcome, refused=(*refused, *outcome.refused))
        refused += more


def _dependent(changes: Changes, refused: list[Refused]) -> Iterator[Refused]:
    """Where a column of ours cannot be added, the others of the tab are not either, nor its highlights."""
    lacking = {r.what.tab: r.reason for r in refused if isinstance(r.what, Structure) and _adds_column(r.what)}
    known = {r.what for r in refused if isinstance(r.what, Structure)}
    for structure in changes.structures:
        if structure.tab in lacking and structure not in known:
            highlights = structure.kind is StructureKind.HIGHLIGHTS and structure.after is not None
            if highlights or _adds_column(structure):
                yield Refused(structure, f"the columns could not be added: {lacking[structure.tab]}")


def _adds_column(structure: Structure) -> bool:
    return structure.before is None and isinstance(structure.after, ColumnState)


def _receipt(changes: Changes, outcome: Outcome, making: Making, fingerprint: str) -> Receipt:
    applied, made = set(making.applied), set(making.structures)
    return Receipt(
        applied=tuple(edit for edit in changes.edits if edit in applied),
        structures=tuple(structure for structure in changes.structures if structure in made),
        refused=(*outcome.refused, *making.refused),
        fingerprint=fingerprint,
    )
