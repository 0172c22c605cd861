"""What the leader's week holds: facts about the plan, decisions to take, and no figure about a person (DOMAIN 5.4)."""

import pytest
from notify.planning import ANA, DONE, JO, KIM, RUI, TEAM, date, finding, leader_section, matter, row, seen_as

from sheets_sync.core.model import Severity, Status
from sheets_sync.core.notices import FixCount, Kind
from sheets_sync.core.persons import MailChoice, PlanMail
from sheets_sync.core.plan import UnknownStatus
from sheets_sync.notify.choose import wanted

BLOCKED = Status.BLOCKED


def recipients(of) -> list[str]:
    """Who gets the leader's week."""
    return [notice.person.name for notice in wanted(of).notices if notice.kind is Kind.LEADER_WEEK]


@pytest.mark.parametrize(
    ("leaders", "names"),
    [
        ((RUI,), ["Rui Costa"]),
        ((JO, RUI, JO), ["Jo Chen", "Rui Costa"]),
        ((), ["Kim Keeper"]),
        ((RUI._replace(active=False),), ["Kim Keeper"]),
        ((RUI._replace(held=True), JO), ["Jo Chen"]),
        ((RUI._replace(mail=MailChoice.NONE),), ["Kim Keeper"]),
        ((RUI._replace(away=((date("11-01"), date("12-24")),)), JO), ["Jo Chen"]),
    ],
)
def test_each_leader_gets_it_else_the_keeper(leaders, names):
    """One for each leader whom a mail reaches, also when nothing needs them."""
    assert recipients(matter(mail=PlanMail(keeper=KIM, leaders=leaders), people=(KIM,))) == names


def test_a_quiet_week_is_told_in_figures():
    """Nothing needs the leader: the section says so by being empty."""
    section = leader_section(matter(row(2, "12-24"), row(3, status=DONE, done_on="10-30")))
    assert (section.live, section.done, section.late, section.blocked, section.due_next) == (1, 1, 0, 0, 0)
    assert (section.decisions, section.finished, section.commonest_fixes, section.unchecked) == ((), (), (), ())
    assert (section.first, section.last) == (date("11-16"), date("11-22"))


def test_each_row_counts_once_as_late_or_blocked():
    """The counts are of the plan's rows as they stand."""
    actions = (
        row(2, "11-19"),
        row(3, "11-19", status=BLOCKED),
        row(4, "11-24", blocker="No budget"),
        row(5, "11-29"),
        row(6, "11-30"),
        row(7, "11-18", status=Status.UNKNOWN),
        row(8, "11-18", status=Status.PROPOSED),
        row(9, "11-18", status=Status.CANCELLED),
        row(10, "11-18", status=DONE),
        row(11, "11-18", status=Status.VERIFIED),
    )
    section = leader_section(matter(*actions))
    assert (section.live, section.done) == (5, 2)
    assert (section.late, section.blocked, section.due_next) == (2, 1, 1)


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (row(2, "11-06"), True),
        (row(2, "11-09"), False),
        (row(2, "11-13", high_priority=True), True),
        (row(2, "11-16", high_priority=True), False),
        (row(2, "01-05", status=Status.ON_HOLD), False),
        (row(2, "01-05", status=DONE), False),
        (row(2, "12-24", status=BLOCKED, need="Budget OK"), True),
        (row(2, blocker="No budget", need="Budget OK"), True),
        (row(2, "12-24", status=BLOCKED), False),
        (row(2, "12-24", need="Budget OK"), False),
        (row(2, "11-19", status=BLOCKED, need="Budget OK"), True),
        (row(2, "01-05", owner="Team"), True),
        (row(2, "01-05", status=Status.UNKNOWN), False),
    ],
)
def test_only_what_a_leader_can_decide_is_asked(action, asked):
    """Rows late for ten working days (five where the priority is high), and blocked rows that say what they need."""
    section = leader_section(matter(action))
    assert (len(section.decisions), section.more_decisions) == (int(asked), 0)


def test_a_row_of_somebody_away_is_no_decision():
    """It needs a stand-in, and is not held against its owner."""
    away = ANA._replace(away=((date("11-01"), date("12-24")),))
    actions = (row(2, "10-05"), row(3, blocker="No budget", need="Budget OK"))
    assert leader_section(matter(*actions, people=(KIM, RUI, away))).decisions == ()


def test_the_five_latest_are_asked_and_the_rest_counted():
    """Most days late first, then high priority, then the order of the plan; the ask is the row's need."""
    actions = [row(n, "11-02", owner="Jo Chen") for n in range(2, 7)]
    actions += [row(7, "11-02", high_priority=True), row(8, "10-05"), row(9, blocker="No budget", need="Budget OK")]
    section = leader_section(matter(*actions))
    assert [one.key for one in section.decisions] == ["A-8", "A-7", "A-2", "A-3", "A-4"]
    assert section.more_decisions == 3
    assert [one.owner for one in section.decisions] == ["Ana Lima", "Ana Lima", "Jo Chen", "Jo Chen", "Jo Chen"]
    (asked,) = leader_section(matter(actions[-1])).decisions
    assert (asked.need, asked.blocker, asked.days_late, asked.note) == ("Budget OK", "No budget", 0, "")


