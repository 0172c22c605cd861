"""What a starter workbook of each method holds: its tabs, their columns, and how the example rows stand in time."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Method(StrEnum):
    """A way of planning that teams know by name."""

    SIMPLE = "simple"
    FIVE_W_TWO_H = "5w2h"
    A3 = "a3"
    OKR = "okr"


class Kind(StrEnum):
    """What a column holds. A kind with a list of its own is offered as a drop-down."""

    TEXT = "text"
    SHORT = "short"
    DATE = "date"
    NUMBER = "number"
    PERCENT = "percent"
    PERSON = "person"
    GOAL = "goals"
    KPI = "kpis"
    PROBLEM = "problems"
    STATUS = "status"
    PRIORITY = "priority"
    VERDICT = "verdict"
    GOAL_STATE = "goal_state"
    PROBLEM_STATE = "problem_state"
    DIRECTION = "direction"
    FREQUENCY = "frequency"
    INDICATOR_KIND = "indicator_kind"


class Column(NamedTuple):
    """One column: the key of its header and cells in the words, what it holds, its width in characters."""

    key: str
    kind: Kind
    width: int


class TabPlan(NamedTuple):
    """One tab: the key of its name and words, its columns, the name of its table, the rows ready to be typed into."""

    key: str
    columns: tuple[Column, ...]
    table: str
    rows: int


ACTION = Column("action", Kind.TEXT, 44)
DONE_WHEN = Column("done_when", Kind.TEXT, 30)
OWNER = Column("owner", Kind.PERSON, 17)
START = Column("start", Kind.DATE, 14)
DUE = Column("due", Kind.DATE, 14)
STATUS = Column("status", Kind.STATUS, 16)
DONE_ON = Column("done_on", Kind.DATE, 14)
PRIORITY = Column("priority", Kind.PRIORITY, 11)
NOTE = Column("note", Kind.TEXT, 30)

_ACTIONS: Mapping[Method, tuple[Column, ...]] = {
    Method.SIMPLE: (ACTION, DONE_WHEN, OWNER, START, DUE, STATUS, DONE_ON, PRIORITY, NOTE),
    Method.FIVE_W_TWO_H: (
        ACTION,
        Column("why", Kind.TEXT, 28),
        Column("where", Kind.TEXT, 18),
        DUE,
        OWNER,
        Column("next_step", Kind.TEXT, 32),
        Column("cost", Kind.NUMBER, 12),
        STATUS,
        DONE_WHEN,
        NOTE,
    ),
    Method.A3: (
        ACTION,
        Column("problem", Kind.PROBLEM, 12),
        DONE_WHEN,
        OWNER,
        START,
        DUE,
        STATUS,
        DONE_ON,
        Column("effective", Kind.VERDICT, 11),
        Column("verified_on", Kind.DATE, 14),
        NOTE,
    ),
    Method.OKR: (
        ACTION,
        Column("goal", Kind.GOAL, 10),
        Column("kpi", Kind.KPI, 11),
        DONE_WHEN,
        OWNER,
        START,
        DUE,
        STATUS,
        Column("progress", Kind.PERCENT, 13),
        PRIORITY,
        NOTE,
    ),
}

_PEOPLE = TabPlan(
    "people",
    (
        Column("name", Kind.SHORT, 26),
        Column("email", Kind.SHORT, 32),
        Column("team", Kind.SHORT, 20),
        Column("leader", Kind.PERSON, 26),
        Column("away", Kind.SHORT, 26),
        NOTE,
    ),
    "PeopleList",
    15,
)
_GOALS = TabPlan(
    "goals",
    (
        Column("id", Kind.SHORT, 7),
        Column("goal", Kind.TEXT, 44),
        Column("owner", Kind.PERSON, 20),
        Column("until", Kind.DATE, 15),
        Column("priority", Kind.SHORT, 11),
        Column("state", Kind.GOAL_STATE, 13),
        NOTE,
    ),
    "GoalList",
    8,
)
_KPIS = TabPlan(
    "kpis",
    (
        Column("id", Kind.SHORT, 7),
        Column("kpi", Kind.TEXT, 40),
        Column("goal", Kind.GOAL, 11),
        Column("owner", Kind.PERSON, 20),
        Column("direction", Kind.DIRECTION, 12),
        Column("target", Kind.NUMBER, 11),
        Column("unit", Kind.SHORT, 13),
        Column("frequency", Kind.FREQUENCY, 13),
        Column("kind", Kind.INDICATOR_KIND, 13),
        NOTE,
    ),
    "KpiList",
    12,
)
_PROBLEMS = TabPlan(
    "problems",
    (
        Column("id", Kind.SHORT, 7),
        Column("problem", Kind.TEXT, 44),
        Column("cause", Kind.TEXT, 44),
        Column("severity", Kind.PRIORITY, 12),
        Column("opened_on", Kind.DATE, 14),
        Column("state", Kind.PROBLEM_STATE, 11),
        Column("closed_on", Kind.DATE, 14),
        NOTE,
    ),
    "ProblemList",
    10,
)
_BESIDE: Mapping[Method, tuple[TabPlan, ...]] = {
    Method.SIMPLE: (),
    Method.FIVE_W_TWO_H: (),
    Method.A3: (_PROBLEMS,),
    Method.OKR: (_GOALS, _KPIS),
}


def tabs_of(method: Method) -> tuple[TabPlan, ...]:
    """The method's tabs in their order, without the one that explains."""
    return (TabPlan("actions", _ACTIONS[method], "ActionPlan", 25), *_BESIDE[method], _PEOPLE)


class Standing(NamedTuple):
    """How an example action stands: dates in working days from the day the workbook is made, places in the lists."""

    start: int
    due: int
    status: int
    priority: int
    progress: float


STANDINGS = (
    Standing(start=-3, due=5, status=2, priority=0, progress=0.5),
    Standing(start=-1, due=15, status=2, priority=1, progress=0.1),
    Standing(start=10, due=20, status=1, priority=1, progress=0.0),
)
"""One soon due, one under way, one not begun."""
OPENED = -10
"""When the example problem was seen, in working days."""
HORIZON = 60
"""When the example goals end, in working days."""
