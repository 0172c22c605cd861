"""Findings in words, in the reader's language. What comes from a cell is shortened and made harmless (HAZARDS 27)."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from sheets_sync.core.model import Finding
from sheets_sync.rules.catalogue import rule_for
from sheets_sync.words.flags import flag_words
from sheets_sync.words.lexicon import LANGUAGES
from sheets_sync.words.rule_words import CRASHED, Message, RuleWords, rule_words

LONGEST_VALUE = 60
LONGEST_LIST = 240
LONGEST_HEADER = 40
MOST_PIECES = 6
UNKNOWN = "?"
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA_STARTS = "=+-@ "


NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class _Shown(NamedTuple):
    """A fact, or a column's name, as it is put into a message; the place's format says what it is."""

    name: str
    value: str
    language: str
    headers: Mapping[str, str]

    def __format__(self, kind: str) -> str:
        if kind == "column":
            return column_text(self.name, self.language, self.headers)
        if kind == "date":
            return date_text(self.value, self.language)
        if kind == "number":
            return number_text(self.value, self.language)
        if kind == "percent":
            return number_text(self.value, self.language) + (" %" if self.language == "es" else "%")
        if kind == "list":
            return list_text(self.value)
        if kind == "field":
            return column_text(self.value, self.language, self.headers)
        return shortened(self.value, LONGEST_LIST if kind == "long" else LONGEST_VALUE)


@dataclass(frozen=True, slots=True)
class _Places:
    """What fills the places of a message, looked up by name; a fact that is not there reads as "?"."""

    facts: Mapping[str, str]
    language: str
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> _Shown:
        return _Shown(name, self.facts.get(name, UNKNOWN), self.language, self.headers)


def render_what(finding: Finding, language: str, *, headers: Mapping[str, str] = NO_HEADERS) -> str:
    """What is wrong, naming the cell. `headers` are the sheet's own headers by field (`Plan.headers`); a column without
    one goes by its usual name. A language that is not shipped reads as English; KeyError for an unknown code."""
    return _filled(_message(finding, language).what, finding, language, headers)


def render_fix(finding: Finding, language: str, *, headers: Mapping[str, str] = NO_HEADERS) -> str:
    """One plain sentence telling what to type, without the code; see `render_what`."""
    return _filled(_message(finding, language).fix, finding, language, headers)


def _message(finding: Finding, language: str) -> Message:
    words = _words(language)
    rule = rule_for(finding.code)
    facts = dict(finding.facts)
    if facts.get("kind") == CRASHED:
        return words.crashed
    messages = words.rules[rule.code].messages
    # A finding stored by an older version may name a kind that is no more.
    return messages.get(facts.get(rule.kind_fact, "")) or next(iter(messages.values()))


def _filled(template: str, finding: Finding, language: str, headers: Mapping[str, str]) -> str:
    return template.format_map(_Places({**dict(finding.facts), "code": finding.code}, language, headers))


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


def column_text(name: str, language: str, headers: Mapping[str, str] = NO_HEADERS) -> str:
    """A column as its readers know it: its header in quotes, or its usual name where there is none or it says just
    that. A field of a later version is named as it is."""
    usual = _words(language).cells.get(name) or shortened(name)
    header = shortened(headers.get(name, "").rstrip(" :*"), LONGEST_HEADER)
    return usual if header == UNKNOWN or header.casefold() == usual.casefold() else f'"{header}"'


def _words(language: str) -> RuleWords:
    return rule_words(language if language in LANGUAGES else LANGUAGES[0])
