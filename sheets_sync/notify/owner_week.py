"""The Owner's week: what one plan has for each owner, and for whoever stands in for owners no mail reaches
(DOMAIN 5.1). Only rows chosen for a reader ever come near their section."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import NamedTuple

from sheets_sync.core.model import LIVE, Finding, Severity, Status
from sheets_sync.core.notices import Kind, Notice, OwnerSection, Row
from sheets_sync.core.workdays import WEEK
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.outlook import Outlook
from sheets_sync.notify.readers import Readers, wants_no_mail
from sheets_sync.notify.standing import (
    Standing,
    asked_row,
    named_row,
    own_row,
    unique_keys,
)

MOST_FIXES = 5
GRAVE = (Severity.E, Severity.W)
Fixes = Mapping[tuple[str, int], tuple[Finding, ...]]


class _Lists(NamedTuple):
    """Rows by the identity of who reads of them."""

    own: Mapping[str, list[Standing]]
    waiting: Mapping[str, list[Standing]]
    stand_in: Mapping[str, list[Standing]]


class _Part(Enum):
    """Where a row of one's own stands: the first that fits."""

    FINISHED = auto()
    LATE = auto()
    BLOCKED = auto()
    DUE_SOON = auto()
    FIXES = auto()
    LATER = auto()


class _Maker(NamedTuple):
    """What every section of one plan is made with."""

    outlook: Outlook
    fixes: Fixes

    def fixes_of(self, standing: Standing) -> tuple[Finding, ...]:
        """What is to be mended in this row, worst first."""
        return self.fixes.get((standing.action.tab, standing.action.row), ())

    def row(self, standing: Standing) -> Row:
        """The row as its owner sees it; a late one tells what happens next."""
        step = self.outlook.decisions.next_step(standing)
        return own_row(standing, self.outlook.matter, fixes=self.fixes_of(standing), next_step=step)


def owner_week(outlook: Outlook) -> tuple[Notice, ...]:
    """One notice for each person who can be reached this week and has something to do, in the order of addresses."""
    matter, readers = outlook.matter, outlook.readers
    maker = _Maker(outlook, new_fixes(matter))
    lists = _lists(outlook.standings, readers)
    notices = []
    for identity in sorted(lists.own.keys() | lists.waiting.keys() | lists.stand_in.keys()):
        person, window = readers.reached[identity]
        section = _section(identity, lists, maker)
        if section and matter.now < window.expires:
            times = (window.period, window.not_before, window.expires)
            notices.append(Notice(matter.settings.uid, person, Kind.OWNER_WEEK, *times, section))
    return tuple(notices)


def new_fixes(matter: Matter) -> Fixes:
    """What is to be mended, by (tab, row), worst first: findings E or W that are shown and were not there when the
    plan was adopted (DOMAIN 3, manner b)."""
    history = matter.history
    if history.adopted_on is None:
        return {}
    keys = {(action.tab, action.row): action.key for action in matter.actions}
    found: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in matter.findings:
        if finding.row and finding.severity in GRAVE and not finding.silenced:
            place = (finding.tab, finding.row)
            key = keys.get(place, "")
            if not key or (key, finding.code) not in history.baseline:
                found[place].append(finding)
    return {place: tuple(sorted(of_row, key=_gravity)) for place, of_row in found.items()}


def _gravity(finding: Finding) -> int:
    return GRAVE.index(finding.severity)


def _lists(standings: tuple[Standing, ...], readers: Readers) -> _Lists:
    """Sort the rows out by reader. A row whose status nobody has mapped is mailed to nobody (DOMAIN 2.1)."""
    own: dict[str, list[Standing]] = defaultdict(list)
    stand_in: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        if standing.action.status.status is Status.UNKNOWN:
            continue
        person = standing.person
        if person is not None and readers.reaches(person):
            own[person.identity].append(standing)
        elif standing.presses and not wants_no_mail(person):
            reader = readers.instead_of(person)
            if reader is not None:
                stand_in[reader.identity].append(standing)
    return _Lists(own, _waiting(standings, readers), stand_in)


def _waiting(standings: tuple[Standing, ...], readers: Readers) -> Mapping[str, list[Standing]]:
    """By reader, the pressing rows of others that depend on an unfinished row of theirs."""
    waiting: dict[str, list[Standing]] = defaultdict(list)
    if not any(standing.action.depends_on for standing in standings):
        return waiting
    by_key = unique_keys(standings)
    for standing in standings:
        if not standing.presses:
            continue
        needed = (by_key.get(key) for key in standing.action.depends_on)
        unfinished = (one.person for one in needed if one is not None and _is_unfinished(one))
        holders = {person.identity for person in unfinished if person is not None and readers.reaches(person)}
        for identity in holders:
            if standing.person is None or standing.person.identity != identity:
                waiting[identity].append(standing)
    return waiting


def _is_unfinished(standing: Standing) -> bool:
    return standing.action.status.status in LIVE or standing.action.status.status is Status.PROPOSED


def _section(identity: str, lists: _Lists, maker: _Maker) -> OwnerSection:
    """One reader's section: every row in the first part it fits."""
    parts = _parts(lists.own.get(identity, ()), maker)
    stand_in = sorted(lists.stand_in.get(identity, ()), key=_most_pressing)
    shown = {standing.order for standing in stand_in}
    waiting = (standing for standing in lists.waiting.get(identity, ()) if standing.order not in shown)
    fixes = sorted(parts[_Part.FIXES], key=lambda one: (_gravity(maker.fixes_of(one)[0]), *_by_due(one)))
    later = [*parts[_Part.LATER], *fixes[MOST_FIXES:]]
    return OwnerSection(
        plan=maker.outlook.plan,
        finished=_rows(maker, sorted(parts[_Part.FINISHED], key=_first_finished)),
        late=_rows(maker, sorted(parts[_Part.LATE], key=_most_pressing)),
        blocked=_rows(maker, sorted(parts[_Part.BLOCKED], key=_by_due)),
        due_soon=_rows(maker, sorted(parts[_Part.DUE_SOON], key=_by_due)),
        waiting=tuple(named_row(standing) for standing in sorted(waiting, key=_by_due)),
        fixes=_rows(maker, fixes[:MOST_FIXES]),
        stand_in=tuple(asked_row(standing) for standing in stand_in),
        later=sum(standing.live for standing in later),
    )


def _parts(own: Iterable[Standing], maker: _Maker) -> Mapping[_Part, list[Standing]]:
    parts: dict[_Part, list[Standing]] = {part: [] for part in _Part}
    for standing in own:
        parts[_part(standing, maker)].append(standing)
    return parts


def _part(standing: Standing, maker: _Maker) -> _Part:
    """The one part of its owner's section a row stands in."""
    if standing.finished_on is not None and 0 <= (maker.outlook.matter.as_of - standing.finished_on).days <= WEEK:
        return _Part.FINISHED
    if standing.late:
        return _Part.LATE
    if standing.blocked:
        return _Part.BLOCKED
    if standing.soon:
        return _Part.DUE_SOON
    return _Part.FIXES if maker.fixes_of(standing) else _Part.LATER


def _rows(maker: _Maker, standings: Iterable[Standing]) -> tuple[Row, ...]:
    return tuple(maker.row(standing) for standing in standings)


def _most_pressing(standing: Standing) -> tuple[int, bool, dt.date, int]:
    return -standing.late, not standing.blocked, standing.due, standing.order


def _by_due(standing: Standing) -> tuple[dt.date, int]:
    return standing.due, standing.order


def _first_finished(standing: Standing) -> tuple[dt.date, int]:
    return standing.finished_on or dt.date.max, standing.order
