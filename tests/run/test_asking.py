"""What people tick in their Sync logs between the times of the jobs, unanswerable or while Google is silent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contract.person_at_google import make_book
from openpyxl import load_workbook
from run.due_stage import PLAN, Ticks, names, set_up, write
from sheets_server.faults import unavailable
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import sheet_of

from sheets_sync.core.log_layout import CHECK_NOW
from sheets_sync.run import google_sheets
from sheets_sync.workbooks.google.traces import LOG_TAB

MONDAY = dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAILY = 'when = "30 7 * * *"\ntimezone = "UTC"\nsteps = ["sync"]\n'
ROWS = (("Action", "Owner", "Due", "Status"), ("Order gloves for the night shift", "Ana Lima", "2026-11-30", "Open"))
SHEET = (
    '[[plan]]\nuid = "p-{0:06}"\nname = "Plan {0}"\ntabs = ["Actions"]\ntimezone = "UTC"\n'
    'workbook = "https://docs.google.com/spreadsheets/d/{1}/edit#gid=0"\n'
)


def ticked(ticks: Ticks, number: int = 1, *, owners: str = "") -> None:
    """A person ticks "Check now" in a file, and gives every row this owner."""
    file = ticks.folder / f"plan-{number}.xlsx"
    book = load_workbook(file)
    book["Sync log"].cell(*CHECK_NOW).value = "x"
    if owners:
        tab = book["Actions"]
        for row in range(2, tab.max_row + 1):
            tab.cell(row, 2).value = owners
    book.save(file)


@pytest.fixture
def ticks(tmp_path: Path) -> Ticks:
    """Two plans whose Sync logs are there, some minutes after their daily job."""
    made = Ticks(set_up(tmp_path / "private", jobs={"sync": DAILY}), MONDAY)
    made.tick()
    made.tick_at(MONDAY + 30 * MINUTE)
    return made


def test_what_cannot_be_answered_is_asked_ever_less_often(ticks: Ticks) -> None:
    """A tick in a plan that is only checked, for all its owners changed, brings a run after 10, 30 and 70 minutes and
    then every hour, not with every tick; what can be answered is, each time."""
    start = MONDAY + 60 * MINUTE
    ticked(ticks, owners="Eva Brandt")
    runs = []
    for step in range(48):
        if names(ticks.tick_at(start + 5 * step * MINUTE)):
            runs.append(5 * step)
    assert runs == [0, 10, 30, 70, 130, 190]
    ticked(ticks, number=2)
    assert names(ticks.tick_at(start + 240 * MINUTE)) == ["Plan 2"]
    ticked(ticks, number=2)
    assert names(ticks.tick_at(start + 245 * MINUTE)) == ["Plan 2"]


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    with SheetsServer(check_replies=False) as running:
        yield running


def test_a_mistake_of_ours_in_looking_stops_no_other_answer(ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that breaks our own code where ticks are looked for keeps neither the other plans' answers nor the end of
    the tick."""
    ticked(ticks, 2)
    whole = ticks.config
    broken = replace(whole, plans=(replace(whole.plans[0], limits=None), *whole.plans[1:]))
    monkeypatch.setattr(Ticks, "config", broken)
    assert names(ticks.tick_at(MONDAY + 60 * MINUTE)) == ["Plan 2"]


def test_a_silent_google_delays_nothing(tmp_path: Path, server: SheetsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """While Google does not answer, what is due is done first, one sheet is looked at, and the others are left for the
    next tick, which begins with another one."""
    books: list[BookHandle] = [make_book(server, {"Actions": ROWS}, rows=20, columns=16) for _ in range(3)]
    looked: list[str] = []
    silent = False

    def opened(address: Any, _: Any, *, tabs: tuple[str, ...] = (), read_only: bool = False) -> Any:
        book = next(one for one in books if one.id == address.sheet_id)
        sheet = sheet_of(server, book, tabs=tabs, read_only=read_only)
        if silent:
            looked.append(book.id)
            server.faults.add("spreadsheets.getByDataFilter", *[unavailable()] * 20)
        return sheet

    monkeypatch.setattr(google_sheets, "google_sheet", opened)
    folder = set_up(tmp_path / "private", plans=1, jobs={"sync": DAILY})
    sheets = "".join(SHEET.format(number, book.id) for number, book in enumerate(books, 2))
    write(folder / "config.toml", 'state = "state"\n' + PLAN.format(1) + sheets)
    made = Ticks(folder, MONDAY)
    made.tick()
    made.tick_at(MONDAY + 30 * MINUTE)
    assert all(book.inside.sheets[-1].id == LOG_TAB for book in books)
    silent = True
    ticked(made)
    ran = [names(made.tick_at(MONDAY + minutes * MINUTE)) for minutes in (60, 65, 70)]
    assert [name for each in ran for name in each] == ["Plan 1"]
    assert len(looked) == len(ran)
    assert len(set(looked)) > 1
