"""What other processes do to a store in the tests, some dying in the middle of it. Not tests."""

import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import sqlalchemy as sa
from outbox_samples import mail
from sqlalchemy import event
from store_samples import PLAN, changes, database, instant, known, minted, receipt, remembered, stamp, start

from sheets_sync.errors import StoreError
from sheets_sync.store.engine import sqlite_engine, writing
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.store import Store

KILLED, REFUSED = 9, 3
START = get_context("spawn" if sys.platform == "win32" else "fork")
"""No store may be open in a process that forks: SQLite's locks do not survive it."""

Work = Callable[[Store], None]


def in_processes(works: list[tuple[Callable[..., None], tuple[object, ...]]]) -> list[int | None]:
    """Run the works side by side, each in a process of its own; returns their exit codes."""
    processes = [START.Process(target=work, args=arguments) for work, arguments in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


def work_and_die(folder: Path, work: Work, step: int) -> None:
    """Open the store, do the work, and die in the middle of it."""
    store = Store.open(folder)
    _die_at(step)
    work(store)


def open_and_die(folder: Path, step: int) -> None:
    """Die while opening the store."""
    _die_at(step)
    Store.open(folder)


def _die_at(step: int) -> None:
    """End this process, as kill -9 would, before the given statement or commit from now on, counted from 1."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            os._exit(KILLED)

    event.listen(sa.Engine, "before_cursor_execute", count)
    event.listen(sa.Engine, "commit", count)


def work_on_full_disk(folder: Path, work: Work, growth: int) -> None:
    """Do the work while no file can grow beyond this size."""
    import resource

    store = Store.open(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (growth, resource.RLIM_INFINITY))
    try:
        work(store)
    except StoreError:
        os._exit(REFUSED)


def open_together(folder: Path, barrier: Barrier) -> None:
    """Open a store at the same moment as others."""
    barrier.wait(60)
    store = Store.open(folder)
    (folder / f"id {os.getpid()}").write_text(store.id)
    store.close()


def count_up(folder: Path, times: int) -> None:
    """Read a number and write one more, each time in one transaction."""
    engine = sqlite_engine(database(folder))
    for _ in range(times):
        with writing(engine) as connection:
            number = connection.scalar(sa.select(plan_table.c.next_number)) or 0
            connection.execute(plan_table.update().values(next_number=number + 1))
    engine.dispose()


def mint_ids(folder: Path, times: int) -> None:
    """Run again and again, giving two new ids each time, without a lease; write down which."""
    store = Store.open(folder)
    given: list[str] = []
    while len(given) < 2 * times:
        state = store.state(PLAN)
        ids = [f"A-{state.next_number + step:04}" for step in (0, 1)]
        made = changes(*(minted(f"row of {one}", one, 5) for one in ids), stamp=stamp(store, state.write + 1))
        adds = remembered(*map(known, ids))
        try:
            run = store.begin(start(), made, adds, next_number=state.next_number + 2)
        except StoreError:
            continue
        store.finish(run, receipt(made), adds, finished=instant(0), settled=True)
        given += ids
    (folder / f"ids {os.getpid()}").write_text("\n".join(given))
    store.close()


def claim_all(folder: Path, barrier: Barrier) -> None:
    """Claim every mail that is due, at the same moment as others; write down which, and that each came whole."""
    store = Store.open(folder)
    barrier.wait(60)
    due = store.outbox.to_send(instant(0), route="smtp")
    claimed = [one.number for one in due if store.outbox.claim(one.number, instant(0))]
    (folder / f"claimed {os.getpid()}").write_text(" ".join(map(str, claimed)))
    store.close()


def queue_the_same(folder: Path, barrier: Barrier) -> None:
    """Queue a mail of all that waits for everybody, at the same moment as others."""
    store = Store.open(folder)
    barrier.wait(60)
    made = 0
    for one in store.outbox.waiting(instant(0), route="smtp"):
        made += store.outbox.queue(mail(one.notice.person), (one,), now=instant(0)) is not None
    (folder / f"queued {os.getpid()}").write_text(str(made))
    store.close()


def claim_and_die(folder: Path, number: int, day: float) -> None:
    """Claim a mail and die before it is settled."""
    assert Store.open(folder).outbox.claim(number, instant(day)) is not None
    os._exit(KILLED)


def hold_for_good(folder: Path) -> None:
    """Take a lease and die with it."""
    Store.open(folder).hold(PLAN, "a process that dies", now=instant(0), seconds=60)
    os._exit(KILLED)
