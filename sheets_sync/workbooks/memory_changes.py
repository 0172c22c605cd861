"""Applying changes to tabs in memory, each guarded on its own, as the strictest adapter would. Pure.

This is the reading of `Changes` that every other adapter is compared with (tests/contract). What may happen to one
tab is in `memory_draft`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sheets_sync.core.decision import Changes, ColumnState, Edit, Refused, Structure
from sheets_sync.core.snapshot import Role, Tab
from sheets_sync.workbooks.memory_draft import TabDraft


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tabs afterwards, and what became of each change."""

    tabs: tuple[Tab, ...]
    applied: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    refused: tuple[Refused, ...]


def changed_tabs(tabs: Iterable[Tab], changes: Changes, seen: Iterable[Tab]) -> Outcome:
    """Add columns, make the edits, then make all other changes of structure. `seen` are the tabs decided on.

    The guards of all edits look at the rows as they were before the first edit: an id written here is not yet the
    key of its row.
    """
    as_seen = {tab.key: tab for tab in seen}
    keys = {known.tab: known for known in changes.keys}
    drafts = {tab.key: TabDraft(tab, as_seen.get(tab.key), keys.get(tab.key)) for tab in tabs}
    writing = _Writing(drafts)
    for structure in changes.structures:
        if _adds_column(structure):
            writing.restructure(structure)
    for edit in changes.edits:
        writing.edit(edit)
    # From the right, so that a table whose last columns are ours can shrink back.
    for structure in sorted(changes.structures, key=_column, reverse=True):
        if not _adds_column(structure):
            writing.restructure(structure)
    done = tuple(structure for structure in changes.structures if structure in writing.structures)
    after = tuple(draft.tab() for draft in drafts.values())
    return Outcome(after, tuple(writing.applied), done, tuple(writing.refused))


@dataclass
class _Writing:
    """All drafts, and what became of each change so far."""

    drafts: dict[str, TabDraft]
    applied: list[Edit] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def edit(self, edit: Edit) -> None:
        draft = self.drafts.get(edit.ref.tab)
        reason = draft.edit(edit) if draft is not None else "the tab is gone"
        if reason:
            self.refused.append(Refused(edit, reason))
        else:
            self.applied.append(edit)

    def restructure(self, structure: Structure) -> None:
        draft = self.drafts.get(structure.tab)
        reason = draft.restructure(structure, self._kept(structure.tab)) if draft is not None else "the tab is gone"
        if reason:
            self.refused.append(Refused(structure, reason))
        else:
            self.structures.append(structure)

    def _kept(self, tab: str) -> frozenset[Role]:
        """The columns of a tab in which an edit was refused: they hold what somebody typed."""
        refs = [refused.what.ref for refused in self.refused if isinstance(refused.what, Edit)]
        return frozenset(ref.role for ref in refs if ref.tab == tab)


def _adds_column(structure: Structure) -> bool:
    return structure.before is None and isinstance(structure.after, ColumnState)


def _column(structure: Structure) -> int:
    return structure.before.column if isinstance(structure.before, ColumnState) else 0
