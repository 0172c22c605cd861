"""What stands around the cells: tabs, hidden rows, merged areas, tables, filters, areas that formulas fill."""

import pytest
from reading_samples import (
    LINKS,
    MAIN,
    plan_parts,
    read_tab,
    relations,
    snapshot_of,
    workbook_part,
    worksheet,
    zipped,
)

from sheets_sync.core.snapshot import Area, Table, TabTitle
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles

CELL = '<c r="A{0}"><v>1</v></c>'


def many_tabs() -> bytes:
    """A workbook with a plan, a chart sheet, a hidden worksheet and an old macro module."""
    book = plan_parts(worksheet('<row r="1">' + CELL.format(1) + "</row>"))
    book["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="Chart" sheetId="3" r:id="rId2"/>'
        '<sheet name="Plan _x0041_&amp;B" sheetId="12" r:id="rId1"/>'
        '<sheet name="Lists" sheetId="4" state="veryHidden" r:id="rId3"/>'
        '<sheet name="Module1" sheetId="5" r:id=""/></sheets></workbook>'
    )
    book["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "chartsheet", "chartsheets/sheet1.xml"),
        ("rId3", "worksheet", "/xl/worksheets/sheet2.xml"),
    )
    book["xl/chartsheets/sheet1.xml"] = "<chartsheet/>"
    book["xl/worksheets/sheet2.xml"] = worksheet()
    return zipped(book)


def test_only_worksheets_are_listed_under_their_lasting_number() -> None:
    """Titles come in workbook order with sheetId as key; chart sheets and old modules are left out."""
    titles = read_titles(Package.open(many_tabs(), "plan.xlsx"))
    assert titles == (TabTitle("12", "Plan A&B", hidden=False), TabTitle("4", "Lists", hidden=True))


@pytest.mark.parametrize(("keys", "names"), [(["4", "12"], ["Plan A&B", "Lists"]), (["4", "99"], ["Lists"]), ([], [])])
def test_tabs_are_read_by_key(keys: list[str], names: list[str]) -> None:
    """Only the tabs asked for are read, in workbook order; unknown keys are left out; all titles are told."""
    snapshot = read_snapshot(Package.open(many_tabs(), "plan.xlsx"), keys, "abc")
    assert [tab.name for tab in snapshot.tabs] == names
    assert len(snapshot.titles) == 2
    assert snapshot.fingerprint == "abc"
    assert snapshot.refusal == ""


def test_hidden_rows_are_read_and_told() -> None:
    """Rows hidden by hand, by a filter or by an outline are read like all others."""
    flags = ('hidden="1"', 'hidden=" true "', 'hidden="0"', 'hidden="false"', 'x:hidden="1" xmlns:x="y"', "")
    rows = "".join(f'<row r="{n}" {flag}>{CELL.format(n)}</row>' for n, flag in enumerate(flags, 1))
    assert [row.hidden for row in read_tab(worksheet(rows)).rows] == [True, True, False, False, False, False]


def test_rows_without_content_are_left_out() -> None:
    """A row that is only formatted does not count."""
    rows = (
        '<row r="1" ht="30" customHeight="1"/><row r="2"><c r="A2" s="0"/></row><row r="3">' + CELL.format(3) + "</row>"
    )
    assert [row.number for row in read_tab(worksheet(rows)).rows] == [3]


def test_merged_areas_and_the_filter_are_told_and_never_expanded() -> None:
    """Ranges stay ranges, even when they cover the whole grid; a table's own filter is not the tab's."""
    tail = (
        '<autoFilter ref="A4:K1048576"/><mergeCells count="2"><mergeCell ref="A1:C1"/>'
        '<mergeCell ref="A2:XFD1048576"/></mergeCells>'
    )
    tab = read_tab(worksheet(tail=tail))
    assert tab.merged == (Area(1, 1, 1, 3), Area(2, 1, 1048576, 16384))
    assert tab.filter == Area(4, 1, 1048576, 11)
    assert read_tab(worksheet()).filter is None


