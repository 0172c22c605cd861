"""Whole runs on a Google sheet, with a real store: what they cost, and that they end where runs in memory end."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from run.stage import HEADER, YES, SetClock, Stage, ten_rows
from sheets_server.faults import Reset
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of, human_grid, sheet_of

from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store

DRIVE, READ = "files.get", "spreadsheets.getByDataFilter"
WRITE, CHANGE = "spreadsheets.values.batchUpdateByDataFilter", "spreadsheets.batchUpdate"
TAB = "Actions"


class GoogleStage:
    """One plan in a Google sheet, with its store and a clock that a test sets. Every run is a program of its own."""

    def __init__(self, server: SheetsServer, place: Path, *, versions: bool = True) -> None:
        self.server, self.versions = server, versions
        self.book: BookHandle = bench_of(server, {TAB: [HEADER, *ten_rows()]}).book
        self.settings = PlanSettings("plan-uid", name="Plan", tabs=(TAB,))
        self.clock = SetClock()
        self.store = Store.open(place / "state")

    @property
    def site(self) -> Site:
        """The site of a new program."""
        sheet = sheet_of(self.server, self.book, versions=self.versions, tabs=(TAB,))
        return Site(self.settings, sheet, self.store, self.clock, "config-hash")

    def run(self, options: Options = YES) -> Outcome:
        """Run once; the calls are counted from here."""
        self.server.forget_requests()
        return sync(self.site, options)

    def shown(self) -> list[list[str]]:
        """What people see."""
        return [row for row in self.book.human.shown(TAB) if any(row)]


@pytest.fixture
def stage(server: SheetsServer, tmp_path: Path) -> Iterator[GoogleStage]:
    """A plan nobody wrote yet."""
    made = GoogleStage(server, tmp_path)
    yield made
    made.store.close()


def test_a_week_of_runs(stage: GoogleStage, tmp_path: Path) -> None:
    """The first run costs three calls of Sheets, a run after people typed two, an untouched sheet none; flags, ids and
    fixes are those of the same plan in memory all the week."""
    memory = Stage(tmp_path / "memory")
    left = human_grid(stage.book)
    calls = []
    for day in range(5):
        if day == 2:
            stage.book.human.type(TAB, 3, 4, "Done")
            memory.book.type_in(TAB, 3, 4, "Done")
            left = human_grid(stage.book)
        for _ in range(3):
            outcome = stage.run()
            calls.append(list(stage.server.calls))
            assert memory.run().ended.value in (outcome.ended.value, "nothing", "unchanged")
            assert not outcome.receipt or outcome.receipt.refused == ()
        assert stage.shown() == [[_text(cell) for cell in row] for row in memory.book.shown(TAB)]
        assert human_grid(stage.book) == left
        for clock in (stage.clock, memory.clock):
            clock.move(days=1)
    assert calls[:3] == [[DRIVE, READ, CHANGE, WRITE], [DRIVE, READ], [DRIVE]]
    assert all(one.count(READ) <= 1 and one.count(WRITE) <= 1 for one in calls)
    assert sum(CHANGE in one for one in calls) <= 2


def _text(cell: object) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("method", [CHANGE, WRITE])
@pytest.mark.parametrize("effect", ["now", "later"])
def test_killed_while_writing(stage: GoogleStage, method: str, effect: str) -> None:
    """A run that was killed right after a request, whose effect came at once or late, is settled by the next ones."""
    left = human_grid(stage.book)
    stage.server.faults.add(method, Reset(effect, 60.0))
    site = stage.site
    stage.server.between(lambda name: _stop(site) if name == method else None)
    with pytest.raises(KeyboardInterrupt):
        sync(site, YES)
    stage.server.between(None)
    stage.clock.move(minutes=20)
    stage.server.clock.advance(100)
    ended = [stage.run().ended for _ in range(4)]
    assert ended[-1] in (Ended.UNCHANGED, Ended.NOTHING)
    assert human_grid(stage.book) == left
    shown = stage.shown()
    assert shown[0].count("Flag") == 1
    ids = [row[shown[0].index("ID")] for row in shown[1:]]
    assert len(set(ids)) == 10


def _stop(site: Site) -> None:
    calls = site.workbook._reader.calls

    def dead(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for name in ("get", "post_read", "drive_version"):
        setattr(calls, name, dead)


def test_undo(stage: GoogleStage) -> None:
    """Undo takes back what was written, cell by cell, and leaves what people have."""
    left = human_grid(stage.book)
    before = stage.shown()
    stage.run()
    undo(stage.site, restore=None)
    assert human_grid(stage.book) == left
    assert [row[: len(HEADER)] for row in stage.shown()] == before
    assert all(not any(row[len(HEADER) :]) for row in stage.shown())
    assert stage.book.metadata() == []
