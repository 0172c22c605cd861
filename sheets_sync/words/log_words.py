"""The words of the Sync log tab. One set per language."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from sheets_sync.words.packaged import word_list


class LogWords(NamedTuple):
    """All words of one language. `labels` and `meanings` are keyed by what stands in the row ("last_checked"), as are
    `boxes`, the meanings of ticks that are check boxes; `runs` by an event's kind, `counts` by what is counted,
    `reasons` by a failure's code; `menu` is what a menu for Google Sheets says."""

    tab: str
    about: str
    labels: Mapping[str, str]
    meanings: Mapping[str, str]
    boxes: Mapping[str, str]
    menu: Mapping[str, str]
    asked: str
    answered: str
    headings: tuple[str, ...]
    runs: Mapping[str, str]
    counts: Mapping[str, str]
    reasons: Mapping[str, str]


@cache
def log_words(language: str) -> LogWords:
    """The words of `language`; a language that is not shipped reads as English."""
    shipped = cast("dict[str, dict[str, Any]]", word_list("sync-log"))
    words = shipped.get(language) or shipped["en"]
    return LogWords(**{**words, "headings": tuple(words["headings"])})
