"""What people ask for in their Sync logs between the times of the jobs: which plans, and whether they got an answer.

It comes after what is due, and Google's silence ends the looking, so that no tick is late for it. What cannot be
answered (a read-only sheet, a protected tab) is asked for ever less often.
"""

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.errors import SheetsSyncError, WorkbookBusy
from sheets_sync.run.asked import asked
from sheets_sync.run.clock import Clock
from sheets_sync.run.wiring import log_keeping, site
from sheets_sync.schedule.due import TICK
from sheets_sync.store.store import Store

LOOKING = 60.0
"""Seconds after which no further Google Sheet is looked at in one tick."""
LONGEST = dt.timedelta(hours=1)
ASKED, ANSWERED = "asked", "answered"
_EVENTS = 20

log = logging.getLogger("sheets_sync.run")


def asking_plans(
    config: Config, store: Store, *, clock: Clock, but: Collection[str], may_go_on: Callable[[], bool]
) -> tuple[str, ...]:
    """The plans, by uid, in whose Sync log somebody ticked something; those in `but` were read anyway."""
    begun, is_silent = clock.monotonic(), False
    found: list[str] = []
    for plan in _in_turn(_with_log(config, store, but), clock.now()):
        is_sheet = not isinstance(plan.workbook, Path)
        if is_sheet and (is_silent or clock.monotonic() - begun > LOOKING):
            continue
        if not may_go_on():
            break
        try:
            if asked(site(config, plan, store, clock=clock)) and not _waits(store, plan, clock.now()):
                found.append(plan.settings.uid)
        except WorkbookBusy:
            is_silent = is_silent or is_sheet
        except SheetsSyncError:
            continue  # its next run tells what is wrong
        except Exception:
            log.exception("whether people ask for anything could not be seen, by a mistake of ours")
    return tuple(found)


def note_answers(config: Config, store: Store, plans: Collection[str], *, clock: Clock) -> None:
    """Note of these plans, which were just run because somebody asked, whether what was ticked is still ticked."""
    for plan in config.plans:
        uid = plan.settings.uid
        if uid in plans:
            kind = ASKED if _is_still_asked(config, plan, store, clock) else ANSWERED
            store.health.add_event(uid, kind, {}, now=clock.now())


def _is_still_asked(config: Config, plan: PlanConfig, store: Store, clock: Clock) -> bool:
    try:
        return bool(asked(site(config, plan, store, clock=clock)))
    except SheetsSyncError:
        return True
    except Exception:
        log.exception("whether people were answered could not be seen, by a mistake of ours")
        return True


def _waits(store: Store, plan: PlanConfig, now: dt.datetime) -> bool:
    """Whether what stands ticked there was tried in vain a short while ago."""
    tried: list[dt.datetime] = []
    for event in store.health.events(plan.settings.uid, _EVENTS):
        if event.kind == ANSWERED:
            break
        if event.kind == ASKED:
            tried.append(event.at)
    return bool(tried) and now < tried[0] + min(TICK * 2 ** len(tried), LONGEST) - TICK / 2


def _with_log(config: Config, store: Store, but: Collection[str]) -> list[PlanConfig]:
    others = (plan for plan in config.plans if plan.settings.uid not in but)
    return [plan for plan in others if log_keeping(config, plan, store).is_kept()]


def _in_turn(plans: Sequence[PlanConfig], now: dt.datetime) -> Iterable[PlanConfig]:
    """The plans, beginning with another one in every tick."""
    first = int(now.timestamp() // TICK.total_seconds()) % len(plans) if plans else 0
    return (*plans[first:], *plans[:first])
