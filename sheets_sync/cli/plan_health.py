"""Whether one configured plan can be read, understood and written now, for the doctor. Changes nothing."""

from sheets_sync.cli.health import Health
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.parse import parse_plan
from sheets_sync.rules.messages import render_fix, render_what
from sheets_sync.run.clock import SystemClock, plan_day
from sheets_sync.run.look import read_all
from sheets_sync.run.wiring import why_not_written, workbook_of


def plan_health(config: Config, plan: PlanConfig) -> Health:
    """Look at a plan's workbook. Raises WorkbookError when it cannot be read."""
    workbook = workbook_of(config, plan)
    snapshot = read_all(workbook)
    day = plan_day(SystemClock().now(), plan.settings.timezone)
    understood = parse_plan(snapshot, plan.settings, as_of=day)
    for finding in understood.findings:
        return Health(False, render_what(finding, "en"), render_fix(finding, "en"))
    tabs = ", ".join(layout.name for layout in understood.layouts)
    if not plan.writes:
        seen = f"{len(understood.actions)} actions in {tabs}, readable; nothing is ever written into it (writes = none)"
        return Health(True, seen)
    why_not = snapshot.refusal or why_not_written(workbook)
    if why_not:
        return Health(False, f"read, but not written: {why_not}")
    return Health(True, f"{len(understood.actions)} actions in {tabs}, readable and writable; today is {day} there")
