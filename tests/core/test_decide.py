"""From wanted and present to the smallest set of changes: columns, cells, highlights, leftovers."""

import pytest
from core.making import TAB, a_history, a_known, a_layout, a_plan, an_action

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind, text_value
from sheets_sync.core.decide import Wanted, decide, typed_over
from sheets_sync.core.decision import CellRef, Edit, StructureKind
from sheets_sync.core.history import History
from sheets_sync.core.identity import identify
from sheets_sync.core.model import Field, Finding, Severity
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Area, Role, Row, Snapshot, Tab, TabTitle
from sheets_sync.words.flags import flag_words

SETTINGS = PlanSettings("u")
COLUMNS = ((Field.ACTION, 1), (Field.OWNER, 2), (Field.DUE, 3), (Field.STATUS, 4))


def cells(**texts: str) -> dict[int, Cell]:
    """Cells by column letter."""
    return {ord(letter) - 64: Cell(text_value(text), text, 0) for letter, text in texts.items() if text}


def a_tab(*rows: dict[int, Cell], **more) -> Tab:
    header = cells(A="Action", B="Owner", C="Due", D="Status")
    words = flag_words("en").headers
    ours = {column: Cell(text_value(words[role]), words[role], 0) for role, column in more.get("marks", {}).items()}
    header |= more.pop("header", ours)
    numbered = [Row(1, header, False), *(Row(n, row, False) for n, row in enumerate(rows, start=2))]
    return Tab(TAB, "Actions", tuple(numbered), **more)


NEW = History()


def decided(tab: Tab, *actions, wanted: Wanted, history: History = NEW, layout=None, settings=SETTINGS, **more):
    plan = a_plan(*actions, layout=layout or a_layout(columns=COLUMNS), findings=more.pop("findings", ()))
    snapshot = Snapshot((TabTitle(TAB, "Actions"),), (tab,), (), "f")
    return decide(snapshot, plan, identify(plan, history, SETTINGS), wanted=wanted, settings=settings, **more)


MARKS = {Role.ID: 5, Role.FLAG: 6, Role.NEXT_FIX: 7}


def test_the_first_run_adds_three_columns_right_of_the_last_header_and_fills_them():
    """Columns, highlights and cells are one decision; cells of blank wishes are not written."""
    found = decided(a_tab(cells(A="x")), an_action(2), wanted=Wanted({(TAB, 2): "ON TRACK"}, {}))
    added = [s.after for s in found.changes.structures if s.kind is StructureKind.COLUMN]
    assert [(c.role, c.column, c.header) for c in added] == [
        (Role.ID, 5, "ID"),
        (Role.FLAG, 6, "Flag"),
        (Role.NEXT_FIX, 7, "Next fix"),
    ]
    assert [(e.ref.role, e.before, e.after.text) for e in found.changes.edits] == [
        (Role.ID, BLANK, "A-0001"),
        (Role.FLAG, BLANK, "ON TRACK"),
    ]


def test_nothing_to_change_is_no_change():
    """What stands as wanted is not written again."""
    row = cells(A="x", E="A-0002", F="ON TRACK")
    history = a_history(a_known("A-0002"))
    wanted = Wanted({(TAB, 2): "ON TRACK"}, {})
    first = decided(a_tab(row, marks=MARKS), an_action(2, key="A-0002"), wanted=wanted, history=history)
    rules = next(s.after.rules for s in first.changes.structures)
    again = decided(
        a_tab(row, marks=MARKS, highlights=rules), an_action(2, key="A-0002"), wanted=wanted, history=history
    )
    assert not again.changes


@pytest.mark.parametrize(
    ("tab", "given"),
    [
        (a_tab(cells(A="x"), marks=MARKS, header={}), [(5, "ID"), (6, "Flag"), (7, "Next fix")]),
        (a_tab(cells(A="x"), marks=MARKS, header=cells(E="ID", F="Alerta")), [(7, "Next fix")]),
        (a_tab(cells(A="x"), marks=MARKS), []),
        (a_tab(cells(A="x"), marks=MARKS, header=cells(E="ID", F="Flag"), merged=(Area(1, 6, 1, 7),)), []),
        (a_tab(cells(A="x"), cells(G="Next fix"), marks=MARKS, header=cells(E="ID", F="Flag")), []),
    ],
    ids=["all blank", "renamed", "as written", "merged", "in another row"],
)
def test_a_blank_header_over_our_column_is_given_its_word_again(tab: Tab, given: list[tuple[int, str]]):
    """Only a blank one: what people named otherwise, merged, or moved to another row stays."""
    found = decided(tab, an_action(2, key="A-0002"), wanted=Wanted({}, {}), history=a_history(a_known("A-0002")))
    renamed = [s for s in found.changes.structures if s.kind is StructureKind.COLUMN]
    assert [s.before.header for s in renamed] == [""] * len(given)
    assert [(s.after.column, s.after.header) for s in renamed] == given


