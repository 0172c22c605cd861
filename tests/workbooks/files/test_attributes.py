"""Owner, group, mode, access list and extended attributes survive a write, or the write does not happen."""

import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sheets_sync.workbooks.files.attributes import attributes_of, carry_over

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="access lists as Linux stores them")

ACCESS = "system.posix_acl_access"
DEFAULT = "system.posix_acl_default"
USER_1000_READS = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in [(1, 6, 2**32 - 1), (2, 4, 1000), (4, 0, 2**32 - 1), (16, 4, 2**32 - 1), (32, 0, 2**32 - 1)]
)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def carried(workbook: Path, new: Path) -> None:
    with opened(workbook) as source, opened(new) as target:
        carry_over(source, target, name=workbook)
        assert attributes_of(target) == attributes_of(source)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A workbook and the private file that is to replace it."""
    workbook, new = tmp_path / "Plan.xlsx", tmp_path / "new"
    workbook.touch()
    new.touch(mode=0o600)
    return workbook, new


def setxattr_or_skip(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        pytest.skip(f"this volume has no {name}: {error}")


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o4755, 0o2640, 0o400])
def test_mode(pair: tuple[Path, Path], mode: int) -> None:
    """The mode is carried over, whatever the private file had."""
    pair[0].chmod(mode)
    carried(*pair)
    assert pair[1].stat().st_mode & 0o7777 == mode


def test_extended_attributes(pair: tuple[Path, Path]) -> None:
    """Extended attributes are carried over, empty and binary ones too, and none is added."""
    setxattr_or_skip(pair[0], "user.tag", b"\0\xff binary")
    os.setxattr(pair[0], "user.empty", b"")
    os.setxattr(pair[1], "user.of the new file", b"x")
    carried(*pair)
    assert sorted(os.listxattr(pair[1])) == ["user.empty", "user.tag"]
    assert os.getxattr(pair[1], "user.tag") == b"\0\xff binary"


def test_access_list(pair: tuple[Path, Path]) -> None:
    """The access list is carried over with its mask."""
    setxattr_or_skip(pair[0], ACCESS, USER_1000_READS)
    carried(*pair)
    assert os.getxattr(pair[1], ACCESS) == os.getxattr(pair[0], ACCESS)
    assert pair[1].stat().st_mode & 0o777 == 0o640


def test_access_list_of_the_folder_does_not_slip_in(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """Rules that the folder gives to every new file do not reach a workbook that has none."""
    setxattr_or_skip(tmp_path, DEFAULT, USER_1000_READS)
    new = tmp_path / "made under the default"
    new.touch(mode=0o660)
    assert ACCESS in os.listxattr(new)
    carried(pair[0], new)
    assert ACCESS not in os.listxattr(new)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_and_group(pair: tuple[Path, Path]) -> None:
    """Root keeps the owner and the group of the file."""
    os.chown(pair[0], 12345, 54321)
    pair[0].chmod(0o4750)
    carried(*pair)
    assert (pair[1].stat().st_uid, pair[1].stat().st_gid) == (12345, 54321)
    assert pair[1].stat().st_mode & 0o7777 == 0o4750


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file of another user")
def test_refused_where_the_owner_would_change(
    open_folder: Path, as_nobody: Callable[[Callable[[], object]], str]
) -> None:
    """A user who cannot keep the owner of the file does not write it."""
    workbook, new = open_folder / "Plan.xlsx", open_folder / "new"
    workbook.touch()
    workbook.chmod(0o666)

    def attempt() -> None:
        new.touch()
        carried(workbook, new)

    answer = as_nobody(attempt)
    assert answer.startswith("WorkbookRefused")
    assert "another user or group" in answer


@pytest.mark.skipif(os.geteuid() != 0, reason="needs an attribute only root may set")
def test_refused_where_an_attribute_would_be_lost(
    open_folder: Path, as_nobody: Callable[[Callable[[], object]], str]
) -> None:
    """An attribute that this user may read but not set stops the write."""
    workbook, new = open_folder / "Plan.xlsx", open_folder / "new"
    workbook.touch()
    os.chown(workbook, 65534, 65534)
    setxattr_or_skip(workbook, "security.sheets-sync-test", b"x")

    def attempt() -> None:
        new.touch()
        carried(workbook, new)

    answer = as_nobody(attempt)
    assert answer.startswith("WorkbookRefused")
    assert "would lose" in answer


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a group the user is not in")
def test_refused_where_a_right_is_dropped_in_silence(
    open_folder: Path, as_nobody: Callable[[Callable[[], object]], str]
) -> None:
    """Rights that the system takes away without an error stop the write too: here the mark of a group's own program."""
    workbook, new = open_folder / "Plan.xlsx", open_folder / "new"
    workbook.touch()
    os.chown(workbook, 65534, 12345)
    workbook.chmod(0o2660)
    os.chown(open_folder, -1, 12345)
    open_folder.chmod(0o2777)

    def attempt() -> None:
        new.touch()
        carried(workbook, new)

    answer = as_nobody(attempt)
    assert answer.startswith("WorkbookRefused")
    assert "would lose" in answer


def test_statements_about_content_stay_behind(pair: tuple[Path, Path]) -> None:
    """What the kernel notes about the old content is not claimed of the new one."""
    setxattr_or_skip(pair[0], "security.ima", b"\x01" + bytes(20))
    with opened(pair[0]) as source, opened(pair[1]) as target:
        carry_over(source, target, name=pair[0])
    assert "security.ima" not in os.listxattr(pair[1])
