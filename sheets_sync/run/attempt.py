"""One plan's run as an outcome, whatever stops it: a busy workbook, a guard, a workbook that cannot be read."""

from collections.abc import Callable
from dataclasses import replace

from sheets_sync.core.health import Cause
from sheets_sync.errors import GuardError, WorkbookBusy, WorkbookChanged, WorkbookError
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Site, holding, refuse_lost

TIMES = 3


def attempted(
    site: Site, once: Callable[[Site], Outcome], *, unheld: Callable[[], Outcome | None] = lambda: None
) -> Outcome:
    """Hold the plan and try, again when the workbook changed under way; `once` gets the site as it is held. What
    `unheld` tells before needs no holding. Raises HeldElsewhere, StoreError."""
    try:
        return unheld() or _held(site, once)
    except WorkbookBusy as busy:
        return deferred(site, busy)
    except GuardError as guard:
        return _outcome(site, Ended.READ_ONLY, Cause.GUARD, guard.message, guard.remedy)
    except WorkbookError as error:
        return _outcome(site, Ended.FAILED, Cause.UNREADABLE, error.message, error.remedy)


def _held(site: Site, once: Callable[[Site], Outcome]) -> Outcome:
    with holding(site) as held:
        for _ in range(TIMES):
            try:
                return once(held)
            except WorkbookChanged:
                refuse_lost(held)
        changing = "the workbook changed each time it was about to be written"
        return _outcome(site, Ended.DEFERRED, Cause.CHANGING, changing)


def deferred(site: Site, busy: WorkbookBusy) -> Outcome:
    """The workbook is in use; who has it is told aside."""
    outcome = _outcome(site, Ended.DEFERRED, Cause.OPEN, busy.message, busy.remedy)
    return replace(outcome, aside=f"by {busy.holder}" if busy.holder else "")


def _outcome(site: Site, ended: Ended, cause: Cause, reason: str, remedy: str = "") -> Outcome:
    return Outcome(site.settings.name, ended, reason, remedy, cause=cause)
