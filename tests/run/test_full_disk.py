"""A disk that is full at any moment, or read-only: the sheet is old or new, the store sound, the next run converges.

The disk is a real file system of its own in memory, so that every write of every library meets its end; only root may
mount one. For others the tests with RLIMIT_FSIZE remain (test_store_crash.py, test_excel_file_kills.py).
"""

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from run.file_stage import UID, content, make_plan, remembered
from run.stopped_run import run_and_mail, set_clock

from sheets_sync.errors import StoreError
from sheets_sync.store.store import Store

WEEK_BEFORE = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
CLAIM_IS_LOST = dt.timedelta(minutes=16)
SIZE = 8_000_000
FULL = "the disk is full"
ROOM_LEFT = (0, 16_000, 36_000, 64_000, 100_000, 150_000, 220_000, 320_000)


def _can_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


pytestmark = pytest.mark.skipif(not _can_mount(), reason="a small disk can only be mounted by root")


@pytest.fixture(scope="module")
def disk(tmp_path_factory) -> Iterator[Path]:
    """A small disk."""
    place = tmp_path_factory.mktemp("disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(place)], check=False)
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    """A released plan a week after its first run, in which a person worked since."""
    folder = tmp_path_factory.mktemp("plan")
    make_plan(folder / "plan.xlsx")
    set_clock(folder, WEEK_BEFORE)
    assert run_and_mail(folder) == "written"
    store = Store.open(folder / "state")
    store.outbox.release(UID, WEEK_BEFORE)
    store.close()
    book = load_workbook(folder / "plan.xlsx")
    book["Actions"]["D4"] = "Done"
    book["Actions"].append(("Measure the noise at the stations", "Rui Costa", dt.date(2026, 12, 1), "Open"))
    book.save(folder / "plan.xlsx")
    return folder


def placed(plan: Path, folder: Path, disk: Path, on_disk: str) -> Path:
    """The plan in a folder, its workbook or its state (or both) on the small disk."""
    shutil.rmtree(disk / "plan", ignore_errors=True)
    if on_disk == "both":
        return shutil.copytree(plan, disk / "plan")
    shutil.copytree(plan, folder)
    (disk / "plan").mkdir(mode=0o700)
    if on_disk == "state":
        shutil.move(folder / "state", disk / "plan" / "state")
        (folder / "state").symlink_to(disk / "plan" / "state")
        return folder
    shutil.move(folder / "plan.xlsx", disk / "plan" / "plan.xlsx")
    (disk / "plan" / "state").symlink_to(folder / "state")
    return disk / "plan"


@contextlib.contextmanager
def full(disk: Path, left: int) -> Iterator[None]:
    """Fill the disk up to so many bytes."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - left))
    try:
        yield
    finally:
        ballast.unlink()


def is_sound(folder: Path) -> bool:
    with contextlib.closing(sqlite3.connect(folder / "state" / "store.db")) as raw:
        return raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def how_it_ended(folder: Path, out: Path) -> str:
    """Run and mail, though the disk is small; what stopped it is told as a store's error of exit code 3."""
    try:
        return run_and_mail(folder, out=out, room=lambda _: 10**12)
    except StoreError as error:
        return FULL if error.exit_code == 3 and "the disk is full" in error.message else error.message


def mailed(out: Path) -> set[str]:
    return {line.split()[0] for line in (out / "sent").read_text().splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize("on_disk", ["both", "state", "workbook"])
def test_a_disk_full_at_any_moment_leaves_old_or_new(tmp_path, plan, disk, on_disk):
    """With ever more room the run fails at ever later writes: begin, backup, temporary file, finish, mails. Each time
    the workbook is one of two, whole, and with room again the next run makes everything as an undisturbed one does."""
    twin = shutil.copytree(plan, tmp_path / "twin")
    set_clock(twin, MONDAY)
    assert run_and_mail(twin) == "written"
    old, new = (plan / "plan.xlsx").read_bytes(), content(twin)
    ends = set()
    for left in ROOM_LEFT:
        out = tmp_path / f"out {left}"
        out.mkdir()
        folder = placed(plan, tmp_path / f"plan {left}", disk, on_disk)
        set_clock(out, MONDAY)
        with full(disk, left):
            ends.add(how_it_ended(folder, out))
            assert (folder / "plan.xlsx").read_bytes() == old or content(folder) == new
        assert is_sound(folder)
        for later in (CLAIM_IS_LOST, 2 * CLAIM_IS_LOST):
            set_clock(out, MONDAY + later)
            assert how_it_ended(folder, out) in ("written", "nothing", "unchanged")
        assert content(folder) == new
        assert remembered(folder).known.keys() == remembered(twin).known.keys()
        assert mailed(out) == mailed(twin)
        assert is_sound(folder)
        assert not list(folder.glob(".sheets-sync-*.part"))
    assert "written" in ends
    assert ends <= {"written", "failed", FULL}
    assert len(ends) > 1, "the disk was never full"


def test_too_little_room_is_said_before_anything_is_begun(tmp_path, plan, disk):
    """Less than three workbooks and 64 MB: nothing is begun, the words say how much is needed and where."""
    folder = placed(plan, tmp_path / "plan", disk, "both")
    set_clock(folder, MONDAY)
    before = (folder / "plan.xlsx").read_bytes()
    assert run_and_mail(folder) == "read_only"
    assert (folder / "plan.xlsx").read_bytes() == before
    store = Store.open(folder / "state")
    assert store.open_runs(UID) == ()
    store.close()


@pytest.mark.parametrize("on_disk", ["workbook", "state"])
def test_a_disk_that_may_not_be_written_is_told(tmp_path, plan, disk, on_disk):
    """The workbook's: it is only checked. The store's: the run says so. Nothing changes, and later it goes on."""
    folder = placed(plan, tmp_path / "plan", disk, on_disk)
    before = (folder / "plan.xlsx").read_bytes()
    set_clock(tmp_path, MONDAY)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        if on_disk == "workbook":
            assert run_and_mail(folder, out=tmp_path, room=lambda _: 10**12) == "read_only"
        else:
            with pytest.raises(StoreError) as told:
                run_and_mail(folder, out=tmp_path, room=lambda _: 10**12)
            assert "cannot be used" in told.value.message
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert (folder / "plan.xlsx").read_bytes() == before
    assert is_sound(folder)
    assert run_and_mail(folder, out=tmp_path, room=lambda _: 10**12) == "written"
