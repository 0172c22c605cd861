"""Drop-downs made beside people: they can only be addressed by numbers of columns, so the answer must show which
columns these were; what met another column is taken back, and what people had there comes again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheets_sync.core.decision import DropDownState, Structure
from sheets_sync.core.snapshot import Area, Tab
from sheets_sync.workbooks.google.calls import Rejected
from sheets_sync.workbooks.google.column_heads import (
    SHOWN,
    columns_before,
    heads_above,
    heads_shown,
    rows_with,
)
from sheets_sync.workbooks.google.effects import stand
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.restructuring import Restructuring
from sheets_sync.workbooks.google.structure_requests import Request, check_set, requests_for
from sheets_sync.workbooks.google.tab_reading import Check, TabFacts

_ROUNDS = 4
"""How often columns that move while we put something right are followed."""


def make_lists(restructuring: Restructuring, structures: Sequence[Structure]) -> bool:
    """Make these changes of drop-downs; whether they are made. Raises WorkbookError."""
    sending = restructuring.sending
    base = sending.base
    heads = heads_above(structures, base)
    requests = requests_for(structures, base.facts)
    try:
        reply = restructuring.make(
            requests, lambda now: stand(structures, now), shown=SHOWN if heads else "", ranges=rows_with(heads, base)
        )
    except Rejected:
        if not sending.may_have_written:
            raise
        return False
    if heads_shown(heads, reply) and reply:
        return True
    return _put_right(restructuring, structures)


def _put_right(restructuring: Restructuring, structures: Sequence[Structure]) -> bool:
    """Look which columns were met, and put right those that were not meant; whether none had to be."""
    sending = restructuring.sending
    damage = Damage(sending.base, {one.tab: area.top - 1 for one in structures for area in _areas(one)})
    meant = met = {(one.tab, area.left) for one in structures for area in _areas(one)}
    for _ in range(_ROUNDS):
        now = sending.again()
        damage.hurt |= damage.columns_then(now, met) - meant
        repairs = damage.repairs(now)
        if not repairs:
            return not damage.hurt and stand(structures, now)
        sending.clean = False
        met = {(repair.tab, repair.column) for repair in repairs}
        restructuring.make([repair.request for repair in repairs], lambda later: not damage.repairs(later))
    return False


class Repair(NamedTuple):
    """What to ask for, and the column, as it stands now, that it is about."""

    tab: str
    column: int
    request: Request


@dataclass
class Damage:
    """Columns that were met and not meant. `header_rows` are rows of `base` by tab; `hurt` are (tab, column as it was
    in `base`), with a number below zero for a column that was not there, as it was found."""

    base: Look
    header_rows: Mapping[str, int]
    hurt: set[tuple[str, int]] = field(default_factory=set)

    def columns_then(self, now: Look, met: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
        """Which columns these were in `base`."""
        return {(key, self._were(now, key).get(column, -column)) for key, column in met if key in now.facts}

    def repairs(self, now: Look) -> list[Repair]:
        """What takes our lists out of these columns, and puts back what people had there."""
        found: list[Repair] = []
        for key, was in self.hurt:
            if key not in now.facts:
                continue
            places = {then: column for column, then in self._were(now, key).items()}
            column = -was if was < 0 else places.get(was)
            if column is not None:
                requests = _repairs(now.snapshot.tab(key), now.facts[key], column, was, self.base.facts[key].checks)
                found += (Repair(key, column, request) for request in requests)
        return found

    def _were(self, now: Look, key: str) -> Mapping[int, int]:
        return columns_before(self.base.snapshot.tab(key), now.snapshot.tab(key), self.header_rows[key])


def _repairs(tab: Tab, facts: TabFacts, column: int, was: int, known: Mapping[int, tuple[Check, ...]]) -> list[Request]:
    """One column made again what it was: without lists of ours, and without checks that other columns had."""
    held, wanted = facts.checks.get(column, ()), known.get(was, ())
    others = [check for checks in known.values() for check in checks]
    strange = [one for one in held if not _stands(one, wanted) and any(one.rule == other.rule for other in others)]
    cleared = [one.area for one in tab.drop_downs if one.area.left == column]
    cleared += [Area(check.top, column, check.bottom, column) for check in strange]
    missing = [check for check in wanted if not _stands(check, held)]
    return [check_set(facts, area, None) for area in cleared] + [
        check_set(facts, Area(check.top, column, check.bottom, column), check.rule) for check in missing
    ]


def _stands(check: Check, checks: Iterable[Check]) -> bool:
    return any(one.top <= check.top and check.bottom <= one.bottom and one.rule == check.rule for one in checks)


def _areas(structure: Structure) -> Iterable[Area]:
    states = (structure.before, structure.after)
    lists = (one for state in states if isinstance(state, DropDownState) for one in state.lists)
    return dict.fromkeys(one.area for one in lists)
