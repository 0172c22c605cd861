"""The flags of DOMAIN 2.3 with the date table of 2.7, line by line."""

import datetime as dt

import pytest
from core.making import a_known, an_action

from sheets_sync.core.lifecycle import Today, assess, timing, with_predecessors
from sheets_sync.core.model import CellProblem, Field, Flag, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.core.workdays import Calendar

CALENDAR = Calendar(CalendarSettings(holidays=frozenset({dt.date(2026, 11, 20)})))


def today(text: str, **more) -> Today:
    facts = {"adopted_on": dt.date(2026, 10, 5), "can_say_done": True} | more
    return Today(dt.date.fromisoformat(f"2026-{text}"), CALENDAR, PlanSettings("u"), **facts)


@pytest.mark.parametrize(
    ("due", "as_of", "flag", "late"),
    [
        ("11-13", "11-13", Flag.DUE_TODAY, 0),
        ("11-13", "11-14", Flag.DUE_TODAY, 0),
        ("11-13", "11-16", Flag.OVERDUE, 1),
        ("11-14", "11-16", Flag.DUE_TODAY, 0),
        ("11-14", "11-17", Flag.OVERDUE, 1),
        ("11-19", "11-22", Flag.DUE_TODAY, 0),
        ("11-19", "11-23", Flag.OVERDUE, 1),
        ("11-23", "11-16", Flag.DUE_SOON, None),
        ("11-14", "11-14", Flag.DUE_SOON, None),
        ("11-24", "11-16", Flag.DUE_SOON, None),
        ("11-25", "11-16", Flag.ON_TRACK, None),
    ],
)
def test_due_dates_count_working_days_only(due, as_of, flag, late):
    """A holiday or weekend neither makes a row late nor changes its flag."""
    known = a_known("A-0002", last_change=dt.date(2026, 11, 12))
    found = assess(an_action(due=due), frozenset(), known, today=today(as_of))
    assert found.flag is flag
    if late is not None:
        assert found.days_late == late


def test_due_soon_counts_four_working_days_over_the_holiday():
    """From Monday 16 to Monday 23 November there are four working days, because Friday is a holiday."""
    assert timing(an_action(due="11-23"), dt.date(2026, 11, 16), CALENDAR).left == 4


@pytest.mark.parametrize(("done_on", "flag", "late"), [("11-23", Flag.DONE, 0), ("11-24", Flag.DONE_LATE, 1)])
def test_a_due_date_on_a_holiday_rolls_to_the_next_working_day(done_on, flag, late):
    """Due on the holiday Friday, done on Monday is on time, on Tuesday one day late."""
    action = an_action(due="11-20", status=Status.DONE, done_on=done_on)
    found = assess(action, frozenset(), None, today=today("11-25"))
    assert (found.flag, found.days_late) == (flag, late)


def test_blocked_does_not_hide_lateness():
    """A blocked row that is late says OVERDUE first and keeps BLOCKED beside it."""
    found = assess(an_action(due="11-13", status=Status.BLOCKED), frozenset(), None, today=today("11-18"))
    assert (found.flag, found.days_late, found.secondary[0]) == (Flag.OVERDUE, 3, Flag.BLOCKED)


@pytest.mark.parametrize(("as_of", "flag"), [("11-16", Flag.ON_TRACK), ("11-17", Flag.STALE)])
def test_ten_working_days_without_an_update_is_still_fresh(as_of, flag):
    """Last update Monday 2 November: ten working days later the row is fresh, eleven later it is stale."""
    known = a_known("A-0002", last_change=dt.date(2026, 11, 2))
    assert assess(an_action(due="12-31"), frozenset(), known, today=today(as_of)).flag is flag


@pytest.mark.parametrize(
    ("more", "flag"),
    [({"high_priority": True}, Flag.STALE), ({"due": "11-26"}, Flag.STALE), ({}, Flag.ON_TRACK)],
)
def test_pressing_rows_grow_stale_after_seven_working_days(more, flag):
    """High priority or a due date within ten working days shortens the limit to seven."""
    known = a_known("A-0002", last_change=dt.date(2026, 11, 4))
    action = an_action(**({"due": "12-31"} | more))
    assert assess(action, frozenset(), known, today=today("11-16")).flag is flag


@pytest.mark.parametrize(("as_of", "flag"), [("11-11", Flag.PLANNED), ("11-12", Flag.LATE_START)])
def test_a_start_counts_as_late_from_the_third_working_day(as_of, flag):
    """Planned with start Monday 9: Wednesday still planned, Thursday a late start."""
    action = an_action(due="12-31", start="11-09", status=Status.PLANNED)
    known = a_known("A-0002", last_change=dt.date(2026, 11, 9))
    assert assess(action, frozenset(), known, today=today(as_of)).flag is flag


