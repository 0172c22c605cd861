"""What is said of the rows of a plan: actions (parsed rows), findings, flags, assessments. The plan itself: `plan`."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple


class Field(StrEnum):
    """The canonical human columns of an actions table (DOMAIN 1.2)."""

    ID = "id"
    ACTION = "action"
    OWNER = "owner"
    DUE = "due"
    STATUS = "status"
    ORIGINAL_DUE = "original_due"
    START = "start"
    DONE_ON = "done_on"
    PROGRESS = "progress"
    DONE_WHEN = "done_when"
    WHY = "why"
    NEXT_STEP = "next_step"
    GOAL = "goal"
    KPI = "kpi"
    PROBLEM = "problem"
    PRIORITY = "priority"
    EFFORT = "effort"
    DEPENDS_ON = "depends_on"
    BLOCKER = "blocker"
    NEED = "need"
    RESOURCES = "resources"
    TYPE = "type"
    EVIDENCE = "evidence"
    VERIFIER = "verifier"
    VERIFIED_ON = "verified_on"
    EFFECTIVE = "effective"
    SLIP_REASON = "slip_reason"
    NOTE = "note"
    UPDATED_ON = "updated_on"
    SUPPORT = "support"
    WHERE = "where"
    AREA = "area"
    SOURCE = "source"
    COST = "cost"
    SNOOZE_UNTIL = "snooze_until"
    LESSON = "lesson"
    ACCEPTED = "accepted"
    IGNORE = "ignore"


class Status(StrEnum):
    """Canonical status (DOMAIN 2.1). UNKNOWN is a word nobody has mapped yet: it never makes a row late."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    ON_HOLD = "on_hold"
    DONE = "done"
    VERIFIED = "verified"
    INEFFECTIVE = "ineffective"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


LIVE = frozenset({Status.PLANNED, Status.IN_PROGRESS, Status.BLOCKED, Status.ON_HOLD})
CLOSED = frozenset({Status.DONE, Status.VERIFIED, Status.INEFFECTIVE, Status.CANCELLED})


