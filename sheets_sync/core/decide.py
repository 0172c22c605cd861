"""From what should stand in our columns and what stands there now to the smallest set of changes. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, Kind, text_value
from sheets_sync.core.columns import OwnColumns, blank_headers, own_columns
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Structure,
    StructureKind,
)
from sheets_sync.core.highlights import LAST_ROW, STALE, highlight_rules, stale_formula
from sheets_sync.core.identity import Identified, Place
from sheets_sync.core.model import Field
from sheets_sync.core.plan import Plan, TabLayout
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Row, Snapshot, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.words.flags import LANGUAGES, FlagWords, flag_words

_FIX_END = re.compile(r"\[[A-Z]{3}\d{3}(?:, [A-Z]{3}\d{3})*\]$")
"""The codes at the end of a next fix."""
_ID = re.compile(r".+-\d{4,}")
"""An id of ours, also one of an earlier prefix."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should stand in our columns: flag text and next fix by place ("" = blank), and per tab the owner texts that
    name no single owner, most frequent first."""

    flags: Mapping[Place, str]
    fixes: Mapping[Place, str]
    group_owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    red_after: str | None = None
    """How a formula names the Sync log's day after which the flag's header is red; "" for a plan without such a rule,
    None leaves the one that is there."""


class Decision(NamedTuple):
    """What this run wants to write, and what it may not.

    `closed_tabs` maps a tab's name to why nothing is written there. `dropped` are our columns that people deleted, as
    "tab:role"; `newly_dropped` those among them the keeper has not been told of.
    """

    changes: Changes
    closed_tabs: Mapping[str, str]
    dropped: frozenset[str]
    newly_dropped: frozenset[str]


def decide(
    snapshot: Snapshot,
    plan: Plan,
    identified: Identified,
    *,
    wanted: Wanted,
    settings: PlanSettings,
    dropped: frozenset[str] = frozenset(),
    restore: bool = False,
) -> Decision:
    """Compare wanted and present, tab by tab. A tab that is a view, is ambiguous or has no room is left alone."""
    edits: list[Edit] = []
    structures: list[Structure] = []
    keys: list[KeyColumn] = []
    closed: dict[str, str] = {}
    gone: set[str] = set()
    words = flag_words(settings.language)
    ambiguous = {finding.tab for finding in plan.findings if finding.code == "DAT001"}
    for layout in plan.layouts:
        tab = snapshot.tab(layout.tab)
        if layout.view_of:
            closed[layout.name] = f"view:{layout.view_of}"
            continue
        if layout.tab in ambiguous:
            closed[layout.name] = "ambiguous"
            continue
        columns = own_columns(tab, layout, words, dropped=frozenset() if restore else dropped, restore=restore)
        gone |= {f"{layout.tab}:{role}" for role in columns.dropped}
        if columns.no_room:
            closed[layout.name] = f"no_room:{columns.no_room}"
            continue
        structures += columns.added
        structures += blank_headers(tab, layout, words, present=columns.present)
        structures += _highlights(plan, layout, tab, columns, settings=settings, words=words, wanted=wanted)
        structures += _drop_downs(layout, tab, settings, words)
        keys.append(KeyColumn(tab.key, columns.key_column, layout.witness_columns))
        edits += _edits(layout, tab, columns, identified=identified, wanted=wanted, words=words)
    changes = Changes(tuple(edits), tuple(structures), tuple(keys))
    return Decision(changes, closed, frozenset(gone), frozenset(gone - dropped))


def _edits(
    layout: TabLayout,
    tab: Tab,
    columns: OwnColumns,
    *,
    identified: Identified,
    wanted: Wanted,
    words: FlagWords,
) -> list[Edit]:
    rows = {row.number: row for row in tab.rows}
    edits: list[Edit] = []
    seen: set[int] = set()
    a_text = Kind.TEXT
    texts = {Role.FLAG: wanted.flags, Role.NEXT_FIX: wanted.fixes}
    targets = tuple((role, column, texts.get(role)) for role, column in columns.present.items())
    for action in identified.actions:
        if action.tab != tab.key:
            continue
        seen.add(action.row)
        place = (action.tab, action.row)
        cells = rows[action.row].cells
        shown = identified.shown[place]
        for role, column, own in targets:
            cell = cells.get(column)
            text = action.key if own is None else own.get(place, "")
            before = cell.literal if cell is not None else BLANK
            if before.text != text or (text and before.kind is not a_text):
                edits.append(Edit(shown, CellRef(tab.key, action.row, role), before, text_value(text), action.witness))
    held = frozenset(action.key for action in identified.actions if action.key)
    edits += _leftovers(layout, tab, columns, seen=seen, held=held, words=words)
    return edits


def typed_over(edits: Iterable[Edit]) -> Mapping[Role, int]:
    """How many cells of each of our columns hold what only a person can have typed there, and are put back (DAT004)."""
    return Counter(edit.ref.role for edit in edits if edit.before.text and not _is_ours(edit))


def _is_ours(edit: Edit) -> bool:
    """Whether what stands in the cell is a text as we write them there, be it out of date or in another language."""
    kind, text = edit.before
    if kind is not Kind.TEXT:
        return False
    if edit.ref.role is Role.ID:
        return bool(_ID.fullmatch(text))
    words = map(flag_words, LANGUAGES)
    if edit.ref.role is Role.FLAG:
        return any(spoken.is_flag_text(text) for spoken in words)
    return bool(_FIX_END.search(text)) or any(spoken.computed_row == text for spoken in words)


def _leftovers(
    layout: TabLayout, tab: Tab, columns: OwnColumns, *, seen: set[int], held: frozenset[str], words: FlagWords
) -> list[Edit]:
    """Flags and fixes of ours in rows that are no actions any more, and ids there that an action holds by now."""
    edits: list[Edit] = []
    for row in tab.rows:
        if row.number <= layout.header_row or row.number in seen:
            continue
        flag = row.cells.get(tab.marks.get(Role.FLAG, 0))
        flagged = flag is not None and flag.literal.kind is Kind.TEXT and words.is_flag_text(flag.literal.text)
        key = _row_key(row, columns)
        roles = ((Role.FLAG, Role.NEXT_FIX) if flagged else ()) + ((Role.ID,) if key in held else ())
        for role in roles:
            cell = row.cells.get(tab.marks.get(role, 0))
            if cell is not None:
                witness = row_witness(row, layout.witness_columns)
                edits.append(Edit(key, CellRef(tab.key, row.number, role), cell.literal, BLANK, witness))
    return edits


def _row_key(row: Row, columns: OwnColumns) -> str:
    cell = row.cells.get(columns.key_column) if columns.key_column is not None else None
    return cell.literal.text if cell is not None else ""


def _highlights(
    plan: Plan,
    layout: TabLayout,
    tab: Tab,
    columns: OwnColumns,
    *,
    settings: PlanSettings,
    words: FlagWords,
    wanted: Wanted,
) -> list[Structure]:
    flag_column = columns.present.get(Role.FLAG)
    rules = (
        highlight_rules(
            plan,
            layout,
            flag_column,
            settings=settings,
            words=words,
            group_owners=wanted.group_owners.get(tab.key, ()),
        )
        if flag_column is not None
        else ()
    )
    if flag_column is not None:
        rules += _stale(layout, tab, flag_column, wanted.red_after)
    if rules == tab.highlights:
        return []
    before = HighlightState(tab.highlights) if tab.highlights else None
    after = HighlightState(rules) if rules else None
    return [Structure(StructureKind.HIGHLIGHTS, tab.key, before, after)]


def _stale(layout: TabLayout, tab: Tab, flag_column: int, red_after: str | None) -> tuple[HighlightRule, ...]:
    """The rule by which the flag's header turns red when the plan is not checked any more."""
    if red_after is None:
        return tuple(rule for rule in tab.highlights if rule.colour == STALE)
    header = Area(layout.header_row, flag_column, layout.header_row, flag_column)
    return (HighlightRule(STALE, (header,), stale_formula(red_after)),) if red_after else ()


def _drop_downs(layout: TabLayout, tab: Tab, settings: PlanSettings, words: FlagWords) -> list[Structure]:
    """Our list for the status, unless people have one of their own there."""
    column = layout.column(Field.STATUS)
    lists: tuple[DropDown, ...] = ()
    if settings.drop_downs and column is not None:
        below = Area(layout.header_row + 1, column, LAST_ROW, column)
        has_own = any(area.meets(below) for area in tab.checks)
        lists = tab.drop_downs if has_own else (DropDown(below, words.statuses),)
    if lists == tab.drop_downs:
        return []
    before = DropDownState(tab.drop_downs) if tab.drop_downs else None
    return [Structure(StructureKind.DROP_DOWNS, tab.key, before, DropDownState(lists) if lists else None)]
