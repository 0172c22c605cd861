"""A Google sheet when answers fail to come, come late, or say no: nothing twice, nothing lost, nothing of people's."""

import pytest
from contract.plan_tab import PLAN, SHEETS, human_cells, plan_of
from sheets_server.faults import Answer, Fault, Reset, bad_gateway, internal_error, not_shared, quota_exceeded, too_slow
from sheets_server.server import SheetsServer
from workbooks.google.plan_runs import Bench, bench_of, decide, flags, human_grid, own_columns, read_all, run, sheet_of

from sheets_sync.core.decision import Receipt
from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookError, WorkbookRefused
from sheets_sync.workbooks.google.calls import Rejected

WRITE, CHANGE = "spreadsheets.values.batchUpdateByDataFilter", "spreadsheets.batchUpdate"
FAULTS: dict[str, Fault] = {
    "429": quota_exceeded("Write"),
    "500, not done": internal_error(),
    "500, done": internal_error(effect=True),
    "502 in HTML, not done": bad_gateway(),
    "502 in HTML, done": bad_gateway(effect=True),
    "504, done": too_slow(),
    "reset, not done": Reset("none"),
    "reset, done": Reset("now"),
    "reset, done after 60 s": Reset("later", 60.0),
    "reset, done after 175 s": Reset("later", 175.0),
}


def run_to_end(bench: Bench, day: str, *, mint: bool) -> Receipt:
    """A run as `run.sync` does it: decided again when nothing was written."""
    for _ in range(3):
        receipt = run(bench.sheet, day, mint=mint)
        if receipt is not None:
            return receipt
    pytest.fail("the run never came to an end")


def assert_all_is_well(bench: Bench, day: str, *, mint: bool) -> None:
    """Every row has its flag, our headers and ids stand once, and nothing is left to do or to come."""
    bench.server.clock.advance(200)
    assert flags(bench.book) == [(action, f"{day}: {action}") for action, _ in flags(bench.book)]
    texts = [cell.value for cell in bench.book.human.cells(PLAN).values()]
    assert (texts.count("Flag"), texts.count("Next fix"), texts.count("ID")) == (1, 1, int(mint))
    assert len(own_columns(bench.book, PLAN)) == 2 + mint
    receipt = run(bench.sheet, day, mint=mint)
    assert receipt is not None
    assert (receipt.applied, receipt.structures, receipt.refused) == ((), (), ())


