"""Which actions say the same, exactly or nearly, fast enough for plans of 100,000 rows (ACT009).

Equal texts are found by hash within a goal, near ones within an owner and a goal by prefix filtering: two sets of
words can only share the wanted part when they share some of their rarest words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import ceil
from typing import NamedTuple

from sheets_sync.core.model import Action
from sheets_sync.rules.reading import is_placeholder
from sheets_sync.rules.tables import fold

_WORD = re.compile(r"\w+")
MOST_CANDIDATES = 200
"""Texts looked at for one text; a plan made from one template must not take minutes."""
DEPTH = 3
"""Rare words that two texts must share before they are compared, when the wanted share is DEEP_SHARE or more."""
DEEP_SHARE = 0.8
MOST_RARE = 14
"""Rare words of one text that are combined; only texts of some 80 words have more."""
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
    """One distinct text of an owner and a goal, with the action that stands for it."""

    action: Action
    words: frozenset[str]
    bits: int
    """One bit for each word (some share one), for a quick bound of how many words two texts can share."""


def repeated(actions: Sequence[Action], share: float, *, many: int) -> Repeated:
    """Find the actions whose text another one repeats: its words, or at least `share` of the words of both.

    Goals must be the same, or both missing. More than `many` identical actions form a crowd.
    """
    by_text: dict[tuple[str, str], list[Action]] = defaultdict(list)
    known: dict[str, str] = {}
    # In the order of the ids, so that the same other row is named wherever a sort has put it.
    for action in sorted(actions, key=_id_order):
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
    """The distinct texts of each owner and goal that has more than one."""
    groups: dict[tuple[str, str], list[_Text]] = defaultdict(list)
    owners: dict[str, str] = {}
    for (goal, text), actions in by_text.items():
        words = frozenset(text.split(" "))
        bits = 0
        for word in words:
            bits |= 1 << (hash(word) & 255)
        told: set[str] = set()
        for action in actions:
            owner = owners.get(action.owner)
            if owner is None:
                owner = owners[action.owner] = fold(action.owner.strip())
            if owner not in told:
                told.add(owner)
                groups[owner, goal].append(_Text(action, words, bits))
    return (texts for texts in groups.values() if len(texts) > 1)


def _near(groups: Iterable[list[_Text]], share: float) -> dict[Place, Action]:
    """One near text for each text that has any."""
    near: dict[Place, Action] = {}
    depth = DEPTH if share >= DEEP_SHARE else 1
    for texts in groups:
        frequency = Counter(word for text in texts for word in text.words)
        by_rarity = sorted(frequency, key=lambda word: (frequency[word], word))
        rank = {word: number for number, word in enumerate(by_rarity)}
        index: dict[_Key, list[int]] = defaultdict(list)
        found: list[int | None] = [None] * len(texts)
        for number, text in enumerate(texts):
            keys = _keys(sorted([rank[word] for word in text.words]), share, depth)
            _compare(number, texts, keys, index=index, found=found, share=share)
            for key in keys:
                index[key].append(number)
        for text, other in zip(texts, found, strict=True):
            if other is not None:
                near.setdefault((text.action.tab, text.action.row), texts[other].action)
    return near


_Key = tuple[int, ...]


def _keys(ranks: list[int], share: float, depth: int) -> list[_Key]:
    """Groups of a text's rarest words: near texts have at least one group in common, others seldom.

    A text may miss `size - least` words of another, so of `depth` more than these at least `depth` are shared.
    """
    size = len(ranks)
    if size <= depth:
        return [tuple(ranks)]
    least = ceil(share * size - _ROUNDING)
    return list(combinations(ranks[: min(size - least + depth, MOST_RARE)], depth))


def _compare(
    number: int,
    texts: list[_Text],
    keys: list[_Key],
    *,
    index: Mapping[_Key, list[int]],
    found: list[int | None],
    share: float,
) -> None:
    """Compare a text with earlier ones that share a group of rare words, and note for both that they are near.

    Two texts that are known to have a near one need no look.
    """
    looked = 0
    _, words, bits = texts[number]
    size = len(words)
    part = share / (1 + share)
    for key in keys:
        for other in index.get(key, ()):
            looked += 1
            if looked > MOST_CANDIDATES:
                return
            if found[other] is not None and found[number] is not None:
                continue
            _, other_words, other_bits = texts[other]
            wanted = part * (size + len(other_words)) - _ROUNDING
            if size - (bits & ~other_bits).bit_count() >= wanted and len(words & other_words) >= wanted:
                if found[number] is None:
                    found[number] = other
                if found[other] is None:
                    found[other] = number
