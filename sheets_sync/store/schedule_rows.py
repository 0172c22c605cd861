"""What was done of the periods of jobs: each at most once, whatever asks and however often.

Whoever works on what is due holds one lease of the store (SCHEDULE), and every claim sees in its own transaction that
the lease is still good: so a period that is "running" when it is claimed was left by a run that died or lost its lease.
Several configurations may share a store, each with a job "sync": their rows and their leases are told apart.
Not here: which periods there are (`schedule.due`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store import leases
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.leases import Lease
from sheets_sync.store.schema import job_period as table
from sheets_sync.store.times import instant, instant_text

SCHEDULE = ":schedule"
"""The lease of whoever runs what is due begins with this."""
KEPT = dt.timedelta(days=400)
RUNNING, DONE, MISSED, SEEN, LEFT = "running", "done", "missed", "seen", "left"
SETTLED = (DONE, MISSED, SEEN)
_A_MOMENT = dt.timedelta(microseconds=1)
_WITH_PLAN = "/"


class Periods(NamedTuple):
    """What is known of a job: its periods after `since` that are settled. Up to `since` all are settled."""

    since: dt.datetime
    done: frozenset[dt.datetime]


class JobRun(NamedTuple):
    """A period of a job, and what came of it: `state` is "running", "done" or "missed", `code` an exit code."""

    job: str
    period: dt.datetime
    state: str
    started: dt.datetime
    finished: dt.datetime | None
    code: int


class LeftPlan(NamedTuple):
    """A plan (by uid) that a period of a job could not get to yet."""

    job: str
    plan: str
    period: dt.datetime


class Schedule:
    """The periods of the jobs of one configuration, of which `whose` is a name without ":" ("" = the only one). Every
    method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine, whose: str = "") -> None:
        self._engine = engine
        self._whose = f"{whose}:" if whose else ""
        self.lease = f"{SCHEDULE} {whose}" if whose else SCHEDULE

    def periods(self, job: str, now: dt.datetime) -> Periods:
        """What is known of this job; one never seen before is noted, so that nothing before `now` is ever due. What an
        earlier program noted of one of this name, whatever its configuration, goes to the first that asks."""
        plain, job = job, self._whose + job
        mine, settled = table.c.job == job, table.c.state.in_(SETTLED)
        upto = sa.func.max(table.c.period).filter(settled, table.c.period <= instant_text(now))
        begun = sa.func.min(table.c.period).filter(table.c.state == RUNNING)
        with writing(self._engine) as connection:
            last, unfinished = connection.execute(sa.select(upto, begun).where(mine)).one()
            if last is None and unfinished is None and _adopted(connection, plain, job):
                last, unfinished = connection.execute(sa.select(upto, begun).where(mine)).one()
            if last is None and unfinished is None:
                _insert(connection, _row(job, now, SEEN, now))
                last = instant_text(now)
            since = min(instant(text) for text in (last, unfinished) if text is not None)
            if unfinished is not None:
                since -= _A_MOMENT
            later = sa.select(table.c.period).where(mine, settled, table.c.period > instant_text(since))
            return Periods(since, frozenset(map(instant, connection.scalars(later))))

    def claim(self, lease: Lease, job: str, period: dt.datetime, *, now: dt.datetime) -> bool:
        """Begin a period, one that somebody else began and did not end too; False when it is settled, or the lease
        of this name is somebody else's by now. Plans an earlier period left are no longer looked for."""
        job = self._whose + job
        with writing(self._engine) as connection:
            if lease.name != self.lease or not leases.is_held(connection, lease, now):
                return False
            mine = (table.c.job == job, table.c.period == instant_text(period))
            state = connection.scalar(sa.select(table.c.state).where(*mine))
            if state is None:
                connection.execute(table.insert().values(_row(job, period, RUNNING, now)))
            elif state == RUNNING:
                connection.execute(table.update().where(*mine).values(started=instant_text(now)))
            else:
                return False
            connection.execute(table.delete().where(table.c.state == LEFT, table.c.job.startswith(_left_of(job, ""))))
            return True

    def finish(self, job: str, period: dt.datetime, *, code: int, now: dt.datetime, left: Sequence[str] = ()) -> None:
        """End a period that was claimed. `left` are uids of plans it did not get to: they are in `left_plans`."""
        job = self._whose + job
        with writing(self._engine) as connection:
            mine = (table.c.job == job, table.c.period == instant_text(period))
            ended = {"state": DONE, "finished": instant_text(now), "code": code}
            connection.execute(table.update().where(*mine).values(ended))
            for plan in left:
                _insert(connection, _row(_left_of(job, plan), period, LEFT, now))

    def missed(self, job: str, periods: Iterable[dt.datetime], *, now: dt.datetime) -> None:
        """Let periods go, also those that a run began and did not end."""
        job = self._whose + job
        with writing(self._engine) as connection:
            for period in periods:
                begun = (table.c.job == job, table.c.period == instant_text(period), table.c.state == RUNNING)
                if connection.execute(table.update().where(*begun).values(state=MISSED)).rowcount == 0:
                    _insert(connection, _row(job, period, MISSED, now))

    def left_plans(self) -> tuple[LeftPlan, ...]:
        """The plans that periods could not get to yet, oldest period first."""
        query = sa.select(table.c.job, table.c.period).where(table.c.state == LEFT)
        query = query.where(table.c.job.startswith(self._whose))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(table.c.period, table.c.job)).all()
        parts = ((*row.job.removeprefix(self._whose).split(_WITH_PLAN, 1), instant(row.period)) for row in rows)
        return tuple(LeftPlan(job, plan, period) for job, plan, period in parts)

    def take_up(self, left: LeftPlan) -> None:
        """A plan that was left has been run, or nobody waits for it any more."""
        mine = (table.c.job == _left_of(self._whose + left.job, left.plan), table.c.period == instant_text(left.period))
        with writing(self._engine) as connection:
            connection.execute(table.delete().where(*mine, table.c.state == LEFT))

    def last(self, job: str) -> JobRun | None:
        """The last period of this job that was begun, also by an earlier program; None when there is none."""
        names = (job, self._whose + job)
        query = sa.select(table).where(table.c.job.in_(names), table.c.state.in_((RUNNING, DONE)))
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(table.c.period.desc()).limit(1)).one_or_none()
        return _job_run(job, row) if row is not None else None

    def runs(self, job: str, *, limit: int) -> tuple[JobRun, ...]:
        """The job's last periods, newest first, those that were missed too."""
        query = sa.select(table).where(table.c.job == self._whose + job, table.c.state != SEEN)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(table.c.period.desc()).limit(limit)).all()
        return tuple(_job_run(job, row) for row in rows)

    def prune(self, now: dt.datetime) -> int:
        """Forget periods older than KEPT, but the last one of each job; returns how many."""
        same = table.alias()
        newest = sa.select(sa.func.max(same.c.period)).where(same.c.job == table.c.job).scalar_subquery()
        old = table.delete().where(table.c.period < instant_text(now - KEPT), table.c.period < newest)
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount


