"""Undo and resume where something else happened meanwhile: adoptions, open workbooks, renamed tabs."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from run.file_stage import UID, content, make_plan, remembered, run, site
from run.stage import YES, Stage

from sheets_sync.errors import UsageError, WorkbookBusy
from sheets_sync.run.outcome import Ended
from sheets_sync.run.site import Options
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store

FIRST = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
ADOPT = Options(adopt=True, read_always=True, confirm=lambda _: True)


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.store.close()


def taken_over(stage: Stage, name: str) -> None:
    """Another store stands where the plan's store was."""
    stage.store.close()
    stage.store = Store.open(stage.place / name)


def test_an_adoption_can_be_undone(stage):
    """What the adopting run wrote goes; what the first store had written stays, and the run goes on after resume."""
    stage.run()
    stage.clock.move(days=1)
    before = stage.book.shown("Actions")
    taken_over(stage, "another")
    assert stage.run(adopt=True).code == 0
    assert stage.column("Flag")[1] == "OVERDUE since 16 Nov"
    assert undo(stage.site, restore=None).code == 0
    assert stage.book.shown("Actions") == before
    assert stage.run().ended is Ended.PAUSED
    stage.store.pauses.end(UID)
    assert stage.run().code == 0
    assert stage.column("Flag")[1] == "OVERDUE since 16 Nov"


def test_after_an_undone_adoption_the_first_store_goes_on(stage):
    """It had written once, and finds its columns without a stamp."""
    stage.run()
    ids = stage.column("ID")
    stage.clock.move(days=1)
    taken_over(stage, "another")
    stage.run(adopt=True)
    undo(stage.site, restore=None)
    taken_over(stage, "state")
    assert stage.run().code == 0
    assert (stage.column("ID"), stage.column("Flag")[1]) == (ids, "OVERDUE since 16 Nov")


def test_an_adoption_that_wrote_no_cell_leaves_nothing_to_undo(stage):
    """Nothing of the first store's cells is taken out in the other store's name."""
    stage.run()
    taken_over(stage, "another")
    assert stage.run(adopt=True).code == 0
    before = stage.book.shown("Actions")
    with pytest.raises(UsageError, match="no write to undo"):
        undo(stage.site, restore=None)
    assert stage.book.shown("Actions") == before
    assert not stage.store.state(UID).paused


def adopted_file(folder: Path) -> bytes:
    """A plan written by one store and adopted a day later by another; returns the file as the first one left it."""
    make_plan(folder / "plan.xlsx")
    run(folder, FIRST)
    before = (folder / "plan.xlsx").read_bytes()
    shutil.move(folder / "state", folder / "first")
    stage = site(folder, FIRST + dt.timedelta(days=1))
    assert sync(stage, ADOPT).ended is Ended.WRITTEN
    stage.store.close()
    return before


def test_an_undone_adoption_is_the_file_of_before_byte_for_byte(tmp_path):
    """The stamp of the first store is back, and accepted: after resume the adopting store writes again."""
    before = adopted_file(tmp_path)
    adopted = content(tmp_path)
    stage = site(tmp_path, FIRST + dt.timedelta(days=1, hours=1))
    undo(stage, restore=stage.workbook.restore)
    assert (tmp_path / "plan.xlsx").read_bytes() == before
    stage.store.pauses.end(UID)
    assert sync(stage, YES).ended is Ended.WRITTEN
    stage.store.close()
    assert content(tmp_path) == adopted


