"""Columns, rules, drop-downs and warnings of ours in a Google sheet, beside those of people."""

import pytest
from contract.plan_tab import (
    DUE,
    FIRST_FREE,
    HEADERS,
    LAST_ROW,
    NOTES,
    PLAN,
    SHEETS,
    changes_of,
    flagged,
    keyed_edit,
    literal,
    new_column,
    plan_of,
    reversed_edit,
    reversed_structure,
)
from sheets_server.server import SheetsServer
from workbooks.google.plan_runs import Bench, bench_of, decide, human_grid, own_columns, read_all, run

from sheets_sync.core.cells import text_value
from sheets_sync.core.decision import (
    Changes,
    ColumnState,
    DropDownState,
    HighlightState,
    Receipt,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role
from sheets_sync.errors import WorkbookChanged
from sheets_sync.workbooks.google.traces import HEADER_WARNING

END = 1_048_576
RED = HighlightRule("red", (Area(2, DUE, END, DUE), Area(2, 7, END, 7)), '(N("sheets-sync:red")=0)*($G2="OVERDUE")')
AMBER = HighlightRule("amber", (Area(2, DUE, END, DUE),), '(N("sheets-sync:amber")=0)*($G2="LATE")')
OTHER = RED._replace(formula=RED.formula.replace("OVERDUE", "ATRASADA"))
CHANGE = "spreadsheets.batchUpdate"


def set_rules(bench: Bench, *rules: HighlightRule) -> Receipt:
    """A run that wants these rules."""
    seen = read_all(bench.sheet)
    standing = plan_of(seen).highlights
    before, after = (HighlightState(one) if one else None for one in (standing, rules))
    change = Structure(StructureKind.HIGHLIGHTS, plan_of(seen).key, before, after)
    return bench.sheet.apply(changes_of(seen, (), [change]), seen)


def formulas(bench: Bench) -> list[str]:
    """The formulas of all rules of the plan, in order; ours by their colour."""
    texts = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in bench.book.human.rules(PLAN)]
    return [next((one for one in ("red", "amber") if f"sheets-sync:{one}" in text), text) for text in texts]


def test_rules_of_people_stay(server: SheetsServer) -> None:
    """Our rules are replaced, never doubled, behind those of people, whose order stays."""
    bench = bench_of(server, SHEETS)
    for place, formula in enumerate(("=A1=1", "=B1=2")):
        bench.book.human.add_rule(PLAN, formula, index=place)
    set_rules(bench, RED, AMBER)
    bench.book.human.add_rule(PLAN, "=C1=3", index=1)
    bench.book.human.add_rule(PLAN, "=D1=4", index=5)
    assert formulas(bench) == ["=A1=1", "=C1=3", "=B1=2", "red", "amber", "=D1=4"]
    set_rules(bench, OTHER, AMBER)
    assert formulas(bench) == ["=A1=1", "=C1=3", "=B1=2", "=D1=4", "red", "amber"]
    assert plan_of(read_all(bench.sheet)).highlights == (OTHER, AMBER)
    set_rules(bench)
    assert formulas(bench) == ["=A1=1", "=C1=3", "=B1=2", "=D1=4"]


@pytest.mark.parametrize("index", range(4))
def test_rule_added_meanwhile(server: SheetsServer, index: int) -> None:
    """A rule of people that is deleted because they changed the order at that moment is put back at once, at its place,
    and the next run leaves each rule of ours once."""
    bench = bench_of(server, SHEETS)
    bench.book.human.add_rule(PLAN, "=A1=1", index=0)
    set_rules(bench, RED, AMBER)
    bench.at_next(CHANGE, lambda: bench.book.human.add_rule(PLAN, "=B1=2", index=index))
    set_rules(bench, OTHER, AMBER)
    people = ["=B1=2", "=A1=1"] if index == 0 else ["=A1=1", "=B1=2"]
    assert [one for one in formulas(bench) if one.startswith("=")] == people
    set_rules(bench, OTHER, AMBER)
    assert [one for one in formulas(bench) if one.startswith("=")] == people
    assert plan_of(read_all(bench.sheet)).highlights == (OTHER, AMBER)


