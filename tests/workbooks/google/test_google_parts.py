"""Sheets that are read and written in parts, with trouble in the second part. The parts are made small here."""

import pytest
from sheets_server.faults import Fault, Reset, bad_gateway, internal_error, quota_exceeded, too_slow, unavailable
from sheets_server.server import SheetsServer
from workbooks.google.plan_runs import Bench, bench_of, flags, human_grid, read_all, run, sheet_of

from sheets_sync.core.decision import Receipt
from sheets_sync.workbooks.google import masks, reader, value_requests

READ = "spreadsheets.getByDataFilter"
WRITE = "spreadsheets.values.batchUpdateByDataFilter"
TAB = "Actions"
ROWS = [[f"R-{number}", f"Act {number}", "Ana", "2026-12-01", "x", number] for number in range(30)]


@pytest.fixture
def bench(server: SheetsServer, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A plan of thirty rows that was flagged once; parts have eight rows, the first one twelve."""
    made = bench_of(server, {TAB: [["Ref", "Action", "Owner", "Due", "Done", "Cost"], *ROWS]}, rows=34, tabs=(TAB,))
    run(made.sheet, "D1")
    for module in (masks, reader):
        monkeypatch.setattr(module, "FIRST_ROWS", 12)
    for module in (masks, reader, value_requests):
        monkeypatch.setattr(module, "PART_ROWS", 8)
    server.forget_requests()
    return made._replace(sheet=sheet_of(server, made.book, tabs=(TAB,)))


def meets(bench: Bench, method: str, number: int, fault: Fault) -> None:
    """Let the call of this method with this number meet a fault."""
    count = iter(range(1, 100))

    def between(name: str) -> None:
        if name == method and next(count) == number:
            bench.server.faults.add(name, fault)

    bench.server.between(between)


def settle(bench: Bench) -> list[Receipt | None]:
    """Runs that meet nobody, when all that may come has come."""
    bench.server.between(None)
    bench.server.faults.clear()
    bench.server.clock.advance(200)
    return [run(sheet_of(bench.server, bench.book, tabs=(TAB,)), "D2") for _ in range(3)]


@pytest.mark.parametrize("fault", [Reset("none"), bad_gateway(), unavailable(), quota_exceeded()], ids=str)
@pytest.mark.parametrize("number", [2, 4])
def test_reading_goes_on_where_it_broke_off(bench: Bench, fault: Fault, number: int) -> None:
    """A part that does not come is asked for again, it alone, and all rows are there in the end."""
    meets(bench, READ, number, fault)
    tab = read_all(bench.sheet).tabs[0]
    assert [row.number for row in tab.rows] == list(range(1, 32))
    assert bench.server.calls == [READ] * 5


@pytest.mark.parametrize(
    "fault",
    [
        Reset("none"),
        Reset("now"),
        Reset("later", 60.0),
        internal_error(effect=True),
        quota_exceeded("Write"),
        too_slow(),
    ],
    ids=["lost", "lost, done", "lost, done in a minute", "failed, done", "quota", "slow, done"],
)
@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("people", ["are away", "insert a row"])
def test_writing_goes_on_where_it_broke_off(bench: Bench, fault: Fault, number: int, people: str) -> None:
    """Whatever happens to the second or the last part of a write, no row gets another's flag, people's cells stay, and
    further runs end with every row flagged and nothing left to write."""
    count = iter(range(1, 100))

    def between(name: str) -> None:
        if name == WRITE:
            at = next(count)
            if at == 1 and people == "insert a row":
                bench.book.human.insert_rows(TAB, 20)
            if at == number:
                bench.server.faults.add(name, fault)

    bench.server.between(between)
    run(bench.sheet, "D2")
    left = human_grid(bench.book)
    last = settle(bench)[-1]
    assert last is not None
    assert (last.applied, last.refused) == ((), ())
    assert flags(bench.book) == [(f"Act {number}", f"D2: Act {number}") for number in range(30)]
    assert human_grid(bench.book) == left
