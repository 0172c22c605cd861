"""Our own traces: their wording goes out and comes back, and what people did to them is seen."""

import pytest
from reading_samples import plan_parts, read_tab, snapshot_of, workbook_part, worksheet, zipped

from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Stamp
from sheets_sync.workbooks.ooxml import traces
from sheets_sync.workbooks.ooxml.grid import MAX_ROW

NAMES = [
    ("_sheets_sync.7.flag", "'Plan'!$K$1:$K$1048576", {Role.FLAG: 11}, set()),
    ("_sheets_sync.7.flag", "Plan!$K:$K", {Role.FLAG: 11}, set()),
    ("_SHEETS_SYNC.7.Next_Fix", "plan!$L$4", {Role.NEXT_FIX: 12}, set()),
    ("_sheets_sync.7.id", "#REF!", {}, {Role.ID}),
    ("_sheets_sync.7.id", "Plan!#REF!", {}, {Role.ID}),
    ("_sheets_sync.7.id", "'O''Neill'!$A:$A", {}, {Role.ID}),
    ("_sheets_sync.7.id", "Plan!$A:$B", {}, {Role.ID}),
    ("_sheets_sync.7.id", "Plan!$XFE:$XFE", {}, {Role.ID}),
    ("_sheets_sync.8.id", "'O''Neill'!$A:$A", {}, set()),
    ("_sheets_sync.9.id", "Plan!$A:$A", {}, set()),
    ("_sheets_sync.7.owner", "Plan!$A:$A", {}, set()),
    ("sheets_sync.7.id", "Plan!$A:$A", {}, set()),
]


