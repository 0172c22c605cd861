"""The nearest valid name for a word that is none: for messages only, never to choose silently."""

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str:
    """The name most like `word`, or "" when none is near enough to be meant."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(word, tuple(names), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=70)
    return best[0] if best else ""


def instead(word: str, names: Iterable[str]) -> str:
    """What to use instead of `word`, as the end of a sentence: the nearest name, else all of them when they are few."""
    known = tuple(names)
    near = nearest(word, known)
    if near:
        return f'did you mean "{near}"?'
    if len(known) <= 10:
        return "use one of: " + ", ".join(known)
    return ""
