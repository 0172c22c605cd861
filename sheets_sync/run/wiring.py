"""Puts one plan's parts together: its settings, its workbook, the store, the clock."""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from zlib import crc32

from sheets_sync.config.kept_in import refuse_moved
from sheets_sync.config.state import state_folder
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.config.values import Limits as ConfiguredLimits
from sheets_sync.core.google import GoogleAddress
from sheets_sync.core.jobs import Job
from sheets_sync.errors import UsageError
from sheets_sync.places import file_name
from sheets_sync.run.clock import Clock, server_date
from sheets_sync.run.site import LogKeeping, Site
from sheets_sync.store.store import Store
from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.ooxml.limits import Limits

MEGABYTE = 1_000_000
TIME_SERVER = "https://www.google.com"
"""Asked for the time of day (a HEAD request without content) only when the clock stands more than 36 hours after the
last finished run (HAZARDS 30)."""


def open_store(config: Config) -> Store:
    """The store of this configuration, made on first use. Raises UsageError, StoreError."""
    return Store.open(state_folder(config), whose=jobs_owner(config))


def jobs_owner(config: Config) -> str:
    """The name under which a store knows the jobs of this configuration from those of others that share it."""
    return f"{crc32(os.path.realpath(config.file).encode(errors='surrogateescape')):08x}"


def excel_file(config: Config, plan: PlanConfig) -> ExcelFile:
    """The plan's workbook on disk, with the folder its backups go to (made by the first write). Raises UsageError for
    a file that another plan of this user has moved away from."""
    file = plan.workbook
    if not isinstance(file, Path):
        raise UsageError(f"{plan.settings.name} is a Google Sheet, not an Excel workbook")
    refuse_moved(file)
    return ExcelFile(
        file,
        backups=config.state / "plans" / plan.settings.uid / "backups",
        synced_folder=plan.sole_writer,
        limits=package_limits(plan.limits),
        keep_backups=config.retention.backups_newest,
        keep_days=config.retention.backups_days,
    )


def package_limits(limits: ConfiguredLimits) -> Limits:
    """The configured limits as the package reader takes them (bytes)."""
    return Limits(
        max_file=limits.max_file_mb * MEGABYTE,
        max_part=limits.max_part_mb * MEGABYTE,
        max_total=limits.max_total_mb * MEGABYTE,
        max_parts=limits.max_parts,
        max_depth=limits.max_xml_depth,
    )


def workbook_of(config: Config, plan: PlanConfig, *, read_only: bool = False, whole: bool = False) -> Workbook:
    """The plan's workbook, wherever it is. `read_only` asks Google for no more than that; `whole` looks at all tabs of
    a Google Sheet, not only at the plan's. Raises UsageError when there is no way to sign in."""
    if not isinstance(plan.workbook, GoogleAddress):
        return excel_file(config, plan)
    read_only = read_only or not plan.writes
    from sheets_sync.run.google_sheets import door_of, google_sheet  # only those with a Google Sheet pay for it

    tabs = () if whole or plan.mail.people_from_sheet else plan.settings.tabs
    return google_sheet(plan.workbook, door_of(config), tabs=tabs, read_only=read_only)


def place_name(workbook: Path | GoogleAddress) -> str:
    """The name under which a run holds a workbook, whatever plan and configuration it belongs to (HAZARDS 31)."""
    return f"sheet {workbook.sheet_id}" if isinstance(workbook, GoogleAddress) else file_name(workbook)


def why_not_written(workbook: Workbook) -> str:
    """Why a file must not be written as it stands; "" when it may, and for a Google Sheet, where only Google knows."""
    return workbook.why_not_written() if isinstance(workbook, ExcelFile) else ""


def restore_of(config: Config, plan: PlanConfig) -> Callable[[Path, str], str] | None:
    """What puts a kept copy of the plan's workbook back; None for Google Sheets, of which none is kept."""
    return None if isinstance(plan.workbook, GoogleAddress) else excel_file(config, plan).restore


def site(
    config: Config,
    plan: PlanConfig,
    store: Store,
    *,
    clock: Clock,
    read_only: bool = False,
    whole: bool = False,
) -> Site:
    """One plan ready to run; see `workbook_of`."""
    workbook = workbook_of(config, plan, read_only=read_only, whole=whole)
    made = Site(
        settings=plan.settings,
        workbook=workbook,
        store=store,
        clock=clock,
        config_hash=plan.config_hash,
        server_date=lambda: server_date(TIME_SERVER),
        mail=plan.mail,
        place=place_name(plan.workbook),
        log=log_keeping(config, plan, store),
        writes=plan.writes,
    )
    if not isinstance(workbook, ExcelFile):
        return made
    return replace(made, why_not_written=workbook.why_not_written, backup_of=workbook.backup_of)


def log_keeping(config: Config, plan: PlanConfig, store: Store) -> LogKeeping:
    """Whether the plan's workbook carries a Sync log: one whose plan a schedule has begun to run. Who only ever runs by
    hand gets none, for it would turn red after two days."""

    @cache
    def jobs() -> tuple[Job, ...]:
        names = (plan.settings.name, plan.settings.uid)
        return tuple(job for job in config.found_jobs.jobs if not job.plans or any(name in job.plans for name in names))

    def is_kept() -> bool:
        return (plan.sync_log and plan.writes) and any(store.schedule.last(job.name) is not None for job in jobs())

    def next_check(now: dt.datetime) -> dt.datetime | None:
        from sheets_sync.schedule.due import next_times  # only a run that writes the log pays for it

        return min((at for job in jobs() for at in next_times(job, now)), default=None)

    return LogKeeping(is_kept, next_check)


def chosen_plans(config: Config, names: Sequence[str]) -> tuple[PlanConfig, ...]:
    """The plans with these names or uids, all when none is given. Raises UsageError with the names there are."""
    if not names:
        return config.plans
    chosen = []
    for name in names:
        found = [plan for plan in config.plans if name in (plan.settings.name, plan.settings.uid)]
        if not found:
            known = ", ".join(plan.settings.name for plan in config.plans)
            raise UsageError(f"there is no plan {name!r} in {config.file}", f"choose from: {known}")
        chosen += found
    return tuple(chosen)


def one_plan(config: Config, name: str | None) -> PlanConfig:
    """The plan with this name, or the only one. Raises UsageError when it is not clear which."""
    plans = chosen_plans(config, (name,) if name else ())
    if len(plans) != 1:
        known = ", ".join(plan.settings.name for plan in plans)
        raise UsageError("this configuration holds several plans", f"name one with --plan: {known}")
    return plans[0]
