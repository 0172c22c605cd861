"""Everything one plan has to say this week: the notices of both weekly mails, and what was looked at for them."""

from sheets_sync.core.notices import Kind, Wanted
from sheets_sync.core.workdays import Calendar
from sheets_sync.notify.leader_week import leader_week, unreached_rows
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.owner_week import owner_week
from sheets_sync.notify.readers import readers_of
from sheets_sync.notify.standing import standings_of
from sheets_sync.notify.timing import period_of


def wanted(matter: Matter, *, late_before: int | None = None) -> Wanted:
    """The notices a run wants. Without a keeper, or where the plan cannot say what is done, there are none, and what
    waits is dropped; when this week's time is over, what waits is left to expire."""
    calendar = Calendar(matter.settings.calendar)
    period = period_of(matter.as_of)
    both = tuple((kind, period) for kind in Kind)
    readers = readers_of(matter, calendar)
    if readers is None or not matter.plan.can_say_done:
        return Wanted(looked_at=both)
    if not readers.open_at(matter.now):
        return Wanted()
    notices = (*owner_week(matter), *leader_week(matter, late_before=late_before))
    return Wanted(notices, both, unreached_rows(standings_of(matter, calendar)))
