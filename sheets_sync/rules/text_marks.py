"""What the text rules say of a text, as a short string that can be kept from run to run.

A judgement depends on nothing but the text, whether Done when is filled, the language, the rules' parameters and this
program's version; so an unchanged row is not read a second time.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import sheets_sync
from sheets_sync.core.model import Severity
from sheets_sync.rules.choices import Active
from sheets_sync.rules.context import Parameters
from sheets_sync.rules.reading import is_placeholder, read
from sheets_sync.rules.rule import Hit, TextJudge
from sheets_sync.words.lexicon import LANGUAGES, lexicon

_NEXT_HIT, _NEXT_PART = "\x1e", "\x1f"
"""The control characters made for it; a text that holds one is judged anew each time."""


class TextHit(NamedTuple):
    """What one text rule found."""

    code: str
    hit: Hit


class Crash(NamedTuple):
    """A rule that failed on some row, with the name of the error's type."""

    code: str
    error: str


class Judged(NamedTuple):
    """The judgement of one text. `marks` is what to remember, "" when it cannot be."""

    hits: tuple[TextHit, ...]
    marks: str
    crashes: tuple[Crash, ...] = ()


class TextRule(NamedTuple):
    """What of a rule is needed to judge a text."""

    code: str
    judge: TextJudge
    parameters: Parameters
    any_language: bool


def text_rules(active: Iterable[Active]) -> tuple[TextRule, ...]:
    """Those of the rules that judge a text."""
    rules = ((one.rule, one.parameters) for one in active)
    return tuple(TextRule(r.code, r.text, parameters, r.any_language) for r, parameters in rules if r.text is not None)


def marks_version(rules: tuple[TextRule, ...]) -> str:
    """Changes whenever a text could be judged otherwise: with the program, a lexicon, a rule, a parameter."""
    parameters = [(rule.code, sorted(rule.parameters.items())) for rule in rules]
    told = f"{sheets_sync.__version__} {_lexicons()} {parameters}"
    return blake2b(told.encode(), digest_size=6).hexdigest()


@cache
def _lexicons() -> str:
    words = "".join(repr(lexicon(language)) for language in LANGUAGES)
    return blake2b(words.encode(), digest_size=8).hexdigest()


def text_marks(
    action: str, done_when: str, language: str | None, *, rules: tuple[TextRule, ...], version: str
) -> Judged:
    """Judge a text by the rules that know its language; a placeholder is no text. Never raises."""
    prefix = _prefix(version, language, bool(done_when))
    if is_placeholder(action):
        return Judged((), prefix)
    reading = read(action, done_when, language if language is not None and language in LANGUAGES else LANGUAGES[0])
    hits: list[TextHit] = []
    crashes: list[Crash] = []
    spoken = language in LANGUAGES
    for code, judge, parameters, any_language in rules:
        if not (spoken or any_language):
            continue
        try:
            hit = judge(reading, parameters)
        except Exception as error:  # one broken rule must not silence the others
            crashes.append(Crash(code, type(error).__name__))
            continue
        if hit is not None:
            hits.append(TextHit(code, hit))
    unfit = crashes or (hits and (_NEXT_HIT in action or _NEXT_PART in action))
    marks = "" if unfit else prefix + _written(hits)
    return Judged(tuple(hits), marks, tuple(crashes))


def remembered(marks: str, has_end: bool, language: str | None, *, version: str) -> Judged | None:
    """The judgement kept from an earlier run, None when it was made by other rules or for another language."""
    prefix = _prefix(version, language, has_end)
    if not marks.startswith(prefix):
        return None
    try:
        return Judged(_read(marks[len(prefix) :]), marks)
    except ValueError:
        return None


def _prefix(version: str, language: str | None, has_end: bool) -> str:
    return f"{version}:{language or '-'}:{'d' if has_end else ''}:"


def _written(hits: Iterable[TextHit]) -> str:
    told: list[str] = []
    for code, hit in hits:
        parts = [code, hit.kind, hit.severity or ""]
        for fact in hit.facts:
            parts += fact
        told.append(_NEXT_PART.join(parts))
    return _NEXT_HIT.join(told)


def _read(written: str) -> tuple[TextHit, ...]:
    if not written:
        return ()
    hits: list[TextHit] = []
    for told in written.split(_NEXT_HIT):
        code, kind, severity, *parts = told.split(_NEXT_PART)
        facts = tuple(zip(parts[::2], parts[1::2], strict=True))
        hits.append(TextHit(code, Hit(facts, kind, Severity(severity) if severity else None)))
    return tuple(hits)
