"""People, faults, kills, and all that may be asked for (run, undo, resume, leave) on one Google sheet, in any order.

Whatever happens: people's cells and rules stay as they left them, an id stands in one row, quiet runs come to an end in
which nothing is left to write, and leaving takes out every trace.
"""

import datetime as dt
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from run.stage import HEADER, NOTES, OWNER, STATUS, YES, SetClock, ten_rows
from sheets_server.errors import ApiError
from sheets_server.faults import Reset, bad_gateway, internal_error, quota_exceeded, too_slow
from sheets_server.grid import Cell
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import bench_of, own_columns, sheet_of

from sheets_sync.core.log_layout import ACCEPT_CHANGES, CHECK_NOW, TICKS
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import SheetsSyncError
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import LogKeeping, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store
from sheets_sync.workbooks.google.tab_reading import is_own_rule
from sheets_sync.workbooks.google.traces import HEADER_WARNING, LIST_MESSAGE, LOG_TAB, STAMP_TAB

PLAN = "plan-uid"
KEPT = LogKeeping(lambda: True, lambda now: now + dt.timedelta(hours=3))
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
ACCEPTING = replace(YES, accept_changes=True, read_always=True)
Act = Callable[[BookHandle, str, int, int], None]


class Killed(BaseException):
    """The process ends here."""


def _type_over_ours(book: BookHandle, tab: str, at: int, other: int) -> None:
    for column in sorted(own_columns(book, tab).values())[1:2]:
        book.human.type(tab, at, column, f"typed {other}")


def _delete_ours(book: BookHandle, tab: str, at: int, other: int) -> None:
    for column in sorted(own_columns(book, tab).values())[other % 3 : other % 3 + 1]:
        book.human.delete_columns(tab, column)


def _delete_a_rule(book: BookHandle, tab: str, at: int, other: int) -> None:
    rules = book.human.rules(tab)
    if rules:
        book.human.delete_rule(tab, other % len(rules))


def _make_a_drop_down(book: BookHandle, tab: str, at: int, other: int) -> None:
    book.human.drop_down(tab, at, _below(book, tab, STATUS if other % 2 else NOTES), ("Open", "Done"))


def _sort(book: BookHandle, tab: str, at: int, other: int) -> None:
    last = max(row for row, _ in book.human.cells(tab))
    book.human.sort(tab, 1 + at % 3, first=2, last=last, descending=bool(other % 2))


def _move_row(book: BookHandle, tab: str, at: int, other: int) -> None:
    if other not in (at, at + 1):
        book.human.move_rows(tab, at, 1, other)


def _move_column(book: BookHandle, tab: str, at: int, other: int) -> None:
    if other not in (at, at + 1):
        book.human.move_columns(tab, at, 1, other)


def _tick_the_log(book: BookHandle, tab: str, at: int, other: int) -> None:
    log = _log(book)
    if log:
        book.human.type(log, *(ACCEPT_CHANGES if other % 3 == 0 else CHECK_NOW), other % 2 == 0)


def _change_the_log(book: BookHandle, tab: str, at: int, other: int) -> None:
    log = _log(book)
    if log:
        acts = (
            lambda: book.human.insert_rows(log, 1 + at, 1),
            lambda: book.human.insert_columns(log, 1),
            lambda: book.human.delete_rows(log, at, 1),
            lambda: book.human.rename_tab(log, f"Log {other}"),
            lambda: book.human.type(log, at, 2, f"typed {other}"),
            lambda: book.human.delete_tab(log),
        )
        acts[other % len(acts)]()


def _log(book: BookHandle) -> str:
    """The name of the Sync log, "" for none."""
    return next((sheet.title for sheet in book.inside.sheets if sheet.id == LOG_TAB), "")


