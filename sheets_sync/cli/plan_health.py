"""Whether one configured plan can be read, understood and written now, for the doctor. Changes nothing."""

from typing import NamedTuple

from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.parse import parse_plan
from sheets_sync.rules.messages import render_fix, render_what
from sheets_sync.run.clock import SystemClock, plan_day
from sheets_sync.run.look import read_all
from sheets_sync.run.wiring import excel_file


class PlanHealth(NamedTuple):
    """What was seen of a plan; `wrong` is "" or what stops a run from writing it, with what to do."""

    seen: str
    wrong: str = ""
    remedy: str = ""


def plan_health(config: Config, plan: PlanConfig) -> PlanHealth:
    """Look at a plan's workbook. Raises WorkbookError when it cannot be read."""
    workbook = excel_file(config, plan)
    snapshot = read_all(workbook)
    day = plan_day(SystemClock().now(), plan.settings.timezone)
    understood = parse_plan(snapshot, plan.settings, as_of=day)
    for finding in understood.findings:
        return PlanHealth("", render_what(finding, "en"), render_fix(finding, "en"))
    why_not = snapshot.refusal or workbook.why_not_written()
    if why_not:
        return PlanHealth("", f"read, but not written: {why_not}")
    tabs = ", ".join(layout.name for layout in understood.layouts)
    return PlanHealth(f"{len(understood.actions)} actions in {tabs}, readable and writable; today is {day} there")
