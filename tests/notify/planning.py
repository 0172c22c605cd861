"""Short ways to make a plan, its people and its past for the tests of notices."""

import datetime as dt
from dataclasses import replace

from core.making import a_layout, an_action

from sheets_sync.core.history import History, Known
from sheets_sync.core.lifecycle import Today, assess, with_predecessors
from sheets_sync.core.model import Action, Finding, Severity, Status
from sheets_sync.core.notices import Kind, LeaderSection, OwnerSection
from sheets_sync.core.persons import Directory, Person, PlanMail
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.notify.choose import wanted
from sheets_sync.notify.matter import Matter

KIM = Person("Kim Keeper", "kim@plan.test")
RUI = Person("Rui Costa", "rui@plan.test")
ANA = Person("Ana Lima", "ana@plan.test", leader="Rui Costa")
JO = Person("Jo Chen", "jo@plan.test", leader="Rui Costa")
TEAM = (KIM, RUI, ANA, JO)
MONDAY = dt.date(2026, 11, 23)
HOLIDAY = dt.date(2026, 11, 20)
IN_OCTOBER = History(adopted_on=dt.date(2026, 10, 5))
LED_BY_RUI = PlanMail(keeper=KIM, leaders=(RUI,))
PARTS = ("finished", "late", "blocked", "due_soon", "waiting", "fixes", "stand_in")


def date(text: str) -> dt.date:
    """ "11-23" as a day of 2026."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def row(number: int, due: str | None = None, **more) -> Action:
    """Row `number` with the id A-<number>, Ana's unless said otherwise."""
    return an_action(number, due=due, **({"key": f"A-{number}"} | more))


def seen_as(action: Action, **more) -> Known:
    """How an action that has not changed since adoption in October is remembered."""
    first_seen = dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)
    known = Known(
        action.key, action.witness, first_seen, action.action, action.owner, action.due.date, action.status.status, True
    )
    return known._replace(**more)


def finding(number: int, code: str = "ACT002", severity: Severity = Severity.W, **more) -> Finding:
    """A finding about row `number`."""
    return Finding(code, severity, "1", number, **more)


def matter(
    *actions: Action,
    as_of: str | dt.date = MONDAY,
    at: str = "06:00",
    people: tuple[Person, ...] = TEAM,
    seen: tuple[Known, ...] = (),
    before: tuple[Known, ...] | None = None,
    findings: tuple[Finding, ...] = (),
    history: History = IN_OCTOBER,
    settings: PlanSettings | None = None,
    mail: PlanMail = LED_BY_RUI,
    **plan,
) -> Matter:
    """A judged plan on a day, at a wall-clock time of the plan's zone (UTC). `seen` replaces how rows are remembered,
    `before` what was known before this run (else the same)."""
    day = date(as_of) if isinstance(as_of, str) else as_of
    settings = settings or PlanSettings("u", "Launch", calendar=CalendarSettings(holidays=frozenset({HOLIDAY})))
    known = {action.key: seen_as(action) for action in actions if action.key} | {one.key: one for one in seen}
    past = {one.key: one for one in (known.values() if before is None else before)}
    history = replace(history, known=past if history.adopted_on else {})
    today = Today(day, Calendar(settings.calendar), settings, history.adopted_on, plan.get("can_say_done", True))
    assessed = {
        (a.tab, a.row): assess(a, frozenset(f.code for f in findings if f.row == a.row), known.get(a.key), today=today)
        for a in actions
    }
    return Matter(
        settings=settings,
        mail=mail,
        directory=Directory(people),
        plan=Plan(layouts=(a_layout(),), actions=actions, headings=(), **plan),
        actions=actions,
        assessments=with_predecessors(assessed, actions),
        findings=findings,
        history=history,
        seen=known,
        as_of=day,
        now=dt.datetime.combine(day, dt.time.fromisoformat(at), dt.UTC),
    )


def owner_section(of: Matter, person: Person = ANA) -> OwnerSection | None:
    """What this person's Owner's week holds; None when there is none."""
    found = [n for n in wanted(of).notices if (n.kind, n.person.identity) == (Kind.OWNER_WEEK, person.identity)]
    assert len(found) <= 1
    return found[0].section if found else None


def leader_section(of: Matter, **more) -> LeaderSection:
    """What the leaders' week holds."""
    return next(n.section for n in wanted(of, **more).notices if n.kind is Kind.LEADER_WEEK)


def parts(section: OwnerSection | None) -> dict[str, list[str]]:
    """The ids in each part of a section that has any."""
    if section is None:
        return {}
    return {part: keys for part in PARTS if (keys := [one.key for one in getattr(section, part)])}


DONE = Status.DONE
