"""Reading an Excel file: what is refused, and what gets a second look."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.ooxml.limits import Limits

Make = Callable[..., ExcelFile]


@pytest.mark.parametrize("name", ["Plan.xls", "Plan.xlsb", "Plan.ods", "Plan.csv", "Plan", "Plan.xlsx.txt"])
def test_other_kinds_of_file(excel: Make, tmp_path: Path, name: str) -> None:
    """A file of another kind is refused at once, by its path, saying how to get an .xlsx."""
    path = tmp_path / name
    path.write_text("Action;Owner\nPaint;Ana\n")
    for attempt in (lambda file: file.titles(), lambda file: file.read(["1"]), lambda file: file.fingerprint()):
        with pytest.raises(WorkbookRefused) as caught:
            attempt(excel(path=path, wait=pytest.fail))
        assert str(path) in caught.value.message
        assert "Save As" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Action;Owner\nPaint;Ana\n", "text file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "not an .xlsx"),
        (b"<html><table></table></html>", "web page"),
    ],
)
def test_other_content_under_our_suffix(excel: Make, plan: Path, content: bytes, words: str) -> None:
    """What only calls itself .xlsx is refused at once with what it is, naming the path."""
    plan.write_bytes(content)
    with pytest.raises(WorkbookRefused, match=words) as caught:
        excel(wait=pytest.fail).titles()
    assert str(plan) in caught.value.message


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_no_regular_file(excel: Make, tmp_path: Path, kind: str) -> None:
    """A missing file, a folder and a pipe are refused at once, by their path."""
    path = tmp_path / "Other.xlsx"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(WorkbookRefused) as caught:
        excel(path=path, wait=pytest.fail).titles()
    assert str(path) in caught.value.message


def test_larger_than_allowed(excel: Make, plan: Path) -> None:
    """A file larger than the limit is not even read."""
    size = plan.stat().st_size
    assert excel(limits=Limits(max_file=size)).titles()
    with pytest.raises(WorkbookRefused, match="larger than"):
        excel(limits=Limits(max_file=size - 1)).titles()


@pytest.mark.parametrize("half", [b"", b"PK\x03\x04 the first half of a zip"])
def test_save_in_progress_gets_a_second_look(
    excel: Make, plan: Path, read_all: Callable[[ExcelFile], Snapshot], half: bytes
) -> None:
    """What looks half-written is read again after two seconds, and only then called damaged."""
    whole = plan.read_bytes()
    waited: list[float] = []
    plan.write_bytes(half)
    file = excel(wait=lambda seconds: (waited.append(seconds), plan.write_bytes(whole)))
    assert [title.name for title in file.titles()] == ["Actions", "Notes"]
    assert waited == [2.0]
    plan.write_bytes(half)
    assert len(read_all(excel(wait=lambda _: plan.write_bytes(whole))).tabs) == 2
    plan.write_bytes(half)
    waited.clear()
    with pytest.raises(WorkbookRefused, match="damaged"):
        excel(wait=waited.append).titles()
    assert waited == [2.0]


def test_part_damaged_at_first(excel: Make, plan: Path, read_all: Callable[[ExcelFile], Snapshot]) -> None:
    """A zip whose list is whole but one of whose parts is torn gets a second look too."""
    whole = plan.read_bytes()
    torn = bytearray(whole)
    start = whole.index(b"xl/worksheets/sheet1.xml") + 40
    torn[start : start + 30] = bytes(30)
    keys = [title.key for title in excel().titles()]
    plan.write_bytes(torn)
    waited: list[float] = []
    snapshot = excel(wait=lambda seconds: (waited.append(seconds), plan.write_bytes(whole))).read(keys)
    assert waited == [2.0]
    assert len(snapshot.tabs) == 2
    assert snapshot.fingerprint == excel().fingerprint()


def test_missing_while_somebody_saves(excel: Make, plan: Path) -> None:
    """A file that is gone although its lock file stands is looked for once more: Excel removes before it renames."""
    whole = plan.read_bytes()
    plan.with_name(f"~${plan.name}").write_bytes(b"\x03Ana")
    plan.unlink()
    assert excel(wait=lambda _: plan.write_bytes(whole)).titles()
    plan.unlink()
    with pytest.raises(WorkbookRefused, match="there is no file"):
        excel(wait=lambda _: None).titles()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_may_be_read(excel: Make, plan: Path) -> None:
    """A linked workbook can be looked at; only writing needs the real path."""
    link = plan.with_name("link.xlsx")
    link.symlink_to(plan)
    assert excel(path=link).titles() == excel().titles()
    assert "is a link" in excel(path=link).why_not_written()
