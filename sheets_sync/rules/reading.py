"""From an action's text to what the text rules look at: cleaned text, tokens, the verb it starts with (DOMAIN 3.1).

Purely by word lists, no grammar: every judgement made on a reading is a hint for a reader.
"""

import re
from functools import cache
from typing import NamedTuple

from sheets_sync.rules.tables import TOKEN, Tables, all_placeholders, fold, is_adverb, is_verb, phrase_at, tables
from sheets_sync.words.lexicon import LANGUAGES, lexicon

_MARKUP = re.compile(
    r"\[[ xX]\](?=\s)"  # a tick box
    r"|!?\[([^\]\n]{0,300})\](?:\([^)\n]{0,300}\)|\[[^\]\n]{0,80}\])?"  # Markdown links and pictures keep their text
    r"|</?[A-Za-z][^<>\n]{0,80}>"
    r"|(?:https?://|www\.)\S+"
    r"|\*+|`+|~~+|__+"
)
_BULLET = re.compile(
    r"\s*(?:[-–—•·▪●○◦‣>↳➢✓✔☐☑□#]+\s*"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,4})[.)]\s+"
    r"|\d{1,2}(?:\.\d{1,2})+\s+(?=[^\W\d_a-z]))+"
)
_DIGIT = re.compile(r"\d")
LONGEST_TEXT = 2000
"""Characters of a text that are read; a whole page pasted into a cell must not hold up a run."""
LABEL_START = 30
"""Characters in which the number of a label is looked for."""
_BLANKS = re.compile(r"[^\S\n]+")
_LABEL_ENDS = frozenset({":", "-", "–", "—"})
MODAL_REACH = 14
"""Words after "will", "deverá" ... in which the verb of the sentence is looked for (DOMAIN 3.1)."""
INTRO_REACH = 40
"""Tokens in which the comma after an intro clause is looked for."""
LABEL_REACH = 8
"""Tokens that may stand before a colon in front of the verb: "Line 2: replace ..."."""


class Reading(NamedTuple):
    """A text as the rules see it.

    `text` is cleaned of markup, bullets and numbering, case kept; `folded` is without case and accents. `tokens` are
    folded words and clause marks. `start` is the first token after politeness, subject and modal verb; `lead` the verb
    the action starts with, -1 when there is none. `done_when` tells that the done-when cell says something.
    """

    text: str
    folded: str
    tokens: list[str]
    words: frozenset[str]
    start: int
    lead: int
    done_when: bool
    language: str
    tables: Tables

    @property
    def verb(self) -> str:
        """The folded leading verb, "" when there is none."""
        return self.tokens[self.lead] if self.lead >= 0 else ""


def read(action: str, done_when: str, language: str) -> Reading:
    """Read an action's text in a language of LANGUAGES. Never fails, whatever the text."""
    text = clean(action[:LONGEST_TEXT])
    folded = fold(text)
    tokens = TOKEN.findall(folded)
    known = tables(language)
    start = _start(tokens, known)
    lead = _lead(tokens, start, known, language=language)
    return Reading(text, folded, tokens, frozenset(tokens), start, lead, not is_placeholder(done_when), language, known)


def clean(text: str) -> str:
    """Drop markup, bullets, numbering and labels in front; "12 nuevas plazas" and "1.000 policías" survive."""
    if _may_hold_markup(text):
        text = _MARKUP.sub(lambda match: match[1] or "", text)
    text = _without(_BULLET, text)
    if _DIGIT.search(text, 0, LABEL_START) is not None:
        text = _without(_BULLET, _without(_label(), text))
    return _BLANKS.sub(" ", text).strip() if "  " in text or "\t" in text or "\xa0" in text else text.strip()


def _may_hold_markup(text: str) -> bool:
    return (
        "[" in text
        or "<" in text
        or "*" in text
        or "`" in text
        or "~~" in text
        or "__" in text
        or "://" in text
        or "www." in text
    )


def _without(start: re.Pattern[str], text: str) -> str:
    """The text without what matches at its start, unless that is all there is."""
    match = start.match(text)
    return text[match.end() :] if match is not None and match.end() < len(text) else text