def test_a_cell_a_person_changed_in_our_column_is_restored():
    """Our cells show what the tool says; the edit carries what stood there, so that it can be undone."""
    row = cells(A="x", E="A-0002", F="fine!")
    found = decided(
        a_tab(row, marks=MARKS),
        an_action(2, key="A-0002"),
        wanted=Wanted({(TAB, 2): "ON TRACK"}, {}),
        history=a_history(a_known("A-0002")),
    )
    [edit] = found.changes.edits
    assert (edit.before.text, edit.after.text, edit.key) == ("fine!", "ON TRACK", "A-0002")


@pytest.mark.parametrize(
    ("role", "before", "typed"),
    [
        (Role.FLAG, "OVERDUE since 13 Nov", False),
        (Role.FLAG, "ATRASADA desde 13 nov", False),
        (Role.FLAG, "fine!", True),
        (Role.NEXT_FIX, "Type in Due the day. [DUE001]", False),
        (Role.NEXT_FIX, "Escreva em Prazo o dia. [DUE001, OWN001]", False),
        (Role.NEXT_FIX, "Esta linha vem de uma fórmula ou de outra tabela; altere lá.", False),
        (Role.NEXT_FIX, "ask Ana [soon]", True),
        (Role.ID, "A-0007", False),
        (Role.ID, "OLD-0007", False),
        (Role.ID, "mine", True),
        (Role.FLAG, "", False),
    ],
)
def test_what_only_a_person_can_have_typed_is_counted(role: Role, before: str, typed: bool):
    """Our own texts that are out of date are no typing, whatever the language they were written in."""
    edit = Edit("A-0001", CellRef(TAB, 2, role), text_value(before), BLANK)
    assert typed_over([edit]) == ({role: 1} if typed else {})


def test_a_number_in_our_column_was_typed():
    """We write nothing but texts."""
    edit = Edit("A-0001", CellRef(TAB, 2, Role.ID), CellValue(Kind.NUMBER, "12"), BLANK)
    assert typed_over([edit, edit]) == {Role.ID: 2}


def test_a_flag_left_on_a_row_that_is_no_action_any_more_is_cleared():
    """Only text that can only be ours is cleared; a note below the table stays."""
    gone, note = cells(E="A-0002", F="OVERDUE since 13 Nov", G="Fix. [DUE001]"), cells(F="ask Ana")
    found = decided(a_tab(gone, note, marks=MARKS), wanted=Wanted({}, {}), history=a_history(a_known("A-0002")))
    assert [(e.ref.row, e.ref.role, e.after) for e in found.changes.edits] == [
        (2, Role.FLAG, BLANK),
        (2, Role.NEXT_FIX, BLANK),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"rows": (cells(A="x", F="note"),)},
        {"rows": (cells(A="x"),), "merged": (Area(2, 4, 3, 6),)},
    ],
)
def test_without_room_nothing_is_added_and_the_keeper_is_told_how_much_to_free(more):
    """Something stands where our columns would go."""
    found = decided(a_tab(*more.pop("rows"), **more), an_action(2), wanted=Wanted({(TAB, 2): "ON TRACK"}, {}))
    assert not found.changes
    assert found.closed_tabs == {"Actions": "no_room:3:D"}


