"""People, faults, kills and runs in any order: no cell of people's ever changes by us, and flags come out right."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from contract.plan_tab import PLAN, SHEETS, plan_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sheets_server.faults import Reset, bad_gateway, internal_error, quota_exceeded, too_slow
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of, decide, flags, human_grid, own_columns, read_all, run, sheet_of

from sheets_sync.core.snapshot import Role
from sheets_sync.errors import WorkbookError
from sheets_sync.workbooks.memory import MemoryWorkbook

WRITE, CHANGE = "spreadsheets.values.batchUpdateByDataFilter", "spreadsheets.batchUpdate"
FAULTS = {
    "none": None,
    "quota": quota_exceeded("Write"),
    "failed": internal_error(),
    "failed, done": internal_error(effect=True),
    "page, done": bad_gateway(effect=True),
    "slow, done": too_slow(),
    "broken": Reset("none"),
    "broken, done": Reset("now"),
    "broken, done in a minute": Reset("later", 60.0),
}
_actions = count(1)
row = st.integers(2, 8)


class Killed(BaseException):
    """The process ends here."""


def _insert(book: BookHandle, at: int, other: int) -> None:
    book.human.insert_rows(PLAN, at, 1 + other % 2)


def _delete(book: BookHandle, at: int, other: int) -> None:
    book.human.delete_rows(PLAN, at, 1)


def _move(book: BookHandle, at: int, other: int) -> None:
    if other not in (at, at + 1):
        book.human.move_rows(PLAN, at, 1, other)


def _sort(book: BookHandle, at: int, other: int) -> None:
    header = next(place for place, cell in sorted(book.human.cells(PLAN).items()) if cell.value == "Action")
    book.human.sort(PLAN, 1 + at % 6, first=header[0] + 1, last=20, descending=bool(other % 2))


def _add(book: BookHandle, at: int, other: int) -> None:
    number = next(_actions)
    cells = book.human.cells(PLAN)
    place = next(place for place, cell in sorted(cells.items()) if cell.value == "Action")
    ref = next(found for found, cell in sorted(cells.items()) if cell.value == "Ref")
    last = max(row for row, _ in cells) + 1
    book.human.type(PLAN, last, place[1], f"Do {number}")
    book.human.type(PLAN, last, ref[1], f"N-{number}")


def _insert_column(book: BookHandle, at: int, other: int) -> None:
    book.human.insert_columns(PLAN, at)


def _move_column(book: BookHandle, at: int, other: int) -> None:
    if other not in (at, at + 1):
        book.human.move_columns(PLAN, at, 1, other)


def _type_over(book: BookHandle, at: int, other: int) -> None:
    column = own_columns(book, PLAN).get("flag")
    if column:
        book.human.type(PLAN, at, column, f"typed {other}")


def _rule(book: BookHandle, at: int, other: int) -> None:
    book.human.add_rule(PLAN, f"=A{at}={other}", index=0)


ACTS: dict[str, Callable[[BookHandle, int, int], None]] = {
    "inserts rows": _insert,
    "deletes a row": _delete,
    "moves a row": _move,
    "sorts": _sort,
    "adds a row": _add,
    "inserts a column": _insert_column,
    "moves a column": _move_column,
    "types over a flag": _type_over,
    "adds a rule": _rule,
    "nothing": lambda book, at, other: None,
}
act = st.tuples(st.sampled_from(sorted(ACTS)), row, row)


def machine_on(server: SheetsServer, *, mint: bool) -> type[RuleBasedStateMachine]:  # noqa: C901
    """The machine, with spreadsheets of this server."""

    class People(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            server.faults.clear()
            server.between(None)
            self.day = 0

        @initialize(columns=st.sampled_from([6, 7, 16]))
        def a_spreadsheet(self, columns: int) -> None:
            self.bench = bench_of(server, SHEETS, tabs=(PLAN,), columns=columns)
            self.left = human_grid(self.bench.book)

        @property
        def book(self) -> BookHandle:
            return self.bench.book

        def acts(self, what: tuple[str, int, int]) -> None:
            name, at, other = what
            header = any(cell.value == "Action" for cell in self.book.human.cells(PLAN).values())
            if header:
                ACTS[name](self.book, at, other)
            if not any(cell.value == "Action" for cell in self.book.human.cells(PLAN).values()):
                self.book.human.fill(PLAN, 1, 1, [SHEETS[PLAN][0]])
            self.left = human_grid(self.book)

        @rule(what=act)
        def people_act(self, what: tuple[str, int, int]) -> None:
            self.acts(what)

        @rule(
            what=act,
            method=st.sampled_from([WRITE, CHANGE]),
            fault=st.sampled_from(sorted(FAULTS)),
            killed_after=st.sampled_from([0, 0, 1, 2, 3, 4, 5]),
        )
        def a_run(self, what: tuple[str, int, int], method: str, fault: str, killed_after: int) -> None:
            self.day += 1
            calls = iter(range(1, 100))
            once = iter((True,))

            def between(name: str) -> None:
                if name == method and next(once, False):
                    self.acts(what)
                if next(calls) == killed_after:
                    server.between(None)
                    self.kill()

            if FAULTS[fault] is not None:
                server.faults.add(method, FAULTS[fault])
            server.between(between)
            try:
                run(self.bench.sheet, f"D{self.day}", mint=mint)
            except (WorkbookError, Killed):
                pass
            finally:
                self.bench = self.bench._replace(sheet=sheet_of(server, self.book, tabs=(PLAN,)))
                server.between(None)
                server.faults.clear()

        def kill(self) -> None:
            """Every further call of this run breaks off."""
            calls = self.bench.sheet._calls

            def dead(*_: object, **__: object) -> None:
                raise Killed

            for name in ("get", "post_read", "write_values", "change", "drive_version"):
                setattr(calls, name, dead)

        @invariant()
        def people_keep_their_cells(self) -> None:
            assert human_grid(self.book) == self.left

        def teardown(self) -> None:
            server.clock.advance(200)
            receipt = None
            for _ in range(4):
                receipt = run(self.bench.sheet, "Z", mint=mint)
            assert receipt is not None
            assert (receipt.applied, receipt.structures, receipt.refused) == ((), (), ())
            assert human_grid(self.book) == self.left
            assert flags(self.book) == flags_in_memory(self.bench.sheet, mint=mint)
            headers = [cell.value for cell in self.book.human.cells(PLAN).values()]
            assert headers.count("Flag") == (1 if "flag" in own_columns(self.book, PLAN) else 0)
            ids = [cell for cell in headers if str(cell).startswith("A-")]
            assert len(ids) == len(set(ids))

    return People


def flags_in_memory(sheet: object, *, mint: bool) -> list[tuple[str, str]]:
    """What the same plan comes to in memory, by action."""
    seen = plan_of(read_all(sheet))
    ours = set(seen.marks.values())
    width = max((column for one in seen.rows for column in one.cells), default=0)
    rows: list[list[object]] = [[] for _ in range(seen.rows[-1].number if seen.rows else 0)]
    for one in seen.rows:
        values = [one.cells[at].seen if at in one.cells else None for at in range(1, width + 1) if at not in ours]
        rows[one.number - 1] = values
    memory = MemoryWorkbook.of({PLAN: rows})
    for _ in range(2):
        found = read_all(memory)
        memory.apply(decide(found, "Z", mint=mint), found)
    tab = plan_of(read_all(memory))
    header = next(one for one in tab.rows if any(cell.seen == "Action" for cell in one.cells.values()))
    action = next(at for at, cell in header.cells.items() if cell.seen == "Action")
    flag = tab.marks.get(Role.FLAG, 0)
    pairs = [
        tuple(str(one.cells[at].seen) if at in one.cells else "" for at in (action, flag))
        for one in tab.rows
        if one.number > header.number
    ]
    return [pair for pair in pairs if pair != ("", "")]


@pytest.fixture(scope="module")
def quick() -> Iterator[SheetsServer]:
    """A server that does not check its own replies against the discovery document."""
    with SheetsServer(check_replies=False) as server:
        yield server


@pytest.mark.parametrize("mint", [False, True], ids=["ids of the team", "ids of ours"])
def test_people_faults_kills_and_runs(quick: SheetsServer, mint: bool) -> None:
    """Whatever happens in whatever order, people's cells stay theirs, and quiet runs end with the flags of memory."""
    run_state_machine_as_test(
        machine_on(quick, mint=mint), settings=settings(max_examples=25, stateful_step_count=8, deadline=None)
    )
