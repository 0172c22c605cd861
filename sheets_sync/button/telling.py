"""A press's outcome as a message: counts and what they mean, no cell's text and nobody's name (HAZARDS 26)."""

from collections import Counter
from collections.abc import Iterator

from sheets_sync.core.decision import Changes, Receipt, StructureKind
from sheets_sync.core.model import AMBER, RED, Flag
from sheets_sync.run.judge import Judgement
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.press import AS_GUEST
from sheets_sync.words.button_words import ButtonWords
from sheets_sync.words.flags import flag_words

MOST_FLAGS = 5
MOST_REASONS = 2
_ANSWERED = {Ended.UNCONFIRMED: "not_written", Ended.PAUSED: "still_paused", Ended.DEFERRED: "busy"}
"""How a press ended to which the person said no, or Excel did."""


def result_lines(outcome: Outcome, words: ButtonWords) -> tuple[str, ...]:
    """What a sync or a check came to, at most a dozen lines."""
    return tuple(_result(outcome, words))


def _result(outcome: Outcome, words: ButtonWords) -> Iterator[str]:
    if outcome.looked is not None and outcome.looked.judgement.assessments:
        yield from flag_lines(outcome.looked.judgement, words)
    if outcome.ended is Ended.NOTHING:
        yield words.say("nothing_to_write")
    elif outcome.ended is Ended.PREVIEW:
        yield preview_line(outcome.changes, words)
    elif outcome.ended in _ANSWERED:
        yield words.say(_ANSWERED[outcome.ended])
    elif outcome.receipt is not None:
        yield from receipt_lines(outcome.receipt, words, can_undo=AS_GUEST not in outcome.notes)
    if outcome.ended not in _ANSWERED:
        yield from (line for line in (outcome.reason, outcome.remedy) if line)
    yield from _notes(outcome.notes, words)


def taken_back_lines(outcome: Outcome, words: ButtonWords) -> tuple[str, ...]:
    """What taking back the last sync came to."""
    receipt = outcome.receipt
    if receipt is None and outcome.ended is Ended.DEFERRED:
        return (words.say("busy"),)
    if receipt is None:
        return tuple(line for line in (words.say("nothing_taken_back"), outcome.reason, outcome.remedy) if line)
    return (
        words.count("taken_back", len(receipt.applied)),
        *_refused(receipt, words),
        words.say("paused_now"),
    )


def flag_lines(judgement: Judgement, words: ButtonWords) -> Iterator[str]:
    """How many rows need someone, and the flags that say so, the most urgent first."""
    counts = Counter(assessment.flag for assessment in judgement.assessments if assessment.flag in RED | AMBER)
    needy = [(flag, counts[flag]) for flag in Flag if counts[flag]]
    yield words.count("need_someone", counts.total(), total=len(judgement.assessments))
    named = flag_words(judgement.language).flags
    shown = needy if len(needy) <= MOST_FLAGS else needy[: MOST_FLAGS - 1]
    for flag, number in shown:
        yield f"  {number}  {named[flag]}"
    if len(shown) < len(needy):
        yield f"  {sum(number for _, number in needy[len(shown) :])}  …"


def preview_line(changes: Changes | None, words: ButtonWords) -> str:
    """What a sync would write now."""
    cells, columns = (len(changes.edits), columns_in(changes)) if changes is not None else (0, 0)
    if columns:
        return words.count("would_write_columns", columns, cells=cells)
    return words.count("would_write", cells) if cells else words.say("would_write_nothing")


def columns_in(changes: Changes) -> int:
    """How many columns of ours would be added."""
    return sum(1 for one in changes.structures if one.kind is StructureKind.COLUMN and one.before is None)


def receipt_lines(receipt: Receipt, words: ButtonWords, *, can_undo: bool) -> Iterator[str]:
    """What was written and what was not. `can_undo`: the plan is installed here, which remembers what was written."""
    columns = sum(1 for one in receipt.structures if one.kind is StructureKind.COLUMN)
    if columns:
        yield words.count("columns", columns)
    if receipt.applied:
        yield words.count("written", len(receipt.applied))
    yield from _refused(receipt, words)
    if receipt.applied or receipt.structures:
        yield words.say("undo_list_cleared" if can_undo else "undo_list_cleared_guest")


def _refused(receipt: Receipt, words: ButtonWords) -> Iterator[str]:
    if receipt.refused:
        yield words.count("refused", len(receipt.refused))
        reasons = Counter(refused.reason for refused in receipt.refused)
        yield from (f"  {number} × {reason}" for reason, number in reasons.most_common(MOST_REASONS))


def _notes(notes: tuple[str, ...], words: ButtonWords) -> Iterator[str]:
    """Notes that change what a person expects of a press."""
    for note in notes:
        kind, _, fact = note.partition(":")
        if kind == "tab_not_written":
            name, _, why = fact.partition(":")
            yield words.say(f"tab_not_written.{why.partition(':')[0]}", tab=name)
        elif note == AS_GUEST:
            yield words.say("guest")
