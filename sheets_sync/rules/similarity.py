"""Which actions say the same, exactly or nearly, fast enough for plans of 100,000 rows (ACT009).

Equal texts are found by hash within a goal, near ones within an owner, a goal and the same numbers by prefix filtering:
two sets of words can only share the wanted part when they share some of their rarest words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from math import ceil
from typing import NamedTuple

from sheets_sync.core.model import Action
from sheets_sync.rules.reading import is_placeholder
from sheets_sync.rules.tables import fold

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
MOST_CANDIDATES = 200
"""Texts looked at for one text; a plan made from one template must not take minutes."""
SHORT_TEXT = 14
"""Words up to which a text is short."""
DEEP_SHARE = 0.8
"""Shares below this leave too few words in common to ask for groups of them."""
MOST_RARE = 30
"""Rare words of one text that are combined; only texts of some 190 words have more."""
_ROUNDING = 1e-9


class Pair(NamedTuple):
    """An action, another one that repeats it (always the same for the same plan), and whether word for word."""

    action: Action
    other: Action
    same: bool


class Repeated(NamedTuple):
    """Pairs, one for each action that repeats another, and crowds of identical actions too large to list."""

    pairs: tuple[Pair, ...]
    crowds: tuple[tuple[Action, ...], ...]


Place = tuple[str, int]


class _Text(NamedTuple):
    """One distinct text of a group, with the action that stands for it."""

    action: Action
    words: frozenset[str]


def repeated(actions: Sequence[Action], share: float, *, many: int) -> Repeated:
    """Find the actions whose text another one repeats: its words, or at least `share` of the words of both.

    Goals must be the same, or both missing; near texts have the same numbers. More than `many` identical actions form
    a crowd.
    """
    by_text: dict[tuple[str, str], list[Action]] = defaultdict(list)
    known: dict[str, str] = {}
    # In the order of the ids, so that the same other row is named wherever a sort has put it.
    for action in sorted(_with_shared_numbers(actions), key=_id_order):
        text = known.get(action.action)
        if text is None:
            text = known[action.action] = "" if is_placeholder(action.action) else _words(action.action)
        if text:
            for goal in action.goal or ("",):
                by_text[goal, text].append(action)
    same, crowds = _same(by_text.values(), many)
    near = _near(_distinct(by_text), share)
    crowded = {(action.tab, action.row) for crowd in crowds for action in crowd}
    pairs: list[Pair] = []
    for action in actions:
        place = (action.tab, action.row)
        other = same.get(place) or near.get(place)
        if other is not None and place not in crowded:
            pairs.append(Pair(action, other, place in same))
    return Repeated(tuple(pairs), tuple(crowds))


def _with_shared_numbers(actions: Iterable[Action]) -> Iterable[Action]:
    """The actions that have their numbers in common with another one: whatever says the same has. Where actions are
    told apart by numbers, that leaves few to compare."""
    alike: dict[frozenset[str], list[Action]] = defaultdict(list)
    for action in actions:
        text = action.action
        alike[frozenset(_NUMBER.findall(text if text.isascii() else fold(text)))].append(action)
    return chain.from_iterable(group for group in alike.values() if len(group) > 1)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _id_order(action: Action) -> tuple[bool, int, str, str, int]:
    return not action.key, len(action.key), action.key, action.tab, action.row


def _same(groups: Iterable[list[Action]], many: int) -> tuple[dict[Place, Action], list[tuple[Action, ...]]]:
    same: dict[Place, Action] = {}
    crowds: list[tuple[Action, ...]] = []
    for group in groups:
        if len(group) > many:
            crowds.append(tuple(group))
        elif len(group) > 1:
            for action in group:
                same.setdefault((action.tab, action.row), group[1] if action is group[0] else group[0])
    return same, crowds


def _distinct(by_text: Mapping[tuple[str, str], list[Action]]) -> Iterable[list[_Text]]:
    """The distinct texts of each owner and goal with the same numbers, where there is more than one.

    "Inspect valve 12 ..." and "Inspect valve 13 ..." are two actions, however many words they share.
    """
    groups: dict[tuple[str, str], list[tuple[Action, str]]] = defaultdict(list)
    owners: dict[str, str] = {}
    for (goal, text), actions in by_text.items():
        told: set[str] = set()
        for action in actions:
            owner = owners.get(action.owner)
            if owner is None:
                owner = owners[action.owner] = fold(action.owner.strip())
            if owner not in told:
                told.add(owner)
                groups[owner, goal].append((action, text))
    for group in groups.values():
        if len(group) > 1:
            yield from _with_same_numbers(group)


def _with_same_numbers(group: Iterable[tuple[Action, str]]) -> Iterable[list[_Text]]:
    alike: dict[frozenset[str], list[tuple[Action, str]]] = defaultdict(list)
    for action, text in group:
        numbers = [word for word in text.split(" ") if not word.isalpha() and _DIGIT.search(word)]
        alike[frozenset(numbers)].append((action, text))
    for texts in alike.values():
        if len(texts) > 1:
            yield [_Text(action, frozenset(text.split(" "))) for action, text in texts]


def _near(groups: Iterable[list[_Text]], share: float) -> dict[Place, Action]:
    """One near text for each text that has any."""
    near: dict[Place, Action] = {}
    for texts in groups:
        frequency = Counter(chain.from_iterable(text.words for text in texts))
        by_rarity = sorted(frequency, key=lambda word: (frequency[word], word))
        rank = {word: number for number, word in enumerate(by_rarity)}
        search = _Search([text.words for text in texts], share, [None] * len(texts))
        for number, text in enumerate(texts):
            search.compare(number, _keys(sorted([rank[word] for word in text.words]), share))
        for text, other in zip(texts, search.found, strict=True):
            if other is not None:
                near.setdefault((text.action.tab, text.action.row), texts[other].action)
    return near


def _keys(ranks: list[int], share: float) -> list[int]:
    """Groups of a text's rarest words: near texts have at least one group in common, others seldom.

    A text may miss `size - least` words of another, so of `depth` more than these at least `depth` are shared. Short
    texts need larger groups to be told apart; one that may be near to a short one has groups of both sizes. A group is
    given by its hash: millions of tuples would keep the garbage collector busy, and a collision costs one look.
    """
    size = len(ranks)
    least = ceil(share * size - _ROUNDING)
    keys: list[int] = []
    for depth in _depths(size, share):
        keys += map(hash, combinations(ranks[: min(size - least + depth, MOST_RARE)], min(depth, size)))
    return keys


def _depths(size: int, share: float) -> tuple[int, ...]:
    if share < DEEP_SHARE:
        return (1,)
    if size <= SHORT_TEXT:
        return (4,)
    return (4, 2) if size * share <= SHORT_TEXT else (2,)


@dataclass(frozen=True, slots=True)
class _Search:
    """The texts of one group while they are compared, and for each the one found near to it.

    `first` and `more` hold by key the places of the texts seen so far.
    """

    words: list[frozenset[str]]
    share: float
    found: list[int | None]
    first: dict[int, int] = field(default_factory=dict)
    more: dict[int, list[int]] = field(default_factory=dict)

    def compare(self, number: int, keys: list[int]) -> None:
        """Compare a text with those before it; two that have a near one already need no look."""
        found, words = self.found, self.words[number]
        part = self.share / (1 + self.share)
        looked = 0
        for key in keys:
            first = self.first.setdefault(key, number)
            if first == number:
                continue
            others = self.more.setdefault(key, [])
            for other in chain((first,), others):
                if looked >= MOST_CANDIDATES:
                    break
                looked += 1
                if found[number] is not None and found[other] is not None:
                    continue
                wanted = part * (len(words) + len(self.words[other])) - _ROUNDING
                if len(words) >= wanted <= len(self.words[other]) and len(words & self.words[other]) >= wanted:
                    found[number] = other if found[number] is None else found[number]
                    found[other] = number if found[other] is None else found[other]
            others.append(number)