@pytest.mark.parametrize("mint", [False, True], ids=["ids of the team", "ids of ours"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("method", [CHANGE, WRITE])
def test_first_write(server: SheetsServer, method: str, fault: Fault, mint: bool) -> None:
    """Columns and flags come to stand once, whatever becomes of the answer, and the receipt tells what is there."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    left = human_grid(bench.book)
    server.faults.add(method, fault)
    receipt = run_to_end(bench, "D1", mint=mint)
    assert receipt.refused == ()
    assert len(receipt.applied) in (10 + 5 * mint, 0)
    assert human_grid(bench.book) == left
    assert_all_is_well(bench, "D1", mint=mint)


@pytest.mark.parametrize("moves", [False, True], ids=["rows stay", "rows move"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_later_write(server: SheetsServer, fault: Fault, moves: bool) -> None:
    """The same, also when people move rows at that moment: a late effect meets other rows, and is put right."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1", mint=True)
    if moves:
        bench.at_next(WRITE, lambda: bench.book.human.move_rows(PLAN, 2, 1, 6))
    server.faults.add(WRITE, fault)
    receipt = run_to_end(bench, "D2", mint=True)
    assert [refused.reason for refused in receipt.refused] == []
    assert_all_is_well(bench, "D2", mint=True)


def test_busy_before_anything(server: SheetsServer) -> None:
    """When Google stays busy, nothing is written and the run is put off."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    seen = read_all(bench.sheet)
    server.faults.add(CHANGE, *[quota_exceeded("Write")] * 40)
    with pytest.raises(WorkbookBusy):
        bench.sheet.apply(decide(seen, "D1"), seen)
    server.faults.clear()
    assert human_cells(read_all(bench.sheet)) == human_cells(seen)
    assert plan_of(read_all(bench.sheet)).marks == {}


def test_busy_after_the_columns(server: SheetsServer) -> None:
    """When Google becomes busy after something was written, the receipt tells what was and refuses the rest; the next
    run makes it."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    server.faults.add(WRITE, *[quota_exceeded("Write")] * 40)
    receipt = run(bench.sheet, "D1")
    assert receipt is not None
    assert (receipt.applied, len(receipt.structures), len(receipt.refused)) == ((), 2, 10)
    assert not any("moved" in refused.reason for refused in receipt.refused)
    server.faults.clear()
    assert len(run_to_end(bench, "D1", mint=False).applied) == 10
    assert_all_is_well(bench, "D1", mint=False)


@pytest.mark.parametrize("method", [CHANGE, WRITE])
def test_refused_for_good(server: SheetsServer, method: str) -> None:
    """What Google does not allow is an error when nothing was written yet, and a refusal afterwards."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    seen = read_all(bench.sheet)
    server.faults.add(method, not_shared())
    if method == CHANGE:
        with pytest.raises(WorkbookRefused):
            bench.sheet.apply(decide(seen, "D1"), seen)
    else:
        assert len(bench.sheet.apply(decide(seen, "D1"), seen).refused) == 10


def test_request_that_makes_no_sense(server: SheetsServer) -> None:
    """What Google does not understand, though nobody changed the sheet, is an error at once and is not asked again."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1")
    seen = read_all(bench.sheet)
    refusal = Answer(400, b'{"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}}')
    server.faults.add(WRITE, refusal)
    server.forget_requests()
    with pytest.raises(Rejected):
        bench.sheet.apply(decide(seen, "D2"), seen)
    assert server.calls.count(WRITE) == 1


def test_nobody_knows(server: SheetsServer) -> None:
    """While a write may still take effect and nothing can be read, the run counts as one that may have written."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    run(bench.sheet, "D1")
    seen = read_all(bench.sheet)
    server.faults.add(WRITE, Reset("later", 1000.0))
    server.faults.add("spreadsheets.getByDataFilter", *[bad_gateway()] * 40)
    receipt = bench.sheet.apply(decide(seen, "D2"), seen)
    assert (receipt.applied, len(receipt.refused)) == ((), 5)
    assert receipt.fingerprint != seen.fingerprint
    server.faults.clear()
    server.clock.advance(1000)
    assert_all_is_well(bench, "D2", mint=False)


def test_no_answer_and_no_effect(server: SheetsServer) -> None:
    """A batch that was never made is decided again, after its effect can no longer come."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    seen = read_all(bench.sheet)
    server.faults.add(CHANGE, Reset("none"))
    before = server.clock.seconds()
    with pytest.raises(WorkbookChanged):
        bench.sheet.apply(decide(seen, "D1"), seen)
    assert server.clock.seconds() - before >= 190


def test_reading_fails(server: SheetsServer) -> None:
    """What stands in no reading is an error of the workbook, never another one."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    server.faults.add("spreadsheets.getByDataFilter", *[bad_gateway()] * 40)
    with pytest.raises(WorkbookError):
        read_all(bench.sheet)


def test_killed_while_waiting(server: SheetsServer) -> None:
    """A batch that takes effect after another run has made the same columns is not made at all."""
    bench = bench_of(server, SHEETS, tabs=(PLAN,))
    seen = read_all(bench.sheet)
    server.faults.add(CHANGE, Reset("later", 60.0))

    def killed(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sheet_of(server, bench.book, tabs=(PLAN,), wait=killed).apply(decide(seen, "D1"), seen)
    assert run(bench.sheet, "D2") is not None
    assert_all_is_well(bench, "D2", mint=False)
