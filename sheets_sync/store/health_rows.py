"""Whether plans get their runs, and what happened to each, in counts and codes.

What a run means for a plan's health is decided in `core.health`; here it is kept.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sheets_sync.core.health import WELL, Cause, Facts, PlanEvent, PlanHealth, RunNote, after_run
from sheets_sync.store import plans
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.schema import plan_event as event
from sheets_sync.store.schema import plan_health as table
from sheets_sync.store.times import instant, instant_text

MOST_EVENTS = 200
"""Of each plan; older ones are forgotten."""
WROTE, MAILED, FAILED = "wrote", "mailed", "failed"
_INSTANTS = ("checked", "failing_since", "last_failure", "failed_since", "told")
_COLUMNS = tuple(table.c[name] for name in PlanHealth._fields)


class Health:
    """The health of all plans of one store. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def note(self, runs: Mapping[str, RunNote], now: dt.datetime, *, awaiting: frozenset[Cause] = frozenset()) -> None:
        """Write down what runs came to, by plan uid, and what is worth a line of each.

        A run that did all it should ends a row of failures, but for one whose last cause is among `awaiting`: whether
        that is over is not known yet. The same cause again makes no further line.
        """
        with writing(self._engine) as connection:
            before = _read(connection)
            changed: dict[str, PlanHealth] = {}
            for uid, run in runs.items():
                known = before.get(uid, WELL)
                after = after_run(known, run, now)
                if run.cause is None and known.reason in awaiting:
                    after = known._replace(checked=after.checked)
                if after != known:
                    changed[uid] = after
                for kind, facts in _lines(known, after, run):
                    _add(connection, uid, PlanEvent(now, kind, facts))
            _write(connection, changed)

    def health(self, plan: str) -> PlanHealth:
        """How a plan fares; that of a plan nothing is known of where the store never heard of it."""
        with reading(self._engine) as connection:
            return _read(connection, plan).get(plan, WELL)

    def all(self) -> Mapping[str, PlanHealth]:
        """How every plan fares that was noted, by uid."""
        with reading(self._engine) as connection:
            return _read(connection)

    def note_told(self, uids: Iterable[str], told: dt.datetime | None) -> None:
        """Note when the keeper was told of these plans' rows of failures; None: was not, after all."""
        text = instant_text(told) if told is not None else None
        chosen = sa.select(plan_table.c.id).where(plan_table.c.uid.in_(tuple(uids)))
        with writing(self._engine) as connection:
            connection.execute(table.update().where(table.c.plan.in_(chosen)).values(told=text))

    def add_event(self, plan: str, kind: str, facts: Facts, *, now: dt.datetime) -> None:
        """Write down that something happened to a plan; see `PlanEvent`."""
        with writing(self._engine) as connection:
            _add(connection, plan, PlanEvent(now, kind, facts))

    def events(self, plan: str, limit: int = MOST_EVENTS) -> tuple[PlanEvent, ...]:
        """What happened to a plan, newest first."""
        query = sa.select(event.c.at, event.c.kind, event.c.facts).join(plan_table, plan_table.c.id == event.c.plan)
        query = query.where(plan_table.c.uid == plan).order_by(event.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(PlanEvent(instant(at), kind, json.loads(facts)) for at, kind, facts in rows)


def _lines(before: PlanHealth, after: PlanHealth, run: RunNote) -> Iterable[tuple[str, Facts]]:
    """What of a run is worth a line. A broken job file is none: those who read the lines cannot mend it."""
    if run.wrote:
        yield WROTE, dict(run.wrote)
    if run.mails:
        yield MAILED, {"mails": run.mails}
    if run.cause is not None and run.cause is not Cause.JOBS and run.cause.value != before.reason:
        yield FAILED, {"reason": run.cause.value, "failures": after.failures}


def _read(connection: sa.Connection, uid: str = "") -> Mapping[str, PlanHealth]:
    query = sa.select(plan_table.c.uid, *_COLUMNS).join(plan_table, plan_table.c.id == table.c.plan)
    if uid:
        query = query.where(plan_table.c.uid == uid)
    return {row.uid: _health(row) for row in connection.execute(query)}


def _health(row: sa.Row[Any]) -> PlanHealth:
    values = row._asdict()
    del values["uid"]
    at = {name: instant(values[name]) if values[name] is not None else None for name in _INSTANTS}
    return PlanHealth(**(values | at))


def _write(connection: sa.Connection, changed: Mapping[str, PlanHealth]) -> None:
    """All at once: a thousand plans are noted in one statement."""
    if not changed:
        return
    known = {row.uid: row.id for row in connection.execute(sa.select(plan_table.c.uid, plan_table.c.id))}
    rows = []
    for uid, health in changed.items():
        at = {name: instant_text(value) if (value := getattr(health, name)) is not None else None for name in _INSTANTS}
        plan = known[uid] if uid in known else plans.plan_to_change(connection, uid).id
        rows.append({"plan": plan, **health._asdict(), **at})
    added = insert(table)
    new = {name: added.excluded[name] for name in PlanHealth._fields}
    connection.execute(added.on_conflict_do_update(index_elements=["plan"], set_=new), rows)


def _add(connection: sa.Connection, uid: str, added: PlanEvent) -> None:
    plan = plans.plan_to_change(connection, uid).id
    facts = json.dumps(dict(added.facts), sort_keys=True)
    connection.execute(event.insert().values(plan=plan, at=instant_text(added.at), kind=added.kind, facts=facts))
    kept = sa.select(event.c.id).where(event.c.plan == plan).order_by(event.c.id.desc())
    oldest = connection.scalar(kept.offset(MOST_EVENTS - 1).limit(1))
    if oldest is not None:
        connection.execute(event.delete().where(event.c.plan == plan, event.c.id < oldest))
