"""Runs the chosen plans one after the other and tells what came of each; one that fails never stops the next."""

import logging
from collections.abc import Mapping
from pathlib import Path

from sheets_sync.cli.console import Console, clean
from sheets_sync.cli.summary import preview_lines, summary
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.decision import StructureKind
from sheets_sync.errors import HeldElsewhere, SheetsSyncError
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.log import error_facts
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.preview_folder import forget_old_pages
from sheets_sync.run.site import Options
from sheets_sync.run.sync import sync
from sheets_sync.run.wiring import chosen_plans, open_store, site
from sheets_sync.store.store import Store

ALL_HELD = 4

log = logging.getLogger("sheets_sync.run")


def run_plans(config: Path | None, names: tuple[str, ...], *, options: Options, out: Console) -> int:
    """Run the plans with these names (all when none is given). Returns the exit code."""
    loaded = load_config(find_config(config))
    chosen = chosen_plans(loaded, names)
    store = open_store(loaded)
    codes: list[int] = []
    mail_code = 0
    outcomes: dict[str, Outcome] = {}
    try:
        with out.progress("plans", len(chosen) if len(chosen) > 1 else 0) as step:
            for plan in chosen:
                step(plan.settings.name)
                codes.append(_run_one(loaded, plan, store, options=options, out=out, outcomes=outcomes))
        if not options.dry_run:
            if not options.as_of:
                mail_code = _mail(loaded, store, outcomes, out)
            store.prune(SystemClock().now())
            forget_old_pages(loaded, SystemClock().now())
    finally:
        store.close()
    done = [code for code in codes if code != ALL_HELD]
    return max(*done, mail_code) if done else ALL_HELD


def _mail(config: Config, store: Store, outcomes: Mapping[str, Outcome], out: Console) -> int:
    """Mail what the plans have to say, where anybody is mailed; returns the exit code it asks for."""
    if all(plan.mail.keeper is None for plan in config.plans):
        return 0
    from sheets_sync.cli.mailing import mail_plans  # only those who mail pay for it

    return mail_plans(config, store, outcomes, out)


def _run_one(
    config: Config,
    plan: PlanConfig,
    store: Store,
    *,
    options: Options,
    out: Console,
    outcomes: dict[str, Outcome],
) -> int:
    """Run one plan and note its outcome; returns the exit code it asks for."""
    looks_only = options.dry_run or options.as_of is not None
    try:
        outcome = sync(site(config, plan, store, clock=SystemClock(), read_only=looks_only), options)
    except HeldElsewhere as held:
        out.warn(f"{clean(plan.settings.name)}: {held.message}")
        return ALL_HELD
    except SheetsSyncError as error:
        out.warn(f"{clean(plan.settings.name)}: {error.message}")
        log.error("plan failed", extra={"facts": dict(error_facts(error))})
        return error.exit_code
    outcomes[plan.settings.uid] = outcome
    show(outcome, out, every_edit=options.dry_run)
    log.info("plan done", extra={"facts": outcome_facts(outcome)})
    return outcome.code


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


def outcome_facts(outcome: Outcome) -> dict[str, str | int | float | bool]:
    """The counts of a run for its log line."""
    facts: dict[str, str | int | float | bool] = {"ended": outcome.ended.value, "code": outcome.code}
    if outcome.looked is not None:
        judgement = outcome.looked.judgement
        facts |= {"actions": len(judgement.assessments), "findings": len(judgement.findings)}
    if outcome.receipt is not None:
        facts |= {"cells": len(outcome.receipt.applied), "refused": len(outcome.receipt.refused)}
    return facts


def first_write(outcome: Outcome, out: Console) -> bool:
    """Show what the first write into a workbook would do and ask; no, where nobody can answer."""
    if not out.terminal:
        return False
    changes = outcome.changes
    if changes is None:
        return False
    show(outcome, out)
    columns = sum(1 for s in changes.structures if s.kind is StructureKind.COLUMN)
    return out.confirm(f"Write {len(changes.edits)} cells and {columns} new columns into this workbook?")
