"""Which notices a run wants, what it looked at, and what no section ever shows (HAZARDS 24, DOMAIN 5.6)."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from notify.planning import (
    ANA,
    JO,
    KIM,
    MONDAY,
    RUI,
    TEAM,
    date,
    finding,
    leader_section,
    matter,
    owner_section,
    parts,
    row,
)

from sheets_sync.core.history import History
from sheets_sync.core.model import Finding, Severity, Status
from sheets_sync.core.notices import NO_NOTICES, Kind, LeaderSection, OwnerSection, Row, Wanted
from sheets_sync.core.persons import Directory, MailChoice, PlanMail
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.notify.choose import wanted
from sheets_sync.notify.matter import Matter
from sheets_sync.run.judge import judge
from sheets_sync.run.tabs_read import read_plan
from sheets_sync.workbooks.memory import MemoryWorkbook

LATE = row(2, "11-19")
BOTH = ((Kind.OWNER_WEEK, "2026-W48"), (Kind.LEADER_WEEK, "2026-W48"))
DAT001 = Finding("DAT001", Severity.E, "1", 1)


@pytest.mark.parametrize(
    "of",
    [
        matter(LATE, mail=PlanMail(leaders=(RUI,))),
        matter(LATE, can_say_done=False),
    ],
)
def test_nobody_is_mailed_without_a_keeper_or_a_way_to_say_done(of):
    """There are no notices then, and what waits is dropped."""
    assert wanted(of) == Wanted(looked_at=BOTH)


def test_nobody_is_mailed_while_columns_are_unclear():
    """After DAT001 nothing is mailed."""
    of = matter(LATE)
    of = replace(of, plan=of.plan._replace(findings=(DAT001,)))
    assert wanted(of) == Wanted(looked_at=BOTH)


@pytest.mark.parametrize(
    ("as_of", "at", "kinds"),
    [
        ("11-22", "12:00", []),
        ("11-23", "00:00", [Kind.OWNER_WEEK, Kind.LEADER_WEEK]),
        ("11-23", "12:00", [Kind.OWNER_WEEK, Kind.LEADER_WEEK]),
        ("11-25", "18:59", [Kind.OWNER_WEEK, Kind.LEADER_WEEK]),
        ("11-25", "19:00", []),
        ("11-28", "12:00", []),
    ],
)
def test_notices_are_made_until_the_grace_is_over(as_of, at, kinds):
    """From the first run of the week to the evening of Wednesday; later, what waits is left to expire."""
    found = wanted(matter(LATE, as_of=as_of, at=at))
    assert [notice.kind for notice in found.notices] == kinds
    assert found.looked_at == (BOTH if kinds else ())


def test_a_week_without_a_working_day_has_no_notices():
    """Nothing is sent in a shutdown."""
    days = frozenset(MONDAY + dt.timedelta(days=n) for n in range(5))
    settings = PlanSettings("u", calendar=CalendarSettings(holidays=days))
    assert wanted(matter(LATE, settings=settings)) == NO_NOTICES


def test_a_mended_row_takes_its_notice_away():
    """The period was looked at, so a waiting notice that is not wanted any more is dropped."""
    found = wanted(matter(LATE._replace(due=row(2, "12-24").due)))
    assert [notice.kind for notice in found.notices] == [Kind.LEADER_WEEK]
    assert found.looked_at == BOTH


def test_the_run_that_adopts_makes_notices():
    """They wait for the keeper's release, and speak of nothing that history would have to know."""
    found = wanted(matter(LATE, findings=(finding(2),), history=History()))
    assert [notice.kind for notice in found.notices] == [Kind.OWNER_WEEK, Kind.LEADER_WEEK]
    (late,) = found.notices[0].section.late
    assert (late.new, late.note_seen, late.fixes, late.days_late) == (False, None, (), 1)


SECRETS = ("action", "note", "blocker", "need", "done_when")
OWNERS = ("Ana Lima", "Jo Chen", "Rui Costa", "Kim Keeper", "Ann Other", "Team", "", "ana lima", "Jo Chen, Ana Lima")
OTHER = JO._replace(name="Ann Other", address="ann@plan.test", leader="Jo Chen")
STATUSES = (Status.IN_PROGRESS, Status.PLANNED, Status.BLOCKED, Status.DONE, Status.ON_HOLD, Status.UNKNOWN)
AWAY = ((date("11-20"), date("11-30")),)