def test_what_an_owner_was_told_is_what_the_leader_gets():
    """On the day named to the owner the row is a decision, and on no leader's week before."""
    for due in ("10-19", "11-06", "11-09", "11-12", "11-19"):
        action = row(2, due)
        told = next(n for n in wanted(matter(action)).notices if n.kind is Kind.OWNER_WEEK)
        day = told.section.late[0].next_step_on
        mondays = ("11-23", "11-30", "12-07", "12-14")
        asked = [date(monday) for monday in mondays if leader_section(matter(action, as_of=monday)).decisions]
        assert asked[0] == day


@pytest.mark.parametrize("as_of", ["11-24", "11-25"])
def test_a_late_mail_asks_no_more_than_the_sending_day_did(as_of):
    """A row that passed ten days since Monday waits for the next Monday, as its owner was told."""
    assert leader_section(matter(row(2, "11-09"), as_of=as_of)).decisions == ()


@pytest.mark.parametrize(
    ("changes", "owner"),
    [
        ({"done_on": "11-18", "due": "11-18"}, "Ana Lima"),
        ({"done_on": "11-16", "due": "11-18"}, "Ana Lima"),
        ({"done_on": "11-22", "due": "11-21"}, "Ana Lima"),
        ({"done_on": "11-19", "due": "11-18"}, ""),
        ({"done_on": "11-19"}, ""),
        ({"done_on": "11-18", "due": "11-18", "owner": "Team"}, ""),
        ({"done_on": "11-18", "due": "11-18", "owner": "Jo Chen"}, ""),
        ({"done_on": "11-15", "due": "11-18"}, None),
        ({"done_on": "11-23", "due": "11-23"}, None),
    ],
)
def test_thanks_name_who_finished_on_the_promised_date(changes, owner):
    """What was finished in the week that ended; with a name only where it was on time and its owner wants mails."""
    action = row(2, status=DONE, **changes)
    of = matter(action, people=(KIM, RUI, ANA, JO._replace(mail=MailChoice.NONE)))
    assert [one.owner for one in leader_section(of).finished] == ([] if owner is None else [owner])


@pytest.mark.parametrize(
    ("promised", "done", "owner"),
    [("11-17", "11-18", ""), ("11-18", "11-18", "Ana Lima"), ("11-15", "11-16", "Ana Lima"), ("11-15", "11-17", "")],
)
def test_who_moved_the_date_is_not_thanked_for_keeping_it(promised, done, owner):
    """What counts is the date first promised; one on a day off is kept on the working day after it."""
    action = row(2, status=DONE, due="11-20", done_on=done)
    of = matter(action, seen=(seen_as(action, baseline_due=date(promised)),))
    assert [one.owner for one in leader_section(of).finished] == [owner]


def test_finished_rows_stand_in_order_of_their_day():
    """The first finished comes first; what was done at adoption is not shown."""
    actions = (
        row(2, status=DONE, done_on="11-19"),
        row(3, status=DONE, done_on="11-16"),
        row(4, status=DONE),
        row(5, status=DONE),
        row(6, status=Status.CANCELLED, done_on="11-18"),
    )
    section = leader_section(matter(*actions, seen=(seen_as(actions[3], done_seen=date("11-17")),)))
    assert [one.key for one in section.finished] == ["A-3", "A-5", "A-2"]


def test_the_three_commonest_fixes_count_rows():
    """Rows by code, most rows first; a rule that is house style counts all it hits, hints and ignored ones do not."""
    found = [finding(n, "ACT002") for n in (2, 3, 3)] + [finding(n, "OWN001", Severity.E) for n in (2, 4)]
    found += [finding(n, "ACT003", Severity.H, silenced="collapsed") for n in (2, 3, 4)]
    found += [finding(5, "DUE004", Severity.E), finding(6, "ACT005", Severity.I)]
    found += [finding(n, "DUE001", silenced="ignored") for n in (2, 3, 4, 5)] + [finding(0, "DAT002")]
    section = leader_section(matter(*(row(n, "12-24") for n in range(2, 7)), findings=tuple(found)))
    assert section.commonest_fixes == (FixCount("ACT003", 3), FixCount("ACT002", 2), FixCount("OWN001", 2))
    assert section.flagged == 4


def test_what_was_not_checked_is_said():
    """The plan's notes, then the status words nobody mapped."""
    notes = (("not_checked", (("column", "start"), ("tab", "Actions"))),)
    of = matter(row(2), notes=notes, unknown_statuses=(UnknownStatus("Frobbing", 3),))
    assert leader_section(of).unchecked == (*notes, ("unknown_status", (("status", "Frobbing"), ("count", "3"))))


def test_rows_that_reach_nobody_are_counted():
    """Live rows of groups, strangers and people who are never mailed; of somebody away they are not."""
    people = (KIM, RUI, ANA._replace(away=((date("11-01"), date("12-24")),)), JO._replace(mail=MailChoice.NONE))
    owners = ("", "Team", "Somebody Else", "Jo Chen", "Ana Lima", "Rui Costa")
    actions = [row(n, "12-24", owner=owner) for n, owner in enumerate(owners, 2)]
    of = matter(*actions, row(9, status=DONE, owner="Team"), people=people)
    assert (leader_section(of).unreached, wanted(of).unreached) == (4, 4)


def test_last_weeks_late_rows_are_handed_on():
    """The figure of the week before is given, or is not known."""
    assert leader_section(matter(people=TEAM), late_before=4).late_before == 4
    assert leader_section(matter(people=TEAM)).late_before is None
