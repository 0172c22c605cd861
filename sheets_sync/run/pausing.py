"""Pausing a plan and letting it go on: by a person, or by itself on the day that was said.

While a plan is paused nothing is mailed about it and nothing written into its workbook, but that it is paused, into its
Sync log (`pause_telling`). What is due stays due, for a date is what people wrote; but the days of a pause do not count
as days without an update (`core.lifecycle`).
"""

import datetime as dt

from sheets_sync.errors import UsageError
from sheets_sync.run.clock import plan_day
from sheets_sync.run.site import Site
from sheets_sync.store.store import PlanState

BY_HAND = "paused by hand"
PAUSED, RESUMED = "paused", "resumed"


def pause(site: Site, *, until: dt.date | None = None) -> None:
    """Pause the plan until that day of its calendar, or until `resume`. A plan that is paused already stays so since
    it was, with the new end. Raises UsageError for a day that is not to come, and after an undo."""
    plan, now = site.settings.uid, site.clock.now()
    if until is not None and until <= plan_day(now, site.settings.timezone):
        raise UsageError(
            "--until names the day on which the plan goes on: a day to come", "for example: --until 2027-01-04"
        )
    before = site.store.pauses.now(plan)
    if before is not None and before.reason != BY_HAND and until is not None:
        raise UsageError(f"the plan is {before.reason}, which has no end by itself", "go on with: sheets-sync resume")
    since = before.since if before is not None else now
    site.store.pauses.begin(plan, before.reason if before is not None else BY_HAND, since, until=until)
    site.store.health.add_event(plan, PAUSED, {"until": until.isoformat()} if until else {}, now=now)


def resume(site: Site) -> bool:
    """Let the plan go on; False when it was not paused."""
    return _ended(site, plan_day(site.clock.now(), site.settings.timezone))


def go_on_when_due(site: Site, state: PlanState) -> PlanState:
    """The plan's state, with a pause ended whose day has come."""
    if state.paused_until is None or plan_day(site.clock.now(), site.settings.timezone) < state.paused_until:
        return state
    _ended(site, state.paused_until)
    return state._replace(paused=False, pause_reason="", paused_until=None)


def _ended(site: Site, on: dt.date) -> bool:
    plan, now = site.settings.uid, site.clock.now()
    before = site.store.pauses.now(plan)
    if before is None:
        return False
    site.store.pauses.end(plan, (plan_day(before.since, site.settings.timezone), on))
    site.store.health.add_event(plan, RESUMED, {}, now=now)
    return True
