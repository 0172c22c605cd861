"""What is put right when rows moved between reading and writing, and what an answer proves; without a server."""

from collections.abc import Mapping, Sequence

import pytest
from contract.plan_tab import PLAN

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.decision import KeyColumn
from sheets_sync.core.snapshot import Role, Tab
from sheets_sync.workbooks.google.moved_rows import has_effect, moved_keys, settlement
from sheets_sync.workbooks.google.value_requests import OwnCell, Watch, met_its_rows, parts
from sheets_sync.workbooks.memory import MemoryWorkbook
from sheets_sync.workbooks.plain_values import Typed, Value

HEADER = ("Ref", "Action", "ID", "Flag")
MARKS = {Role.ID: 3, Role.FLAG: 4}
BY_REF = KeyColumn("1", 1, ((2, "action"),))
BY_ID = KeyColumn("1", 3, ((2, "action"),))
Line = Sequence[Value]


def tab(*lines: Line, marks: Mapping[Role, int] = MARKS, header: Line = HEADER) -> Tab:
    """A plan's tab with these rows below its header."""
    from dataclasses import replace

    workbook = MemoryWorkbook.of({PLAN: (header, *lines)})
    return replace(workbook.read(["1"]).tabs[0], marks=marks)


def flag(row: int) -> OwnCell:
    """The flag of a row."""
    return OwnCell("1", row, Role.FLAG)


def identity(row: int) -> OwnCell:
    """Our id of a row."""
    return OwnCell("1", row, Role.ID)


A, B, C = ("X-1", "Paint"), ("X-2", "Order"), ("X-3", "Train")


def test_nothing_moved() -> None:
    """Where every text stands in its row there is nothing to put right."""
    base, fresh = tab((*A, "A-1", "old"), (*B, "A-2", "old")), tab((*A, "A-1", "new"), (*B, "A-2", "old"))
    found = settlement(base, fresh, BY_REF, wanted={flag(2): "new"}, written={flag(2): "new"})
    assert found.fixes == {}
    assert found.now_at == {flag(2): flag(2)}


def test_row_moved_down() -> None:
    """A text written over another row's comes to its own, and what it covered comes back."""
    base = tab((*A, "A-1", "a"), (*B, "A-2", "b"))
    fresh = tab((*B, "A-2", "new"), (*A, "A-1", "a"))
    found = settlement(base, fresh, BY_REF, wanted={flag(2): "new"}, written={flag(2): "new"})
    assert found.fixes == {flag(2): "b", flag(3): "new"}
    assert found.now_at == {flag(2): flag(3)}


def test_row_deleted() -> None:
    """What was meant for a row that is gone is nowhere wanted; the row that took its place gets back its own."""
    base, fresh = tab((*A, "A-1", "a"), (*B, "A-2", "b")), tab((*B, "A-2", "new"))
    found = settlement(base, fresh, BY_REF, wanted={flag(2): "new"}, written={flag(2): "new"})
    assert found.fixes == {flag(2): "b"}
    assert found.now_at == {}


def test_typed_meanwhile() -> None:
    """What somebody typed over our text after the write stays until the next run."""
    base, fresh = tab((*A, "A-1", "a")), tab((*A, "A-1", "typed"))
    found = settlement(base, fresh, BY_REF, wanted={flag(2): "new"}, written={flag(2): "new"})
    assert (found.fixes, found.now_at) == ({}, {})


def test_swapped_ids() -> None:
    """Where ids themselves are written, rows are known by their human cells, not by the ids just put there."""
    base = tab((*A, "A-2", ""), (*B, "A-1", ""), (*C, "A-3", ""))
    wanted = {identity(2): "A-1", identity(3): "A-2"}
    fresh = tab((*C, "A-1", ""), (*A, "A-2", ""), (*B, "A-1", ""))
    found = settlement(base, fresh, BY_ID, wanted=wanted, written=wanted)
    assert found.fixes == {identity(2): "A-3", identity(3): "A-1", identity(4): "A-2"}
    assert found.now_at == {identity(2): identity(3), identity(3): identity(4)}


def test_minted_id_of_an_edited_row() -> None:
    """An id given to a row whose human cells changed at that moment is taken back."""
    base, fresh = tab((*A, None, None)), tab(("X-1", "Paint all", "A-9", None))
    found = settlement(base, fresh, BY_ID, wanted={identity(2): "A-9"}, written={identity(2): "A-9"})
    assert found.fixes == {identity(2): ""}
    assert found.now_at == {}


def test_id_is_given_to_one_row() -> None:
    """A row that now looks as another one looked does not take over the id which that other one still has."""
    base = tab((*A, "A-1", None), (*B, None, None))
    fresh = tab(("X-1", "Paint all", "A-1", None), ("X-2", "Paint", "A-2", None))
    found = settlement(base, fresh, BY_ID, wanted={identity(3): "A-2"}, written={identity(3): "A-2"})
    assert found.fixes == {identity(3): ""}


