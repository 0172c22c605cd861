"""A file is made whole or not at all, like the one it was made of, and never over another."""

import os
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.files import creation
from sheets_sync.workbooks.files.creation import create_file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A workbook that only its group may read too."""
    file = tmp_path / "PLAN.xlsx"
    file.write_bytes(b"plan")
    file.chmod(0o640)
    return file


def test_it_is_made_like_its_source(source: Path) -> None:
    """The new file has the content given, the source's rights, and nothing else is left in the folder."""
    target = source.with_suffix(".xlsm")
    create_file(target, b"plan with a button", like=source)
    assert target.read_bytes() == b"plan with a button"
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.stat().st_nlink == 1
    assert sorted(file.name for file in source.parent.iterdir()) == ["PLAN.xlsm", "PLAN.xlsx"]


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_nothing_is_put_over_another_file(
    source: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *, links: bool
) -> None:
    """A file or link of that name stays, on a volume without hard links too, and no leftover stays."""
    target = source.with_suffix(".xlsm")
    if kind == "file":
        target.write_bytes(b"theirs")
    else:
        target.symlink_to(source.parent / "nowhere")
    if not links:
        monkeypatch.setattr(creation.os, "link", _refused)
    with pytest.raises(WorkbookRefused, match="is there already"):
        create_file(target, b"ours", like=source)
    assert target.is_symlink() if kind != "file" else target.read_bytes() == b"theirs"
    assert not (source.parent / "nowhere").exists()
    assert sorted(file.name for file in source.parent.iterdir()) == ["PLAN.xlsm", "PLAN.xlsx"]


def test_a_volume_without_links(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the volume has no hard links the file is made all the same."""
    monkeypatch.setattr(creation.os, "link", _refused)
    create_file(source.with_suffix(".xlsm"), b"ours", like=source)
    assert sorted(file.name for file in source.parent.iterdir()) == ["PLAN.xlsm", "PLAN.xlsx"]


def _refused(*_: object, **__: object) -> None:
    raise OSError(os.strerror(95))
