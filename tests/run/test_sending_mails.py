"""Mails on their way out: servers that refuse, ask for patience, break off; caps; people whose mail cannot be made."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, FILES, JO, KIM, LIVE, RUI, MailStage, late_rows

from sheets_sync.core.mails import Attempt, MailState, Sending
from sheets_sync.core.notices import Kind
from sheets_sync.core.persons import Person
from sheets_sync.run.mailing import drain
from sheets_sync.run.post import Why

LATER = Attempt(Sending.RETRY, 451, "The mail server asks for patience.")
LOST = Attempt(Sending.UNCERTAIN, 0, "The connection was lost.")
NEVER = Attempt(Sending.REFUSED, 550, "The mail server refused the address.")
NO_LOGIN = Attempt(Sending.STOP, 535, "The mail server refused the login.")


@pytest.fixture
def stage(tmp_path):
    made = MailStage(tmp_path)
    made.at("2026-11-23 08:00")
    yield made
    made.store.close()


def test_a_mail_put_off_is_tried_again_and_the_others_go(stage):
    """One recipient's server asks for patience; after a minute the same bytes are tried again."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    stage.out.answers[ANA.address] = [LATER]
    mailed = stage.tick()
    assert (mailed.left, mailed.next, mailed.next_at) == (2, 1, stage.clock.now() + dt.timedelta(minutes=1))
    assert mailed.code == 0
    assert stage.tick().left == 0
    stage.at("2026-11-23 08:02")
    assert stage.tick().left == 1
    assert ANA.address in stage.addresses


def test_a_mail_that_may_have_arrived_is_sent_once_more_byte_for_byte(stage):
    """Nobody can ask the server; the identical copy lets it, or the reader's program, drop one."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.answers[ANA.address] = [LOST, LOST, LOST]
    for moment in ("08:00", "09:00", "10:00", "11:00"):
        stage.at(f"2026-11-23 {moment}")
        stage.tick()
    copies = [raw for address, raw in stage.out.sent if address == ANA.address]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_what_may_have_arrived_is_not_composed_anew(stage):
    """A row that changes between the two copies changes neither."""
    plan = stage.add("north-plan", late_rows("Ana Lima", "Ana Lima"))
    stage.out.answers[ANA.address] = [LOST]
    stage.tick()
    plan.book.type_in("Actions", 2, 4, "Done")
    stage.at("2026-11-23 09:00")
    stage.tick()
    copies = [raw for address, raw in stage.out.sent if address == ANA.address]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_what_may_have_arrived_is_not_repeated_when_nothing_of_it_holds_any_more(stage):
    """The row was mended before the second copy: no reader needs it."""
    plan = stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    stage.out.answers[ANA.address] = [LOST]
    stage.tick()
    plan.book.type_in("Actions", 2, 2, "Rui Costa")
    stage.at("2026-11-23 09:00")
    stage.tick()
    assert stage.addresses.count(ANA.address) == 1


def test_trouble_keeps_everything_and_is_told_until_mail_leaves_again(stage):
    """A refused login stops all mail with exit code 3 and the instant it began; then everything is sent."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    stage.out.result = NO_LOGIN
    began = stage.clock.now()
    stage.tick()
    stage.at("2026-11-23 09:00")
    mailed = stage.tick()
    assert (mailed.left, mailed.next, mailed.code) == (0, 3, 3)
    assert mailed.trouble == (began, NO_LOGIN.reason)
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-23 10:00")
    mailed = stage.tick()
    assert (mailed.left, mailed.trouble, mailed.code) == (3, None, 0)