def _adopted(connection: sa.Connection, plain: str, job: str) -> bool:
    """Give what is noted under a job's name alone the name that it has now; whether there was anything."""
    if plain == job:
        return False
    mine = (table.c.job == plain) | table.c.job.startswith(_left_of(plain, ""))
    name = sa.literal(job.removesuffix(plain)) + table.c.job
    return connection.execute(table.update().where(mine).values(job=name)).rowcount > 0


def _insert(connection: sa.Connection, row: dict[str, str | int]) -> None:
    """Insert a row unless it is there."""
    there = sa.select(table.c.job).where(table.c.job == row["job"], table.c.period == row["period"])
    if connection.scalar(there) is None:
        connection.execute(table.insert().values(row))


def _row(job: str, period: dt.datetime, state: str, now: dt.datetime) -> dict[str, str | int]:
    return {"job": job, "period": instant_text(period), "state": state, "started": instant_text(now), "code": 0}


def _left_of(job: str, plan: str) -> str:
    return f"{job}{_WITH_PLAN}{plan}"


def _job_run(job: str, row: sa.Row[tuple[str, str, str, str, str | None, int]]) -> JobRun:
    finished = instant(row.finished) if row.finished else None
    return JobRun(job, instant(row.period), row.state, instant(row.started), finished, row.code)
