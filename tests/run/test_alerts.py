"""Keepers are told by mail of plans that do not get their runs: once, of all their plans, and not in vain."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, JO, KIM, RUI, MailStage, late_rows

from sheets_sync.core.health import Cause, RunNote
from sheets_sync.core.mails import Attempt, MailState, Sending
from sheets_sync.core.persons import MailChoice
from sheets_sync.run.alert_readers import reader_of, refusals
from sheets_sync.run.mailing import drain
from sheets_sync.store.store import Store

DOWN = Attempt(Sending.STOP, 0, "The mail server cannot be reached.")


@pytest.fixture
def stage(tmp_path):
    """Two plans of one keeper, on a Monday at ten."""
    made = MailStage(tmp_path)
    made.add("plant-uid", late_rows("Ana Lima"))
    made.add("store-uid", late_rows("Rui Costa"))
    made.at("2026-11-23 10:00")
    return made


def fails(stage, *uids, at, cause=Cause.MASS):
    """These plans could not be written at this time."""
    stage.at(at)
    stage.store.health.note(dict.fromkeys(uids, RunNote(cause, checked=True)), stage.clock.now())


def drained(stage):
    """What mailing alone comes to now."""
    return drain(stage.post({}))


def told(stage):
    """The subjects of the mails that reached the keeper."""
    return [mail["Subject"] for mail in stage.mails_to(KIM)]


def failing_row(stage, *uids):
    """A row of failures that the keeper is to be told of, at two on Tuesday."""
    fails(stage, *uids, at="2026-11-24 09:00")
    fails(stage, *uids, at="2026-11-24 14:00")


def test_one_mail_tells_of_all_plans_of_a_keeper(stage):
    """By name, with the words for the cause, and nothing a row holds."""
    failing_row(stage, "plant-uid", "store-uid")
    drained(stage)
    assert told(stage) == ["sheets-sync could not do its work - Plant-Uid and Store-Uid"]
    text = stage.text_to(KIM)
    assert "DAT007" in text
    assert "Ana" not in text
    assert "price list" not in text
    for _ in range(3):
        drained(stage)
    assert len(told(stage)) == 1


def test_a_keeper_gets_one_mail_a_day(stage):
    """A plan that begins to fail after the day's mail is told of on the next."""
    failing_row(stage, "plant-uid")
    drained(stage)
    fails(stage, "store-uid", at="2026-11-24 09:30")
    fails(stage, "store-uid", at="2026-11-24 15:00")
    drained(stage)
    assert len(told(stage)) == 1
    stage.at("2026-11-25 08:00")
    drained(stage)
    assert told(stage)[1:] == ["sheets-sync could not do its work - Store-Uid"]


@pytest.mark.parametrize("when", ["2026-11-24 22:00", "2026-11-28 10:00"])
def test_a_keeper_is_not_mailed_outside_the_hours(stage, when):
    """Not at night, nor on a day off; it is made up for at the next hour that suits."""
    failing_row(stage, "plant-uid")
    stage.at(when)
    drained(stage)
    assert not told(stage)
    stage.at("2026-11-30 08:00")
    drained(stage)
    assert len(told(stage)) == 1


def test_a_plan_that_works_again_is_not_told_of(stage):
    """Neither when it does so before the mail is made, nor before it can leave."""
    failing_row(stage, "plant-uid")
    stage.store.health.note({"plant-uid": RunNote(checked=True)}, stage.clock.now())
    drained(stage)
    assert not told(stage)
    fails(stage, "plant-uid", at="2026-11-25 09:00")
    fails(stage, "plant-uid", at="2026-11-25 14:00")
    stage.out.unreachable = DOWN
    drained(stage)
    stage.store.health.note({"plant-uid": RunNote(checked=True)}, stage.clock.now())
    stage.out.unreachable = None
    stage.at("2026-11-25 15:00")
    drained(stage)
    assert not told(stage)
    assert [mail.state for mail in stage.store.outbox.mails(identity=KIM.identity)] == [MailState.DROPPED]


def test_a_mail_that_came_to_nothing_is_made_again(stage):
    """A mail server that is down for longer than a mail lasts; what waits over night is taken back and made anew."""
    failing_row(stage, "plant-uid")
    stage.out.unreachable = DOWN
    drained(stage)
    assert stage.store.health.health("plant-uid").told is not None
    stage.at("2026-12-03 10:00")
    stage.out.unreachable = None
    drained(stage)
    assert len(told(stage)) == 1
    drained(stage)
    assert len(told(stage)) == 1


def test_a_mail_made_by_a_run_that_died_leaves_once(stage):
    """Queued and not yet noted as told: the next run takes it back and makes it again."""
    failing_row(stage, "plant-uid")
    stage.out.unreachable = DOWN
    drained(stage)
    stage.store.health.note_told(["plant-uid"], None)
    stage.out.unreachable = None
    stage.at("2026-11-24 15:00")
    drained(stage)
    stage.at("2026-11-25 10:00")
    drained(stage)
    assert len(told(stage)) == 1


def test_plans_that_are_not_configured_here_are_left_alone(stage):
    """Another configuration may share the store."""
    failing_row(stage, "elsewhere-uid")
    drained(stage)
    assert not told(stage)


def test_how_long_a_workbook_may_be_open_is_configured(tmp_path):
    """Three runs over a day, unless the configuration says otherwise; told in the keeper's own language."""
    stage = MailStage(tmp_path)
    stage.add("plant-uid", late_rows("Ana Lima"), ANA, RUI, JO, keeper=KIM._replace(language="pt"))
    for at in ("2026-11-24 09:00", "2026-11-24 12:00", "2026-11-25 08:59"):
        fails(stage, "plant-uid", at=at, cause=Cause.OPEN)
        drained(stage)
    assert not told(stage)
    fails(stage, "plant-uid", at="2026-11-25 09:00", cause=Cause.OPEN)
    drained(stage)
    assert told(stage) == ["O sheets-sync não conseguiu fazer seu trabalho - Plant-Uid"]


