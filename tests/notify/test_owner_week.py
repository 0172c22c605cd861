"""What an Owner's week holds, for whom, and what it never holds (DOMAIN 5.1, 5.2, 5.6)."""

import datetime as dt

import pytest
from notify.planning import (
    ANA,
    DONE,
    JO,
    KIM,
    MONDAY,
    RUI,
    TEAM,
    date,
    finding,
    matter,
    owner_section,
    parts,
    row,
    seen_as,
)

from sheets_sync.core.history import History
from sheets_sync.core.model import Flag, Severity, Status
from sheets_sync.core.notices import Kind
from sheets_sync.core.persons import MailChoice, PlanMail
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.notify.choose import wanted

BLOCKED = Status.BLOCKED


@pytest.mark.parametrize(
    ("as_of", "action", "part", "late"),
    [
        # The date table of DOMAIN 2.7: Friday 20 November is a holiday.
        ("11-16", row(2, "11-13"), "late", 1),
        ("11-16", row(2, "11-14"), "due_soon", 0),
        ("11-17", row(2, "11-14"), "late", 1),
        ("11-23", row(2, "11-19"), "late", 1),
        ("11-23", row(2, "11-20"), "due_soon", 0),
        ("11-24", row(2, "11-20"), "late", 1),
        ("11-18", row(2, "11-13", status=BLOCKED), "late", 3),
        ("11-16", row(2, "11-23"), "due_soon", 0),
        ("11-16", row(2, "11-24"), "due_soon", 0),
        ("11-16", row(2, "11-25"), None, 0),
        # Further rows.
        ("11-23", row(2, "11-30"), "due_soon", 0),
        ("11-23", row(2, "12-01"), None, 0),
        ("11-23", row(2), None, 0),
        ("11-23", row(2, "12-24", status=BLOCKED), "blocked", 0),
        ("11-23", row(2, blocker="No budget"), "blocked", 0),
        ("11-23", row(2, "11-24", blocker="No budget"), "blocked", 0),
        ("11-23", row(2, "11-19", status=Status.ON_HOLD), "late", 1),
        ("11-23", row(2, "11-19", status=Status.PROPOSED), None, 0),
        ("11-23", row(2, "11-19", status=Status.UNKNOWN), None, 0),
        ("11-23", row(2, "11-24", status=Status.UNKNOWN, blocker="No budget"), None, 0),
        ("11-23", row(2, "11-19", status=Status.CANCELLED), None, 0),
        ("11-23", row(2, "11-19", status=DONE, done_on="11-02"), None, 0),
    ],
)
def test_each_row_stands_where_its_dates_put_it(as_of, action, part, late):
    """Late, blocked or due within five working days; what has time, is closed or is not understood is not mailed."""
    section = owner_section(matter(action, as_of=date(as_of)))
    assert parts(section) == ({part: ["A-2"]} if part else {})
    if part:
        assert getattr(section, part)[0].days_late == late


def test_every_row_stands_in_one_part_in_order():
    """Most days late first, the rest by due date; what is left is counted."""
    actions = (
        row(2, "11-26"),
        row(3, "11-13"),
        row(4, "11-12", status=BLOCKED),
        row(5, "11-24"),
        row(6, "12-15"),
        row(7),
        row(8, "12-10", blocker="No budget"),
        row(9, status=BLOCKED),
        row(10, "11-13"),
        row(11, "11-13", status=DONE, done_on="11-18"),
        row(12, "11-13", status=DONE, done_on="10-30"),
        row(13, "11-24", status=Status.PROPOSED),
    )
    section = owner_section(matter(*actions))
    assert parts(section) == {
        "late": ["A-4", "A-3", "A-10"],
        "blocked": ["A-8", "A-9"],
        "due_soon": ["A-5", "A-2"],
        "finished": ["A-11"],
    }
    assert section.later == 2