@pytest.mark.parametrize(
    ("checks", "given"),
    [
        ((), True),
        ((Area(1, 4, 1, 4), Area(2, 3, 90, 3)), True),
        ((Area(2, 4, 2, 4),), False),
        ((Area(50, 1, 60, 9),), False),
    ],
    ids=["none", "header and neighbour", "one cell", "across"],
)
def test_a_column_with_a_check_of_peoples_gets_no_drop_down(checks: tuple[Area, ...], given: bool):
    """Our list for the status comes only where people have no check of their own below the header."""
    settings = PlanSettings("u", drop_downs=True)
    tab = a_tab(cells(A="x"), checks=checks)
    found = decided(tab, an_action(2), wanted=Wanted({(TAB, 2): "ON TRACK"}, {}), settings=settings)
    assert any(one.kind is StructureKind.DROP_DOWNS for one in found.changes.structures) is given


def test_a_deleted_column_stays_deleted_and_is_reported_once():
    """The keeper is told the first time; --restore-columns brings it back."""
    marks = {Role.ID: 5, Role.FLAG: 6}
    tab = a_tab(cells(A="x", E="A-0002"), marks=marks, lost_marks=frozenset({Role.NEXT_FIX}))
    wanted, history = Wanted({}, {(TAB, 2): "Type a date. [DUE001]"}), a_history(a_known("A-0002"))
    row = an_action(2, key="A-0002")
    first = decided(tab, row, wanted=wanted, history=history)
    assert (first.newly_dropped, first.changes.edits) == ({f"{TAB}:next_fix"}, ())
    second = decided(tab, row, wanted=wanted, history=history, dropped=first.dropped)
    assert second.newly_dropped == frozenset()
    back = decided(tab, row, wanted=wanted, history=history, dropped=first.dropped, restore=True)
    assert [s.after.role for s in back.changes.structures if s.kind is StructureKind.COLUMN] == [Role.NEXT_FIX]


@pytest.mark.parametrize(
    ("layout", "findings", "why"),
    [
        (a_layout(columns=COLUMNS, view_of="QUERY"), (), "view:QUERY"),
        (a_layout(columns=COLUMNS), (Finding("DAT001", Severity.E, TAB),), "ambiguous"),
    ],
)
def test_views_and_ambiguous_tabs_are_never_written(layout, findings, why):
    """A tab filled by a query, or whose columns are not clear, is left alone."""
    found = decided(
        a_tab(cells(A="x")), an_action(2), wanted=Wanted({(TAB, 2): "DONE"}, {}), layout=layout, findings=findings
    )
    assert not found.changes
    assert found.closed_tabs == {"Actions": why}


def test_a_teams_own_id_column_is_never_written():
    """No id edits, no id column of ours."""
    layout = a_layout(columns=COLUMNS, id_is_ours=False, id_column=4)
    found = decided(
        a_tab(cells(A="x", D="T7")), an_action(2, key="T7"), wanted=Wanted({(TAB, 2): "DONE"}, {}), layout=layout
    )
    roles = {e.ref.role for e in found.changes.edits} | {
        s.after.role for s in found.changes.structures if s.kind is StructureKind.COLUMN
    }
    assert roles == {Role.FLAG, Role.NEXT_FIX}


def test_highlight_formulas_need_no_argument_separator():
    """Functions of at most one argument and the marker, so that no locale's separator can break a rule."""
    found = decided(a_tab(cells(A="x")), an_action(2), wanted=Wanted({(TAB, 2): "ON TRACK"}, {}))
    rules = next(s.after.rules for s in found.changes.structures if s.kind is StructureKind.HIGHLIGHTS)
    assert [rule.colour for rule in rules] == ["red", "amber"]
    for rule in rules:
        assert f'N("sheets-sync:{rule.colour}")=0' in rule.formula
        assert "," not in rule.formula
        assert ";" not in rule.formula
        assert len(rule.formula) < 4000


def test_an_id_left_in_an_empty_row_goes_when_an_action_holds_it():
    """People moved a row's cells elsewhere; its id follows them and stands only once."""
    moved, empty = cells(A="x"), cells(E="A-0002", F="ON TRACK")
    found = decided(
        a_tab(moved, empty, marks=MARKS),
        an_action(2),
        wanted=Wanted({(TAB, 2): "ON TRACK"}, {}),
        history=a_history(a_known("A-0002")),
    )
    written = {(e.ref.row, e.ref.role): e.after.text for e in found.changes.edits}
    assert written == {(2, Role.ID): "A-0002", (2, Role.FLAG): "ON TRACK", (3, Role.FLAG): "", (3, Role.ID): ""}
