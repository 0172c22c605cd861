"""A run that is stopped for longer than its lease lasts and woken again does nothing more (HAZARDS 31)."""

import contextlib
import datetime as dt
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from run.file_stage import FILE_STEPS, UID, make_plan
from run.stopped_run import HELD, run_and_mail, set_clock

from sheets_sync.store.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped as Unix does it")

SCRIPT = Path(__file__).with_name("stopped_run.py")
WEEK_BEFORE = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
LEASE_OVER = dt.timedelta(minutes=51)
BEFORE_THE_PLAN_IS_DONE = ("before begin", "after begin", *FILE_STEPS, "before finish")
WHILE_MAILING = ("after finish", "before queue", "before claim", "after claim")


@pytest.fixture(scope="module")
def mailing_plan(tmp_path_factory) -> Path:
    """A plan whose mails are released, a week after its first run, in which a person worked since."""
    folder = tmp_path_factory.mktemp("mailing")
    make_plan(folder / "plan.xlsx")
    set_clock(folder, WEEK_BEFORE)
    assert run_and_mail(folder) == "written"
    store = Store.open(folder / "state")
    store.outbox.release(UID, WEEK_BEFORE)
    store.close()
    (folder / "sent").unlink(missing_ok=True)
    book = load_workbook(folder / "plan.xlsx")
    book["Actions"]["D4"] = "Done"
    book.save(folder / "plan.xlsx")
    return folder


@contextlib.contextmanager
def stopped(folder: Path, step: str) -> Iterator[subprocess.Popen]:
    """A process that runs and has stopped at `step`."""
    words = [sys.executable, "-W", "ignore", str(SCRIPT), str(folder), step]
    with subprocess.Popen(words, env={"PYTHONPATH": ":".join(sys.path)}, stdout=subprocess.PIPE, text=True) as process:
        try:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status), "the run did not reach the step"
            yield process
        finally:
            process.kill()


def woken(process: subprocess.Popen) -> str:
    """Let it go on; returns what it says came of it."""
    os.kill(process.pid, signal.SIGCONT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said.strip()


def stands(folder: Path) -> tuple[bytes, list[str], str]:
    """All that a run leaves: the workbook's bytes, the store but for its leases, the mails that left."""
    sent = folder / "sent"
    with contextlib.closing(sqlite3.connect(folder / "state" / "store.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = [line for line in raw.iterdump() if not line.startswith('INSERT INTO "lease"')]
    return (folder / "plan.xlsx").read_bytes(), kept, sent.read_text() if sent.exists() else ""


@pytest.mark.parametrize("step", BEFORE_THE_PLAN_IS_DONE)
def test_a_run_stopped_past_its_lease_neither_writes_nor_mails(tmp_path, mailing_plan, step):
    """While it is stopped another run does the work; woken, it says that another has the plan, and all stays."""
    folder = tmp_path / "plan"
    shutil.copytree(mailing_plan, folder)
    set_clock(folder, MONDAY)
    with stopped(folder, step) as process:
        assert run_and_mail(folder) == HELD, "its lease was still good"
        set_clock(folder, MONDAY + LEASE_OVER)
        assert run_and_mail(folder) in ("written", "nothing")
        before = stands(folder)
        assert woken(process) == HELD
    assert stands(folder) == before
    mailed = [line.split()[0] for line in before[2].splitlines()]
    assert "ana@example.org" in mailed
    assert len(mailed) == len(set(mailed))


@pytest.mark.parametrize("step", WHILE_MAILING)
def test_a_run_stopped_while_it_mails_sends_nothing_twice(tmp_path, mailing_plan, step):
    """Another run mails meanwhile; woken, the first sends no mail more, and in the end each person has one."""
    folder = tmp_path / "plan"
    shutil.copytree(mailing_plan, folder)
    set_clock(folder, MONDAY)
    with stopped(folder, step) as process:
        set_clock(folder, MONDAY + LEASE_OVER)
        run_and_mail(folder)
        before = stands(folder)
        woken(process)
    assert stands(folder)[0] == before[0]
    assert stands(folder)[2] == before[2]
    set_clock(folder, MONDAY + 2 * LEASE_OVER)
    run_and_mail(folder)
    mailed = [line.split()[0] for line in stands(folder)[2].splitlines()]
    assert "ana@example.org" in mailed
    assert len(mailed) == len(set(mailed))


def test_a_run_that_was_only_slow_is_done_by_itself(tmp_path, mailing_plan):
    """Stopped past its lease before it began, with nobody else at work meanwhile, it takes the plan anew."""
    folder = tmp_path / "plan"
    shutil.copytree(mailing_plan, folder)
    set_clock(folder, MONDAY)
    with stopped(folder, "before begin") as process:
        assert woken(process) == "written"
