"""What undo, pause, resume, leave and adopt do."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.running import show
from sheets_sync.cli.summary import preview_lines
from sheets_sync.config.job_files import job_folder
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config
from sheets_sync.errors import SheetsSyncError
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended
from sheets_sync.run.pausing import pause, resume
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.run.wiring import chosen_plans, one_plan, open_store, restore_of, site
from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.excel_file import ExcelFile


class OpenPlan(NamedTuple):
    """One plan of the configuration, ready to work on."""

    config: Config
    site: Site
    restore: Callable[[Path, str], str] | None


@contextmanager
def opened(config: Path | None, name: str | None, *, whole: bool = False) -> Iterator[OpenPlan]:
    """Open the plan of this name, or the only one, and close its store afterwards; `whole`: with all of its tabs."""
    loaded = load_config(find_config(config))
    plan = one_plan(loaded, name)
    store = open_store(loaded)
    try:
        yield OpenPlan(loaded, site(loaded, plan, store, clock=SystemClock(), whole=whole), restore_of(loaded, plan))
    finally:
        store.close()


def undo_plan(config: Path | None, name: str | None) -> int:
    """Undo the last write of one plan."""
    with opened(config, name) as plan:
        outcome = undo(plan.site, restore=plan.restore)
    show(outcome, console())
    return outcome.code


def resume_plan(config: Path | None, name: str | None) -> int:
    """Let one plan run again."""
    with opened(config, name) as plan:
        resumed = resume(plan.site)
        said = "runs again with the next run" if resumed else "was not paused"
        console().say(f"{clean(plan.site.settings.name)} {said}")
    return 0


def pause_plan(config: Path | None, name: str | None, until: dt.date | None) -> int:
    """Pause one plan."""
    with opened(config, name) as plan:
        pause(plan.site, until=until)
        with suppress(SheetsSyncError):  # it is paused all the same; the next run says so in the workbook
            sync(plan.site, Options())
        end = f"goes on by itself on {until}" if until else "until: sheets-sync resume"
        console().say(f"{clean(plan.site.settings.name)} is paused, nothing is written or mailed; {end}")
    return 0


def leave_plan(config: Path | None, name: str | None, *, yes: bool, dry_run: bool) -> int:
    """Preview, ask, then remove all traces from one workbook."""
    out = console()
    with opened(config, name, whole=True) as plan:
        preview = leave(plan.site, dry_run=True)
        changes = preview.changes
        if changes is not None and (dry_run or not yes):
            names = {title.key: title.name for title in plan.site.workbook.titles()}
            for line in preview_lines(changes, names, counts_only=out.counts_only):
                out.say(clean(line))
        if dry_run:
            return 0
        if not yes and not out.confirm("Remove all of this from the workbook?"):
            return 0
        outcome = leave(plan.site, dry_run=False)
        show(outcome, out)
        if outcome.ended in (Ended.WRITTEN, Ended.NOTHING) and not outcome.code:
            _tell_what_stays(plan, out)
    return outcome.code


def _tell_what_stays(plan: OpenPlan, out: Console) -> None:
    """What of a plan that left is still there, and how to end that too."""
    if _has_button(plan.site.workbook):
        out.say("Its button and macro stay until: sheets-sync excel button --remove")
    config, jobs = plan.config, plan.config.found_jobs
    left = plan.site.store.pauses.left()
    names = (plan.site.settings.name, plan.site.settings.uid)
    named = [(job.name, job.plans) for job in jobs.jobs] + [(file.name, file.plans) for file in jobs.broken]
    naming = [file for file, plans in named if any(name in plans for name in names)]
    out.say("Jobs pass it over from now on. To stop for good, take the plan's table out of config.toml.")
    for name in dict.fromkeys(naming):
        out.say(clean(f"Then take its name out of {job_folder(config.folder) / name}.toml too, or delete that file."))
    wanted = {one.settings.uid for job in jobs.jobs for one in chosen_plans(config, job.plans)}
    if wanted and wanted <= left:
        out.say("No job has a plan any more; a schedule goes on asking until: sheets-sync schedule remove")


def _has_button(workbook: Workbook) -> bool:
    from sheets_sync.workbooks.ooxml.button import button_cells

    if not isinstance(workbook, ExcelFile) or workbook.path.suffix.lower() != ".xlsm":
        return False
    return bool(button_cells(workbook.package()))


def adopt_plan(config: Path | None, name: str | None) -> int:
    """Run one plan although its workbook was last written elsewhere."""
    with opened(config, name) as plan:
        outcome = sync(plan.site, Options(adopt=True, read_always=True, confirm=lambda _: True))
    show(outcome, console())
    return outcome.code
