"""What the store keeps of whether plans get their runs."""

import datetime as dt
import sqlite3

from sheets_sync.core.health import WELL, Cause, RunNote
from sheets_sync.store.health_rows import MOST_EVENTS
from sheets_sync.store.store import Store

NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OPEN, GOOD = RunNote(Cause.OPEN), RunNote(checked=True)
PLAN = "p-000001"


def test_health_comes_back_as_it_was_noted(store, place):
    """Also after the store was closed, and of a plan it never heard of."""
    assert store.health.health(PLAN) == WELL
    store.health.note({PLAN: RunNote(Cause.MASS, checked=True), "p-000002": GOOD}, NOW)
    store.health.note({PLAN: OPEN}, NOW + HOUR)
    store.health.note_told([PLAN], NOW + HOUR)
    store.close()
    again = Store.open(place)
    kept = again.health.all()
    assert kept[PLAN] == again.health.health(PLAN) == (NOW, NOW, NOW + HOUR, 2, "open", NOW, NOW + HOUR)
    assert kept["p-000002"] == WELL._replace(checked=NOW)
    again.health.note_told([PLAN], None)
    assert again.health.health(PLAN).told is None
    again.close()


def test_a_row_that_is_awaited_is_not_over(store):
    """A plan that was read well has been checked, but whether it can be mailed is told later."""
    store.health.note({PLAN: RunNote(Cause.MAIL)}, NOW)
    store.health.note({PLAN: GOOD}, NOW + HOUR, awaiting=frozenset({Cause.MAIL}))
    assert store.health.health(PLAN) == (NOW + HOUR, NOW, NOW, 1, "mail", NOW, None)
    store.health.note({PLAN: RunNote()}, NOW + HOUR)
    assert store.health.health(PLAN) == WELL._replace(checked=NOW + HOUR)
    store.health.note({PLAN: OPEN}, NOW)
    store.health.note({PLAN: GOOD}, NOW + HOUR, awaiting=frozenset({Cause.MAIL}))
    assert not store.health.health(PLAN).failures


def test_a_run_leaves_a_line_where_something_happened(store):
    """It wrote, it mailed, or it failed for another reason than the run before."""
    store.health.note({PLAN: GOOD}, NOW)
    store.health.note({PLAN: GOOD._replace(wrote=(("cells", 12),), mails=2)}, NOW)
    for cause in (Cause.OPEN, Cause.OPEN, Cause.MASS, None, Cause.MASS):
        store.health.note({PLAN: RunNote(cause)}, NOW + HOUR)
    store.health.add_event(PLAN, "asked", {}, now=NOW + 2 * HOUR)
    told = [(event.kind, dict(event.facts)) for event in reversed(store.health.events(PLAN))]
    assert told == [
        ("wrote", {"cells": 12}),
        ("mailed", {"mails": 2}),
        ("failed", {"reason": "open", "failures": 1}),
        ("failed", {"reason": "DAT007", "failures": 3}),
        ("failed", {"reason": "DAT007", "failures": 1}),
        ("asked", {}),
    ]
    assert store.health.events(PLAN, 1)[0].at == NOW + 2 * HOUR
    assert not store.health.events("p-000002")


def test_old_lines_are_forgotten_plan_by_plan(store):
    """The newest stay, and nobody else's go."""
    store.health.add_event("p-000002", "asked", {}, now=NOW)
    for number in range(MOST_EVENTS + 3):
        store.health.add_event(PLAN, "wrote", {"cells": number}, now=NOW)
    kept = store.health.events(PLAN, 1000)
    assert [event.facts["cells"] for event in kept] == list(range(MOST_EVENTS + 2, 2, -1))
    assert len(store.health.events("p-000002")) == 1


def test_notes_that_change_nothing_write_nothing(store, place):
    """A second look at what mailing came to costs no write to the disk."""
    store.health.note({PLAN: OPEN}, NOW)
    store.health.note({PLAN: RunNote(checked=True)}, NOW)

    watching = sqlite3.connect(next(place.glob("*.db")))
    before = watching.execute("PRAGMA data_version").fetchone()
    store.health.note({PLAN: RunNote()}, NOW + HOUR)
    assert watching.execute("PRAGMA data_version").fetchone() == before
    store.health.note({PLAN: OPEN}, NOW + HOUR)
    assert watching.execute("PRAGMA data_version").fetchone() != before
    watching.close()


def test_what_is_forgotten_of_a_plan_is_its_health_too(store):
    """No failure and no line of a plan outlives it."""
    store.health.note({PLAN: RunNote(Cause.MASS, wrote=(("cells", 1),))}, NOW)
    store.forget(PLAN)
    assert store.health.health(PLAN) == WELL
    assert not store.health.events(PLAN)
