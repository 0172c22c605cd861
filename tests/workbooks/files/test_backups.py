"""Copies kept before each write."""

import datetime as dt
import os
import secrets
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.files.backups import Backups, read_backup

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
WORKBOOK = Path("/plans/Plan.xlsx")


def test_copy_is_private_and_found_again(tmp_path: Path) -> None:
    """A copy is named after workbook and time, readable by its user alone, alone in its folder, and reads back."""
    folder = tmp_path / "state" / "plan" / "backups"
    backups = Backups(folder, 10, 14)
    there = dt.timezone(dt.timedelta(hours=-3))
    file = backups.keep(WORKBOOK, b"content", dt.datetime(2026, 11, 22, 9, 30, tzinfo=there))
    assert file.name.startswith("Plan.2026-11-22T12-30-00Z.")
    assert file.suffix == ".xlsx"
    assert list(folder.iterdir()) == [file]
    assert read_backup(file) == b"content"
    assert backups.holds(b"content")
    assert not backups.holds(b"other")
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        assert {made.stat().st_mode & 0o777 for made in (folder, folder.parent, folder.parent.parent)} == {0o700}


@pytest.mark.parametrize("stem", ["Plan v2.1 (copy)", "Ação ' 2026", "é" * 120])
def test_any_name(tmp_path: Path, stem: str) -> None:
    """Copies of workbooks with long names, dots or accents are made and found."""
    backups = Backups(tmp_path / "backups", 10, 14)
    file = backups.keep(Path(f"/plans/{stem}.xlsm"), b"content", NOON)
    assert [backup.file for backup in backups.kept()] == [file]
    assert read_backup(file) == b"content"


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        (range(5), 5),
        (range(12), 10),
        (range(0, 60, 3), 5),
        ([40, 50], 1),
        ([14], 1),
        ([0, 13, 14, 15], 3),
        ([], 0),
    ],
)
def test_retention(tmp_path: Path, ages: list[int], kept: int) -> None:
    """Kept are the ten newest that are younger than 14 days, and always the very newest."""
    backups = Backups(tmp_path / "backups", 10, 14)
    files = [backups.keep(WORKBOOK, bytes([age]), NOON - dt.timedelta(days=age)) for age in ages]
    stranger = tmp_path / "backups" / "Plan.xlsx"
    stranger.parent.mkdir(exist_ok=True, mode=0o700)
    stranger.write_bytes(b"put there by a person")
    backups.prune(NOON)
    assert [backup.file for backup in backups.kept()] == files[:kept]
    assert stranger.exists()


def test_newest_of_one_second(tmp_path: Path) -> None:
    """Of copies made within one second the last made is the newest."""
    backups = Backups(tmp_path / "backups", 1, 14)
    files = [backups.keep(WORKBOOK, bytes([number]), NOON) for number in range(5)]
    backups.prune(NOON)
    assert [backup.file for backup in backups.kept()] == files[-1:]


def test_damaged_copy_is_not_restored(tmp_path: Path) -> None:
    """A copy whose bytes are no longer those stored is refused, as is a file that is no backup."""
    file = Backups(tmp_path / "backups", 10, 14).keep(WORKBOOK, b"content", NOON)
    file.write_bytes(b"contenT")
    with pytest.raises(WorkbookRefused, match="damaged"):
        read_backup(file)
    with pytest.raises(WorkbookRefused, match="not a backup"):
        read_backup(tmp_path / "Plan.xlsx")


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    """Copies are not put where other users could swap them; the reason holds the command that mends it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(WorkbookRefused, match="chmod go-w"):
        Backups(folder, 10, 14).keep(WORKBOOK, b"content", NOON)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_planted_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even with its random name guessed, a link planted there is not written through."""
    monkeypatch.setattr(secrets, "token_hex", lambda length: "a" * 2 * length)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    (folder / f".sheets-sync-{'a' * 16}.part").symlink_to(victim)
    with pytest.raises(WorkbookRefused):
        Backups(folder, 10, 14).keep(WORKBOOK, b"content", NOON)
    assert victim.read_bytes() == b"precious"
