"""How long the store takes for a large plan. Not a test: nothing here fails.

python tests/benchmarks/store_speed.py
"""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from store_samples import PLAN, day, instant, receipt, remembered, stamp, start

from sheets_sync.core.cells import BLANK, CellValue, Kind
from sheets_sync.core.decision import CellRef, Changes, Edit
from sheets_sync.core.history import Known, Remembered
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Role
from sheets_sync.store.store import Store


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


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


def large_store(folder: Path) -> Store:
    """A store with a plan of 100,000 actions, 60,000 findings in its baseline and 30,000 silent rows."""
    store = Store.open(folder)
    adds = remembered(
        *(_action(number) for number in range(100_000)),
        baseline=frozenset((f"A-{number:05}", "ACT001") for number in range(60_000)),
        silent_witnesses=frozenset(f"{number:032x}" for number in range(200_000, 230_000)),
    )
    _whole_run(store, Changes(_edits(20_000), (), (), stamp(store, 1)), adds, 0)()
    return store


def adopting(folder: Path) -> float:
    """Begin and finish with 10,000 new actions and 20,000 edits."""
    store = Store.open(folder)
    adds = remembered(*(_action(number) for number in range(10_000)))
    taken = _seconds(_whole_run(store, Changes(_edits(20_000), (), (), stamp(store, 1)), adds, 0))
    store.close()
    return taken


def one_day(large: Store) -> float:
    """Begin and finish with 1,000 changed of 100,000 actions."""
    past = large.history(PLAN)
    adds = remembered(*(_action(n, due=21) for n in range(1000)))
    adds = adds._replace(baseline=past.baseline, silent_witnesses=past.silent_witnesses)
    made = Changes(_edits(2000), (), (), stamp(large, large.state(PLAN).write + 1))
    return _seconds(_whole_run(large, made, adds, 1))


def main() -> None:
    """Measure each once and print it beside what it should take on a calm machine."""
    with tempfile.TemporaryDirectory() as place:
        print(f"adopting 10,000 actions         {adopting(Path(place) / 'small'):6.3f} s  (0.35)")
        large = large_store(Path(place) / "large")
        print(f"1,000 of 100,000 changed        {one_day(large):6.3f} s  (0.10)")
        print(f"reading a history of 100,000    {_seconds(lambda: large.history(PLAN)):6.3f} s  (0.60)")
        print(f"telling that nothing changed    {_seconds(lambda: large.skip_check(PLAN)):6.3f} s  (0.015)")
        large.close()


if __name__ == "__main__":
    main()
