"""How many calls a Google sheet costs: counted on the server, or by calls that answer from a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from contract.plan_tab import NOTES, PLAN, SHEETS, flagged, key_of, keyed_edit, plan_of
from sheets_server.server import SheetsServer
from workbooks.google.plan_runs import bench_of, decide, own_columns, read_all, run, sheet_of

from sheets_sync.core.decision import Changes, ColumnState, HighlightState, Structure, StructureKind
from sheets_sync.core.snapshot import Area, HighlightRule, Role
from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookRefused
from sheets_sync.workbooks.google.value_requests import MOST_BYTES, OwnCell, Watch, parts
from sheets_sync.workbooks.google_sheet import GoogleSheet

DRIVE, READ, LIST = "files.get", "spreadsheets.getByDataFilter", "spreadsheets.get"
WRITE, CHANGE = "spreadsheets.values.batchUpdateByDataFilter", "spreadsheets.batchUpdate"
NAMED = {"tabs": (PLAN,)}


def test_first_write_is_three_calls(server: SheetsServer) -> None:
    """A first run reads once, adds columns and the stamp's tab in one batch, and writes once."""
    bench = bench_of(server, SHEETS, **NAMED)
    receipt = run(bench.sheet, "D1")
    assert receipt is not None
    assert len(receipt.applied) == 10
    assert server.calls == [READ, CHANGE, WRITE]


def test_changed_sheet_is_two_calls(server: SheetsServer) -> None:
    """A later run reads once and writes once, the stamp included."""
    bench = bench_of(server, SHEETS, **NAMED)
    run(bench.sheet, "D1")
    server.forget_requests()
    receipt = run(bench.sheet, "D2")
    assert receipt is not None
    assert len(receipt.applied) == 5
    assert server.calls == [READ, WRITE]
    assert read_all(bench.sheet).stamp is not None
    assert read_all(bench.sheet).stamp.write == 2


def test_structure_alone_is_two_calls(server: SheetsServer) -> None:
    """A run that changes only rules reads once and sends one batch, the stamp included."""
    bench = bench_of(server, SHEETS, **NAMED)
    run(bench.sheet, "D1")
    server.forget_requests()
    seen = read_all(bench.sheet)
    rule = HighlightRule("red", (Area(2, 4, 1_048_576, 4),), '(N("sheets-sync:red")=0)*($G2="x")')
    change = Structure(StructureKind.HIGHLIGHTS, plan_of(seen).key, None, HighlightState((rule,)))
    changes = decide(seen, "D1")
    bench.sheet.apply(Changes((), (change,), changes.keys, changes.stamp), seen)
    assert server.calls == [READ, CHANGE]
    assert plan_of(read_all(bench.sheet)).highlights == (rule,)
    assert read_all(bench.sheet).stamp == changes.stamp


@pytest.mark.parametrize("versions", [True, False], ids=["Drive tells versions", "without Drive"])
def test_untouched_sheet(server: SheetsServer, versions: bool) -> None:
    """What was read is known again by one call to Drive and none to Sheets; without Drive by one reading, which serves
    the run as well when something is different."""
    bench = bench_of(server, SHEETS, versions=versions, **NAMED)
    seen = read_all(bench.sheet)
    server.forget_requests()
    assert bench.sheet.fingerprint() == seen.fingerprint
    assert server.calls == ([DRIVE] if versions else [READ])
    bench.book.human.type(PLAN, 2, 2, "Paint the south wall")
    server.forget_requests()
    assert bench.sheet.fingerprint() != seen.fingerprint
    run(bench.sheet, "D1")
    assert server.calls == ([DRIVE, READ, CHANGE, WRITE] if versions else [READ, CHANGE, WRITE])


def test_own_write_is_read_again(server: SheetsServer) -> None:
    """After a write the version is no longer what was told: people may have typed at the same moment. What the next run
    reads is known again."""
    bench = bench_of(server, SHEETS, versions=True, **NAMED)
    receipt = run(bench.sheet, "D1")
    assert receipt is not None
    assert receipt.fingerprint != bench.sheet.fingerprint()
    receipt = run(bench.sheet, "D1")
    assert receipt is not None
    server.forget_requests()
    assert receipt.fingerprint == bench.sheet.fingerprint()
    assert server.calls == [DRIVE]


