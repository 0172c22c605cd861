"""Whose column the ids stand in."""

import pytest
from core.typed import formula, plan, settings, snapshot_of, unclear

from sheets_sync.core.model import Field
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.snapshot import Role


def ids(*values, header: str = "ID", **more) -> Plan:
    """A plan with one action per id."""
    rows = [[header, "Action", "Owner"], *([value, f"Paint wall {place}", "Ana"] for place, value in enumerate(values))]
    return plan(rows, **more)


@pytest.mark.parametrize(
    "values",
    [
        ["1.1", "1.2", "2.1"],
        ["P-1", "P-2", "P-3"],
        [3, 1, 2],
        [101, 102, 103],
        ["a"] + [f"b{n}" for n in range(19)],
        [*(f"b{n}" for n in range(19)), None],
    ],
)
def test_a_team_column_that_is_the_key(values) -> None:
    """A filled, unique, typed column that is more than a count of rows is the key, and no column is added."""
    found = ids(*values)
    layout = found.layouts[0]
    assert (layout.id_is_ours, layout.id_column, layout.column(Field.ID)) == (False, 1, 1)
    assert [action.key for action in found.actions[:2]] == [str(value) for value in values[:2]]
    assert all(column != 1 for column, _ in layout.witness_columns)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3],
        ["1", "2", "3"],
        ["01.", "02.", "03."],
        [0, 1, 2],
        ["1º", "2º"],
        ["P-1", "P-1", "P-2"],
        ["P-1", None, "P-2"],
        [None, None, None],
        [formula("ROW()", "P-1"), "P-2", "P-3"],
    ],
)
def test_a_team_column_that_is_no_key(values) -> None:
    """A count of rows, duplicates, gaps or formulas make no key: ours is added, and theirs is a column like others."""
    found = ids(*values)
    layout = found.layouts[0]
    assert (layout.id_is_ours, layout.id_column, layout.column(Field.ID)) == (True, None, None)
    assert {action.key for action in found.actions} == {""}
    assert (1, "id") in layout.witness_columns


def test_our_own_column_is_the_key() -> None:
    """A marked column holds the ids under any name, whatever the team's column looks like."""
    found = ids("P-1", "P-2", header="Nº", frame={"marks": {Role.ID: 4, Role.FLAG: 5}})
    assert (found.layouts[0].id_is_ours, found.layouts[0].id_column) == (True, 4)


@pytest.mark.parametrize("values", [["P-1", "P-1", "P-2"], ["P-1", None, None]])
def test_a_key_stays_the_key(values) -> None:
    """Once written, a plan keeps the team's column as its key: its blanks and duplicates are only reported."""
    found = ids(*values, frame={"marks": {Role.FLAG: 4}})
    assert (found.layouts[0].id_is_ours, found.layouts[0].id_column) == (False, 1)


def test_a_lost_id_column_of_ours_is_not_replaced_by_the_teams() -> None:
    """When our id column was deleted, a count of rows does not become the key."""
    found = ids(1, 2, 3, frame={"marks": {Role.FLAG: 4}, "lost_marks": frozenset({Role.ID})})
    assert found.layouts[0].id_is_ours


@pytest.mark.parametrize("values", [[1, 2, 3], ["G1", "G1", "G1", "G2"], [None, None]])
def test_a_column_that_never_was_the_key_does_not_become_it(values) -> None:
    """A count of rows or a group number does not become the key when no trace of our id column is left."""
    assert ids(*values, frame={"marks": {Role.FLAG: 4}}).layouts[0].id_is_ours


def test_a_mapped_column_is_the_key() -> None:
    """A column the config names is taken even if it only counts."""
    found = ids(1, 2, 3, header="Line", column_map=((Field.ID, "Line"),))
    assert (found.layouts[0].id_is_ours, [action.key for action in found.actions]) == (False, ["1", "2", "3"])


def test_two_columns_that_could_be_the_key() -> None:
    """Two columns fit to be the key need a choice; one that only counts is no rival."""
    rows = [["No.", "Code", "Action", "Owner"], ["x1", "P-1", "Paint", "Ana"], ["x2", "P-2", "Sand", "Rui"]]
    (facts,) = unclear(plan(rows))
    assert (facts["name"], facts["columns"]) == ("id", '"No." (A1), "Code" (B1)')
    counting = [rows[0], [1, *rows[1][1:]], [2, *rows[2][1:]]]
    assert plan(counting).layouts[0].id_column == 2


def test_ids_used_in_two_tabs_are_no_keys() -> None:
    """Tabs that number their rows anew have no key of the plan; distinct ids stay keys."""
    header = ["ID", "Action", "Owner"]
    tabs = {"A": [header, ["1.1", "Paint", "Ana"]], "B": [header, ["1.1", "Sand", "Rui"]]}
    chosen = settings(tabs=("A", "B"))
    assert [layout.id_is_ours for layout in parse_plan(snapshot_of(tabs), chosen).layouts] == [True, True]
    tabs["B"][1][0] = "2.1"
    assert [layout.id_is_ours for layout in parse_plan(snapshot_of(tabs), chosen).layouts] == [False, False]


def test_an_id_copied_to_another_tab_does_not_end_the_keys() -> None:
    """In a plan already written, an id that turns up in a second tab is only a duplicate to be reported."""
    header = ["ID", "Action", "Owner"]
    tabs = {"A": [header, ["1.1", "Paint", "Ana"]], "B": [header, ["1.1", "Sand", "Rui"]]}
    frames = {key: {"marks": {Role.FLAG: 4}} for key in tabs}
    found = parse_plan(snapshot_of(tabs, **frames), settings(tabs=("A", "B")))
    assert [layout.id_is_ours for layout in found.layouts] == [False, False]
