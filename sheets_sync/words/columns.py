"""Which header means which column: synonyms in three languages. Says what a header could mean; binds nothing."""

from functools import cache
from itertools import groupby
from typing import NamedTuple, cast

from sheets_sync.words.normalise import header_words, singular
from sheets_sync.words.packaged import word_list

LANGUAGES = ("en", "pt", "es")
NEAR_LENGTH = 6
"""Shorter words have too many neighbours for a typing error to be told from another word."""


class Meaning(NamedTuple):
    """What a header could mean: column names, best first, and the languages it is written in.

    `by_content` tells that the cells decide between `fields`; `fitting` that it binds only where the cells fit;
    `yields` that a rival whose cells are dates goes before it.
    """

    fields: tuple[str, ...]
    languages: tuple[str, ...] = ()
    by_content: bool = False
    fitting: bool = False
    yields: bool = False


class ColumnWords(NamedTuple):
    """All words about headers, by header key (see `header_key`).

    `prefixes` may begin a header; `by_length` are the keys by their number of letters. `not_by_prefix` are last words
    that make a header another thing ("Owner email"); `not_a_slip` are words that only look like a misspelt synonym.
    """

    exact: dict[str, Meaning]
    prefixes: frozenset[str]
    by_length: dict[int, tuple[str, ...]]
    not_by_prefix: frozenset[str]
    not_a_slip: frozenset[str]
    fallback_action: dict[str, Meaning]
    revised: frozenset[str]
    lone_dates: frozenset[str]
    lone_dates_without_due: frozenset[str]
    subjects: tuple[str, ...]
    planned: frozenset[str]
    actual: frozenset[str]
    charts: tuple[dict[str, str], ...]


def header_key(text: str) -> str:
    """The form in which headers are compared: plain words in the singular, small words inside dropped."""
    words = header_words(text).split()
    inner = [word for word in words[1:-1] if word not in _particles()]
    kept = words[:1] + inner + words[-1:] if len(words) > 1 else words
    return " ".join(map(singular, kept))


def meaning_of(header: str) -> Meaning | None:
    """What the whole header means, or None. Alternatives ("Owner / Responsible") count when they agree."""
    exact = column_words().exact
    key = header_key(header.replace("/", " "))
    return exact.get(key) or (_numbered(key) if "#" in key else _agreed(header))


def prefix_meaning(header: str) -> Meaning | None:
    """What the longest known whole-word beginning of the header means, or what a subject's column is.

    "Due date for this" -> due; "Task priority" -> priority.
    """
    words = column_words()
    key = header_key(header.replace("/", " "))
    if key.rsplit(" ", 1)[-1] in words.not_by_prefix:
        return None
    for subject in words.subjects:
        if key.startswith(subject + " ") and (found := words.exact.get(key[len(subject) + 1 :])):
            return found
    parts = key.split()
    beginnings = (" ".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return next((words.exact[beginning] for beginning in beginnings if beginning in words.prefixes), None)


def near_meaning(header: str) -> Meaning | None:
    """What the header means when one letter is wrong, missing or too many; None when unsure."""
    key = header_key(header)
    if len(key) < NEAR_LENGTH or key in column_words().not_a_slip:
        return None
    words = column_words()
    lengths = range(max(len(key) - 1, NEAR_LENGTH), len(key) + 2)
    near = (known for length in lengths for known in words.by_length.get(length, ()) if _one_edit_apart(known, key))
    found = {words.exact[known].fields: words.exact[known] for known in near}
    return found.popitem()[1] if len(found) == 1 else None


def _numbered(key: str) -> Meaning | None:
    """ "Task #" is the number of a task; in any other header the sign says nothing."""
    exact = column_words().exact
    rest = exact.get(" ".join(key.replace("#", " ").split()))
    return exact["#"] if rest is not None and rest.fields == ("action",) else rest


def _agreed(header: str) -> Meaning | None:
    parts = [part for part in header.replace("|", "/").split("/") if part.strip()]
    if len(parts) < 2:
        return None
    meanings = [column_words().exact.get(header_key(part)) for part in parts]
    known = [meaning for meaning in meanings if meaning is not None]
    if len(known) == len(parts) and len({meaning.fields for meaning in known}) == 1:
        return known[0]
    return None


def _one_edit_apart(a: str, b: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours makes one text the other."""
    if min(len(a), len(b)) > 2 and a[0] != b[0] and a[-1] != b[-1]:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    while rest_a and rest_b and rest_a[-1] == rest_b[-1]:
        rest_a, rest_b = rest_a[:-1], rest_b[:-1]
    if max(len(rest_a), len(rest_b)) <= 1:
        return True
    return len(rest_a) == 2 and rest_a == rest_b[::-1]


@cache
def _particles() -> frozenset[str]:
    return frozenset(cast("list[str]", word_list("columns")["particles"]))


@cache
def column_words() -> ColumnWords:
    """The shipped words about headers."""
    shipped = word_list("columns")
    fields = cast("dict[str, dict[str, list[str]]]", shipped["fields"])
    by_content = {header_key(word): tuple(names) for word, names in _lists(shipped["by_content"]).items()}
    fitting, yields = _keys(shipped["only_if_fitting"]), _keys(shipped["yields_to_dates"])
    fields_of, languages_of = _by_key(fields)
    exact = {
        key: Meaning(
            fields=by_content.get(key, tuple(names)),
            languages=tuple(languages_of[key]),
            by_content=key in by_content,
            fitting=key in fitting,
            yields=key in yields,
        )
        for key, names in fields_of.items()
    }
    exact_only = _keys(shipped["exact_only"])
    groups, lone = _lists(shipped["group_words"]), _lists(shipped["lone_dates"])
    _, fallback = _by_key({"action": cast("dict[str, list[str]]", shipped["fallback_action"])})
    charts = cast("list[dict[str, dict[str, str]]]", shipped["responsibility_charts"])
    return ColumnWords(
        exact=exact,
        prefixes=frozenset(exact.keys() - exact_only),
        by_length={length: tuple(keys) for length, keys in groupby(sorted(exact, key=len), key=len)},
        not_by_prefix=_keys(shipped["not_by_prefix"]),
        not_a_slip=_keys(shipped["not_a_slip"]),
        fallback_action={
            key: Meaning(("action",), tuple(languages), fitting=True) for key, languages in fallback.items()
        },
        revised=_keys(shipped["revised"]),
        lone_dates=_keys(lone["always"]),
        lone_dates_without_due=_keys(lone["without_due"]),
        subjects=tuple(sorted(_keys(shipped["subjects"]), key=len, reverse=True)),
        planned=_keys(groups["planned"]),
        actual=_keys(groups["actual"]),
        charts=tuple({header_key(header): name for header, name in chart["means"].items()} for chart in charts),
    )


def _lists(value: object) -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", value)


def _keys(value: object) -> frozenset[str]:
    return frozenset(header_key(word) for word in cast("list[str]", value))


def _by_key(fields: dict[str, dict[str, list[str]]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Header keys with the fields they name, and with the languages they are written in."""
    names: dict[str, list[str]] = {}
    languages: dict[str, list[str]] = {}
    for field, synonyms in fields.items():
        for language in LANGUAGES:
            for word in synonyms[language]:
                key = header_key(word)
                for listed, value in ((names, field), (languages, language)):
                    if value not in listed.setdefault(key, []):
                        listed[key].append(value)
    return names, languages
