"""When a call to Google is made again."""

import itertools

import pytest

from sheets_sync.workbooks.google.retry import PATIENCE, QUOTA_PATIENCE, Outcome, Try, Verdict, next_step, outcome_of


@pytest.mark.parametrize(
    ("status", "is_json", "limited", "outcome"),
    [
        (200, True, False, Outcome.DONE),
        (200, False, False, Outcome.UNKNOWN),
        (204, False, False, Outcome.UNKNOWN),
        (302, True, False, Outcome.FINAL),
        (400, True, False, Outcome.FINAL),
        (401, True, False, Outcome.FINAL),
        (403, True, False, Outcome.FINAL),
        (403, True, True, Outcome.LIMITED),
        (404, False, False, Outcome.FINAL),
        (408, True, False, Outcome.UNKNOWN),
        (429, True, False, Outcome.LIMITED),
        (429, False, False, Outcome.LIMITED),
        (500, True, False, Outcome.UNKNOWN),
        (502, False, False, Outcome.UNKNOWN),
        (503, True, False, Outcome.UNKNOWN),
        (504, False, False, Outcome.UNKNOWN),
    ],
)
def test_what_a_status_says(status: int, is_json: bool, limited: bool, outcome: Outcome) -> None:
    """Only a clear answer is done or final; a page instead of JSON leaves open what happened."""
    assert outcome_of(status, is_json=is_json, limited=limited) is outcome


@pytest.mark.parametrize(
    ("outcome", "changes", "again"),
    [
        (Outcome.LIMITED, False, True),
        (Outcome.LIMITED, True, True),
        (Outcome.UNREACHED, False, True),
        (Outcome.UNREACHED, True, True),
        (Outcome.UNKNOWN, False, True),
        (Outcome.UNKNOWN, True, Verdict.LOST),
        (Outcome.FINAL, False, Verdict.FINAL),
        (Outcome.FINAL, True, Verdict.FINAL),
    ],
)
def test_a_change_is_never_sent_again_after_a_possible_effect(
    outcome: Outcome, changes: bool, again: Verdict | bool
) -> None:
    """Reading is tried again whatever happened; a change only where nothing can have been done."""
    step = next_step(Try(outcome, 1, 0.0), changes=changes, jitter=0.5)
    assert (isinstance(step, float) and step > 0) if again is True else step is again


def waits(outcome: Outcome, jitter: float) -> list[float]:
    """The waits of a read that always comes to this, when answers take no time."""
    made: list[float] = []
    for tries in itertools.count(1):
        step = next_step(Try(outcome, tries, sum(made)), changes=False, jitter=jitter)
        if isinstance(step, Verdict):
            assert step is Verdict.GIVE_UP
            return made
        made.append(step)
    raise AssertionError


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_quota_is_waited_for_at_least_a_minute(jitter: float) -> None:
    """A quota refills within a minute: the tries reach beyond it, whatever the jitter, and end."""
    made = waits(Outcome.LIMITED, jitter)
    assert 60 <= sum(made) <= QUOTA_PATIENCE
    assert len(made) < 15
    assert made == sorted(made)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.UNKNOWN])
def test_other_troubles_are_waited_for_less(outcome: Outcome, jitter: float) -> None:
    """A server that stays away is given up within a minute."""
    made = waits(outcome, jitter)
    assert 4 <= len(made) < 10
    assert sum(made) <= PATIENCE


def test_a_server_that_hangs_is_not_asked_for_ever() -> None:
    """A try that took longer than patience lasts is the last."""
    assert next_step(Try(Outcome.UNKNOWN, 1, 190.0), changes=False, jitter=0.0) is Verdict.GIVE_UP


@pytest.mark.parametrize(("asked", "step"), [(20.0, 20.0), (0.0, None), (3600.0, Verdict.GIVE_UP)])
def test_a_server_that_says_how_long_is_believed(asked: float, step: float | Verdict | None) -> None:
    """Retry-After is honoured where it is longer than our own wait, and ends the tries where it is too long."""
    own = next_step(Try(Outcome.LIMITED, 1, 0.0), changes=True, jitter=0.3)
    made = next_step(Try(Outcome.LIMITED, 1, 0.0, retry_after=asked), changes=True, jitter=0.3)
    assert made == (own if step is None else step)


def test_those_who_wait_together_do_not_ask_together() -> None:
    """Jitter spreads the tries."""
    made = {next_step(Try(Outcome.LIMITED, 3, 1.0), changes=False, jitter=jitter) for jitter in (0.0, 0.25, 0.9)}
    assert len(made) == 3
