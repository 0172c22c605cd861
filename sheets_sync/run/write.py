"""One write into a workbook, in the order that a crash anywhere can be settled from: begin, apply, finish."""

from collections.abc import Callable

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.history import Remembered
from sheets_sync.core.notices import NO_NOTICES, Wanted
from sheets_sync.errors import GuardError, WorkbookError
from sheets_sync.run.site import Site, refuse_lost, refuse_unwritable
from sheets_sync.store.store import PlanState, RunStart


def write(
    site: Site,
    start: RunStart,
    changes: Changes,
    *,
    remembered: Remembered,
    apply: Callable[[], Receipt],
    next_number: int = 1,
    whole: bool = False,
    wanted: Wanted = NO_NOTICES,
) -> Receipt:
    """Note what is meant to be done, let `apply` do it, note what became of it.

    `whole` tells that nothing is left to do for the next run unless an edit is refused. What `apply` raises passes
    through, with nothing written and nothing remembered. Raises HeldElsewhere, with nothing done from there on, when
    another run took the plan over: that one settles this one.
    """
    if changes:
        refuse_unwritable(site)
    before = site.store.state(start.plan) if changes.remove_stamp else None
    run = site.store.begin(start, changes, remembered, next_number=next_number, lease=site.lease)
    try:
        refuse_lost(site)
        receipt = apply()
    except (WorkbookError, GuardError):
        site.store.abandon(run, finished=site.clock.now(), reason="not written", lease=site.lease)
        raise
    settled = whole and not receipt.refused
    now = site.clock.now()
    site.store.finish(run, receipt, remembered, finished=now, settled=settled, wanted=wanted, lease=site.lease)
    if before is not None and receipt.refused:
        _note_stamp(site, start.plan, before)
    return receipt


def _note_stamp(site: Site, plan: str, before: PlanState) -> None:
    """What was refused may have kept the stamp in the workbook, which is ours then as before."""
    try:
        held = site.workbook.read(()).stamp
    except WorkbookError:
        site.store.accept_stamp(plan, before.stamp_write, before.stamp_store)
    else:
        site.store.accept_stamp(plan, held.write if held else 0, held.store if held else "")