def test_renamed_tab_is_listed(server: SheetsServer) -> None:
    """When a named tab is gone, all tabs are listed and read."""
    bench = bench_of(server, SHEETS, **NAMED)
    bench.book.human.rename_tab(PLAN, "Plan of 'May'")
    seen = read_all(bench.sheet)
    assert [title.name for title in seen.titles] == ["Plan of 'May'", NOTES]
    assert server.calls == [READ, LIST, READ]
    assert len(seen.tabs[0].rows) == 6


@pytest.mark.parametrize("tabs", [(), (PLAN, NOTES)], ids=["all tabs", "named tabs"])
def test_lists_are_of_now(server: SheetsServer, tabs: tuple[str, ...]) -> None:
    """Every list and every reading is of the moment it is asked for, also twice in one program."""
    bench = bench_of(server, SHEETS, tabs=tabs)
    for name in ("First", "Second"):
        bench.book.human.rename_tab(bench.book.inside.sheets[1].title, name)
        assert bench.sheet.titles()[1].name == name
    gid = str(bench.book.gids[NOTES])
    assert bench.sheet.read([gid]).tabs[0].name == "Second"
    bench.book.human.rename_tab("Second", "Third")
    assert bench.sheet.read([gid]).tabs[0].name == "Third"


def test_tab_that_is_not_named(server: SheetsServer) -> None:
    """A tab outside the named ones can be read by its key, and written."""
    bench = bench_of(server, SHEETS, **NAMED)
    assert [title.name for title in bench.sheet.titles()] == [PLAN]
    gid = str(bench.book.gids[NOTES])
    seen = bench.sheet.read([gid])
    assert [tab.name for tab in seen.tabs] == [NOTES]
    state = ColumnState(Role.FLAG, 3, 1, "Flag", 2)
    added = Structure(StructureKind.COLUMN, gid, None, state)
    assert bench.sheet.apply(Changes((), (added,), ()), seen).structures == (added,)
    assert own_columns(bench.book, NOTES) == {"flag": 3}


def test_read_only(server: SheetsServer) -> None:
    """With read-only access only plain GET is used, the same is read, and nothing is written."""
    bench = bench_of(server, SHEETS, **NAMED)
    run(bench.sheet, "D1")
    with_all = read_all(bench.sheet)
    sheet = sheet_of(server, bench.book, read_only=True, **NAMED)
    server.forget_requests()
    seen = read_all(sheet)
    assert set(server.calls) == {LIST}
    assert plan_of(seen) == plan_of(with_all)
    assert seen.stamp == with_all.stamp
    with pytest.raises(WorkbookRefused, match="reading only"):
        sheet.apply(flagged(seen, "D2"), seen)


@pytest.mark.parametrize("versions", [True, False], ids=["Drive tells versions", "without Drive"])
def test_long_wait_is_looked_at_again(server: SheetsServer, versions: bool) -> None:
    """When a person thought about a preview for long, the sheet is looked at again before it is written; where Drive
    says that nothing changed, that is enough."""
    now = [0.0]
    bench = bench_of(server, SHEETS, versions=versions, monotonic=lambda: now[0], **NAMED)
    run(bench.sheet, "D1")
    seen = read_all(bench.sheet)
    server.forget_requests()
    now[0] = 61.0
    edit = keyed_edit(seen, 2, Role.FLAG, "LATER")
    assert bench.sheet.apply(Changes((edit,), (), decide(seen, "").keys), seen).applied == (edit,)
    assert server.calls == ([DRIVE, WRITE] if versions else [READ, WRITE])


def test_long_wait_beside_people(server: SheetsServer) -> None:
    """What was changed during a long wait is decided again, with nothing written."""
    now = [0.0]
    bench = bench_of(server, SHEETS, versions=True, monotonic=lambda: now[0], **NAMED)
    seen = read_all(bench.sheet)
    bench.book.human.insert_rows(PLAN, 3)
    now[0] = 61.0
    with pytest.raises(WorkbookChanged):
        bench.sheet.apply(decide(seen, "D1"), seen)
    assert bench.book.metadata() == []


