"""Read a workbook package into the values of core.snapshot. Changes nothing; writing is the writer's.

What is read how: cells in cell_values, formulas in formula_text and tab_formulas, our own traces in traces.
"""

from collections.abc import Collection

from sheets_sync.core.cells import CellStyle
from sheets_sync.core.collection import paused_collection
from sheets_sync.core.snapshot import LogTab, Snapshot, Tab, TabTitle
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.log_reading import read_log, why_no_log
from sheets_sync.workbooks.ooxml.own_traces import LogMark, TabMarks, read_card, read_log_mark, read_marks, read_stamp
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.refusals import damaged, naming
from sheets_sync.workbooks.ooxml.shared_strings import read_strings
from sheets_sync.workbooks.ooxml.sheet_frame import (
    filter_area,
    merged_areas,
    our_drop_downs,
    our_highlights,
    peoples_checks,
)
from sheets_sync.workbooks.ooxml.sheet_reader import read_sheet
from sheets_sync.workbooks.ooxml.styles_read import PLAIN_STYLES, read_styles
from sheets_sync.workbooks.ooxml.tables_read import query_areas, read_tables
from sheets_sync.workbooks.ooxml.traces import RED_AFTER_NAME
from sheets_sync.workbooks.ooxml.xml_scan import Element

_NO_MARKS = TabMarks({}, frozenset())


def read_titles(package: Package) -> tuple[TabTitle, ...]:
    """The worksheets, in workbook order; chart, dialog and macro sheets are left out, and so is the Sync log. `key` is
    the sheetId."""
    workbook = package.tree(package.workbook_part)
    return _titles(package, read_log_mark(workbook, package.sheets))


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
    mark = read_log_mark(workbook, package.sheets)
    own = mark.entry if mark is not None else None
    wanted = [entry for entry in _worksheets(package) if entry.sheet_id in tabs and entry != own]
    styles = _styles(package)
    strings = _strings(package, canonical=canonical) if wanted or own is not None else []
    maker = CellMaker(strings, styles, date1904=package.date1904)
    marks = read_marks(workbook, package.sheets)
    return Snapshot(
        titles=_titles(package, mark),
        tabs=tuple(
            _tab(package, entry, workbook, maker, marks.get(entry.sheet_id, _NO_MARKS), canonical=canonical)
            for entry in wanted
        ),
        styles=styles,
        fingerprint=fingerprint,
        stamp=read_stamp(workbook),
        refusal=package.write_refusal,
        card=read_card(workbook),
        log=_log(package, mark, maker, canonical=canonical),
        log_lost=mark is not None and own is None,
        log_day="" if why_no_log(package, workbook) else RED_AFTER_NAME,
    )


def _titles(package: Package, mark: LogMark | None) -> tuple[TabTitle, ...]:
    own = mark.entry if mark is not None else None
    return tuple(TabTitle(one.sheet_id, one.name, one.hidden) for one in _worksheets(package) if one != own)


def _log(package: Package, mark: LogMark | None, maker: CellMaker, *, canonical: bool) -> LogTab | None:
    if mark is None or mark.entry is None:
        return None
    sheet = read_sheet(package.read(mark.entry.part), maker, package.limits.max_depth, canonical=canonical)
    cells = read_log(sheet.rows, mark.area, date1904=package.date1904)
    return LogTab(mark.entry.sheet_id, mark.entry.name, cells)


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
        checks=peoples_checks(sheet.frame),
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
