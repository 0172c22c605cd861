"""Before people are mailed: files, release, redirection, the switch, persons of a People tab, far too many at once."""

import datetime as dt
from dataclasses import replace

import pytest
from run.mail_stage import ANA, FILES, KIM, LIVE, RUI, MailStage, late_rows

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.core.persons import Person
from sheets_sync.run.mail_gate import Go, as_known_now
from sheets_sync.run.post import Why

REDIRECTED = replace(LIVE, redirect_all_to="trial@example.org")


@pytest.fixture
def stage(tmp_path):
    made = MailStage(tmp_path)
    made.at("2026-11-23 08:00")
    yield made
    made.store.close()


def many(count: int) -> list[Person]:
    """As many people as asked for."""
    return [Person(f"Person {chr(97 + n // 26)}{chr(97 + n % 26)}", f"p{n}@example.org") for n in range(count)]


def test_without_a_release_the_keeper_alone_gets_one_preview(stage):
    """The first live mails go to nobody but the keeper, once a week, until `mail release`."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"), adopted=False)
    mailed = stage.tick()
    assert (stage.addresses, mailed.previews, mailed.left) == ([KIM.address], 1, 1)
    assert {told.why: told.people for told in mailed.waiting} == {Why.NOT_RELEASED: 3}
    text = stage.text_to(KIM)
    assert "Ana Lima" in text
    assert "nobody but you has been mailed" in text
    assert "mail release" in text
    assert "price list" not in text
    for moment in ("2026-11-23 09:00", "2026-11-24 09:00"):
        stage.at(moment)
        assert stage.tick().left == 0


def test_after_the_release_people_are_mailed(stage):
    """The notices that waited go out with the next run; the keeper's own waits for the next day."""
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"), adopted=False)
    stage.tick()
    stage.store.outbox.release("north-plan", stage.clock.now())
    stage.at("2026-11-23 09:00")
    stage.tick()
    assert stage.addresses == [KIM.address, ANA.address, RUI.address]
    stage.at("2026-11-24 09:00")
    stage.tick()
    assert stage.addresses == [KIM.address, ANA.address, RUI.address, KIM.address]


def test_a_released_plan_is_mailed_while_another_waits(stage):
    """What belongs to an unreleased plan is in no mail, the rest is."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.add("south-plan", late_rows("Rui Costa", "Ana Lima"), adopted=False)
    stage.tick()
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert "South-Plan" not in stage.text_to(ANA)
    assert "South-Plan" in stage.text_to(KIM)


def test_files_are_written_unasked_and_do_not_count_once_there_is_a_server(stage):
    """Without a mail server mails are files; when one is configured the same week is mailed."""
    stage.settings = FILES
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = Attempt(Sending.WRITTEN)
    assert stage.tick().left == 2
    assert stage.tick().left == 0
    stage.settings = LIVE
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.out.sent.clear()
    assert stage.tick().left == 2
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert stage.tick().left == 0


def test_while_mail_is_off_nothing_leaves_and_after_it_the_same_mails_do(stage):
    """The switch holds mails of the outbox too."""
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.store.outbox.switch_off(stage.clock.now())
    mailed = stage.tick()
    assert (mailed.left, mailed.off_since, stage.addresses) == (0, stage.clock.now(), [])
    stage.store.outbox.switch_on()
    stage.at("2026-11-23 09:00")
    assert stage.tick().left == 2


def test_a_redirection_takes_every_mail_and_tells_whom_it_was_for(stage):
    """For trying out: nobody but the one address gets anything."""
    stage.settings = replace(LIVE, redirect_all_to="trial@example.org")
    stage.add("north-plan", late_rows("Ana Lima", "Rui Costa"))
    assert stage.tick().left == 3
    assert set(stage.addresses) == {"trial@example.org"}
    assert all(b"ana@example.org" not in raw for _, raw in stage.out.sent)


def test_what_was_redirected_is_mailed_to_its_readers_once_the_redirection_ends(stage):
    """It was a trial: nobody but the trier was told anything, so the week is still to be told."""
    stage.settings = REDIRECTED
    stage.add("north-plan", late_rows("Ana Lima"))
    assert stage.tick().left == 2
    assert stage.states(ANA)[0] == ("written", "")
    assert stage.tick().left == 0
    trial = {message["Message-ID"] for message in stage.mails_to(ANA._replace(address="trial@example.org"))}
    stage.settings = LIVE
    stage.out.sent.clear()
    assert stage.tick().left == 2
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert {message["Message-ID"] for message in (*stage.mails_to(ANA), *stage.mails_to(KIM))}.isdisjoint(trial)
    assert stage.tick().left == 0
    assert stage.store.outbox.people_mailed("north-plan", before="2026-W49", route="smtp") == 2


def test_what_was_written_as_a_file_is_redirected_once_and_then_mailed(stage):
    """From files over a trial to live mails in one week: each step tells what the one before only showed."""
    stage.settings = FILES
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = Attempt(Sending.WRITTEN)
    assert stage.tick().left == 2
    stage.out.result = Attempt(Sending.SENT, 250)
    for settings in (REDIRECTED, LIVE):
        stage.settings = settings
        assert [stage.tick().left, stage.tick().left] == [2, 0]
    assert stage.addresses[-2:] == [ANA.address, KIM.address]
    assert set(stage.addresses[2:4]) == {"trial@example.org"}


def test_what_a_trial_address_refuses_says_nothing_of_the_readers(stage):
    """Their own addresses are not given up for it, and they are mailed when the trial ends."""
    stage.settings = REDIRECTED
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = Attempt(Sending.REFUSED, 550, "The mail server refused the address.")
    for day in ("2026-11-23", "2026-11-30", "2026-12-07"):
        stage.at(f"{day} 08:00")
        assert stage.tick().refused == 2
    stage.settings = LIVE
    stage.out.result = Attempt(Sending.SENT, 250)
    mailed = stage.tick()
    assert (mailed.left, mailed.suppressed) == (2, 0)


def test_a_redirection_that_ends_never_sends_what_was_addressed_elsewhere(stage):
    """A mail composed under a redirection that has not left is composed anew for its reader."""
    stage.settings = replace(LIVE, redirect_all_to="trial@example.org")
    stage.add("north-plan", late_rows("Ana Lima"))
    stage.out.result = Attempt(Sending.STOP, 0, "The mail server cannot be reached.")
    stage.tick()
    stage.settings = LIVE
    stage.out.result = Attempt(Sending.SENT, 250)
    stage.tick()
    assert sorted(stage.addresses) == [ANA.address, KIM.address]
    assert all(b"trial@example.org" not in raw for _, raw in stage.out.sent)


def test_far_more_people_than_last_week_wait_for_the_keeper(stage):
    """A broken plan must not mail everybody: beyond three times last week's people the keeper releases first."""
    people = many(40)
    plan = stage.add("north-plan", late_rows(*(person.name for person in people[:4])), *people)
    assert stage.tick().left == 5
    for row, person in enumerate(people[4:], start=6):
        for column, value in enumerate((f"Repair machine {row}", person.name, dt.date(2026, 11, 20), "Open"), start=1):
            plan.book.type_in("Actions", row, column, value)
    stage.out.sent.clear()
    stage.at("2026-11-30 08:00")
    mailed = stage.tick()
    assert (mailed.held, mailed.code, stage.addresses) == (("North-Plan",), 3, [KIM.address])
    assert "Far more people than last time" in stage.text_to(KIM)
    assert "nobody but you" not in stage.text_to(KIM)
    for moment in ("2026-11-30 09:00", "2026-11-30 09:15"):
        stage.at(moment)
        mailed = stage.tick()
        assert (mailed.left, mailed.held, mailed.code) == (0, ("North-Plan",), 3)
    stage.store.outbox.release("north-plan", stage.clock.now())
    stage.at("2026-11-30 10:00")
    mailed = stage.tick()
    assert (mailed.left, mailed.held, mailed.code) == (40, (), 0)