class Precision(StrEnum):
    """How exactly a date was given; a period stands for its last working day (DUE003)."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class DateProblem(StrEnum):
    """Why a date cell gives no date."""

    NOT_A_DATE = "not_a_date"
    """Text without a date: "Ongoing", "90 days after approval" (DUE002)."""
    MOVES = "moves"
    """Computed from today, moves every day (DUE002)."""
    AMBIGUOUS = "ambiguous"
    """03/04/2026 without a known date order (DAT006)."""
    BROKEN = "broken"
    """An error value, a formula without a cached value, or a number no calendar holds (DAT005, FIX ROW)."""


class DateReading(NamedTuple):
    """A date cell as understood. A blank cell reads as `NO_DATE`. `text` is what stands in the cell.

    `computed` tells that a formula gives the date (its moves are neither slips nor mass change).
    """

    date: dt.date | None = None
    precision: Precision = Precision.DAY
    problem: DateProblem | None = None
    text: str = ""
    computed: bool = False


NO_DATE = DateReading()


class StatusReading(NamedTuple):
    """A status cell as understood. `text` is what stands in the cell.

    `typed_late` tells that the cell holds "overdue" or a twin: lateness is computed, never typed (DAT002).
    """

    status: Status
    text: str = ""
    typed_late: bool = False


class Ignore(NamedTuple):
    """One entry of the `ignore` cell. `codes` empty = all that is shown on the row. `until` None = 65 working days
    from the first sight of this text."""

    codes: tuple[str, ...]
    until: dt.date | None
    reason: str


class CellProblem(NamedTuple):
    """A cell that could not be read as its column needs (DAT005): an error value, merged, text in a number column.

    `problem` is one of "error", "not calculated", "out of range", "merged", "not a number".
    """

    field: Field
    problem: str
    text: str


class Action(NamedTuple):
    """One row of the plan that is an action. Blank cells are "", None or NO_DATE.

    `key` is the id as the row shows it, "" for none. `row` is the row number as read. `language` is the language
    of the action's text ("en", "pt", "es") or None when no lexicon fits: text rules are off then.
    `computed` tells that the action cell is spilled, queried or linked (HAZARDS 4).
    """

    tab: str
    row: int
    key: str
    witness: str
    action: str
    owner: str = ""
    due: DateReading = NO_DATE
    status: StatusReading = StatusReading(Status.PLANNED)
    original_due: DateReading = NO_DATE
    start: DateReading = NO_DATE
    done_on: DateReading = NO_DATE
    updated_on: DateReading = NO_DATE
    verified_on: DateReading = NO_DATE
    progress: float | None = None
    """Percent, 0-100."""
    done_when: str = ""
    next_step: str = ""
    goal: tuple[str, ...] = ()
    kpi: tuple[str, ...] = ()
    problem: tuple[str, ...] = ()
    priority: str = ""
    """As typed."""
    high_priority: bool = False
    depends_on: tuple[str, ...] = ()
    blocker: str = ""
    need: str = ""
    type: str = ""
    effective: str = ""
    """"yes", "partly", "no" or "" (unreadable text counts as "")."""
    note: str = ""
    slip_reason: str = ""
    ignore: tuple[Ignore, ...] = ()
    language: str | None = "en"
    computed: bool = False
    status_computed: bool = False
    problems: tuple[CellProblem, ...] = ()


class Severity(StrEnum):
    """E cannot be managed as written; W likely to slip or not to work; I improve; H style."""

    E = "E"
    W = "W"
    I = "I"  # noqa: E741
    H = "H"


class Finding(NamedTuple):
    """One rule's word on one row, one column or the plan: a value, never an exception.

    `tab` and `row` are "" and 0 for a finding about the plan. `field` names the cell. `facts` fill the message's
    places, as (name, value) pairs. `silenced` is "" or why it is not shown: "ignored", "collapsed", "grace".
    """

    code: str
    severity: Severity
    tab: str = ""
    row: int = 0
    field: Field | None = None
    facts: tuple[tuple[str, str], ...] = ()
    silenced: str = ""


class Flag(StrEnum):
    """The one word on a row (DOMAIN 2.3), in order of precedence."""

    FIX_ROW = "fix_row"
    CANCELLED = "cancelled"
    VERIFIED = "verified"
    NOT_EFFECTIVE = "not_effective"
    VERIFY = "verify"
    DONE = "done"
    DONE_LATE = "done_late"
    NO_OWNER = "no_owner"
    NO_DATE = "no_date"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    ON_HOLD = "on_hold"
    DUE_TODAY = "due_today"
    AT_RISK = "at_risk"
    RE_DATED = "re_dated"
    STALE = "stale"
    LATE_START = "late_start"
    DUE_SOON = "due_soon"
    ON_TRACK = "on_track"
    PLANNED = "planned"
    PROPOSED = "proposed"


RED = frozenset({Flag.FIX_ROW, Flag.NOT_EFFECTIVE, Flag.NO_OWNER, Flag.NO_DATE, Flag.OVERDUE})
AMBER = frozenset({Flag.VERIFY, Flag.BLOCKED, Flag.AT_RISK, Flag.RE_DATED, Flag.STALE, Flag.LATE_START})


class Assessment(NamedTuple):
    """What is said of one row. `flag` None = nothing is said (closed before adoption, unknown status without other
    flags). `days_late` is in working days, None without a due date; `due_used` is the due date after the roll."""

    tab: str
    row: int
    flag: Flag | None
    secondary: tuple[Flag, ...] = ()
    due_used: dt.date | None = None
    days_late: int | None = None
    done_by: dt.date | None = None
    """The date the row counts as finished on; estimated when `done_on` is blank."""
    reason: str = ""
    """Why AT RISK, as a message key with its fact after a colon, e.g. "half_gone" or "predecessor:A-0012"."""
