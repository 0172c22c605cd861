"""The lexicon compiled for matching: folded, with plurals, phrases by their first word. Built once per language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import normalize

from sheets_sync.words.lexicon import LANGUAGES, Words, lexicon

_ACCENTS = re.compile("[\u0300-\u036f]+")
TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?\w*|\w+(?:[-'’]\w+)*|[,()\n&+/%#°]|[.;:!?](?=\s|$)|(?<=\s)[-–—](?=\s)")
"""Words (hyphens and apostrophes inside), numbers, and the marks that part clauses. A dot inside "data.gov" is none."""

CLAUSE_MARKS = frozenset({",", ";", ".", "\n", "-", "–", "—"})
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Word sequences by their first word, the longest first."""


def fold(text: str) -> str:
    """Fold case and drop accents, so that "AÇÃO" and "acao" are equal. The verb "é" stays apart from the word "e"."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return _ACCENTS.sub("", normalize("NFKD", folded.replace(" é ", " eh ")))


@dataclass(frozen=True, slots=True)
class Tables:
    """One language's lexicon, folded. Sets hold single words, `Phrases` also sequences."""

    verbs: Mapping[str, str]
    """Listed verbs, folded, with their spelling."""
    verb_suffixes: tuple[str, ...]
    verb_prefixes: tuple[str, ...]
    not_verbs: frozenset[str]
    noun_or_verb: frozenset[str]
    forms: tuple[tuple[str, Words], ...]
    openers: Phrases
    """Politeness, subjects and modal verbs: skipped in front of the verb."""
    modals: Phrases
    infinitive_markers: frozenset[str]
    adverbs: frozenset[str]
    adverb_suffixes: tuple[str, ...]
    intro: frozenset[str]
    purpose: Phrases
    purpose_before_verb: frozenset[str]
    conjunctions: Phrases
    turns: frozenset[str]
    """First words of all that may turn to a purpose."""
    gaps: frozenset[str]
    """First words and marks of all that may stand between two actions."""
    joints: frozenset[str]
    """All of these, and brackets."""
    doublets: frozenset[tuple[str, str]]
    vague: frozenset[str]
    vague_phrases: Phrases
    weak: Phrases
    weak_heads: frozenset[str]
    completable: frozenset[str]
    deliverables: frozenset[str]
    deliverable_phrases: Phrases
    deliverable_heads: frozenset[str]
    amounts: frozenset[str]
    """Number and frequency words."""
    measure_starts: Phrases
    measure_heads: frozenset[str]
    problem_starts: Phrases
    problem_heads: frozenset[str]
    articles: frozenset[str]
    abbreviations: frozenset[str]


