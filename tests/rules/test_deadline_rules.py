"""Due dates: missing, no date, a period, implausible, past from the first day, piled up."""

import datetime as dt

import pytest
from rules.ruling import CALENDAR, about_plan, check, distinct, finding, plan_of, row, shown

from sheets_sync.core.model import DateProblem, DateReading, Field, Precision, Severity, Status
from sheets_sync.rules.example import DAY


def test_no_due_date() -> None:
    """A blank due cell is DUE001, but not in a tab without a due column."""
    assert shown(check(row(due=""))) == ["DUE001"]
    assert shown(check(plan=plan_of([row(due="")], columns=("action", "owner")))) == []


@pytest.mark.parametrize("text", ["Ongoing", "90 days after approval", "See above"])
def test_words_instead_of_a_date(text: str) -> None:
    """Words without a date are DUE002 and not DUE001."""
    checked = check(row(due=text))
    assert shown(checked) == ["DUE002"]
    assert finding(checked, "DUE002").facts == (("kind", "text"), ("text", text))


def test_moving_date() -> None:
    """A date computed from today is DUE002 with its own words, although it reads as a date."""
    moving = DateReading(DAY, problem=DateProblem.MOVES, text="=TODAY()")
    assert finding(check(row(due=moving)), "DUE002").facts == (("kind", "moves"),)


def test_broken_due_cell_is_said_once() -> None:
    """An error in the due cell is DAT005's business: it is neither missing nor words."""
    assert shown(check(row(due=DateReading(problem=DateProblem.BROKEN, text="#REF!")))) == []


@pytest.mark.parametrize("precision", [Precision.MONTH, Precision.QUARTER, Precision.HALF, Precision.YEAR])
def test_period(precision: Precision) -> None:
    """A month, quarter, half or year is DUE003 with the last working day to type."""
    found = finding(check(row(due=DateReading(dt.date(2026, 12, 31), precision, text="Q4"))), "DUE003")
    assert (found.severity, dict(found.facts)["day"]) == (Severity.I, "2026-12-31")


@pytest.mark.parametrize(
    ("due", "start", "expected"),
    [
        ("2026-10-01", "2026-10-10", ["E before_start"]),
        ("2026-10-10", "2026-10-10", []),
        ("1999-12-31", "", ["W past"]),
        ("2000-01-01", "", []),
        ("2036-10-05", "", []),
        ("2036-10-06", "", ["W far"]),
        ("1926-10-10", "2026-10-10", ["E before_start", "W past"]),
        ("9999-12-31", "", ["W far"]),
    ],
)
def test_implausible_dates(due: str, start: str, expected: list[str]) -> None:
    """Due before start is E; before 2000 or more than ten years ahead is W; the limits themselves are fine."""
    found = check(row(due=due, start=start)).findings
    assert [f"{f.severity} {dict(f.facts)['kind']}" for f in found if f.code == "DUE004"] == expected


def test_ten_years_from_a_leap_day() -> None:
    """A leap day has no twin in ten years; the last of February stands in."""
    found = check(row(due="2034-03-01"), row(3, due="2034-02-28"), as_of=dt.date(2024, 2, 29)).findings
    assert [f.row for f in found if f.code == "DUE004"] == [2]


@pytest.mark.parametrize(
    ("due", "seen", "expected"),
    [
        ("2026-11-01", dt.date(2026, 11, 5), ["DUE006"]),
        ("2026-11-05", dt.date(2026, 11, 5), []),
        ("2026-11-14", dt.date(2026, 11, 16), []),
        ("2026-11-14", dt.date(2026, 11, 17), ["DUE006"]),
        ("2026-11-01", None, []),
    ],
)
def test_born_overdue(due: str, seen: dt.date | None, expected: list[str]) -> None:
    """Past (after rolling to a working day) when first seen is DUE006; rows from adoption have no first day."""
    first_seen = {"A-0002": seen} if seen else {}
    assert shown(check(row(due=due), as_of=dt.date(2026, 12, 1), first_seen=first_seen)) == expected


def test_born_overdue_needs_to_know_the_status() -> None:
    """A row with an unknown status, or in a plan that cannot say done, is never told that it is late."""
    action = row(due="2026-11-01")
    seen = {"A-0002": dt.date(2026, 11, 5)}
    assert shown(check(plan=plan_of([action], can_say_done=False), first_seen=seen)) == []
    unknown = action._replace(status=action.status._replace(status=Status.UNKNOWN))
    assert shown(check(unknown, first_seen=seen)) == []


@pytest.mark.parametrize(
    ("piled", "others", "flagged"),
    [(8, 0, True), (7, 0, False), (8, 24, True), (8, 25, False), (26, 40, True), (10, 20, True)],
)
def test_pile_up(piled: int, others: int, flagged: bool) -> None:
    """At least eight rows and a quarter of all on one day are DUE008, each of them."""
    rows = distinct(piled + others)
    rows[:piled] = [action._replace(due=row(due="2027-06-30").due) for action in rows[:piled]]
    checked = check(*rows)
    found = [f for f in checked.findings if f.code == "DUE008"]
    assert len(found) == (piled if flagged else 0)
    assert all(dict(f.facts) == {"same": str(piled), "due": "2027-06-30"} for f in found)


def test_pile_of_the_past() -> None:
    """Rows piled up on a day that is past cannot be spread any more."""
    rows = [action._replace(due=row(due="2026-10-02").due) for action in distinct(9)]
    assert not any(f.code == "DUE008" for f in check(*rows).findings)


def test_pile_up_of_nearly_all_rows_is_said_once() -> None:
    """When more than 40 % of the rows share days, the plan hears it once."""
    rows = [action._replace(due=row(due="2026-12-31").due) for action in distinct(12)]
    assert about_plan(check(*rows)) == ["DUE008 collapsed"]


def test_parameters_move_the_limits() -> None:
    """A plan's own numbers replace the defaults."""
    from sheets_sync.core.settings import RuleChoice

    rules = [RuleChoice("DUE008", parameters=(("pile", 3.0),)), RuleChoice("DUE004", parameters=(("years", 1.0),))]
    rows = [action._replace(due=row(due="2027-12-31").due) for action in distinct(3)]
    assert shown(check(*rows, rules=rules)) == ["DUE004", "DUE008"]


def test_findings_name_the_due_cell() -> None:
    """Every deadline finding speaks of the due cell."""
    rows = (row(2, due=""), row(3, due="Ongoing"), row(4, due="1999-01-01"))
    assert {f.field for f in check(*rows).findings} == {Field.DUE}
    assert CALENDAR.is_workday(DAY)
