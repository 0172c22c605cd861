"""A plan in a real file with a real store, in a folder; and a run of it that can be killed at a named step.

As a script: python file_stage.py FOLDER STEP INSTANT   runs once and dies at STEP, without any clean-up.
"""

import datetime as dt
import os
import sys
from pathlib import Path

from openpyxl import Workbook

from sheets_sync.core.cells import Kind
from sheets_sync.core.history import History
from sheets_sync.core.notices import Notice
from sheets_sync.core.persons import Person, PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.site import LogKeeping, Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.excel_file import ExcelFile

UID = "plan-uid"
SETTINGS = PlanSettings(UID, name="Plan", tabs=("Actions",))
KEEPER = Person("Kim Keeper", "kim@example.org")
MAIL = PlanMail(keeper=KEEPER, people=(KEEPER, Person("Ana Lima", "ana@example.org")))
STORE_STEPS = ("before begin", "after begin", "before finish", "after finish")
FILE_STEPS = ("read", "patched", "backed up", "written beside", "seen unchanged", "exchanged", "verified", "cleaned")


class StandingClock:
    """A clock that stands."""

    def __init__(self, instant: dt.datetime) -> None:
        self.instant = instant

    def now(self) -> dt.datetime:
        return self.instant

    def monotonic(self) -> float:
        return 0.0


class DyingStore:
    """A store whose process dies before or after begin or finish."""

    def __init__(self, store: Store, step: str) -> None:
        self._store, self._step = store, step

    def __getattr__(self, name):
        method = getattr(self._store, name)
        if name not in ("begin", "finish"):
            return method

        def watched(*arguments, **more):
            if self._step == f"before {name}":
                os._exit(9)
            result = method(*arguments, **more)
            if self._step == f"after {name}":
                os._exit(9)
            return result

        return watched


def make_plan(path: Path) -> None:
    """Six actions and a closed one, as a person would have them."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(("Action", "Owner", "Due", "Status"))
    for n in range(6):
        owner = "Ana Lima" if n % 3 else None
        sheet.append((f"Publish price list number {n}", owner, dt.date(2026, 11, 12 + 3 * n), "In progress"))
    sheet.append(("Close the old mailbox", "Rui Costa", dt.date(2026, 10, 1), "Done"))
    book.save(path)


def site(folder: Path, instant: dt.datetime, *, die_at: str = "") -> Site:
    """The plan in `folder` as a run would find it."""

    def at_step(step) -> None:
        if step.value == die_at:
            os._exit(9)

    workbook = ExcelFile(folder / "plan.xlsx", backups=folder / "backups", at_step=at_step, now=lambda: instant)
    store = DyingStore(Store.open(folder / "state"), die_at)
    clock = StandingClock(instant)
    log = LogKeeping(lambda: True)
    return Site(SETTINGS, workbook, store, clock, "hash", backup_of=workbook.backup_of, mail=MAIL, log=log)


def run(folder: Path, instant: dt.datetime, *, die_at: str = "") -> Outcome:
    """Run once; the first write is confirmed."""
    stage = site(folder, instant, die_at=die_at)
    try:
        return sync(stage, Options(confirm=lambda _: True, accept_clock=True))
    finally:
        stage.store.close()


def content(folder: Path) -> list[list[str]]:
    """Every cell of the plan as (literal) text, by row, and those of the Sync log but for its times."""
    workbook = ExcelFile(folder / "plan.xlsx", backups=folder / "backups")
    snapshot = workbook.read([title.key for title in workbook.titles()])
    log = sorted(snapshot.log.cells.items()) if snapshot.log is not None else []
    return [
        *([f"{column}{row.cells[column].literal}" for column in sorted(row.cells)] for row in snapshot.tabs[0].rows),
        *([f"{place} {value}"] for place, value in log if value.kind is not Kind.NUMBER),
    ]


def remembered(folder: Path) -> History:
    """What the store knows of the plan, without its random parts."""
    store = Store.open(folder / "state")
    try:
        return store.history(UID)
    finally:
        store.close()


def noted(folder: Path) -> list[tuple[Notice, str, str]]:
    """What the store has to tell to whom, and what became of it."""
    store = Store.open(folder / "state")
    try:
        return [(waiting.notice, state, reason) for waiting, state, reason in store.outbox.all_notices()]
    finally:
        store.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[3]), die_at=sys.argv[2])
