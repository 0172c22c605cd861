"""DUE: is there a date that means something? Rules about moved dates need a longer history and are not here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from sheets_sync.core.model import Action, DateProblem, DateReading, Field, Precision, Severity
from sheets_sync.rules.context import Sight
from sheets_sync.rules.example import DAY, SAMPLE, Example, on, rows
from sheets_sync.rules.rule import Hit, Rule, wordings

OLDEST_YEAR = 2000


def _no_due(action: Action, sight: Sight) -> tuple[Hit, ...]:
    return (Hit(),) if action.due.date is None and action.due.problem is None else ()


NO_DUE = Rule(
    code="DUE001",
    name="no-due-date",
    severity=Severity.E,
    title="No due date",
    summary="The due cell is blank.",
    why="Without a deadline an action is done after everything that has one: never.",
    field=Field.DUE,
    row=_no_due,
    reads=("due",),
    needs=(Field.DUE,),
    bad=rows(SAMPLE._replace(due=DateReading())),
    good=rows(SAMPLE._replace(due=on("2026-10-30"))),
    wordings=wordings("DUE001"),
)


def _no_date(action: Action, sight: Sight) -> tuple[Hit, ...]:
    if action.due.problem is DateProblem.NOT_A_DATE:
        return (Hit((("text", action.due.text),), "text"),)
    return (Hit(kind="moves"),) if action.due.problem is DateProblem.MOVES else ()


NO_DATE = Rule(
    code="DUE002",
    name="due-is-no-date",
    severity=Severity.E,
    title="Due is no date",
    summary="Due holds words without a date (ongoing, ASAP, annually, see above, 90 days after X, TBC), or is computed "
    "from today, be it by way of other cells of the tab.",
    why="A deadline nobody can put into a calendar is none; in a real national plan 16 of 106 were of this kind.",
    field=Field.DUE,
    row=_no_date,
    reads=("due",),
    needs=(Field.DUE,),
    facts=("text",),
    kinds=("text", "moves"),
    collapses=True,
    bad=rows(SAMPLE._replace(due=DateReading(problem=DateProblem.NOT_A_DATE, text="Ongoing"))),
    good=rows(SAMPLE._replace(due=on("2026-10-30"))),
    wordings=wordings("DUE002"),
)


def _period(action: Action, sight: Sight) -> tuple[Hit, ...]:
    due = action.due
    if due.precision is Precision.DAY or due.date is None:
        return ()
    return (Hit((("text", due.text), ("day", due.date.isoformat()))),)


PERIOD = Rule(
    code="DUE003",
    name="due-is-a-period",
    severity=Severity.I,
    title="Due is a period, not a day",
    summary="Due names a month, a quarter, a half year, a year or a range; its last working day counts.",
    why="A clear time frame has a last day everybody reads in the same way.",
    field=Field.DUE,
    row=_period,
    reads=("due",),
    needs=(Field.DUE,),
    facts=("text", "day"),
    collapses=True,
    bad=rows(SAMPLE._replace(due=DateReading(dt.date(2026, 12, 31), Precision.QUARTER, text="Q4"))),
    good=rows(SAMPLE._replace(due=on("2026-12-31"))),
    wordings=wordings("DUE003"),
)


def _implausible(action: Action, sight: Sight) -> tuple[Hit, ...]:
    due, start = action.due.date, action.start.date
    if due is None:
        return ()
    years = int(sight.parameters["years"])
    as_of = sight.context.as_of
    if OLDEST_YEAR <= due.year < as_of.year + years and (start is None or due >= start):
        return ()
    told = ("due", due.isoformat())
    hits: list[Hit] = []
    if start is not None and due < start:
        hits.append(Hit((told, ("start", start.isoformat())), "before_start", Severity.E))
    if due.year < OLDEST_YEAR:
        hits.append(Hit((told,), "past", Severity.W))
    elif due.year >= as_of.year + years and due > _years_later(as_of, years):
        hits.append(Hit((told, ("years", str(years))), "far", Severity.W))
    return tuple(hits)


def _years_later(day: dt.date, years: int) -> dt.date:
    if day.year + years > dt.MAXYEAR:
        return dt.date.max
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)


IMPLAUSIBLE = Rule(
    code="DUE004",
    name="implausible-due-date",
    severity=Severity.E,
    also=(Severity.W,),
    title="Due before its start, or in an implausible year",
    summary="Due is before the start date (E), before the year 2000 or more than `years` years ahead (W).",
    why="Invalid dates make every count of late and early rows wrong (DCMA 14-point assessment).",
    field=Field.DUE,
    row=_implausible,
    reads=("due", "start"),
    parameters=(("years", 10.0),),
    facts=("due", "start", "years"),
    kinds=("before_start", "past", "far"),
    bad=rows(SAMPLE._replace(start=on("2026-10-10"), due=on("2026-10-01"))),
    good=rows(SAMPLE._replace(start=on("2026-10-10"), due=on("2026-10-30"))),
    wordings=wordings("DUE004"),
)


def _born_overdue(action: Action, sight: Sight) -> tuple[Hit, ...]:
    due = action.due.date
    seen = sight.context.first_seen.get(action.key)
    if due is None or seen is None or due >= seen or sight.context.calendar.roll(due) >= seen:
        return ()
    return (Hit((("due", due.isoformat()), ("seen", seen.isoformat()))),)


BORN_OVERDUE = Rule(
    code="DUE006",
    name="born-overdue",
    severity=Severity.W,
    title="Overdue from the first day",
    summary="Due was already past when the row was first seen; rows that were there at adoption are left out.",
    why="A date nobody could keep any more teaches that dates are not meant seriously.",
    field=Field.DUE,
    row=_born_overdue,
    timed=True,
    facts=("due", "seen"),
    bad=Example(rows(SAMPLE._replace(due=on("2026-10-01"))).rows, first_seen=DAY),
    good=Example(rows(SAMPLE._replace(due=on("2026-10-30"))).rows, first_seen=DAY),
    wordings=wordings("DUE006"),
)


def _pile_up(actions: tuple[Action, ...], sight: Sight) -> Iterable[tuple[Action | None, Hit]]:
    """Days that are past are left out: nothing can be spread any more, and the rows are OVERDUE."""
    by_day: dict[dt.date, list[Action]] = defaultdict(list)
    for action in actions:
        if action.due.date is not None and action.due.date >= sight.context.as_of:
            by_day[action.due.date].append(action)
    least = max(sight.parameters["pile"], sight.parameters["share"] * len(actions))
    for day, piled in by_day.items():
        if len(piled) >= least:
            for action in piled:
                yield action, Hit((("same", str(len(piled))), ("due", day.isoformat())))


_PILE = tuple(
    SAMPLE._replace(action=f"Count stock of the 40 items of hall {hall}", owner=f"Ana {hall}") for hall in "ABCDEFGH"
)

PILE_UP = Rule(
    code="DUE008",
    name="pile-up",
    severity=Severity.I,
    title="Many actions due on one day",
    summary="At least pile open rows, and at least share of them all, have the same due date, still ahead.",
    why="A common last day is a wish for all of them, not a plan: it spreads people thin and hides what comes first.",
    field=Field.DUE,
    plan=_pile_up,
    parameters=(("pile", 8.0), ("share", 0.25)),
    facts=("same", "due"),
    collapses=True,
    bad=Example(rows(*_PILE).rows, text="8 of 8 open actions due on 30 Oct 2026"),
    good=Example(
        rows(*(row._replace(due=on(f"2026-10-{day}")) for day, row in enumerate(_PILE, 12))).rows,
        text="8 open actions due on 8 days from 12 to 19 Oct 2026",
    ),
    wordings=wordings("DUE008"),
)

RULES = (NO_DUE, NO_DATE, PERIOD, IMPLAUSIBLE, BORN_OVERDUE, PILE_UP)