def test_a_row_shows_its_owner_everything_but_a_name():
    """The row as typed, how it stands, and the goals it serves."""
    typed = {"progress": 40.0, "blocker": "No budget", "need": "Budget OK", "note": "Asked twice", "goal": ("G1", "G2")}
    (shown,) = owner_section(matter(row(2, "11-18", high_priority=True, **typed))).late
    assert (shown.tab, shown.row, shown.key, shown.title) == ("Actions", 2, "A-2", "Paint wall 2")
    assert (shown.flag, shown.due, shown.days_late) == (Flag.OVERDUE, date("11-18"), 2)
    assert (shown.progress, shown.blocker, shown.need, shown.note) == (40.0, "No budget", "Budget OK", "Asked twice")
    assert (shown.serves, shown.high_priority, shown.owner) == (("G1", "G2"), True, "")


@pytest.mark.parametrize(
    ("done_on", "shown"), [("11-15", False), ("11-16", True), ("11-20", True), ("11-23", True), ("11-24", False)]
)
def test_what_was_finished_since_last_monday_comes_first(done_on, shown):
    """Rows finished in the last seven days are shown; a date in the future is none."""
    actions = (row(2, "11-20", status=DONE, done_on=done_on), row(3, "11-19"))
    assert ("finished" in parts(owner_section(matter(*actions)))) is shown


def test_finished_without_a_date_counts_from_the_day_it_was_seen():
    """A blank done date is the day the row was first seen done; what was done at adoption is not shown."""
    actions = (row(2, status=DONE), row(3, status=DONE), row(4, "11-19"))
    seen = (seen_as(actions[0], done_seen=date("11-18")),)
    assert parts(owner_section(matter(*actions, seen=seen))) == {"finished": ["A-2"], "late": ["A-4"]}


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.INEFFECTIVE])
def test_what_came_to_nothing_is_no_success(status):
    """A cancelled or ineffective row is not among what was finished."""
    actions = (row(2, status=status, done_on="11-18"), row(3, "11-19"))
    assert "finished" not in parts(owner_section(matter(*actions)))


def test_nobody_is_mailed_because_all_went_well():
    """Finished rows alone make no mail."""
    assert owner_section(matter(row(2, status=DONE, done_on="11-18"), row(3, "12-24"))) is None


def test_fixes_are_what_stops_a_row_from_being_followed():
    """At most five rows with an E or W finding, worst first, each with all such findings; hints are not mailed."""
    found = [finding(number) for number in range(2, 9)]
    found += [finding(5, "DUE001", Severity.E), finding(9, severity=Severity.I), finding(10, severity=Severity.H)]
    found += [finding(11, silenced="ignored"), finding(12, silenced="grace"), finding(0, "DAT002")]
    section = owner_section(matter(*(row(n, "12-24") for n in range(2, 13)), findings=tuple(found)))
    assert parts(section) == {"fixes": ["A-5", "A-2", "A-3", "A-4", "A-6"]}
    assert [one.code for one in section.fixes[0].fixes] == ["DUE001", "ACT002"]
    assert section.later == 6


def test_a_late_row_carries_its_fixes_and_is_listed_once():
    """What is to be mended in a late row stands with it."""
    section = owner_section(matter(row(2, "11-19"), findings=(finding(2),)))
    assert parts(section) == {"late": ["A-2"]}
    assert [one.code for one in section.late[0].fixes] == ["ACT002"]


def test_a_row_nobody_understands_is_not_mailed():
    """Until its status word is mapped a row is not even mailed for what is to be mended in it."""
    assert owner_section(matter(row(2, "12-24", status=Status.UNKNOWN), findings=(finding(2),))) is None


def test_faults_found_at_adoption_are_not_mailed():
    """Mails speak of what came after adoption only, and of no fault in the run that adopts."""
    actions = (row(2, "12-24"), row(3, "12-24"))
    found = (finding(2), finding(2, "OWN003"), finding(3))
    old = History(adopted_on=date("10-05"), baseline=frozenset({("A-2", "ACT002"), ("A-3", "ACT002"), ("", "OWN003")}))
    section = owner_section(matter(*actions, findings=found, history=old))
    assert [(one.key, [f.code for f in one.fixes]) for one in section.fixes] == [("A-2", ["OWN003"])]
    assert owner_section(matter(*actions, findings=found, history=History())) is None


