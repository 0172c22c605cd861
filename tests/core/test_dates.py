"""Date cells and date columns."""

import datetime as dt

import pytest
from core.typed import day, formula, plan

from sheets_sync.core.cells import NOT_CALCULATED, OUT_OF_RANGE, CellTrouble
from sheets_sync.core.dates import proved_order
from sheets_sync.core.model import DateProblem, Precision


def due_of(value, *, others=(), **chosen):
    """The due date of the first row, with `others` in the same column below it."""
    rows = [["Action", "Owner", "Due"], *(["Paint the wall", "Ana", one] for one in (value, *others))]
    return plan(rows, **chosen).actions[0].due


@pytest.mark.parametrize(
    ("value", "date", "precision"),
    [
        (dt.date(2026, 11, 30), "2026-11-30", Precision.DAY),
        (dt.datetime(2026, 11, 30, 17, 30), "2026-11-30", Precision.DAY),
        ("30/09/2026", "2026-09-30", Precision.DAY),
        (46082, "2026-03-01", Precision.DAY),
        (46082.75, "2026-03-01", Precision.DAY),
        (20261130, "2026-11-30", Precision.DAY),
        (2026, "2026-12-31", Precision.YEAR),
        ("Oct 2026", "2026-10-30", Precision.MONTH),
        ("Q2 2026", "2026-06-30", Precision.QUARTER),
        ("2027", "2027-12-31", Precision.YEAR),
        (dt.date(1905, 7, 18), "1905-07-18", Precision.DAY),
    ],
)
def test_cells_that_are_dates(value, date: str, precision: Precision) -> None:
    """Real dates, texts and numbers that can only be dates are read; a period stands for its last working day."""
    reading = due_of(value)
    assert (reading.date, reading.precision, reading.problem) == (day(date), precision, None)


@pytest.mark.parametrize("value", ["Ongoing", 45, 1e18, True, "31/02/2026", 36525, 73051, 20261399])
def test_cells_that_are_no_dates(value) -> None:
    """Other texts and numbers are no dates, and are kept to be shown."""
    reading = due_of(value)
    assert (reading.date, reading.problem) == (None, DateProblem.NOT_A_DATE)
    assert reading.text


@pytest.mark.parametrize("value", [None, "", "  ", "-", "—"])
def test_blank_dates(value) -> None:
    """Nothing, blanks and a dash say that there is no date."""
    assert due_of(value).problem is None
    assert due_of(value).date is None


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [(CellTrouble("#REF!"), "error"), (NOT_CALCULATED, "not calculated"), (OUT_OF_RANGE, "out of range")],
)
def test_broken_dates(trouble: CellTrouble, problem: str) -> None:
    """An error, a formula without a result and an impossible number are broken, and told as a cell problem."""
    rows = [["Action", "Owner", "Due"], ["Paint the wall", "Ana", trouble]]
    action = plan(rows).actions[0]
    assert action.due.problem is DateProblem.BROKEN
    assert [(str(p.field), p.problem, p.text) for p in action.problems] == [("due", problem, trouble.code)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("TODAY()+30", DateProblem.MOVES),
        ("IF(A#=1,NOW(),B#)", DateProblem.MOVES),
        ("HOJE()+7", DateProblem.MOVES),
        ("hoy()", DateProblem.MOVES),
        ("D#+30", None),
        ('IF(A#="TODAY()",D#,E#)', None),
        ("LASTTODAY(1)", None),
    ],
)
def test_computed_dates(text: str, problem: DateProblem | None) -> None:
    """A date computed from today moves every day; another computed date counts, and is marked as computed."""
    reading = due_of(formula(text, dt.date(2026, 12, 1)))
    assert (reading.problem, reading.computed) == (problem, True)
    assert (reading.date is None) == (problem is not None)


@pytest.mark.parametrize(
    ("due", "other", "moves"),
    [
        ("$B$1+30", "TODAY()", True),
        ("D#+30", "B1", True),
        ("MAX(D#:E#)", "B1-7", True),
        ("WORKDAY(D3,10)", "HOJE()", False),
        ("D#+30", "C#-7", False),
        ("'Other tab'!B1+30", "B1", False),
        ("Other!B1:B1+30", "B1", False),
        ('IF(A#="B1",DATE(2026,12,1),"")', "B1", False),
        ("B11+1", "B1", False),
    ],
)
def test_a_date_that_refers_to_today_moves_too(due: str, other: str, moves: bool) -> None:
    """A due date taken from a cell that asks for today, over any number of cells of its tab, moves every day."""
    today = dt.date(2026, 11, 16)
    rows = [
        ["Today:", formula("TODAY()", today)],
        ["Action", "Owner", "Due", "Start"],
        ["Paint the door", "Ana", dt.date(2026, 12, 2), dt.date(2026, 11, 2)],
        ["Paint the wall", "Ana", formula(due, dt.date(2026, 12, 1)), formula(other, today)],
    ]
    typed, computed = plan(rows).actions
    assert (typed.due.date, typed.due.problem) == (dt.date(2026, 12, 2), None)
    assert (computed.due.problem is DateProblem.MOVES, computed.due.date is None) == (moves, moves)


def test_formulas_that_refer_to_each_other_end() -> None:
    """A circle of formulas is followed once."""
    rows = [
        ["Action", "Owner", "Due", "Start"],
        ["Paint the wall", "Ana", formula("D#+1", dt.date(2026, 12, 1)), formula("C#+NOW()", dt.date(2026, 12, 1))],
    ]
    assert plan(rows).actions[0].due.problem is DateProblem.MOVES


