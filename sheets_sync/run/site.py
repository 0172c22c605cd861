"""One plan with everything its run touches, what a person chose for the run, and holding the plan meanwhile."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

from sheets_sync import __version__
from sheets_sync.core.card import card_of
from sheets_sync.core.decision import Changes
from sheets_sync.core.notices import Kind
from sheets_sync.core.persons import PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Stamp
from sheets_sync.errors import HeldElsewhere, UsageError
from sheets_sync.run.clock import Clock, plan_day
from sheets_sync.run.holder import is_gone, own_name
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.settle import settle
from sheets_sync.store.store import Lease, PlanState, Store
from sheets_sync.workbooks.base import Workbook

LEASE_SECONDS = 900
NOBODY = PlanMail()
"""Without a keeper nobody is mailed."""


class LogKeeping(NamedTuple):
    """Whether this plan's workbook carries a Sync log, and when the plan is checked next after an instant; both are
    asked only when needed."""

    is_kept: Callable[[], bool] = lambda: False
    next_check: Callable[[dt.datetime], dt.datetime | None] = lambda _: None


NO_LOG = LogKeeping()


@dataclass(frozen=True, slots=True)
class Site:
    """One plan with everything its run touches. `write_block` says why the file must not be written ("" = it may);
    `server_date` asks a server for the time when the clock alone is not enough; `backup_of` finds a kept copy; `mail`
    is who may be mailed. `place` is a name of the workbook that is the same in every plan and configuration; `lease` is
    what `holding` took. `writes` False: nothing is ever written into the workbook."""

    settings: PlanSettings
    workbook: Workbook
    store: Store
    clock: Clock
    config_hash: str
    why_not_written: Callable[[], str] = lambda: ""
    server_date: Callable[[], dt.datetime | None] = lambda: None
    backup_of: Callable[[str], str] = lambda _: ""
    mail: PlanMail = NOBODY
    place: str = ""
    lease: Lease | None = None
    log: LogKeeping = NO_LOG
    writes: bool = True


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who runs chose. `confirm` is asked before the first write into a workbook; None = no. `mail_now`
    are the kinds of mail to compose now, whatever the day of the week."""

    dry_run: bool = False
    as_of: dt.date | None = None
    accept_clock: bool = False
    accept_changes: bool = False
    restore_columns: bool = False
    adopt_columns: bool = False
    adopt: bool = False
    read_always: bool = False
    mail_now: tuple[Kind, ...] = ()
    confirm: Callable[[Outcome], bool] | None = None

    @property
    def wants_more(self) -> bool:
        """Whether something was asked for that an unchanged workbook may still need."""
        asked = (self.read_always, self.accept_changes, self.restore_columns, self.adopt_columns, self.adopt)
        return any((*asked, self.mail_now))


@contextmanager
def holding(site: Site) -> Iterator[Site]:
    """Hold the plan and its workbook for the time of one command, so that two runs cannot meet in either; what writes
    is to be given the site that comes out. Raises HeldElsewhere."""
    now, place = site.clock.now(), site.place
    lease = site.store.hold(
        site.settings.uid, own_name(), now=now, seconds=LEASE_SECONDS, is_gone=is_gone, workbook=place
    )
    try:
        yield replace(site, lease=lease)
    finally:
        site.store.release(lease)


def refuse_unwritable(site: Site) -> None:
    """Raise UsageError for a plan into whose workbook nothing is to be written, ever."""
    if not site.writes:
        raise UsageError(
            f'{site.settings.name}: nothing is written into this workbook (writes = "none")',
            "to let it be written, take that line out of config.toml",
        )


def refuse_lost(site: Site) -> None:
    """Raise HeldElsewhere when the time of the lease is over or another run took it: a process that was stopped for
    long must not go on where it was (HAZARDS 31)."""
    if site.lease is not None and not site.store.still_held(site.lease, site.clock.now()):
        raise HeldElsewhere("this run took so long that another may have begun; it wrote nothing", "run again")


def settled(site: Site, *, now: dt.datetime) -> int:
    """Settle what an interrupted run left open; returns how many runs there were."""
    return settle(site.store, site.settings.uid, site.workbook, now=now, backup_of=site.backup_of)


def stamped(site: Site, changes: Changes, state: PlanState, *, adopt: bool = False) -> Changes:
    """The changes with the stamp of the coming write and the plan's card; without any change there is no write."""
    if not changes and not adopt:
        return changes
    stamp = Stamp(site.settings.uid, site.store.id, state.write + 1, __version__)
    card = card_of(site.settings, plan_day(site.clock.now(), site.settings.timezone))
    return replace(changes, stamp=stamp, stamp_alone=adopt, card=card)
