"""Hidden names come and go in the workbook part, and a full calculation is asked for only where a formula needs it."""

import pytest
from writing_samples import (
    KEY,
    PLAN_ROWS,
    PLAN_TABLE,
    STAMP,
    WORKBOOK,
    Sample,
    adding,
    changes,
    column,
    edit,
    opened,
    relations,
    removing,
    worksheet,
    written,
)

from sheets_sync.core.decision import Changes
from sheets_sync.core.snapshot import Area, Role
from sheets_sync.workbooks.ooxml.formula_uses import Formula, Owned, uses
from sheets_sync.workbooks.ooxml.names_patch import NameChanges, with_names
from sheets_sync.workbooks.ooxml.workbook_patch import calculated_on_load

FLAG = column(Role.FLAG, 4)
ROOT = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</workbook>'
MARK = '<definedName name="_sheets_sync.7.flag" hidden="1">\'Plan\'!$D$1:$D$1048576</definedName>'
STAMPED = '<definedName name="_sheets_sync.stamp" hidden="1">"plan-uid;store-uid;3;0.1.0"</definedName>'
PRINT = '<definedName name="_xlnm.Print_Area" localSheetId="0">Plan!$A$1:$C$3</definedName>'


def names(put: dict[str, str] | None = None, drop: tuple[str, ...] = ()) -> NameChanges:
    """Changes of names alone."""
    return NameChanges(put or {}, drop, {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sheets/><calcPr/>", "<sheets/><definedNames>{}</definedNames><calcPr/>"),
        (
            "<sheets/><externalReferences/><extLst/>",
            "<sheets/><externalReferences/><definedNames>{}</definedNames><extLst/>",
        ),
        (f"<sheets/><definedNames>{PRINT}</definedNames>", f"<sheets/><definedNames>{PRINT}{{}}</definedNames>"),
        ("<sheets/><definedNames/>", "<sheets/><definedNames>{}</definedNames>"),
    ],
)
def test_names_come_and_go(before: str, after: str) -> None:
    """A name is put at the end of the list, which is made where the schema wants it, and taken away again."""
    text = "'A & B'!$D$1:$D$9"
    put = with_names(ROOT.format(before).encode(), names({"_sheets_sync.7.flag": text}))
    name = '<definedName name="_sheets_sync.7.flag" hidden="1">\'A &amp; B\'!$D$1:$D$9</definedName>'
    assert put.decode() == ROOT.format(after.format(name))
    assert with_names(put, names({"_SHEETS_SYNC.7.FLAG": text})) == put
    gone = with_names(put, names(drop=("_sheets_sync.7.flag",))).decode()
    assert gone == ROOT.format(before).replace("<definedNames/>", "")


def test_a_name_is_replaced_where_it_stands() -> None:
    """A name that is there gets its new meaning in place; a tab's own name of the same spelling is somebody else's."""
    local = '<definedName name="_sheets_sync.stamp" localSheetId="0">1</definedName>'
    ours = '<definedName name="_sheets_sync.stamp" hidden="1">"a"</definedName>'
    book = ROOT.format(f"<definedNames>{local}{ours}{PRINT}</definedNames>")
    after = with_names(book.encode(), names({"_sheets_sync.stamp": '"b"'})).decode()
    assert after == book.replace('"a"', '"b"')


def test_dropping_what_is_not_there() -> None:
    """Taking away names that do not exist changes nothing."""
    for inside in ("", "<definedNames/>", f"<definedNames>{PRINT}</definedNames>"):
        book = ROOT.format(inside).encode()
        assert with_names(book, names(drop=("_sheets_sync.stamp",))) == book


def test_mark_and_stamp() -> None:
    """A write leaves the mark of each new column and the stamp; leaving takes both."""
    before = opened(Sample().data())
    after, _ = written(before, changes(*adding(FLAG), stamp=STAMP))
    assert f"<definedNames>{MARK}{STAMPED}</definedNames>" in after.part(WORKBOOK)
    assert after.seen.stamp == STAMP
    again, _ = written(after, changes(edit(after.tab(), 2, Role.FLAG, "LATE"), stamp=STAMP._replace(write=4)))
    assert again.seen.stamp == STAMP._replace(write=4)
    left, _ = written(again, Changes((), removing(FLAG), (), remove_stamp=True))
    assert left.part(WORKBOOK) == before.part(WORKBOOK)


def test_the_stamp_alone_is_removed() -> None:
    """The stamp goes also where nothing else is left of us."""
    before = opened(Sample(names=f"<definedNames>{STAMPED}</definedNames>").data())
    after, done = written(before, Changes((), (), (), remove_stamp=True))
    assert (after.seen.stamp, done.parts_changed) == (None, 1)


def test_the_stamp_alone_is_written() -> None:
    """A stamp is written where nothing else changes only when that is asked for."""
    before = opened(Sample().data())
    after, done = written(before, Changes((), (), (), STAMP))
    assert (after.seen.stamp, done.parts_changed) == (None, 0)
    after, done = written(before, Changes((), (), (), STAMP, stamp_alone=True))
    assert (after.seen.stamp, done.parts_changed) == (STAMP, 1)


def test_a_mark_of_an_odd_tab_name() -> None:
    """The mark of a tab with quotes and markup characters in its name is read back."""
    sheet = f'<sheet name="Bob&apos;s &lt;plan&gt; &amp; co" sheetId="{KEY}" r:id="rId1"/>'
    parts = Sample().parts()
    book = str(parts["xl/workbook.xml"]).replace(f'<sheet name="Plan" sheetId="{KEY}" r:id="rId1"/>', sheet)
    before = opened(Sample(more={"xl/workbook.xml": book}).data())
    after, _ = written(before, changes(*adding(FLAG)))
    assert after.tab().marks == {Role.FLAG: 4}


