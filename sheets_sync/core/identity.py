"""Which row is which action: ids kept, given back, swapped back, given anew (HAZARDS 1-5, rules DAT004 and DAT008).

Pure: it decides ids and names the cells to write; it writes nothing. The guard against mass change is in `guards`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from sheets_sync.core.history import History, Known
from sheets_sync.core.model import CLOSED, Action, Field, Finding, Severity
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings

Place = tuple[str, int]
"""Tab key and row number."""

ID_DIGITS = 4
LOST_STORE_STEP = 1000


class Identified(NamedTuple):
    """The plan's actions with their ids settled.

    `actions` carry the id they have after this run as `key` ("" = none). `shown` maps each place to the id the sheet
    shows now. `changed` maps a place to why its id cell changes ("minted", "returned", "swapped", "copied").
    `duplicates` are places in a team's own id column whose id is not unique. `unsolved` is why ids cannot be trusted
    in this run, "" when they can. `next_number` is the first number still free.
    """

    actions: tuple[Action, ...]
    shown: Mapping[Place, str]
    changed: Mapping[Place, str]
    duplicates: frozenset[Place]
    findings: tuple[Finding, ...]
    unsolved: str
    next_number: int


def identify(plan: Plan, history: History, settings: PlanSettings, *, elsewhere: bool = False) -> Identified:
    """Settle the id of every action. Ids in a team's own column are taken as they are and never changed.

    `elsewhere` tells that another store may have given ids this history knows nothing of.
    """
    shown = {(action.tab, action.row): action.key for action in plan.actions}
    ours = {layout.tab for layout in plan.layouts if layout.id_is_ours}
    swaps, unsolved = _swapped_back(plan.actions, history, ours)
    keys = {**shown, **swaps}
    changed = dict.fromkeys(swaps, "swapped")
    duplicates = _team_duplicates(plan.actions, ours)
    _separate_copies(plan.actions, keys, changed, history=history, ours=ours, pattern=_pattern(settings))
    _give_back(plan.actions, keys, changed, history=history, ours=ours)
    never_gave_any = history.adopted_on is None and history.next_number == 1
    lost = never_gave_any and any(_pattern(settings).fullmatch(action.key) for action in plan.actions)
    number = _mint(plan, keys, changed, history=history, settings=settings, ours=ours, far=lost or elsewhere)
    actions = plan.actions if keys == shown else tuple(map(partial(_with_key, keys), plan.actions))
    findings = (*_duplicate_findings(actions, duplicates), *_swap_findings(swaps, unsolved))
    return Identified(actions, shown, changed, duplicates, findings, unsolved, number)


def _pattern(settings: PlanSettings) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(settings.id_prefix)}-(\d{{{ID_DIGITS},}})")


def _swapped_back(actions: tuple[Action, ...], history: History, ours: set[str]) -> tuple[dict[Place, str], str]:
    """Ids that hold, word for word, each other's stored human cells (somebody sorted only their own columns)."""
    known = history.known
    moved = [action for action in actions if (past := known.get(action.key)) and past.witness != action.witness]
    if len(moved) < 2:
        return {}, ""
    by_witness: dict[str, list[str]] = defaultdict(list)
    for key, past in known.items():
        by_witness[past.witness].append(key)
    at_home = {a.key for a in actions if a.key in known and known[a.key].witness == a.witness}
    wandered: dict[Place, str] = {}
    origin: dict[Place, str] = {}
    for action in moved:
        owners = by_witness.get(action.witness, [])
        if len(owners) == 1 and owners[0] not in at_home:
            wandered[action.tab, action.row] = owners[0]
            origin[action.tab, action.row] = action.key
    if len(wandered) < 2:
        return {}, ""
    one_to_one = len(set(origin.values())) == len(origin) and set(origin.values()) == set(wandered.values())
    if one_to_one and all(tab in ours for tab, _ in wandered):
        return wandered, ""
    return {}, "swapped"


def _team_duplicates(actions: Iterable[Action], ours: set[str]) -> frozenset[Place]:
    places = [(action.tab, action.row, action.key) for action in actions if action.key and action.tab not in ours]
    counts = Counter(key for _, _, key in places)
    return frozenset((tab, row) for tab, row, key in places if counts[key] > 1)


def _separate_copies(
    actions: Iterable[Action],
    keys: dict[Place, str],
    changed: dict[Place, str],
    *,
    history: History,
    ours: set[str],
    pattern: re.Pattern[str],
) -> None:
    """Of rows with one id, the one nearest to the stored version keeps it; what is no id of ours is taken out."""
    holders: dict[str, list[Action]] = defaultdict(list)
    counts = Counter(keys.values())
    for action in actions:
        key = keys[action.tab, action.row]
        if not key or action.tab not in ours:
            continue
        if key in history.known or pattern.fullmatch(key):
            if counts[key] > 1:
                holders[key].append(action)
        else:
            keys[action.tab, action.row] = ""
            changed[action.tab, action.row] = "copied"
    for key, rows in holders.items():
        if len(rows) > 1:
            keeper = max(rows, key=lambda row: _nearness(row, history.known.get(key)))
            for row in rows:
                if row is not keeper:
                    keys[row.tab, row.row] = ""
                    changed[row.tab, row.row] = "copied"