def test_who_waits_for_a_reader_is_shown_without_a_name():
    """Others' pressing rows that need an unfinished row of the reader, and nothing private of them."""
    private = {"note": "Private", "blocker": "Ana is slow", "need": "Ana", "goal": ("G",)}
    actions = (
        row(2, "12-24", owner="Ana Lima"),
        row(3, "12-30", owner="Jo Chen", depends_on=("A-2",), **private),
        row(4, "11-24", owner="Somebody", depends_on=("A-9", "A-2")),
        row(5, "12-28", owner="Ana Lima", depends_on=("A-2",)),
        row(6, "12-27", owner="Jo Chen", depends_on=("A-2",), status=DONE),
        row(7, "12-26", owner="Jo Chen", depends_on=("A-8",)),
        row(8, owner="Ana Lima", status=DONE, done_on="10-30"),
        row(9, "12-25", owner="Jo Chen", depends_on=("A-2",)),
    )  # fmt: skip
    section = owner_section(matter(*actions))
    assert parts(section) == {"waiting": ["A-4", "A-3"]}
    waiting = section.waiting[1]
    assert (waiting.title, waiting.due, waiting.status) == ("Paint wall 3", date("12-30"), Status.IN_PROGRESS)
    assert (waiting.owner, waiting.note, waiting.blocker, waiting.need, waiting.serves) == ("", "", "", "", ())


def test_an_id_that_two_rows_hold_is_nobodys():
    """Which of two rows is meant is not guessed."""
    actions = (
        row(2, owner="Ana Lima"),
        row(3, owner="Ana Lima", key="A-2"),
        row(4, owner="Jo Chen", depends_on=("A-2",)),
    )
    assert owner_section(matter(*actions)) is None


@pytest.mark.parametrize(
    ("due", "high", "day"),
    [
        ("11-19", False, "12-07"),
        ("11-06", False, "11-23"),
        ("11-05", False, "11-23"),
        ("11-09", False, "11-30"),
        ("11-13", True, "11-23"),
        ("11-16", True, "11-30"),
        ("01-05", False, "11-23"),
    ],
)
def test_a_late_row_says_when_it_goes_to_whom(due, high, day):
    """Ten working days late, five where the priority is high: the first leader's week on or after that day."""
    (shown,) = owner_section(matter(row(2, due, high_priority=high))).late
    assert (shown.next_step_on, shown.next_step_to) == (date(day), "Rui Costa")


def test_the_next_step_avoids_a_monday_off():
    """The leader's week of a week that begins with a holiday goes on Tuesday."""
    settings = PlanSettings("u", calendar=CalendarSettings(holidays=frozenset({date("12-07")})))
    (shown,) = owner_section(matter(row(2, "11-20"), settings=settings)).late
    assert shown.next_step_on == date("12-08")


@pytest.mark.parametrize("history", [History(), History(adopted_on=date("11-23"))])
def test_in_the_week_of_adoption_no_row_goes_to_a_leader(history):
    """However late a row is, its owner is told a week before its leader."""
    action = row(2, "01-05")
    seen = (seen_as(action, first_seen=dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)),)
    (shown,) = owner_section(matter(action, seen=seen, history=history)).late
    assert shown.next_step_on == date("11-30")
    (without_id,) = owner_section(matter(row(2, "01-05", key=""), history=history)).late
    assert without_id.next_step_on == date("11-30")


def test_a_row_on_hold_climbs_no_ladder():
    """What was put on hold is late, but nobody is asked about it."""
    (shown,) = owner_section(matter(row(2, "10-19", status=Status.ON_HOLD))).late
    assert (shown.next_step_on, shown.next_step_to) == (None, "")


