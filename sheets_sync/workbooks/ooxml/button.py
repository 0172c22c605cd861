"""The Sync plan button of a workbook: put in, and taken out again. Pure: a package in, bytes out.

What goes in: a macro module, a shape on each tab of the plan that starts it, the plan's card, and for a workbook that
had no macros what Excel wants beside them. Every other part keeps its bytes. Files and the configuration are elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.workbooks.ooxml.button_place import Plot
from sheets_sync.workbooks.ooxml.button_shape import Face
from sheets_sync.workbooks.ooxml.drawn_areas import drawn_areas
from sheets_sync.workbooks.ooxml.grid import cell_address
from sheets_sync.workbooks.ooxml.macro_part import put_macros, refuse_macros, take_macros
from sheets_sync.workbooks.ooxml.names_patch import NameChanges, with_names
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.package_draft import PackageDraft
from sheets_sync.workbooks.ooxml.refusals import naming, not_a_workbook
from sheets_sync.workbooks.ooxml.sheet_drawing import buttons_on, put_button, take_buttons
from sheets_sync.workbooks.ooxml.sheet_geometry import geometry
from sheets_sync.workbooks.ooxml.traces import CARD_NAMES, card_formulas, quoted_tab


class ButtonTab(NamedTuple):
    """A tab that gets a button: its key (sheetId), the row of its headers and the last column that has one."""

    key: str
    header_row: int
    last_header: int


@dataclass(frozen=True, slots=True)
class ButtonWish:
    """The buttons wanted. `card` is the plan's card (core.card), "" leaves the one that is there."""

    tabs: tuple[ButtonTab, ...]
    face: Face
    card: str = ""


def button_cells(package: Package) -> tuple[str, ...]:
    """Where buttons stand that start our macro, as addresses, tab by tab: "K1", and "'Actions'!K1" where there are
    several. Raises WorkbookRefused."""
    with naming(package.name):
        bound = [(entry.name, one.cell) for entry in _worksheets(package) for one in buttons_on(package, entry.part)]
        cells = [(f"{quoted_tab(tab)}!", cell_address(*cell)) for tab, cell in bound if cell is not None]
        return tuple(f"{tab}{cell}" if len(cells) > 1 else cell for tab, cell in cells)


def with_buttons(package: Package, seen: Snapshot, wish: ButtonWish) -> bytes:
    """The bytes of the workbook with our macro, and a button on each tab that has none yet; what it was opened from
    when all is there. `seen` holds the wished tabs, read from exactly this package.

    Raises WorkbookRefused, with the way out, where a button would do harm or has no place.
    """
    with naming(package.name):
        refuse_macros(package)
        sheets = {entry.sheet_id: entry for entry in _worksheets(package)}
        if not sheets:
            raise not_a_workbook("it has no worksheet", "Name a workbook with a plan in it.")
        draft = PackageDraft(package)
        put_macros(draft)
        for tab in wish.tabs:
            sheet = sheets[tab.key].part
            if not buttons_on(package, sheet):
                put_button(draft, sheet, _plot(package, sheet, seen, tab), wish.face)
        card = card_formulas(wish.card)
        _change_names(draft, NameChanges(card, CARD_NAMES[len(card) :] if card else (), {}))
        return draft.data()


def without_buttons(package: Package) -> bytes:
    """The bytes of the workbook without our macro, buttons and card; what it was opened from when there are none.

    It stays a workbook with macros, and code names stay: macros of others, or Excel, may use them by now.
    """
    with naming(package.name):
        if package.write_refusal:
            refuse_macros(package)
        draft = PackageDraft(package)
        for entry in _worksheets(package):
            take_buttons(draft, entry.part)
        take_macros(draft)
        _change_names(draft, NameChanges({}, CARD_NAMES, {}))
        return draft.data()


def _worksheets(package: Package) -> Sequence[SheetEntry]:
    return [entry for entry in package.sheets if entry.kind == "worksheet"]


def _plot(package: Package, sheet: str, seen: Snapshot, tab: ButtonTab) -> Plot:
    measured = geometry(PackageDraft(package).read(sheet), tab.header_row)
    return Plot(
        tab=seen.tab(tab.key),
        header_row=tab.header_row,
        last_header=tab.last_header,
        geometry=measured,
        drawn=drawn_areas(package, sheet, measured),
    )


def _change_names(draft: PackageDraft, changes: NameChanges) -> None:
    part = draft.package.workbook_part
    xml = draft.read(part)
    changed = with_names(xml, changes)
    if changed != xml:
        draft.put(part, changed)
