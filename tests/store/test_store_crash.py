"""Killed at any statement, out of disk at any write, pushed by other processes: the store is old or new, never torn."""

import random
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from store_children import (
    KILLED,
    REFUSED,
    START,
    count_up,
    hold_for_good,
    in_processes,
    mint_ids,
    open_together,
    work_and_die,
    work_on_full_disk,
)
from store_content import content, copied
from store_samples import (
    COLUMN,
    PLAN,
    changes,
    database,
    day,
    edit,
    instant,
    known,
    minted,
    receipt,
    remembered,
    run,
    start,
)

from sheets_sync.core.history import History
from sheets_sync.core.model import Status
from sheets_sync.errors import HeldElsewhere, StoreError
from sheets_sync.store.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as Unix does it")

FIRST = changes(edit("A-0001"), minted("row 6", "A-0002", 6))
FIRST_ADDS = remembered(known("A-0001"), known("A-0002"), baseline=frozenset({("A-0001", "OWN001")}))
SECOND = changes(edit("A-0001", before="OVERDUE", after="DONE"), minted("row 7", "A-0003", 7), structures=(COLUMN,))
SECOND_ADDS = remembered(
    known("A-0001", status=Status.DONE, due=day(30)),
    known("A-0002", gone=day(1)),
    known("A-0003"),
    silent_witnesses=frozenset({"row 8"}),
    collapsed=frozenset({"ACT005"}),
)


def begin_second(store: Store) -> None:
    """Begin a run."""
    store.begin(start(1), SECOND, SECOND_ADDS, next_number=4)


def finish_second(store: Store) -> None:
    """Finish the open run."""
    (opened,) = store.open_runs(PLAN)
    store.finish(opened.run, receipt(SECOND, 1), opened.remembered, finished=instant(1), settled=True)


def abandon_second(store: Store) -> None:
    """Abandon the open run."""
    (opened,) = store.open_runs(PLAN)
    store.abandon(opened.run, finished=instant(1), reason="the workbook is open")


def forget_all(store: Store) -> None:
    """Forget the plan."""
    store.forget(PLAN)


def prune_all(store: Store) -> None:
    """Delete what is old, three years later."""
    store.prune(instant(3 * 365))


def _prepared(folder: Path, *works: Callable[[Store], None]) -> Path:
    store = Store.open(folder)
    run(store, 0, FIRST, FIRST_ADDS, next_number=3)
    for work in works:
        work(store)
    store.close()
    return folder


CASES = [
    pytest.param((), begin_second, id="begin"),
    pytest.param((begin_second,), finish_second, id="finish"),
    pytest.param((begin_second,), abandon_second, id="abandon"),
    pytest.param((begin_second, finish_second), forget_all, id="forget"),
    pytest.param((begin_second, finish_second), prune_all, id="prune"),
]


@pytest.mark.parametrize(("before", "work"), CASES)
def test_killed_at_every_statement(
    tmp_path: Path, before: tuple[Callable[[Store], None], ...], work: Callable[[Store], None]
) -> None:
    """Killed before any statement or commit the store is as it was, and the same work done again gives what an
    unkilled twin has."""
    base = _prepared(tmp_path / "base", *before)
    old = content(base)
    twin = copied(base, tmp_path / "twin")
    work(opened := Store.open(twin))
    opened.close()
    new = content(twin)
    assert new != old
    for step in range(1, 100):
        folder = copied(base, tmp_path / "killed")
        (code,) = in_processes([(work_and_die, (folder, work, step))])
        if code == 0:
            break
        assert code == KILLED
        assert content(folder) == old
        work(opened := Store.open(folder))
        opened.close()
        assert content(folder) == new
    assert step > 4
    assert code == 0
    assert content(folder) == new


