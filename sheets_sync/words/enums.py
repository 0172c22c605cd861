"""Closed lists typed into cells: verdicts, priorities, types of action, labels of totals and notes."""

from functools import cache
from typing import cast

from sheets_sync.words.normalise import status_words
from sheets_sync.words.packaged import word_list


def verdict(text: str) -> str:
    """ "yes", "partly", "no", or "" for any other text."""
    return _one_of("effective").get(status_words(text), "")


def action_type(text: str) -> str:
    """The canonical type of an action ("corrective"), or the text as typed when it is none of them."""
    return _one_of("type").get(status_words(text), text)


def is_high_priority(text: str) -> bool:
    """Whether a priority as typed is at the top of its scale."""
    return status_words(text) in _listed("high_priority")


def is_total(text: str) -> bool:
    """Whether the text is the label of a totals row ("Total", "Subtotal:")."""
    return text[:3].casefold() in _total_starts() and status_words(text) in _listed("totals")


def is_footnote(text: str) -> bool:
    """Whether the text is a remark below a table ("Source: ...", "* ...")."""
    return text.startswith("*") or (":" in text and status_words(text.split(":", 1)[0]) in _listed("footnotes"))


def until_words() -> frozenset[str]:
    """The words before the end date of an ignore, plain."""
    return _listed("until")


@cache
def _total_starts() -> frozenset[str]:
    """The three letters that totals start with: a cheap look before the careful one."""
    return frozenset(word[:3] for word in cast("list[str]", word_list("enums")["totals"]))


@cache
def _one_of(name: str) -> dict[str, str]:
    lists = cast("dict[str, list[str]]", word_list("enums")[name])
    return {status_words(word): value for value, words in lists.items() for word in words}


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(status_words(word) for word in cast("list[str]", word_list("enums")[name]))
