"""Findings in words, in the reader's language. What comes from a cell is shortened and made harmless (HAZARDS 27)."""

import datetime as dt
import re
from collections import defaultdict
from typing import NamedTuple

from sheets_sync.core.model import Finding
from sheets_sync.rules.catalogue import rule_for
from sheets_sync.words.flags import flag_words
from sheets_sync.words.lexicon import LANGUAGES
from sheets_sync.words.rule_words import CRASHED, Message, RuleWords, rule_words

LONGEST_VALUE = 60
LONGEST_LIST = 240
MOST_PIECES = 6
UNKNOWN = "?"
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA_STARTS = "=+-@ "


class _Shown(NamedTuple):
    """A fact as it is put into a message; the place's format says what it is."""

    value: str
    language: str

    def __format__(self, kind: str) -> str:
        if kind == "date":
            return date_text(self.value, self.language)
        if kind == "number":
            return number_text(self.value, self.language)
        if kind == "percent":
            return number_text(self.value, self.language) + (" %" if self.language == "es" else "%")
        if kind == "list":
            return list_text(self.value)
        if kind == "field":
            return _field_text(self.value, self.language)
        return shortened(self.value, LONGEST_LIST if kind == "long" else LONGEST_VALUE)


def render_what(finding: Finding, language: str) -> str:
    """What is wrong, naming the cell. A language that is not shipped reads as English; KeyError for an unknown code."""
    return _filled(_message(finding, language).what, finding, language)


def render_fix(finding: Finding, language: str) -> str:
    """One plain sentence telling what to type, without the code."""
    return _filled(_message(finding, language).fix, finding, language)


def _message(finding: Finding, language: str) -> Message:
    words = _words(language)
    rule = rule_for(finding.code)
    facts = dict(finding.facts)
    if facts.get("kind") == CRASHED:
        return words.crashed
    messages = words.rules[rule.code].messages
    # A finding stored by an older version may name a kind that is no more.
    return messages.get(facts.get(rule.kind_fact, "")) or next(iter(messages.values()))


def _filled(template: str, finding: Finding, language: str) -> str:
    unknown = _Shown(UNKNOWN, language)
    shown = defaultdict(lambda: unknown, {name: _Shown(value, language) for name, value in finding.facts})
    shown["code"] = _Shown(finding.code, language)
    return template.format_map(shown)


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """A cell's content for a message: one line of at most `longest` characters, no sign in front that starts a
    formula, no invisible or direction-changing characters."""
    line = _BLANKS.sub(" ", text[: 20 * longest]).strip().lstrip(_FORMULA_STARTS)
    if len(line) > longest:
        cut = line[: longest - 1]
        kept, space, _ = cut.rpartition(" ")
        line = (kept if space and len(kept) > longest // 2 else cut).rstrip(" ,;:.") + "…"
    return line or UNKNOWN


def date_text(iso: str, language: str) -> str:
    """ "2026-11-13" as "13 Nov 2026"; a text that is no date is shown as it is."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return shortened(iso)
    return f"{day.day} {flag_words(language).months[day.month - 1]} {day.year}"


def number_text(digits: str, language: str) -> str:
    """ "12345" as "12,345", in Portuguese and Spanish "12.345"; a text that is no whole number is shown as it is."""
    if not digits.isdecimal():
        return shortened(digits)
    grouped = f"{int(digits):,}"
    return grouped if language == "en" else grouped.replace(",", ".")


def list_text(lines: str) -> str:
    """Lines as quoted pieces: "Buy scanner" / "Install scanner"."""
    pieces = [f'"{shortened(line)}"' for line in lines.split("\n")]
    more = ["…"] if len(pieces) > MOST_PIECES else []
    return " / ".join(pieces[:MOST_PIECES] + more)


def _field_text(name: str, language: str) -> str:
    return _words(language).cells.get(name) or shortened(name)


def _words(language: str) -> RuleWords:
    return rule_words(language if language in LANGUAGES else LANGUAGES[0])
