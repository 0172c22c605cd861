"""OWN: does one person answer for the action?"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from sheets_sync.core.model import Action, Field, Severity
from sheets_sync.rules.context import Sight
from sheets_sync.rules.example import SAMPLE, rows
from sheets_sync.rules.reading import is_placeholder
from sheets_sync.rules.rule import Hit, Rule, wordings
from sheets_sync.rules.tables import fold
from sheets_sync.words.lexicon import LANGUAGES, lexicon
from sheets_sync.words.normalise import plain

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BRACKET_SIGNS = re.compile(r"[!()\[\]]+")
_WORD = re.compile(r"[^\s,;/+|:()\[\]]+")
_ALWAYS_APART = re.compile(r"\s*(?:[;/\n]|(?<=\w\w)\s*[+&]\s*(?=\w\w)|\s[+&]\s)\s*")
_MAYBE_APART = re.compile(r"\s*,\s*|\s+(?:and|e|y)\s+")
_MOST_NAME_WORDS = 4
_LONGEST_CELL = 300
"""Characters of an owner cell that are read."""
_SHORT_GROUP = 30
"""Characters of a group that is offered to stand in brackets behind a name."""


class Owner(NamedTuple):
    """What an owner cell says. `group` is the word that makes it a group or a function, "" when it is none.

    `people` are the names it holds, when there are several; a group within them is one of them.
    """

    placeholder: bool
    group: str
    people: tuple[str, ...]


@lru_cache(maxsize=16384)
def read_owner(text: str, languages: tuple[str, ...], people: frozenset[str]) -> Owner:
    """Read an owner cell. `people` are the plan's names and aliases as `plain` text; they are never a group."""
    cell = text.strip()[:_LONGEST_CELL]
    if not cell or plain(cell) in people:
        return Owner(False, "", ())
    if is_placeholder(cell):
        return Owner(True, "", ())
    outside = _BRACKETS.sub(" ", cell).strip()
    if not any(letter.isalnum() for letter in outside):
        outside = _BRACKET_SIGNS.sub(" ", cell).strip()
    return Owner(False, _group_word(outside, languages, people), _several(outside, people))


def _group_word(text: str, languages: tuple[str, ...], people: frozenset[str]) -> str:
    """The first word that names a group or a function and is no part of a known person's name."""
    groups = {word for language in languages for word in _groups(language)}
    folded = fold(text)
    if folded in groups:
        return text
    known = {word for name in people for word in name.split()} if people else set()
    named = {word for name in people if _holds(plain(text), name) for word in name.split()} if known else set()
    words: list[str] = _WORD.findall(text)
    for word in words:
        bare = fold(word).strip(".,'\"’")
        bare = bare.split("@", 1)[0] if "@" in bare[1:] and len(text) == len(word) else bare
        if bare in groups and bare not in named:
            return word
    return ""


def _holds(text: str, name: str) -> bool:
    return f" {name} " in f" {text} "


@cache
def _groups(language: str) -> frozenset[str]:
    words = lexicon(language)
    return frozenset(fold(word) for word in (*words.group_words, *words.role_words))


def _several(text: str, people: frozenset[str]) -> tuple[str, ...]:
    """The names in the cell, () when there is one. A comma, "and", "e" or "y" parts only what looks like names."""
    parts = tuple(part for part in _ALWAYS_APART.split(text) if part and part.strip())
    found: list[str] = []
    for part in parts:
        names = [name.strip() for name in _MAYBE_APART.split(part) if name.strip()]
        apart = len(names) > 1 and plain(part) not in people and all(_is_name(name, people) for name in names)
        found += names if apart else [part.strip()]
    return tuple(found) if len(found) > 1 else ()


def _is_name(text: str, people: frozenset[str]) -> bool:
    words = text.split()
    named = 1 <= len(words) <= _MOST_NAME_WORDS and all(word[0].isupper() or "@" in word for word in words)
    return named or plain(text) in people


def _owner(action: Action, sight: Sight) -> Owner:
    tab = sight.layout.language if sight.layout is not None else sight.context.settings.language
    return read_owner(action.owner, _languages(action.language or tab, tab), sight.plan.people)


@lru_cache(maxsize=64)
def _languages(row: str, tab: str) -> tuple[str, ...]:
    return tuple(language for language in dict.fromkeys((row, tab)) if language in LANGUAGES) or LANGUAGES[:1]


def _nobody(action: Action, sight: Sight) -> tuple[Hit, ...]:
    return () if action.owner.strip() else (Hit(),)


NOBODY = Rule(
    code="OWN001",
    name="no-owner",
    severity=Severity.E,
    title="No owner",
    summary="The owner cell is blank.",
    why="The action exists, but nobody will do it: an action without an owner belongs to no one.",
    field=Field.OWNER,
    row=_nobody,
    reads=("owner",),
    needs=(Field.OWNER,),
    bad=rows(SAMPLE._replace(owner="")),
    good=rows(SAMPLE._replace(owner="Ana Lima")),
    wordings=wordings("OWN001"),
)


def _group(action: Action, sight: Sight) -> tuple[Hit, ...]:
    owner = _owner(action, sight)
    if not (owner.placeholder or owner.group):
        return ()
    short = len(action.owner) <= _SHORT_GROUP
    return (Hit((("owner", action.owner),), "placeholder" if owner.placeholder else "group" if short else "phrase"),)


GROUP = Rule(
    code="OWN002",
    name="group-owner",
    severity=Severity.E,
    title="The owner is a group, a function or a placeholder",
    summary="The whole owner cell, or any word of it that is not part of a name in People, is a group or function "
    "(team, all, TI, RH, comité, supplier ...) or a placeholder. What stands in brackets does not count.",
    why="Where everybody is responsible nobody feels it; one person is accountable, others may help (RACI).",
    field=Field.OWNER,
    row=_group,
    reads=("owner", "language"),
    needs=(Field.OWNER,),
    facts=("owner",),
    kinds=("group", "phrase", "placeholder"),
    bad=rows(SAMPLE._replace(owner="Quality")),
    good=rows(SAMPLE._replace(owner="Rui (Quality)")),
    wordings=wordings("OWN002"),
)


def _many(action: Action, sight: Sight) -> tuple[Hit, ...]:
    people = _owner(action, sight).people
    if not people:
        return ()
    return (
        Hit(
            (("count", str(len(people))), ("first", people[0]), ("rest", ", ".join(people[1:]))),
        ),
    )


MANY = Rule(
    code="OWN003",
    name="several-owners",
    severity=Severity.W,
    title="Several owners",
    summary="The cell holds names parted by ; / + & or a new line; or by a comma, and, e or y where every part is in "
    "People or is one to four capitalised words (or a mail address).",
    why="With two owners each waits for the other; one is accountable, the others support (RACI).",
    field=Field.OWNER,
    row=_many,
    reads=("owner", "language"),
    needs=(Field.OWNER,),
    facts=("count", "first", "rest"),
    bad=rows(SAMPLE._replace(owner="Ana / Rui")),
    good=rows(SAMPLE._replace(owner="Ana")),
    wordings=wordings("OWN003"),
)

RULES = (NOBODY, GROUP, MANY)
