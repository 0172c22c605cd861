"""The mails of runs, from a judged plan to what leaves: who gets one, when, and once (DOMAIN 5, HAZARDS 25)."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, KIM, RUI, MailStage, late_rows
from run.stage import DUE, OWNER, STATUS

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.core.persons import MailChoice
from sheets_sync.errors import WorkbookBusy
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.post import Why


class OpenBook:
    """A workbook that can be read and that somebody has open."""

    def __init__(self, book) -> None:
        self._book = book

    def __getattr__(self, name):
        return getattr(self._book, name)

    def apply(self, changes, seen):
        raise WorkbookBusy("the workbook is open")


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


def test_another_run_of_the_same_day_or_week_mails_nothing(stage):
    """One mail a period, however often a schedule runs, and whatever is typed meanwhile."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.at("2026-11-23 08:00")
    stage.tick()
    before = list(stage.addresses)
    stage.tick()
    stage.plans["north-plan"].book.type_in("Actions", 2, OWNER, "Ana  Lima")
    for moment in ("2026-11-23 09:00", "2026-11-24 09:00", "2026-11-27 09:00"):
        stage.at(moment)
        assert stage.tick().left == 0
    assert stage.addresses == before


def test_the_next_week_has_its_own_mail(stage):
    """A period that is over stands in nobody's way."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.at("2026-11-23 08:00")
    stage.tick()
    stage.at("2026-11-30 08:00")
    assert stage.tick().left == 2
    assert stage.addresses.count(ANA.address) == 2


def test_two_plans_make_one_mail_with_two_sections(stage):
    """Whoever has something to do in two plans gets one mail that names both."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.add("south-plan", late_rows("Rui Costa", "Ana Lima"))
    stage.at("2026-11-23 08:00")
    stage.tick()
    assert stage.addresses.count(ANA.address) == 1
    text = stage.text_to(ANA)
    assert "North-Plan" in text
    assert "South-Plan" in text
    assert "price list number 0" in text
    assert "price list number 1" in text


def test_a_plan_that_cannot_be_read_mails_nothing_and_the_others_do(stage):
    """What was noted of it before waits, because nobody knows whether it still holds."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.add("south-plan", late_rows("Rui Costa"))
    stage.tick()
    stage.at("2026-11-23 08:00")
    failed = Outcome("North-Plan", Ended.FAILED)
    mailed = stage.tick(failing={"north-plan": failed})
    assert ANA.address not in stage.addresses
    assert RUI.address in stage.addresses
    assert Why.PLAN_WAITS in {told.why for told in mailed.waiting}
    stage.at("2026-11-23 09:00")
    stage.tick()
    assert ANA.address in stage.addresses


def test_a_plan_that_is_not_run_is_not_mailed_about_and_loses_nothing(stage):
    """`run --plan` mails about that plan alone; what waits of another stays as it is, its tries included."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.add("south-plan", late_rows("Rui Costa"))
    stage.at("2026-11-23 08:00")
    stage.out.answers[ANA.address] = [Attempt(Sending.RETRY, 451, "Later.")]
    stage.tick(only=("north-plan",))
    assert stage.addresses == [KIM.address]
    stage.at("2026-11-23 09:00")
    stage.tick(only=("south-plan",))
    assert stage.addresses == [KIM.address, RUI.address]
    (waiting,) = stage.store.outbox.mails(identity=ANA.identity)
    assert waiting.attempts == 1
    stage.tick()
    assert stage.addresses == [KIM.address, RUI.address, ANA.address]


def test_a_mass_change_keeps_all_mails_of_its_plan_back(stage):
    """After DAT007 nothing is mailed, not even what an earlier run had noted."""
    stage.add("north-plan", late_rows(*["Ana Lima"] * 12))
    stage.tick()
    stage.plans["north-plan"].book.delete_rows("Actions", 2, 8)
    stage.at("2026-11-23 08:00")
    assert stage.run_plan("north-plan").ended is Ended.READ_ONLY
    assert stage.tick().left == 0
    assert stage.states(ANA)[0][0] == "waiting"


def test_a_paused_plan_mails_nothing(stage):
    """`undo` and `pause` stop mails too, those noted before included."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.tick()
    stage.store.pause("north-plan", "paused by a test", stage.clock.now())
    stage.at("2026-11-23 08:00")
    assert stage.tick().left == 0


def test_without_a_keeper_nobody_is_mailed(stage):
    """The keeper is required before any mail, and notices that wait are dropped when the keeper goes."""
    plan = stage.add("north-plan", late_rows("Ana Lima"))
    stage.tick()
    plan.mail = replace(plan.mail, keeper=None)
    stage.at("2026-11-23 08:00")
    assert (stage.tick().left, stage.addresses) == (0, [])
    assert stage.states(ANA)[0] == ("dropped", Why.NO_KEEPER.value)


def test_a_person_far_west_is_mailed_in_their_own_morning(stage):
    """At 08:00 UTC it is night in São Paulo; the mail waits until seven there, and the outcome tells until when."""
    west = ANA._replace(timezone="America/Sao_Paulo")
    stage.add("north-plan", late_rows("Ana Lima"), west)
    stage.at("2026-11-23 08:00")
    mailed = stage.tick()
    assert ANA.address not in stage.addresses
    assert [(told.why, told.until) for told in mailed.waiting] == [
        (Why.QUIET_HOURS, dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC))
    ]
    stage.at("2026-11-23 10:00")
    stage.tick()
    assert ANA.address in stage.addresses


def test_nobody_is_mailed_while_away_and_the_keeper_hears_of_their_rows(stage):
    """Rows of somebody who is away all week stand in the keeper's mail as needing a stand-in."""
    away = ANA._replace(away=((dt.date(2026, 11, 20), dt.date(2026, 11, 30)),))
    stage.add("north-plan", late_rows("Ana Lima"), away)
    stage.at("2026-11-23 08:00")
    stage.tick()
    assert stage.addresses == [KIM.address]
    assert "price list number 0" in stage.text_to(KIM).partition("STAND-IN")[2]


