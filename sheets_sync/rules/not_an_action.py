"""Texts that are no action but a measure, a problem or a question (ACT008)."""

from sheets_sync.rules.reading import Reading
from sheets_sync.rules.tables import is_verb, phrase_at

WORDS_BEFORE = 2
"""Words that may stand before a measure: "The total number of ..."."""


def start_of_measure(reading: Reading) -> tuple[int, int]:
    """Where a measure is named at the start ("Number of ..."), as (place, length); (0, 0) when none is."""
    tokens, known = reading.tokens, reading.tables
    if known.measure_heads.isdisjoint(reading.words):
        return 0, 0
    for place in range(min(WORDS_BEFORE + 1, len(tokens))):
        length = phrase_at(tokens, place, known.measure_starts)
        if length:
            return place, length
        if is_verb(tokens[place], reading.language) and tokens[place] not in known.articles:
            break
    return 0, 0


def start_of_problem(reading: Reading) -> tuple[int, int]:
    """Where a problem is named at the start ("Lack of ..."), as (place, length); (0, 0) when none is."""
    tokens, known = reading.tokens, reading.tables
    if known.problem_heads.isdisjoint(reading.words):
        return 0, 0
    for place in range(min(2, len(tokens))):
        length = phrase_at(tokens, place, known.problem_starts)
        if length:
            return place, length
        if tokens[place] not in known.articles:
            break
    return 0, 0


def is_question(reading: Reading) -> bool:
    """Whether the text ends with a question mark."""
    return "?" in reading.words and reading.text.rstrip(" \n\"'”’)»").endswith("?")