def test_rule_deleted_meanwhile(server: SheetsServer) -> None:
    """When fewer rules are left than we meant to replace, nothing is changed and the run decides again."""
    bench = bench_of(server, SHEETS)
    set_rules(bench, RED, AMBER)
    bench.at_next(CHANGE, lambda: bench.book.human.delete_rule(PLAN, 0))
    with pytest.raises(WorkbookChanged):
        set_rules(bench, OTHER, AMBER)
    set_rules(bench, OTHER, AMBER)
    assert formulas(bench) == ["red", "amber"]


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x.example")', "+1", "-1", "@x", "'quoted", "007", "TRUE"])
def test_text_stays_text(server: SheetsServer, text: str) -> None:
    """Nothing we write becomes a formula, a number or a truth value, in cells and in headers."""
    bench = bench_of(server, SHEETS)
    seen = read_all(bench.sheet)
    column = new_column(seen, Role.FLAG, FIRST_FREE)
    column = column._replace(after=column.after._replace(header=text))
    bench.sheet.apply(changes_of(seen, [keyed_edit(seen, 2, Role.FLAG, text)], [column]), seen)
    cells = bench.book.human.cells(PLAN)
    assert [cells[row, FIRST_FREE].value for row in (1, 2)] == [text, text]


def test_column_in_the_last_place_of_the_grid(server: SheetsServer) -> None:
    """Where the grid ends with the plan it grows by our columns."""
    bench = bench_of(server, {PLAN: SHEETS[PLAN]}, columns=6)
    receipt = run(bench.sheet, "D1")
    assert receipt is not None
    assert len(receipt.applied) == 10
    assert own_columns(bench.book, PLAN) == {"flag": 7, "next_fix": 8}


@pytest.mark.parametrize("rows", [1, 2])
def test_rule_below_the_grid(server: SheetsServer, rows: int) -> None:
    """Where the grid ends above the first row of a rule it grows, so that a plan without rows yet is kept."""
    bench = bench_of(server, {PLAN: SHEETS[PLAN][:1]}, rows=rows)
    seen = read_all(bench.sheet)
    rules = Structure(StructureKind.HIGHLIGHTS, plan_of(seen).key, None, HighlightState((RED, AMBER)))
    lists = Structure(
        StructureKind.DROP_DOWNS, plan_of(seen).key, None, DropDownState((DropDown(Area(2, 5, END, 5), ("yes",)),))
    )
    column = new_column(seen, Role.FLAG, FIRST_FREE)
    receipt = bench.sheet.apply(changes_of(seen, (), [column, rules, lists]), seen)
    assert receipt.refused == ()
    assert formulas(bench) == ["red", "amber"]
    assert own_columns(bench.book, PLAN) == {"flag": FIRST_FREE}
    assert len(bench.book.human.sheet(PLAN).rows) == 2


def test_cells_far_right_move_along(server: SheetsServer) -> None:
    """Columns are put in, so what stands further right is moved, never written over."""
    bench = bench_of(server, SHEETS)
    bench.book.human.type(PLAN, 3, 10, "a remark")
    left = human_grid(bench.book)
    run(bench.sheet, "D1")
    assert human_grid(bench.book) == left
    assert bench.book.human.read(PLAN, 3, 12) == "a remark"


def test_header_warnings(server: SheetsServer) -> None:
    """Only our header cells carry a warning, which stops nobody; it goes with the column."""
    bench = bench_of(server, SHEETS)
    seen = read_all(bench.sheet)
    changes = flagged(seen)
    bench.sheet.apply(changes, seen)
    warnings = [one for one in bench.book.inside.protections if one.get("description") == HEADER_WARNING]
    assert [one["range"]["startColumnIndex"] for one in warnings] == [6, 7]
    assert all(one["warningOnly"] and one["range"]["endRowIndex"] == 1 for one in warnings)
    seen = read_all(bench.sheet)
    back = tuple(reversed_structure(structure) for structure in changes.structures)
    receipt = bench.sheet.apply(Changes((), back, changes.keys, remove_stamp=True), seen)
    assert receipt.refused == ()
    assert bench.book.inside.protections == []
    assert bench.book.metadata() == []
    assert [sheet.title for sheet in bench.book.inside.sheets] == [PLAN, NOTES]
    assert {column for _, column in bench.book.human.cells(PLAN) if column > 6} == set()


