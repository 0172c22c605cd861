"""Texts, percentages, lists, statuses and ignores as people type them."""

import datetime as dt

import pytest
from core.typed import PERCENT, day, formula, only, plan, styled

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.model import Ignore, Status
from sheets_sync.core.plan import UnknownStatus
from sheets_sync.core.values import id_list, ignores


def progress_of(*values, header: str = "% complete"):
    """The progress of each row."""
    rows = [["Action", "Owner", header], *(["Paint the wall", "Ana", value] for value in values)]
    return plan(rows).actions


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((styled(0.5, PERCENT), styled(1, PERCENT)), (50, 100)),
        ((styled(0.5, PERCENT), 80), (50, 80)),
        ((50, 100, 0), (50, 100, 0)),
        ((0.5, 1, 0), (50, 100, 0)),
        ((0.5, 1, 50), (0.5, 1, 50)),
        (("50%", "75 %", "33,3 %"), (50, 75, 33.3)),
        (("0,5", 0.25), (50, 25)),
        ((True, False), (100, 0)),
        ((None, "-", "n/a", 10), (None, None, None, 10)),
        ((True, 1.0, 50), (100, 1, 50)),
    ],
)
def test_percentages(values, expected) -> None:
    """Progress is told in percent, whether typed as 50, 0.5, 50 % or as a tick."""
    assert [action.progress for action in progress_of(*values)] == list(expected)


@pytest.mark.parametrize(
    ("value", "problem"),
    [("half", "not a number"), (dt.date(2026, 1, 1), "not a number"), (150, "out of range"), (-5, "out of range")],
)
def test_progress_that_is_none(value, problem: str) -> None:
    """A text, a date and a number no percentage can be are told as cell problems."""
    first, _ = progress_of(value, 40)
    assert first.progress is None
    assert [(str(p.field), p.problem) for p in first.problems] == [("progress", problem)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("G1", ("G1",)),
        ("G1; G2", ("G1", "G2")),
        ("G1,G2 , G3", ("G1", "G2", "G3")),
        ("G1\nG2", ("G1", "G2")),
        ("Goal 1, Goal 2", ("Goal 1", "Goal 2")),
        ("Fiscal, Financial and Corporate Transparency", ("Fiscal, Financial and Corporate Transparency",)),
    ],
)
def test_id_list(text: str, expected: tuple[str, ...]) -> None:
    """Ids are parted by semicolons, lines, or commas; a name with a comma in it stays whole."""
    assert id_list(text) == expected


def statuses(*values, header: str = "Status", **chosen):
    """The plan with one row per status."""
    rows = [["Action", "Owner", header], *(["Paint the wall", "Ana", value] for value in values)]
    return plan(rows, **chosen)


def test_unknown_statuses_are_counted_once_per_word() -> None:
    """Spellings of one unknown word are one, the commonest spelling is shown, and no meaning is guessed."""
    found = statuses("Doing it", "doing it", "Doing it", "Licitação", "Done", None)
    assert [action.status.status for action in found.actions[:4]] == [Status.UNKNOWN] * 4
    assert found.unknown_statuses == (UnknownStatus("Doing it", 3), UnknownStatus("Licitação", 1))
    assert ("Done", Status.DONE, 1) in found.status_values


def test_the_plans_own_words_go_first() -> None:
    """A status the plan maps means that, in any spelling and even against the shipped word."""
    found = statuses(
        "Feito", "FEITA", "Doing it", status_map=(("feito", Status.VERIFIED), ("Doing it", Status.BLOCKED))
    )
    assert [action.status.status for action in found.actions] == [Status.VERIFIED, Status.VERIFIED, Status.BLOCKED]


def test_lateness_is_not_a_status() -> None:
    """ "Overdue" typed as a status reads as planned and says so."""
    first, second = statuses("Atrasado", "Em andamento").actions
    assert (first.status.status, first.status.typed_late) == (Status.PLANNED, True)
    assert (second.status.status, second.status.typed_late) == (Status.IN_PROGRESS, False)


def test_codes_count_only_alone() -> None:
    """C, EA and NI mean something in a column of codes, and nothing beside whole words."""
    alone = statuses("C", "EA", "NI", None)
    assert [a.status.status for a in alone.actions] == [Status.DONE, Status.IN_PROGRESS, Status.PLANNED, Status.PLANNED]
    assert statuses("C", "Em andamento").actions[0].status.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, Status.DONE),
        (False, Status.PLANNED),
        (styled(1, PERCENT), Status.DONE),
        (styled(0.4, PERCENT), Status.IN_PROGRESS),
        ("x", Status.DONE),
        (None, Status.PLANNED),
        ("-", Status.PLANNED),
    ],
)
def test_ticks_and_percentages_as_status(value, expected: Status) -> None:
    """A tick, an x or 100 % is done; a blank is planned."""
    assert statuses(value, "Done").actions[0].status.status is expected


@pytest.mark.parametrize("header", ["Done", "Done?", "OK", "Feito", "Concluído", "Hecho", "Concluída?"])
def test_done_columns_are_statuses(header: str) -> None:
    """A Done column is a status: x is done, blank is planned."""
    found = statuses("x", None, "x", header=header)
    assert [a.status.status for a in found.actions] == [Status.DONE, Status.PLANNED, Status.DONE]
    assert found.can_say_done


