"""People's filter over a plan in Google Sheets: it takes our columns in, and lets them go again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from run.stage import HEADER
from sheets_server.faults import Reset
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import own_columns
from workbooks.google.test_google_runs import CHANGE, DRIVE, READ, TAB, WRITE, GoogleStage

from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended
from sheets_sync.run.undo import undo

RIGHT = len(HEADER)
NOTES = {"condition": {"type": "TEXT_NOT_CONTAINS", "values": [{"userEnteredValue": "hidden"}]}}
OWNER = {"hiddenValues": ["Jo Chen"]}
CONTENT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "criteria": {"criteria": {"1": OWNER, str(RIGHT - 1): NOTES}},
    "specs": {"filterSpecs": [{"columnIndex": 1, "filterCriteria": OWNER}]},
}
SORTED = {"sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]}


@pytest.fixture
def stage(server: SheetsServer, tmp_path: Path) -> Iterator[GoogleStage]:
    """A plan nobody wrote yet."""
    made = GoogleStage(server, tmp_path)
    yield made
    made.store.close()


def set_filter(book: BookHandle, content: dict[str, Any], *, right: int = RIGHT, top: int = 1) -> None:
    """People set a filter over the plan."""
    area = {"sheetId": 0, "startRowIndex": top - 1, "endRowIndex": 15, "startColumnIndex": 0, "endColumnIndex": right}
    book.human.request("setBasicFilter", {"filter": {"range": area, **content}})


def shape(book: BookHandle) -> tuple[int, int, int]:
    """The filter's first row and its columns, from 1."""
    area = book.human.sheet(TAB).filter["range"]
    return area["startRowIndex"] + 1, area["startColumnIndex"] + 1, area["endColumnIndex"]


def filters_by(book: BookHandle) -> dict[str, Any]:
    """What the filter hides, by the header of the column."""
    basic = book.human.sheet(TAB).filter
    found = {int(at): one for at, one in basic.get("criteria", {}).items()}
    found |= {one.get("columnIndex", 0): one["filterCriteria"] for one in basic.get("filterSpecs", ())}
    cells = book.human.cells(TAB)
    return {str(cells[shape(book)[0], at + 1].value): one for at, one in found.items()}


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT.keys())
@pytest.mark.parametrize("back", [None, "leave", "undo"])
def test_filter_grows_and_shrinks(stage: GoogleStage, content: dict[str, Any], back: str | None) -> None:
    """It ends with our last column while we are there, filters as before, and costs no call of its own."""
    set_filter(stage.book, content)
    before = filters_by(stage.book)
    hidden = [row.filtered for row in stage.book.human.sheet(TAB).rows]
    assert stage.run().ended is Ended.WRITTEN
    assert stage.server.calls == [DRIVE, READ, CHANGE, WRITE]
    assert (shape(stage.book), filters_by(stage.book)) == ((1, 1, RIGHT + 3), before)
    if back is not None:
        leave(stage.site, dry_run=False) if back == "leave" else undo(stage.site, restore=None)
        assert (shape(stage.book), filters_by(stage.book)) == ((1, 1, RIGHT), before)
    assert [row.filtered for row in stage.book.human.sheet(TAB).rows] == hidden


@pytest.mark.parametrize("versions", [True, False])
def test_the_next_run_has_nothing_to_do(server: SheetsServer, tmp_path: Path, versions: bool) -> None:
    """A grown filter is no change of the sheet by people."""
    stage = GoogleStage(server, tmp_path, versions=versions)
    set_filter(stage.book, {})
    stage.run()
    ended = [stage.run().ended for _ in range(2)]
    assert ended[-1] is Ended.UNCHANGED
    stage.store.close()


@pytest.mark.parametrize(
    ("content", "right", "top", "after"),
    [
        (SORTED, RIGHT, 1, RIGHT),
        ({}, RIGHT - 1, 1, RIGHT - 1),
        ({}, RIGHT + 1, 1, RIGHT + 4),
        ({}, RIGHT, 3, RIGHT),
    ],
    ids=["sorted", "ends before", "our columns are put inside", "not over the header"],
)
def test_other_filters_stay(stage: GoogleStage, content: dict[str, Any], right: int, top: int, after: int) -> None:
    """A filter that might sort again, or does not end with the plan, is left to what Google makes of it."""
    set_filter(stage.book, content, right=right, top=top)
    stage.run()
    assert shape(stage.book) == (top, 1, after)
    assert stage.book.human.sheet(TAB).filter.get("sortSpecs") == content.get("sortSpecs")
    leave(stage.site, dry_run=False)
    assert shape(stage.book)[0] == top


def test_what_people_filter_by_our_column_goes_with_it(stage: GoogleStage) -> None:
    """After leaving nothing is hidden by a column that is blank."""
    set_filter(stage.book, {})
    stage.run()
    flag = own_columns(stage.book, TAB)["flag"]
    criteria = {str(flag - 1): {"hiddenValues": ["ON TRACK"]}, "1": OWNER}
    set_filter(stage.book, {"criteria": criteria}, right=RIGHT + 3)
    leave(stage.site, dry_run=False)
    assert (shape(stage.book), filters_by(stage.book)) == ((1, 1, RIGHT), {"Owner": OWNER})


ACTS: dict[str, Callable[[BookHandle], None]] = {
    "inserts a column": lambda book: book.human.insert_columns(TAB, 1),
    "inserts a column inside": lambda book: book.human.insert_columns(TAB, 3),
    "deletes a column": lambda book: book.human.delete_columns(TAB, RIGHT),
    "moves a column": lambda book: book.human.move_columns(TAB, 2, 1, 5),
    "inserts a row": lambda book: book.human.insert_rows(TAB, 1),
    "sorts": lambda book: book.human.sort(TAB, 1, first=2, last=11, descending=True),
}


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answer lost"])
@pytest.mark.parametrize("method", [CHANGE, WRITE])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_columns_move_while_the_filter_grows(
    stage: GoogleStage, act: Callable[[BookHandle], None], method: str, lost: bool
) -> None:
    """It is over the same columns afterwards, hides by the same ones, and our columns are inside."""
    set_filter(stage.book, {"criteria": {"1": OWNER}})

    def acts(name: str) -> None:
        if name == method:
            stage.server.between(None)
            act(stage.book)
            if lost:
                stage.server.faults.add(CHANGE, Reset("now"))

    stage.server.between(acts)
    for _ in range(3):
        stage.run()
    assert filters_by(stage.book) == {"Owner": OWNER}
    top, left, right = shape(stage.book)
    cells = stage.book.human.cells(TAB)
    heads = {str(cell.value) for (row, at), cell in cells.items() if row == top and left <= at <= right and cell.value}
    assert heads >= {"Action", "Owner", "Due", "Status", "ID", "Flag", "Next fix"}