def test_somebody_from_a_people_tab_is_mailed_only_after_their_release(stage):
    """An address that a sheet gives waits for the keeper, then counts as long as it stays as it was."""
    plan = stage.add("north-plan", late_rows("Mia Berg"), RUI, adopted=False, people_from_sheet=True)
    plan.book.add_tab("People", [("Name", "E-mail"), ("Mia Berg", "mia@example.org"), ("Eve", "eve@evil.example")])
    stage.store.outbox.release("north-plan", stage.clock.now())
    stage.tick()
    assert stage.addresses == [KIM.address]
    assert "price list number 0" in stage.text_to(KIM).partition("STAND-IN")[2]
    assert [person.name for _, person in stage.store.outbox.held_persons()] == ["Mia Berg"]
    stage.store.outbox.release_person("north-plan", "Mia Berg", stage.clock.now())
    stage.at("2026-11-24 09:00")
    stage.tick()
    assert stage.addresses[1:] == ["mia@example.org"]


@pytest.mark.parametrize(
    ("released", "domains", "from_sheet", "expected"),
    [
        (True, ("example.org",), True, Go),
        (False, ("example.org",), True, Why.HELD_PERSON),
        (True, ("other.example",), True, Why.NOT_ALLOWED),
        (True, ("example.org",), False, Why.NO_PERSON),
    ],
)
def test_whether_a_person_of_a_sheet_still_counts_is_asked_at_the_moment_of_sending(
    stage, released, domains, from_sheet, expected
):
    """Released, inside the allowed domains of now, and the plan still takes its People tab."""
    mia = Person("Mia Berg", "mia@example.org", source="sheet")
    stage.add("north-plan", late_rows("Ana Lima"))
    plan = stage.plans["north-plan"]
    plan.mail = replace(plan.mail, people_from_sheet=from_sheet, allowed_domains=domains)
    stage.store.outbox.hold_new("north-plan", (mia,), stage.clock.now())
    if released:
        stage.store.outbox.release_person("north-plan", "Mia Berg", stage.clock.now())
    post = stage.post({"north-plan": stage.run_plan("north-plan")})
    found = as_known_now(post, post.plans["north-plan"], mia)
    assert found == (Go(mia) if expected is Go else type(found)(expected))
