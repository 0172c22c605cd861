"""The package checker names every planted mistake that Excel would offer to repair, and only new ones."""

import re

import pytest
from writing_samples import (
    MAIN,
    PLAN_ROWS,
    PLAN_STYLES,
    SHEET,
    Sample,
    adding,
    changes,
    column,
    edit,
    first_run,
    opened,
    relations,
    written,
    zipped,
)

from sheets_sync.core.snapshot import Role
from sheets_sync.workbooks.ooxml.check_workbook import is_legal_name
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package

TABLE = (
    'ref="A1:C4" totalsRowCount="1"><autoFilter ref="A1:C3"><filterColumn colId="2"><filters>'
    '<filter val="x"/></filters></filterColumn></autoFilter><tableColumns count="3"><tableColumn id="1" name="Action"/>'
    '<tableColumn id="2" name="Owner" dataDxfId="0"/><tableColumn id="5" name="Due"/></tableColumns>'
)
ROWS = (
    PLAN_ROWS
    + '<row r="5"><c r="A5"><f>C2+1</f><v>2</v></c><c r="B5" t="s"><v>1</v></c><c r="C5" t="b"><v>1</v></c></row>'
    '<row r="7" s="1" customFormat="1"><c r="A7"><v>1</v></c><c r="B7" s="2"/></row>'
)
HEAD = '<dimension ref="A1:C7"/><cols><col min="1" max="3" width="9" style="1"/><col min="5" max="5" width="9"/></cols>'
RULE = (
    '<conditionalFormatting sqref="A1"><cfRule type="expression" dxfId="0" priority="{}"><formula>1</formula></cfRule>'
    "</conditionalFormatting>"
)
TAIL = (
    '<autoFilter ref="A5:C7"/><mergeCells count="2"><mergeCell ref="A7:B7"/><mergeCell ref="E1:F2"/></mergeCells>'
    + RULE.format(1)
    + RULE.format(2)
    + '<dataValidations count="1"><dataValidation sqref="A9"/></dataValidations>'
)
NAMES = (
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Plan!$A$5:$C$7</definedName>'
    '<definedName name="Late">Plan!$A$1</definedName></definedNames>'
)
LINKS = (
    ("rId1", "worksheet", "worksheets/sheet1.xml"),
    ("rId2", "styles", "styles.xml"),
    ("rId3", "sharedStrings", "sharedStrings.xml"),
    ("rId4", "calcChain", "calcChain.xml"),
)
MORE = {
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>Due</t></si><si/></sst>',
    "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="A5" i="7"/></calcChain>',
    "xl/_rels/workbook.xml.rels": relations(*LINKS),
    "docProps/_rels/app.xml.rels": relations(),
}
DXFS = '<dxfs count="1"><dxf/></dxfs>'
RICH = Sample(ROWS, HEAD, TAIL, PLAN_STYLES + DXFS, NAMES, "", TABLE, MORE)


def rich_parts() -> dict[str, str]:
    """The parts of a workbook with one of everything, as text."""
    parts = {name: str(content) for name, content in RICH.parts().items()}
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(
        "<Override", '<Default Extension="xml" ContentType="application/xml"/><Override', 1
    )
    return parts


def package(parts: dict[str, str]) -> Package:
    """The package of these parts."""
    return Package.open(zipped(parts), "plan.xlsx")


def test_a_good_workbook_has_no_complaints() -> None:
    """Nothing is said of a workbook in which everything fits."""
    good = package(rich_parts())
    assert check_package(None, good) == ()
    assert check_package(good, good) == ()


