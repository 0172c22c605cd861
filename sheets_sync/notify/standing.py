"""How each action of a plan stands for its readers: late, blocked, due soon, finished; and what a mail shows of it.

Nothing here decides who is told. A row that is shown to others than its owner shows less of itself.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.history import Known
from sheets_sync.core.lifecycle import DUE_SOON_DAYS
from sheets_sync.core.model import LIVE, Action, Assessment, Finding, Status
from sheets_sync.core.notices import PlanFacts, Row
from sheets_sync.core.persons import Person
from sheets_sync.core.remember import first_day
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import WEEK, Calendar
from sheets_sync.notify.matter import Matter

FINISHED = frozenset({Status.DONE, Status.VERIFIED})
FAR = dt.date.max


class Standing(NamedTuple):
    """One action as it stands today. `order` is its place among the plan's actions, `person` who its owner cell names.

    `late` is in working days, 0 when it is not late or nothing can be said of its time.
    """

    order: int
    tab: str
    action: Action
    assessment: Assessment
    known: Known | None
    person: Person | None
    live: bool
    late: int
    blocked: bool
    soon: bool

    @property
    def due(self) -> dt.date:
        """The due date that counts, for sorting: rows without one come last."""
        return self.assessment.due_used or FAR

    @property
    def finished_on(self) -> dt.date | None:
        """The day it was finished on; None when it is not, or when it was finished before the plan was adopted."""
        done = self.action.status.status in FINISHED and self.assessment.flag is not None
        return self.assessment.done_by if done else None


def standings_of(matter: Matter, calendar: Calendar) -> tuple[Standing, ...]:
    """Every action of the plan, in its order."""
    names = {layout.tab: layout.name for layout in matter.plan.layouts}
    timed = matter.plan.can_say_done
    found = []
    pairs = zip(matter.actions, matter.assessments, strict=True)
    for order, (action, assessment) in enumerate(pairs):
        live = action.status.status in LIVE
        late = max(0, assessment.days_late or 0) if live and timed else 0
        due = assessment.due_used
        soon = live and timed and not late and due is not None
        found.append(
            Standing(
                order=order,
                tab=names.get(action.tab, action.tab),
                action=action,
                assessment=assessment,
                known=matter.seen.get(action.key) if action.key else None,
                person=matter.directory.find(action.owner) if action.owner else None,
                live=live,
                late=late,
                blocked=live and (action.status.status is Status.BLOCKED or bool(action.blocker)),
                soon=soon and due is not None and calendar.count(matter.as_of, due) <= DUE_SOON_DAYS,
            )
        )
    return tuple(found)


def plan_facts(matter: Matter) -> PlanFacts:
    """What a mail says about the plan."""
    keeper = matter.mail.keeper
    return PlanFacts(
        uid=matter.settings.uid,
        name=matter.settings.name,
        language=matter.settings.language,
        timezone=matter.settings.timezone,
        day=matter.as_of,
        read_at=matter.now,
        keeper_name=keeper.name if keeper is not None else "",
        keeper_address=keeper.address if keeper is not None else "",
        link=matter.mail.link,
    )


def named_row(standing: Standing) -> Row:
    """What anybody may see of a row: where it stands, its key and title, status and due date."""
    action = standing.action
    return Row(
        tab=standing.tab,
        row=action.row,
        key=action.key,
        title=action.action,
        status=action.status.status,
        due=standing.assessment.due_used,
        high_priority=action.high_priority,
    )


def asked_row(standing: Standing) -> Row:
    """What somebody sees who is asked to decide about a row: how it stands, what it needs, and whose it is."""
    action = standing.action
    return named_row(standing)._replace(
        flag=standing.assessment.flag,
        days_late=standing.late,
        progress=action.progress,
        blocker=action.blocker,
        need=action.need,
        owner=standing.person.name if standing.person is not None else action.owner,
    )


def own_row(standing: Standing, matter: Matter, *, fixes: tuple[Finding, ...] = ()) -> Row:
    """What its owner sees of a row: everything but the owner."""
    action, known = standing.action, standing.known
    return asked_row(standing)._replace(
        owner="",
        note=action.note,
        note_seen=_note_seen(known, matter.settings) if action.note else None,
        fixes=fixes,
        serves=action.goal,
        new=_is_new(standing, matter),
    )


def first_sight(standing: Standing, matter: Matter) -> dt.date:
    """The plan's day on which the row was first seen; of a row without an id, the day of adoption."""
    if standing.known is None:
        return matter.history.adopted_on or matter.as_of
    return first_day(standing.known, matter.settings)


def _note_seen(known: Known | None, settings: PlanSettings) -> dt.date | None:
    """Known only where nothing was changed since the day of first sight: else the change may have been another
    cell's, and at adoption the note may have stood there for long."""
    if known is None or known.adopted or known.last_change is None:
        return None
    return known.last_change if known.last_change == first_day(known, settings) else None


def _is_new(standing: Standing, matter: Matter) -> bool:
    """The row was first seen within a week and not at adoption, or somebody else's name stood there before this run."""
    known = standing.known
    if known is None:
        return False
    before = matter.history.known.get(known.key)
    if before is not None and matter.directory.find(before.owner) != standing.person:
        return True
    return not known.adopted and (matter.as_of - first_day(known, matter.settings)).days <= WEEK


def unique_keys(standings: tuple[Standing, ...]) -> Mapping[str, Standing]:
    """Actions by key; a key that several rows hold names none of them."""
    found: dict[str, Standing | None] = {}
    for standing in standings:
        key = standing.action.key
        if key:
            found[key] = None if key in found else standing
    return {key: standing for key, standing in found.items() if standing is not None}
