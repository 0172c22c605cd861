"""Which language a text is written in, by its stop-words. Tells English, Portuguese and Spanish from each other and
from languages the tool has no rules for; a text too short to tell is left to its surroundings."""

from functools import cache
from typing import cast

from sheets_sync.words.packaged import word_list

OURS = ("en", "pt", "es")
CLEAR_LEAD = 2
"""Stop-words by which another language must lead before a text is taken out of its tab's language."""

LATIN_END = "\u0250"

_BITS = 12
_MASK = (1 << _BITS) - 1


def language_of(text: str, usual: str) -> str | None:
    """ "en", "pt", "es", or None for a language without a lexicon. `usual` is the language of the tab."""
    total = sum(filter(None, map(_weights().get, text.lower().split())))
    if total:
        return _decided(total, usual)
    return usual if text.isascii() or _is_latin(text) else None


def _is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin ones, so that one of our languages may be meant."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(letter < LATIN_END for letter in letters) >= len(letters)


@cache
def _decided(total: int, usual: str) -> str | None:
    counts = {language: total >> (_BITS * place) & _MASK for place, language in enumerate(_languages())}
    best = max(counts.values())
    leaders = [language for language, count in counts.items() if count == best]
    if usual in leaders or best - counts.get(usual, 0) < CLEAR_LEAD:
        return usual
    ours = [language for language in leaders if language in OURS]
    if len(leaders) > 1:
        return ours[0] if len(ours) == 1 else usual
    return ours[0] if ours else None


@cache
def _languages() -> tuple[str, ...]:
    return tuple(word_list("languages"))


@cache
def _weights() -> dict[str, int]:
    """Each stop-word with one number that counts it for all its languages at once, some bits for each."""
    weights: dict[str, int] = {}
    for place, language in enumerate(_languages()):
        for word in cast("list[str]", word_list("languages")[language]):
            weights[word] = weights.get(word, 0) + (1 << (_BITS * place))
    return weights