@pytest.mark.parametrize(("as_of", "flag"), [("12-11", Flag.DONE), ("12-14", Flag.VERIFY)])
def test_a_linked_action_waits_twenty_working_days_for_its_verdict(as_of, flag):
    """Done Friday 13 November and linked to a problem: to be verified from Monday 14 December."""
    action = an_action(due="11-13", status=Status.DONE, done_on="11-13", problem=("P-1",))
    assert assess(action, frozenset(), None, today=today(as_of)).flag is flag


@pytest.mark.parametrize(
    ("action", "codes", "flag"),
    [
        (an_action(due="11-30"), {"DUE002"}, Flag.FIX_ROW),
        (an_action(status=Status.CANCELLED), {"DAT004"}, Flag.FIX_ROW),
        (an_action(problems=(CellProblem(Field.DUE, "error", "#REF!"),)), set(), Flag.FIX_ROW),
        (an_action(problems=(CellProblem(Field.COST, "error", "#REF!"),), due="12-31"), set(), Flag.ON_TRACK),
        (an_action(status=Status.CANCELLED), set(), Flag.CANCELLED),
        (an_action(status=Status.VERIFIED), set(), Flag.VERIFIED),
        (an_action(status=Status.DONE, effective="yes"), set(), Flag.VERIFIED),
        (an_action(status=Status.DONE, effective="partly"), set(), Flag.NOT_EFFECTIVE),
        (an_action(status=Status.INEFFECTIVE), set(), Flag.NOT_EFFECTIVE),
        (an_action(status=Status.DONE), set(), Flag.DONE),
        (an_action(), {"OWN002", "DUE001"}, Flag.NO_OWNER),
        (an_action(), {"DUE001"}, Flag.NO_DATE),
        (an_action(due="12-31", blocker="no budget"), set(), Flag.BLOCKED),
        (an_action(due="12-31", status=Status.ON_HOLD), set(), Flag.ON_HOLD),
        (an_action(due="11-30", start="10-26", status=Status.PLANNED), set(), Flag.AT_RISK),
        (an_action(due="12-01", start="10-26", progress=20.0), set(), Flag.AT_RISK),
        (an_action(due="12-01", start="10-26", progress=40.0), set(), Flag.ON_TRACK),
        (an_action(due="12-31", status=Status.PROPOSED), set(), Flag.PROPOSED),
        (an_action(due="12-31", status=Status.PLANNED), set(), Flag.PLANNED),
        (an_action(due="11-02", status=Status.UNKNOWN), set(), None),
        (an_action(due="11-02", status=Status.UNKNOWN), {"OWN001"}, Flag.NO_OWNER),
    ],
)
def test_the_first_condition_that_holds_gives_the_flag(action, codes, flag):
    """Precedence as in the table of DOMAIN 2.3; an unknown status never makes a row late."""
    known = a_known("A-0002", last_change=dt.date(2026, 11, 13))
    assert assess(action, frozenset(codes), known, today=today("11-16")).flag is flag


def test_no_owner_outranks_overdue_and_keeps_it_beside():
    """Nobody can be asked, so the owner comes first; lateness stays as a second flag."""
    found = assess(an_action(due="11-02"), frozenset({"OWN001"}), None, today=today("11-16"))
    assert found.flag is Flag.NO_OWNER
    assert Flag.OVERDUE in found.secondary


def test_a_plan_that_cannot_say_done_has_no_late_rows():
    """Without status, done date and progress nothing is called late."""
    found = assess(an_action(due="11-02"), frozenset(), None, today=today("11-16", can_say_done=False))
    assert found.flag is None


def test_done_without_a_date_is_late_only_by_a_day_that_was_seen():
    """The first day a row was seen done stands in for a blank completion date; a row first seen done is just DONE."""
    action = an_action(due="11-10", status=Status.DONE)
    late = assess(action, frozenset(), a_known("A-0002", done_seen=dt.date(2026, 11, 12)), today=today("11-16"))
    unknown = assess(action, frozenset(), a_known("A-0002"), today=today("11-16"))
    assert (late.flag, unknown.flag) == (Flag.DONE_LATE, Flag.DONE)


def test_a_row_waiting_for_an_overdue_row_is_at_risk():
    """A predecessor that is overdue raises the row that depends on it, and says which."""
    first = an_action(2, key="A-0001", due="11-02")
    second = an_action(3, key="A-0002", due="12-31", depends_on=("A-0001",))
    now = today("11-16")
    known = a_known("A-0002", last_change=dt.date(2026, 11, 13))
    found = {(a.tab, a.row): assess(a, frozenset(), known, today=now) for a in (first, second)}
    raised = with_predecessors(found, (first, second))[1]
    assert (raised.flag, raised.reason) == (Flag.AT_RISK, "predecessor:A-0001")