S, T, W, Y = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml", "xl/styles.xml"
BUGS = [
    (S, '<row r="3"', '<row r="2"', "row 2: out of order or twice"),
    (S, '<row r="7"', '<row r="9999999"', "row 9999999: outside the grid"),
    (S, '<c r="B2"', '<c r="D2"', "row 2: C is out of order or twice"),
    (S, '<c r="B2"', '<c r="A2"', "row 2: A is out of order or twice"),
    (S, '<c r="B2"', '<c r="B3"', "row 2: a cell has an address of another row or outside the grid"),
    (S, '<c r="B2"', '<c r="XFE2"', "a cell has an address of another row or outside the grid"),
    (S, '<c r="C2" s="3">', '<c r="C2" s="6">', "C2: its style does not exist"),
    (S, 's="1" customFormat', 's="9" customFormat', "row 7: its style does not exist"),
    (S, 't="s"><v>1<', 't="s"><v>2<', "B5: its shared string does not exist"),
    (S, 't="b"><v>1<', 't="b"><v>TRUE<', "C5: a truth value is neither 0 nor 1"),
    (S, "<v>46082</v>", "<v>Friday</v>", "C2: a number is none"),
    (S, '<c r="A2" s="2" t="inlineStr">', '<c r="A2" s="2" t="s">', "A2: an inline text and its cell's type do"),
    (S, "<is><t>Ana</t></is>", "<v>Ana</v>", "B2: an inline text and its cell's type do not fit"),
    (S, '<c r="B7" s="2"/>', '<c r="B7" s="2"><v>1</v></c>', "B7: a value inside merged cells"),
    (S, '<mergeCell ref="E1:F2"/>', '<mergeCell ref="B7:F7"/>', "merged cells 7,2: overlap others"),
    (S, 'mergeCells count="2"', 'mergeCells count="3"', "mergeCells: count is not the number of its children"),
    (S, 'dataValidations count="1"', 'dataValidations count="2"', "dataValidations: count is not the number"),
    (S, '<dataValidation sqref="A9"/>', "", "dataValidations: is empty"),
    (S, 'priority="2"', 'priority="1"', "conditional formats: priority 1 is given 2 times"),
    (S, 'priority="2"', 'priority="0"', "a conditional format has no valid priority"),
    (S, 'dxfId="0" priority="1"', 'dxfId="1" priority="1"', "a conditional format's look 1 does not exist"),
    (S, "</mergeCells>", '</mergeCells><conditionalFormatting sqref="A1"/>', "a conditional format without rules"),
    (S, '<col min="5" max="5"', '<col min="3" max="5"', "columns 3 to 5: out of order, twice or outside the grid"),
    (S, '<col min="5" max="5"', '<col min="5" max="16385"', "columns 5 to 16385: out of order"),
    (S, 'width="9" style="1"', 'width="9" style="6"', "columns 1 to 3: their style does not exist"),
    (S, "<t>Owner</t>", "<t>Owners</t>", "table Actions: its header in B1 is not the name of its column"),
    (S, "<f>C2+1</f>", "", "the calculation chain names A5, which holds no formula"),
    (S, '<autoFilter ref="A5:C7"/>', '<autoFilter ref="A5:D7"/>', "the filter of tab 0 and its hidden name have"),
    (T, 'ref="A1:C4"', 'ref="A1:D4"', "its range and its columns differ in number"),
    (T, 'count="3"', 'count="4"', "tableColumns: count is not the number of its children"),
    (T, 'id="2" name', 'id="1" name', "column id '1' is given 2 times"),
    (T, 'name="Owner"', 'name="ACTION"', "column name 'action' is given 2 times"),
    (T, 'dataDxfId="0"', 'dataDxfId="1"', "dataDxfId 1 does not exist"),
    (T, '<autoFilter ref="A1:C3"', '<autoFilter ref="A1:B3"', "its filter has another range"),
    (T, 'colId="2"', 'colId="3"', "it is filtered by a column it does not have"),
    (W, 'name="Late"', 'name="Late run"', "the name 'Late run' is not legal"),
    (W, 'name="Late"', 'name="_xlnm._FilterDatabase" localSheetId="0"', "is given 2 times in tab 0"),
    (W, 'localSheetId="0"', 'localSheetId="1"', "belongs to a tab that does not exist"),
    (W, ">Plan!$A$1<", "> <", "the name Late refers to nothing"),
    (Y, 'cellXfs count="6"', 'cellXfs count="5"', "cellXfs: count is not the number of its children"),
    (Y, 'fonts count="4"', 'fonts count="5"', "fonts: count is not the number of its children"),
    (Y, 'dxfs count="1"', 'dxfs count="2"', "dxfs: count is not the number of its children"),
    ("[Content_Types].xml", 'Extension="xml"', 'Extension="txt"', "/xl/sharedStrings.xml: has no content type"),
    ("docProps/_rels/app.xml.rels", "</Relationships>", "", "app.xml.rels: cannot be read"),
    ("xl/_rels/workbook.xml.rels", "calcChain.xml", "chain.xml", "rId4 leads to a part that does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new", "complaint"), BUGS)
def test_planted_bugs(part: str, old: str, new: str, complaint: str) -> None:
    """Each planted mistake is told, both when looking at everything and when looking at what changed."""
    good, bad = rich_parts(), rich_parts()
    assert old in bad[part]
    bad[part] = bad[part].replace(old, new, 1)
    everything = check_package(None, package(bad))
    assert [said for said in everything if complaint in said], everything
    assert [said for said in check_package(package(good), package(bad)) if complaint in said]
    assert check_package(package(bad), package(bad)) == ()


