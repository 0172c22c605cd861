"""Which tabs a run reads, and following a plan's tab that people renamed."""

from dataclasses import replace

from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.words.tab_names import other_tab
from sheets_sync.workbooks.base import Workbook


def read_plan(workbook: Workbook, settings: PlanSettings) -> Snapshot:
    """Read the plan's tabs and the People tab; every tab while the plan's are not named or a named one is missing."""
    titles = workbook.titles()
    named = {title.key for title in titles if title.name in settings.tabs}
    if len(named) < max(1, len(settings.tabs)):
        return workbook.read([title.key for title in titles])
    people = {title.key for title in titles if other_tab(title.name) == "people"}
    return workbook.read(sorted(named | people))


def followed(snapshot: Snapshot, settings: PlanSettings) -> tuple[PlanSettings, tuple[str, ...]]:
    """The settings with renamed tabs under their new names, and those names: a tab with our marks that no name in the
    configuration names stands for a named one that is gone."""
    names = {tab.name for tab in snapshot.tabs}
    gone = [name for name in settings.tabs if name not in names]
    marked = [tab.name for tab in snapshot.tabs if tab.marks and tab.name not in settings.tabs]
    if not gone or len(gone) != len(marked):
        return settings, ()
    new_names = dict(zip(gone, marked, strict=True))
    return replace(settings, tabs=tuple(new_names.get(name, name) for name in settings.tabs)), tuple(marked)
