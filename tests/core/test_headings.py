"""Which rows are actions, and where a plan ends."""

import datetime as dt

import pytest
from core.typed import BOLD, STRUCK, formula, merged, plan, styled, texts

from sheets_sync.core.cells import CellStyle
from sheets_sync.core.model import DateProblem, Status
from sheets_sync.core.snapshot import Area, Role, Table

HEADER = ["Action", "Owner", "Due", "Status"]
FULL = ["Paint the wall", "Ana", dt.date(2026, 3, 2), "Done"]
OTHER = ["Sand the floor", "Rui", dt.date(2026, 3, 3), "Done"]


def headings(found) -> list[int]:
    """The row numbers taken as headings."""
    return [row for _, row in found.headings]


def around(*rows, frame=None, header=HEADER, **chosen):
    """A plan with a full action, these rows, and another full action."""
    return plan([header, FULL, *rows, OTHER], frame=frame, **chosen)


@pytest.mark.parametrize(
    ("row", "is_heading"),
    [
        (["PHASE 1"], False),
        ([styled("PHASE 1", BOLD)], True),
        ([styled("PHASE 1", CellStyle(filled=True))], True),
        ([styled("PHASE 1", BOLD), "Ana"], False),
        (HEADER, True),
        (["Action", "Owner"], True),
        (["Action", "Ana"], False),
        (["Action"], False),
        (["Total", None, None, "2"], True),
        (["TOTAL:", None, None, 2], True),
        (["Total quality training", "Ana"], False),
    ],
)
def test_headings_and_actions(row, is_heading: bool) -> None:
    """A row formatted unlike its neighbours, a header said again and a total are headings; a lone action is not."""
    found = around(row)
    assert headings(found) == ([3] if is_heading else [])
    assert len(found.actions) == (2 if is_heading else 3)


def test_a_plan_in_bold_has_no_headings() -> None:
    """What looks like its neighbours is no heading, however it looks."""
    bold = [styled("Paint the wall", BOLD), "Ana"]
    assert len(plan([HEADER, bold, [styled("Sand the floor", BOLD)], bold]).actions) == 3
    assert len(plan([HEADER, bold, [styled("Sand the floor", BOLD)], OTHER]).actions) == 3


def test_a_row_merged_across_is_a_heading() -> None:
    """A band across three columns is a heading, unless an owner or date stands beside it."""
    frame = {"merged": (merged("A3:D3"),)}
    assert headings(around(["PHASE 1"], frame=frame)) == [3]
    wide = ["Action", None, None, "Owner"]
    rows = [wide, ["Paint", None, None, "Ana"], ["PHASE"], ["Sand", None, None, "Rui"]]
    found = plan(rows, frame={"merged": tuple(map(merged, ("A2:C2", "A3:C3", "A4:C4")))})
    assert (texts(found), headings(found)) == (["Paint", "Sand"], [3])


def test_a_number_above_its_sub_items_is_a_heading() -> None:
    """1 above 1.1 and 1.2 is a heading, in the text or in a number column."""
    rows = [[f"{n} {name}", *rest] for n, (name, *rest) in zip(("1.1", "1.2"), (FULL, OTHER), strict=True)]
    assert headings(plan([HEADER, ["1. Building"], *rows])) == [2]
    numbered = [["No.", *HEADER], ["1", "Building"], ["1.1", *FULL], ["1.2", *OTHER], ["2", "Yard"], ["2.1", *FULL]]
    assert headings(plan(numbered)) == [2, 5]


def test_a_number_without_sub_items_is_an_action() -> None:
    """Plain numbering makes no headings."""
    rows = [["No.", *HEADER], ["1", "Paint"], ["2", "Sand"], ["3", *FULL]]
    assert len(plan(rows).actions) == 3


def test_a_label_beside_the_action_column_is_a_heading() -> None:
    """One text alone, in another column than the action, is a label and no action without text."""
    rows = [["Goal", *HEADER], ["G1", *FULL], ["STRATEGIC AXIS 2"], ["G2", *OTHER]]
    found = plan(rows)
    assert (headings(found), len(found.actions)) == ([3], 2)


@pytest.mark.parametrize("row", [[None, "Ana"], [None, None, dt.date(2026, 3, 4)], [None, None, None, "Done"]])
def test_a_row_that_lost_its_action_is_kept(row) -> None:
    """With an owner, a date or a status a row without text is an action to be mended."""
    assert texts(around(row)) == ["Paint the wall", "", "Sand the floor"]


def test_a_row_with_several_cells_lost_its_action() -> None:
    """Two mapped cells beside a blank action are more than a label."""
    rows = [["Goal", "Notes", *HEADER], ["G1", "x", *FULL], ["G2", "call them"], ["G2", "y", *OTHER]]
    assert texts(plan(rows)) == ["Paint the wall", "", "Sand the floor"]


def test_blank_rows_inside_are_passed_over() -> None:
    """A blank row, or one with formulas that show nothing, ends nothing and is nothing."""
    found = around([], [None, None, formula('IF(A#="","",1)', ""), formula("IF(1,0)", "late")])
    assert (texts(found), headings(found)) == (["Paint the wall", "Sand the floor"], [])


def test_a_row_with_only_our_own_cells_is_nothing() -> None:
    """What we wrote into a row a person cleared does not make it an action."""
    found = around([None, None, None, None, "OVERDUE"], header=[*HEADER, "Flag"], frame={"marks": {Role.FLAG: 5}})
    assert (texts(found), headings(found)) == (["Paint the wall", "Sand the floor"], [])


