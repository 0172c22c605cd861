"""Rules that say what they read: it is all they look at, and rows alike in it are judged once."""

import datetime as dt
from dataclasses import replace

import pytest
from rules.ruling import check, row

from sheets_sync.core.model import CellProblem, DateProblem, DateReading, Field, Precision, Status
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.rule import Rule

READING = [rule for rule in CATALOGUE if rule.reads]
ROWS = [
    row(number, **changes)
    for number, changes in enumerate(
        [
            {},
            *(
                {"owner": owner}
                for owner in ("", "  ", "TBD", "Maintenance team", "Ana Lima and Rui Costa", "Ana; Rui")
            ),
            *({"owner": "Equipe", "language": language} for language in ("en", "pt", None)),
            *({"due": text} for text in ("", "ongoing", "03/04/2026", "1999-01-04", "2090-01-04")),
            {"due": DateReading(problem=DateProblem.MOVES)},
            {"due": DateReading(dt.date(2026, 12, 31), Precision.MONTH, text="Dec 2026")},
            {"due": DateReading(problem=DateProblem.AMBIGUOUS, text="03/04/2026"), "status": Status.UNKNOWN},
            *({"start": text} for text in ("2031-01-06", "03/04/2026")),
            {"done_on": "2026-10-01"},
            *({"progress": progress, "status": status} for progress in (0.0, 100.0) for status in Status),
            *({"effective": answer, "status": status} for answer in ("yes", "no") for status in Status),
            {"problems": (CellProblem(Field.DUE, "error", "#N/A"),)},
        ],
        start=2,
    )
]


class Showing:
    """An action of which only some fields can be read."""

    def __init__(self, action, fields: tuple[str, ...]) -> None:
        self._seen = {name: getattr(action, name) for name in fields}

    def __getattr__(self, name: str) -> object:
        return self._seen[name]


def judging(rule: Rule, judge) -> tuple[Rule, ...]:
    """All rules, this one with another function."""
    return tuple(replace(rule, row=judge) if known is rule else known for known in CATALOGUE)


@pytest.mark.parametrize("rule", READING, ids=lambda rule: rule.code)
def test_a_rule_reads_what_it_says(rule) -> None:
    """A rule finds the same in rows that show nothing but what it says it reads, and it finds something in some."""
    hidden = judging(rule, lambda action, sight: rule.row(Showing(action, rule.reads), sight))
    checked = check(*ROWS, catalogue=hidden)
    assert checked == check(*ROWS)
    assert rule.code in {finding.code for finding in checked.findings}


def test_rows_alike_are_found_alike() -> None:
    """Judged once or each, rows have the same findings in the same order, hidden and proposed ones included."""
    rows = [*ROWS, *(one._replace(row=one.row + 1000, key=f"B-{one.row}", witness=f"v{one.row}") for one in ROWS)]
    each = tuple(replace(rule, reads=()) for rule in CATALOGUE)
    assert check(*rows) == check(*rows, catalogue=each)


def test_rows_alike_are_judged_once() -> None:
    """A rule is asked once for all rows that hold the same values, and for each that differs."""
    rule = next(rule for rule in READING if rule.code == "OWN001")
    asked = []
    counting = judging(rule, lambda action, sight: asked.append(action.owner) or rule.row(action, sight))
    rows = [row(number, owner=("Ana Lima", "Rui Costa", "")[number % 3]) for number in range(2, 92)]
    checked = check(*rows, catalogue=counting)
    assert sorted(asked) == ["", "Ana Lima", "Rui Costa"]
    assert sum(finding.code == "OWN001" for finding in checked.findings) == 30