@pytest.mark.parametrize("method", ["values.batchUpdateByDataFilter", CHANGE])
@pytest.mark.parametrize("lost", [False, True], ids=["both columns", "one deleted by people"])
def test_taking_all_back_beside_people(server: SheetsServer, method: str, lost: bool) -> None:
    """Edits and columns are taken back although rows and columns move at that moment; only what people have is left."""
    bench = bench_of(server, SHEETS)
    seen = read_all(bench.sheet)
    changes = flagged(seen)
    bench.sheet.apply(changes, seen)
    if lost:
        bench.book.human.delete_columns(PLAN, 7)
    seen = read_all(bench.sheet)
    marks = plan_of(seen).marks
    edits = tuple(reversed_edit(edit) for edit in changes.edits if edit.ref.role in marks)
    columns = [
        one._replace(after=one.after._replace(column=marks.get(one.after.role, 7))) for one in changes.structures
    ]
    back = Changes(edits, tuple(map(reversed_structure, columns)), changes.keys, remove_stamp=True)

    def people_act() -> None:
        bench.book.human.move_rows(PLAN, 2, 1, 5)
        bench.book.human.move_columns(PLAN, 3, 1, 2)

    bench.at_next(method, people_act)
    receipt = bench.sheet.apply(back, seen)
    assert receipt.refused == ()
    assert bench.book.metadata() == []
    assert {column for _, column in bench.book.human.cells(PLAN) if column > 6} == set()


def test_deleted_column_comes_back_where_asked(server: SheetsServer) -> None:
    """A column that people deleted is known as lost, and may be added again."""
    bench = bench_of(server, SHEETS)
    run(bench.sheet, "D1")
    bench.book.human.delete_columns(PLAN, 7)
    seen = read_all(bench.sheet)
    assert (plan_of(seen).marks, plan_of(seen).lost_marks) == ({Role.NEXT_FIX: 7}, {Role.FLAG})
    bench.sheet.apply(changes_of(seen, (), [new_column(seen, Role.FLAG, 8)]), seen)
    tab = plan_of(read_all(bench.sheet))
    assert (tab.marks, tab.lost_marks) == ({Role.NEXT_FIX: 7, Role.FLAG: 8}, frozenset())


def test_columns_are_marked_again(server: SheetsServer) -> None:
    """A column with our header that lost its mark is marked where it stands, and its cells stay."""
    bench = bench_of(server, {PLAN: ((*SHEETS[PLAN][0], "Flag"), *((*row, "OVERDUE") for row in SHEETS[PLAN][1:]))})
    seen = read_all(bench.sheet)
    state = ColumnState(Role.FLAG, 7, 1, "Flag", LAST_ROW)
    receipt = bench.sheet.apply(
        Changes((), (Structure(StructureKind.COLUMN, plan_of(seen).key, state, state),), ()), seen
    )
    assert len(receipt.structures) == 1
    tab = plan_of(read_all(bench.sheet))
    assert tab.marks == {Role.FLAG: 7}
    assert literal(tab.rows[1].cells[7]) == text_value("OVERDUE")


def test_renamed_header(server: SheetsServer) -> None:
    """Our header is changed in its own column, wherever that stands by then."""
    bench = bench_of(server, SHEETS)
    run(bench.sheet, "D1")
    seen = read_all(bench.sheet)
    state = ColumnState(Role.FLAG, 7, 1, HEADERS[Role.FLAG], LAST_ROW)
    change = Structure(StructureKind.COLUMN, plan_of(seen).key, state, state._replace(header="Alerta"))
    bench.at_next("values.batchUpdateByDataFilter", lambda: bench.book.human.insert_columns(PLAN, 1))
    assert bench.sheet.apply(changes_of(seen, (), [change]), seen).structures == (change,)
    assert bench.book.human.read(PLAN, 1, 8) == "Alerta"


def test_copied_tab_is_not_ours(server: SheetsServer) -> None:
    """A copy of the plan has none of our marks, and is not written."""
    bench = bench_of(server, SHEETS)
    run(bench.sheet, "D1")
    bench.book.human.duplicate_tab(PLAN, "Copy")
    tabs = {tab.name: tab for tab in read_all(bench.sheet).tabs}
    assert tabs["Copy"].marks == {}
    left = human_grid(bench.book)["Copy"]
    run(bench.sheet, "D2")
    assert human_grid(bench.book)["Copy"] == left


def set_list(bench: Bench, drop_down: DropDown) -> Receipt:
    """A run that wants this drop-down."""
    seen = read_all(bench.sheet)
    change = Structure(StructureKind.DROP_DOWNS, plan_of(seen).key, None, DropDownState((drop_down,)))
    return bench.sheet.apply(changes_of(seen, (), [change]), seen)


