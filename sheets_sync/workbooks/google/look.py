"""One look at a spreadsheet: the snapshot, and what of it only a writer needs. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass

from sheets_sync.core.snapshot import Snapshot, Tab
from sheets_sync.workbooks.google.log_reading import NO_LOG, LogFacts
from sheets_sync.workbooks.google.tab_reading import TabFacts


@dataclass(frozen=True, slots=True)
class Look:
    """What was read in one go, of all tabs in question. `facts` are by tab key; `has_stamp_tab` tells whether the
    hidden tab of the stamp is there; `taken` is the monotonic second at which reading began; `sign` is that of the last
    batch of changes (`structure_requests.signed`); `log` is what was found of the Sync log."""

    snapshot: Snapshot
    facts: Mapping[str, TabFacts]
    has_stamp_tab: bool
    taken: float
    sign: str = ""
    log: LogFacts = NO_LOG


def tab_pairs(look: Look, fresh: Look) -> list[tuple[Tab, Tab]]:
    """Each tab as it was and as it is now, where it still is."""
    now = {tab.key: tab for tab in fresh.snapshot.tabs}
    return [(tab, now[tab.key]) for tab in look.snapshot.tabs if tab.key in now]
