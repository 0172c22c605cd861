"""What a tab's name says of it: put aside (copy, archive), or one of the optional tabs. Reads no tab."""

import re
from functools import cache
from typing import cast

from sheets_sync.words.normalise import plain
from sheets_sync.words.packaged import word_list

_NUMBERED_COPY = re.compile(r"\(\d+\)\s*$")


def is_set_aside(name: str) -> bool:
    """Whether the name marks a copy, an archive, a template or something old ("Plan (2)", "Cópia de Ações")."""
    return bool(_NUMBERED_COPY.search(name)) or not _set_aside().isdisjoint(re.findall(r"\w+", plain(name)))


def other_tab(name: str) -> str:
    """Which optional tab the name stands for ("people", "goals", ...), "" for none."""
    return _other_tabs().get(plain(name), "")


def people_column(header: str) -> str:
    """ "name" or "aliases" for a header of the People tab, "" for any other."""
    return _people_columns().get(plain(header).rstrip(":* "), "")


@cache
def _set_aside() -> frozenset[str]:
    by_language = cast("dict[str, list[str]]", word_list("tab_names")["set_aside"])
    return frozenset(plain(word) for words in by_language.values() for word in words)


@cache
def _other_tabs() -> dict[str, str]:
    return _reversed("other_tabs")


@cache
def _people_columns() -> dict[str, str]:
    return _reversed("people_columns")


def _reversed(name: str) -> dict[str, str]:
    lists = cast("dict[str, list[str]]", word_list("tab_names")[name])
    return {plain(word): meaning for meaning, words in lists.items() for word in words}