def test_drop_down_warns_only(server: SheetsServer) -> None:
    """Our drop-down offers words and lets others be typed."""
    bench = bench_of(server, SHEETS)
    drop_down = DropDown(Area(2, 5, END, 5), ("yes", "no, never"))
    assert set_list(bench, drop_down).refused == ()
    check = bench.book.human.cells(PLAN)[3, 5].validation
    assert check is not None
    assert not check.get("strict")
    assert plan_of(read_all(bench.sheet)).drop_downs == (drop_down,)


@pytest.mark.parametrize("words", [(), ("yes", " "), ("=A1",), ("+1",)], ids=str)
def test_drop_down_that_cannot_be(server: SheetsServer, words: tuple[str, ...]) -> None:
    """Words that would not be words are refused."""
    bench = bench_of(server, SHEETS)
    assert len(set_list(bench, DropDown(Area(2, 5, END, 5), words)).refused) == 1


def test_drop_downs_of_people_stay(server: SheetsServer) -> None:
    """Where people have a drop-down or a checkbox of their own, ours is refused."""
    bench = bench_of(server, SHEETS)
    bench.book.human.drop_down(PLAN, 4, 5, ["maybe"])
    assert len(set_list(bench, DropDown(Area(2, 5, END, 5), ("yes", "no"))).refused) == 1
    assert plan_of(read_all(bench.sheet)).drop_downs == ()


def test_what_people_did_to_the_sheet(server: SheetsServer) -> None:
    """Hidden and filtered rows, merges, filters, checkboxes, chips and links of a row are read as people see them."""
    bench = bench_of(server, SHEETS)
    human = bench.book.human
    human.hide(PLAN, row=3)
    human.filter(PLAN, 3, ["Eva"])
    human.merge(PLAN, 2, 2, 2, 3)
    human.checkbox(PLAN, 4, 5, ticked=True)
    human.people_chip(PLAN, 6, 3, "Zoë Ruiz", "zoe@example.org")
    human.hide(NOTES)
    seen = read_all(bench.sheet)
    tab = plan_of(seen)
    assert [row.number for row in tab.rows if row.hidden] == [3, 5]
    assert tab.merged == (Area(2, 2, 2, 3),)
    assert tab.filter is not None
    assert (tab.filter.top, tab.filter.left) == (1, 1)
    assert tab.rows[3].cells[5].seen is True
    assert tab.rows[5].cells[3].seen == "Zoë Ruiz"
    assert [title.hidden for title in seen.titles] == [False, True]


def test_people_restored_an_old_version(server: SheetsServer) -> None:
    """A stamp that somebody tampered with counts as written by somebody else, and a lost one as none."""
    bench = bench_of(server, SHEETS)
    run(bench.sheet, "D1")
    bench.book.human.type("_sheets-sync", 1, 1, "tampered")
    assert read_all(bench.sheet).stamp == ("", "", 0, "")
    bench.book.human.delete_tab("_sheets-sync")
    assert read_all(bench.sheet).stamp is None
    receipt = run(bench.sheet, "D2")
    assert receipt is not None
    assert len(receipt.applied) == 5
    assert read_all(bench.sheet).stamp == decide(read_all(bench.sheet), "D2").stamp._replace(write=1)


@pytest.mark.parametrize("named", [(), (PLAN,)], ids=["all tabs", "tabs by name"])
def test_people_have_a_tab_of_that_name(server: SheetsServer, named: tuple[str, ...]) -> None:
    """A tab of people with the name of our hidden one stays as it is: ours gets another name, and goes again."""
    bench = bench_of(server, SHEETS, tabs=named)
    bench.book.human.add_tab("_sheets-sync")
    bench.book.human.type("_sheets-sync", 1, 1, "my notes")
    changes = flagged(read_all(bench.sheet))
    receipt = bench.sheet.apply(changes, read_all(bench.sheet))
    assert receipt.refused == ()
    seen = read_all(bench.sheet)
    assert seen.stamp == changes.stamp
    back = tuple(reversed_structure(structure) for structure in changes.structures)
    bench.sheet.apply(Changes((), back, changes.keys, remove_stamp=True), seen)
    assert [sheet.title for sheet in bench.book.inside.sheets] == [PLAN, NOTES, "_sheets-sync"]
    assert bench.book.human.read("_sheets-sync", 1, 1) == "my notes"
