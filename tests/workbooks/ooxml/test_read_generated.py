"""Workbooks made by openpyxl: read back as written, with and without the parser."""

import datetime as dt
import io

import openpyxl
import pytest
from foreign_values import differences_to_calamine, differences_to_openpyxl
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as OpenpyxlTable
from reading_samples import snapshot_of

from sheets_sync.core.cells import NOT_CALCULATED, CellStyle
from sheets_sync.core.snapshot import Area, Role, Stamp, Table
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_reader import read_canonical_sheet, read_sheet
from sheets_sync.workbooks.ooxml.traces import highlight_marker, mark_name, mark_reference, stamp_formula

HEADER = ("ID", "Action", "Owner", "Due", "Status", "% done", "Note")
WORDS = ("Planned", "Done", "On hold")


def made_by_openpyxl(rows: int = 40) -> bytes:
    """A plan with dates, percentages, formulas, a table, merged cells, hidden rows, and our own traces."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan & 'more'"
    sheet["A1"] = "Action plan 2026"
    sheet.merge_cells("A1:C1")
    sheet.append(HEADER)
    for number in range(rows):
        due = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        note = (
            dt.datetime(2026, 1, 1, 8, 30) if number % 7 == 0 else f"=A{number + 3}&<{number}>" if number % 5 else None
        )
        action = f'Call é {number} \u20ac <&> "x"\nsecond line'
        sheet.append((f"A-{number:04}", action, "Ana", due, WORDS[number % 3], number / 40, note))
        sheet.cell(number + 3, 6).number_format = "0%"
    sheet.add_table(OpenpyxlTable(displayName="Plan", ref=f"A2:G{rows + 2}"))
    sheet.row_dimensions[5].hidden = True
    sheet["B4"].font = Font(bold=True, strike=True)
    sheet["B4"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["H3"] = "#N/A"
    sheet["I3"] = True
    sheet.conditional_formatting.add("D3:D99", FormulaRule(formula=[f'AND($E3="",{highlight_marker("red")})']))
    words = DataValidation(type="list", formula1='"Planned,Done"', errorTitle="sheets-sync")
    words.add("E3:E99")
    sheet.add_data_validation(words)
    mark = DefinedName(mark_name("1", Role.ID), attr_text=mark_reference(sheet.title, 1), hidden=True)
    stamp = DefinedName("_sheets_sync.stamp", attr_text=stamp_formula(Stamp("p", "s", 3, "0.1")), hidden=True)
    book.defined_names.add(mark)
    book.defined_names.add(stamp)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("canonical", [True, False])
def test_a_workbook_of_another_library_is_read_as_it_was_written(*, canonical: bool) -> None:
    """Cells, styles, table, merge, hidden row, mark, stamp, highlight and drop-down all arrive."""
    snapshot = snapshot_of(made_by_openpyxl(), canonical=canonical)
    tab = snapshot.tabs[0]
    assert (tab.key, tab.name, tab.merged) == ("1", "Plan & 'more'", (Area(1, 1, 1, 3),))
    assert tab.tables == (Table("Plan", Area(2, 1, 42, 7), has_header=True, has_totals=False, is_query=False),)
    assert tab.marks == {Role.ID: 1}
    assert snapshot.stamp == Stamp("p", "s", 3, "0.1")
    assert [(rule.colour, rule.areas) for rule in tab.highlights] == [("red", (Area(3, 4, 99, 4),))]
    assert [drop_down.values for drop_down in tab.drop_downs] == [("Planned", "Done")]
    assert [row.number for row in tab.rows if row.hidden] == [5]
    row = tab.rows[3].cells
    assert row[2].seen == 'Call é 1 € <&> "x"\nsecond line'
    assert snapshot.styles[tab.rows[3].cells[2].style] == CellStyle(bold=True, struck=True, filled=True)
    assert (row[4].seen, row[6].seen) == (dt.date(2026, 1, 2), 0.025)
    assert snapshot.styles[row[6].style].is_percent
    assert (row[7].literal.text, row[7].seen) == ("A#&<1>", NOT_CALCULATED)


def test_what_is_seen_equals_what_other_readers_see() -> None:
    """Every cell shows what openpyxl and calamine show in it."""
    workbook = made_by_openpyxl()
    tabs = snapshot_of(workbook).tabs
    assert list(differences_to_openpyxl(workbook, tabs)) == []
    assert list(differences_to_calamine(workbook, tabs)) == []


def test_an_ordinary_workbook_takes_the_fast_way() -> None:
    """Reading without a parser is not just possible for hand-made files."""
    package = Package.open(made_by_openpyxl(), "plan.xlsx")
    part = package.read(package.sheets[0].part)
    maker = CellMaker(["x"] * 500, [CellStyle()] * 50, date1904=False)
    assert read_canonical_sheet(part, maker, 64) == read_sheet(part, maker, 64, canonical=False)