def test_mails_are_counted_by_the_plan_they_speak_of(stage):
    """For the lines of each plan's log."""
    outcome = stage.tick()
    assert dict(outcome.about) == {"plant-uid": 2, "store-uid": 2}


def test_a_store_made_today_knows_of_no_failure(tmp_path):
    """Nobody is told of the past of a store that was lost."""
    assert not Store.open(tmp_path / "state").health.all()


TWO_WEEKS = ((dt.date(2026, 11, 20), dt.date(2026, 12, 4)),)


def keeper_is(stage, *uids, **more):
    """The keeper of these plans is like this."""
    for uid in uids:
        mail = stage.plans[uid].mail
        kim = KIM._replace(**more)
        people = tuple(kim if one.identity == kim.identity else one for one in mail.people)
        stage.plans[uid].mail = replace(mail, keeper=kim, people=people)


def led_by(stage, uid, *leaders):
    stage.plans[uid].mail = replace(stage.plans[uid].mail, leaders=leaders)


@pytest.mark.parametrize("more", [{"away": TWO_WEEKS}, {"active": False}])
def test_while_the_keeper_is_away_their_leader_is_told(stage, more):
    """Else who leads the plan; once, with why it comes to them; the keeper hears nothing of it later."""
    keeper_is(stage, "plant-uid", leader="Jo Chen", **more)
    keeper_is(stage, "store-uid", **more)
    led_by(stage, "store-uid", RUI)
    failing_row(stage, "plant-uid", "store-uid")
    drained(stage)
    told_of = {one: [mail["Subject"] for mail in stage.mails_to(one)] for one in (KIM, JO, RUI)}
    assert told_of == {
        KIM: [],
        JO: ["sheets-sync could not do its work - Plant-Uid"],
        RUI: ["sheets-sync could not do its work - Store-Uid"],
    }
    assert "in place of the keeper of Plant-Uid" in " ".join(stage.text_to(JO).split())
    keeper_is(stage, "plant-uid", "store-uid")
    stage.at("2026-11-25 10:00")
    drained(stage)
    assert not told(stage)


def test_a_keeper_whose_server_refuses_mails_is_stood_in_for(stage):
    """After the first refusal, and not for the plans of others."""
    led_by(stage, "plant-uid", RUI)
    stage.out.answers[KIM.address] = [Attempt(Sending.REFUSED, 550, "no such user")]
    failing_row(stage, "plant-uid")
    drained(stage)
    assert not stage.mails_to(RUI)
    drained(stage)
    assert [mail["Subject"] for mail in stage.mails_to(RUI)] == ["sheets-sync could not do its work - Plant-Uid"]
    drained(stage)
    assert len(stage.mails_to(RUI)) == 1


@pytest.mark.parametrize("days", [0, 8])
def test_who_follows_is_told_when_the_one_mailed_is_no_longer(stage, days):
    """Somebody else leads the plan before the mail could leave, or after it was given up."""
    keeper_is(stage, "plant-uid", away=((dt.date(2026, 11, 20), dt.date(2026, 12, 31)),))
    led_by(stage, "plant-uid", RUI)
    failing_row(stage, "plant-uid")
    stage.out.unreachable = DOWN
    drained(stage)
    stage.at("2026-11-24 15:00" if not days else "2026-12-02 11:00")
    if days:
        drained(stage)
    stage.out.unreachable = None
    led_by(stage, "plant-uid", JO)
    for _ in range(2):
        drained(stage)
    assert [mail["Subject"] for mail in stage.mails_to(JO)] == ["sheets-sync could not do its work - Plant-Uid"]
    assert not stage.mails_to(RUI)


def test_a_mail_to_who_stands_in_is_not_sent_when_it_works_again(stage):
    """As for the keeper."""
    keeper_is(stage, "plant-uid", away=TWO_WEEKS)
    led_by(stage, "plant-uid", RUI)
    failing_row(stage, "plant-uid")
    stage.out.unreachable = DOWN
    drained(stage)
    stage.store.health.note({"plant-uid": RunNote(checked=True)}, stage.clock.now())
    stage.out.unreachable = None
    stage.at("2026-11-24 15:00")
    drained(stage)
    assert not stage.mails_to(RUI)


@pytest.mark.parametrize(
    ("more", "leaders"),
    [
        ({"away": TWO_WEEKS}, ()),
        ({"away": TWO_WEEKS}, (RUI._replace(away=TWO_WEEKS),)),
        ({"away": TWO_WEEKS}, (RUI._replace(address="rui@elsewhere.org"),)),
        ({"mail": MailChoice.NONE}, (RUI,)),
    ],
)
def test_where_nobody_can_be_told_it_is_known(stage, more, leaders):
    """Nobody inside the allowed domains, or a keeper who chose no mail; the keeper hears of it when they are back."""
    keeper_is(stage, "plant-uid", **more)
    led_by(stage, "plant-uid", *leaders)
    plan = stage.plans["plant-uid"]
    failing_row(stage, "plant-uid")
    drained(stage)
    assert not stage.out.sent
    refused = refusals(stage.store.outbox, frozenset())
    assert reader_of(plan.mail, plan.settings, stage.clock.now(), refused=refused) is None
    keeper_is(stage, "plant-uid")
    stage.at("2026-11-25 10:00")
    drained(stage)
    assert len(told(stage)) == 1