def secret(number: int, what: str) -> str:
    """A text that stands in one cell of one row only."""
    return f"<{what} of row {number}>"


@st.composite
def plans(draw) -> Matter:
    """A plan of up to eight rows, each cell with a text of its own, and people of every kind."""
    actions = []
    for number in range(2, 2 + draw(st.integers(1, 8))):
        due = draw(st.one_of(st.none(), st.integers(-30, 20).map(lambda days: MONDAY + dt.timedelta(days=days))))
        texts = {what: secret(number, what) if what == "action" or draw(st.booleans()) else "" for what in SECRETS}
        actions.append(
            row(
                number,
                due.isoformat() if due else None,
                key=f"<id {number}>",
                owner=draw(st.sampled_from(OWNERS)),
                status=draw(st.sampled_from(STATUSES)),
                high_priority=draw(st.booleans()),
                depends_on=tuple(f"<id {n}>" for n in draw(st.frozensets(st.integers(2, 9), max_size=2))),
                goal=(secret(number, "goal"),),
                **texts,
            )
        )
    changes = st.sampled_from(
        [{}, {}, {}, {"away": AWAY}, {"active": False}, {"held": True}, {"mail": MailChoice.NONE}]
    )
    people = [person._replace(**draw(changes)) for person in (*TEAM, OTHER)]
    found = [finding(action.row, facts=(("text", secret(action.row, "finding")),)) for action in actions]
    leaders = tuple(person for person in people if draw(st.booleans()))
    mail = PlanMail(keeper=next(one for one in people if one.name == KIM.name), leaders=leaders)
    return matter(*actions, people=tuple(people), findings=tuple(found), mail=mail)


def allowed_texts(rows: tuple[Row, ...], whats: tuple[str, ...]) -> set[str]:
    return {text for one in rows for text in (one.key, *(secret(one.row, what) for what in whats))}


def texts_of(number: int) -> set[str]:
    """Everything that stands in one row only."""
    return {f"<id {number}>", *(secret(number, what) for what in (*SECRETS, "goal", "finding"))}


@with_settings(max_examples=60, deadline=None)
@given(plans())
def test_no_owner_reads_of_another_owners_rows(of):
    """Of others' rows an Owner's week shows the title and id of those that wait for its reader, and what somebody who
    stands in must know; nothing else of any other row, and never somebody who waits by name."""
    people = of.directory
    for notice in wanted(of).notices:
        section = notice.section
        if not isinstance(section, OwnerSection):
            continue
        reader = notice.person.identity
        own = {one.row for one in of.actions if (who := people.find(one.owner)) and who.identity == reader}
        allowed = set().union(*(texts_of(number) for number in own))
        allowed |= allowed_texts(section.waiting, ("action",))
        allowed |= allowed_texts(section.stand_in, ("action", "blocker", "need"))
        shown = repr(section)
        leaked = {text for one in of.actions for text in texts_of(one.row) if text in shown} - allowed
        assert not leaked
        for part in ("finished", "late", "blocked", "due_soon", "fixes"):
            assert {one.row for one in getattr(section, part)} <= own
        own_keys = {f"<id {number}>" for number in own}
        waiting = {one.row for one in section.waiting}
        assert all(own_keys & set(one.depends_on) for one in of.actions if one.row in waiting)
        assert not {one.owner for one in (*section.waiting, *section.late)} - {""}
        listed = [one.row for part in OwnerSection._fields[1:-1] for one in getattr(section, part)]
        assert len(listed) == len(set(listed))


@with_settings(max_examples=60, deadline=None)
@given(plans())
def test_no_stand_in_is_asked_for_somebody_who_is_mailed(of):
    """A row stands with its owner or with who stands in, never with both, and only with their leader or the keeper."""
    own, stood_in = set(), set()
    for notice in wanted(of).notices:
        if isinstance(notice.section, OwnerSection):
            mine = {one.row for part in ("late", "blocked", "due_soon") for one in getattr(notice.section, part)}
            own |= mine
            for one in notice.section.stand_in:
                owner = of.directory.find(of.actions[one.row - 2].owner)
                leads = owner is not None and of.directory.find(owner.leader) == notice.person
                assert leads or notice.person.name == KIM.name
                assert one.row not in stood_in
                stood_in.add(one.row)
    assert not own & stood_in