def test_an_empty_result_is_blank() -> None:
    """A formula that shows nothing gives no date."""
    assert due_of(formula('IF(A#="","",A#)', "")).problem is None


def test_three_texts_prove_the_order() -> None:
    """Three dates that fit one order only settle the doubtful ones of their column, and the order is told."""
    rows = [["Action", "Owner", "Due"]]
    rows += [["Paint the wall", "Ana", text] for text in ("03/04/2026", "13/04/2026", "14/04/2026", "25/12/2026")]
    found = plan(rows)
    assert found.actions[0].due.date == day("2026-04-03")
    assert found.date_order == "dmy"
    assert ("date_order", (("order", "dmy"), ("column", "due"), ("tab", "Actions"))) in found.notes


@pytest.mark.parametrize(
    "others",
    [("13/04/2026", "14/04/2026"), ("13/04/2026", "14/04/2026", "15/04/2026", "04/16/2026")],
)
def test_too_little_or_contrary_proof(others) -> None:
    """Two texts are too few, and one text of the other order undoes the proof."""
    assert due_of("03/04/2026", others=others).problem is DateProblem.AMBIGUOUS


def test_each_column_proves_its_own_order() -> None:
    """What one column proves says nothing of another."""
    rows = [["Action", "Owner", "Start", "Due"]]
    rows += [["Paint", "Ana", "01/02/2026", text] for text in ("13/04/2026", "14/04/2026", "15/04/2026")]
    action = plan(rows).actions[0]
    assert action.start.problem is DateProblem.AMBIGUOUS
    assert action.due.date == day("2026-04-13")


def test_the_configured_order_goes_first() -> None:
    """A configured order is taken even where the column shows another."""
    reading = due_of("03/04/2026", others=("13/04/2026",) * 3, date_order="mdy")
    assert reading.date == day("2026-03-04")


def test_proof_needs_texts() -> None:
    """Real dates prove nothing of how texts are typed."""
    assert proved_order([*(dt.date(2026, 4, 13 + n) for n in range(9)), "13/04/2026", "14/04/2026", None]) == ""


@pytest.mark.parametrize(
    ("start", "value", "expected"),
    [
        ("2026-03-02", "30 dias", "2026-04-01"),
        ("2026-03-02", "10 dias úteis", "2026-03-16"),
        ("2026-03-02", "2 semanas", "2026-03-16"),
        ("2026-01-31", "1 mês", "2026-02-28"),
        ("2026-12-15", "3 meses", "2027-03-15"),
        ("2028-02-29", "1 ano", "2029-02-28"),
    ],
)
def test_a_duration_counts_from_the_start(start: str, value: str, expected: str) -> None:
    """A due date given as a duration is reached from the start date."""
    rows = [["Ação", "Responsável", "Início", "Prazo"], ["Pintar o muro", "Ana", day(start), value]]
    assert plan(rows).actions[0].due.date == day(expected)


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [("Prazo (dias)", 30, "2026-04-01"), ("Plazo (meses)", 2, "2026-05-02"), ("Prazo (dias)", 46082, "2026-03-01")],
)
def test_a_number_of_days_counts_from_the_start(header: str, value: int, expected: str) -> None:
    """Under a header that gives the unit a bare number is a duration, and a date stays a date."""
    rows = [["Ação", "Responsável", "Início", header], ["Pintar o muro", "Ana", day("2026-03-02"), value]]
    assert plan(rows).actions[0].due.date == day(expected)


@pytest.mark.parametrize("start", [None, "a definir"])
def test_a_duration_without_a_start_is_no_date(start) -> None:
    """Without a start a duration says nothing."""
    rows = [["Ação", "Responsável", "Início", "Prazo"], ["Pintar o muro", "Ana", start, "30 dias"]]
    assert plan(rows).actions[0].due.problem is DateProblem.NOT_A_DATE


def test_a_duration_past_the_end_of_time_is_no_date() -> None:
    """A start in the last year there is does not break the reading."""
    rows = [["Ação", "Responsável", "Início", "Prazo"], ["Pintar o muro", "Ana", dt.date(9999, 12, 1), "12 meses"]]
    assert plan(rows).actions[0].due.problem is DateProblem.NOT_A_DATE


@pytest.mark.parametrize(
    ("header", "revised", "expected"),
    [("Revised due", "2026-06-30", "2026-06-30"), ("Revised due", None, "2026-05-29"), ("Due", None, None)],
)
def test_the_revised_date_where_filled(header: str, revised: str | None, expected: str | None) -> None:
    """A revised date goes before the original one; a blank plain due date stays blank."""
    value = day(revised) if revised else None
    rows = [["Action", "Owner", "Original due", header], ["Paint", "Ana", dt.date(2026, 5, 29), value]]
    action = plan(rows).actions[0]
    assert action.due.date == (day(expected) if expected else None)
    assert action.original_due.date == day("2026-05-29")


def test_a_period_takes_the_year_of_the_run() -> None:
    """ "Q4" is the fourth quarter of the year in which the plan is looked at, and no date without one."""
    rows = [["Action", "Owner", "Due"], ["Paint the wall", "Ana", "Q4"]]
    assert plan(rows, as_of=dt.date(2026, 11, 16)).actions[0].due.date == day("2026-12-31")
    assert plan(rows).actions[0].due.problem is DateProblem.NOT_A_DATE
