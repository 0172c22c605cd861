"""The words of dates in three languages: months, weekdays, periods, durations. Understands no date by itself."""

import re
from functools import cache
from typing import NamedTuple, cast

from sheets_sync.words.normalise import plain
from sheets_sync.words.packaged import word_list

_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


class DateWords(NamedTuple):
    """Plain words without accents, longest first. `months` and `ordinals` map a word to its number, `units` to "day",
    "week", "month" or "year".

    `before` may stand before a date ("by", "até"), `end_of` before a period, `joiners` between its parts,
    `before_a_year` before its year, `ranges` between two dates, `range_starts` before the first; `pairs` do both
    ("between", "and"). `quarters` and `halves` are whole words and short forms. `working` and `calendar` say which
    days a duration counts. `moving` are the functions that give another day every day.
    """

    months: dict[str, int]
    weekdays: tuple[str, ...]
    before: tuple[str, ...]
    end_of: tuple[str, ...]
    joiners: tuple[str, ...]
    before_a_year: tuple[str, ...]
    ranges: tuple[str, ...]
    range_starts: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    ordinals: dict[str, int]
    quarters: tuple[tuple[str, ...], tuple[str, ...]]
    halves: tuple[tuple[str, ...], tuple[str, ...]]
    units: dict[str, str]
    working: tuple[str, ...]
    calendar: tuple[str, ...]
    moving: tuple[str, ...]


def unit_in_brackets(header: str) -> str:
    """The unit of time a header gives in brackets ("Prazo (dias)" -> "day"), "" for none."""
    words = " ".join(_BRACKETED.findall(header)).split()
    return next((unit for word in words if (unit := date_words().units.get(plain(word), ""))), "")


@cache
def date_words() -> DateWords:
    """The shipped words of dates."""
    shipped = word_list("dates")
    months = cast("dict[str, list[list[str]]]", shipped["months"])
    durations = cast("dict[str, list[str]]", shipped["durations"])
    ordinals = cast("dict[str, list[str]]", shipped["ordinals"])
    return DateWords(
        months={
            plain(name): place for year in months.values() for place, names in enumerate(year, 1) for name in names
        },
        weekdays=_of_all_languages(shipped["weekdays"]),
        before=_of_all_languages(shipped["before"]),
        end_of=_of_all_languages(shipped["end_of"]),
        joiners=_longest_first(shipped["joiners"]),
        before_a_year=_longest_first(shipped["before_a_year"]),
        ranges=_longest_first(shipped["ranges"]),
        range_starts=_longest_first(shipped["range_starts"]),
        pairs=tuple((plain(first), plain(second)) for first, second in cast("list[list[str]]", shipped["pairs"])),
        ordinals={plain(word): place for words in ordinals.values() for place, word in enumerate(words, 1)},
        quarters=_whole_and_short(shipped["quarters"]),
        halves=_whole_and_short(shipped["halves"]),
        units={plain(word): unit for unit, words in durations.items() for word in words},
        working=_longest_first(shipped["working"]),
        calendar=_longest_first(shipped["calendar"]),
        moving=tuple(cast("list[str]", shipped["moving"])),
    )


def _of_all_languages(value: object) -> tuple[str, ...]:
    return _longest_first([word for words in cast("dict[str, list[str]]", value).values() for word in words])


def _whole_and_short(value: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = cast("dict[str, list[str]]", value)
    return _longest_first(words["whole"]), _longest_first(words["short"])


def _longest_first(value: object) -> tuple[str, ...]:
    words = {plain(word) for word in cast("list[str]", value)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
