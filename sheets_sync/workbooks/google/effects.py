"""Whether changes of what is not a cell stand in a spreadsheet. Pure."""

from collections.abc import Iterable

from sheets_sync.core.decision import ColumnState, DropDownState, HighlightState, Structure
from sheets_sync.workbooks.google.look import Look


def is_removal(structure: Structure) -> bool:
    """Whether a column is given up."""
    return isinstance(structure.before, ColumnState) and structure.after is None


def stand(structures: Iterable[Structure], look: Look) -> bool:
    """Whether a batch of these changes was made: as it is made whole or not at all, one of them tells."""
    return any(_stands(structure, look) for structure in structures)


def _stands(structure: Structure, look: Look) -> bool:
    tab = next((tab for tab in look.snapshot.tabs if tab.key == structure.tab), None)
    match structure.before, structure.after:
        case _ if tab is None:
            return False
        case _, ColumnState() as wanted:
            return wanted.role in tab.marks
        case ColumnState() as removed, None:
            return removed.role not in tab.marks
        case None | HighlightState(), HighlightState() as rules:
            return tab.highlights == rules.rules
        case HighlightState(), None:
            return not tab.highlights
        case None | DropDownState(), DropDownState() as lists:
            return tab.drop_downs == lists.lists
    return not tab.drop_downs