@pytest.mark.parametrize(
    ("done_on", "expected"),
    [(day("2026-10-01"), Status.DONE), ("03/04/2026", Status.DONE), ("no", Status.PLANNED), (None, Status.PLANNED)],
)
def test_a_blank_status_with_a_day_of_completion_is_done(done_on, expected: Status) -> None:
    """Where the status is blank, the day of completion tells."""
    other = day("2026-09-01")
    rows = [
        ["Action", "Status", "Completed on"],
        ["Paint", None, done_on],
        *(["Sand", "Done", other] for _ in range(4)),
    ]
    assert plan(rows).actions[0].status.status is expected


def test_a_broken_status() -> None:
    """An error in the status is a problem of that cell, and no unknown word."""
    found = statuses(CellTrouble("#N/A"), "Done")
    assert found.actions[0].status.status is Status.UNKNOWN
    assert [(str(p.field), p.problem) for p in found.actions[0].problems] == [("status", "error")]
    assert found.unknown_statuses == ()


def test_a_formula_as_status_is_read() -> None:
    """A computed status counts, and is marked as computed."""
    first, second = statuses(formula("IF(A#=1,1,2)", "Done"), "Done").actions
    assert (first.status.status, first.status_computed, second.status_computed) == (Status.DONE, True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("ACT004 until 2026-12-31: agreed with Rui", (Ignore(("ACT004",), day("2026-12-31"), "agreed with Rui"),)),
        ("act004, DUE003 até 31/12/2026: ok", (Ignore(("ACT004", "DUE003"), day("2026-12-31"), "ok"),)),
        ("DUE002 hasta 30 de junio de 2026: x", (Ignore(("DUE002",), day("2026-06-30"), "x"),)),
        ("ACT003 until Dec 2026: house style", (Ignore(("ACT003",), day("2026-12-31"), "house style"),)),
        ("ACT004: no reason to change", (Ignore(("ACT004",), None, "no reason to change"),)),
        ("until 2026-12-31: all of it", (Ignore((), day("2026-12-31"), "all of it"),)),
        ("ACT004 until 2026-12-31", (Ignore(("ACT004",), day("2026-12-31"), ""),)),
        ("ACT004 until the end of time", (Ignore(("ACT004",), None, "the end of time"),)),
        ("as agreed", (Ignore((), None, "as agreed"),)),
        ("ACT004: a; b\nDUE003: c", (Ignore(("ACT004",), None, "a; b"), Ignore(("DUE003",), None, "c"))),
    ],
)
def test_ignores(text: str, expected: tuple[Ignore, ...]) -> None:
    """Codes, end date and reason are read in three languages; words without a code stand for everything."""
    dates = {
        "2026-12-31": "2026-12-31",
        "31/12/2026": "2026-12-31",
        "30 de junio de 2026": "2026-06-30",
        "Dec 2026": "2026-12-31",
    }
    assert ignores(text, lambda found: day(dates[found]) if found in dates else None) == expected


def test_the_ignore_column_reads_dates_like_the_plan() -> None:
    """The end date of an ignore follows the plan's date order."""
    rows = [["Action", "Owner", "Ignore"], ["Paint", "Ana", "ACT004 until 03/04/2026: soon gone"]]
    assert only(plan(rows, date_order="dmy")).ignore == (Ignore(("ACT004",), day("2026-04-03"), "soon gone"),)
    assert only(plan(rows)).ignore[0].until is None


def test_other_columns() -> None:
    """Texts are as typed, lists are parted, closed lists are canonical."""
    header = ["Action", "Owner", "Goal", "KPI", "Priority", "Type", "Effective?", "Notes", "Deliverable", "Next step"]
    row = ["Paint", 12, "G1; G2", "K1", "Alta", "Corretiva", "Parcialmente", dt.date(2026, 1, 2), " a wall ", True]
    action = only(plan([header, row]))
    assert (action.owner, action.goal, action.kpi, action.priority) == ("12", ("G1", "G2"), ("K1",), "Alta")
    assert (action.high_priority, action.type, action.effective) == (True, "corrective", "partly")
    assert (action.note, action.done_when, action.next_step) == ("2026-01-02", "a wall", "TRUE")


def test_an_error_in_any_mapped_column_is_told() -> None:
    """Also a column no rule reads tells its broken cells."""
    rows = [["Action", "Owner", "Cost"], ["Paint", CellTrouble("#REF!"), CellTrouble("#DIV/0!")]]
    action = only(plan(rows))
    assert action.owner == ""
    assert [(str(p.field), p.problem, p.text) for p in action.problems] == [
        ("cost", "error", "#DIV/0!"),
        ("owner", "error", "#REF!"),
    ]


@pytest.mark.parametrize("field", ["goal", "kpi", "problem", "depends_on"])
def test_lists_of_ids_are_read_from_their_columns(field: str) -> None:
    """Goals, KPIs, problems and the rows an action waits for are the ids in their cells."""
    header = {"goal": "Goal", "kpi": "KPI", "problem": "Problem", "depends_on": "Depends on"}[field]
    rows = [["Action", "Owner", header], ["Paint the wall", "Ana", "A-0004; A-0007"], ["Sweep the floor", "Rui", None]]
    assert [getattr(action, field) for action in plan(rows).actions] == [("A-0004", "A-0007"), ()]
