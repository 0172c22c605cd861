"""Periods typed without a year stay where they were when the year turns."""

import datetime as dt

import pytest
from core.making import a_known, an_action

from sheets_sync.core.dates import DateReader
from sheets_sync.core.kept_years import with_kept_years
from sheets_sync.core.model import Action, DateReading
from sheets_sync.core.settings import CalendarSettings
from sheets_sync.core.workdays import Calendar

CALENDAR = Calendar(CalendarSettings())


def read(text: str, year: int = 2027) -> DateReading:
    """A date cell as it reads in a year."""
    return DateReader(CALENDAR, year=year).read_text(text)


def kept(text: str, remembered: str | None, *, witness: str = "w2", **more: DateReading) -> Action:
    """The action of row 2, read in 2027, with its due date as remembered."""
    action = an_action(2, key="A-0002")._replace(due=read(text), **more)
    due = dt.date.fromisoformat(remembered) if remembered else None
    [found] = with_kept_years((action,), {"A-0002": a_known("A-0002", witness=witness, due=due)}, CALENDAR)
    return found


@pytest.mark.parametrize(
    ("text", "remembered", "witness", "due"),
    [
        ("Q4", "2026-12-31", "w2", "2026-12-31"),
        ("março", "2026-03-31", "w2", "2026-03-31"),
        ("Jan-Mar", "2026-03-31", "w2", "2026-03-31"),
        ("Q4", "2026-12-31", "note typed since", "2026-12-31"),
        ("Q4", "2026-12-30", "w2", "2026-12-31"),
        ("Q4", "2026-09-30", "due typed since", "2027-12-31"),
        ("Q4 2027", "2026-12-31", "due typed since", "2027-12-31"),
        ("2027-12-31", "2026-12-31", "due typed since", "2027-12-31"),
        ("Q4", None, "due typed since", "2027-12-31"),
        ("Q4", "2028-12-29", "w2", "2028-12-29"),
    ],
)
def test_an_untouched_due_cell_keeps_its_year(text: str, remembered: str | None, witness: str, due: str) -> None:
    """What the cell said when it was read stays so, also when another cell of the row is edited; other words, a year or
    a day are followed."""
    assert kept(text, remembered, witness=witness).due.date == dt.date.fromisoformat(due)


def test_start_goes_with_the_due_date() -> None:
    """Otherwise the row would start after it ends."""
    found = kept("Q4", "2026-12-31", start=read("October"), original_due=read("Q3 2025"), done_on=read("March"))
    assert (found.start.date, found.original_due.date) == (dt.date(2026, 10, 30), dt.date(2025, 9, 30))
    assert found.done_on.date == dt.date(2027, 3, 31)


def test_a_row_without_a_past_is_read_today() -> None:
    """A new "Q4" is this year's."""
    action = an_action(2)._replace(due=read("Q4"))
    assert with_kept_years((action,), {}, CALENDAR) == (action,)


def test_a_computed_period_stays_computed() -> None:
    """A formula that gives "Q4" is still told from typing."""
    action = an_action(2, key="A-0002")._replace(due=read("Q4")._replace(computed=True))
    known = {"A-0002": a_known("A-0002", due=dt.date(2026, 12, 31))}
    [found] = with_kept_years((action,), known, CALENDAR)
    assert found.due == read("Q4", 2026)._replace(computed=True)
