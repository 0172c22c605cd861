"""Many workbooks in one tick: the bad ones stop nobody, what is told of all, and how little is kept of each."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from contract.person_at_google import make_book
from openpyxl import load_workbook
from run.due_stage import PLAN, Ticks, set_up, write
from sheets_server.faults import not_shared
from sheets_server.gspread_client import local_client
from sheets_server.server import BookHandle, SheetsServer

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.run import google_sheets
from sheets_sync.run.due import run_due
from sheets_sync.run.judge import Judgement
from sheets_sync.run.outcome import Ended
from sheets_sync.run.telling import roll_up
from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google_sheet import GoogleSheet
from sheets_sync.workbooks.ooxml.package import Package

SEVEN = dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC)
HALF_PAST = SEVEN + dt.timedelta(minutes=30)
EIGHT = SEVEN + dt.timedelta(hours=1)
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
ROWS = (("Action", "Owner", "Due", "Status"), ("Order gloves for the night shift", "Ana Lima", "2026-11-30", "Open"))
SHEET_PLAN = (
    '[[plan]]\nuid = "p-{0:06}"\nname = "Plan {0}"\ntabs = ["Actions"]\ntimezone = "UTC"\n'
    'workbook = "https://docs.google.com/spreadsheets/d/{1}/edit#gid=0"\n'
)
KEPT = (Snapshot, Judgement, Package)


@pytest.fixture(scope="module")
def server() -> Iterator[SheetsServer]:
    with SheetsServer(check_replies=False) as running:
        yield running


@pytest.fixture
def books(server: SheetsServer, monkeypatch: pytest.MonkeyPatch) -> tuple[BookHandle, ...]:
    """Two spreadsheets of the local server, to which a run goes for Google's."""

    def sheet_of(address: Any, _: Any, *, tabs: tuple[str, ...] = (), read_only: bool = False) -> GoogleSheet:
        calls = HttpCalls(address.sheet_id, local_client(server.url).http_client)
        return GoogleSheet(calls, tabs=tabs, read_only=read_only)

    monkeypatch.setattr(google_sheets, "google_sheet", sheet_of)
    return tuple(make_book(server, {"Actions": ROWS}, rows=20, columns=16) for _ in range(2))


@pytest.fixture
def mixed(tmp_path: Path, books: tuple[BookHandle, ...]) -> Ticks:
    """Seven files and two spreadsheets, the last one a file, all written at half past seven."""
    folder = set_up(tmp_path / "plans", plans=7)
    *files, last = (PLAN.format(number) for number in (1, 2, 3, 4, 5, 6, 7))
    sheets = [SHEET_PLAN.format(number, book.id) for number, book in enumerate(books, 8)]
    write(folder / "config.toml", 'state = "state"\n' + "".join((*files, *sheets, last)))
    ticks = Ticks(folder, SEVEN)
    ticks.tick()
    first = ticks.tick_at(HALF_PAST)
    assert {run.outcome.ended for run in first.runs if run.outcome} == {Ended.WRITTEN}
    return ticks


