"""A Google sheet while people are at work in it, in the very moment between our reading and our writing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from contract.plan_tab import NOTES, PLAN, SHEETS, literal, plan_of
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import HEADERS, Bench, bench_of, decide, flags, human_grid, own_columns, read_all, run

from sheets_sync.core.cells import text_value
from sheets_sync.core.snapshot import Role

Act = Callable[[BookHandle], object]
ACTS: dict[str, Act] = {
    "inserts a row": lambda book: book.human.insert_rows(PLAN, 3),
    "inserts rows above": lambda book: book.human.insert_rows(PLAN, 1, 2),
    "inserts one row above": lambda book: book.human.insert_rows(PLAN, 1),
    "deletes a row": lambda book: book.human.delete_rows(PLAN, 3),
    "deletes two rows": lambda book: book.human.delete_rows(PLAN, 2, 2),
    "drags a row down": lambda book: book.human.move_rows(PLAN, 2, 1, 6),
    "drags rows up": lambda book: book.human.move_rows(PLAN, 5, 2, 2),
    "sorts all": lambda book: book.human.sort(PLAN, 6, first=2, last=6, descending=True),
    "sorts her own columns": lambda book: book.human.sort(PLAN, 2, first=2, last=6, columns=range(1, 7)),
    "copies a row over another": lambda book: book.human.copy_row(PLAN, 2, 4),
    "adds a row": lambda book: book.human.fill(PLAN, 7, 1, [["X-9", "Buy a ladder", "Eva"]]),
    "edits an action": lambda book: book.human.type(PLAN, 4, 2, "Train both shifts"),
    "edits a key": lambda book: book.human.type(PLAN, 4, 1, "Y-4"),
    "inserts a column": lambda book: book.human.insert_columns(PLAN, 2),
    "deletes a column": lambda book: book.human.delete_columns(PLAN, 3),
    "drags a column": lambda book: book.human.move_columns(PLAN, 2, 1, 6),
    "drags a column and a row": lambda book: (
        book.human.move_columns(PLAN, 1, 1, 5),
        book.human.move_rows(PLAN, 2, 1, 6),
    ),
    "renames the tab": lambda book: book.human.rename_tab(PLAN, "Plan of May"),
    "hides rows": lambda book: book.human.hide(PLAN, row=3, count=2),
    "filters": lambda book: book.human.filter(PLAN, 3, ["Eva"]),
    "writes a note": lambda book: book.human.type(NOTES, 2, 2, "a note"),
    "types far right": lambda book: book.human.type(PLAN, 3, 14, "far away"),
    "adds a rule": lambda book: book.human.add_rule(PLAN, "=A1=1"),
    "copies the tab": lambda book: book.human.duplicate_tab(PLAN, "Copy"),
}
FLAGGED_AS_READ = {"edits an action", "sorts her own columns"}
"""After these, a flag may still tell of what the row with that key said when it was read; the next run changes it."""
BETWEEN = ("spreadsheets.batchUpdate", "values.batchUpdateByDataFilter")


def left_by(bench: Bench, act: Act, method: str) -> list[object]:
    """Let people act before the next call of this method; what they left is kept in the list."""
    left: list[object] = []

    def acts() -> None:
        act(bench.book)
        left.append(human_grid(bench.book))

    bench.at_next(method, acts)
    return left


def plan_name(book: BookHandle) -> str:
    """The plan's tab by the name it has now."""
    return next(sheet.title for sheet in book.inside.sheets if sheet.id == book.gids[PLAN])


def assert_flags(bench: Bench) -> None:
    """Every row has its own flag, or none yet."""
    if plan_name(bench.book) == PLAN:
        for action, flag in flags(bench.book):
            assert not flag or flag.endswith(f": {action}")
            assert action or not flag


@pytest.mark.parametrize(
    ("method", "mint"), [(BETWEEN[0], False), (BETWEEN[1], True)], ids=["ids of the team", "ids of ours"]
)
@pytest.mark.parametrize("name", ACTS)
def test_first_write(server: SheetsServer, name: str, method: str, mint: bool) -> None:
    """People's cells stay as they left them, no row keeps the flag of another, and the next runs bring all in order."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    left = left_by(bench, ACTS[name], method)
    run(bench.sheet, "D1", mint=mint)
    assert left == [human_grid(bench.book)]
    if name not in FLAGGED_AS_READ:
        assert_flags(bench)
    assert_settles(bench, mint=mint)


@pytest.mark.parametrize("mint", [False, True], ids=["ids of the team", "ids of ours"])
@pytest.mark.parametrize("name", ACTS)
def test_later_write(server: SheetsServer, name: str, mint: bool) -> None:
    """The same when our columns have been there for long."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1", mint=mint)
    left = left_by(bench, ACTS[name], BETWEEN[1])
    receipt = run(bench.sheet, "D2", mint=mint)
    assert left == [human_grid(bench.book)]
    assert receipt is None or len(receipt.applied) + len(receipt.refused) == 5
    if name not in FLAGGED_AS_READ:
        assert_flags(bench)
    assert_settles(bench, mint=mint)


def assert_settles(bench: Bench, *, mint: bool) -> None:
    """After some runs nothing is left to write, every action has its flag, and no id stands twice."""
    if plan_name(bench.book) != PLAN:
        bench.book.human.rename_tab(plan_name(bench.book), PLAN)
    left = human_grid(bench.book)
    for _ in range(3):
        receipt = run(bench.sheet, "Z", mint=mint)
    assert receipt is not None
    assert (receipt.applied, receipt.structures, receipt.refused) == ((), (), ())
    assert human_grid(bench.book) == left
    wanted = [(action, f"Z: {action}" if action else "") for action, _ in flags(bench.book)]
    assert flags(bench.book) == wanted
    values = [cell.value for cell in bench.book.human.cells(PLAN).values()]
    assert [values.count(HEADERS[Role(role)]) for role in own_columns(bench.book, PLAN)] == [1] * (3 if mint else 2)
    assert len(own_columns(bench.book, PLAN)) == 3 if mint else 2


