"""Reasons not to replace a workbook that last until a person does something."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.workbooks.files.standing import free_space, why_no_room, why_not_replaceable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")

AsNobody = Callable[[Callable[[], object]], str]


@pytest.fixture
def workbook(open_folder: Path) -> Path:
    """A plain workbook that anybody may write, in a folder where anybody may make files."""
    file = open_folder / "Plan.xlsx"
    file.write_bytes(b"abc")
    file.chmod(0o666)
    return file


def test_plain_file_is_fine(workbook: Path, as_nobody: AsNobody) -> None:
    """A plain, writable, single file has no reason against it, for an ordinary user neither."""
    assert why_not_replaceable(workbook, sole_writer=False) is None
    assert as_nobody(lambda: why_not_replaceable(workbook, sole_writer=False)) == "None"


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is named."""
    reason = why_not_replaceable(tmp_path / "Plan.xlsx", sole_writer=False)
    assert reason is not None
    assert str(tmp_path / "Plan.xlsx") in reason.message


def test_link_names_the_real_path(workbook: Path) -> None:
    """A link is refused with the path to name instead, and that path is accepted."""
    link = workbook.with_name("link.xlsx")
    link.symlink_to(workbook)
    reason = why_not_replaceable(link, sole_writer=False)
    assert reason is not None
    assert "is a link" in reason.message
    real = Path(reason.remedy.removeprefix("name the real path: "))
    assert why_not_replaceable(real, sole_writer=False) is None


def test_hard_links(workbook: Path) -> None:
    """A file with a second name is refused: writing would leave the old content under that name."""
    other = workbook.with_name("other.xlsx")
    other.hardlink_to(workbook)
    reason = why_not_replaceable(workbook, sole_writer=False)
    assert reason is not None
    assert "1 more name" in reason.message
    other.unlink()
    assert why_not_replaceable(workbook, sole_writer=False) is None


def test_read_only_file_even_for_root(workbook: Path) -> None:
    """A file without any right to write is meant to stay as it is."""
    workbook.chmod(0o444)
    reason = why_not_replaceable(workbook, sole_writer=False)
    assert reason is not None
    assert "read-only" in reason.message


def test_file_of_others(workbook: Path, as_nobody: AsNobody) -> None:
    """A file this user may only read is refused, naming the file."""
    workbook.chmod(0o644)
    if os.geteuid() != 0:
        pytest.skip("needs a second user")
    assert f"no permission to write {workbook}" in as_nobody(lambda: why_not_replaceable(workbook, sole_writer=False))


def test_folder_without_permission(workbook: Path, as_nobody: AsNobody) -> None:
    """A writable file in a folder where no file can be made is refused, naming the folder."""
    workbook.parent.chmod(0o555)
    answer = as_nobody(lambda: why_not_replaceable(workbook, sole_writer=False))
    workbook.parent.chmod(0o777)
    assert f"make files in {workbook.parent}" in answer


def test_synced_folder_unless_sole_writer(tmp_path: Path) -> None:
    """In a synced folder nothing is written until the plan says that nobody else writes there."""
    (tmp_path / "OneDrive - Acme").mkdir()
    file = tmp_path / "OneDrive - Acme" / "Plan.xlsx"
    file.touch()
    reason = why_not_replaceable(file, sole_writer=False)
    assert reason is not None
    assert "OneDrive" in reason.message
    assert 'synced_folder = "sole-writer"' in reason.remedy
    assert why_not_replaceable(file, sole_writer=True) is None


@pytest.mark.parametrize(
    ("free", "refused"),
    [(64_000_000 + 3 * 1_000_000, False), (64_000_000 + 3 * 1_000_000 - 1, True), (0, True)],
)
@pytest.mark.parametrize("short", ["workbook", "backups"])
def test_room_on_both_volumes(tmp_path: Path, free: int, refused: bool, short: str) -> None:
    """Each of both volumes needs three workbooks and 64 MB free, or nothing is begun; the folder is named."""
    folders = {"workbook": tmp_path, "backups": tmp_path / "not" / "there yet"}
    if short == "backups":
        folders["workbook"].mkdir(exist_ok=True)
    scarce = folders[short]
    scarce.mkdir(parents=True, exist_ok=True)
    reason = why_no_room(1_000_000, folders.values(), lambda folder: free if folder == scarce else 10**12)
    assert (reason is not None) is refused
    assert reason is None or str(scarce) in reason.message


def test_room_is_measured_where_the_folder_will_be(tmp_path: Path) -> None:
    """For a folder yet to be made the volume of its nearest existing parent is asked."""
    assert why_no_room(1, [tmp_path / "a" / "b"], free_space) is None
