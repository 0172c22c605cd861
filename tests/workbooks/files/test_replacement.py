"""One write of a workbook: what stands in its place afterwards, whoever does what at whichever moment."""

import contextlib
import multiprocessing
import os
import random
import secrets
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookError, WorkbookRefused
from sheets_sync.workbooks.files.content import fingerprint_of
from sheets_sync.workbooks.files.exchange import put_in_place
from sheets_sync.workbooks.files.replacement import Replacement, Step

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="saves by renaming over an open file")

OLD, NEW, SAVED, SAVED_AGAIN = b"old", b"new content", b"saved by a person", b"saved again by a person"


def overwrite(file: Path, content: bytes) -> None:
    """Save as a program that writes into the file itself."""
    file.write_bytes(content)


def rename_over(file: Path, content: bytes) -> None:
    """Save as a program that writes a file beside and renames it."""
    beside = file.with_name("person's temp")
    beside.write_bytes(content)
    beside.rename(file)


def remove_and_rename(file: Path, content: bytes) -> None:
    """Save as Excel does: a file beside, the original removed, the new one renamed."""
    beside = file.with_name("D3F1A000")
    beside.write_bytes(content)
    file.unlink()
    beside.rename(file)


SAVES = (overwrite, rename_over, remove_and_rename)
Save = Callable[[Path, bytes], None]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook alone in its folder."""
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "Plan.xlsx"
    file.write_bytes(OLD)
    file.chmod(0o640)
    return file


def replacement(
    workbook: Path,
    at: dict[Step, Callable[[], object]] | None = None,
    rescued: list[bytes] | None = None,
) -> Replacement:
    """A write of NEW over OLD; `at` says what somebody does at which step."""
    actions = dict(at or {})
    return Replacement(
        workbook,
        NEW,
        fingerprint_of(OLD),
        lambda step: actions.pop(step, lambda: None)(),
        (rescued if rescued is not None else []).append,
    )


def cannot_exchange(_new: Path, _target: Path) -> Path | None:
    """A system without a call that exchanges two files."""
    return None


def test_content_and_mode(workbook: Path) -> None:
    """The new content stands in place under the old mode, and nothing is left beside it."""
    steps: list[Step] = []
    Replacement(workbook, NEW, fingerprint_of(OLD), steps.append, print).make()
    assert workbook.read_bytes() == NEW
    assert workbook.stat().st_mode & 0o777 == 0o640
    assert list(workbook.parent.iterdir()) == [workbook]
    assert steps == [Step.WRITTEN, Step.UNCHANGED, Step.EXCHANGED, Step.VERIFIED, Step.CLEANED]


def test_without_exchange(workbook: Path) -> None:
    """Where the system cannot exchange files, the content is in place all the same."""
    Replacement(workbook, NEW, fingerprint_of(OLD), lambda _: None, print, cannot_exchange).make()
    assert workbook.read_bytes() == NEW
    assert workbook.stat().st_mode & 0o777 == 0o640
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("step", [Step.WRITTEN, Step.UNCHANGED])
@pytest.mark.parametrize("exchange", [True, False])
def test_a_save_before_the_exchange_stays(workbook: Path, save: Save, step: Step, exchange: bool) -> None:
    """What is saved before the exchange, even in the window after the last look, is what stands there afterwards."""
    steps: list[Step] = []

    def at_step(now: Step) -> None:
        steps.append(now)
        if now is step:
            save(workbook, SAVED)

    how = put_in_place if exchange else cannot_exchange
    with pytest.raises(WorkbookChanged):
        Replacement(workbook, NEW, fingerprint_of(OLD), at_step, print, how).make()
    assert workbook.read_bytes() == SAVED
    assert (Step.EXCHANGED in steps) == (exchange and step is Step.UNCHANGED)
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("step", [Step.EXCHANGED, Step.VERIFIED, Step.CLEANED])
def test_a_save_after_the_exchange_stays(workbook: Path, save: Save, step: Step) -> None:
    """What is saved after the exchange replaces what we wrote, as any later save does."""
    replacement(workbook, {step: lambda: save(workbook, SAVED)}).make()
    assert workbook.read_bytes() == SAVED
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.parametrize("first", SAVES)
@pytest.mark.parametrize("second", SAVES)
def test_two_saves_around_one_exchange(workbook: Path, first: Save, second: Save) -> None:
    """Of two saves, one in the window and one just after, the second stands there and the first is rescued."""
    rescued: list[bytes] = []
    at = {Step.UNCHANGED: lambda: first(workbook, SAVED), Step.EXCHANGED: lambda: second(workbook, SAVED_AGAIN)}
    with pytest.raises(WorkbookChanged):
        replacement(workbook, at, rescued).make()
    assert workbook.read_bytes() == SAVED_AGAIN
    assert rescued == [SAVED]
    assert list(workbook.parent.iterdir()) == [workbook]


def test_removed_in_the_window(workbook: Path) -> None:
    """A workbook that is just not there, as in the middle of Excel's save, is left to the one who saves."""
    with pytest.raises(WorkbookBusy):
        replacement(workbook, {Step.UNCHANGED: workbook.unlink}).make()
    assert list(workbook.parent.iterdir()) == []


