"""Where an installation stands, from what was written down alone: no network, and no workbook is read. Of a workbook
that was in use only the lock file beside it is looked at."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.state import check_state
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.health import WELL, Cause, PlanHealth, is_failing, is_to_be_told, is_too_old, tried_next
from sheets_sync.core.mails import FILES, SMTP
from sheets_sync.errors import Mistake
from sheets_sync.run.clock import plan_day
from sheets_sync.run.holder import own_host
from sheets_sync.run.metrics import unsent
from sheets_sync.run.wiring import chosen_plans, jobs_owner
from sheets_sync.store.outbox import Trouble
from sheets_sync.store.pauses import Pause
from sheets_sync.store.private_file import FILE_NAME
from sheets_sync.store.runs import LOOKS_AT_NOTHING
from sheets_sync.store.store import Store
from sheets_sync.workbooks.files.lock_files import OLD, Lock, lock_on

LATELY = dt.timedelta(hours=25)
"""A computer that ticks looks at its jobs once a day at least."""
A_WHILE = dt.timedelta(hours=1)


class PlanStanding(NamedTuple):
    """Where one plan stands. `next_run` is None where no job runs it; `waits` tells that a run of it is to be made up
    for; `failing` that it has not got its runs for too long, `too_old` that it was checked too long ago. `lock` is a
    lock file of more than a day, `pause` the one it is in today; `left` tells that everything of ours was taken out of
    its workbook, so that jobs pass it over; `nobody_told` that its failure is to be mailed, and no mail
    reaches anybody."""

    plan: PlanConfig
    health: PlanHealth
    next_run: dt.datetime | None = None
    waits: bool = False
    pause: Pause | None = None
    failing: bool = False
    too_old: bool = False
    lock: Lock | None = None
    left: bool = False
    nobody_told: bool = False

    @property
    def next_try(self) -> dt.datetime | None:
        """When a run that waits for its workbook to be closed is tried again at the latest; None where none waits."""
        again = tried_next(self.health) if self.waits else None
        return again if again is None or self.next_run is None else min(again, self.next_run)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.failing or self.too_old)


class Standing(NamedTuple):
    """Where the installation stands: plans in the order of the configuration, and its mails. `unsent` counts mails that
    are made and have not left; `later` people who are told something later. `jobs` counts those that can be done,
    `scheduled` tells that something asks what is due; `mistakes` are those of job files."""

    plans: tuple[PlanStanding, ...]
    route: str
    unsent: int = 0
    later: int = 0
    off_since: dt.datetime | None = None
    trouble: Trouble | None = None
    jobs: int = 0
    scheduled: bool = False
    mistakes: tuple[Mistake, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a plan does not get its runs, or no mail can be sent."""
        return self.trouble is not None or not all(plan.is_well for plan in self.plans)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.fails or self.mistakes)


def standing(
    config: Config,
    names: Sequence[str] = (),
    *,
    now: dt.datetime,
    max_age: dt.timedelta | None = None,
    is_installed: Callable[[Config], bool] = lambda _: True,
) -> Standing:
    """Where the plans of these names (all when none is given) stand. Raises UsageError, ConfigError, StoreError.

    `is_installed` tells whether this computer asks what is due; it is asked only where no ticks were seen lately.
    """
    chosen = chosen_plans(config, names)
    check_state(config)
    found = _standing(config, chosen, now=now, max_age=max_age)
    scheduled = found.scheduled or (bool(config.found_jobs.jobs) and is_installed(config))
    known = config.found_jobs
    return found._replace(jobs=len(known.jobs), mistakes=known.mistakes, scheduled=scheduled)