def test_ten_thousand_rows(server: SheetsServer) -> None:
    """10,000 rows are read by two calls and flagged by one."""
    rows = [("Ref", "Action"), *((f"X-{number}", f"Do {number}") for number in range(1, 10_001))]
    bench = bench_of(server, {PLAN: tuple(rows)}, rows=10_001, columns=2, **NAMED)
    seen = read_all(bench.sheet)
    assert server.calls == [READ, READ]
    assert [row.number for row in plan_of(seen).rows] == list(range(1, 10_002))
    receipt = bench.sheet.apply(decide(seen, "D1"), seen)
    assert len(receipt.applied) == 20_000
    assert server.calls == [READ, READ, CHANGE, WRITE]


class TableCalls:
    """Calls that answer from one tab of 50,000 rows, every thousandth filled; with `torn` all rows move at each."""

    def __init__(self, *, rows: int = 50_000, torn: bool = False, last_filled: int = 50_000) -> None:
        self.rows, self.torn, self.last_filled = rows, torn, last_filled
        self.reads: list[Any] = []

    def post_read(self, url: str, body: Mapping[str, Any], params: Mapping[str, str]) -> Mapping[str, Any]:
        self.reads.append(body)
        pieces = []
        for asked in body["dataFilters"]:
            if "a1Range" in asked:
                pieces.append(self.piece(0, 5_000))
            elif "gridRange" in asked:
                span = asked["gridRange"]
                pieces.append(self.piece(span["startRowIndex"], span["endRowIndex"]))
        grid = {"rowCount": self.rows, "columnCount": 3}
        return {"sheets": [{"properties": {"title": PLAN, "gridProperties": grid}, "data": pieces}]}

    def piece(self, first: int, end: int) -> Mapping[str, Any]:
        """Rows from `first` (from 0) to before `end`."""
        lines: list[Mapping[str, Any]] = []
        for row in range(first, min(end, self.last_filled)):
            shown = {"stringValue": f"X-{row - self.torn * len(self.reads)}"}
            lines.append({"values": [{"userEnteredValue": shown, "effectiveValue": shown}]} if row % 1000 == 0 else {})
        while lines and not lines[-1]:
            lines.pop()
        return {"startRow": first, "rowData": lines} if first else {"rowData": lines}

    def drive_version(self) -> str | None:
        return None


def test_fifty_thousand_rows_are_six_readings() -> None:
    """50,000 rows come in six calls, the last of which asks again for what tells the rows apart."""
    calls = TableCalls()
    seen = read_all(GoogleSheet(calls, tabs=(PLAN,)))
    assert len(calls.reads) == 6
    assert [row.number for row in seen.tabs[0].rows] == list(range(1, 50_001, 1000))
    again = calls.reads[-1]["dataFilters"][1]["gridRange"]
    assert (again["startRowIndex"], again["endRowIndex"], again["startColumnIndex"]) == (0, 45_000, 0)


def test_blank_end_of_a_long_tab_is_one_reading() -> None:
    """A part without content is followed by one call for all the rest."""
    calls = TableCalls(rows=900_000, last_filled=7_000)
    assert len(read_all(GoogleSheet(calls, tabs=(PLAN,))).tabs[0].rows) == 7
    assert len(calls.reads) == 4


def test_rows_that_move_between_parts() -> None:
    """What was read while rows moved is never used (HAZARDS 16)."""
    with pytest.raises(WorkbookBusy, match="moving rows"):
        read_all(GoogleSheet(TableCalls(torn=True), tabs=(PLAN,)))


def test_fifty_thousand_rows_are_five_writings(server: SheetsServer) -> None:
    """Flags and next fixes of 50,000 rows go out in five requests, none above 2 MB."""
    import json

    seen = read_all(bench_of(server, SHEETS).sheet)
    key = key_of(seen, PLAN)
    watch = Watch(seen.tab(key), {Role.FLAG: 1, Role.NEXT_FIX: 2}, (1,))
    flag = {OwnCell(key, row, Role.FLAG): "OVERDUE by 12 days" for row in range(2, 50_002)}
    fixes = {
        OwnCell(key, row, Role.NEXT_FIX): "Say who does it, and by when. [OWN001, DUE001]" for row in range(2, 50_002)
    }
    made: Sequence[Any] = parts({**flag, **fixes}, {key: watch}, None)
    assert len(made) == 5
    assert max(len(json.dumps(part.body, separators=(",", ":"))) for part in made) < MOST_BYTES
    assert sum(len(part.texts) for part in made) == 100_000
