"""Why a run could not do all it should, and what a person can do about it, one catalogue per language. Which causes
there are: `core.health`."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast

from sheets_sync.words.packaged import word_list

LANGUAGES = ("en", "pt", "es")


class CauseWords(NamedTuple):
    """What happened, and what to do, each as a sentence or two."""

    why: str
    do: str


@cache
def cause_words(language: str) -> Mapping[str, CauseWords]:
    """The sentences by code; those of a language that is not shipped are English."""
    shipped = word_list(f"causes-{language if language in LANGUAGES else LANGUAGES[0]}")
    return {code: CauseWords(**cast("dict[str, str]", said)) for code, said in shipped.items()}