@pytest.mark.parametrize(
    ("chain", "count"),
    [
        ('<c r="A5" i="7"/><c r="B9" i="8"/>', 0),
        ('<c r="A5" i="7"/><c r="C5"/>', 1),
        ('<c r="B9" i="8"/><c r="C9"/><c r="C5" i="7"/>', 1),
    ],
)
def test_calculation_chains(chain: str, count: int) -> None:
    """A cell of the chain belongs to the sheet named last; other sheets' cells are not looked for in this one."""
    parts = rich_parts()
    parts["xl/calcChain.xml"] = parts["xl/calcChain.xml"].replace('<c r="A5" i="7"/>', chain)
    assert len(check_package(None, package(parts))) == count


def test_a_lost_row_with_a_formula() -> None:
    """A row that is gone is looked for in the calculation chain too."""
    good, bad = rich_parts(), rich_parts()
    bad[S] = re.sub('<row r="5".*?</row>', "", bad[S])
    assert check_package(package(good), package(bad)) == (
        f"{SHEET}: the calculation chain names A5, which holds no formula",
    )


def test_tables_that_share_an_id_or_a_name() -> None:
    """Two tables of a workbook have different ids and names."""
    parts = rich_parts()
    parts["xl/tables/table2.xml"] = parts[T].replace('ref="A1', 'ref="A1')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        ("rId1", "table", "../tables/table1.xml"), ("rId2", "table", "../tables/table2.xml")
    )
    said = check_package(None, package(parts))
    assert "/xl/workbook.xml: table id '1' is given 2 times" in said
    assert "/xl/workbook.xml: table name 'actions' is given 2 times" in said


def test_headers_in_shared_strings() -> None:
    """A header is compared with its column's name also where its text is shared, rich or escaped."""
    parts = rich_parts()
    header = '<c r="C1" s="1" t="inlineStr"><is><t>Due</t></is></c>'
    parts[S] = parts[S].replace(header, '<c r="C1" s="1" t="s"><v>0</v></c>')
    assert check_package(None, package(parts)) == ()
    rich = "<si><r><t>D</t></r><r><t xml:space='preserve'>&#117;&amp;_x000A_e</t></r><rPh><t>x</t></rPh></si>"
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace("<si><t>Due</t></si>", rich)
    parts[T] = parts[T].replace('name="Due"', 'name="Du&amp;_x000a_e"')
    assert check_package(None, package(parts)) == ()
    parts[S] = parts[S].replace('t="s"><v>0</v>', "><v>0</v>")
    assert len(check_package(None, package(parts))) == 1


@pytest.mark.parametrize(
    "name", ["Late", "_late.1", "\\x", "Größe", "_xlnm.Print_Area", "_sheets_sync.7.flag", "XFE1", "R1C", "late?"]
)
def test_legal_names(name: str) -> None:
    """Names that Excel takes."""
    assert is_legal_name(name)


@pytest.mark.parametrize("name", ["", "1st", "Late run", "A1", "xfd1048576", "R", "c", "R1C1", "a-b", "x" * 256])
def test_names_that_are_not_legal(name: str) -> None:
    """Names that Excel does not take: empty, with blanks, or like a cell's address."""
    assert not is_legal_name(name)


def test_what_the_writer_makes_is_good() -> None:
    """A first run, all columns, rules and lists of it, gives nothing to complain of."""
    before = opened(Sample().data())
    after, _ = written(before, first_run(before.tab()).changes)
    assert check_package(before.package, after.package) == ()
    assert check_package(None, after.package) == ()


def test_only_changed_rows_are_looked_into() -> None:
    """A mistake somebody made in another row is not ours, one in a changed row that was there before is not either."""
    parts = rich_parts()
    parts[S] = (
        parts[S]
        .replace("<v>46090</v>", "<v>Monday</v>")
        .replace('<tableParts count="1"><tablePart r:id="rId1"/></tableParts>', "")
    )
    del parts["xl/worksheets/_rels/sheet1.xml.rels"]
    before = opened(zipped(parts))
    after, done = written(before, changes(*adding(column(Role.FLAG, 7)), edit(before.tab(), 3, Role.FLAG, "LATE")))
    assert not done.refused
    assert check_package(before.package, after.package) == ()
    assert check_package(None, after.package) == (f"{SHEET}: C3: a number is none",)
