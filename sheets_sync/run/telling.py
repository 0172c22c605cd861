"""A run of many plans in short: a line for each plan and one for all, without anything a cell holds."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sheets_sync.run.outcome import Ended
from sheets_sync.run.plans import PlanRun

WORDS: Mapping[Ended, str] = {
    Ended.UNCHANGED: "nothing changed",
    Ended.NOTHING: "checked",
    Ended.WRITTEN: "written",
    Ended.PREVIEW: "looked at",
    Ended.UNCONFIRMED: "not written yet",
    Ended.DEFERRED: "put off",
    Ended.PAUSED: "paused",
    Ended.READ_ONLY: "checked only",
    Ended.FAILED: "failed",
}
HELD = "held by another run"
FAILED = WORDS[Ended.FAILED]


def plan_line(run: PlanRun) -> str:
    """ "Plant 2026: written, 12 cells, 1 refused"; a reason where there is one."""
    name = run.plan.settings.name
    if run.outcome is None:
        return f"{name}: {_word(run)}" + (f": {run.error.message}" if run.error is not None and not run.held else "")
    done = run.outcome.done
    parts = [_word(run)]
    if done.cells:
        parts.append(f"{done.cells} cells")
    if done.refused:
        parts.append(f"{done.refused} refused")
    return f"{name}: {', '.join(parts)}" + (f": {run.outcome.reason}" if run.outcome.reason else "")


def roll_up(runs: Sequence[PlanRun]) -> str:
    """ "12 plans: 8 nothing changed, 3 written, 1 failed", the most frequent first."""
    counts = Counter(_word(run) for run in runs).most_common()
    plans = f"{len(runs)} plan{'' if len(runs) == 1 else 's'}"
    return f"{plans}: " + ", ".join(f"{count} {word}" for word, count in counts)


def _word(run: PlanRun) -> str:
    if run.outcome is not None:
        return WORDS[run.outcome.ended]
    return HELD if run.held else FAILED
