"""Runs the chosen plans one after the other and tells what came of each; one that fails never stops the next."""

from collections.abc import Sequence
from pathlib import Path

from sheets_sync.cli.console import Console, clean
from sheets_sync.cli.job_mistakes import code_of_jobs, warn_of_jobs
from sheets_sync.cli.summary import preview_lines, summary
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.decision import StructureKind
from sheets_sync.errors import SheetsSyncError
from sheets_sync.run.clock import FAR_AHEAD, SystemClock
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.plans import ALL_HELD, PlanRun, is_anybody_mailed, outcomes_by_uid, run_plan
from sheets_sync.run.preview_folder import forget_old_pages
from sheets_sync.run.site import Options
from sheets_sync.run.watch import Watch, noted, told, watching
from sheets_sync.run.wiring import chosen_plans, open_store
from sheets_sync.store.store import Store


def run_plans(config: Path | None, names: tuple[str, ...], *, options: Options, out: Console) -> int:
    """Run the plans with these names (all when none is given). Returns the exit code."""
    loaded = load_config(find_config(config))
    chosen = chosen_plans(loaded, names)
    jobs = loaded.found_jobs
    store = open_store(loaded)
    looks_only = options.dry_run or options.as_of is not None
    try:
        with watching(loaded, store, clock=SystemClock(), pings=not (looks_only or out.terminal)) as watch:
            runs = _run_each(loaded, chosen, store, options=options, out=out)
            code = worst_code(runs) if looks_only else _mail(watch, runs, out, code_of_jobs(jobs))
            warn_of_jobs(jobs, out)
        if not options.dry_run and store.sightings.is_believed(SystemClock().now(), within=FAR_AHEAD):
            store.prune(SystemClock().now(), loaded.retention)
            forget_old_pages(loaded, SystemClock().now())
    finally:
        store.close()
    return code


def worst_code(runs: Sequence[PlanRun], *further: int) -> int:
    """The exit code of several plans' runs."""
    done = [run.code for run in runs if not run.held]
    return max(*done, *further, 0) if done else ALL_HELD


def _run_each(
    config: Config, chosen: Sequence[PlanConfig], store: Store, *, options: Options, out: Console
) -> list[PlanRun]:
    runs: list[PlanRun] = []
    with out.progress("plans", len(chosen) if len(chosen) > 1 else 0) as step:
        for plan in chosen:
            step(plan.settings.name)
            run = run_plan(config, plan, store, clock=SystemClock(), options=options)
            _tell(run, out, every_edit=options.dry_run)
            runs.append(run.in_short())
    return runs


def _mail(watch: Watch, runs: Sequence[PlanRun], out: Console, code: int) -> int:
    """Note what the runs came to, and mail what the plans have to say, where anybody is mailed; returns the exit code
    of all, and of what else has one (`code`)."""
    noted(watch, runs)
    if not is_anybody_mailed(watch.config):
        return told(watch, runs, code=worst_code(runs, code))
    from sheets_sync.cli.mailing import mail_plans  # only those who mail pay for it

    mailed = mail_plans(watch.config, watch.store, outcomes_by_uid(runs), out)
    if isinstance(mailed, SheetsSyncError):
        return told(watch, runs, mail_error=mailed, code=worst_code(runs, code, mailed.exit_code))
    return told(watch, runs, mail=mailed, code=worst_code(runs, code, mailed.code))


def _tell(run: PlanRun, out: Console, *, every_edit: bool) -> None:
    """Tell what came of one plan."""
    if run.error is not None:
        out.warn(f"{clean(run.plan.settings.name)}: {run.error.message}")
    elif run.outcome is not None:
        show(run.outcome, out, every_edit=every_edit)


def show(outcome: Outcome, out: Console, *, every_edit: bool = False) -> None:
    """Tell a person what a run came to; where no person looks, counts only. A refusal goes to standard error too."""
    for line in summary(outcome, counts_only=out.counts_only):
        out.say(clean(line))
    if every_edit and outcome.changes is not None and outcome.looked is not None:
        names = {tab.key: tab.name for tab in outcome.looked.snapshot.tabs}
        for line in preview_lines(outcome.changes, names, counts_only=out.counts_only):
            out.say(clean(line))
    if outcome.code and out.quiet:
        out.warn(clean(f"{outcome.plan}: {outcome.reason}"))


def first_write(outcome: Outcome, out: Console) -> bool:
    """Show what the first write into a workbook would do and ask; no, where nobody can answer."""
    if not out.terminal:
        return False
    changes = outcome.changes
    if changes is None:
        return False
    show(outcome, out)
    columns = sum(1 for s in changes.structures if s.kind is StructureKind.COLUMN)
    tab = " and a new last tab" if any(s.kind is StructureKind.LOG for s in changes.structures) else ""
    return out.confirm(f"Write {len(changes.edits)} cells and {columns} new columns{tab} into this workbook?")