def test_an_absence_entered_after_the_notice_holds_the_mail(stage):
    """Whether somebody is there is asked at the moment of sending, not when the plan was read."""
    plan = stage.add("north-plan", late_rows("Ana Lima"))
    stage.tick()
    today = dt.date(2026, 11, 23)
    plan.mail = replace(plan.mail, people=(ANA._replace(away=((today, today),)), KIM))
    stage.at("2026-11-23 08:00")
    stage.tick()
    assert ANA.address not in stage.addresses
    stage.at("2026-11-24 08:00")
    stage.tick()
    assert ANA.address in stage.addresses


def test_a_mail_whose_week_is_over_is_dropped_with_a_reason(stage):
    """After two working days of grace nothing stale is delivered."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.at("2026-11-23 08:00")
    stage.out.unreachable = Attempt(Sending.STOP, 535, "The mail server refused the login.")
    assert stage.tick().code == 3
    stage.out.unreachable = None
    stage.at("2026-11-26 08:00")
    mailed = stage.tick()
    assert (mailed.left, mailed.code) == (0, 0)
    assert mailed.dropped == 2
    assert stage.states(ANA)[0] == ("dropped", "expired")


def test_a_row_mended_before_its_mail_left_is_in_no_mail(stage):
    """The server was away at eight; at ten the mail is composed anew from what the sheet says then."""
    plan = stage.add("north-plan", late_rows("Ana Lima", "Ana Lima", "Rui Costa"))
    stage.at("2026-11-23 08:00")
    stage.out.result = Attempt(Sending.STOP, 0, "The mail server cannot be reached.")
    stage.tick()
    plan.book.type_in("Actions", 2, STATUS, "Done")
    plan.book.type_in("Actions", 4, STATUS, "Done")
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-23 10:00")
    stage.tick()
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert stage.mails_to(ANA)[-1]["Subject"].startswith("1 late")


def test_a_person_taken_out_of_the_configuration_is_not_mailed(stage):
    """Not even a mail that was composed and waited for its server goes out."""
    plan = stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    stage.at("2026-11-23 08:00")
    stage.out.result = Attempt(Sending.STOP, 0, "The mail server cannot be reached.")
    stage.tick()
    plan.mail = replace(plan.mail, people=(RUI, KIM))
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-23 09:00")
    stage.tick()
    assert sorted(stage.addresses) == [KIM.address, RUI.address]
    assert stage.states(ANA)[0] == ("dropped", Why.NO_PERSON.value)


@pytest.mark.parametrize(
    ("change", "reason"), [({"mail": MailChoice.NONE}, Why.NOT_WANTED), ({"active": False}, Why.NOT_ACTIVE)]
)
def test_who_wants_no_mail_or_left_is_not_mailed(stage, change, reason):
    """What the configuration says at the moment of sending holds."""
    plan = stage.add("north-plan", late_rows("Ana Lima"))
    stage.tick()
    plan.mail = replace(plan.mail, people=(ANA._replace(**change), KIM))
    stage.at("2026-11-23 08:00")
    stage.tick()
    assert ANA.address not in stage.addresses
    assert stage.states(ANA)[0] == ("dropped", reason.value)


def test_an_open_workbook_is_mailed_about_all_the_same(stage):
    """It was read well; only its writing is put off."""
    plan = stage.add("north-plan", late_rows("Ana Lima"))
    stage.at("2026-11-23 08:00")
    plan.book.type_in("Actions", 2, OWNER, "Rui Costa")
    plan.book.type_in("Actions", 2, DUE, dt.date(2026, 11, 25))
    plan.book = OpenBook(plan.book)
    assert stage.run_plan("north-plan").ended is Ended.DEFERRED
    stage.tick()
    assert RUI.address in stage.addresses
    assert ANA.address not in stage.addresses


def test_a_plan_whose_mails_cannot_be_chosen_is_flagged_all_the_same_and_tried_again(stage):
    """A person's impossible time zone, as no configuration would let it in: the run writes, mails nothing of the plan,
    ends with 3, and reads again next time."""
    plan = stage.add("north-plan", late_rows("Ana Lima"))
    good = plan.mail
    plan.mail = replace(good, people=(ANA._replace(timezone="Mars/Olympus"), KIM))
    stage.at("2026-11-23 08:00")
    outcome = stage.run_plan("north-plan")
    assert (outcome.ended, outcome.code, outcome.may_mail) == (Ended.NOTHING, 3, False)
    assert stage.tick().left == 0
    plan.mail = good
    stage.at("2026-11-23 09:00")
    assert stage.tick().left == 2
