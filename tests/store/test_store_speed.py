"""How long the store may take, on a computer as fast as the one these limits were measured on, or in proportion."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_samples import PLAN, day, instant, receipt, remembered, stamp, start

from sheets_sync.core.cells import BLANK, CellValue, Kind
from sheets_sync.core.decision import CellRef, Changes, Edit
from sheets_sync.core.history import Known, Remembered
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Role
from sheets_sync.store.store import Store

pytestmark = pytest.mark.slow
LOOP_SECONDS = 0.1
"""What `_loop` took on the computer of the limits."""


def _loop() -> float:
    begun = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number
    return time.perf_counter() - begun


def _seconds(work: Callable[[], object]) -> float:
    """How long the work takes, corrected for how slow the computer is just now."""
    before = _loop()
    begun = time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    return taken / max(1.0, min(before, _loop()) / LOOP_SECONDS)


def _action(number: int, due: int = 20) -> Known:
    return Known(
        f"A-{number:05}",
        f"{number:032x}",
        instant(0),
        f"Repair the pump on line {number} and check it twice",
        f"Owner {number % 300}",
        day(due + number % 60),
        Status.PLANNED,
        adopted=True,
        baseline_due=day(20 + number % 60),
        judged="1:ACT001,ACT005",
    )


def _edits(count: int) -> tuple[Edit, ...]:
    fix = CellValue(Kind.TEXT, "Give it one owner: a name, not a team [OWN002, ACT001]")
    flag = CellValue(Kind.TEXT, "OVERDUE since 13 Nov")
    roles = ((Role.FLAG, flag), (Role.NEXT_FIX, fix))
    return tuple(
        Edit(f"A-{number // 2:05}", CellRef("tab 1", number // 2 + 5, role), BLANK, after)
        for number in range(count)
        for role, after in (roles[number % 2],)
    )


def _whole_run(store: Store, edits: Changes, adds: Remembered, number: int) -> Callable[[], None]:
    begin, done, finished = start(number), receipt(edits, number), instant(number) + dt.timedelta(minutes=1)

    def work() -> None:
        opened = store.begin(begin, edits, adds, next_number=1)
        store.finish(opened, done, adds, finished=finished, settled=True)

    return work


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with a plan of 100,000 actions, 60,000 findings in its baseline and 30,000 silent rows."""
    store = Store.open(tmp_path_factory.mktemp("large") / "state")
    actions = [_action(number) for number in range(100_000)]
    adds = remembered(
        *actions,
        baseline=frozenset((f"A-{number:05}", "ACT001") for number in range(60_000)),
        silent_witnesses=frozenset(f"{number:032x}" for number in range(200_000, 230_000)),
    )
    _whole_run(store, Changes(_edits(20_000), (), (), stamp(store, 1)), adds, 0)()
    yield store
    store.close()


def test_adopting_ten_thousand_actions(tmp_path: Path) -> None:
    """Begin and finish with 10,000 new actions and 20,000 edits take at most 0.35 s together."""
    adds = remembered(*(_action(number) for number in range(10_000)))
    times = []
    for number in range(3):
        store = Store.open(tmp_path / f"state {number}")
        made = Changes(_edits(20_000), (), (), stamp(store, 1))
        times.append(_seconds(_whole_run(store, made, adds, 0)))
        store.close()
    assert min(times) < 0.35


def test_a_day_of_a_large_plan(large: Store) -> None:
    """Begin and finish with 1,000 changed of 100,000 actions take at most 0.1 s together."""
    times = []
    for number in range(1, 4):
        past = large.history(PLAN)
        adds = remembered(*(_action(n, due=20 + number) for n in range(1000)))
        adds = adds._replace(baseline=past.baseline, silent_witnesses=past.silent_witnesses)
        made = Changes(_edits(2000), (), (), stamp(large, large.state(PLAN).write + 1))
        times.append(_seconds(_whole_run(large, made, adds, number)))
    assert min(times) < 0.1


def test_reading_a_large_history(large: Store) -> None:
    """The history of 100,000 actions is read in at most 0.6 s."""
    assert len(large.history(PLAN).known) == 100_000
    assert min(_seconds(lambda: large.history(PLAN)) for _ in range(3)) < 0.6


def test_telling_that_nothing_changed(large: Store, tmp_path: Path) -> None:
    """Opening a store and asking for the last finished run take at most 15 ms."""
    store = Store.open(tmp_path / "state")
    _whole_run(store, Changes((), (), ()), remembered(_action(1)), 0)()
    store.close()

    def look() -> None:
        opened = Store.open(tmp_path / "state")
        assert opened.skip_check(PLAN) is not None
        opened.close()

    assert min(_seconds(look) for _ in range(10)) < 0.015
