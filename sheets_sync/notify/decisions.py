"""When a late row comes before its leader (step L2 of the ladder, DOMAIN 5.2), told to its owner beforehand.

Owner's week and leader's week both ask here, so what an owner was told is what the leader gets. Other steps of the
ladder are not here.
"""

import datetime as dt

from sheets_sync.core.model import Status
from sheets_sync.core.workdays import WEEK, Calendar
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.readers import Readers
from sheets_sync.notify.standing import Standing, first_sight
from sheets_sync.notify.timing import sending_day, week_of

DECISION_DAYS = 10
DECISION_DAYS_PRESSING = 5
"""Rows of high priority: half the days, rounded up."""
WEEKS_AHEAD = 60


class Decisions:
    """The days on which leaders are asked, by one plan's calendar. Many rows share few dates, so answers are kept."""

    def __init__(self, matter: Matter, calendar: Calendar, readers: Readers) -> None:
        self._matter = matter
        self._calendar = calendar
        self._readers = readers
        self._days: dict[dt.date, dt.date | None] = {}
        self._names = ", ".join(dict.fromkeys(leader.person.name for leader in readers.leaders))
        self._this_week = sending_day(week_of(matter.as_of), calendar)

    def day(self, standing: Standing) -> dt.date | None:
        """The sending day of the leader's week that asks about this late row unless it is updated; this week's when
        it stands there already. None while the ladder stands still: not late, on hold, its owner away."""
        due = standing.assessment.due_used
        waits = standing.action.status.status is Status.ON_HOLD or self._readers.away(standing.person)
        if not standing.late or due is None or waits or not self._names:
            return None
        days = DECISION_DAYS_PRESSING if standing.action.high_priority else DECISION_DAYS
        # No row goes to a leader before an Owner's week could list it, so never in the week of its first sight.
        listed = week_of(first_sight(standing, self._matter)).last + dt.timedelta(days=1)
        found = self._sending_day(max(self._calendar.add(due, days), listed))
        this_week = self._this_week
        return found if found is None or this_week is None else max(found, this_week)

    def is_asked(self, standing: Standing) -> bool:
        """Whether this week's mail asks a leader about this row: late for long enough, or blocked and in need."""
        if standing.blocked and standing.action.need and not self._readers.away(standing.person):
            return True
        day = self.day(standing)
        return day is not None and day == self._this_week

    def reader_names(self, standing: Standing) -> str:
        """Who is asked: the owner's own leader where that one gets the leader's week, else all who get it."""
        person = standing.person
        own = self._readers.directory.find(person.leader) if person is not None and person.leader else None
        gets_it = own is not None and any(own.identity == leader.person.identity for leader in self._readers.leaders)
        return own.name if own is not None and gets_it else self._names

    def _sending_day(self, day: dt.date) -> dt.date | None:
        """The first sending day of a leader's week on or after this day."""
        if day not in self._days:
            weeks = (week_of(day + dt.timedelta(days=WEEK * number)) for number in range(WEEKS_AHEAD))
            found = (sending_day(week, self._calendar) for week in weeks)
            self._days[day] = next((sending for sending in found if sending is not None and sending >= day), None)
        return self._days[day]