def spoil(folder: Path, books: tuple[BookHandle, ...]) -> None:
    """Cut one off, encrypt one, take one away, open one, put a tab's header out of sight, stop sharing a sheet."""
    whole = (folder / "plan-2.xlsx").read_bytes()
    (folder / "plan-2.xlsx").write_bytes(whole[: len(whole) // 2])
    (folder / "plan-3.xlsx").write_bytes(COMPOUND_FILE.ljust(4096, b"\0"))
    (folder / "plan-4.xlsx").unlink()
    (folder / "~$plan-5.xlsx").write_bytes(b"\x03Ana".ljust(165, b"\0"))
    for number in (1, 5, 7):
        file = folder / f"plan-{number}.xlsx"
        book = load_workbook(file)
        book["Actions"]["A2"] = "Order the gloves for the night shift in hall 3"
        book["Actions"]["B2"] = None if book["Actions"]["B2"].value else "Ana Lima"
        book.save(file)
    book = load_workbook(folder / "plan-6.xlsx")
    book["Actions"].title = "Somewhere else"
    book["Somewhere else"].delete_rows(1, 1)
    book.save(folder / "plan-6.xlsx")
    books[1].human.type("Actions", 2, 2, None)


def test_no_bad_workbook_stops_the_next(mixed: Ticks, books: tuple[BookHandle, ...], server: SheetsServer) -> None:
    """Cut off, encrypted, gone, open elsewhere, without its header, not shared: each is told, the good ones around them
    are written, the code is the worst one's, and only the open one waits for the next tick."""
    spoil(mixed.folder, books)
    server.faults.add("*", not_shared())
    outcome = mixed.tick_at(EIGHT)
    server.faults.clear()
    ended = {run.plan.settings.name: run.outcome.ended for run in outcome.runs if run.outcome is not None}
    assert ended == {
        "Plan 1": Ended.WRITTEN,
        "Plan 2": Ended.FAILED,
        "Plan 3": Ended.FAILED,
        "Plan 4": Ended.FAILED,
        "Plan 5": Ended.DEFERRED,
        "Plan 6": Ended.READ_ONLY,
        "Plan 7": Ended.WRITTEN,
        "Plan 8": Ended.FAILED,
        "Plan 9": Ended.WRITTEN,
    }
    assert (outcome.code, outcome.left) == (3, 1)
    assert roll_up(outcome.runs) == "9 plans: 4 failed, 3 written, 1 put off, 1 checked only"
    assert [line.partition(":")[0] for line in mixed.lines] == list(ended)
    (mixed.folder / "~$plan-5.xlsx").unlink()
    later = mixed.tick_at(EIGHT + dt.timedelta(minutes=5))
    assert [(run.plan.settings.name, run.outcome.ended) for run in later.runs if run.outcome] == [
        ("Plan 5", Ended.WRITTEN)
    ]
    assert later.code == 0


def test_progress_tells_of_each_plan_before_it_is_run(mixed: Ticks, books: tuple[BookHandle, ...]) -> None:
    """The bar gets as many steps as plans, each with the plan's name, bad plans too."""
    spoil(mixed.folder, books)
    shown: list[object] = []

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Callable[[str], None]]:
        shown.append((label, total))
        yield shown.append

    mixed.clock.instant = EIGHT
    store = mixed.store()
    run_due(mixed.config, store, clock=mixed.clock, tell=lambda _: None, progress=progress)
    store.close()
    assert shown == [("plans", 9), *(f"Plan {number}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 7))]


def test_nothing_of_a_workbook_is_kept_while_the_next_ones_run(tmp_path: Path) -> None:
    """Through sixty plans that are all written, whatever is read of a workbook is gone when it was told, also without
    Python's search for circles; and the number of all objects hardly grows with the plans."""
    ticks = Ticks(set_up(tmp_path / "plans", plans=60), SEVEN)
    ticks.tick()
    ticks.clock.instant = HALF_PAST
    counts: list[tuple[int, int]] = []

    def look(_: str) -> None:
        everything = gc.get_objects()
        counts.append((sum(isinstance(one, KEPT) for one in everything), len(everything)))

    gc.collect()
    gc.disable()
    try:
        told = iter(range(60))
        outcome = ticks.tick(tell=lambda line: look(line) if next(told) % 15 == 14 else None)
    finally:
        gc.enable()
    assert {run.outcome.ended for run in outcome.runs if run.outcome} == {Ended.WRITTEN}
    assert [kept for kept, _ in counts] == [counts[0][0]] * 4
    assert counts[0][0] <= 4
    assert (counts[-1][1] - counts[0][1]) / 45 < 600
    assert not any(
        run.outcome.looked or run.outcome.changes or run.outcome.receipt for run in outcome.runs if run.outcome
    )
