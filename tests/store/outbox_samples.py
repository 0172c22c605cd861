"""Notices and mails to put into an outbox. Not tests."""

import datetime as dt

from store_samples import PLAN, instant

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.core.model import Field, Finding, Flag, Severity, Status
from sheets_sync.core.notices import FixCount, Kind, LeaderSection, Notice, OwnerSection, PlanFacts, Row, Wanted
from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.store.outbox import NewMail, Outbox, Queued, Waiting
from sheets_sync.store.store import Store

ANA = Person("Ana Lima", "Ana.Lima@example.com")
RUI = Person(
    "Rui Sá",
    "rui@example.com",
    ("Rui", "R. Sá"),
    "Ana Lima",
    "pt",
    "Europe/Lisbon",
    frozenset({1, 2, 5}),
    ((dt.date(2026, 12, 1), dt.date(2026, 12, 4)),),
    mail=MailChoice.WEEKLY,
    source="sheet",
    held=True,
)
WEEK = "2026-W47"
BOTH = ((Kind.OWNER_WEEK, WEEK), (Kind.LEADER_WEEK, WEEK))
SENT = Attempt(Sending.SENT, 250)
RETRY = Attempt(Sending.RETRY, 451, "busy")
UNCERTAIN = Attempt(Sending.UNCERTAIN, 0, "connection lost")
REFUSED = Attempt(Sending.REFUSED, 550, "no such mailbox")
STOP = Attempt(Sending.STOP, 535, "login refused")
WRITTEN = Attempt(Sending.WRITTEN)


def facts(plan: str = PLAN, number: float = 0) -> PlanFacts:
    """What is said of a plan read so many days after the first Monday."""
    day = instant(number).date()
    return PlanFacts(plan, "Launch \udcff", "en", "Europe/Lisbon", day, instant(number), "Eva", "eva@example.com")


def row(key: str = "A-0001", title: str = "Mend the roof") -> Row:
    """A row with something in most of its places."""
    fix = Finding("OWN001", Severity.E, "tab 1", 5, Field.OWNER, (("name", "x"),))
    where = Row("tab 1", 5, key, title, Status.BLOCKED, Flag.FIX_ROW, dt.date(2026, 11, 12), 2, True, 0.5, "no crane")
    return where._replace(note_seen=dt.date(2026, 11, 9), fixes=(fix,), serves=("Goal 1",), new=True)


def owner(title: str = "Mend the roof", *, plan: str = PLAN, number: float = 0) -> OwnerSection:
    """An owner's week with one late row."""
    return OwnerSection(facts(plan, number), late=(row(title=title),), later=3)


def leader(plan: str = PLAN) -> LeaderSection:
    """A leader's week with something in most of its places."""
    monday, sunday = dt.date(2026, 11, 9), dt.date(2026, 11, 15)
    section = LeaderSection(facts(plan), monday, sunday, 12, 3, 2, 1, 4, None, (row(),), 2)
    return section._replace(
        commonest_fixes=(FixCount("OWN001", 3),), unchecked=(("plan.hidden", (("tab", "x"),)), ("plan.odd", ()))
    )


def notice(
    person: Person = ANA, title: str = "Mend the roof", *, plan: str = PLAN, period: str = WEEK, days: float = 2
) -> Notice:
    """An owner's week from the first Monday noon on, for so many days."""
    section = owner(title, plan=plan)
    return Notice(plan, person, Kind.OWNER_WEEK, period, instant(0), instant(days), section)


def want(store: Store, *notices: Notice, plan: str = PLAN) -> None:
    """A run of the plan wants exactly these."""
    store.note_notices(plan, Wanted(notices, BOTH))


def mail(person: Person = ANA, *, route: str = "smtp", number: int = 0, days: float = 2, word: str = "") -> NewMail:
    """A mail for a day so many days after the first Monday."""
    return NewMail(
        person,
        route,
        instant(number).date(),
        ("owner-week",),
        f"<owner-week.{WEEK}.{number}@example.com>",
        f"2 late {word}",
        f"raw {word}\r\n\x00".encode(),
        f"<p>{word} \udcff</p>",
        instant(days),
    )


def queued(outbox: Outbox, person: Person = ANA, *, route: str = "smtp", number: int = 0, days: float = 2) -> int:
    """Queue a mail of all that waits for a person; its number."""
    waiting = tuple(one for one in outbox.waiting(instant(number), route=route) if one.notice.person == person)
    found = outbox.queue(mail(person, route=route, number=number, days=days), waiting, now=instant(number))
    assert found is not None
    return found


def states(outbox: Outbox) -> dict[tuple[str, str, str], tuple[str, str]]:
    """State and reason of every notice, by plan, name and period."""
    return {
        (one.notice.plan, one.notice.person.name, one.notice.period): (state, reason)
        for one, state, reason in outbox.all_notices()
    }


def the_state(outbox: Outbox) -> tuple[str, str]:
    """State and reason of the one notice there is."""
    ((_, state, reason),) = outbox.all_notices()
    return state, reason


def the_waiting(outbox: Outbox, number: float = 0, *, route: str = "smtp") -> Waiting:
    """The one notice that waits."""
    (found,) = outbox.waiting(instant(number), route=route)
    return found


def due(outbox: Outbox, number: float, *, route: str = "smtp") -> list[tuple[int, bool]]:
    """Number of each mail to try then, and whether it is a repetition."""
    return [(one.number, one.again) for one in outbox.to_send(instant(number), route=route)]


def attempted(
    outbox: Outbox, mail_number: int, attempt: Attempt, number: float = 0, next_try: float | None = None
) -> None:
    """Claim a mail and settle it."""
    assert outbox.claim(mail_number, instant(number)) is not None
    when = instant(next_try) if next_try is not None else None
    outbox.settle(mail_number, attempt, now=instant(number), next_try=when)


def newest(outbox: Outbox) -> Queued:
    """The mail queued last."""
    return outbox.mails()[0]
