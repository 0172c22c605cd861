"""A paused plan says so in its Sync log, once: nothing else is written while it is paused."""

import datetime as dt

from sheets_sync import __version__
from sheets_sync.core.history import unchanged
from sheets_sync.errors import GuardError, WorkbookError
from sheets_sync.run.clock import ClockGuard
from sheets_sync.run.log_keeping import with_pause_told
from sheets_sync.run.outcome import Looked
from sheets_sync.run.pausing import BY_HAND
from sheets_sync.run.site import Site, stamped
from sheets_sync.run.write import write
from sheets_sync.store.runs import LOG
from sheets_sync.store.store import PlanState, RunStart


def tell_pause(site: Site, looked: Looked, state: PlanState, *, guard: ClockGuard, as_of: dt.date) -> None:
    """Write into the log that the plan is paused, and answer what was ticked there. After an undo nothing is written,
    nor into a workbook that this store never wrote. Where it cannot be written now, the next run tries again."""
    snapshot, history = looked.snapshot, site.store.history(site.settings.uid)
    if state.pause_reason != BY_HAND or history.adopted_on is None:
        return
    if not site.writes or snapshot.refusal or site.why_not_written():
        return
    told = with_pause_told(site, looked, until=state.paused_until)
    if told is None:
        return
    plan = site.settings.uid
    changes = stamped(site, told, state)
    start = RunStart(plan, as_of, guard.check(), snapshot.fingerprint, site.config_hash, __version__, LOG)
    remembered = unchanged(history, as_of)
    try:
        write(site, start, changes, remembered=remembered, apply=lambda: site.workbook.apply(changes, snapshot))
    except (WorkbookError, GuardError):
        return
