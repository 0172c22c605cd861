"""Runs one plan for whoever asks, by hand or on a schedule: what stops it is told, and never stops the next plan."""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.errors import HeldElsewhere, SheetsSyncError
from sheets_sync.run.clock import Clock
from sheets_sync.run.log import error_facts
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Options
from sheets_sync.run.sync import sync
from sheets_sync.run.wiring import site
from sheets_sync.store.store import Store

ALL_HELD = 4

log = logging.getLogger("sheets_sync.run")


class PlanRun(NamedTuple):
    """What came of one plan: an outcome, or the error that kept it from having one."""

    plan: PlanConfig
    outcome: Outcome | None = None
    error: SheetsSyncError | None = None

    @property
    def held(self) -> bool:
        """Whether another run holds the plan."""
        return isinstance(self.error, HeldElsewhere)

    @property
    def put_off(self) -> bool:
        """Whether the plan is to be tried again soon: it is held, or its workbook is in use."""
        return self.held or (self.outcome is not None and self.outcome.ended is Ended.DEFERRED)

    def in_short(self) -> "PlanRun":
        """The same without the workbook's content; see `Outcome.in_short`."""
        return self._replace(outcome=self.outcome.in_short()) if self.outcome is not None else self

    @property
    def code(self) -> int:
        """The exit code this asks for."""
        if self.error is not None:
            return ALL_HELD if self.held else self.error.exit_code
        return self.outcome.code if self.outcome is not None else 0


def run_plan(config: Config, plan: PlanConfig, store: Store, *, clock: Clock, options: Options) -> PlanRun:
    """Run one plan; nothing but the end of this process stops the caller."""
    looks_only = options.dry_run or options.as_of is not None
    try:
        outcome = sync(site(config, plan, store, clock=clock, read_only=looks_only), options)
    except HeldElsewhere as held:
        return PlanRun(plan, error=held)
    except SheetsSyncError as error:
        log.error("plan failed", extra={"facts": dict(error_facts(error))})
        return PlanRun(plan, error=error)
    except Exception:
        log.exception("plan failed by a mistake of ours")
        return PlanRun(plan, error=SheetsSyncError("a mistake in sheets-sync stopped this plan; the log says where"))
    log.info("plan done", extra={"facts": outcome_facts(outcome)})
    return PlanRun(plan, outcome)


def outcomes_by_uid(runs: Iterable[PlanRun]) -> dict[str, Outcome]:
    """The plans' last outcomes, by uid; those that have none are left out."""
    return {run.plan.settings.uid: run.outcome for run in runs if run.outcome is not None}


def is_anybody_mailed(config: Config) -> bool:
    """Whether any plan has a keeper: without one nobody is mailed."""
    return any(plan.mail.keeper is not None for plan in config.plans)


def outcome_facts(outcome: Outcome) -> dict[str, str | int | float | bool]:
    """The counts of a run for its log line."""
    facts: dict[str, str | int | float | bool] = {"ended": outcome.ended.value, "code": outcome.code}
    if outcome.looked is not None:
        judgement = outcome.looked.judgement
        facts |= {"actions": len(judgement.assessments), "findings": len(judgement.findings)}
    if outcome.receipt is not None:
        facts |= {"cells": len(outcome.receipt.applied), "refused": len(outcome.receipt.refused)}
    return facts
