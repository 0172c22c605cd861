"""Whole runs on a Google sheet, with a real store: what they cost, and that they end where runs in memory end."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from run.stage import HEADER, YES, SetClock, Stage, ten_rows
from sheets_server.caller import Caller
from sheets_server.faults import Reset
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of, human_grid, sheet_of

from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import GuardError
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store
from sheets_sync.workbooks.google.traces import STAMP_TAB, STAMP_TITLE

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


def test_quiet_runs_without_the_scope_for_drive(stage: GoogleStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sign-in does not include Drive, a run that finds nothing new costs one refused question and one
    reading; a run that writes asks Drive no more often."""
    monkeypatch.setattr(
        stage.server.tokens, "everyday", Caller(scopes=("https://www.googleapis.com/auth/spreadsheets",))
    )
    calls = []
    for _ in range(3):
        ended = stage.run().ended
        calls.append(list(stage.server.calls))
    assert ended is Ended.UNCHANGED
    assert calls == [[DRIVE, READ, CHANGE, WRITE], [DRIVE, READ], [DRIVE, READ]]


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


def _deleted(book: BookHandle) -> None:
    book.human.request("deleteSheet", {"sheetId": STAMP_TAB})


def _emptied(book: BookHandle) -> None:
    book.human.type(STAMP_TITLE, 1, 1, None)


def _typed_over(book: BookHandle) -> None:
    book.human.type(STAMP_TITLE, 1, 1, "what is this?")


@pytest.mark.parametrize(
    ("act", "word"),
    [(_deleted, "deleted"), (_emptied, "changed"), (_typed_over, "changed")],
    ids=["deleted", "emptied", "typed over"],
)
def test_hidden_tab_is_deleted_by_a_person(stage: GoogleStage, act: Callable[[BookHandle], None], word: str) -> None:
    """Without the hidden tab nothing is written, and it is said what happened and how to go on; adopt takes the sheet
    up again, with the ids it has."""
    _written_twice(stage)
    act(stage.book)
    ids = _column(stage, "ID")
    stopped = stage.run()
    assert stopped.ended is Ended.READ_ONLY
    assert "the hidden tab _sheets-sync" in stopped.reason
    assert stopped.reason.endswith(f"was {word}")
    assert stopped.remedy == "to take the sheet up again, run: sheets-sync adopt"
    assert {CHANGE, WRITE}.isdisjoint(stage.server.calls)
    with pytest.raises(GuardError, match=f"the hidden tab _sheets-sync.* was {word}"):
        undo(stage.site, restore=None)
    assert stage.run(Options(adopt=True, read_always=True, confirm=lambda _: True)).ended is Ended.WRITTEN
    assert _column(stage, "ID") == ids
    stage.clock.move(days=1)
    assert [stage.run().ended for _ in range(3)][-1] is Ended.UNCHANGED
    assert stage.book.human.sheet(STAMP_TITLE).properties["hidden"]


def test_older_copy_is_not_taken_for_a_deleted_tab(stage: GoogleStage) -> None:
    """A sheet without any mark of ours is said to be an older copy, as before."""
    _written_twice(stage)
    stage.book = bench_of(stage.server, {TAB: [HEADER, *ten_rows()]}).book
    stopped = stage.run()
    assert stopped.ended is Ended.READ_ONLY
    assert "an older copy" in stopped.reason
    assert stopped.remedy.startswith("if this workbook is the right one")


def _written_twice(stage: GoogleStage) -> None:
    stage.run()
    stage.book.human.type(TAB, 3, 4, "Done")
    stage.clock.move(days=1)
    assert stage.run().ended is Ended.WRITTEN


def _column(stage: GoogleStage, header: str) -> list[str]:
    at = stage.shown()[0].index(header)
    return [row[at] for row in stage.shown()[1:]]


@pytest.mark.parametrize("header", ["Owner", "Due", "Status", "Notes"])
@pytest.mark.parametrize("method", [CHANGE, WRITE])
def test_a_column_of_people_goes_during_the_first_write(stage: GoogleStage, header: str, method: str) -> None:
    """The plan is taken up again by the next runs alone, with an id in every row, whatever was deleted."""

    def acts(name: str) -> None:
        if name == method:
            stage.server.between(None)
            stage.book.human.delete_columns(TAB, HEADER.index(header) + 1)

    stage.server.between(acts)
    stage.run()
    unattended = Options()
    ended = [stage.run(unattended).ended for _ in range(3)]
    assert ended[-1] in (Ended.UNCHANGED, Ended.NOTHING)
    shown = stage.shown()
    assert header not in shown[0]
    ids, flags = ([row[shown[0].index(title)] for row in shown[1:]] for title in ("ID", "Flag"))
    assert len(set(ids) - {""}) == 10
    assert any(flags)


def test_a_mass_change_after_a_first_write_still_stops(stage: GoogleStage) -> None:
    """A column deleted after a first write that nobody disturbed is looked at by a person first."""
    stage.run()
    stage.book.human.delete_columns(TAB, HEADER.index("Owner") + 1)
    assert stage.run(Options()).ended is Ended.READ_ONLY
