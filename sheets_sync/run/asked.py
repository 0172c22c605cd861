"""Whether people ticked something in a plan's Sync log since it was last read: cheap enough to be asked at every tick.

The run that follows answers it: it reads the ticks itself, accepts changes if that was ticked, clears them and writes
the answer beside them.
"""

from typing import Protocol, runtime_checkable

from sheets_sync.core.sync_log import Ticks
from sheets_sync.run.pausing import BY_HAND
from sheets_sync.run.site import Site


@runtime_checkable
class _Ticked(Protocol):
    """A workbook whose ticks can be read without its tabs."""

    def ticks(self, *, unless: str) -> Ticks:
        """What is ticked, and could be answered now; nothing while the fingerprint is still `unless`. Raises
        WorkbookError."""


def asked(site: Site) -> Ticks:
    """What is ticked; nothing while the workbook is as the last run left it, and while somebody has it open. Raises
    WorkbookError.

    Only a plan that was written before can have been asked anything, and after an undo nothing is answered.
    """
    state = site.store.state(site.settings.uid)
    is_undone = state.paused and state.pause_reason != BY_HAND
    if state.last is None or is_undone or not isinstance(site.workbook, _Ticked):
        return Ticks()
    ticks = site.workbook.ticks(unless=state.last.fingerprint)
    return ticks if ticks and site.log.is_kept() else Ticks()
