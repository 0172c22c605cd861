"""How texts are made comparable: accents, case, separators, plurals. Knows no words of its own."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s_\-.‐-―]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])")
_NUMBER_SIGN = re.compile(r"\bn\s?\.?\s?[º°]", re.IGNORECASE)
_HEADER_NOISE = re.compile(r"[*:;,!¡¿?(){}\[\]\"'´`’“”|•▼▲↓]+")
_LEADING_NUMBER = re.compile(r"^\d+(?: \d+)*\)? (?=[^\W\d_])")
_OUTER_MARKS = re.compile(r"^[^\w%]+|[^\w%]+$")
_PERCENT = re.compile(r"(?<=\d)\s*%")

# Longest ending first: (ending, what replaces it). Applied to both sides of a comparison, so that a wrong stem of a
# word does no harm unless two words of our lists share it.
_PLURALS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("ones", "on"),
    ("ies", "y"),
    ("ais", "al"),
    ("eis", "el"),
    ("res", "r"),
    ("ns", "m"),
    ("s", ""),
)
_NOT_PLURAL = ("ss", "us", "is")
_SHORTEST_PLURAL = 4


def plain(text: str) -> str:
    """The text without accents, upper case, separators (`_` `-` `.` newline) and outer blanks."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", text.casefold()).strip()


def without_brackets(text: str) -> str:
    """The text without what stands in brackets, unless that is all there is."""
    rest = _BRACKETED.sub(" ", text)
    return rest if rest.strip() else text


def header_words(text: str) -> str:
    """A header as plain words: camel case split, brackets, marks and a leading number dropped.

    `%` and `#` are kept, and "nº" reads as "no". "*dueDate (dd/mm):" -> "due date", "1. O QUÊ?" -> "o que".
    """
    if text.isascii() and text.islower() and text.replace(" ", "").isalpha():
        return " ".join(text.split())  # most words of our lists, and there are many
    shown = _NUMBER_SIGN.sub("no ", without_brackets(_CAMEL.sub(" ", text)))
    if "%" in text and "%" not in shown:
        shown += " %"
    spaced = _HEADER_NOISE.sub(" ", shown).replace("%", " % ").replace("#", " # ")
    return _LEADING_NUMBER.sub("", plain(spaced))


def singular(word: str) -> str:
    """A plain word without its plural ending in English, Portuguese or Spanish ("acoes" -> "acao").

    Portuguese "-dade" and Spanish "-dad" become one ("atividades", "actividades").
    """
    if len(word) >= _SHORTEST_PLURAL and word[-1] == "s":
        ending, instead = next(pair for pair in _PLURALS if word.endswith(pair[0]))
        if ending != "s" or not word.endswith(_NOT_PLURAL):
            word = word[: -len(ending)] + instead
    return word[:-1] if word.endswith("dade") else word


def status_words(text: str) -> str:
    """A status as plain words: brackets, outer marks and a leading number dropped; "100%" reads as "100 %".

    A text of marks alone ("✔", "🟢") is kept as it is.
    """
    text = _PERCENT.sub(" %", plain(without_brackets(text)).replace("\ufe0f", ""))
    inner = _OUTER_MARKS.sub("", text)
    return _LEADING_NUMBER.sub("", inner) if inner else text
