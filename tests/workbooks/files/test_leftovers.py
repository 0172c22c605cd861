"""What a killed run leaves behind."""

import datetime as dt
import os
from pathlib import Path

import pytest

from sheets_sync.workbooks.files.backups import Backups, read_backup
from sheets_sync.workbooks.files.leftovers import sweep
from sheets_sync.workbooks.files.temporary import write_beside

MOST = 1000


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    """An empty folder for copies."""
    return Backups(tmp_path / "backups", 10, 14)


def later(hours: float) -> dt.datetime:
    """The file system keeps the time of renaming itself, so the clock is moved, not the files."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)


def names(folder: Path) -> set[str]:
    """The plain files in the folder."""
    return {file.name for file in folder.iterdir() if not file.is_dir()}


def test_our_own_unused_files_go(tmp_path: Path, backups: Backups) -> None:
    """Half-written and whole files that never reached the workbook's place are removed, all others stay."""
    workbook = tmp_path / "Plan.xlsx"
    workbook.write_bytes(b"old")
    (tmp_path / ".sheets-sync-0011223344556677.part").write_bytes(b"half")
    (tmp_path / ".sheets-sync-notes.txt").write_bytes(b"a person's own")
    (tmp_path / ".other.tmp").write_bytes(b"x")
    write_beside(tmp_path, b"new")
    sweep(workbook, backups, most=MOST, now=later(1.1))
    assert names(tmp_path) == {"Plan.xlsx", ".sheets-sync-notes.txt", ".other.tmp"}
    assert backups.kept() == ()


def test_young_files_stay(tmp_path: Path, backups: Backups) -> None:
    """What another run may still need is left alone, even when its content was last changed long ago."""
    whole = write_beside(tmp_path, b"new")
    part = tmp_path / ".sheets-sync-0011223344556677.part"
    part.write_bytes(b"half")
    old = write_beside(tmp_path, b"came out")
    os.utime(old, (0, 0))
    if os.name == "nt":
        old.unlink()
    sweep(tmp_path / "Plan.xlsx", backups, most=MOST, now=later(0.9))
    assert {whole.name, part.name} <= names(tmp_path)
    assert os.name == "nt" or old.exists()


def test_what_came_out_and_is_kept_goes(tmp_path: Path, backups: Backups) -> None:
    """An old workbook that the run was killed before removing is removed, for the backup holds it."""
    workbook = tmp_path / "Plan.xlsx"
    backups.keep(workbook, b"old", later(0))
    write_beside(tmp_path, b"new").write_bytes(b"old")
    sweep(workbook, backups, most=MOST, now=later(1.1))
    assert names(tmp_path) == set()
    assert len(backups.kept()) == 1


def test_a_save_that_came_out_is_never_lost(tmp_path: Path, backups: Backups) -> None:
    """What somebody saved in the instant of the exchange, with the run killed right then, goes to the backups."""
    workbook = tmp_path / "Plan.xlsx"
    backups.keep(workbook, b"old", later(0))
    write_beside(tmp_path, b"new").write_bytes(b"a person's save")
    sweep(workbook, backups, most=MOST, now=later(1.1))
    assert names(tmp_path) == set()
    assert sorted(read_backup(backup.file) for backup in backups.kept()) == [b"a person's save", b"old"]


def test_what_cannot_be_judged_stays(tmp_path: Path, backups: Backups) -> None:
    """A file too large to read is left where it is."""
    write_beside(tmp_path, b"new").write_bytes(bytes(MOST + 1))
    before = names(tmp_path)
    sweep(tmp_path / "Plan.xlsx", backups, most=MOST, now=later(1.1))
    assert names(tmp_path) == before


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_planted_links_are_not_followed(tmp_path: Path, backups: Backups) -> None:
    """A link or a folder that bears such a name is not ours and leads nowhere."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / ".sheets-sync-0011223344556677.part").symlink_to(victim)
    (tmp_path / ".sheets-sync-0011223344556677-8899aabbccddeeff.tmp").symlink_to(victim)
    (tmp_path / ".sheets-sync-8899aabbccddeeff.part").mkdir()
    before = set(tmp_path.iterdir())
    sweep(tmp_path / "Plan.xlsx", backups, most=MOST, now=later(1.1))
    assert set(tmp_path.iterdir()) == before
    assert victim.read_bytes() == b"precious"