def test_an_undone_adoption_that_was_killed_needs_no_other(tmp_path, monkeypatch):
    """Killed when the file was put back and nothing noted: the next run settles it, and after resume the adopting
    store writes again as if the undo had ended."""
    before = adopted_file(tmp_path)
    adopted = content(tmp_path)
    stage = site(tmp_path, FIRST + dt.timedelta(days=1, hours=1))

    class Killed(BaseException):
        pass

    def dead(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as world:
        world.setattr(Store, "finish", dead)
        with pytest.raises(Killed):
            undo(stage, restore=stage.workbook.restore)
    stage.store.close()
    assert (tmp_path / "plan.xlsx").read_bytes() == before
    stage = site(tmp_path, FIRST + dt.timedelta(days=1, hours=2))
    assert sync(stage, YES).ended is Ended.PAUSED
    stage.store.pauses.end(UID)
    assert sync(stage, YES).ended is Ended.WRITTEN
    stage.store.close()
    assert content(tmp_path) == adopted


def test_an_undone_adoption_gives_the_workbook_back_to_the_first_store(tmp_path):
    """For the first store nothing has happened."""
    adopted_file(tmp_path)
    stage = site(tmp_path, FIRST + dt.timedelta(days=1, hours=1))
    undo(stage, restore=stage.workbook.restore)
    stage.store.close()
    shutil.move(tmp_path / "state", tmp_path / "second")
    shutil.move(tmp_path / "first", tmp_path / "state")
    assert run(tmp_path, FIRST + dt.timedelta(days=1, hours=2)).ended is Ended.WRITTEN


@pytest.mark.parametrize("edited", [False, True])
def test_an_undo_that_must_wait_leaves_the_plan_running(tmp_path, edited):
    """The workbook is open: nothing is undone, nothing is paused, and the same undo works later."""
    make_plan(tmp_path / "plan.xlsx")
    before = content(tmp_path)
    run(tmp_path, FIRST)
    if edited:
        run(tmp_path, FIRST + dt.timedelta(days=1))
    written, history = content(tmp_path), remembered(tmp_path)
    lock = tmp_path / "~$plan.xlsx"
    lock.write_bytes(b"\x08Ana Lima".ljust(165, b" "))
    instant = dt.datetime.now(dt.UTC)
    stage = site(tmp_path, instant)
    with pytest.raises(WorkbookBusy):
        undo(stage, restore=None if edited else stage.workbook.restore)
    assert not stage.store.state(UID).paused
    assert stage.store.open_runs(UID) == ()
    assert (content(tmp_path), remembered(tmp_path)) == (written, history)
    lock.unlink()
    undo(stage, restore=stage.workbook.restore)
    assert stage.store.state(UID).paused
    assert (content(tmp_path) == before) is not edited
    stage.store.close()


def test_a_pause_of_the_keepers_own_survives_an_undo_that_must_wait(stage):
    """Who paused the plan by hand finds it paused."""
    stage.run()
    stage.store.pause(UID, "on holiday", stage.clock.now())

    class Open:
        """The workbook while somebody has it open."""

        def __getattr__(self, name):
            return getattr(stage.book, name)

        def apply(self, changes, seen):
            raise WorkbookBusy("open", "close it")

    with pytest.raises(WorkbookBusy):
        undo(replace(stage.site, workbook=Open()), restore=None)
    outcome = stage.run(read_always=True)
    assert (outcome.ended, outcome.reason) == (Ended.PAUSED, "on holiday")


@pytest.mark.parametrize("word", ["put back", "cleared"])
def test_an_undo_that_left_something_can_be_repeated(stage, word):
    """What somebody had typed over is left, and taken back by another undo when it holds our word or nothing again."""
    before = stage.book.shown("Actions")
    stage.run()
    column = stage.book.shown("Actions")[0].index("Flag") + 1
    ours = stage.book.shown("Actions")[1][column - 1]
    stage.book.type_in("Actions", 2, column, "my note")
    first = undo(stage.site, restore=None)
    assert first.receipt.refused
    assert stage.book.shown("Actions")[1][column - 1] == "my note"
    stage.book.type_in("Actions", 2, column, ours if word == "put back" else None)
    again = undo(stage.site, restore=None)
    assert again.receipt.refused == ()
    assert stage.book.shown("Actions") == before
    with pytest.raises(UsageError, match="undone already"):
        undo(stage.site, restore=None)
    stage.store.pauses.end(UID)
    assert stage.run().ended is Ended.WRITTEN
    assert stage.column("Flag")[0] == ours


def test_what_people_keep_stays_through_any_number_of_undos(stage):
    """Their word in our column is never taken, and nothing else is written."""
    stage.run()
    column = stage.book.shown("Actions")[0].index("Flag") + 1
    stage.book.type_in("Actions", 2, column, "my note")
    undo(stage.site, restore=None)
    left = stage.book.shown("Actions")
    for _ in range(2):
        assert undo(stage.site, restore=None).receipt.refused
        assert stage.book.shown("Actions") == left


def test_a_repeated_undo_of_a_file_never_puts_a_copy_back(tmp_path):
    """The copy kept by an undo holds what was undone; only what was left is taken back, row by row."""
    make_plan(tmp_path / "plan.xlsx")
    before = content(tmp_path)
    run(tmp_path, FIRST)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    sheet = book.worksheets[0]
    flags = next(cell.column for cell in sheet[1] if cell.value == "Flag")
    ours, sheet.cell(2, flags).value = sheet.cell(2, flags).value, "my note"
    book.save(tmp_path / "plan.xlsx")
    stage = site(tmp_path, dt.datetime.now(dt.UTC))
    assert undo(stage, restore=stage.workbook.restore).receipt.refused
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    book.worksheets[0].cell(2, flags).value = ours
    book.save(tmp_path / "plan.xlsx")
    assert undo(stage, restore=stage.workbook.restore).receipt.refused == ()
    stage.store.close()
    assert content(tmp_path) == before
