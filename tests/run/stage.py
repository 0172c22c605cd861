"""A plan in memory with a real store and a clock that a test sets: the stage on which runs are played."""

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.memory import MemoryWorkbook

HEADER = ("Action", "Owner", "Due", "Status", "Notes")
MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
ACTION, OWNER, DUE, STATUS, NOTES = 1, 2, 3, 4, 5
YES = Options(confirm=lambda _: True)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, instant: dt.datetime = MONDAY) -> None:
        self.instant = instant
        self.seconds = 0.0

    def now(self) -> dt.datetime:
        return self.instant

    def monotonic(self) -> float:
        return self.seconds

    def move(self, **by: float) -> None:
        self.instant += dt.timedelta(**by)
        self.seconds += dt.timedelta(**by).total_seconds()


def ten_rows() -> list[tuple]:
    """Ten live actions with owners and dates, three of them faulty."""
    owners = ("Ana Lima", "Rui Costa", "", "Jo Chen", "Team", "Ana Lima", "Rui Costa", "Jo Chen", "Ana Lima", "Jo Chen")
    days = (13, 16, 20, 23, 24, 30, None, 30, 27, 25)
    return [
        (
            f"Publish price list number {n} on the intranet",
            owners[n],
            dt.date(2026, 11, day) if day else None,
            "In progress",
            None,
        )
        for n, day in enumerate(days)
    ]


@dataclass
class Stage:
    """The parts of one plan's runs."""

    place: Path
    rows: list[tuple] = field(default_factory=ten_rows)
    settings: PlanSettings = field(default_factory=lambda: PlanSettings("plan-uid", name="Plan", tabs=("Actions",)))

    def __post_init__(self) -> None:
        self.book = MemoryWorkbook.of({"Actions": [HEADER, *self.rows]})
        self.clock = SetClock()
        self.store = Store.open(self.place / "state")

    @property
    def site(self) -> Site:
        return Site(self.settings, self.book, self.store, self.clock, "config-hash")

    def run(self, **more) -> Outcome:
        """Run once; the first write is confirmed unless said otherwise."""
        return sync(self.site, replace(YES, **more))

    def column(self, header: str) -> list:
        """What a person sees below a header, from the first row down."""
        return self.column_of("Actions", header)

    def column_of(self, tab: str, header: str) -> list:
        """The same in a tab of another name."""
        shown = self.book.shown(tab)
        at = next(at for at, text in enumerate(shown[0]) if text == header)
        return [row[at] for row in shown[1:]]

    def human(self) -> list:
        """All cells of the people's columns, as seen."""
        return [tuple(row[: len(HEADER)]) for row in self.book.shown("Actions")]
