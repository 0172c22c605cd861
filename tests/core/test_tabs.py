"""Which tabs hold the plan, and which are only views of it."""

import datetime as dt

import pytest
from core.typed import formula, plan, settings, snapshot_of, texts

from sheets_sync.core.model import Field
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.snapshot import Area, Table
from sheets_sync.core.tabs import plan_tabs

PLAN = [["Action", "Owner", "Due"], ["Paint the wall", "Ana", dt.date(2026, 3, 2)]]
SUPERSEDED = ["Copy of Actions", "Ações (2)", "Arquivo 2024", "Plantilla", "Old plan", "Modelo", "Archive"]


def chosen(content, /, *, frames=None, **more):
    """The names of the tabs chosen, with the reason when there are none."""
    selection = plan_tabs(snapshot_of(content, **(frames or {})), settings(**more))
    return [tab.name for tab in selection.chosen], selection.reason


def test_the_single_tab_that_looks_like_a_plan() -> None:
    """Tabs without an action column are no candidates."""
    assert chosen({"Notes": [["Owner", "Due"]], "Actions": PLAN, "Empty": []}) == (["Actions"], "")


def test_several_tabs_are_not_guessed() -> None:
    """With two candidates nothing is chosen until they are named; then both are one plan, in workbook order."""
    tabs = {"North": PLAN, "South": PLAN}
    assert chosen(tabs) == ([], "several")
    assert chosen(tabs, tabs=("South", "North")) == (["North", "South"], "")
    found = parse_plan(snapshot_of(tabs), settings())
    assert [dict(finding.facts)["columns"] for finding in found.findings] == ['"North", "South"']


def test_no_tab_looks_like_a_plan() -> None:
    """A workbook without an action column says so once."""
    assert chosen({"Notes": [["Owner"]]}) == ([], "none")
    found = plan([["Owner", "Due"], ["Ana", None]])
    assert [(finding.code, dict(finding.facts)["kind"], finding.field) for finding in found.findings] == [
        ("DAT001", "missing", Field.ACTION)
    ]


@pytest.mark.parametrize("name", SUPERSEDED)
def test_copies_and_archives_only_when_named(name: str) -> None:
    """A copy, an archive, a template or an old tab is not taken unasked, not even alone."""
    assert chosen({"Actions": PLAN, name: PLAN}) == (["Actions"], "")
    assert chosen({name: PLAN}) == ([], "none")
    assert chosen({name: PLAN}, tabs=(name,)) == ([name], "")


def test_hidden_tabs_only_when_named() -> None:
    """A hidden tab is no candidate until it is named."""
    tabs, frames = {"Actions": PLAN, "Secret": PLAN}, {"Secret": {"hidden": True}}
    assert chosen(tabs, frames=frames) == (["Actions"], "")
    assert chosen(tabs, frames=frames, tabs=("Secret",)) == (["Secret"], "")


def test_other_tabs_of_the_model_come_second() -> None:
    """A tab called Problems is the plan only when nothing else looks like one."""
    assert chosen({"Actions": PLAN, "Problems": PLAN}) == (["Actions"], "")
    assert chosen({"Problems": PLAN}) == (["Problems"], "")


def test_an_empty_plan_comes_second() -> None:
    """A header without rows is no rival of a plan, and is one when alone."""
    assert chosen({"Actions 2026": PLAN, "Actions 2027": PLAN[:1]}) == (["Actions 2026"], "")
    assert chosen({"Actions 2027": PLAN[:1]}) == (["Actions 2027"], "")


def test_a_named_tab_that_is_not_there() -> None:
    """A name no tab has is told; a name in other case still finds its tab."""
    assert chosen({"Actions": PLAN}, tabs=("Plan",)) == ([], "missing")
    assert chosen({"Ações": PLAN}, tabs=("acoes",)) == (["Ações"], "")
    found = parse_plan(snapshot_of({"Actions": PLAN}), settings(tabs=("Plan", "Actions")))
    assert ([dict(finding.facts)["kind"] for finding in found.findings], texts(found)) == (
        ["no_tab"],
        ["Paint the wall"],
    )


def test_a_named_tab_without_a_header() -> None:
    """A named tab that is no plan is DAT001 of that tab, and the others go on."""
    tabs = {"Actions": PLAN, "Notes": [["Some", "words"]]}
    found = parse_plan(snapshot_of(tabs), settings(tabs=("Actions", "Notes")))
    assert [(finding.tab, dict(finding.facts)["kind"]) for finding in found.findings] == [("2", "missing")]
    assert texts(found) == ["Paint the wall"]


def linked(*formulas):
    """A plan whose actions come from these formulas; None is a typed action."""
    rows = [[formula(text, f"Paint {n}") if text else f"Paint {n}", "Ana"] for n, text in enumerate(formulas)]
    return plan([["Action", "Owner"], *rows])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("_xlfn._xlws.FILTER(Plan!A2:A9,Plan!B2:B9=1)", "FILTER (Plan)"),
        ("QUERY('Plan 2026'!A:F,\"select A\")", "QUERY (Plan 2026)"),
        ('IMPORTRANGE("https://x","Plan!A1:B9")', "IMPORTRANGE"),
        ("Plan!B#", "links (Plan)"),
        ("INDEX(A:A,5)", "INDEX"),
    ],
)
def test_a_view_is_told_with_its_source(text: str, source: str) -> None:
    """A tab whose actions come from elsewhere is a view of it, and every such action is computed."""
    found = linked(text, text, None)
    assert found.layouts[0].view_of == source
    assert [action.computed for action in found.actions] == [True, True, False]


def test_a_single_linked_action_is_no_view() -> None:
    """One linked row leaves the plan a plan."""
    found = linked("Other!B#", None, None)
    assert (found.layouts[0].view_of, [action.computed for action in found.actions]) == ("", [True, False, False])


def test_a_text_put_together_in_its_own_tab_is_typed_here() -> None:
    """A formula over cells of the same tab takes nothing from elsewhere."""
    found = linked('B#&" - "&C#', 'B#&"!"', 'IF(B#="Plan!A1","x","y")')
    assert (found.layouts[0].view_of, [action.computed for action in found.actions]) == ("", [False] * 3)


def test_a_spilled_tab_is_a_view() -> None:
    """Values spilled from one formula are a view as well, named after that formula."""
    rows = [["Action", "Owner"], [formula("SORT(Plan!A2:B4)", "Paint"), "Ana"], ["Sand", "Rui"], ["Fix", "Eva"]]
    found = plan(rows, frame={"computed": (Area(2, 1, 4, 2),)})
    assert found.layouts[0].view_of == "SORT (Plan)"
    assert len(found.actions) == 3


def test_a_query_table_is_a_view() -> None:
    """Rows filled by a query are a view of Power Query."""
    table = Table("Query", Area(1, 1, 2, 3), has_header=True, has_totals=False, is_query=True)
    assert plan(PLAN, frame={"tables": (table,)}).layouts[0].view_of == "Power Query"


def test_a_spilled_date_is_computed() -> None:
    """A date that spills from a formula above is computed like the formula's own."""
    found = plan(PLAN, frame={"computed": (Area(2, 3, 2, 3),)})
    assert found.actions[0].due.computed


def test_a_view_beside_its_plan_is_not_taken() -> None:
    """A filtered view of the plan does not make the plan ambiguous; alone it is read."""
    view = [PLAN[0], *([formula("FILTER(Actions!A2:C9,1)", "Paint the wall"), "Ana", None] for _ in range(3))]
    assert chosen({"Actions": PLAN, "By owner": view}) == (["Actions"], "")
    assert chosen({"By owner": view}) == (["By owner"], "")
