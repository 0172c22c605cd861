"""When a mail is tried again, and how many mails are too many."""

import datetime as dt

import pytest

from sheets_sync.notify.retry import TooMany, next_try, too_many

NOW = dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (90, 60)])
def test_pauses_grow_to_an_hour(attempts, minutes):
    """1, 5, 15, then every 60 minutes."""
    assert next_try(attempts, NOW, NOW + dt.timedelta(days=2)) == NOW + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(("left", "tried"), [(61, True), (60, False), (-1, False)])
def test_nothing_is_tried_when_its_time_is_over(left, tried):
    """A mail that would come too late is given up."""
    assert (next_try(4, NOW, NOW + dt.timedelta(minutes=left)) is not None) is tried


@pytest.mark.parametrize(
    ("count", "last", "cap", "answer"),
    [
        (30, 10, 200, None),
        (31, 10, 200, TooMany.JUMP),
        (9, 1, 200, None),
        (10, 3, 200, TooMany.JUMP),
        (10, 4, 200, None),
        (150, None, 200, None),
        (10, 0, 200, TooMany.JUMP),
        (200, 150, 200, None),
        (201, 190, 200, TooMany.CAP),
        (201, None, 200, TooMany.CAP),
        (5, 5, 4, TooMany.CAP),
        (0, None, 0, None),
    ],
)
def test_a_jump_waits_for_a_person(count, last, cap, answer):
    """More than three times the last mailing, and at least ten; never more than the cap."""
    assert too_many(count, last, cap) is answer