def _nearness(action: Action, past: Known | None) -> tuple[bool, int, int]:
    if past is None:
        return (False, 0, -action.row)
    same = (action.action == past.action, action.owner == past.owner, action.due.date == past.due)
    return (action.witness == past.witness, sum(same), -action.row)


def _give_back(
    actions: tuple[Action, ...],
    keys: dict[Place, str],
    changed: dict[Place, str],
    *,
    history: History,
    ours: set[str],
) -> None:
    """Rows without an id whose human cells are unchanged get their id back; when all ids are gone, also rows that
    still have the same text, owner and due, or the only row with that text."""
    present = set(keys.values())
    missing = [past for key, past in history.known.items() if key not in present]
    waiting = [a for a in actions if a.tab in ours and not keys[a.tab, a.row] and not a.computed]
    if not waiting or not (missing or history.reserved):
        return
    all_gone = not any(key in history.known for key in present if key)
    claims = _by_witness(waiting, missing)
    claims |= {
        place: history.reserved[witness]
        for place, witness in ((_place(a), a.witness) for a in waiting)
        if place not in claims and witness in history.reserved
    }
    if all_gone:
        claims |= _by_content(waiting, missing, claims, _same_text_owner_due)
        claims |= _by_content(waiting, missing, claims, _same_text)
    for place, key in claims.items():
        if key not in present:
            keys[place] = key
            present.add(key)
            changed.setdefault(place, "returned")


def _with_key(keys: Mapping[Place, str], action: Action) -> Action:
    key = keys[_place(action)]
    return action if action.key == key else action._replace(key=key)


def _place(action: Action) -> Place:
    return action.tab, action.row


def _by_witness(waiting: list[Action], missing: list[Known]) -> dict[Place, str]:
    """Rows whose human cells are, word for word, those of a missing id; of equal rows the first takes the first."""
    free: dict[str, list[str]] = defaultdict(list)
    for past in missing:
        free[past.witness].append(past.key)
    return {_place(a): free[a.witness].pop(0) for a in waiting if free.get(a.witness)}


def _same_text_owner_due(row: Action | Known) -> str:
    due = row.due.date if isinstance(row, Action) else row.due
    return f"{row.action}\x1f{row.owner}\x1f{due}"


def _same_text(row: Action | Known) -> str:
    return row.action


def _by_content(
    waiting: list[Action],
    missing: list[Known],
    claims: Mapping[Place, str],
    content: Callable[[Action | Known], str],
) -> dict[Place, str]:
    """Rows not claimed yet whose content belongs to one missing id and to no other row."""
    claimed = set(claims.values())
    free: dict[str, list[str]] = defaultdict(list)
    for past in missing:
        if past.key not in claimed:
            free[content(past)].append(past.key)
    rows = [action for action in waiting if _place(action) not in claims]
    counts = Counter(content(action) for action in rows)
    return {
        _place(action): free[content(action)][0]
        for action in rows
        if counts[content(action)] == 1 and len(free.get(content(action), ())) == 1
    }


def _mint(
    plan: Plan,
    keys: dict[Place, str],
    changed: dict[Place, str],
    *,
    history: History,
    settings: PlanSettings,
    ours: set[str],
    far: bool,
) -> int:
    """Give new ids to rows without one and return the next free number. Numbers never go back; `far` (a lost store, a
    workbook taken over) lets them go on at the next thousand."""
    pattern = _pattern(settings)
    used = [int(match[1]) for key in keys.values() if (match := pattern.fullmatch(key))]
    number = max(history.next_number, max(used, default=0) + 1)
    if far:
        number = (number // LOST_STORE_STEP + 1) * LOST_STORE_STEP + 1
    views = {layout.tab for layout in plan.layouts if layout.view_of}
    for action in plan.actions:
        place = (action.tab, action.row)
        if keys[place] or action.tab not in ours or action.tab in views or action.computed:
            continue
        if is_silent_newcomer(action, history):
            continue
        keys[place] = f"{settings.id_prefix}-{number:0{ID_DIGITS}d}"
        changed.setdefault(place, "minted")
        number += 1
    return number


def is_silent_newcomer(action: Action, history: History) -> bool:
    """A row without an id that was already closed at adoption and is untouched since: nothing is said of it."""
    if history.adopted_on is None:
        return action.status.status in CLOSED
    return action.witness in history.silent_witnesses


def _duplicate_findings(actions: Iterable[Action], duplicates: frozenset[Place]) -> Iterable[Finding]:
    for action in actions:
        if (action.tab, action.row) in duplicates:
            yield Finding("DAT004", Severity.E, action.tab, action.row, Field.ID, (("id", action.key),))


def _swap_findings(swaps: Mapping[Place, str], unsolved: str) -> Iterable[Finding]:
    if unsolved:
        yield Finding("DAT008", Severity.E, facts=(("solved", "no"),))
    elif swaps:
        yield Finding("DAT008", Severity.E, facts=(("solved", "yes"), ("count", str(len(swaps)))))
