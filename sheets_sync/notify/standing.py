"""How each action of a plan stands for its readers: late, blocked, due soon, finished; and what a mail shows of it.

Nothing here decides who is told. A row that is shown to others than its owner shows less of itself.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.history import Known
from sheets_sync.core.lifecycle import DUE_SOON_DAYS
from sheets_sync.core.model import LIVE, Action, Assessment, Finding, Status
from sheets_sync.core.notices import Row
from sheets_sync.core.persons import Person
from sheets_sync.core.remember import first_day
from sheets_sync.core.workdays import WEEK, Calendar
from sheets_sync.notify.matter import Matter

FINISHED = frozenset({Status.DONE, Status.VERIFIED})
FAR = dt.date.max


class Standing(NamedTuple):
    """One action as it stands today. `order` is its place among the plan's actions, `person` who its owner cell names.

    `seen_on` is the plan's day on which the row was first seen; of a row without an id, the day of adoption. `late` is
    in working days, 0 when it is not late or nothing can be said of its time.
    """

    order: int
    tab: str
    action: Action
    assessment: Assessment
    known: Known | None
    seen_on: dt.date
    person: Person | None
    live: bool
    late: int
    blocked: bool
    soon: bool

    @property
    def presses(self) -> bool:
        """Whether it needs somebody now: late, blocked or due soon."""
        return bool(self.late) or self.blocked or self.soon

    @property
    def due(self) -> dt.date:
        """The due date that counts, for sorting: rows without one come last."""
        return self.assessment.due_used or FAR

    @property
    def finished_on(self) -> dt.date | None:
        """The day it was finished on; None when it is not, or when nothing is said of it (closed at adoption)."""
        return self.assessment.done_by if self.action.status.status in FINISHED else None


class NextStep(NamedTuple):
    """When a late row goes to whose decisions unless it is updated; `on` None when it goes nowhere."""

    on: dt.date | None = None
    to: str = ""


def standings_of(matter: Matter, calendar: Calendar) -> tuple[Standing, ...]:
    """Every action of the plan, in its order."""
    names = {layout.tab: layout.name for layout in matter.plan.layouts}
    find, as_of = matter.directory.find, matter.as_of
    first_days: dict[dt.datetime, dt.date] = {}
    found = []
    pairs = zip(matter.actions, matter.assessments, strict=True)
    for order, (action, assessment) in enumerate(pairs):
        status, due = action.status.status, assessment.due_used
        live = status in LIVE
        late = max(0, assessment.days_late or 0) if live else 0
        known = matter.seen.get(action.key) if action.key else None
        if known is None:
            seen_on = matter.history.adopted_on or as_of
        elif (first := known.first_seen) in first_days:
            seen_on = first_days[first]
        else:
            seen_on = first_days[first] = first_day(known, matter.settings)
        found.append(
            Standing(
                order,
                names.get(action.tab, action.tab),
                action,
                assessment,
                known,
                seen_on,
                find(action.owner) if action.owner else None,
                live,
                late,
                live and (status is Status.BLOCKED or bool(action.blocker)),
                live and not late and due is not None and calendar.count(as_of, due) <= DUE_SOON_DAYS,
            )
        )
    return tuple(found)


def named_row(standing: Standing) -> Row:
    """What anybody may see of a row: where it stands, its key and title, status and due date."""
    action = standing.action
    return Row(
        tab=standing.tab,
        tab_key=action.tab,
        row=action.row,
        key=action.key,
        title=action.action,
        status=action.status.status,
        due=standing.assessment.due_used,
        high_priority=action.high_priority,
    )


def asked_row(standing: Standing) -> Row:
    """What somebody sees who is asked to decide about a row: how it stands, what it needs, and whose it is."""
    owner = standing.person.name if standing.person is not None else standing.action.owner
    return _needing_row(standing)._replace(owner=owner)


def own_row(standing: Standing, matter: Matter, *, fixes: tuple[Finding, ...], next_step: NextStep) -> Row:
    """What its owner sees of a row: everything but the owner."""
    action = standing.action
    return _needing_row(standing)._replace(
        note=action.note,
        note_seen=_note_seen(standing) if action.note else None,
        next_step_on=next_step.on,
        next_step_to=next_step.to,
        fixes=fixes,
        serves=action.goal,
        new=_is_new(standing, matter),
    )


def _needing_row(standing: Standing) -> Row:
    """What anybody may see of a row, with how it stands and what it needs."""
    action = standing.action
    return named_row(standing)._replace(
        flag=standing.assessment.flag,
        days_late=standing.late,
        progress=action.progress,
        blocker=action.blocker,
        need=action.need,
    )


def _note_seen(standing: Standing) -> dt.date | None:
    """Known only where nothing was changed since the day of first sight: else the change may have been another
    cell's, and at adoption the note may have stood there for long."""
    known = standing.known
    untouched = known is not None and not known.adopted and known.last_change == standing.seen_on
    return standing.seen_on if untouched else None


def _is_new(standing: Standing, matter: Matter) -> bool:
    """The row was first seen within a week and not at adoption, or somebody else's name stood there before this run."""
    known = standing.known
    if known is None:
        return False
    before = matter.history.known.get(known.key)
    if before is not None and before.owner != standing.action.owner:
        return matter.directory.find(before.owner) != standing.person
    return not known.adopted and (matter.as_of - standing.seen_on).days <= WEEK


def unique_keys(standings: tuple[Standing, ...]) -> Mapping[str, Standing]:
    """Actions by key; a key that several rows hold names none of them."""
    found: dict[str, Standing | None] = {}
    for standing in standings:
        key = standing.action.key
        if key:
            found[key] = None if key in found else standing
    return {key: standing for key, standing in found.items() if standing is not None}