@pytest.mark.parametrize(("before", "work"), CASES[:2])
def test_disk_full_at_any_write(
    tmp_path: Path, before: tuple[Callable[[Store], None], ...], work: Callable[[Store], None]
) -> None:
    """When the disk takes no more at any point, the work fails as a whole with a StoreError or is done as a whole."""
    base = _prepared(tmp_path / "base", *before)
    old = content(base)
    codes = []
    for growth in range(0, 90_000, 5_000):
        folder = copied(base, tmp_path / "full")
        codes += in_processes([(work_on_full_disk, (folder, work, growth))])
        assert (content(folder) == old) is (codes[-1] == REFUSED)
    assert set(codes) == {REFUSED, 0}


@pytest.fixture
def few_pages() -> Iterator[None]:
    """Let a database have no more than 60 pages."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(sa.Pool, "connect", limit)
    yield
    event.remove(sa.Pool, "connect", limit)


def test_a_full_disk_is_told(tmp_path: Path, few_pages: None) -> None:
    """A full disk is said in words, with what to do, and nothing was written."""
    store = Store.open(tmp_path / "state")
    noise = random.Random(1).randbytes
    many = remembered(*(known(f"A-{n:04}", action=f"SENTINEL {noise(100).hex()}") for n in range(3000)))
    with pytest.raises(StoreError) as full:
        store.begin(start(), changes(edit("A-0001")), many, next_number=9)
    assert "the disk is full (OperationalError SQLITE_FULL)" in full.value.message
    assert full.value.remedy
    assert "SENTINEL" not in full.value.message
    assert store.open_runs(PLAN) == ()
    assert store.state(PLAN).next_number == 1
    store.close()


def test_no_update_is_lost(tmp_path: Path) -> None:
    """Four processes reading a number and writing one more, 100 times each, make it 400 more."""
    store = Store.open(tmp_path)
    store.tell_once(PLAN, "something")
    store.close()
    assert in_processes([(count_up, (tmp_path, 100))] * 4) == [0, 0, 0, 0]
    store = Store.open(tmp_path)
    assert store.state(PLAN).next_number == 401
    store.close()


def test_no_id_is_given_twice(tmp_path: Path) -> None:
    """Three processes that run without a lease, all at once, never give the same id, and each id is remembered."""
    Store.open(tmp_path).close()
    assert in_processes([(mint_ids, (tmp_path, 15))] * 3) == [0, 0, 0]
    given = [one for file in tmp_path.glob("ids *") for one in file.read_text().split()]
    store = Store.open(tmp_path)
    assert len(given) == len(set(given)) == 90
    assert set(store.history(PLAN).known) == set(given)
    assert store.state(PLAN).next_number == 91
    assert store.state(PLAN).write == 45
    store.close()


def test_many_open_a_new_store_at_once(tmp_path: Path) -> None:
    """Six processes opening a store that is not there yet all get the same one."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    barrier = START.Barrier(6)
    assert in_processes([(open_together, (folder, barrier))] * 6) == [0] * 6
    assert len({file.read_text() for file in folder.glob("id *")}) == 1


def test_a_dead_holder_blocks_until_its_time_is_over(tmp_path: Path) -> None:
    """A process that dies with a lease blocks others until the lease ends, not longer."""
    assert in_processes([(hold_for_good, (tmp_path,))]) == [KILLED]
    store = Store.open(tmp_path)
    with pytest.raises(HeldElsewhere):
        store.hold(PLAN, "another", now=instant(0), seconds=60)
    assert store.hold(PLAN, "another", now=instant(61 / 86400), seconds=60).version == 2
    store.close()


def test_what_a_lost_file_left_behind_is_not_taken_up(tmp_path: Path) -> None:
    """When only the main file of a killed run's store is lost, its leftover log does not leak into the new one."""
    folder = _prepared(tmp_path / "state")
    (code,) = in_processes([(work_and_die, (folder, begin_second, 6))])
    assert code == KILLED
    assert database(folder).with_name("store.db-wal").exists()
    database(folder).unlink()
    store = Store.open(folder)
    assert not store.state(PLAN).known
    assert store.history(PLAN) == History()
    store.close()
    content(folder)
