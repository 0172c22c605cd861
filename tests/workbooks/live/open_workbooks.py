"""Workbooks for the tests of the live adapter, one with a bit of everything; what makes two snapshots comparable."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import openpyxl
import xlwings as xw
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from xlwings_engine.engine import open_book

from sheets_sync.core.snapshot import Row, Snapshot, Tab
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.excel_live import ExcelLive

PLAN_ROWS = (
    ("Action", "Owner", "Due", "Status", "Cost", "Note"),
    ("Paint the north wall", "Ana Lima", dt.date(2026, 11, 13), "Open", 100, "a\u00a0b"),
    ("Order gloves", "Rui Costa", dt.datetime(2026, 11, 20, 15, 30), "Done", 12.5, None),
    ("Train the night shift", "Ana Lima", None, "Open", -3, True),
    ("Replace valve 7", "Eva", dt.date(2027, 1, 8), "Open", 0.25, "=SUM(1,2)"),
    ("Sweep the yard", "Zoë", "next week", "Open", 1e20, "line\nbreak"),
)


class Opened(NamedTuple):
    """A workbook on disk and the same one open."""

    file: ExcelFile
    live: ExcelLive
    book: xw.Book


def plan_book(path: Path, *, as_table: bool = False, filtered: bool = False) -> None:
    """A plan of five actions, with a title row above and notes on another tab."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "My plan's tab"
    _fill(sheet, PLAN_ROWS)
    if as_table:
        sheet.add_table(Table(displayName="Plan", ref="A1:F6"))
    if filtered:
        sheet.auto_filter.ref = "A1:F6"
    book.create_sheet("Notes")["B2"] = "kept by hand"
    book.save(path)


def rich_book(path: Path, *, date1904: bool = False) -> None:
    """A workbook with what people do: formats, merges, hidden rows, formulas of many kinds, their rules and lists."""
    book = openpyxl.Workbook()
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "Plan"
    sheet["A1"] = "The plan of 2026"
    sheet.merge_cells("A1:F1")
    _fill(sheet, PLAN_ROWS, top=3)
    for cell in sheet[3]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="FFDDDDDD")
    sheet["B5"].font = Font(strike=True)
    sheet["E6"].number_format = "0%"
    sheet["E7"].number_format = "[h]:mm"
    sheet["C12"], sheet["C12"].number_format = 0.75, "hh:mm"
    sheet["A10"] = CellRichText("Call ", TextBlock(InlineFont(b=True), "Ana"), " again")
    sheet["B10"] = '=B4&" (copy)"'
    sheet["C10"] = "=C4+7"
    sheet["D10"] = '=IF(B10="",_xlfn.XLOOKUP(A10,A:A,B:B),$B$4+C9)'
    sheet["E10"], sheet["E10"].data_type = "#N/A", "e"
    sheet["F10"], sheet["F10"].data_type, sheet["F10"].quotePrefix = "=not a formula", "s", True
    sheet["H3"] = ArrayFormula("H3:H5", "=E4:E6*2")
    sheet["H4"], sheet["H5"] = 25, -6
    sheet.row_dimensions[5].hidden = sheet.row_dimensions[6].hidden = True
    sheet.merge_cells("A14:B15")
    sheet["A14"] = "merged"
    sheet.auto_filter.ref = "A3:F10"
    sheet.conditional_formatting.add("E4:E10", CellIsRule(operator="lessThan", formula=["0"], font=Font(bold=True)))
    sheet.conditional_formatting.add("A4:A10", FormulaRule(['$D4="Done"'], font=Font(strike=True)))
    status = DataValidation(type="list", formula1='"Open,Done"', showErrorMessage=True)
    status.add("D4:D1048576")
    sheet.add_data_validation(status)
    other = book.create_sheet("Other, plans")
    _fill(other, PLAN_ROWS)
    other["G1"] = "Sum"
    for row in range(2, 7):
        other[f"G{row}"] = "=SUM(Plans[[#This Row],[Cost]],1)"
    other.add_table(Table(displayName="Plans", ref="A1:G6"))
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.create_sheet("Empty")
    book.save(path)


def opened(path: Path) -> Opened:
    """Both adapters of a workbook."""
    file = ExcelFile(path, backups=path.parent / "backups")
    book = open_book(path)
    return Opened(file, ExcelLive(book, known=file.titles()), book)


def everything(workbook: ExcelFile | ExcelLive) -> Snapshot:
    """All tabs."""
    return workbook.read([title.key for title in workbook.titles()])


def comparable(snapshot: Snapshot) -> object:
    """A snapshot without what may differ: fingerprint, numbering of styles, order of areas."""
    return snapshot.titles, [_comparable(tab, snapshot) for tab in snapshot.tabs], snapshot.stamp, snapshot.card


def _comparable(tab: Tab, snapshot: Snapshot) -> Tab:
    def ordered(areas: Iterable[tuple[object, ...]]) -> tuple[object, ...]:
        return tuple(sorted(areas))

    return replace(
        tab,
        rows=tuple(_resolved(row, snapshot) for row in tab.rows),
        merged=ordered(tab.merged),
        tables=ordered(tab.tables),
        computed=ordered(tab.computed),
        drop_downs=ordered(tab.drop_downs),
        marks=dict(tab.marks),
    )


def _resolved(row: Row, snapshot: Snapshot) -> Row:
    return row._replace(cells={c: cell._replace(style=snapshot.styles[cell.style]) for c, cell in row.cells.items()})


def _fill(sheet: openpyxl.worksheet.worksheet.Worksheet, rows: Iterable[tuple[object, ...]], top: int = 1) -> None:
    for number, values in enumerate(rows, top):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
