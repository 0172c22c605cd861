"""What a status word means, in three languages, both genders and plurals. A word it does not know stays unknown."""

import re
from functools import cache
from typing import NamedTuple, cast

from sheets_sync.words.normalise import singular, status_words
from sheets_sync.words.packaged import word_list

LATE = "late"
"""Not a status: lateness is computed, never typed (DAT002)."""

LONGEST_CODE = 2
GENDERED = ("pt", "es")

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) %")


class StatusWords(NamedTuple):
    """`known` maps a status key (see `status_key`) to a status name or LATE; `codes` are one- and two-letter codes."""

    known: dict[str, str]
    codes: dict[str, str]


def status_key(text: str) -> str:
    """The form in which statuses are compared: plain words in the singular, masculine read as feminine."""
    return " ".join(_neutral(singular(word)) for word in status_words(text).split())


def status_name(text: str, *, codes: bool = False) -> str | None:
    """The name of the status this text is a word for, LATE, or None.

    `codes` tells that the column holds nothing but short codes ("C", "EA", "NI"), which count only then.
    """
    words = status_list()
    key = status_key(text)
    found = words.known.get(key)
    if found is None and codes:
        found = words.codes.get(key)
    if found is None and (percent := _PERCENT.fullmatch(key)):
        return _by_percent(float(percent[1].replace(",", ".")))
    return found


def is_code(text: str) -> bool:
    """Whether this can be a short code."""
    return len(status_words(text)) <= LONGEST_CODE


def _by_percent(percent: float) -> str | None:
    if percent == 0:
        return "planned"
    return "done" if percent == 100 else "in_progress" if percent < 100 else None


def _neutral(word: str) -> str:
    return word[:-1] + "a" if len(word) > LONGEST_CODE and word[-1] == "o" else word


@cache
def status_list() -> StatusWords:
    """The shipped status words."""
    shipped = word_list("statuses")
    words = cast("dict[str, dict[str, list[str]]]", shipped["words"])
    late = cast("dict[str, list[str]]", shipped["late"])
    known: dict[str, str] = {}
    for name, by_language in (*words.items(), (LATE, late)):
        for synonyms in by_language.values():
            for word in synonyms:
                key = status_key(word)
                if known.setdefault(key, name) != name:
                    raise ValueError(f"the word list statuses says two things of {word!r}")
    codes = cast("dict[str, str]", shipped["codes"])
    return StatusWords(known, {status_key(code): name for code, name in codes.items()})
