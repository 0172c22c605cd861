"""Notices: what one plan has to say to one person in one period, as plain values without wording.

A run makes them (`notify.owner_week`, `notify.leader_week`), the store keeps them with the run that made them, a mail
is composed of all that wait for one person (`notify.render`). Texts from cells stand here as they were read; whoever
shows them escapes, shortens and defangs them.
"""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.model import Finding, Flag, Status
from sheets_sync.core.persons import Person


class Kind(StrEnum):
    """The kinds of mail; the value is the name on the command line and in template names."""

    OWNER_WEEK = "owner-week"
    LEADER_WEEK = "leader-week"


class PlanFacts(NamedTuple):
    """What a mail says about the plan a section is about. `read_at` is an aware instant, `day` the plan's day then.

    `headers` are the understood columns of each tab, by tab key, as (field, header as it stands) pairs.
    """

    uid: str
    name: str
    language: str
    timezone: str
    day: dt.date
    read_at: dt.datetime
    keeper_name: str
    keeper_address: str
    link: str = ""
    headers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


class Row(NamedTuple):
    """One action as a mail may show it. Blank = "", None, (). `tab` is the tab's name, `row` where it stood when read.

    `days_late` in working days (> 0 = late). `note_seen` is the day this note was first seen, None when not known.
    `owner` is set only where a leader is asked for a decision or thanks are said. `next_step_on` and `next_step_to`
    tell where a late row goes unless updated ("goes to Rui's decisions on Fri 4 Dec"). `fixes` are findings with
    severity E or W, worst first, to be worded in the reader's language. `serves` are the goals of the row.
    """

    tab: str
    row: int
    key: str
    title: str
    status: Status
    flag: Flag | None = None
    due: dt.date | None = None
    days_late: int = 0
    high_priority: bool = False
    progress: float | None = None
    blocker: str = ""
    need: str = ""
    note: str = ""
    note_seen: dt.date | None = None
    owner: str = ""
    next_step_on: dt.date | None = None
    next_step_to: str = ""
    fixes: tuple[Finding, ...] = ()
    serves: tuple[str, ...] = ()
    new: bool = False
    """New to its reader since the last Owner's week: the row, or its owner, is."""
    tab_key: str = ""
    """The tab's key, by which a Google Sheet is opened at the row."""


class OwnerSection(NamedTuple):
    """One plan's part of an owner's week. Every row stands in one place only; `fixes` rows carry their findings."""

    plan: PlanFacts
    finished: tuple[Row, ...] = ()
    """Closed in the last seven days."""
    late: tuple[Row, ...] = ()
    """Most days late first."""
    blocked: tuple[Row, ...] = ()
    due_soon: tuple[Row, ...] = ()
    """Due today or within five working days, by due date."""
    waiting: tuple[Row, ...] = ()
    """Others' rows that depend on a row of this reader that is not finished; without their owners' names."""
    fixes: tuple[Row, ...] = ()
    """At most five."""
    stand_in: tuple[Row, ...] = ()
    """Rows of somebody away, inactive, unknown or not reachable, which this reader leads or keeps."""
    later: int = 0
    """How many further open rows the reader has."""

    def __bool__(self) -> bool:
        return any((self.late, self.blocked, self.due_soon, self.waiting, self.fixes, self.stand_in))


class FixCount(NamedTuple):
    """How many rows need the same fix."""

    code: str
    rows: int


class LeaderSection(NamedTuple):
    """One plan's part of a leader's week, about the week `first`..`last`. No number stands beside a person's name.

    `live`, `done`, `late`, `blocked` and `due_next` count the plan's rows; `decisions` are the most urgent (at most
    five here, `more_decisions` further ones). `unchecked` are plan notes, as (message key, facts), of what was not
    checked and why. `unreached` counts rows whose owner no mail reaches.
    """

    plan: PlanFacts
    first: dt.date
    last: dt.date
    live: int = 0
    done: int = 0
    late: int = 0
    blocked: int = 0
    due_next: int = 0
    late_before: int | None = None
    """Late rows in the leader's week before, None when not known."""
    decisions: tuple[Row, ...] = ()
    more_decisions: int = 0
    finished: tuple[Row, ...] = ()
    """Closed in that week, with owner for thanks where they finished on their date."""
    commonest_fixes: tuple[FixCount, ...] = ()
    """At most three."""
    flagged: int = 0
    """Rows with at least one E or W finding."""
    unchecked: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    unreached: int = 0


Section = OwnerSection | LeaderSection


class Notice(NamedTuple):
    """What one plan has to say to one person, once per kind and period ("2026-W48", the ISO week it is sent in).

    Not before `not_before`, never after `expires` (aware instants). Unique by plan, person's identity, kind, period.
    """

    plan: str
    person: Person
    kind: Kind
    period: str
    not_before: dt.datetime
    expires: dt.datetime
    section: Section


class Wanted(NamedTuple):
    """All notices a run of one plan wants, and the (kind, period) pairs it looked at: a waiting notice of such a pair
    that is not wanted any more is dropped."""

    notices: tuple[Notice, ...] = ()
    looked_at: tuple[tuple[Kind, str], ...] = ()
    unreached: int = 0
    """Rows that reach nobody."""
    people_to_mend: int = 0
    """Rows of the People tab that cannot be used as they are, where the plan takes people from it."""


NO_NOTICES = Wanted()
