"""A rule of people added while ours are mended, and Google failing then: it is there afterwards, or that is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sheets_server.faults import Fault, Reset, not_shared, unavailable
from sheets_server.server import SheetsServer
from workbooks.google.test_google_runs import CHANGE, TAB, GoogleStage

from sheets_sync.run.outcome import Ended

MINE, OLDER = '=$B2="mine"', '=$B2="older"'


@pytest.fixture
def stage(server: SheetsServer, tmp_path: Path) -> Iterator[GoogleStage]:
    """A plan with our rules, of which somebody deleted one."""
    made = GoogleStage(server, tmp_path)
    made.run()
    made.run()
    yield made
    made.store.close()


def rules(stage: GoogleStage) -> list[str]:
    """The formulas of all rules, in order; ours by their colour."""
    texts = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in stage.book.human.rules(TAB)]
    return [next((one for one in ("red", "amber") if f"sheets-sync:{one}" in text), text) for text in texts]


def add_at_next_change(stage: GoogleStage, index: int, fault: Fault | None, *later: Fault) -> None:
    """Let somebody add a rule right before our next batch, which meets a fault; those after it meet the others."""
    faults = [fault, *later]

    def act(name: str) -> None:
        if name != CHANGE:
            return
        if len(faults) == 1 + len(later):
            stage.book.human.add_rule(TAB, MINE, index=index)
        fault = faults.pop(0) if faults else None
        if fault is not None:
            stage.server.faults.add(CHANGE, fault)

    stage.server.between(act)


def assert_goes_on(stage: GoogleStage) -> None:
    """The plan is written on by itself, and ours are each there once."""
    stage.server.between(None)
    stage.server.faults.clear()
    assert stage.run().ended in (Ended.WRITTEN, Ended.NOTHING)
    assert [one for one in rules(stage) if not one.startswith("=")] == ["red", "amber"]
    stage.clock.move(days=1)
    assert stage.run().ended is Ended.WRITTEN


@pytest.mark.parametrize("day", [0, 1], ids=["only rules", "flags too"])
@pytest.mark.parametrize("fault", [Reset("now"), Reset("later", 60.0)], ids=["at once", "late"])
def test_answer_lost(stage: GoogleStage, fault: Fault, day: int) -> None:
    """A rule of people that was read before comes back though the answer was lost; their order stays."""
    stage.book.human.add_rule(TAB, OLDER, index=0)
    stage.run()
    stage.book.human.delete_rule(TAB, 2)
    stage.clock.move(days=day)
    add_at_next_change(stage, 0, fault)
    outcome = stage.run()
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert [one for one in rules(stage) if one.startswith("=")] == [MINE, OLDER]
    assert_goes_on(stage)


@pytest.mark.parametrize("day", [0, 1], ids=["only rules", "flags too"])
def test_answer_lost_with_a_rule_nobody_read(stage: GoogleStage, day: int) -> None:
    """A rule that went before it was ever read is told by words, and the plan goes on."""
    stage.book.human.delete_rule(TAB, 1)
    stage.clock.move(days=day)
    add_at_next_change(stage, 0, Reset("now"))
    outcome = stage.run()
    assert outcome.receipt is not None
    assert ["version history" in refused.reason for refused in outcome.receipt.refused] == [True]
    assert_goes_on(stage)


@pytest.mark.parametrize("day", [0, 1], ids=["only rules", "flags too"])
@pytest.mark.parametrize(
    "fault", [Reset("none"), Reset("later", 60.0), unavailable(), not_shared()], ids=["reset", "late", "503", "403"]
)
def test_putting_back_fails_once(stage: GoogleStage, fault: Fault, day: int) -> None:
    """What could not be put back at once is put back when the rest is written, once."""
    stage.book.human.delete_rule(TAB, 1)
    stage.clock.move(days=day)
    add_at_next_change(stage, 0, None, fault)
    outcome = stage.run()
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert [one for one in rules(stage) if one.startswith("=")] == [MINE]
    assert_goes_on(stage)


def test_putting_back_fails_for_good(stage: GoogleStage) -> None:
    """A rule that cannot be put back is told by words, and the plan goes on."""
    stage.book.human.delete_rule(TAB, 1)
    stage.clock.move(days=1)
    add_at_next_change(stage, 0, None, not_shared(), not_shared(), not_shared())
    outcome = stage.run()
    assert outcome.receipt is not None
    assert ["version history" in refused.reason for refused in outcome.receipt.refused] == [True]
    assert len(outcome.receipt.applied) > 0
    assert_goes_on(stage)


def test_nothing_was_done(stage: GoogleStage) -> None:
    """A batch that never had an effect leaves every rule, and the plan is written by the next run."""
    stage.book.human.add_rule(TAB, OLDER, index=0)
    stage.book.human.delete_rule(TAB, 2)
    add_at_next_change(stage, 0, Reset("none"), Reset("none"), Reset("none"))
    stage.run()
    assert [one for one in rules(stage) if one.startswith("=")] == [MINE, OLDER]
    assert_goes_on(stage)
