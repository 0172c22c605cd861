"""The mails of runs, from a judged plan to what leaves: who gets one, when, and once (DOMAIN 5, HAZARDS 25)."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, FILES, JO, KIM, LIVE, RUI, MailStage, late_rows
from run.stage import OWNER, STATUS

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.core.persons import MailChoice
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.post import Why


@pytest.fixture
def stage(tmp_path):
    made = MailStage(tmp_path)
    yield made
    made.store.close()


def test_what_is_noted_at_six_leaves_with_the_run_at_eight(stage):
    """The run before the sending time stores the notices; the next one, which reads nothing, mails them."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    early = stage.tick()
    assert (early.left, stage.addresses) == (0, [])
    stage.at("2026-11-23 08:00")
    assert stage.run_plan("north-plan").ended is Ended.UNCHANGED
    assert stage.tick().left == 3
    assert sorted(stage.addresses) == [ANA.address, KIM.address, RUI.address]
    assert "price list number 0" in stage.text_to(ANA)
    assert "price list number 1" not in stage.text_to(ANA)
