"""Whether a text says how anybody will see that the action is done (DOMAIN 3.1 step 3)."""

import re

from sheets_sync.rules.reading import Reading
from sheets_sync.rules.tables import phrase_at

_DIGIT = re.compile(r"[\d%]")
_NUMBER = re.compile(r"(?<![^\W_])\d|%")


def has_outcome(reading: Reading) -> bool:
    """A number, an amount or frequency, something that can be handed over, or a filled done-when cell."""
    text = reading.text
    if reading.done_when or (_DIGIT.search(text) is not None and _NUMBER.search(text) is not None):
        return True
    known, words = reading.tables, reading.words
    if not words.isdisjoint(known.amounts):
        return True
    nouns = () if known.deliverables.isdisjoint(words) else known.deliverables & words
    if nouns and (nouns != {reading.verb} or reading.tokens.count(reading.verb) > 1):
        return True
    if words.isdisjoint(known.deliverable_heads):
        return False
    return any(phrase_at(reading.tokens, place, known.deliverable_phrases) for place in range(len(reading.tokens)))


def is_completable(reading: Reading) -> bool:
    """Whether the leading verb names its own end: "publish", "install", "re-paint"."""
    verb, known = reading.verb, reading.tables
    if verb in known.completable or verb.partition("-")[0] in known.completable:
        return True
    return any(
        verb.startswith(prefix) and verb.removeprefix(prefix).lstrip("-") in known.completable
        for prefix in known.verb_prefixes
    )