def test_removed_while_it_is_given_back(workbook: Path) -> None:
    """A save in the window is put back even where the place was emptied meanwhile: the workbook is never missing."""
    at: dict[Step, Callable[[], object]] = {
        Step.UNCHANGED: lambda: rename_over(workbook, SAVED),
        Step.EXCHANGED: workbook.unlink,
    }
    with pytest.raises(WorkbookChanged):
        replacement(workbook, at).make()
    assert workbook.read_bytes() == SAVED
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open for writing")
def test_open_for_writing_in_the_window(workbook: Path) -> None:
    """A program that has the file open and writes only later writes into the workbook, not into a removed file."""
    opened = workbook.open("r+b")
    with pytest.raises(WorkbookBusy):
        replacement(workbook, {Step.UNCHANGED: lambda: opened.seek(0)}).make()
    opened.write(SAVED)
    opened.close()
    assert workbook.read_bytes() == SAVED
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.parametrize("step", [Step.WRITTEN, Step.UNCHANGED])
def test_swapped_for_a_link(workbook: Path, tmp_path: Path, step: Step) -> None:
    """A link put in the workbook's place is never written through and stands there afterwards."""
    victim = tmp_path / "victim"
    victim.write_bytes(OLD)

    def swap() -> None:
        workbook.unlink()
        workbook.symlink_to(victim)

    with pytest.raises(WorkbookError):
        replacement(workbook, {step: swap}).make()
    assert victim.read_bytes() == OLD
    assert workbook.is_symlink()
    assert list(workbook.parent.iterdir()) == [workbook]


@pytest.mark.parametrize("kind", ["link", "second name"])
def test_planted_under_our_name(workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Even with our random name guessed, a link or a second name of a file planted there is not written through."""
    monkeypatch.setattr(secrets, "token_hex", lambda length: "a" * 2 * length)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    planted = workbook.parent / f".sheets-sync-{'a' * 16}.part"
    planted.symlink_to(victim) if kind == "link" else planted.hardlink_to(victim)
    with pytest.raises(WorkbookRefused):
        replacement(workbook).make()
    assert victim.read_bytes() == b"precious"
    assert workbook.read_bytes() == OLD


@pytest.mark.parametrize("step", [Step.WRITTEN, Step.UNCHANGED, Step.EXCHANGED, Step.VERIFIED, Step.CLEANED])
def test_killed_at(workbook: Path, step: Step) -> None:
    """After a kill at any step the workbook is there, whole, with its old or its new content."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            replacement(workbook, {step: lambda: os._exit(9)}).make()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert workbook.read_bytes() == (OLD if step in (Step.WRITTEN, Step.UNCHANGED) else NEW)


def saving_person(workbook: Path, orders: Connection) -> None:
    """Save version after version, each a little after it is ordered, each in another way."""
    for version in iter(orders.recv, 0):
        wait_until = time.perf_counter() + random.random() * 0.004
        while time.perf_counter() < wait_until:
            pass
        while True:
            with contextlib.suppress(FileNotFoundError):
                SAVES[version % 3](workbook, b"person %d" % version)
                break
        orders.send(version)


@pytest.mark.skipif(sys.platform != "linux", reason="needs an exchange that keeps every save")
def test_race_with_a_saving_program(workbook: Path) -> None:
    """However the two interleave, what a person saved after we read is what stands there in the end."""
    ours, theirs = multiprocessing.Pipe()
    person = multiprocessing.get_context("fork").Process(target=saving_person, args=(workbook, theirs))
    person.start()
    outcomes: dict[str, int] = {}
    try:
        for version in range(1, 301):
            before = workbook.read_bytes()
            ours.send(version)
            content = before + b" flagged"
            exchanged: list[Step] = []
            write = Replacement(workbook, content, fingerprint_of(before), exchanged.append, lambda _: None)
            try:
                write.make()
                outcome = "written"
            except WorkbookError as error:
                outcome = f"{type(error).__name__} {'after' if Step.EXCHANGED in exchanged else 'before'}"
            assert ours.poll(10)
            assert ours.recv() == version
            saved = b"person %d" % version
            assert workbook.read_bytes() == saved, outcome
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            workbook.write_bytes(saved)
    finally:
        ours.send(0)
        person.join(10)
    assert list(workbook.parent.iterdir()) == [workbook]
    assert len(outcomes) > 1, outcomes