@with_settings(max_examples=60, deadline=None)
@given(plans())
def test_no_name_stands_beside_a_figure(of):
    """The leader's week names people beside decisions asked and thanks only; without those rows no name is left."""
    for notice in wanted(of).notices:
        section = notice.section
        if not isinstance(section, LeaderSection):
            continue
        figures = repr(section._replace(plan=None, decisions=(), finished=()))
        assert not [name for name in OWNERS if name and name in figures]
        assert not [one for one in section.finished if one.owner and one.days_late]
        hidden = {"note", "goal", "finding"}
        assert not [what for what in hidden for one in of.actions if secret(one.row, what) in repr(section)]
        assert all(type(value) in (int, type(None)) for value in figures_of(section))


def figures_of(section: LeaderSection) -> list:
    names = ("live", "done", "late", "blocked", "due_next", "late_before", "more_decisions", "flagged", "unreached")
    return [getattr(section, name) for name in names]


def test_the_order_of_people_changes_nothing():
    """The same plan gives the same notices in the same order."""
    actions = [row(n, "11-19", owner=owner) for n, owner in enumerate(OWNERS, 2)]
    first = wanted(matter(*actions)).notices
    for seed in range(3):
        people = random.Random(seed).sample(TEAM, len(TEAM))
        assert wanted(matter(*actions, people=tuple(people))).notices == first


ROWS = (
    ("ID", "Ação", "Responsável", "Prazo", "Situação", "Impedimento", "Observações"),
    (
        "P-7",
        "Publicar a lista de preços na intranet",
        "Ana Lima",
        dt.date(2026, 11, 2),
        "Em andamento",
        None,
        "Falta OK",
    ),
    (
        "P-9",
        "Contratar dois operadores para a linha 2",
        "Ana Lima",
        dt.date(2026, 12, 24),
        "Em andamento",
        "Verba",
        None,
    ),
    ("P-4", "Trocar o rolamento da prensa 3", "Qualidade", dt.date(2026, 11, 24), "Não iniciada", None, None),
    ("P-5", "Treinar doze pessoas da linha 2", "Rui Costa", dt.date(2026, 11, 18), "Concluída", None, None),
    ("P-6", "Medir o refugo da linha 2 a cada turno", "Rui Costa", dt.date(2026, 11, 18), "Frobbing", None, None),
)


def test_a_real_tab_becomes_notices():
    """From the cells of a Portuguese plan that was just adopted to what each reader is told."""
    settings = PlanSettings("u", "Plano", language="pt", timezone="America/Sao_Paulo", tabs=("Plano",))
    book = MemoryWorkbook.of({"Plano": list(ROWS)})
    now = dt.datetime(2026, 11, 23, 9, 40, tzinfo=dt.UTC)
    judged = judge(read_plan(book, settings), History(), settings, as_of=MONDAY, now=now)
    of = Matter(
        settings=settings,
        mail=PlanMail(keeper=KIM, leaders=(RUI,)),
        directory=Directory(TEAM),
        plan=judged.plan,
        actions=judged.identified.actions,
        assessments=judged.assessments,
        findings=judged.findings,
        history=History(),
        seen=judged.seen,
        as_of=MONDAY,
        now=now,
    )
    assert parts(owner_section(of)) == {"late": ["P-7"], "blocked": ["P-9"]}
    assert parts(owner_section(of, KIM)) == {"stand_in": ["P-4"]}
    section = leader_section(of)
    assert (section.live, section.done, section.late, section.blocked, section.due_next) == (3, 1, 1, 1, 1)
    assert section.unchecked[-1] == ("unknown_status", (("status", "Frobbing"), ("count", "1")))
    assert (section.decisions, section.finished, section.unreached) == ((), (), 1)


def test_a_reader_in_two_parts_gets_one_section():
    """Own rows, rows that wait and rows to stand in for are one notice."""
    actions = (
        row(2, "11-19", owner="Rui Costa"),
        row(3, "11-24", owner="Jo Chen", depends_on=("A-2",)),
        row(4, "11-19"),
    )
    of = matter(*actions, people=(KIM, RUI, JO, ANA._replace(active=False)))
    section = owner_section(of, RUI)
    assert [len(part) for part in (section.late, section.waiting, section.stand_in)] == [1, 1, 1]
