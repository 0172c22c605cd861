"""A plan's workbook open in an Excel of the test engine, on a computer where the plan is installed, or is not."""

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import time_machine
from openpyxl import Workbook
from xlwings_engine.engine import open_book

from sheets_sync.button.asked import Action, Asked
from sheets_sync.button.kept_result import button_folder
from sheets_sync.button.launch import answer
from sheets_sync.cli.main import run_command

UID = "p-000001"
SENTINEL = "Zanzibar"
PLAN = f'[[plan]]\nuid = "{UID}"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "UTC"\n'
MAIL = (
    '[mail]\nkeeper = "Kim Keeper"\nallowed_domains = ["plan.test"]\n'
    '[people."Ana Lima"]\naddress = "ana@plan.test"\n[people."Kim Keeper"]\naddress = "kim@plan.test"\n'
)
MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
ROWS = (
    ("Action", "Owner", "Due", "Status"),
    (f"Repair the press in {SENTINEL}", "Ana Lima", dt.date(2026, 11, 17), "Open"),
    ("Paint the fence behind the hall", "", dt.date(2026, 11, 30), "Open"),
    ("Order the new gloves for the night shift", "Rui Costa", dt.date(2027, 1, 15), "Open"),
)


class SetClock:
    """A clock that a test sets."""

    instant = MONDAY

    def now(self):
        return self.instant

    def monotonic(self):
        return 0.0


@dataclass
class Desk:
    """A person at Excel. `folder` is the private folder of the plan, the workbook stands in it."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    name: str = "P.xlsx"

    def __post_init__(self):
        self.book = open_book(self.folder / self.name)

    @property
    def excel(self):
        return self.book.app.impl

    def press(self, action: Action, *answers: str) -> tuple[int, list[str]]:
        """The exit code and the messages shown."""
        self.excel.alerts.clear()
        self.excel.answers[:] = answers
        code = answer(Asked(action, self.book.name), self.book, clock=self.clock)
        return code, list(self.excel.alerts)

    def column(self, header: str) -> list:
        """What stands below a header, from the first row down."""
        shown = self.book.sheets["Actions"].used_range.value
        at = shown[0].index(header)
        return [row[at] for row in shown[1:]]

    def save(self):
        """As the person does."""
        self.book.impl.save()

    def learnt(self):
        """The plan's own run sees the saved file."""
        with time_machine.travel(self.clock.now(), tick=False):
            assert run_command(["run", "--config", str(self.folder), "--yes"]) == 0
        self.book = open_book(self.folder / self.name)

    def forgotten(self):
        """The plan is not installed on this computer any more."""
        shutil.rmtree(button_folder().parent)
        (self.folder / "config.toml").unlink()

    def log(self) -> str:
        """All log lines so far."""
        file = button_folder() / "button.log"
        return file.read_text("utf-8") if file.exists() else ""


def write_plan(file: Path) -> None:
    """The plan's workbook, never written by us."""
    book = Workbook()
    book.active.title = "Actions"
    for row in ROWS:
        book.active.append(row)
    book.save(file)
