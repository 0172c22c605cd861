"""Read a workbook package into the values of core.snapshot. Changes nothing; writing is the writer's.

What is read how: cells in cell_values, formulas in formula_text and tab_formulas, our own traces in traces.
"""

from collections.abc import Collection

from sheets_sync.core.cells import CellStyle
from sheets_sync.core.collection import paused_collection
from sheets_sync.core.snapshot import Snapshot, Tab, TabTitle
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.own_traces import TabMarks, read_card, read_marks, read_stamp
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.refusals import damaged, naming
from sheets_sync.workbooks.ooxml.shared_strings import read_strings
from sheets_sync.workbooks.ooxml.sheet_frame import filter_area, merged_areas, our_drop_downs, our_highlights
from sheets_sync.workbooks.ooxml.sheet_reader import read_sheet
from sheets_sync.workbooks.ooxml.styles_read import PLAIN_STYLES, read_styles
from sheets_sync.workbooks.ooxml.tables_read import query_areas, read_tables
from sheets_sync.workbooks.ooxml.xml_scan import Element

_NO_MARKS = TabMarks({}, frozenset())


def read_titles(package: Package) -> tuple[TabTitle, ...]:
    """The worksheets, in workbook order; chart, dialog and macro sheets are left out. `key` is the sheetId."""
    return tuple(TabTitle(entry.sheet_id, entry.name, entry.hidden) for entry in _worksheets(package))


def read_snapshot(package: Package, tabs: Collection[str], fingerprint: str, *, canonical: bool = True) -> Snapshot:
    """Read the tabs with these keys; unknown keys are left out. Raises WorkbookRefused.

    `canonical` False reads every part with the XML parser instead of the fast reader, with the same result.
    """
    with naming(package.name), paused_collection():
        try:
            return _read(package, tabs, fingerprint, canonical=canonical)
        except ValueError:
            raise damaged("a number in it is no number") from None


def _read(package: Package, tabs: Collection[str], fingerprint: str, *, canonical: bool) -> Snapshot:
    workbook = package.tree(package.workbook_part)
    wanted = [entry for entry in _worksheets(package) if entry.sheet_id in tabs]
    styles = _styles(package)
    maker = CellMaker(_strings(package, canonical=canonical) if wanted else [], styles, date1904=package.date1904)
    marks = read_marks(workbook, package.sheets)
    return Snapshot(
        titles=read_titles(package),
        tabs=tuple(
            _tab(package, entry, workbook, maker, marks.get(entry.sheet_id, _NO_MARKS), canonical=canonical)
            for entry in wanted
        ),
        styles=styles,
        fingerprint=fingerprint,
        stamp=read_stamp(workbook),
        refusal=package.write_refusal,
        card=read_card(workbook),
    )


def _tab(
    package: Package, entry: SheetEntry, workbook: Element, maker: CellMaker, marks: TabMarks, *, canonical: bool
) -> Tab:
    sheet = read_sheet(package.read(entry.part), maker, package.limits.max_depth, canonical=canonical)
    return Tab(
        key=entry.sheet_id,
        name=entry.name,
        rows=sheet.rows,
        hidden=entry.hidden,
        merged=merged_areas(sheet.frame),
        tables=read_tables(package, entry.part),
        filter=filter_area(sheet.frame),
        computed=(*sheet.computed, *query_areas(package, entry.part, workbook)),
        marks=marks.columns,
        lost_marks=marks.lost,
        highlights=our_highlights(sheet.frame),
        drop_downs=our_drop_downs(sheet.frame),
    )


def _worksheets(package: Package) -> list[SheetEntry]:
    return [entry for entry in package.sheets if entry.kind == "worksheet"]


def _part_of_kind(package: Package, kind: str) -> str | None:
    """The workbook's part of this kind, None when there is none."""
    for relation in package.related(package.workbook_part):
        if relation.kind == kind and not relation.external and package.has(relation.target):
            return relation.target
    return None


def _styles(package: Package) -> tuple[CellStyle, ...]:
    part = _part_of_kind(package, "styles")
    return read_styles(package.tree(part)) if part else PLAIN_STYLES


def _strings(package: Package, *, canonical: bool) -> list[str]:
    part = _part_of_kind(package, "sharedStrings")
    return read_strings(package.read(part), package.limits.max_depth, canonical=canonical) if part else []
