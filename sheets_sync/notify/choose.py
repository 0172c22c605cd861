"""Everything one plan has to say this week: the notices of both weekly mails, and what was looked at for them."""

from sheets_sync.core.collection import paused_collection
from sheets_sync.core.notices import Kind, Wanted
from sheets_sync.notify.leader_week import leader_week, unreached_rows
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.outlook import outlook_of
from sheets_sync.notify.owner_week import owner_week
from sheets_sync.notify.timing import period_of


def wanted(matter: Matter, *, late_before: int | None = None) -> Wanted:
    """The notices a run wants. Where nobody may be mailed there are none, and what waits is dropped; when this week's
    time is over, what waits is left to expire. `late_before`: see `leader_week`."""
    with paused_collection():
        return _wanted(matter, late_before)


def _wanted(matter: Matter, late_before: int | None) -> Wanted:
    period = period_of(matter.as_of)
    both = tuple((kind, period) for kind in Kind)
    outlook = outlook_of(matter)
    if outlook is None:
        return Wanted(looked_at=both)
    unreached = unreached_rows(outlook.standings)
    if not outlook.readers.open_at(matter.now):
        return Wanted(unreached=unreached)
    notices = (*owner_week(outlook), *leader_week(outlook, late_before=late_before))
    return Wanted(notices, both, unreached)
