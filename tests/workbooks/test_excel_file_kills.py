"""Killed at any moment, out of room at any byte: the workbook is old or new, whole, and the next run converges."""

import datetime as dt
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from contract.plan_tab import flagged, own_texts

from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.files.content import fingerprint_of
from sheets_sync.workbooks.files.replacement import Step

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")

Make = Callable[..., ExcelFile]
ReadAll = Callable[[ExcelFile], Snapshot]


def in_child(action: Callable[[], object]) -> int:
    """Start `action` in a process of its own; it ends with 0, or 1 when an error came out."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    return child


def exit_code(child: int) -> int:
    """Wait for a process; negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def much_later() -> dt.datetime:
    """When everything left behind counts as left behind."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)


@pytest.fixture
def unkilled(excel: Make, plan: Path, read_all: ReadAll) -> bytes:
    """What an undisturbed write makes of the file; the file itself is as it was."""
    before = plan.read_bytes()
    seen = read_all(excel())
    excel().apply(flagged(seen), seen)
    after = plan.read_bytes()
    plan.write_bytes(before)
    return after


def converge(file: ExcelFile, read_all: ReadAll) -> None:
    """The next run: decides anew on what it reads, and writes what is still to be written."""
    seen = read_all(file)
    if not own_texts_or_none(seen):
        file.apply(flagged(seen), seen)


def own_texts_or_none(seen: Snapshot) -> dict[int, str]:
    """The flags, none where the column is not there."""
    return own_texts(seen, Role.FLAG) if Role.FLAG in seen.tabs[0].marks else {}


@pytest.mark.parametrize("step", Step)
def test_killed_after_each_step(excel: Make, plan: Path, read_all: ReadAll, unkilled: bytes, step: Step) -> None:
    """After a kill at any step the file is the old or the new one, and the next run ends where an unkilled one does."""
    before = plan.read_bytes()
    seen = read_all(excel())

    def kill(now: Step) -> None:
        if now is step:
            os.kill(os.getpid(), signal.SIGKILL)

    assert exit_code(in_child(lambda: excel(at_step=kill).apply(flagged(seen), seen))) == -signal.SIGKILL
    done = step in (Step.EXCHANGED, Step.VERIFIED, Step.CLEANED)
    assert plan.read_bytes() == (unkilled if done else before)
    converge(excel(now=much_later), read_all)
    assert plan.read_bytes() == unkilled
    if not done:
        assert list(plan.parent.iterdir()) == [plan]


@pytest.mark.parametrize("step", [step for step in Step if step not in (Step.READ, Step.PATCHED, Step.BACKED_UP)])
def test_restore_killed_after_each_step(excel: Make, plan: Path, read_all: ReadAll, step: Step) -> None:
    """A killed restore leaves the file as it was or as it is to be, and can be done again."""
    before = plan.read_bytes()
    seen = read_all(excel())
    receipt = excel().apply(flagged(seen), seen)
    written = plan.read_bytes()

    def kill(now: Step) -> None:
        if now is step:
            os.kill(os.getpid(), signal.SIGKILL)

    restore = excel(at_step=kill).restore
    assert exit_code(in_child(lambda: restore(Path(receipt.backup), receipt.fingerprint))) == -signal.SIGKILL
    content = plan.read_bytes()
    assert content in (before, written)
    excel(now=much_later).restore(Path(receipt.backup), fingerprint_of(content))
    assert plan.read_bytes() == before
    assert list(plan.parent.iterdir()) == [plan]


def test_killed_at_any_time(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, unkilled: bytes) -> None:
    """However unluckily the kill falls, the file is whole, and so is every backup."""
    before = plan.read_bytes()
    seen = read_all(excel())
    started = time.perf_counter()
    assert exit_code(in_child(lambda: excel().apply(flagged(seen), seen))) == 0
    length = time.perf_counter() - started
    plan.write_bytes(before)
    chance = random.Random(11)
    outcomes = {"old": 0, "new": 0}
    for _ in range(40):
        child = in_child(lambda: excel().apply(flagged(seen), seen))
        time.sleep(chance.random() * length)
        os.kill(child, signal.SIGKILL)
        exit_code(child)
        content = plan.read_bytes()
        assert content in (before, unkilled)
        outcomes["old" if content == before else "new"] += 1
        plan.write_bytes(before)
    assert outcomes["old"]
    for backup in (tmp_path / "state" / "backups").glob("Plan*"):
        assert backup.read_bytes() == before
    converge(excel(now=much_later), read_all)
    assert plan.read_bytes() == unkilled
    assert list(plan.parent.iterdir()) == [plan]
    assert {file.suffix for file in (tmp_path / "state" / "backups").iterdir()} == {".xlsx"}


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.01])
def test_no_room_half_way(
    excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, unkilled: bytes, share: float
) -> None:
    """A write that fails half-way, in the backup or in the new file, leaves the old file and nothing else."""
    import resource

    before = plan.read_bytes()
    seen = read_all(excel())
    backups = sorted((tmp_path / "state" / "backups").iterdir())
    said = tmp_path / "said"
    # From 1.01 on the backup fits and only the new file, which is larger, does not.
    assert len(before) * 1.01 < len(unkilled)

    def attempt() -> None:
        limit = int(len(before) * share)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            excel().apply(flagged(seen), seen)
        except WorkbookRefused as refusal:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            os.write(report, refusal.message.encode()[: max(limit, 1)])
            raise

    report = os.open(said, os.O_WRONLY | os.O_CREAT)
    assert exit_code(in_child(attempt)) == 1
    assert fingerprint_of(plan.read_bytes()) == seen.fingerprint
    assert list(plan.parent.iterdir()) == [plan]
    assert sorted((tmp_path / "state" / "backups").iterdir()) == backups
    converge(excel(), read_all)
    assert plan.read_bytes() == unkilled