@pytest.mark.parametrize(("name", "formula", "marks", "lost"), NAMES)
def test_a_mark_counts_for_the_tab_of_its_number_alone(
    name: str, formula: str, marks: dict[Role, int], lost: set[Role]
) -> None:
    """A mark gives its column; one whose column is gone, or that points to another tab, is lost."""
    names = f'<definedName name="{name}" hidden="1">{formula}</definedName>'
    book = plan_parts(worksheet(), workbook=workbook_part(names=names, tabs=("Plan", "O'Neill")))
    book["xl/worksheets/sheet2.xml"] = worksheet()
    book["xl/_rels/workbook.xml.rels"] = str(book["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        '<Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
    )
    plan, other = snapshot_of(zipped(book)).tabs
    assert (plan.marks, plan.lost_marks) == (marks, lost)
    assert other.marks == ({Role.ID: 1} if name == "_sheets_sync.8.id" else {})


def test_a_name_that_belongs_to_one_tab_is_no_mark() -> None:
    """Copying a tab copies its names for that tab only; those mark nothing."""
    names = '<definedName name="_sheets_sync.7.id" localSheetId="0">Plan!$A:$A</definedName>'
    tab = read_tab(worksheet(), workbook=workbook_part(names=names))
    assert (tab.marks, tab.lost_marks) == ({}, frozenset())


@pytest.mark.parametrize("tab", ["Plan", "O'Neill & Co", "a!b", "5", "Ação 2026"])
@pytest.mark.parametrize("role", list(Role))
def test_a_mark_comes_back_as_it_was_written(tab: str, role: Role) -> None:
    """What the writer writes as a mark's name and reference, the reader understands, whatever the tab is called."""
    assert traces.parse_mark_name(traces.mark_name("12", role)) == ("12", role)
    reference = traces.parse_reference(traces.mark_reference(tab, 27))
    assert reference == (tab, Area(1, 27, MAX_ROW, 27))


STAMP = Stamp("plan-1", 'store "x"', 42, "0.1.0")


@pytest.mark.parametrize(
    ("formula", "stamp"),
    [
        (traces.stamp_formula(STAMP), STAMP),
        ('"p;s;1;0.2;newer field"', Stamp("p", "s", 1, "0.2")),
        ('"p;s;1"', traces.FOREIGN_STAMP),
        ('"p;s;one;0.1"', traces.FOREIGN_STAMP),
        ("#REF!", traces.FOREIGN_STAMP),
        ("Plan!$A$1", traces.FOREIGN_STAMP),
        ("", traces.FOREIGN_STAMP),
    ],
)
def test_a_stamp_that_cannot_be_read_is_somebody_else_s(formula: str, stamp: Stamp) -> None:
    """A stamp comes back as written; a broken one stands for a store that is not ours."""
    text = formula.replace('"', "&quot;")
    names = f'<definedName name="_sheets_sync.stamp" hidden="1">{text}</definedName>'
    book = plan_parts(worksheet(), workbook=workbook_part(names=names))
    assert snapshot_of(zipped(book)).stamp == stamp


def test_a_workbook_never_written_has_no_stamp() -> None:
    """No stamp is None, not a foreign one."""
    assert snapshot_of(zipped(plan_parts(worksheet()))).stamp is None


def rule(formula: str, priority: int, kind: str = "expression") -> str:
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<cfRule type="{kind}" dxfId="0" priority="{priority}"><formula>{text}</formula></cfRule>'


def test_our_highlights_are_told_from_people_s_rules() -> None:
    """A rule is ours by its marker term; rules come in priority order, areas and formula as they stand."""
    red = f'AND($K5="OVERDUE",{traces.highlight_marker("red")})'
    amber = f'AND($K5<>"",{traces.highlight_marker("amber").lower()} )'
    tail = (
        f'<conditionalFormatting sqref="K5:K1048576 D5:D1048576">{rule(amber, 9)}{rule(red, 3)}</conditionalFormatting>'
        f'<conditionalFormatting sqref="A1">{rule(red, 1, "cellIs")}{rule("A1>N(1)", 2)}</conditionalFormatting>'
        '<conditionalFormatting sqref="A2"><cfRule type="dataBar" priority="4"/></conditionalFormatting>'
    )
    areas = (Area(5, 11, MAX_ROW, 11), Area(5, 4, MAX_ROW, 4))
    assert read_tab(worksheet(tail=tail)).highlights == (
        HighlightRule("red", areas, red),
        HighlightRule("amber", areas, amber),
    )


@pytest.mark.parametrize(
    ("formula", "colour"),
    [
        ('N("sheets-sync:red")=0', "red"),
        ('n( "sheets-sync:amber" ) = 0', "amber"),
        ('LEN("sheets-sync:red")=0', ""),
        ('N("sheets-sync:red")=05', ""),
        ('N("sheets-sync:red")>0', ""),
        ('N("sheets-sync:green")=0', ""),
        ('"sheets-sync:red"=A1', ""),
    ],
)
def test_only_the_whole_marker_term_makes_a_rule_ours(formula: str, colour: str) -> None:
    """A person's rule that merely mentions the words stays a person's."""
    assert traces.highlight_colour(formula) == colour


def test_our_drop_downs_are_told_from_people_s() -> None:
    """A drop-down is ours by the title of its warning; each of its areas is one."""
    values = ("Planned", 'Done "ok"', "On hold")
    formula = traces.drop_down_formula(values).replace('"', "&quot;")
    tail = (
        "<dataValidations>"
        f'<dataValidation type="list" errorTitle="sheets-sync" sqref="D5:D9 F5"><formula1>{formula}</formula1>'
        "</dataValidation>"
        '<dataValidation type="list" errorTitle="Mine" sqref="A1"><formula1>"a,b"</formula1></dataValidation>'
        '<dataValidation type="whole" errorTitle="sheets-sync" sqref="B1"><formula1>1</formula1></dataValidation>'
        '<dataValidation type="list" errorTitle="sheets-sync" sqref="H1"><formula1>$A$1</formula1></dataValidation>'
        "</dataValidations>"
    )
    newer = (
        '<extLst><ext uri="u" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidations>'
        '<x14:dataValidation type="list"><xm:sqref>J2:J9 L2</xm:sqref></x14:dataValidation>'
        "</x14:dataValidations></ext></extLst>"
    )
    tab = read_tab(worksheet(tail=tail + newer))
    assert tab.drop_downs == (
        DropDown(Area(5, 4, 9, 4), values),
        DropDown(Area(5, 6, 5, 6), values),
        DropDown(Area(1, 8, 1, 8), ()),
    )
    assert tab.checks == (Area(1, 1, 1, 1), Area(2, 10, 9, 10), Area(2, 12, 2, 12))


def test_checks_that_cannot_be_understood_are_passed_over() -> None:
    """A validation of people's with a broken area keeps no workbook from being read."""
    broken = '<dataValidation type="whole" sqref="no area"/><dataValidation type="whole" sqref="C2"/>'
    tab = read_tab(worksheet(tail=f"<dataValidations>{broken}</dataValidations>"))
    assert tab.checks == (Area(2, 3, 2, 3),)