@pytest.mark.parametrize(
    ("leaders", "names"),
    [((RUI,), "Rui Costa"), ((JO, RUI), "Rui Costa"), ((JO, KIM), "Jo Chen, Kim Keeper"), ((), "Kim Keeper")],
)
def test_a_late_row_goes_to_somebody_who_gets_the_leaders_week(leaders, names):
    """The owner's own leader where that one is told, else all leaders who are, else the keeper."""
    (shown,) = owner_section(matter(row(2, "11-19"), mail=PlanMail(keeper=KIM, leaders=leaders))).late
    assert shown.next_step_to == names


NEW = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "before", "new"),
    [
        ({}, {}, False),
        ({"adopted": False, "first_seen": NEW}, {}, True),
        ({"adopted": False, "first_seen": NEW - dt.timedelta(days=2)}, {}, True),
        ({"adopted": False, "first_seen": NEW - dt.timedelta(days=3)}, {}, False),
        ({"adopted": True, "first_seen": NEW}, {}, False),
        ({}, {"owner": "Jo Chen"}, True),
        ({}, {"owner": ""}, True),
        ({}, {"owner": "ana  lima"}, False),
        ({"last_change": date("11-18")}, {}, False),
    ],
)
def test_a_row_is_new_when_history_says_so(now, before, new):
    """First seen within a week and not at adoption, or somebody else's until this run."""
    action = row(2, "11-19")
    known = seen_as(action, **now)
    (shown,) = owner_section(matter(action, seen=(known,), before=(known._replace(**before),))).late
    assert shown.new is new


@pytest.mark.parametrize(
    ("past", "seen"),
    [
        ({}, None),
        ({"last_change": date("11-18")}, None),
        ({"adopted": False, "first_seen": NEW, "last_change": date("11-18")}, date("11-18")),
        ({"adopted": False, "first_seen": NEW, "last_change": date("11-19")}, None),
    ],
)
def test_a_note_has_a_day_only_where_history_knows_it(past, seen):
    """Only of a row nobody changed after the day it came is it known when its note was first seen."""
    action = row(2, "11-19", note="Asked twice")
    (shown,) = owner_section(matter(action, seen=(seen_as(action, **past),))).late
    assert shown.note_seen == seen


ROWS = (row(2, "11-19"), row(3, "11-24"), row(4, blocker="No budget"), row(5, "12-24"), row(6))
WHOLE_WINDOW = ((date("11-20"), date("11-25")),)


@pytest.mark.parametrize(
    ("changes", "reader"),
    [
        ({"away": WHOLE_WINDOW}, RUI),
        ({"active": False}, RUI),
        ({"workdays": frozenset({6, 7})}, RUI),
        ({"held": True}, KIM),
        ({"active": False, "leader": ""}, KIM),
        ({"active": False, "leader": "Nobody Known"}, KIM),
        ({"name": "Ana Silva"}, KIM),
    ],
)
def test_rows_of_somebody_no_mail_reaches_need_a_stand_in(changes, reader):
    """Their leader is told, else the keeper: what is late, blocked or due soon, most pressing first."""
    of = matter(*ROWS, people=(KIM, RUI, JO, ANA._replace(**changes)))
    assert owner_section(of) is None
    section = owner_section(of, reader)
    assert parts(section) == {"stand_in": ["A-2", "A-4", "A-3"]}
    assert {one.owner for one in section.stand_in} == {"Ana Lima"}
    assert section.later == 0


def test_who_wants_no_mail_has_nobody_told_instead():
    """Choosing no mail does not send one's rows to somebody else."""
    of = matter(*ROWS, people=(KIM, RUI, JO, ANA._replace(mail=MailChoice.NONE)))
    assert [owner_section(of, reader) for reader in (ANA, RUI, KIM)] == [None, None, None]


