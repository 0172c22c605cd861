"""Leaving a Google sheet while people move rows or Google fails: nothing of ours stays without its mark."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from run.stage import HEADER, ten_rows
from sheets_server.faults import Fault, Reset, not_shared
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of, human_grid, own_columns
from workbooks.google.test_google_runs import CHANGE, TAB, WRITE, GoogleStage

from sheets_sync.errors import UsageError, WorkbookChanged
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended
from sheets_sync.run.undo import undo

ACTS: dict[str, Callable[[BookHandle], None]] = {
    "inserts a row": lambda book: book.human.insert_rows(TAB, 3),
    "inserts rows above": lambda book: book.human.insert_rows(TAB, 1, 2),
    "sorts": lambda book: book.human.sort(TAB, 1, first=2, last=11, descending=True),
    "deletes a row": lambda book: book.human.delete_rows(TAB, 4),
    "inserts a column": lambda book: book.human.insert_columns(TAB, 2),
}


@pytest.fixture
def stage(server: SheetsServer, tmp_path: Path) -> Iterator[GoogleStage]:
    """A plan nobody wrote yet."""
    made = GoogleStage(server, tmp_path)
    yield made
    made.store.close()


def texts(stage: GoogleStage) -> int:
    """How many cells hold something, whoever wrote it."""
    return sum(cell.value is not None for cell in stage.book.human.cells(TAB).values())


def assert_nothing_of_ours(stage: GoogleStage, left: object, cells: int) -> None:
    """The sheet is as people left it, without marks and stamp."""
    assert human_grid(stage.book) == left
    assert texts(stage) == cells
    assert stage.book.metadata() == []


@pytest.mark.parametrize("team_ids", [False, True])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_rows_move_while_we_leave(stage: GoogleStage, act: Callable[[BookHandle], None], team_ids: bool) -> None:
    """Our texts are found where their rows are by then, with ids of ours and of the team."""
    if team_ids:
        rows = [(f"X-{number}", *row) for number, row in enumerate(ten_rows())]
        stage.book = bench_of(stage.server, {TAB: [("Ref", *HEADER), *rows]}).book
    stage.run()
    left: list[object] = []

    def acts(name: str) -> None:
        if name == WRITE:
            stage.server.between(None)
            act(stage.book)
            left.append(human_grid(stage.book))

    stage.server.between(acts)
    outcome = leave(stage.site, dry_run=False)
    if outcome.receipt is not None and outcome.receipt.refused:
        leave(stage.site, dry_run=False)
    people = left[0]
    assert isinstance(people, dict)
    assert_nothing_of_ours(stage, people, len(people[TAB]))


def test_a_lost_write_keeps_the_marks_of_what_still_stands(stage: GoogleStage) -> None:
    """Rows that cannot be told apart keep our texts, and the columns their marks; the next leave takes all."""
    rows = ten_rows()
    stage.book = bench_of(stage.server, {TAB: [HEADER, *rows, rows[0]]}).book
    left, cells = human_grid(stage.book), texts(stage)
    stage.run()
    stage.server.faults.add(WRITE, Reset("none"))
    outcome = leave(stage.site, dry_run=False)
    assert outcome.receipt is not None
    assert outcome.receipt.refused
    assert texts(stage) > cells
    assert {"id", "flag"} <= own_columns(stage.book, TAB).keys()
    assert human_grid(stage.book) == left
    again = leave(stage.site, dry_run=False)
    assert (again.ended, again.receipt and again.receipt.refused) == (Ended.WRITTEN, ())
    assert_nothing_of_ours(stage, left, cells)


@pytest.mark.parametrize("fault", [Reset("none"), not_shared()], ids=["no answer", "refused"])
@pytest.mark.parametrize("undone", [False, True], ids=["leave", "undo"])
def test_marks_that_could_not_be_taken_out_can_be_later(stage: GoogleStage, fault: Fault, undone: bool) -> None:
    """The workbook that keeps our stamp is still known as ours, so that a later leave takes the rest."""
    left, cells = human_grid(stage.book), texts(stage)
    stage.run()
    stage.server.faults.add(CHANGE, fault)
    outcome = undo(stage.site, restore=None) if undone else leave(stage.site, dry_run=False)
    stage.server.faults.clear()
    assert outcome.receipt is not None
    assert outcome.receipt.refused
    leave(stage.site, dry_run=False)
    assert_nothing_of_ours(stage, left, cells)


def test_an_undo_that_google_stopped_can_be_repeated(stage: GoogleStage) -> None:
    """What Google would not take out at once goes by another undo; then there is nothing left to undo."""
    left, cells = human_grid(stage.book), texts(stage)
    stage.run()
    stage.server.faults.add(CHANGE, not_shared())
    first = undo(stage.site, restore=None)
    assert first.receipt is not None
    assert first.receipt.refused
    again = undo(stage.site, restore=None)
    assert again.receipt is not None
    assert again.receipt.refused == ()
    assert_nothing_of_ours(stage, left, cells)
    with pytest.raises(UsageError):
        undo(stage.site, restore=None)
    stage.store.pauses.end(stage.settings.uid)
    assert stage.run().ended is Ended.WRITTEN


@pytest.mark.parametrize("method", [WRITE, CHANGE])
@pytest.mark.parametrize("role", ["id", "flag", "next_fix"])
def test_a_column_of_ours_is_deleted_while_we_leave(stage: GoogleStage, method: str, role: str) -> None:
    """The rest goes all the same, at once or with the next leave, and with it the memory of the deleted column."""
    left, cells = human_grid(stage.book), texts(stage)
    stage.run()

    def acts(name: str) -> None:
        if name == method:
            stage.server.between(None)
            stage.book.human.delete_columns(TAB, own_columns(stage.book, TAB)[role])

    stage.server.between(acts)
    try:
        outcome = leave(stage.site, dry_run=False)
    except WorkbookChanged:
        outcome = leave(stage.site, dry_run=False)
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert_nothing_of_ours(stage, left, cells)