ACTS: dict[str, Act] = {
    "inserts rows": lambda book, tab, at, other: book.human.insert_rows(tab, at, 1 + other % 2),
    "deletes a row": lambda book, tab, at, other: book.human.delete_rows(tab, at, 1),
    "moves a row": _move_row,
    "sorts": _sort,
    "copies a row": lambda book, tab, at, other: book.human.copy_row(tab, at, other),
    "inserts a column": lambda book, tab, at, other: book.human.insert_columns(tab, at),
    "moves a column": _move_column,
    "types over ours": _type_over_ours,
    "deletes a column of ours": _delete_ours,
    "finishes an action": lambda book, tab, at, other: book.human.type(tab, at, _below(book, tab, STATUS), "Done"),
    "takes an owner away": lambda book, tab, at, other: book.human.type(tab, at, _below(book, tab, OWNER), None),
    "hides a row": lambda book, tab, at, other: book.human.hide(tab, row=at, hidden=bool(other % 2)),
    "hides a column": lambda book, tab, at, other: book.human.hide(tab, column=at, hidden=bool(other % 2)),
    "renames the tab": lambda book, tab, at, other: book.human.rename_tab(tab, f"Actions {other}"),
    "adds a rule": lambda book, tab, at, other: book.human.add_rule(tab, f"=$A{at}={other}", index=0),
    "deletes a rule": _delete_a_rule,
    "filters": lambda book, tab, at, other: book.human.filter(tab, 1 + at % 3, [f"hidden {other}"]),
    "makes a drop-down": _make_a_drop_down,
    "ticks a box": lambda book, tab, at, other: book.human.checkbox(tab, at, _below(book, tab, NOTES), ticked=True),
    "ticks the log": _tick_the_log,
    "changes the log": _change_the_log,
    "nothing": lambda book, tab, at, other: None,
}


def _below(book: BookHandle, tab: str, place: int) -> int:
    """The column that has this header now."""
    cells = book.human.cells(tab)
    return next((at for (row, at), cell in sorted(cells.items()) if cell.value == HEADER[place - 1]), place)


def people_columns(book: BookHandle, tab: str) -> list[dict[int, tuple[str, ...]]]:
    """Every column of people's in order: what stands in it, how it looks, which checks of theirs it has."""
    ours = own_columns(book, tab).values()
    columns: dict[int, dict[int, tuple[str, ...]]] = {}
    for (row, column), cell in sorted(book.human.cells(tab).items()):
        check = cell.validation if (cell.validation or {}).get("inputMessage") != LIST_MESSAGE else None
        if column not in ours and (cell.value is not None or check):
            columns.setdefault(column, {})[row] = (repr(cell.value), repr(cell.format), repr(check))
    return [columns[column] for column in sorted(columns)]