@pytest.mark.parametrize("mint", [False, True], ids=["ids of the team", "ids of ours"])
@pytest.mark.parametrize(
    "name", ["inserts a row", "inserts one row above", "deletes a row", "drags a row down", "sorts all"]
)
@pytest.mark.parametrize("row", [2, 3, 6])
def test_single_edit(server: SheetsServer, name: str, row: int, mint: bool) -> None:
    """What was written over in other rows comes back at once, flags and ids alike, and the edit goes to its own row."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1", mint=mint)
    ids = with_ids(bench)
    seen = read_all(bench.sheet)
    changes = decide(seen, "D2", mint=mint)
    edits = tuple(edit for edit in changes.edits if edit.ref.row == row)
    renamed = [edit._replace(ref=edit.ref._replace(role=Role.ID), before=text_value(edit.key)) for edit in edits]
    renamed = [edit._replace(after=text_value("A-0099")) for edit in renamed] if mint else []
    left_by(bench, ACTS[name], BETWEEN[1])
    receipt = bench.sheet.apply(replace(changes, edits=(*edits, *renamed)), seen)
    action = plan_of(seen).rows[row - 1].cells[2].seen
    edited = action if receipt.applied else None
    assert flags(bench.book) == [
        (one, f"{'D2' if one == edited else 'D1'}: {one}" if one else "") for one, _ in flags(bench.book)
    ]
    assert edited or (name, row) == ("deletes a row", 3)
    if mint:
        wanted = {one: "A-0099" if one == edited else key for one, key in ids.items()}
        assert with_ids(bench) == {one: wanted[one] for one in with_ids(bench)}


@pytest.mark.parametrize("mint", [False, True], ids=["ids of the team", "ids of ours"])
@pytest.mark.parametrize("row", [2, 4])
def test_people_do_not_stop(server: SheetsServer, row: int, mint: bool) -> None:
    """Rows and columns that move again while we put right what moved before are followed."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1", mint=mint)
    ids = with_ids(bench)
    seen = read_all(bench.sheet)
    changes = decide(seen, "D2", mint=mint)
    action = plan_of(seen).rows[row - 1].cells[2].seen
    human = bench.book.human
    moves = iter(
        [
            lambda: (human.move_columns(PLAN, 1, 1, 5), human.move_rows(PLAN, row, 1, 7)),
            lambda: (human.move_rows(PLAN, 2, 2, 6), human.move_columns(PLAN, 1, 1, 4)),
        ]
    )
    server.between(lambda name: next(moves, lambda: None)() if name.endswith(BETWEEN[1]) else None)
    edits = tuple(edit for edit in changes.edits if edit.ref.row == row)
    receipt = bench.sheet.apply(replace(changes, edits=edits), seen)
    server.between(None)
    assert receipt.refused == ()
    assert flags(bench.book) == [(one, f"{'D2' if one == action else 'D1'}: {one}") for one, _ in flags(bench.book)]
    assert with_ids(bench) == ids


def with_ids(bench: Bench) -> dict[str, str]:
    """The ids of ours by action."""
    tab = plan_of(read_all(bench.sheet))
    header = next(row for row in tab.rows if any(cell.seen == "Action" for cell in row.cells.values()))
    action = next(at for at, cell in header.cells.items() if cell.seen == "Action")
    rows = [row.cells for row in tab.rows if row.number > header.number and Role.ID in tab.marks]
    return {literal(cells.get(action)).text: literal(cells.get(tab.marks[Role.ID])).text for cells in rows}


def test_deleted_column(server: SheetsServer) -> None:
    """When people delete our column in that moment, nothing is written, and the column stays deleted."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1")
    bench.at_next(BETWEEN[1], lambda: bench.book.human.delete_columns(PLAN, own_columns(bench.book, PLAN)["flag"]))
    assert run(bench.sheet, "D2") is None
    seen = read_all(bench.sheet)
    assert seen.tabs[0].lost_marks == {Role.FLAG}
    assert seen.tabs[0].marks == {Role.NEXT_FIX: 7}


FULL_GRID: dict[str, Act] = {
    "inserts a column": lambda book: book.human.insert_columns(PLAN, 1),
    "inserts two columns": lambda book: book.human.insert_columns(PLAN, 3, 2),
    "types a header": lambda book: book.human.type(PLAN, 1, 7, "Remarks"),
    "types beside a row": lambda book: book.human.type(PLAN, 3, 8, "far away"),
    "deletes a column": lambda book: book.human.delete_columns(PLAN, 3),
}


@pytest.mark.parametrize("act", FULL_GRID.values(), ids=FULL_GRID)
@pytest.mark.parametrize("mint", [False, True], ids=["two columns", "three columns"])
def test_grid_as_wide_as_the_plan(server: SheetsServer, act: Act, *, mint: bool) -> None:
    """Where the grid ends with the plan, what people put behind it before our columns come stays theirs."""
    bench = bench_of(server, {PLAN: SHEETS[PLAN]}, columns=6)
    left = left_by(bench, act, "spreadsheets.batchUpdate")
    run(bench.sheet, "D1", mint=mint)
    assert left == [human_grid(bench.book)]
    for day in ("D2", "D3"):
        run(bench.sheet, day, mint=mint)
    assert left == [human_grid(bench.book)]
    assert len(own_columns(bench.book, PLAN)) == (3 if mint else 2)
