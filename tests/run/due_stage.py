"""Plans in real files with a configuration, jobs and a store of their own, and ticks at an instant a test names.

As a script: python due_stage.py FOLDER INSTANT [DIE]   ticks once, prints the names of the plans it ran, and dies
without any clean-up after the first plan (DIE = plan) or before a period is ended (DIE = finish).
"""

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from run.file_stage import make_plan
from run.stage import SetClock

from sheets_sync.config.load import load_config
from sheets_sync.config.values import Config
from sheets_sync.run.due import DueOutcome, run_due
from sheets_sync.run.site import Options
from sheets_sync.run.wiring import open_store
from sheets_sync.store.schedule_rows import Schedule
from sheets_sync.store.store import Store

HALF_HOURLY = 'when = "*/30 * * * *"\ntimezone = "UTC"\nsteps = ["sync"]\n'
OWNERS_MONDAY = 'when = "30 7 * * MON"\ntimezone = "UTC"\nsteps = ["owner-week"]\ngrace_hours = 48\n'
PLAN = '[[plan]]\nuid = "p-{0:06}"\nname = "Plan {0}"\nworkbook = "plan-{0}.xlsx"\ntimezone = "UTC"\n'
MAIL = '[mail]\nsender = "robot@example.org"\nkeeper = "Kim Keeper"\nallowed_domains = ["example.org"]\n'
PEOPLE = '[people."Kim Keeper"]\naddress = "kim@example.org"\n[people."Ana Lima"]\naddress = "ana@example.org"\n'
YES = Options(confirm=lambda _: True, accept_clock=True)


def set_up(folder: Path, *, plans: int = 2, jobs: Mapping[str, str] | None = None, mail: bool = False) -> Path:
    """Make a private folder with so many plans and these jobs, by name; returns it."""
    for place in (folder, folder / "jobs"):
        place.mkdir(mode=0o700)
    for number in range(1, plans + 1):
        make_plan(folder / f"plan-{number}.xlsx")
    text = "".join(PLAN.format(number) for number in range(1, plans + 1))
    write(folder / "config.toml", f'state = "state"\n{(MAIL + PEOPLE) if mail else ""}{text}')
    for name, job in (jobs or {"sync": HALF_HOURLY}).items():
        write(folder / "jobs" / f"{name}.toml", job)
    return folder


def write(file: Path, text: str) -> None:
    """A file of the user's own."""
    file.write_text(text, "utf-8")
    file.chmod(0o600)


class Ticks:
    """Ticks of one configuration. `lines` are what the last one told."""

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        self.folder = folder
        self.clock = SetClock(now)
        self.lines: list[str] = []

    @property
    def config(self) -> Config:
        return load_config(self.folder)

    def store(self) -> Store:
        return open_store(self.config)

    def tick(
        self,
        *,
        stop: Callable[[], bool] = lambda: False,
        seconds: float = 2700.0,
        tell: Callable[[str], None] | None = None,
    ) -> DueOutcome:
        """Do what is due now."""
        self.lines = []
        store = self.store()
        try:
            return run_due(
                self.config,
                store,
                clock=self.clock,
                tell=tell or self.lines.append,
                options=YES,
                stop=stop,
                seconds=seconds,
            )
        finally:
            store.close()

    def tick_at(self, instant: dt.datetime) -> DueOutcome:
        """Set the clock and tick."""
        self.clock.instant = instant
        return self.tick()


def names(outcome: DueOutcome) -> list[str]:
    """The plans that were run, in order."""
    return [run.plan.settings.name for run in outcome.runs]


def _die(*_: object, **__: object) -> None:
    os._exit(9)


if __name__ == "__main__":
    die = sys.argv[3] if len(sys.argv) > 3 else ""
    if die == "finish":
        Schedule.finish = _die
    stage = Ticks(Path(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]))
    ended = stage.tick(tell=_die if die == "plan" else None)
    print("busy" if ended.busy else ",".join(names(ended)))
