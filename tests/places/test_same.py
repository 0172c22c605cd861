"""Whether two paths lead to one file."""

import os
from pathlib import Path

import pytest

from sheets_sync.places import file_name


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A workbook in a folder."""
    (tmp_path / "plans").mkdir()
    file = tmp_path / "plans" / "PLAN.xlsx"
    file.write_bytes(b"one")
    return file


def test_a_file_has_one_name_by_every_path(file: Path, tmp_path: Path) -> None:
    """By a link to it, a link to its folder and a detour it is the same file; another one in its folder is not."""
    (tmp_path / "folder").symlink_to(file.parent)
    (tmp_path / "link.xlsx").symlink_to(file)
    others = (tmp_path / "folder" / "PLAN.xlsx", tmp_path / "link.xlsx", file.parent / ".." / "plans" / "PLAN.xlsx")
    assert {file_name(other) for other in others} == {file_name(file)}
    assert file_name(file.with_name("OTHER.xlsx")) != file_name(file)


def test_a_replaced_file_keeps_its_name(file: Path) -> None:
    """Every write puts another file in its place: a run that began before and one that begins after must meet."""
    before = file_name(file)
    number = file.stat().st_ino
    new = file.with_name("new")
    new.write_bytes(b"two")
    os.replace(new, file)  # noqa: PTH105
    assert file.stat().st_ino != number
    assert file_name(file) == before


def test_a_file_with_two_names_is_one_file(file: Path, tmp_path: Path) -> None:
    """A hard link is found by the file's own number."""
    other = tmp_path / "other.xlsx"
    other.hardlink_to(file)
    assert file_name(other) == file_name(file)


def test_what_is_not_there_has_a_name_too(tmp_path: Path) -> None:
    """A file and a folder that are not there yet are told by their path, and nothing of it can be read in the name."""
    missing = tmp_path / "no folder" / "PLAN.xlsx"
    assert (
        file_name(missing) == file_name(tmp_path / "no folder" / "." / "PLAN.xlsx") != file_name(tmp_path / "PLAN.xlsx")
    )
    assert "PLAN" not in file_name(missing)
