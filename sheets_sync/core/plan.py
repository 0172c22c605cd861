"""The plan as understood: its tabs, how each was laid out, and all its actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sheets_sync.core.model import Action, Field, Finding, Status


@dataclass(frozen=True, slots=True)
class UnknownStatus:
    """A status word nobody mapped, with how many rows hold it (one plan-level DAT002 each)."""

    text: str
    count: int


class TabLayout(NamedTuple):
    """How one tab was understood: where its header stands and which column is which."""

    tab: str
    name: str
    header_row: int
    columns: tuple[tuple[Field, int], ...]
    headers: tuple[tuple[int, str], ...]
    """Every header cell of the plan's table as (column, text as shown)."""
    last_header: int
    last_row: int
    """The last row that is an action or a heading within the plan."""
    witness_columns: tuple[tuple[int, str], ...]
    """See `witness.row_witness`. An understood column goes by its field, so that a renamed header is no edit."""
    id_is_ours: bool
    """False when the team's own id column is the key."""
    id_column: int | None
    language: str = "en"
    view_of: str = ""
    """Where the whole tab is a view (QUERY, FILTER, Power Query ...): its source; such a tab is never written."""

    def column(self, field: Field) -> int | None:
        """The column number that holds this field, or None."""
        for known, column in self.columns:
            if known is field:
                return column
        return None

    def named(self) -> dict[str, str]:
        """The header of each understood column as it stands in the tab, by field."""
        texts = dict(self.headers)
        return {str(field): texts.get(column, "") for field, column in self.columns}


class Plan(NamedTuple):
    """All tabs of a plan as understood. `notes` are sentences for a person: "not checked: no Status column" and the
    like, as (message key, facts). `can_say_done` False: nothing is called late."""

    layouts: tuple[TabLayout, ...]
    actions: tuple[Action, ...]
    headings: tuple[tuple[str, int], ...]
    """(tab, row) of rows taken as headings."""
    unknown_statuses: tuple[UnknownStatus, ...] = ()
    status_values: tuple[tuple[str, Status, int], ...] = ()
    """Every distinct status text with its meaning and count."""
    findings: tuple[Finding, ...] = ()
    """DAT001 and other findings about columns."""
    date_order: str = ""
    """"dmy", "mdy", "ymd" when set or proved; "" when not known."""
    can_say_done: bool = True
    notes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    people: frozenset[str] = frozenset()
    """Names and aliases of the People tab, normalised; empty when there is none."""

    def layout(self, tab: str) -> TabLayout:
        """The layout of this tab; KeyError when it is not part of the plan."""
        for layout in self.layouts:
            if layout.tab == tab:
                return layout
        raise KeyError(tab)

    def headers(self) -> Mapping[str, Mapping[str, str]]:
        """The headers by field (`TabLayout.named`) of each tab; under "", for what is said of the whole plan, those
        of its only tab."""
        named = {layout.tab: layout.named() for layout in self.layouts}
        return named | {"": next(iter(named.values())) if len(named) == 1 else {}}
