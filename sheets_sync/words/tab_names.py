"""What a tab's name says of it: put aside (copy, archive), or one of the optional tabs. Reads no tab."""

import re
from functools import cache
from typing import cast

from sheets_sync.words.normalise import header_words, plain
from sheets_sync.words.packaged import word_list

_NUMBERED_COPY = re.compile(r"\(\d+\)\s*$")


def is_set_aside(name: str) -> bool:
    """Whether the name marks a copy, an archive, a template or something old ("Plan (2)", "Cópia de Ações")."""
    return bool(_NUMBERED_COPY.search(name)) or not _set_aside().isdisjoint(re.findall(r"\w+", plain(name)))


def other_tab(name: str) -> str:
    """Which optional tab the name stands for ("people", "goals", ...), "" for none."""
    return _meanings("other_tabs").get(plain(name), "")


def people_column(header: str) -> str:
    """What a header of the People tab stands for: name, aliases, email, leader, language, mail, away or active; "" for
    any other."""
    return _meanings("people_columns").get(header_words(header), "")


def person_language(text: str) -> str:
    """The language a person is written in: en, pt, es, or "" for any other text."""
    return _meanings("people_languages").get(plain(text), "")


def mails_wanted(text: str) -> str:
    """Which mails a person wants: all, weekly, none, or "" for any other text."""
    return _meanings("people_mail").get(plain(text), "")


def still_here(text: str) -> str:
    """Whether a person is active: yes, no, or "" for any other text."""
    return _meanings("people_active").get(plain(text), "")


@cache
def _set_aside() -> frozenset[str]:
    by_language = cast("dict[str, list[str]]", word_list("tab_names")["set_aside"])
    return frozenset(plain(word) for words in by_language.values() for word in words)


@cache
def _meanings(name: str) -> dict[str, str]:
    lists = cast("dict[str, list[str]]", word_list("tab_names")[name])
    return {plain(word): meaning for meaning, words in lists.items() for word in words}
