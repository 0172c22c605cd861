"""Whether, and when, a call to Google is made again: a pure, bounded decision. Not here: sleeping, sending.

Google's 429 replies carry no Retry-After (none of 130 recorded ones does) and its quotas refill every minute, so the
waits double up to half a minute and reach beyond the minute together.
"""

from enum import Enum
from typing import NamedTuple

PATIENCE = 60.0
"""Seconds after the first try in which a further one may begin."""
QUOTA_PATIENCE = 150.0
"""The same while Google says that the quota of the minute is used up."""

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 32.0
_LIMITED, _NOT_NOW, _SERVER_ERRORS = 429, 408, 500


class Outcome(Enum):
    """What a try came to, as far as trying again goes."""

    DONE = "done"
    LIMITED = "limited"
    """The quota is used up: nothing was done."""
    UNREACHED = "unreached"
    """Google was never asked: nothing was done."""
    UNKNOWN = "unknown"
    """No answer, or one that leaves open what was done."""
    FINAL = "final"
    """Refused for good."""


class Verdict(Enum):
    """Why a call is not made again."""

    GIVE_UP = "give up"
    """Nothing was done, or only reading; patience has run out."""
    LOST = "lost"
    """A change was sent and may have been made, or may yet be."""
    FINAL = "final"
    """Asking again would not help."""


class Try(NamedTuple):
    """A try that did not succeed. `tries` counts it and those before; `elapsed` is in seconds since the first began."""

    outcome: Outcome
    tries: int
    elapsed: float
    retry_after: float | None = None


def outcome_of(status: int, *, is_json: bool, limited: bool = False) -> Outcome:
    """What an HTTP status says; `limited` where the answer itself tells of a quota (Drive does so with 403)."""
    if status == _LIMITED or limited:
        return Outcome.LIMITED
    if status == _NOT_NOW or status >= _SERVER_ERRORS:
        return Outcome.UNKNOWN
    if status < 300:
        return Outcome.DONE if is_json else Outcome.UNKNOWN
    return Outcome.FINAL


def next_step(made: Try, *, changes: bool, jitter: float) -> float | Verdict:
    """The seconds to wait before the next try, or why there is none.

    `changes` tells a write, which is never sent again after it may have had an effect (HAZARDS 15). `jitter` is
    between 0 and 1 and spreads those who wait for the same minute.
    """
    if made.outcome is Outcome.FINAL:
        return Verdict.FINAL
    if changes and made.outcome is Outcome.UNKNOWN:
        return Verdict.LOST
    patience = QUOTA_PATIENCE if made.outcome is Outcome.LIMITED else PATIENCE
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(made.tries - 1, 10)) * (1 + jitter) / 1.5
    wait = max(wait, made.retry_after or 0.0)
    return wait if made.elapsed + wait <= patience else Verdict.GIVE_UP
