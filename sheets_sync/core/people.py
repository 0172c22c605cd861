"""The People tab: its names, so that a name with "e" or "y" in it is not taken for two people, and its persons with
address, leader, absences and wishes. Whether they may be mailed is not decided here (`persons.added_by_sheet`)."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sheets_sync.core.addresses import address_problem
from sheets_sync.core.column_cells import text_of
from sheets_sync.core.header import SEARCHED_ROWS
from sheets_sync.core.persons import LONGEST_NAME, MailChoice, Person, day_range, in_leader_loop, name_key
from sheets_sync.core.snapshot import Row, Snapshot, Tab
from sheets_sync.words.lexicon import LANGUAGES, lexicon
from sheets_sync.words.normalise import plain
from sheets_sync.words.tab_names import mails_wanted, other_tab, people_column, person_language, still_here

_PARTS = re.compile(r"[;,/\n]")
_RANGES = re.compile(r"[;,\n]")
_LOCAL_WORDS = re.compile(r"[._+-]+")

Texts = Mapping[str, tuple[str, ...]]
"""The texts of one row by what their column stands for, left to right, without blanks."""


class PersonProblem(NamedTuple):
    """What cannot be used in a row of the People tab. `tab` is the tab's name; `reason` goes on after "row 7: " and
    holds nothing of the cells."""

    tab: str
    row: int
    reason: str


class _Line(NamedTuple):
    """One row as understood; `person` None when it cannot be used at all."""

    tab: str
    row: int
    person: Person | None
    reasons: tuple[str, ...]


def people(snapshot: Snapshot) -> frozenset[str]:
    """Names and aliases, normalised as by `words.normalise.plain`; empty without a People tab among those read."""
    return frozenset(
        plain(name)
        for tab in _people_tabs(snapshot)
        for _, texts in _rows(tab)
        for name in (*texts.get("name", ()), *_parts(_PARTS, texts.get("aliases", ())))
        if plain(name)
    )


def persons_in_sheet(snapshot: Snapshot) -> tuple[Person, ...]:
    """Everybody the People tab lists with an address, held until the keeper releases them. Rows that cannot be used are
    left out; `person_problems` tells why."""
    return tuple(line.person for line in _lines(snapshot) if line.person is not None)


def person_problems(snapshot: Snapshot) -> tuple[PersonProblem, ...]:
    """What cannot be used in the People tab, in the order of its rows."""
    return tuple(PersonProblem(line.tab, line.row, reason) for line in _lines(snapshot) for reason in line.reasons)


def _people_tabs(snapshot: Snapshot) -> list[Tab]:
    return [tab for tab in snapshot.tabs if other_tab(tab.name) == "people"]


def _rows(tab: Tab) -> Iterator[tuple[int, Texts]]:
    """Each row below the header, as (row number, texts)."""
    for place, row in enumerate(tab.rows[:SEARCHED_ROWS]):
        meanings = {column: people_column(text_of(cell)) for column, cell in row.cells.items()}
        if "name" in meanings.values():
            rest = tab.rows[place + 1 :]
            meanings = _with_addresses(meanings, rest)
            yield from ((row.number, _texts(row, meanings)) for row in rest)
            return


def _with_addresses(meanings: dict[int, str], rows: Sequence[Row]) -> dict[int, str]:
    """A column headed "Mail" may hold wishes or addresses: without another column for these, its cells tell."""
    if "email" in meanings.values():
        return meanings
    asked = [column for column, name in meanings.items() if name == "mail"]
    holding = {column for column in asked for row in rows if "@" in text_of(row.cells.get(column))}
    return {column: "email" if column in holding else name for column, name in meanings.items()}


def _texts(row: Row, meanings: Mapping[int, str]) -> Texts:
    found: dict[str, tuple[str, ...]] = {}
    for column in sorted(meanings):
        text = text_of(row.cells.get(column))
        if meanings[column] and text:
            found[meanings[column]] = (*found.get(meanings[column], ()), text)
    return found


def _parts(between: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in between.split(text) if part.strip()]


def _lines(snapshot: Snapshot) -> list[_Line]:
    """Everybody listed, as understood; nobody where no row has an address."""
    rows = [(tab.name, row, texts) for tab in _people_tabs(snapshot) for row, texts in _rows(tab)]
    if not any("email" in texts for _, _, texts in rows):
        return []
    lines = [_line(tab, row, texts) for tab, row, texts in rows if "name" in texts or "email" in texts]
    return _without_loops(_told_apart(lines))


def _line(tab: str, row: int, texts: Texts) -> _Line:
    names = [" ".join(name.split()) for name in texts.get("name", ())]
    reason = _why_nobody(names, texts) or _why_not_clear(texts)
    if reason:
        return _Line(tab, row, None, (reason,))
    away, unread_away = _away(texts)
    language = person_language(_first(texts, "language"))
    unread_language = "" if language or "language" not in texts else "the language is not known: write en, pt or es"
    person = Person(
        name=names[0],
        address=_first(texts, "email"),
        aliases=tuple(filter(_can_be_said, (*names[1:], *_parts(_PARTS, texts.get("aliases", ()))))),
        leader=_first(texts, "leader"),
        language=language,
        away=away,
        active=still_here(_first(texts, "active")) != "no",
        mail=MailChoice(mails_wanted(_first(texts, "mail")) or MailChoice.ALL),
        source="sheet",
        held=True,
    )
    return _Line(tab, row, person, tuple(filter(None, (unread_away, unread_language))))


def _why_nobody(names: Sequence[str], texts: Texts) -> str:
    """Why a row names no person who can be mailed; "" when it does."""
    if not names:
        return "there is no name"
    if not all(map(_can_be_said, names)):
        return f"the name is not one: it holds invisible signs, only signs, or more than {LONGEST_NAME} letters"
    if "email" not in texts:
        return "there is no address"
    problem = address_problem(_first(texts, "email"))
    if problem:
        return f"the address {problem}"
    if _is_group(names[0], _first(texts, "email")):
        return "this looks like a group: only the configuration can list its address"
    return ""


def _why_not_clear(texts: Texts) -> str:
    """Why it is not clear whether, where and by whose decision this person may be mailed; "" when it is."""
    if any(len(set(texts.get(meaning, ()))) > 1 for meaning in ("email", "leader", "active", "mail")):
        return "two columns for the same thing say different things"
    if "active" in texts and not still_here(_first(texts, "active")):
        return "it is not clear whether this person is active: write yes or no"
    if "mail" in texts and not mails_wanted(_first(texts, "mail")):
        return "it is not clear which mails this person wants: write all, weekly or none"
    if not _can_be_said(_first(texts, "leader") or "none"):
        return "the leader's name cannot be read"
    return ""


def _first(texts: Texts, meaning: str) -> str:
    return texts.get(meaning, ("",))[0]


def _can_be_said(name: str) -> bool:
    """Whether a name can be shown to people: nothing invisible, no page of text."""
    return bool(plain(name)) and len(name) <= LONGEST_NAME and name.isprintable()


def _away(texts: Texts) -> tuple[tuple[tuple[dt.date, dt.date], ...], str]:
    """The absences that can be read, and what to write where one cannot."""
    ranges: list[tuple[dt.date, dt.date]] = []
    problem = ""
    for part in _parts(_RANGES, texts.get("away", ())):
        try:
            ranges.append(day_range(part))
        except ValueError as error:
            problem = f"an absence cannot be read: {error}"
    return tuple(ranges), problem


def _is_group(name: str, address: str) -> bool:
    """Whether the name or the address is that of a group or a function ("Equipe Norte", "compras@...")."""
    return any(
        words[0] in _words().groups or _words().functions.issuperset(words)
        for words in (plain(name).split(), _LOCAL_WORDS.sub(" ", address.rpartition("@")[0].lower()).split())
        if words
    )


class _Words(NamedTuple):
    groups: frozenset[str]
    functions: frozenset[str]
    """Functions, departments and groups."""


@cache
def _words() -> _Words:
    lexicons = [lexicon(language) for language in LANGUAGES]
    groups = frozenset(plain(word) for words in lexicons for word in words.group_words)
    return _Words(groups, groups | {plain(word) for words in lexicons for word in words.role_words})


def _told_apart(lines: Iterable[_Line]) -> Iterator[_Line]:
    """One line for each address; where two names share an address, or two addresses a name, nobody can tell who is
    meant."""
    lines = list(lines)
    pairs = {(line.person.identity, name_key(line.person.name)) for line in lines if line.person}
    names_at = Counter(address for address, _ in pairs)
    addresses_of = Counter(name for _, name in pairs)
    seen: set[str] = set()
    for line in lines:
        if line.person is None:
            yield line
        elif names_at[line.person.identity] > 1:
            yield line._replace(person=None, reasons=("another name has the same address: neither is mailed",))
        elif line.person.identity in seen:
            yield line._replace(person=None, reasons=("this person is listed above already: that row counts",))
        elif addresses_of[name_key(line.person.name)] > 1:
            yield line._replace(reasons=(*line.reasons, "another address has the same name: its rows reach neither"))
        else:
            yield line
        if line.person is not None:
            seen.add(line.person.identity)


def _without_loops(lines: Iterable[_Line]) -> list[_Line]:
    """Leaders who lead back to the same person are nobody's leader."""
    lines = list(lines)
    persons = [line.person for line in lines if line.person]
    names = {name_key(name): person.name for person in persons for name in (*person.aliases, person.name)}
    looped = in_leader_loop({person.name: names.get(name_key(person.leader), "") for person in persons})
    return [
        line._replace(person=line.person._replace(leader=""), reasons=(*line.reasons, "the leader leads back to them"))
        if line.person and line.person.name in looped
        else line
        for line in lines
    ]