def test_trouble_is_told_while_nothing_is_due_until_the_server_lets_us_in(stage):
    """The week's window is over and everything was dropped: a wrong password is no less wrong."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    began = stage.clock.now()
    stage.out.unreachable = NO_LOGIN
    assert stage.tick().code == 3
    for moment in ("2026-11-25 19:40", "2026-11-26 08:00"):
        stage.at(moment)
        mailed = stage.tick()
        assert (mailed.left, mailed.next, mailed.code) == (0, 0, 3)
        assert mailed.trouble == (began, NO_LOGIN.reason)
    stage.out.unreachable = None
    mailed = stage.tick()
    assert (mailed.trouble, mailed.code) == (None, 0)


def test_a_sender_refused_for_good_is_in_trouble_until_a_mail_leaves(stage):
    """The server lets us in and takes no mail: only one that leaves, or `mail test`, proves the end of it."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = Attempt(Sending.STOP, 550, "The mail server refuses mail of this sender as a whole.")
    stage.tick()
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-26 08:00")
    assert stage.tick().code == 3
    stage.at("2026-11-30 08:00")
    assert (stage.tick().code, stage.addresses) == (0, [ANA.address, KIM.address])
    assert stage.store.outbox.trouble() is None


def test_trouble_ends_when_mails_are_only_written_or_switched_off(stage):
    """Nobody waits for the server then."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.unreachable = NO_LOGIN
    stage.tick()
    stage.at("2026-11-26 08:00")
    stage.store.outbox.switch_off(stage.clock.now())
    assert stage.tick().code == 0
    stage.store.outbox.switch_on()
    assert stage.tick().code == 3
    stage.settings = FILES
    assert stage.tick().code == 0
    assert stage.store.outbox.trouble() is None


def test_a_secret_that_cannot_be_had_is_trouble_and_is_only_asked_for_when_needed(stage):
    """The password is read when there is something to send, and its absence loses nothing."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.no_secret = "the environment variable MAIL_PASSWORD is not set"
    mailed = stage.tick()
    assert (mailed.left, mailed.code) == (0, 3)
    assert mailed.trouble is not None
    assert "MAIL_PASSWORD" in mailed.trouble.reason
    stage.no_secret = ""
    stage.at("2026-11-23 09:00")
    assert stage.tick().left == 2
    stage.no_secret = "nobody needs it now"
    assert stage.tick().code == 0


def test_an_address_refused_for_good_stops_nobody_else_and_makes_the_run_fail_once(stage):
    """It is not tried again in this period."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    stage.out.answers[ANA.address] = [NEVER]
    mailed = stage.tick()
    assert (mailed.left, mailed.refused, mailed.code) == (2, 1, 3)
    stage.at("2026-11-24 09:00")
    assert stage.tick().code == 0
    assert ANA.address not in stage.addresses


def test_after_three_refusals_others_hear_of_the_rows(stage):
    """An address refused three weeks in a row is given up; its rows go to the keeper as needing a stand-in."""
    soon = ("Order the boxes of area 9 from the supplier", "Ana Lima", dt.date(2026, 12, 11), "In progress", None)
    stage.add("north-plan", [*late_rows("Ana Lima", "Rui Costa"), soon])
    stage.out.answers[ANA.address] = [NEVER] * 9
    for day in ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"):
        stage.at(f"{day} 08:00")
        stage.tick()
    assert len(stage.out.answers[ANA.address]) == 6
    assert "Order the boxes" in stage.text_to(KIM).partition("STAND-IN")[2]
    assert stage.addresses.count(RUI.address) == 4


def test_an_address_given_up_is_tried_again_after_two_months(stage):
    """A mailbox may be mended; meanwhile every run tells that somebody is not mailed."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.answers[ANA.address] = [NEVER] * 3
    for day in ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"):
        stage.at(f"{day} 08:00")
        mailed = stage.tick()
    assert mailed.suppressed == 1
    stage.at("2027-02-01 08:00")
    assert stage.tick().suppressed == 0
    assert stage.addresses[-2:] == [ANA.address, KIM.address]


