"""Who has a workbook open."""

import datetime as dt
import os
from pathlib import Path

import pytest

from sheets_sync.workbooks.files.lock_files import busy, excel_owner, libre_office_owner, lock_on


def owner_file(name: str, wide: str | None = None) -> bytes:
    """The 165 bytes Excel writes: its ANSI field is padded with blanks, its UTF-16 field too."""
    ansi = name.encode("cp1252", "replace")
    utf16 = (name if wide is None else wide).encode("utf-16-le")
    content = bytes([len(ansi)]) + ansi.ljust(54) + (len(utf16) // 2).to_bytes(2, "little") + utf16
    return content + b" \0" * ((165 - len(content)) // 2) + b" " * ((165 - len(content)) % 2)


@pytest.mark.parametrize("name", ["Jan Havlíček", "Ana", "José María Núñez", "李雷", "a" * 54])
def test_excel_name(name: str) -> None:
    """The name in Excel's owner file is read in full, whatever its letters."""
    content = owner_file(name)
    assert len(content) == 165
    assert excel_owner(content) == name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", ""),
        (b"\x03", ""),
        (b"\x03Ana", "Ana"),
        (b"\xff" * 165, "ÿ" * 54),
        (owner_file("Ana", wide=""), "Ana"),
        (owner_file("\x1b[2JAna\r\n"), "[2JAna"),
        (bytes(165), ""),
    ],
)
def test_odd_excel_owner_files(content: bytes, name: str) -> None:
    """A cut, empty or hostile owner file gives what can be shown on a terminal, never an error."""
    assert excel_owner(content) == name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b",jan,host,22.11.2026 09:00,file:///home/jan/.config/libreoffice/4;", "jan"),
        ("Jan Havlíček,jan,host,22.11.2026 09:00,;".encode(), "Jan Havlíček"),
        (b"Nov\\, Jan,jan,host,,;", "Nov, Jan"),
        (b"", ""),
        (b"\\", ""),
        (b"\xff\xfe,jan", "��"),
    ],
)
def test_libre_office_name(content: bytes, name: str) -> None:
    """LibreOffice's lock names the user set in its options, else the login name; commas in names are escaped."""
    assert libre_office_owner(content) == name


def test_lock_beside_the_workbook(tmp_path: Path) -> None:
    """Only the lock file of this very workbook counts, and it names program and person."""
    workbook = tmp_path / "Plan.xlsx"
    (tmp_path / "~$Plan 2.xlsx").write_bytes(owner_file("Eve"))
    assert lock_on(workbook) is None
    (tmp_path / ".~lock.Plan.xlsx#").write_bytes(b",jan,host,,;")
    lock = lock_on(workbook)
    assert lock is not None
    assert (lock.program, lock.holder) == ("LibreOffice", "jan")
    (tmp_path / "~$Plan.xlsx").write_bytes(owner_file("Jan Havlíček"))
    lock = lock_on(workbook)
    assert lock is not None
    assert (lock.program, lock.holder) == ("Excel", "Jan Havlíček")


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (dt.timedelta(hours=23), ""),
        (dt.timedelta(hours=25), "25 hours old"),
        (dt.timedelta(days=3, hours=1), "3 days old"),
    ],
)
def test_old_lock_tells_its_age(tmp_path: Path, age: dt.timedelta, shown: str) -> None:
    """A lock file older than a day is named with its owner and its age, and who may delete it; it still counts."""
    workbook = tmp_path / "Plan.xlsx"
    now = dt.datetime.now(dt.UTC)
    file = tmp_path / "~$Plan.xlsx"
    file.write_bytes(owner_file("Jan"))
    os.utime(file, ((now - age).timestamp(),) * 2)
    lock = lock_on(workbook)
    assert lock is not None
    error = busy(workbook, lock, now)
    assert error.holder == "Jan"
    assert "open in Excel" in error.message
    assert "Jan" not in error.message
    assert shown in error.message
    assert (str(file) in error.message) == bool(shown)
    assert ("delete" in error.remedy) == bool(shown)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_planted_lock_files(tmp_path: Path, kind: str) -> None:
    """A lock that is a link, a pipe or a folder still counts, but nothing is read through it and nothing hangs."""
    secret = tmp_path / "secret"
    secret.write_bytes(owner_file("Secret"))
    file = tmp_path / "~$Plan.xlsx"
    if kind == "link":
        file.symlink_to(secret)
    elif kind == "dangling link":
        file.symlink_to(tmp_path / "absent")
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    lock = lock_on(tmp_path / "Plan.xlsx")
    assert lock is not None
    assert lock.holder == ""