def test_check_boxes_nobody_ticked_are_no_rows() -> None:
    """Boxes drawn below and between the actions are nothing until one is ticked or an action is typed beside it."""
    header = ["Action", "Owner", "Due", "Done"]
    empty = [None, None, None, False]
    rows = [["Paint the wall", "Ana", None, False], empty, ["Sand the floor", None, None, False], empty, empty]
    assert [action.row for action in plan([header, *rows]).actions] == [2, 4]
    assert [action.row for action in plan([header, *rows[:1], [None, None, None, True], *rows[2:]]).actions] == [
        2,
        3,
        4,
    ]


def test_the_plan_ends_with_its_last_full_row() -> None:
    """Remarks and prefilled numbers below the plan are not part of it."""
    numbered = [["No.", *HEADER], [1, *FULL], [2, *OTHER], *([n] for n in range(3, 900)), [None, "Prepared by the PMO"]]
    found = plan(numbered)
    assert (len(found.actions), headings(found), found.layouts[0].last_row) == (2, [], 3)


def test_actions_typed_right_below_the_plan_belong_to_it() -> None:
    """A new action without owner or date counts at once; after a blank row, or as a remark, it does not."""
    assert texts(plan([HEADER, FULL, ["Fix the roof"]])) == ["Paint the wall", "Fix the roof"]
    assert texts(plan([HEADER, FULL, [], ["Fix the roof"]])) == ["Paint the wall"]
    assert texts(plan([HEADER, FULL, ["Source: the yard"]])) == ["Paint the wall"]
    assert texts(plan([HEADER, FULL, ["* revised in May"]])) == ["Paint the wall"]


def test_a_plan_of_bare_actions() -> None:
    """A list nobody has given owners yet is a plan."""
    assert texts(plan([HEADER, ["Paint"], ["Sand"]])) == ["Paint", "Sand"]


def test_a_table_belongs_to_the_plan_down_to_its_end() -> None:
    """In a table rows below a gap still count, and its totals row is a heading."""
    table = Table("Plan", Area(1, 1, 6, 4), has_header=True, has_totals=True, is_query=False)
    rows = [HEADER, FULL, [], ["Fix the roof"], ["Call the mason"], ["Sum of all", None, None, 3]]
    found = plan(rows, frame={"tables": (table,)})
    assert texts(found) == ["Paint the wall", "Fix the roof", "Call the mason"]
    assert headings(found) == [6]
    assert len(plan(rows[:5], frame={"tables": (table._replace(has_totals=False),)}).actions) == 3


def test_totals_of_a_table_between_actions() -> None:
    """The totals row of a table is a heading even when a typed row follows it."""
    table = Table("Plan", Area(1, 1, 3, 4), has_header=True, has_totals=True, is_query=False)
    found = plan([HEADER, FULL, ["Sum of all", None, None, 3], OTHER], frame={"tables": (table,)})
    assert (texts(found), headings(found)) == (["Paint the wall", "Sand the floor"], [3])


def test_merged_cells_in_a_row_read_as_blank() -> None:
    """Only the top left cell of merged cells has the value; the others are blank and told."""
    rows = [["Goal", *HEADER], ["G1", *FULL], [None, *OTHER], ["stale", "Fix the roof", "Eva"]]
    found = plan(rows, frame={"merged": (merged("A2:A4"), merged("C3:C4"))})
    assert [action.goal for action in found.actions] == [("G1",), (), ()]
    assert [action.owner for action in found.actions] == ["Ana", "Rui", ""]
    told = [[(str(p.field), p.problem) for p in action.problems] for action in found.actions]
    assert told == [[], [("goal", "merged")], [("goal", "merged"), ("owner", "merged")]]


def test_a_merged_action_is_blank_below() -> None:
    """The rows below a merged action have no action of their own."""
    rows = [HEADER, FULL, [None, "Rui", dt.date(2026, 3, 4)], OTHER]
    found = plan(rows, frame={"merged": (merged("A2:A3"),)})
    assert texts(found) == ["Paint the wall", "", "Sand the floor"]
    assert [(str(p.field), p.problem) for p in found.actions[1].problems] == [("action", "merged")]


@pytest.mark.parametrize(
    ("struck", "statuses"),
    [
        ("", [Status.DONE, Status.IN_PROGRESS, Status.DONE]),
        ("done", [Status.DONE, Status.DONE, Status.DONE]),
        ("ignore", [Status.DONE, Status.DONE]),
    ],
)
def test_struck_rows(struck: str, statuses) -> None:
    """A struck-through action is open, done or nothing, as the plan says; it is counted in any case."""
    found = around([styled("Fix the roof", STRUCK), "Eva", None, "Em andamento"], struck=struck)
    assert [action.status.status for action in found.actions] == statuses
    assert ("struck", (("count", "1"), ("tab", "Actions"))) in found.notes


def test_a_struck_cancelled_row_stays_cancelled() -> None:
    """Striking through does not make a cancelled action done."""
    found = around([styled("Fix the roof", STRUCK), "Eva", None, "Cancelled"], struck="done")
    assert found.actions[1].status.status is Status.CANCELLED


def test_a_due_that_repeats_is_no_header() -> None:
    """A text in a date column of a full row stays what it is."""
    found = around(["Fix the roof", "Eva", "Due"])
    assert found.actions[1].due.problem is DateProblem.NOT_A_DATE
