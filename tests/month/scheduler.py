"""A scheduler in a process of its own, for the simulated month: each order is carried out by a child that may die.

As a script: python scheduler.py FOLDER   reads an order as JSON from each line of standard input and answers likewise.
Everything is imported once, so that a new child is only a fork; a child opens store and workbooks itself.
"""

import contextlib
import datetime as dt
import importlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from sheets_server.gspread_client import local_client

from sheets_sync.config.load import load_config
from sheets_sync.notify.smtp import SmtpTransport
from sheets_sync.run import google_sheets, mail_wiring, wiring
from sheets_sync.run.due import run_due
from sheets_sync.run.mailing import drain
from sheets_sync.run.plans import PlanRun, outcomes_by_uid, run_plan
from sheets_sync.run.site import Options
from sheets_sync.store.outbox import Outbox
from sheets_sync.store.schedule_rows import Schedule
from sheets_sync.store.store import Store
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google_sheet import GoogleSheet

DIED = 9
EFFECTS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Store, ("hold", "begin", "finish", "release", "prune")),
    (Outbox, ("queue", "claim", "settle", "withdraw")),
    (Schedule, ("claim", "finish", "missed", "take_up")),
    (SmtpTransport, ("send",)),
    (HttpCalls, ("change", "write_values")),
)
"""Around what a process may die, beside the steps of a file's replacement."""
FREE, FULL = 10**12, 10**6
YES = Options(confirm=lambda _: True)


class StandingClock:
    """The time of the order, which stands while it is carried out."""

    def __init__(self, instant: dt.datetime) -> None:
        self._instant = instant

    def now(self) -> dt.datetime:
        return self._instant

    def monotonic(self) -> float:
        return 0.0


def carry_out(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Do what is ordered; returns what came of it."""
    clock = StandingClock(dt.datetime.fromisoformat(order["now"]))
    strikes = count(1)

    def strike(*_: object) -> None:
        if next(strikes) == order["die_at"]:
            os._exit(DIED)

    set_up(order, clock, strike)
    note_periods(folder)
    config = load_config(folder)
    store = Store.open(config.state)
    options = replace(YES, accept_changes=order["accept"], accept_clock=order["accept"])
    try:
        if order["do"] == "tick":
            outcome = run_due(config, store, clock=clock, tell=lambda _: None, options=options)
            mail = outcome.mail
            return {
                "runs": [_told(run) for run in outcome.runs],
                "busy": outcome.busy,
                "left": outcome.left,
                "mail_failed": (mail.failed if mail else 0) + (outcome.mail_error is not None),
                "strikes": next(strikes),
            }
        again = replace(options, read_always=True)
        runs = [run_plan(config, plan, store, clock=clock, options=again) for plan in config.plans]
        drain(mail_wiring.post(config, store, outcomes_by_uid(runs), clock=clock))
        return {"runs": [_told(run) for run in runs]}
    finally:
        store.close()


def _told(run: PlanRun) -> dict[str, str]:
    outcome = run.outcome
    ended = outcome.ended.value if outcome is not None else "held" if run.held else "error"
    reason = outcome.reason if outcome is not None else run.error.message if run.error is not None else ""
    return {"plan": run.plan.settings.uid, "ended": ended, "reason": reason}


def set_up(order: dict[str, Any], clock: StandingClock, strike: Callable[..., None]) -> None:
    """Put the world of the order around this process, which is a child that does nothing else."""
    waits: list[float] = []
    waiting = Waiting(waits.append, lambda: sum(waits), lambda: 0.5)
    excel_file, smtp = wiring.excel_file, mail_wiring.SmtpTransport

    def file_of(config: Any, plan: Any) -> Any:
        free = FULL if order["full"] else FREE
        seams = {"now": clock.now, "wait": waits.append, "at_step": strike, "free_space": lambda _: free}
        return replace(excel_file(config, plan), **seams)

    def sheet_of(address: Any, _: Any, *, tabs: tuple[str, ...] = (), read_only: bool = False) -> GoogleSheet:
        calls = HttpCalls(address.sheet_id, local_client(order["google"]).http_client, waiting=waiting)
        return GoogleSheet(calls, tabs=tabs, read_only=read_only, wait=waits.append)

    wiring.excel_file = file_of
    wiring.TIME_SERVER = order["time"]
    google_sheets.google_sheet = sheet_of
    mail_wiring.SmtpTransport = lambda settings, *given, **more: smtp(
        replace(settings, per_minute=10**6), *given, **more
    )
    for owner, names in EFFECTS:
        for name in names:
            _watch(owner, name, strike)


def _watch(owner: type, name: str, strike: Callable[..., None]) -> None:
    original = getattr(owner, name)

    def watched(*given: Any, **more: Any) -> Any:
        strike()
        result = original(*given, **more)
        strike()
        return result

    setattr(owner, name, watched)


def note_periods(folder: Path) -> None:
    """Write down each period that is finished: nobody may do so twice."""
    finish = Schedule.finish

    def noted(self: Schedule, job: str, period: dt.datetime, **more: Any) -> None:
        finish(self, job, period, **more)
        with (folder / "finished").open("a") as out:
            out.write(f"{job} {period.isoformat()}\n")

    Schedule.finish = noted  # type: ignore[method-assign]


def in_a_child(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Carry the order out in a child of this process; says so when it died."""
    reading, writing = os.pipe()
    known = frozenset(sys.modules)
    child = os.fork()
    if child == 0:
        code = DIED + 1
        try:
            os.close(reading)
            told = carry_out(folder, order) | {"modules": [name for name in sys.modules if name not in known]}
            answer = json.dumps(told).encode()
            with os.fdopen(writing, "wb") as out:
                out.write(answer)
            code = 0
        finally:
            sys.stderr.flush()
            if code:
                import traceback

                traceback.print_exc()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        answer = told.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == DIED:
        return {"died": True, "runs": []}
    if code:
        return {"escaped": code, "runs": []}
    answered: dict[str, Any] = json.loads(answer)
    for name in answered.pop("modules"):
        with contextlib.suppress(ImportError):  # the next child has it from the start
            importlib.import_module(name)
    return answered


def main(folder: Path) -> None:
    """Carry out one order after the other until there are no more."""
    for line in sys.stdin:
        print(json.dumps(in_a_child(folder, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
