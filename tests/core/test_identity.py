"""Ids: kept, given back, swapped back, given anew, never twice (HAZARDS 1-5)."""

import datetime as dt

from core.making import TAB, a_history, a_known, a_layout, a_plan, an_action

from sheets_sync.core.history import History
from sheets_sync.core.identity import identify
from sheets_sync.core.model import Status
from sheets_sync.core.settings import PlanSettings

SETTINGS = PlanSettings("u", id_prefix="A")


def keys(found) -> dict[int, str]:
    return {action.row: action.key for action in found.actions}


def test_a_new_plan_gets_ids_in_row_order_and_closed_rows_none():
    """Rows already closed when the plan is adopted are left in peace."""
    plan = a_plan(an_action(2), an_action(3, status=Status.DONE), an_action(4))
    found = identify(plan, History(), SETTINGS)
    assert keys(found) == {2: "A-0001", 3: "", 4: "A-0002"}
    assert found.next_number == 3


def test_numbers_never_go_back():
    """A number once given is not given again, even when its row is gone."""
    history = a_history(a_known("A-0002", gone=dt.date(2026, 11, 1)), next_number=9)
    assert keys(identify(a_plan(an_action(3)), history, SETTINGS)) == {3: "A-0009"}


def test_after_a_lost_store_numbers_go_on_at_the_next_thousand():
    """Ids in the sheet without any history: what else was given cannot be known."""
    plan = a_plan(an_action(2, key="A-0041"), an_action(3))
    assert keys(identify(plan, History(), SETTINGS)) == {2: "A-0041", 3: "A-1001"}


def test_an_id_wiped_from_an_unchanged_row_is_given_back():
    """The row's human cells still hash to what was stored."""
    history = a_history(a_known("A-0002"), a_known("A-0003"))
    found = identify(a_plan(an_action(2), an_action(3, key="A-0003")), history, SETTINGS)
    assert keys(found) == {2: "A-0002", 3: "A-0003"}
    assert found.changed == {(TAB, 2): "returned"}


def test_of_two_rows_with_one_id_the_nearer_one_keeps_it_wherever_it_stands():
    """A copied row above its original, edited: the original keeps the id, the copy gets a new one."""
    history = a_history(a_known("A-0005"), next_number=8)
    copy = an_action(2, key="A-0005", action="Paint wall 5 again")
    original = an_action(5, key="A-0005")
    found = identify(a_plan(copy, original), history, SETTINGS)
    assert keys(found) == {2: "A-0008", 5: "A-0005"}


def test_text_typed_into_our_id_column_is_not_an_id():
    """Something that is no id of ours is taken out and the row gets its own id."""
    history = a_history(a_known("A-0002"))
    found = identify(a_plan(an_action(2, key="see Ana")), history, SETTINGS)
    assert keys(found) == {2: "A-0002"}


def test_swapped_ids_are_swapped_back_one_to_one():
    """Somebody sorted only their own columns: three ids hold each other's rows word for word."""
    history = a_history(*(a_known(f"A-000{n}") for n in (2, 3, 4)))
    rows = (an_action(2, key="A-0003"), an_action(3, key="A-0004"), an_action(4, key="A-0002"))
    found = identify(a_plan(*rows), history, SETTINGS)
    assert keys(found) == {2: "A-0002", 3: "A-0003", 4: "A-0004"}
    assert found.unsolved == ""
    assert [finding.code for finding in found.findings] == ["DAT008"]


def test_swaps_that_do_not_close_make_the_run_read_only():
    """Two ids moved on, but the third row was edited: nothing is guessed."""
    history = a_history(*(a_known(f"A-000{n}") for n in (2, 3, 4)))
    rows = (an_action(2, key="A-0003"), an_action(3, key="A-0004"), an_action(4, key="A-0002", witness="edited"))
    assert identify(a_plan(*rows), history, SETTINGS).unsolved


def test_a_teams_own_id_column_is_never_swapped_and_duplicates_are_only_reported():
    """In an id column the team had before us no cell is ever written."""
    layout = a_layout(id_is_ours=False, id_column=1)
    history = a_history(a_known("A-0002"), a_known("A-0003"))
    swapped = a_plan(an_action(2, key="A-0003"), an_action(3, key="A-0002"), layout=layout)
    assert identify(swapped, history, SETTINGS).unsolved
    twice = a_plan(an_action(5, key="X1"), an_action(6, key="X1"), an_action(7), layout=layout)
    found = identify(twice, History(), SETTINGS)
    assert keys(found) == {5: "X1", 6: "X1", 7: ""}
    assert [finding.code for finding in found.findings] == ["DAT004", "DAT004"]


def test_without_the_id_column_rows_are_matched_by_text_owner_and_due():
    """When every id is gone, an edited note does not cost a row its id; a text that is not unique is not matched."""
    history = a_history(a_known("A-0002"), a_known("A-0003"), next_number=4)
    rows = (an_action(2, witness="new note"), an_action(3, witness="other", owner="Rui Costa"), an_action(4))
    assert keys(identify(a_plan(*rows), history, SETTINGS)) == {2: "A-0002", 3: "A-0003", 4: "A-0004"}


def test_an_interrupted_run_keeps_its_ids_for_the_same_rows():
    """Ids reserved by a run that could not write go to the rows they were meant for."""
    history = a_history(next_number=7, reserved={"w3": "A-0006"})
    assert keys(identify(a_plan(an_action(2), an_action(3)), history, SETTINGS)) == {2: "A-0007", 3: "A-0006"}


def test_a_row_that_comes_from_a_formula_gets_no_id():
    """Rows move under a spilled or queried row, ids would not (HAZARDS 4)."""
    assert keys(identify(a_plan(an_action(2, computed=True)), a_history(), SETTINGS)) == {2: ""}