def machine_on(server: SheetsServer) -> type[RuleBasedStateMachine]:  # noqa: C901
    """The machine, with spreadsheets of this server."""
    row = st.integers(2, 9)
    act = st.tuples(st.sampled_from(sorted(ACTS)), row, row)
    meanwhile = st.tuples(st.sampled_from([*sorted(ACTS), *["adds a rule", "deletes a rule"] * 4]), row, row)

    class PeopleAndRuns(RuleBasedStateMachine):
        @initialize(columns=st.sampled_from([5, 6, 16]))
        def a_plan(self, columns: int) -> None:
            server.faults.clear()
            server.between(None)
            self.place = Path(tempfile.mkdtemp())
            self.store = Store.open(self.place / "state")
            self.clock = SetClock()
            self.settings = PlanSettings(PLAN, tabs=("Actions",), drop_downs=True)
            self.book = bench_of(server, {"Actions": [HEADER, *ten_rows()]}, rows=16, columns=columns).book
            self.acts(("nothing", 2, 2))

        @property
        def tab(self) -> str:
            return next(one.title for one in self.book.inside.sheets if one.id not in (STAMP_TAB, LOG_TAB))

        def acts(self, what: tuple[str, int, int]) -> None:
            name, at, other = what
            with suppress(ApiError):  # what the grid has no room for does not happen
                ACTS[name](self.book, self.tab, at, other)
            self.left = people_columns(self.book, self.tab)
            self.rules = self.people_rules()

        def people_rules(self) -> list[str]:
            return [repr(one["booleanRule"]) for one in self.book.human.rules(self.tab) if not is_own_rule(one)]

        @rule(what=act)
        def people_act(self, what: tuple[str, int, int]) -> None:
            self.acts(what)

        @rule(minutes=st.sampled_from([61, 1440]))
        def time_passes(self, minutes: int) -> None:
            self.clock.move(minutes=minutes)

        @rule(
            asked=st.sampled_from(["run", "run", "run", "undo", "leave"]),
            whole_rows=st.booleans(),
            drop_downs=st.booleans(),
            what=meanwhile,
            method=st.sampled_from([WRITE, CHANGE]),
            fault=st.sampled_from(sorted(FAULTS)),
            killed_after=st.sampled_from([0, 0, 0, 2, 3, 4, 5]),
        )
        def somebody_asks(
            self,
            asked: str,
            whole_rows: bool,
            drop_downs: bool,
            what: tuple[str, int, int],
            method: str,
            fault: str,
            killed_after: int,
        ) -> None:
            look = "row" if whole_rows else "cells"
            self.settings = replace(self.settings, highlight=look, drop_downs=drop_downs)
            site = self.site()
            calls, once = iter(range(1, 1000)), iter((True,))

            def between(name: str) -> None:
                if name == method and next(once, False):
                    self.acts(what)
                if next(calls) == killed_after:
                    server.between(None)
                    _kill(site)

            if FAULTS[fault] is not None:
                server.faults.add(method, FAULTS[fault])
            server.between(between)
            try:
                _ask(site, asked)
            except (SheetsSyncError, Killed):
                pass
            finally:
                server.between(None)
                server.faults.clear()
                self.clock.move(minutes=20)
                server.clock.advance(100)
            self.check()

        @rule()
        def a_run_goes_on_after_an_undo(self) -> None:
            self.store.pauses.end(PLAN)

        def check(self) -> None:
            assert people_columns(self.book, self.tab) == self.left
            assert self.people_rules() == self.rules

        def site(self) -> Site:
            sheet = sheet_of(server, self.book, versions=True, tabs=self.settings.tabs)
            return Site(self.settings, sheet, self.store, self.clock, repr(self.settings), log=KEPT)

        def teardown(self) -> None:
            if not hasattr(self, "store"):
                return
            try:
                self.ends_quietly()
            finally:
                self.store.close()
                shutil.rmtree(self.place)

        def ends_quietly(self) -> None:
            server.clock.advance(200)
            self.check()
            self.clock.move(days=1)
            self.store.pauses.end(PLAN)
            outcomes = [sync(self.site(), ACCEPTING) for _ in range(5)]
            self.check()
            assert outcomes[-1].ended in (Ended.NOTHING, Ended.READ_ONLY), outcomes[-1].reason
            held = [str(cell.value) for cell in self.book.human.cells(self.tab).values()]
            if outcomes[-1].ended is Ended.NOTHING:
                assert all(count == 1 for text, count in Counter(held).items() if text.startswith("A-"))
                assert held.count("Flag") == ("flag" in own_columns(self.book, self.tab))
            assert not any(box.value for place, box in self.log_cells().items() if place in TICKS)
            outcome = leave(self.site(), dry_run=False)
            self.check()
            if not (outcome.receipt and outcome.receipt.refused):
                self.no_trace_is_left()

        def log_cells(self) -> dict[tuple[int, int], Cell]:
            return self.book.human.cells(_log(self.book)) if _log(self.book) else {}

        def no_trace_is_left(self) -> None:
            assert self.book.metadata() == []
            assert self.book.inside.named_ranges == []
            (sheet,) = self.book.inside.sheets
            assert not [one for one in sheet.rules if is_own_rule(one)]
            assert HEADER_WARNING not in repr(sheet)
            assert LIST_MESSAGE not in repr(self.book.human.cells(self.tab))

    return PeopleAndRuns


def _ask(site: Site, asked: str) -> Outcome:
    if asked == "undo":
        return undo(site, restore=None)
    return leave(site, dry_run=False) if asked == "leave" else sync(site, replace(YES, accept_changes=True))


def _kill(site: Site) -> None:
    """Every further call of this program breaks off."""
    calls = site.workbook._calls

    def dead(*_: object, **__: object) -> None:
        raise Killed

    for name in ("get", "post_read", "write_values", "change", "drive_version", "modified"):
        setattr(calls, name, dead)


@pytest.fixture(scope="module")
def quick() -> Iterator[SheetsServer]:
    """A server that does not check its own replies against the discovery document."""
    with SheetsServer(check_replies=False) as server:
        yield server


def test_people_and_everything_that_may_be_asked(quick: SheetsServer) -> None:
    """People's cells and rules stay theirs, runs come to an end, and leaving takes all of ours out."""
    run_state_machine_as_test(
        machine_on(quick), settings=settings(max_examples=15, stateful_step_count=8, deadline=None)
    )