def test_two_configurations_may_share_a_store(stage):
    """A run leaves alone what belongs to a plan that only the other configuration knows."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = NO_LOGIN
    stage.tick()
    others = stage.plans
    stage.plans = {}
    stage.add("south-plan", late_rows("Rui Costa"))
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-23 09:00")
    stage.tick()
    assert sorted(stage.addresses) == [RUI.address]
    assert stage.states(ANA)[0] == ("queued", "")
    stage.plans = others
    stage.at("2026-11-23 10:00")
    stage.tick()
    assert ANA.address in stage.addresses


def test_a_mail_that_cannot_be_made_stops_nobody_else(stage):
    """A person with an impossible time zone, which no configuration lets in: all others are mailed, the run tells."""
    plan = stage.add("north-plan", late_rows("Rui Costa", "Ana Lima"))
    stage.run_plan("north-plan")
    plan.mail = replace(plan.mail, people=(RUI._replace(timezone="Mars/Olympus"), ANA, KIM))
    mailed = stage.tick()
    assert (mailed.failed, mailed.code) == (1, 3)
    assert sorted(stage.addresses) == [ANA.address, KIM.address]


def test_an_address_that_is_none_is_never_written_into_a_mail(stage):
    """A line break in an address would be a header of its own; such a person is not allowed anywhere."""
    broken = Person("Bo Broken", "bo@example.org\r\nBcc: x@example.org")
    stage.add("north-plan", late_rows("Bo Broken", "Ana Lima"), broken, ANA)
    stage.tick()
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert stage.states(broken)[0] == ("dropped", Why.NOT_ALLOWED.value)


def test_a_domain_that_is_no_longer_allowed_is_not_mailed(stage):
    """The allowed domains are the outer wall, for persons of the configuration too."""
    plan = stage.add("north-plan", late_rows("Rui Costa"), RUI._replace(address="rui@partner.example"), ANA)
    plan.mail = replace(plan.mail, allowed_domains=("example.org", "partner.example"))
    stage.run_plan("north-plan")
    plan.mail = replace(plan.mail, allowed_domains=("example.org",))
    stage.tick()
    assert stage.addresses == [KIM.address]


def test_a_way_out_that_breaks_down_counts_as_a_mail_that_may_have_arrived(stage):
    """Whatever goes wrong inside, the others are mailed, and the one mail goes out once more."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    send = stage.out.send
    broken = [ANA.address]

    def breaking(address, raw, *, message_id):
        if address in broken:
            broken.remove(address)
            raise RuntimeError("a mistake of ours")
        return send(address, raw, message_id=message_id)

    stage.out.send = breaking
    mailed = stage.tick()
    assert (mailed.left, mailed.failed, mailed.code) == (2, 1, 3)
    stage.at("2026-11-23 09:00")
    assert stage.tick().left == 1
    assert ANA.address in stage.addresses


def test_a_broken_template_keeps_the_notices_and_names_the_file(stage, tmp_path):
    """A team's own template with a mistake makes no mail, loses none, and the mistake is told."""
    stage.add("north-plan", late_rows("Ana Lima"))
    folder = tmp_path / "templates"
    folder.mkdir(mode=0o700)
    file = folder / "owner-week-subject.txt.j2"
    file.write_text("{{ mail.no_such_thing.at_all }}")
    file.chmod(0o600)
    outcomes = {"north-plan": stage.run_plan("north-plan")}
    mailed = drain(replace(stage.post(outcomes), templates=folder))
    assert mailed.failed
    assert "owner-week-subject.txt.j2" in mailed.failed_because
    file.unlink()
    assert ANA.address not in stage.addresses
    assert stage.tick().left
    assert ANA.address in stage.addresses


def test_no_more_mails_than_the_cap_leave_in_one_run(stage):
    """The rest waits for the next run of the same day."""
    stage.settings = replace(LIVE, max_mails=2)
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa", "Jo Chen"))
    mailed = stage.tick()
    assert mailed.left == 2
    assert {told.why: told.people for told in mailed.waiting} == {Why.TOO_MANY: 2}
    assert stage.tick().left == 2
    assert sorted(stage.addresses) == sorted(person.address for person in (ANA, JO, RUI, KIM))


