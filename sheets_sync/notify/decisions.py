"""When a late row comes before its leader (step L2 of the ladder, DOMAIN 5.2), told to its owner beforehand.

Owner's week and leader's week both ask here, so what an owner was told is what the leader gets. Other steps of the
ladder are not here.
"""

import datetime as dt

from sheets_sync.core.model import Status
from sheets_sync.core.workdays import WEEK, Calendar
from sheets_sync.notify.readers import Readers
from sheets_sync.notify.standing import NextStep, Standing
from sheets_sync.notify.timing import sending_day, week_of

DECISION_DAYS = 10
DECISION_DAYS_PRESSING = 5
"""Rows of high priority: half the days, rounded up."""
WEEKS_AHEAD = 60
"""Weeks without any working day after which no sending day is looked for."""


class Decisions:
    """The days on which leaders are asked, by one plan's calendar. Rows share few dates, so answers are kept."""

    def __init__(self, as_of: dt.date, calendar: Calendar, *, readers: Readers) -> None:
        self._calendar = calendar
        self._readers = readers
        self._names = ", ".join(dict.fromkeys(leader.person.name for leader in readers.leaders))
        self._this_week = sending_day(week_of(as_of), calendar)
        self._days: dict[tuple[dt.date, int, dt.date], dt.date | None] = {}

    def day(self, standing: Standing) -> dt.date | None:
        """The sending day of the leader's week that asks about this late row unless it is updated; this week's when
        it stands there already. None while the ladder stands still: not late, on hold, its owner away."""
        due = standing.assessment.due_used
        if not standing.late or due is None or not self._names:
            return None
        if standing.action.status.status is Status.ON_HOLD or self._readers.away(standing.person):
            return None
        days = DECISION_DAYS_PRESSING if standing.action.high_priority else DECISION_DAYS
        question = due, days, standing.seen_on
        if question not in self._days:
            self._days[question] = self._sending_day(*question)
        return self._days[question]

    def is_asked(self, standing: Standing) -> bool:
        """Whether this week's mail asks a leader about this row: late for long enough, or blocked and in need."""
        if standing.blocked and standing.action.need and not self._readers.away(standing.person):
            return True
        day = self.day(standing)
        return day is not None and day == self._this_week

    def next_step(self, standing: Standing) -> NextStep:
        """Where a late row goes unless it is updated: to the owner's own leader where that one gets the leader's
        week, else to all who get it."""
        day = self.day(standing)
        if day is None:
            return NextStep()
        person = standing.person
        own = self._readers.directory.find(person.leader) if person is not None and person.leader else None
        gets_it = own is not None and any(own.identity == leader.person.identity for leader in self._readers.leaders)
        return NextStep(day, own.name if own is not None and gets_it else self._names)

    def _sending_day(self, due: dt.date, days: int, seen_on: dt.date) -> dt.date | None:
        """The first sending day, from this week's on, once the row is that many working days late and an Owner's week
        could list it, which is never in the week of its first sight."""
        listed = week_of(seen_on).last + dt.timedelta(days=1)
        earliest = max(self._calendar.add(due, days), listed, self._this_week or dt.date.min)
        weeks = (week_of(earliest + dt.timedelta(days=WEEK * number)) for number in range(WEEKS_AHEAD))
        sending = (sending_day(week, self._calendar) for week in weeks)
        return next((day for day in sending if day is not None and day >= earliest), None)