OWNED = (Owned("Plan", (Area(1, 4, 3, 4),), (("Actions", ("Flag",)),)),)


@pytest.mark.parametrize(
    ("formula", "tab"),
    [
        ("D2", "Plan"),
        ('$D$2&"x"', "Plan"),
        ("SUM(A2:F2)", "Plan"),
        ('COUNTIF(D:D,"LATE")', "Plan"),
        ("SUM(A:Z)", "Plan"),
        ("SUM(2:2)", "Plan"),
        ("Plan!D2", "Other"),
        ("'Plan'!$D$1:$D$1048576", "Other"),
        ("COUNTIF(plan!d:d,1)", "Other"),
        ("SUM(First:Last!D2)", "Other"),
        ("Actions[Flag]", "Other"),
        ("Actions[@Flag]", "Plan"),
        ("ROWS(Actions)", "Other"),
        ("COLUMNS(actions[#All])", "Other"),
        ("INDEX(Actions[],1,4)", "Other"),
        ("IF(A1,late_cells,0)", "Other"),
    ],
)
def test_formulas_that_use_us(formula: str, tab: str) -> None:
    """A formula is found to use our cells by address, column, row, table, column name or defined name."""
    assert uses(Formula(formula), tab, OWNED, ["Late_Cells"])


@pytest.mark.parametrize(
    ("formula", "tab"),
    [
        ("D2", "Other"),
        ("C2", "Plan"),
        ("D4", "Plan"),
        ("SUM(A1:C3)", "Plan"),
        ("SUM(E:Z)", "Plan"),
        ("Other!D2", "Plan"),
        ("SUM(4:9)", "Plan"),
        ('"D2"', "Plan"),
        ("AD2+D22", "Plan"),
        ("D2x(1)", "Plan"),
        ("LOG10(A1)", "Plan"),
        ("Actions[Owner]", "Plan"),
        ("Actions[@Due]", "Plan"),
        ("MyActions+1", "Plan"),
        ("[1]Plan!D2", "Other"),
        ("'Plan 2'!D2", "Other"),
        ("too_late_cells", "Other"),
    ],
)
def test_formulas_that_do_not(formula: str, tab: str) -> None:
    """A formula about other cells is none of our business, however similar it looks."""
    assert not uses(Formula(formula), tab, OWNED, ["late_cells"])


def test_shared_formulas_reach_as_far_as_they_are_copied() -> None:
    """A shared formula is written once and used down a whole stretch."""
    assert not uses(Formula("D10"), "Plan", (Owned("Plan", (Area(12, 4, 12, 4),)),))
    assert uses(Formula("D10", rows=5), "Plan", (Owned("Plan", (Area(12, 4, 12, 4),)),))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sheets/>", '<sheets/><calcPr fullCalcOnLoad="1"/>'),
        ("<sheets/><definedNames/><oleSize/>", '<sheets/><definedNames/><calcPr fullCalcOnLoad="1"/><oleSize/>'),
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="1"/>', '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr calcMode="manual"/>', '<calcPr calcMode="manual"/>'),
    ],
)
def test_calculated_on_load(before: str, after: str) -> None:
    """The workbook asks to be calculated when opened, unless it does so already or a person calculates by hand."""
    assert calculated_on_load(ROOT.format(before).encode()).decode() == ROOT.format(after)


CALC = '<calcPr calcId="1"/>'


@pytest.mark.parametrize(
    ("formula", "names", "asked"),
    [
        ('COUNTIF(Plan!D:D,"LATE")', "", True),
        ("SUM(Plan!C:C)", "", False),
        ("SUM(Late)", '<definedNames><definedName name="Late">Plan!$D$2:$D$9</definedName></definedNames>', True),
        ("SUM(Late)", '<definedNames><definedName name="Late">Plan!$B$2:$B$9</definedName></definedNames>', False),
        ("SUM(1)", f"<definedNames>{PRINT.replace('$C', '$F')}</definedNames>", False),
    ],
)
def test_calculation_is_asked_for_where_needed(formula: str, names: str, asked: bool) -> None:
    """Only where a formula on any tab uses cells we wrote does the workbook ask to be calculated."""
    parts = Sample(names=names, settings=CALC).parts()
    book = str(parts["xl/workbook.xml"]).replace("</sheets>", '<sheet name="Sums" sheetId="9" r:id="rId9"/></sheets>')
    quoted = formula.replace('"', "&quot;")
    more = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"),
            ("rId9", "worksheet", "worksheets/sheet2.xml"),
        ),
        "xl/worksheets/sheet2.xml": worksheet(f'<row r="1"><c r="A1"><f>{quoted}</f></c></row>'),
            }  # fmt: skip
    before = opened(Sample(names=names, settings=CALC, more=more).data())
    after, done = written(before, changes(*adding(FLAG), edit(before.tab(), 2, Role.FLAG, "LATE")))
    assert not done.refused
    assert ("fullCalcOnLoad" in after.part(WORKBOOK)) is asked


def test_calculation_of_structured_references() -> None:
    """A formula that names our column of a table makes the workbook ask to be calculated when a cell of it changes."""
    once, _ = written(opened(Sample(table=PLAN_TABLE, settings=CALC).data()), changes(*adding(FLAG)))
    assert "fullCalcOnLoad" not in once.part(WORKBOOK)
    rows = PLAN_ROWS + '<row r="9"><c r="A9"><f>COUNTA(Actions[Flag])</f><v>1</v></c></row>'
    again, _ = written(opened(Sample(table=PLAN_TABLE, rows=rows, settings=CALC).data()), changes(*adding(FLAG)))
    assert "fullCalcOnLoad" in again.part(WORKBOOK)
