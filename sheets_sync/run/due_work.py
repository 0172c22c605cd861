"""What one tick is to do: the periods it claimed, and plans that earlier ones left, in rounds of each plan once."""

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.job_files import FoundJobs
from sheets_sync.config.values import Config
from sheets_sync.core.health import WELL, tried_next
from sheets_sync.core.jobs import Job, Step
from sheets_sync.core.notices import Kind
from sheets_sync.run.clock import Clock
from sheets_sync.run.due_later import closed_since, last_try
from sheets_sync.run.plans import PlanRun
from sheets_sync.run.wiring import chosen_plans, log_keeping
from sheets_sync.schedule.due import due_periods
from sheets_sync.store.schedule_rows import LeftPlan
from sheets_sync.store.store import Lease, Store

MAILS: Mapping[Step, Kind] = {Step.OWNER_WEEK: Kind.OWNER_WEEK, Step.LEADER_WEEK: Kind.LEADER_WEEK}
"""What the steps mail, whatever the day."""


class Claim(NamedTuple):
    """One period of a job with the uids of its plans; `left` where it is but one plan that an earlier tick left. No job
    where people asked for these plans in their workbooks."""

    job: Job | None
    period: dt.datetime
    plans: tuple[str, ...]
    left: LeftPlan | None = None


Round = tuple[Claim, ...]
"""What is done together: a plan in several of its claims is run once, for all of them."""


class Work(NamedTuple):
    """What one tick has claimed at `now`, and how many periods were let go."""

    rounds: tuple[Round, ...]
    missed: int
    now: dt.datetime

    @property
    def total(self) -> int:
        """How many runs of plans this is."""
        return sum(len(kinds_by_plan(each)) for each in self.rounds)


def claimed_work(config: Config, store: Store, lease: Lease, found: FoundJobs, *, clock: Clock) -> Work:
    """Claim what is due now. Only the one who holds `lease` gets anything."""
    now, missed, jobs = clock.now(), 0, found.jobs
    claims: list[list[Claim]] = []
    gone = store.pauses.left() if jobs else frozenset()
    for job in jobs:
        known = store.schedule.periods(job.name, now)
        due = due_periods(job, done=known.done, since=known.since, now=now)
        if due.missed:
            store.schedule.missed(job.name, due.missed, now=now)
        missed += len(due.missed)
        plans = tuple(uid for plan in chosen_plans(config, job.plans) if (uid := plan.settings.uid) not in gone)
        mine = [period for period in due.run if store.schedule.claim(lease, job.name, period, now=now)]
        claims.append([Claim(job, period, plans) for period in mine])
    claims += [[claim] for claim in _left(config, store, found, now) if claim.plans[0] not in gone]
    rounds = zip_longest(*claims)
    return Work(tuple(tuple(claim for claim in each if claim is not None) for each in rounds), missed, now)


def looked_at(config: Config, store: Store) -> tuple[tuple[Path, ...], bool]:
    """The workbooks with a Sync log as files, whose change may mean that somebody asks; and whether there are others,
    which must be looked at in every tick."""
    kept = [plan for plan in config.plans if log_keeping(config, plan, store).is_kept()]
    files = tuple(plan.workbook for plan in kept if isinstance(plan.workbook, Path))
    return files, len(files) < len(kept)


def _left(config: Config, store: Store, jobs: FoundJobs, now: dt.datetime) -> list[Claim]:
    """The plans that earlier ticks left and that are still wanted; the others are forgotten. Those of a job whose file
    is broken wait until it is mended, those whose workbook stays in use ever longer."""
    by_name = {job.name: job for job in jobs.jobs}
    broken = {file.name for file in jobs.broken}
    fares, closed = store.health.all(), closed_since(config)
    found = []
    for left in store.schedule.left_plans():
        job = by_name.get(left.job)
        if job is None and left.job in broken:
            continue
        wanted = job is not None and now - left.period <= job.grace
        if job is None or not wanted or left.plan not in _uids(config, job):
            store.schedule.take_up(left)
            continue
        again = tried_next(fares.get(left.plan, WELL))
        if again is not None and now < min(again, last_try(left, job)) and left.plan not in closed:
            continue
        found.append(Claim(job, left.period, (left.plan,), left))
    return found


def _uids(config: Config, job: Job) -> set[str]:
    return {plan.settings.uid for plan in chosen_plans(config, job.plans)}


def kinds_by_plan(each: Round) -> Mapping[str, tuple[Kind, ...]]:
    """The plans of a round by uid, each with all kinds of mail its claims want now."""
    kinds: dict[str, dict[Kind, None]] = {}
    for claim in each:
        for uid in claim.plans:
            mailed = kinds.setdefault(uid, {})
            steps = claim.job.steps if claim.job is not None else ()
            mailed.update((MAILS[step], None) for step in steps if step in MAILS)
    return {uid: tuple(mailed) for uid, mailed in kinds.items()}


def settle(
    store: Store, claim: Claim, runs: Mapping[str, PlanRun], *, unmailed: Collection[str], now: dt.datetime
) -> tuple[str, ...]:
    """Write down what came of a claim, given the runs of its round by uid; returns the plans that wait, by uid.

    Those `unmailed`, whose mails could not all leave, wait too: to run them again costs little.
    """
    waits = tuple(uid for uid in claim.plans if uid not in runs or runs[uid].put_off or uid in unmailed)
    if claim.job is None:
        return waits
    if claim.left is None:
        code = max((run.code for uid, run in runs.items() if uid in claim.plans and not run.put_off), default=0)
        store.schedule.finish(claim.job.name, claim.period, code=code, now=now, left=waits)
    elif not waits:
        store.schedule.take_up(claim.left)
    return waits
