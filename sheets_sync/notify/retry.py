"""When a mail is tried again, and when so many are due that a person should look first. Pure: no clock, no store."""

import datetime as dt
from enum import StrEnum

_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_JUMP = 3
"""So many times the last mailing is a broken plan rather than a bad week."""
_FEW = 10
"""Fewer mails than this are never held: small teams grow in jumps."""


class TooMany(StrEnum):
    """Why mails are held until the keeper releases them."""

    CAP = "cap"
    """More than one run may send at all."""
    JUMP = "jump"
    """More than three times as many as in the last mailing."""


def next_try(attempts: int, now: dt.datetime, expires: dt.datetime) -> dt.datetime | None:
    """When to try again after `attempts` (>= 1) failed ones: 1, 5, 15, then every 60 minutes; None when that would
    be too late."""
    again = now + _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return again if again < expires else None


def too_many(count: int, last_count: int | None, max_mails: int) -> TooMany | None:
    """Whether `count` mails are too many to send unasked. `last_count` is that of the last mailing, None when there
    was none."""
    if count > max_mails:
        return TooMany.CAP
    if last_count is not None and count >= _FEW and count > _JUMP * last_count:
        return TooMany.JUMP
    return None
