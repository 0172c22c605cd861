"""Reading a file as a whole."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.files.content import fingerprint_of, read_file


def test_whole_content(tmp_path: Path) -> None:
    """The content comes back whole, up to exactly the limit; its fingerprint is the plain SHA-256."""
    file = tmp_path / "Plan.xlsx"
    file.write_bytes(b"abc")
    assert read_file(file, most=3) == b"abc"
    assert fingerprint_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "there is no file"),
        ("folder", "not a regular file"),
        ("pipe", "not a regular file"),
        ("too large", "larger than"),
        ("link", "is a link"),
        ("dangling link", "is a link"),
    ],
)
def test_what_is_refused(tmp_path: Path, kind: str, words: str) -> None:
    """What is no plain file of the allowed size is refused by name, without hanging."""
    file = tmp_path / "Plan.xlsx"
    other = tmp_path / "other"
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "too large":
        file.write_bytes(b"abcd")
    elif kind == "link":
        other.write_bytes(b"abc")
        file.symlink_to(other)
    elif kind == "dangling link":
        file.symlink_to(other)
    with pytest.raises(WorkbookRefused, match=words) as caught:
        read_file(file, most=3)
    assert str(file) in caught.value.message


def test_no_permission_to_read(open_folder: Path, as_nobody: Callable[[Callable[[], object]], str]) -> None:
    """A file the user may not read is refused saying so."""
    file = open_folder / "Plan.xlsx"
    file.write_bytes(b"abc")
    file.chmod(0)
    assert "no permission to read" in as_nobody(lambda: read_file(file, most=3))
