"""Who may be mailed, as plain values, and finding the person an owner cell names. Where persons come from is not here
(configuration, People tab); neither is whether an address is allowed (`addresses`)."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.addresses import is_allowed
from sheets_sync.words.normalise import plain

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|<([^<>]*)>")
_WORD = re.compile(r"\w+")
LONGEST_NAME = 100
LONGEST_OWNER = 300
"""Characters of an owner cell that are read; a longer one names nobody."""


class MailChoice(StrEnum):
    """What mails a person wants."""

    ALL = "all"
    WEEKLY = "weekly"
    NONE = "none"


class Person(NamedTuple):
    """One person. `address` is what identifies them over all plans. `leader` is a name in the same directory.

    `away` holds (first day, last day), both included. `workdays` (ISO, 1 = Monday), `timezone` and `language` are
    None or "" where the plan's hold. `source` is "config" or "sheet"; `held` tells that the address or the leader came
    from a sheet and the keeper has not released it yet.
    """

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    leader: str = ""
    language: str = ""
    timezone: str = ""
    workdays: frozenset[int] | None = None
    away: tuple[tuple[dt.date, dt.date], ...] = ()
    active: bool = True
    mail: MailChoice = MailChoice.ALL
    source: str = "config"
    held: bool = False

    @property
    def identity(self) -> str:
        """The address as compared and stored: lower case."""
        return self.address.lower()


class Directory:
    """The persons of one plan. Names and aliases are compared normalised (`words.normalise`), addresses exactly but
    for capitals. A name, alias or address that two persons share finds neither."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._persons = tuple(persons)
        self._known: dict[str, Person | None] = {}
        self._spoken: dict[str, Person | None] = {}
        self._found: dict[str, Person | None] = {}
        for person in self._persons:
            for key in keys_of(person):
                self._known[key] = person if self._known.setdefault(key, person) == person else None
        for key, one in self._known.items():
            words = _words(key)
            self._spoken[words] = one if self._spoken.setdefault(words, one) == one else None
        self._most_words = max((words.count(" ") + 1 for words in self._spoken), default=0)

    def find(self, owner: str) -> Person | None:
        """The one person an owner cell names; None for nobody, several, a group or an unknown name (never guessed).

        What stands in brackets behind the name may be anything but another person's name or address.
        """
        if owner not in self._found:
            self._found[owner] = self._find(owner) if len(owner) <= LONGEST_OWNER else None
        return self._found[owner]

    @property
    def persons(self) -> tuple[Person, ...]:
        """All of them, in the order given."""
        return self._persons

    def _find(self, owner: str) -> Person | None:
        key = name_key(owner)
        if key in self._known:
            return self._known[key]
        inside = ["".join(found.groups("")) for found in _BRACKETS.finditer(owner)]
        outside = name_key(_BRACKETS.sub(" ", owner)) or (name_key(inside.pop()) if len(inside) == 1 else "")
        person = self._known.get(outside)
        return person if person and not any(self._speaks_of_another(text, person) for text in inside) else None

    def _speaks_of_another(self, text: str, person: Person) -> bool:
        if "@" in text:
            return self._known.get(name_key(text)) != person
        words = _words(plain(text)).split()
        runs = (
            " ".join(words[start:end])
            for start in range(len(words))
            for end in range(start + 1, min(start + self._most_words, len(words)) + 1)
        )
        return any(run in self._spoken and self._spoken[run] != person for run in runs)


def _words(text: str) -> str:
    """The words of a text as compared, without the marks around them."""
    return " ".join(_WORD.findall(text))


def name_key(text: str) -> str:
    """A name or an address as compared: two addresses that differ by more than capitals stay two."""
    if "@" not in text:
        return plain(text)
    return text.strip().lower() if text.isascii() else text.strip()


def keys_of(person: Person) -> frozenset[str]:
    """All a person is found by: name, aliases and address as compared."""
    return frozenset(map(name_key, (person.name, *person.aliases, person.address))) - {""}


def in_leader_loop(leaders: Mapping[str, str]) -> frozenset[str]:
    """The names whose leaders lead back to them; `leaders` maps a name to the name of its leader."""
    return frozenset(name for name in leaders if _leads_back(name, leaders))


def _leads_back(name: str, leaders: Mapping[str, str]) -> bool:
    above, seen = leaders[name], {""}
    while above not in seen:
        if above == name:
            return True
        seen.add(above)
        above = leaders.get(above, "")
    return False


def day_range(text: str) -> tuple[dt.date, dt.date]:
    """The days of "2026-12-20..2027-01-05", both included, or of one day "2026-12-24". Raises ValueError with what to
    type."""
    first, _, last = text.partition("..")
    try:
        start = dt.date.fromisoformat(first.strip())
        end = dt.date.fromisoformat(last.strip()) if ".." in text else start
    except ValueError:
        raise ValueError('write a first and a last day such as "2026-12-20..2027-01-05"') from None
    if end < start:
        raise ValueError("the range ends before it starts")
    return start, end


@dataclass(frozen=True, slots=True)
class PlanMail:
    """What one plan's mails need beside its rows: who answers for it, who leads, where it is found."""

    keeper: Person | None = None
    """None: no keeper is configured, so nobody may be mailed."""
    leaders: tuple[Person, ...] = ()
    """Who gets the leader's week; empty = the keeper."""
    link: str = ""
    """https address of the workbook for people; "" = plan, tab and id are named as text."""
    people: tuple[Person, ...] = ()
    """Persons of the configuration."""
    people_from_sheet: bool = False
    allowed_domains: tuple[str, ...] = field(default=())


def plan_directory(mail: PlanMail, from_sheet: Iterable[Person] = ()) -> Directory:
    """The persons of a plan: those of the configuration, then those its People tab adds."""
    return Directory((*mail.people, *added_by_sheet(mail, from_sheet)))


def added_by_sheet(mail: PlanMail, from_sheet: Iterable[Person]) -> tuple[Person, ...]:
    """Those of a People tab who count beside the configured persons: none unless the plan takes them, else those inside
    the allowed domains. What the configuration says of a person stands: a sheet can neither change it nor share its
    names."""
    if not mail.people_from_sheet:
        return ()
    taken = frozenset(key for person in mail.people for key in keys_of(person))
    return tuple(
        person._replace(aliases=tuple(alias for alias in person.aliases if name_key(alias) not in taken))
        for person in from_sheet
        if taken.isdisjoint((name_key(person.name), person.identity))
        and is_allowed(person.address, mail.allowed_domains)
    )