def test_areas_filled_by_formulas_are_told() -> None:
    """Array formulas, spilled formulas and data tables give their whole area, master cell included."""
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c>'
        '<c r="C1" cm="1"><f t="array" ref="C1:D9">SORT(X1:Y9)</f><v>1</v></c></row>'
        '<row r="2"><c r="F2"><f t="dataTable" ref="F2:G4" r1="A1"/><v>1</v></c><c r="H2"><f>A1</f><v>1</v></c></row>'
    )
    assert read_tab(worksheet(rows)).computed == (Area(1, 1, 3, 1), Area(1, 3, 9, 4), Area(2, 6, 4, 7))


def table(attributes: str, inside: str = "") -> str:
    return f'<table xmlns="{MAIN}" id="1" name="n" displayName="Plan_x0041_" ref="A4:F9" {attributes}>{inside}</table>'


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", Table("PlanA", Area(4, 1, 9, 6), has_header=True, has_totals=False, is_query=False)),
        ('totalsRowCount="1"', Table("PlanA", Area(4, 1, 9, 6), has_header=True, has_totals=True, is_query=False)),
        ('headerRowCount="0"', Table("PlanA", Area(4, 1, 9, 6), has_header=False, has_totals=False, is_query=False)),
        ('tableType="queryTable"', Table("PlanA", Area(4, 1, 9, 6), has_header=True, has_totals=False, is_query=True)),
        ('tableType="xml"', Table("PlanA", Area(4, 1, 9, 6), has_header=True, has_totals=False, is_query=True)),
        ('connectionId="2"', Table("PlanA", Area(4, 1, 9, 6), has_header=True, has_totals=False, is_query=True)),
    ],
)
def test_tables_are_told_with_header_totals_and_source(attributes: str, expected: Table) -> None:
    """A table filled by a query, an XML map or a connection is told from one people type into."""
    book = plan_parts(worksheet())
    book["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../tables/table1.xml"))
    book["xl/tables/table1.xml"] = table(attributes)
    assert snapshot_of(zipped(book)).tabs[0].tables == (expected,)


def test_a_table_with_a_query_part_is_a_query() -> None:
    """Power Query leaves a query part beside the table."""
    book = plan_parts(worksheet())
    book["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../tables/table1.xml"))
    book["xl/tables/table1.xml"] = table("")
    book["xl/tables/_rels/table1.xml.rels"] = relations(("rId1", "queryTable", "../queryTables/queryTable1.xml"))
    assert snapshot_of(zipped(book)).tabs[0].tables[0].is_query


def test_a_query_without_a_table_fills_a_computed_area() -> None:
    """Old external data ranges are named like their query; their area is not typed by people."""
    names = (
        '<definedName name="ExternalData_1" localSheetId="0" hidden="1">Plan!$A$4:$F$9</definedName>'
        '<definedName name="Other" localSheetId="0">Plan!$H$1</definedName>'
        '<definedName name="ExternalData_1" localSheetId="1" hidden="1">Lists!$A$1:$F$9</definedName>'
    )
    book = plan_parts(worksheet(), workbook=workbook_part(names=names))
    book["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "queryTable", "../queryTables/queryTable1.xml"))
    book["xl/queryTables/queryTable1.xml"] = f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1"/>'
    assert snapshot_of(zipped(book)).tabs[0].computed == (Area(4, 1, 9, 6),)


@pytest.mark.parametrize(
    "tail",
    [
        '<mergeCells><mergeCell ref="A1:XFE2"/></mergeCells>',
        '<mergeCells><mergeCell ref="A1:B1048577"/></mergeCells>',
        '<autoFilter ref="A0:B2"/>',
        '<mergeCells><mergeCell ref="A1:ZZZ99999999"/></mergeCells>',
    ],
)
def test_an_area_outside_the_grid_refuses_the_workbook(tail: str) -> None:
    """No spreadsheet program writes such a range; it is an attack or damage."""
    with pytest.raises(WorkbookRefused, match="outside the grid"):
        read_tab(worksheet(tail=tail))


def test_the_parts_of_a_sheet_may_hold_comments_and_foreign_elements() -> None:
    """Comments in the frame and elements of other programs' namespaces do not disturb."""
    tail = (
        '<!-- <mergeCells> --><x:mergeCells xmlns:x="urn:else"><x:mergeCell ref="A1:B2"/></x:mergeCells>'
        '<mergeCells><mergeCell ref="C1:D2"/></mergeCells>'
    )
    assert read_tab(worksheet(tail=tail)).merged == (Area(1, 3, 2, 4),)