def test_rows_alike() -> None:
    """Of rows that nothing tells apart none is taken for another."""
    base = tab((*A, None, None), (*A, None, None))
    wanted = {identity(2): "A-1", identity(3): "A-2"}
    fresh = tab((*A, "A-1", None), (*A, "A-2", None))
    assert settlement(base, fresh, BY_ID, wanted=wanted, written=wanted).now_at == {}


def test_columns_moved() -> None:
    """Key and human columns are found again by their headers, ours by their marks."""
    base = tab((*A, "A-1", "a"), (*B, "A-2", "b"))
    moved = ("Flag", "Action", "Ref", "ID")
    fresh = tab(
        ("new", "Order", "X-2", "A-2"), ("a", "Paint", "X-1", "A-1"), header=moved, marks={Role.ID: 4, Role.FLAG: 1}
    )
    found = settlement(base, fresh, BY_REF, wanted={flag(2): "new"}, written={flag(2): "new"})
    assert found.fixes == {flag(2): "b", flag(3): "new"}
    assert moved_keys(base, fresh, BY_REF) == KeyColumn("1", 3, ((2, "action"),))
    assert moved_keys(base, fresh, BY_ID).column == 4


@pytest.mark.parametrize(("text", "shows"), [("a", False), ("new", True), ("other", False)])
def test_effect_shows(text: str, shows: bool) -> None:
    """A write is known to have been made by a text that was not there before."""
    base, fresh = tab((*A, "A-1", "a")), tab((*A, "A-1", "new"))
    assert has_effect(base, fresh, {flag(2): text}) is shows


def answer(column: Sequence[object], *, first: int = 1, rows: bool = False) -> dict[str, object]:
    """What an answer says of a column."""
    values: list[object] = [[one] for one in column] if rows else [list(column)]
    dimension = "ROWS" if rows else "COLUMNS"
    place = f"'Plan ''26!'!A{first}:A{first + len(column) - 1}"
    return {"updatedRange": place, "updatedData": {"range": place, "majorDimension": dimension, "values": values}}


@pytest.mark.parametrize(
    ("key", "shown", "met"),
    [
        ("X-1", "X-1", True),
        ("X-1", "x-1", False),
        ("X-1", None, False),
        (7, 7, True),
        (7, "7", False),
        ("7", 7, False),
        (0.5, 0.5, True),
        (True, True, True),
        (1, True, False),
        (None, "", True),
        (None, "X-1", False),
        (CellTrouble("#N/A"), "#N/A", True),
        (Typed("X-1", "B#&1"), "=B2&1", True),
        (Typed("X-1", "B#&1"), "=B3&1", False),
    ],
)
@pytest.mark.parametrize("in_rows", [False, True])
def test_answer_shows_the_row(key: Value, shown: object, met: bool, in_rows: bool) -> None:
    """The key column in the answer tells whether the row written is the row meant, whatever kind of value it holds."""
    base = tab((key, "Paint", "A-1", "a"))
    watches = {"1": Watch(base, {Role.FLAG: 11}, (1,))}
    part = parts({flag(2): "new"}, watches, None)[0]
    reply = {"responses": [answer(["Flag", "new"]), answer([shown], first=2, rows=in_rows)]}
    assert met_its_rows(part, reply, watches) is met


def test_answer_without_the_column() -> None:
    """A column that was not met, or an answer cut short, proves nothing."""
    base = tab((*A, "A-1", "a"))
    watches = {"1": Watch(base, {Role.FLAG: 11}, (1,))}
    part = parts({flag(2): "new"}, watches, None)[0]
    assert not met_its_rows(part, {"responses": [{}, answer(["Ref", "X-1"])]}, watches)
    assert not met_its_rows(part, {"responses": [answer(["Flag", "new"])]}, watches)
    assert not met_its_rows(part, {}, watches)
    assert met_its_rows(part, {"responses": [answer(["Flag", "new"]), answer(["Ref", "X-1"])]}, watches)


def test_request_touches_only_what_it_means() -> None:
    """Rows without an edit go as null, the key column as nothing but null, and our text as raw text."""
    base = tab((*A, "A-1", "a"), (*B, "A-2", "b"))
    part = parts({flag(3): "=x"}, {"1": Watch(base, {Role.FLAG: 11, Role.ID: 12}, (Role.ID, 2))}, None)[0]
    assert part.body["valueInputOption"] == "RAW"
    assert [entry["values"] for entry in part.body["data"]] == [[[None, None, "=x"]], [[None]], [[None]]]
    lookups = [entry["dataFilter"].get("developerMetadataLookup") for entry in part.body["data"]]
    assert lookups == [{"metadataId": 11}, {"metadataId": 12}, None]
