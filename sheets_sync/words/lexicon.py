"""The word lists by which a text is judged without understanding it, one lexicon per language (DOMAIN 3.1).

Words stand as people write them, accents included; matching is the business of the rules. Headers, statuses, flags and
the stop-words that tell languages apart have modules of their own.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from sheets_sync.words.packaged import word_list

LANGUAGES = ("en", "pt", "es")

Words = tuple[str, ...]


class LexiconError(ValueError):
    """A packaged lexicon is not complete; no rule may run on it."""


class Lexicon(NamedTuple):
    """All lists of one language, in lower case. Entries of several words are phrases and stay whole."""

    verbs: Words
    """Verbs that may start an action."""
    verb_suffixes: Words
    """Endings that make a word a verb (English -ize, the infinitives of Portuguese and Spanish)."""
    verb_prefixes: Words
    """What may stand before a verb of the list: "re" in "relabel"."""
    not_verbs: Words
    """Words that end like a verb and are none: "setor", "taller", "exercise"."""
    noun_or_verb: Words
    """Words as often noun as verb: "plan", "report", "parecer"; they do not count as a further action."""
    forms: tuple[tuple[str, Words], ...]
    """Endings of gerunds and nouns made of verbs, with the endings of their verb: "ação" from "ar"."""
    politeness: Words
    subjects: Words
    modals: Words
    infinitive_markers: Words
    adverbs: Words
    adverb_suffixes: Words
    intro: Words
    """First words of a clause that comes before the action: "Using X, develop ..."."""
    purpose: Words
    """What turns from the action to its purpose or to a subordinate clause, wherever it stands."""
    purpose_before_verb: Words
    """The same, but only right before a verb: "to", "de"."""
    conjunctions: Words
    and_words: Words
    doublets: Words
    """Pairs said as one action: "develop and maintain"."""
    vague: Words
    """Open-ended verbs: nobody can say when they are done."""
    vague_phrases: Words
    weak: Words
    """Escape clauses and weak words: "as needed", "adequate"."""
    weak_actions: Words
    """Measures that only instruct or remind (RCA2 action hierarchy)."""
    blame: Words
    """Causes that blame a person instead of naming a cause."""
    completable: Words
    """Verbs that name their own end: "publish", "install"."""
    deliverables: Words
    """Nouns that can be handed over, in the singular."""
    frequency: Words
    number_words: Words
    measure_starts: Words
    problem_starts: Words
    labels: Words
    """What may stand before a number in front of an action: "Milestone 12.1."."""
    abbreviations: Words
    """What a dot may follow without ending a sentence."""
    articles: Words
    """Articles, possessives and pronouns that may follow a verb."""
    group_words: Words
    """Words for more than one person in an owner cell."""
    role_words: Words
    """Functions and departments in an owner cell."""
    placeholders: Words
    """What people type where nothing is known yet, as the whole cell."""


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language of LANGUAGES. Raises LexiconError when a list is missing, empty or unknown."""
    name = f"lexicon-{language}"
    return lexicon_of(word_list(name), f"{name}.json")


def lexicon_of(lists: Mapping[str, object], source: str) -> Lexicon:
    """Build a lexicon from parsed JSON: each list an array of words, `forms` an object of arrays."""
    names = set(Lexicon._fields)
    wrong = [f"{name}: not a known list" for name in lists if name not in names]
    wrong += [f"{name}: missing or empty" for name in sorted(names) if not lists.get(name)]
    plain = {name: _words(lists.get(name)) for name in names - {"forms"}}
    wrong += [f"{name}: needs lower-case words, each once" for name, words in plain.items() if words is None]
    forms = _forms(lists.get("forms"))
    if forms is None:
        wrong.append("forms: needs endings with their verb endings")
    if wrong:
        raise LexiconError(f"{source}: " + "; ".join(wrong))
    return Lexicon(forms=forms or (), **{name: words or () for name, words in plain.items()})


def _words(value: object) -> Words | None:
    """The words of a list, None when it holds anything but trimmed lower-case words, each once."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return None
    clean = all(word and word == word.strip().casefold() for word in value)
    return tuple(value) if clean and len(set(value)) == len(value) else None


def _forms(value: object) -> tuple[tuple[str, Words], ...] | None:
    if not isinstance(value, dict) or not all(isinstance(endings, list) and endings for endings in value.values()):
        return None
    # The longest ending first, so that "ication" is tried before "ation".
    return tuple((ending, tuple(value[ending])) for ending in sorted(value, key=lambda ending: (-len(ending), ending)))