def _standing(
    config: Config, chosen: Sequence[PlanConfig], *, now: dt.datetime, max_age: dt.timedelta | None
) -> Standing:
    next_runs = _next_runs(config, chosen, now)
    if not (config.state / FILE_NAME).exists():
        plans = (PlanStanding(plan, WELL, next_runs.get(plan.settings.uid)) for plan in chosen)
        return Standing(tuple(_judged(one, config, now, max_age) for one in plans), config.mail.route)
    store = Store.open(config.state, create=False, whose=jobs_owner(config))
    try:
        fares = store.health.all()
        left = {one.plan for one in store.schedule.left_plans()}
        gone = store.pauses.left()
        seen = [_plan(plan, store, fares, now)._replace(left=plan.settings.uid in gone) for plan in chosen]
        plans = (
            one._replace(next_run=next_runs.get(uid), waits=uid in left) if not one.left else one
            for one in seen
            for uid in (one.plan.settings.uid,)
        )
        judged = tuple(_with_readers(_judged(one, config, now, max_age), config, store, now) for one in plans)
        found = Standing(judged, config.mail.route, scheduled=_is_ticking(store, now))
        return _with_mails(found, config, store, now)
    finally:
        store.close()


def _plan(plan: PlanConfig, store: Store, fares: Mapping[str, PlanHealth], now: dt.datetime) -> PlanStanding:
    uid = plan.settings.uid
    health = fares.get(uid, WELL)
    last = store.state(uid).last
    if health.checked is None and last is not None and last.kind not in LOOKS_AT_NOTHING:
        health = health._replace(checked=last.finished)
    lock = None
    if health.reason == Cause.OPEN and isinstance(plan.workbook, Path):
        found = lock_on(plan.workbook)
        lock = found if found is not None and now - found.since > OLD else None
    pause = store.pauses.now(uid)
    if pause is not None and pause.until is not None and pause.until <= plan_day(now, plan.settings.timezone):
        pause = None  # the next run ends it
    return PlanStanding(plan, health, pause=pause, lock=lock)


def _judged(one: PlanStanding, config: Config, now: dt.datetime, max_age: dt.timedelta | None) -> PlanStanding:
    """With what is to be looked at; nothing is of a plan that is paused or left."""
    if one.pause is not None or one.left:
        return one
    too_old = max_age is not None and is_too_old(one.health, max_age, now)
    return one._replace(failing=is_failing(one.health, config.watching.max_defer), too_old=too_old)


def _is_ticking(store: Store, now: dt.datetime) -> bool:
    """Whether ticks were seen lately: of another computer, or of this one more than once, as a container that ticks by
    itself makes them; a single one may be a person's."""
    lately = [one for one in store.sightings.ticking(now) if abs(now - one.last) <= LATELY]
    return any(one.host != own_host() or one.last - one.first >= A_WHILE for one in lately)


def _with_readers(one: PlanStanding, config: Config, store: Store, now: dt.datetime) -> PlanStanding:
    """With whether there is nobody who can be told by mail of a failure that is to be told."""
    if one.pause is not None or not is_to_be_told(one.health, one.plan.settings, config.watching.max_defer):
        return one
    from sheets_sync.run.alert_readers import reader_of, refusals  # only where something fails
    from sheets_sync.run.post import given_up

    refused = given_up(store.outbox, now) if config.mail.route == SMTP else frozenset()
    reader = reader_of(one.plan.mail, one.plan.settings, now, refused=refusals(store.outbox, refused))
    return one._replace(nobody_told=reader is None)


def _next_runs(config: Config, plans: Sequence[PlanConfig], now: dt.datetime) -> Mapping[str, dt.datetime]:
    """When each plan's next period begins, by uid; those that no job runs are left out."""
    jobs = config.found_jobs.jobs
    if not jobs:
        return {}
    from sheets_sync.schedule.due import next_times  # only those with jobs pay for it

    times = [(job, next_times(job, now)) for job in jobs]
    found: dict[str, dt.datetime] = {}
    for plan in plans:
        uid, name = plan.settings.uid, plan.settings.name
        mine = [at for job, ats in times if not job.plans or uid in job.plans or name in job.plans for at in ats]
        if mine:
            found[uid] = min(mine)
    return found


def _with_mails(found: Standing, config: Config, store: Store, now: dt.datetime) -> Standing:
    outbox = store.outbox
    off_since = outbox.off_since()
    waiting = unsent(config, store)
    in_use = off_since is None and (config.mail.route != FILES or waiting)
    trouble = outbox.trouble() if in_use else None
    return found._replace(unsent=waiting, later=outbox.later(now).people, off_since=off_since, trouble=trouble)