@cache
def _label() -> re.Pattern[str]:
    """ "Milestone 12.1.", "Fase 2 -" and the like."""
    labels = (re.escape(label) for language in LANGUAGES for label in lexicon(language).labels)
    return re.compile(rf"\s*(?:{'|'.join(labels)})\s+\d[\d.]*\s*(?:[.:)–—-]\s*)+", re.IGNORECASE)


def spoken(reading: Reading, place: int, length: int = 1) -> str:
    """Tokens as they stand in the text, accents and case kept."""
    tokens, folded = reading.tokens, reading.folded
    if len(folded) != len(reading.text):
        return " ".join(tokens[place : place + length])
    start = end = 0
    for number, token in enumerate(tokens[: place + length]):
        start_of_token = folded.find(token, end)
        end = start_of_token + len(token)
        if number == place:
            start = start_of_token
    return reading.text[start:end]


def is_placeholder(text: str) -> bool:
    """Whether a cell says nothing yet: blank, "TBD", "?", "a definir" ..., in any language."""
    if not text:
        return True
    bare = text.strip()
    if len(bare) > 30:
        return False
    folded = fold(bare)
    inner = folded.strip(" .…?!¿¡-–—_*/()[]<>#")
    return not inner or folded in all_placeholders() or inner in all_placeholders()


def _start(tokens: list[str], known: Tables) -> int:
    """Skip politeness, subject, modal verb, marker of the infinitive and leading adverbs."""
    place = 0
    while place < len(tokens) - 1:
        word = tokens[place]
        length = phrase_at(tokens, place, known.openers) if word in known.openers else int(is_adverb(word, known))
        if not length or place + length >= len(tokens):
            return place
        place += length
    return place


def _lead(tokens: list[str], start: int, known: Tables, *, language: str) -> int:
    """The place of the verb the action starts with, -1 when none is found (3.1 step 2)."""
    if tokens and tokens[0] in known.infinitive_markers:
        after_purpose = _after_clause(tokens, start, known, language=language)
        if after_purpose >= 0:
            return after_purpose
    if start < len(tokens) and is_verb(tokens[start], language) and not _is_noun_here(tokens, start, known):
        return start
    after_clause = _after_clause(tokens, start, known, language=language)
    return after_clause if after_clause >= 0 else _after_modal(tokens, start, known, language=language)


def _is_noun_here(tokens: list[str], place: int, known: Tables) -> bool:
    """ "Review of ..." and "First set of ..." start with a noun, "Review the ..." with a verb."""
    return place + 1 < len(tokens) and tokens[place + 1] == "of" and tokens[place] in known.noun_or_verb


def _after_clause(tokens: list[str], start: int, known: Tables, *, language: str) -> int:
    """The verb after an intro clause's comma ("Using X, develop ...") or after a short label's colon."""
    if start >= len(tokens):
        return -1
    intro = tokens[0] in known.intro or tokens[start] in known.intro
    intro = intro or (language == "en" and tokens[start].endswith("ing"))
    for place in range(start + 1, min(len(tokens) - 1, start + INTRO_REACH)):
        word = tokens[place]
        if (intro and word == ",") or (word in _LABEL_ENDS and place <= start + LABEL_REACH):
            verb = place + 1
            if is_adverb(tokens[verb], known) and verb + 1 < len(tokens):
                verb += 1
            if is_verb(tokens[verb], language):
                return verb
        elif word in (".", ";"):
            return -1
    return -1


def _after_modal(tokens: list[str], start: int, known: Tables, *, language: str) -> int:
    """The verb after "will", "shall", "deverá" ..., when it follows within MODAL_REACH words."""
    for place in range(start, min(len(tokens) - 1, start + MODAL_REACH)):
        length = phrase_at(tokens, place, known.modals)
        if not length:
            continue
        for verb in range(place + length, min(len(tokens), place + length + 3)):
            if is_verb(tokens[verb], language):
                return verb
            if not is_adverb(tokens[verb], known):
                break
    return -1
