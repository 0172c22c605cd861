"""Cells that contradict each other or cannot be read."""

import datetime as dt

import pytest
from rules.ruling import about_plan, check, finding, plan_of, row, shown

from sheets_sync.core.model import CellProblem, Field, Severity, Status, StatusReading
from sheets_sync.core.plan import UnknownStatus


def test_unknown_status_is_said_once_per_word() -> None:
    """Each word nobody mapped is one finding about the plan, with its count; the rows hear nothing of it."""
    words = (UnknownStatus("Doing it", 2), UnknownStatus("Hmm", 1))
    rows = [row(number, status=StatusReading(Status.UNKNOWN, "Doing it")) for number in (2, 3)]
    checked = check(plan=plan_of([row(4, action="Paint 4 walls"), *rows], unknown_statuses=words))
    found = [f for f in checked.plan_findings if f.code == "DAT002"]
    assert [dict(f.facts) for f in found] == [
        {"kind": "unknown", "text": "Doing it", "count": "2"},
        {"kind": "unknown", "text": "Hmm", "count": "1"},
    ]
    assert not any(f.code == "DAT002" for f in checked.findings)


def test_typed_lateness() -> None:
    """ "Overdue" typed as a status is DAT002 of that row."""
    late = StatusReading(Status.PLANNED, "Atrasado", typed_late=True)
    assert dict(finding(check(row(status=late)), "DAT002").facts) == {"kind": "late", "text": "Atrasado"}


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        ({"progress": 100.0, "status": Status.IN_PROGRESS}, ["full_but_open"]),
        ({"progress": 100.0, "status": Status.PLANNED}, ["full_but_open"]),
        ({"progress": 99.0, "status": Status.IN_PROGRESS}, []),
        ({"progress": 100.0, "status": Status.DONE}, []),
        ({"progress": 80.0, "status": Status.DONE}, ["done_but_not_full"]),
        ({"progress": 80.0, "status": Status.VERIFIED}, ["done_but_not_full"]),
        ({"progress": 80.0, "status": Status.CANCELLED}, []),
        ({"progress": 100.0, "status": Status.UNKNOWN}, []),
        ({"done_on": "2026-10-02", "status": Status.IN_PROGRESS}, ["dated_but_open"]),
        ({"done_on": "2026-10-02", "status": Status.DONE}, []),
        ({"effective": "yes", "status": Status.BLOCKED}, ["judged_but_open"]),
        ({"effective": "yes", "status": Status.DONE}, []),
        ({"progress": 100.0, "done_on": "2026-10-02", "status": Status.ON_HOLD}, ["full_but_open", "dated_but_open"]),
    ],
)
def test_contradictions(cells, kinds: list[str]) -> None:
    """Progress, completion date and verdict must agree with the status; cancelled and unknown rows are left alone."""
    found = [f for f in check(row(**cells)).findings if f.code == "DAT003"]
    assert [dict(f.facts)["kind"] for f in found] == kinds


def test_contradiction_names_the_other_cell() -> None:
    """The finding stands at the cell that does not fit, with its value."""
    found = finding(check(row(progress=12.5, status=Status.DONE)), "DAT003")
    assert (found.field, dict(found.facts)["progress"]) == (Field.PROGRESS, "12.5")


@pytest.mark.parametrize("problem", ["error", "not calculated", "out of range", "merged", "not a number"])
def test_unreadable_cells(problem: str) -> None:
    """Each cell that could not be read is one DAT005 at that cell."""
    broken = row(problems=(CellProblem(Field.PROGRESS, problem, "#N/A"), CellProblem(Field.START, "merged", "")))
    found = [f for f in check(broken).findings if f.code == "DAT005"]
    assert [(f.field, dict(f.facts)["kind"]) for f in found] == [(Field.PROGRESS, problem), (Field.START, "merged")]


def test_unreadable_cell_of_a_kind_not_known_yet() -> None:
    """A problem without a message of its own is still told."""
    from sheets_sync.rules.messages import render_what

    odd = finding(check(row(problems=(CellProblem(Field.PROGRESS, "haunted", "boo"),))), "DAT005")
    assert "Progress" in render_what(odd, "en")


@pytest.mark.parametrize(
    ("text", "kind", "first", "second"),
    [
        ("03/04/2026", "both", "2026-04-03", "2026-03-04"),
        ("3.4.26", "both", "2026-04-03", "2026-03-04"),
        ("03-04-2026 10:00", "both", "2026-04-03", "2026-03-04"),
        ("1/2", "plain", None, None),
        ("13/14/2026", "plain", None, None),
    ],
)
def test_ambiguous_dates(text: str, kind: str, first: str | None, second: str | None) -> None:
    """A date that can be read twice is E, with both readings to choose from where there are two."""
    found = finding(check(row(due=text)), "DAT006")
    facts = dict(found.facts)
    assert (found.severity, facts["kind"], facts.get("first"), facts.get("second")) == (Severity.E, kind, first, second)


def test_ambiguous_dates_in_other_cells() -> None:
    """Start and completion date are asked about too, each at its own cell; DUE001 is not said beside it."""
    checked = check(row(due="03/04/2026", start="05/06/2026", done_on="07/08/2026", original_due="01/02/2026"))
    assert [f.field for f in checked.findings if f.code == "DAT006"] == [
        Field.DUE,
        Field.START,
        Field.ORIGINAL_DUE,
        Field.DONE_ON,
    ]
    assert "DUE001" not in shown(checked)


def test_closed_rows_hear_of_contradictions_only() -> None:
    """Of a finished row nothing is said but that its cells contradict each other."""
    done = row(owner="", due="", action="Improve safety", progress=50.0, status=Status.DONE)
    checked = check(done, as_of=dt.date(2027, 1, 4))
    assert (shown(checked), about_plan(checked)) == (["DAT003"], [])