def test_a_slow_server_does_not_hold_the_run_for_ever(stage):
    """When the time for mails is over the rest is left for the next run."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa", "Jo Chen"))
    send = stage.out.send

    def slowly(address, raw, *, message_id):
        stage.clock.move(minutes=8)
        return send(address, raw, message_id=message_id)

    stage.out.send = slowly
    mailed = stage.tick()
    assert (mailed.left, mailed.next) == (2, 2)
    assert stage.tick().left == 2


def test_a_switch_thrown_while_mails_leave_stops_the_rest(stage):
    """`mail off` from another terminal holds from the next mail on."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa", "Jo Chen"))
    send = stage.out.send

    def once(address, raw, *, message_id):
        stage.store.outbox.switch_off(stage.clock.now())
        return send(address, raw, message_id=message_id)

    stage.out.send = once
    assert stage.tick().left == 1
    assert len(stage.addresses) == 1


def test_nobody_gets_more_than_three_mails_a_week(stage):
    """Plans that come one a day: on the fourth day the person is left in peace."""
    for number, day in enumerate(("23", "24", "25", "26")):
        stage.at(f"2026-11-{day} 09:00")
        stage.add(f"plan-number-{number}", late_rows("Ana Lima"))
        mailed = stage.tick(mail_now=(Kind.OWNER_WEEK,))
    assert stage.addresses.count(ANA.address) == 3
    assert Why.THREE_A_WEEK in {told.why for told in mailed.waiting}


def test_asked_for_on_a_thursday_the_week_is_mailed_at_once_and_only_once(stage):
    """`run --mail owner-week` composes the current week's mail now; asking again mails nothing."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.at("2026-11-26 10:00")
    assert stage.tick().left == 0
    assert stage.tick(mail_now=(Kind.OWNER_WEEK,)).left == 1
    assert stage.addresses == [ANA.address]
    assert stage.tick(mail_now=(Kind.OWNER_WEEK,)).left == 0
    stage.at("2026-11-26 20:00")
    stage.tick(mail_now=(Kind.LEADER_WEEK,))
    assert stage.addresses == [ANA.address]


def test_the_reading_of_another_day_is_not_mailed(stage):
    """Only what was read on the day of sending is sent: yesterday's sheet may be mended by now."""
    stage.add("north-plan", late_rows("Ana Lima"))
    outcomes = {"north-plan": stage.run_plan("north-plan")}
    stage.at("2026-11-24 08:00")
    mailed = drain(stage.post(outcomes))
    assert (mailed.left, [told.why for told in mailed.waiting]) == (0, [Why.OLD_READING])


def test_a_mail_whose_sender_died_is_taken_up_after_a_quarter_of_an_hour(stage):
    """It was claimed and never settled: the same bytes go out once more."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = NO_LOGIN
    stage.tick()
    outbox = stage.store.outbox
    number = next(mail.number for mail in outbox.mails(identity=ANA.identity))
    raw = outbox.claim(number, stage.clock.now())
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.at("2026-11-23 08:10")
    stage.tick()
    assert ANA.address not in stage.addresses
    stage.at("2026-11-23 08:20")
    stage.tick()
    assert [sent for address, sent in stage.out.sent if address == ANA.address] == [raw]
    assert {mail.state for mail in outbox.mails(identity=ANA.identity)} == {MailState.SENT}


def test_two_runs_do_not_mail_at_the_same_time(stage):
    """While another run mails, this one tells so and leaves everything to it."""
    stage.add("north-plan", late_rows("Ana Lima"))
    lease = stage.store.hold(":mails", "another computer", now=stage.clock.now(), seconds=600)
    assert stage.tick().busy
    stage.store.release(lease)
    assert stage.tick().left == 2
