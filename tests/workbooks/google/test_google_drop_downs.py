"""Drop-downs of ours in a Google sheet whose columns people move at that moment: no other column ever keeps them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from run.stage import HEADER, ten_rows
from sheets_server.faults import Answer, Fault, Reset, not_shared, unavailable
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of
from workbooks.google.test_google_runs import CHANGE, READ, TAB, WRITE, YES, GoogleStage

from sheets_sync.run.leave import leave
from sheets_sync.run.undo import undo
from sheets_sync.workbooks.google.traces import LIST_MESSAGE

HEADS = ("Area", *HEADER)
STATUS = HEADS.index("Status") + 1
NOTES = HEADS.index("Notes") + 1
Checks = dict[str, list[tuple[int, str]]]

ACTS: dict[str, Callable[[BookHandle], None]] = {
    "inserts a column at the left": lambda book: book.human.insert_columns(TAB, 1),
    "inserts a column before it": lambda book: book.human.insert_columns(TAB, STATUS),
    "deletes a column": lambda book: book.human.delete_columns(TAB, 1),
    "drags it to the left": lambda book: book.human.move_columns(TAB, STATUS, 1, 1),
    "drags another over it": lambda book: book.human.move_columns(TAB, NOTES, 1, 1),
}


@pytest.fixture
def stage(server: SheetsServer, tmp_path: Path) -> Iterator[GoogleStage]:
    """A plan nobody wrote yet, with drop-downs of people beside the column of ours."""
    made = GoogleStage(server, tmp_path)
    made.settings = replace(made.settings, drop_downs=True)
    made.book = bench_of(server, {TAB: [HEADS, *(("North", *row) for row in ten_rows())]}).book
    for column in (1, STATUS - 1, NOTES):
        for row in range(2, 12):
            made.book.human.drop_down(TAB, row, column, [f"for {HEADS[column - 1]}", "x"])
    yield made
    made.store.close()


def checks(book: BookHandle, *, ours: bool) -> Checks:
    """All drop-downs by header: of people, or ours. A column just put in, still without a header, takes over those of
    its neighbour; what becomes of these nobody can know."""
    cells = book.human.cells(TAB)
    found: Checks = {}
    for (row, column), cell in sorted(cells.items()):
        if cell.validation and (cell.validation.get("inputMessage") == LIST_MESSAGE) == ours:
            head = cells.get((1, column))
            if (head and head.value) or ours:
                found.setdefault(str(head.value if head else ""), []).append((row, repr(cell.validation)))
    return found


def at_call(stage: GoogleStage, place: int, act: Callable[[], None]) -> None:
    """Let people act right before the call that changes the sheet for the `place`-th time."""
    seen: list[str] = []

    def acts(name: str) -> None:
        if name in (CHANGE, WRITE):
            seen.append(name)
            if len(seen) == place:
                act()

    stage.server.between(acts)


@pytest.mark.parametrize("place", [1, 2, 3], ids=["columns", "values", "lists"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_columns_move_while_lists_are_made(stage: GoogleStage, act: Callable[[BookHandle], None], place: int) -> None:
    """Every drop-down of people is what it was, and ours stands over the statuses soon, whenever columns move."""
    left: list[Checks] = []

    def acts() -> None:
        act(stage.book)
        left.append(checks(stage.book, ours=False))

    at_call(stage, place, acts)
    stage.run()
    stage.server.between(None)
    assert checks(stage.book, ours=False) == left[0]
    assert checks(stage.book, ours=True).keys() <= {"Status"}
    for _ in range(3):
        stage.run()
    assert checks(stage.book, ours=False) == left[0]
    assert [row for row, _ in checks(stage.book, ours=True)["Status"]][:10] == list(range(2, 12))


@pytest.mark.parametrize(
    "fault", [Reset("now"), Reset("later", 60.0), Reset("none"), unavailable(), not_shared()], ids=repr
)
@pytest.mark.parametrize(
    "act", [None, ACTS["inserts a column at the left"]], ids=["nobody acts", "a column is inserted"]
)
def test_google_fails_while_lists_are_made(
    stage: GoogleStage, act: Callable[[BookHandle], None] | None, fault: Fault
) -> None:
    """The same holds when the answer to the drop-downs is lost or they are refused."""
    left: list[Checks] = []

    def acts() -> None:
        if act is not None:
            act(stage.book)
        left.append(checks(stage.book, ours=False))
        stage.server.faults.add(CHANGE, fault)

    at_call(stage, 3, acts)
    stage.run()
    stage.server.between(None)
    assert checks(stage.book, ours=False) == left[0]
    for _ in range(3):
        stage.run()
    assert checks(stage.book, ours=False) == left[0]
    assert checks(stage.book, ours=True).keys() == {"Status"}


def test_columns_move_again_while_it_is_put_right(stage: GoogleStage) -> None:
    """Columns that move once more while a neighbour gets its drop-down back are followed."""
    seen: list[str] = []
    left: list[Checks] = []

    def acts(name: str) -> None:
        seen.extend([name] if name in (CHANGE, WRITE) else [])
        if name == CHANGE and len(seen) in (3, 4):
            stage.book.human.insert_columns(TAB, 1)
            left.append(checks(stage.book, ours=False))

    first = checks(stage.book, ours=False)
    stage.server.between(acts)
    stage.run()
    stage.server.between(None)
    assert len(left) == 2
    assert checks(stage.book, ours=False) == first
    stage.run()
    assert checks(stage.book, ours=True).keys() == {"Status"}


def test_lists_cost_one_call(stage: GoogleStage) -> None:
    """Drop-downs are one call more, and only in the run that makes them."""
    stage.run()
    assert stage.server.calls[1:] == [READ, CHANGE, WRITE, CHANGE]
    stage.clock.move(days=1)
    stage.run()
    assert stage.server.calls[1:] == [READ, WRITE]


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize("undone", [False, True], ids=["leave", "undo"])
def test_columns_move_while_lists_are_taken_away(
    stage: GoogleStage, act: Callable[[BookHandle], None], undone: bool
) -> None:
    """Taking ours away takes nothing from people; what could not be taken at that moment is told, and can be later."""
    stage.run()
    left: list[Checks] = []

    def acts() -> None:
        act(stage.book)
        left.append(checks(stage.book, ours=False))

    at_call(stage, 2, acts)
    outcome = undo(stage.site, restore=None) if undone else leave(stage.site, dry_run=False)
    stage.server.between(None)
    assert checks(stage.book, ours=False) == left[0]
    assert outcome.receipt is not None
    assert bool(outcome.receipt.refused) == bool(checks(stage.book, ours=True))
    leave(stage.site, dry_run=False)
    assert checks(stage.book, ours=True) == {}
    assert checks(stage.book, ours=False) == left[0]
    assert stage.book.metadata() == []


@pytest.mark.parametrize("first", [True, False], ids=["first write", "later"])
def test_headers_that_may_not_be_asked_for(stage: GoogleStage, first: bool) -> None:
    """Where Google refuses to show headers in the answer to the values, they are looked at: the write is made."""
    if not first:
        stage.settings = replace(stage.settings, drop_downs=False)
        stage.run()
        stage.settings = replace(stage.settings, drop_downs=True)
        stage.clock.move(days=1)
    refused = json.dumps({"error": {"code": 400, "message": "a protected cell", "status": "INVALID_ARGUMENT"}})
    stage.server.faults.add(WRITE, Answer(400, refused.encode()))
    outcome = stage.run(replace(YES, read_always=True))
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert checks(stage.book, ours=True).keys() == {"Status"}
    assert all(row[-2] for row in stage.shown())