def phrases(entries: Iterable[str]) -> Phrases:
    """Index phrases by their first token."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for entry in entries:
        tokens = tuple(TOKEN.findall(fold(entry)))
        if tokens:
            index.setdefault(tokens[0], []).append(tokens)
    return {head: tuple(sorted(set(found), key=lambda t: (-len(t), t))) for head, found in index.items()}


def phrase_at(tokens: Sequence[str], place: int, known: Phrases) -> int:
    """The length of the longest known phrase that starts at `place`, 0 when there is none."""
    for phrase in known.get(tokens[place], ()):
        if len(phrase) == 1 or tuple(tokens[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0


@cache
def tables(language: str) -> Tables:
    """The compiled lexicon of a language of LANGUAGES."""
    words = lexicon(language)
    long = [entry for entry in words.deliverables if " " in entry]
    turns = _heads(words.purpose) | _folded(words.purpose_before_verb)
    gaps = _heads(words.conjunctions) | CLAUSE_MARKS
    return Tables(
        verbs={fold(verb): verb for verb in (*words.verbs, *words.vague, *words.completable)},
        verb_suffixes=words.verb_suffixes,
        verb_prefixes=words.verb_prefixes,
        not_verbs=_folded(words.not_verbs),
        noun_or_verb=_folded(words.noun_or_verb),
        forms=tuple((fold(ending), endings) for ending, endings in words.forms),
        openers=phrases((*words.politeness, *words.subjects, *words.modals, *words.infinitive_markers)),
        modals=phrases(words.modals),
        infinitive_markers=_folded(words.infinitive_markers),
        adverbs=_folded(words.adverbs),
        adverb_suffixes=words.adverb_suffixes,
        intro=_folded(words.intro),
        purpose=phrases(words.purpose),
        purpose_before_verb=_folded(words.purpose_before_verb),
        conjunctions=phrases(words.conjunctions),
        turns=turns,
        gaps=gaps,
        joints=turns | gaps | {"(", ")"},
        doublets=frozenset(_pair(entry, _folded(words.and_words)) for entry in words.doublets),
        vague=_folded(words.vague),
        vague_phrases=phrases(words.vague_phrases),
        weak=phrases(words.weak),
        weak_heads=_heads(words.weak),
        completable=_folded(words.completable),
        deliverables=_with_plurals((entry for entry in words.deliverables if " " not in entry), language),
        deliverable_phrases=phrases(long),
        deliverable_heads=_heads(long),
        amounts=_folded((*words.number_words, *words.frequency)),
        measure_starts=phrases(words.measure_starts),
        measure_heads=_heads(words.measure_starts),
        problem_starts=phrases(words.problem_starts),
        problem_heads=_heads(words.problem_starts),
        articles=_folded(words.articles),
        abbreviations=_folded(words.abbreviations),
    )


@cache
def all_placeholders() -> frozenset[str]:
    """Placeholders of every language, folded: "TBD" stands in plans of any language."""
    return frozenset(fold(entry) for language in LANGUAGES for entry in lexicon(language).placeholders)


@lru_cache(maxsize=65536)
def is_verb(word: str, language: str) -> bool:
    """Whether a folded word can start an action: in the list, by its ending, or a listed verb after "re"."""
    known = tables(language)
    if word in known.not_verbs:
        return False
    if word in known.verbs:
        return True
    bare = word.split("-", 1)[0] if "-" in word else word
    if language == "en":
        by_ending = len(bare) >= 6 and bare.endswith(known.verb_suffixes)
    else:
        by_ending = _is_infinitive(word, bare, known, language)
    rest = next((word[len(p) :].lstrip("-") for p in known.verb_prefixes if word.startswith(p)), "")
    return by_ending or rest in known.verbs


def _is_infinitive(word: str, bare: str, known: Tables, language: str) -> bool:
    """An infinitive, also with a pronoun: "realizá-lo", "reunir-se", "realizarlo"."""
    if "-" in word:
        return bare.endswith(known.verb_suffixes) or word.endswith(("a-lo", "a-la", "a-los", "a-las", "e-lo", "e-la"))
    if language == "es":
        for pronoun in ("los", "las", "les", "lo", "la", "le", "nos"):
            stem = bare.removesuffix(pronoun)
            if stem != bare and stem in known.verbs:
                return True
    return len(bare) >= 3 and bare.endswith(known.verb_suffixes)


def is_adverb(token: str, known: Tables) -> bool:
    """Whether a folded word only tells how or when; "apply" ends like one and is none."""
    return token in known.adverbs or (
        len(token) > 4 and token.endswith(known.adverb_suffixes) and token not in known.verbs
    )


_PORTUGUESE_PLURALS = (("cao", "coes"), ("sao", "soes"), ("m", "ns"), ("al", "ais"), ("el", "eis"), ("r", "res"))


def plurals(word: str, language: str) -> tuple[str, ...]:
    """The regular plurals of a folded noun."""
    if language == "en":
        if word.endswith(("s", "x", "ch", "sh")):
            return (word + "es", word[:-2] + "es")
        return (word[:-1] + "ies",) if word.endswith("y") else (word + "s",)
    if language == "pt":
        for ending, plural in _PORTUGUESE_PLURALS:
            if word.endswith(ending):
                return (word.removesuffix(ending) + plural,)
        return (word + "s",)
    return (word + "s",) if word[-1] in "aeiou" else (word.removesuffix("z") + "ces", word + "es")


def _heads(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(phrases(entries))


def _with_plurals(entries: Iterable[str], language: str) -> frozenset[str]:
    singular = _folded(entries)
    return singular | {plural for word in singular for plural in plurals(word, language)}


def _folded(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(entry) for entry in entries)


def _pair(doublet: str, and_words: frozenset[str]) -> tuple[str, str]:
    """The two verbs of a doublet. Raises ValueError when it is not "verb and verb"."""
    first, middle, second = fold(doublet).split()
    if middle not in and_words:
        raise ValueError(f"not a doublet: {doublet}")
    return first, second