@pytest.mark.parametrize("owner", ["", "Team", "Ana Lima / Jo Chen", "Somebody Else"])
def test_rows_of_groups_and_strangers_go_to_the_keeper(owner):
    """Who is meant is never guessed."""
    of = matter(row(2, "11-19", owner=owner))
    assert parts(owner_section(of, KIM)) == {"stand_in": ["A-2"]}
    assert [n.person for n in wanted(of).notices if n.kind is Kind.OWNER_WEEK] == [KIM]


def test_a_leader_who_is_away_is_stood_in_for_by_the_keeper():
    """A row goes to somebody who reads it."""
    off = {"away": WHOLE_WINDOW}
    of = matter(*ROWS, people=(KIM, RUI._replace(**off), ANA._replace(**off)))
    assert parts(owner_section(of, KIM)) == {"stand_in": ["A-2", "A-4", "A-3"]}


def test_a_stand_in_sees_no_note():
    """What is shown of somebody else's row is what a stand-in needs, and each row once."""
    actions = (
        row(2, "11-19", note="Private", owner="Jo Chen", depends_on=("A-3",)),
        row(3, "12-24", owner="Rui Costa"),
    )
    of = matter(*actions, people=(KIM, RUI, JO._replace(active=False)))
    section = owner_section(of, RUI)
    assert parts(section) == {"stand_in": ["A-2"]}
    assert (section.stand_in[0].note, section.stand_in[0].next_step_on) == ("", None)


@pytest.mark.parametrize("away", [("11-20", "11-24"), ("11-24", "11-30")])
def test_somebody_back_within_the_grace_is_mailed(away):
    """Being away for part of the two days of grace only delays the mail."""
    person = ANA._replace(away=(tuple(map(date, away)),))
    assert parts(owner_section(matter(*ROWS, people=(KIM, RUI, person))))["late"] == ["A-2"]


def test_somebody_with_other_workdays_is_mailed_on_theirs():
    """A person who begins on Thursdays gets the week's mail on Thursday, when others' time for it is over."""
    person = ANA._replace(workdays=frozenset({4, 5}))
    actions = (row(2, "11-19"), row(3, "11-19", owner="Jo Chen"))
    on_monday = wanted(matter(*actions, people=(KIM, RUI, person, JO)))
    (hers,) = (notice for notice in on_monday.notices if notice.person == person)
    assert hers.not_before == dt.datetime(2026, 11, 26, 7, 30, tzinfo=dt.UTC)
    on_thursday = wanted(matter(*actions, as_of="11-26", people=(KIM, RUI, person, JO)))
    assert [notice.person for notice in on_thursday.notices] == [person]


@pytest.mark.parametrize("choice", [MailChoice.ALL, MailChoice.WEEKLY])
def test_who_wants_weekly_mails_gets_both(choice):
    """The choice "weekly" includes both weekly mails."""
    of = matter(row(2, "11-19", owner="Rui Costa"), people=(KIM, RUI._replace(mail=choice), ANA))
    assert [notice.kind for notice in wanted(of).notices] == [Kind.OWNER_WEEK, Kind.LEADER_WEEK]


def test_notices_name_their_plan_person_and_time():
    """What the store needs to keep a notice once per person, kind and week."""
    notice = wanted(matter(row(2, "11-19"))).notices[0]
    assert (notice.plan, notice.person, notice.kind, notice.period) == ("u", ANA, Kind.OWNER_WEEK, "2026-W48")
    assert notice.not_before == dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC)
    assert notice.expires == dt.datetime(2026, 11, 25, 19, 0, tzinfo=dt.UTC)
    facts = notice.section.plan
    assert (facts.name, facts.day, facts.keeper_name, facts.keeper_address) == ("Launch", MONDAY, KIM.name, KIM.address)


def test_two_names_of_one_address_share_a_mail():
    """A person is their address: rows under both names stand in one section."""
    twin = ANA._replace(name="Ana Maria", address="ANA@plan.test")
    actions = (row(2, "11-19"), row(3, "11-18", owner="Ana Maria"))
    assert parts(owner_section(matter(*actions, people=(*TEAM, twin)))) == {"late": ["A-3", "A-2"]}
