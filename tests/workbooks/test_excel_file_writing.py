"""Writing an Excel file: when not, what stays, what is kept, and how it is put back."""

import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from contract.plan_tab import changes_of, flagged, keyed_edit

from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookRefused
from sheets_sync.workbooks.excel_file import ExcelFile, refuse_unsound
from sheets_sync.workbooks.files.replacement import Step
from sheets_sync.workbooks.ooxml.limits import Limits
from sheets_sync.workbooks.ooxml.package import Package

Make = Callable[..., ExcelFile]
ReadAll = Callable[[ExcelFile], Snapshot]

NAME = b'<definedName name="twice">1</definedName>'

posix_only = pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")


def entries(plan: Path) -> list[str]:
    """All names in the workbook's folder."""
    return sorted(entry.name for entry in plan.parent.iterdir())


def test_receipt_and_backup(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll) -> None:
    """A write tells its new fingerprint, the parts touched, and where a copy of the old file is, and leaves no more."""
    before = plan.read_bytes()
    file = excel()
    seen = read_all(file)
    receipt = file.apply(flagged(seen), seen)
    assert receipt.fingerprint == file.fingerprint() != seen.fingerprint
    assert 0 < receipt.parts_changed < receipt.parts_untouched
    assert Path(receipt.backup).read_bytes() == before
    assert Path(receipt.backup).parent == tmp_path / "state" / "backups"
    assert list((tmp_path / "state" / "backups").iterdir()) == [Path(receipt.backup)]
    assert entries(plan) == [plan.name]


@pytest.mark.parametrize("refused", [False, True])
def test_nothing_to_change_touches_nothing(
    excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, refused: bool
) -> None:
    """Without a change, or with all changes refused, neither file nor folder nor backups are touched."""
    file = excel()
    seen = read_all(file)
    plan.with_name(".sheets-sync-0011223344556677.part").touch()
    stands = plan.stat()
    edits = [keyed_edit(seen, 2, Role.FLAG, "OVERDUE")] if refused else []
    receipt = file.apply(changes_of(seen, edits), seen)
    assert len(receipt.refused) == len(edits)
    assert receipt.backup == ""
    now_stands = plan.stat()
    assert (now_stands.st_mtime_ns, now_stands.st_ino) == (stands.st_mtime_ns, stands.st_ino)
    assert not (tmp_path / "state").exists()


def test_second_write_keeps_first_backup(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll) -> None:
    """Each write keeps a copy, the newest so many remain."""
    clock = [dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)]
    file = excel(keep_backups=2, now=lambda: clock[0])
    contents = []
    for number in range(4):
        clock[0] += dt.timedelta(hours=1)
        contents.append(plan.read_bytes())
        seen = read_all(file)
        file.apply(flagged(seen, f"ROUND {number}"), seen)
    kept = sorted((tmp_path / "state" / "backups").iterdir())
    assert [copy.read_bytes() for copy in kept] == contents[2:]


@pytest.mark.parametrize(
    ("name", "content", "holder"),
    [("~$Plan 2026.xlsx", b"\x03Ana", "Ana"), (".~lock.Plan 2026.xlsx#", b"Jan,jan,pc,now,;", "Jan")],
)
def test_open_elsewhere(
    excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, name: str, content: bytes, holder: str
) -> None:
    """A workbook that somebody has open is left alone, saying who; once closed it is written."""
    file = excel()
    seen = read_all(file)
    before = plan.read_bytes()
    lock = plan.with_name(name)
    lock.write_bytes(content)
    with pytest.raises(WorkbookBusy, match="is open in") as caught:
        file.apply(flagged(seen), seen)
    assert caught.value.holder == holder
    assert holder in file.open_by()
    assert file.why_not_written() == ""
    assert plan.read_bytes() == before
    assert not (tmp_path / "state").exists()
    lock.unlink()
    assert file.open_by() == ""
    assert file.apply(flagged(seen), seen).applied


def test_old_lock_file_is_named(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """A lock file older than a day still defers the write, but is named with its age."""
    lock = plan.with_name(f"~${plan.name}")
    lock.write_bytes(b"\x03Ana")
    file = excel(now=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=5, hours=1))
    seen = read_all(file)
    with pytest.raises(WorkbookBusy, match="5 days old") as caught:
        file.apply(flagged(seen), seen)
    assert str(lock) in caught.value.message


def link(plan: Path) -> Path:
    """Only a link to the workbook is known."""
    made = plan.with_name("link.xlsx")
    made.symlink_to(plan)
    return made


def hard_link(plan: Path) -> Path:
    """The workbook has a second name."""
    plan.with_name("other.xlsx").hardlink_to(plan)
    return plan


def read_only(plan: Path) -> Path:
    """The workbook is read-only."""
    plan.chmod(0o444)
    return plan


def synced(plan: Path) -> Path:
    """The workbook lies in a Dropbox."""
    (plan.parent / ".dropbox").touch()
    return plan


def gone(plan: Path) -> Path:
    """The workbook was removed after it was read."""
    plan.unlink()
    return plan


@posix_only
@pytest.mark.parametrize("situation", [link, hard_link, read_only, synced, gone])
def test_lasting_reasons(
    excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, situation: Callable[[Path], Path]
) -> None:
    """What stands against any write is told before a run in the same words in which the write is then refused."""
    seen = read_all(excel())
    assert excel().why_not_written() == ""
    file = excel(path=situation(plan))
    before = {entry: entry.read_bytes() for entry in plan.parent.iterdir()}
    with pytest.raises(WorkbookRefused) as caught:
        file.apply(flagged(seen), seen)
    assert caught.value.message in file.why_not_written()
    assert caught.value.remedy in file.why_not_written()
    assert {entry: entry.read_bytes() for entry in plan.parent.iterdir()} == before
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("place", ["plans", "state"])
def test_too_little_room(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, place: str) -> None:
    """With too little room on either volume nothing is begun, and the reason is told before a run too."""
    file = excel(free_space=lambda folder: 1000 if (tmp_path / place).is_relative_to(folder) else 10**12)
    (tmp_path / "state").mkdir()
    seen = read_all(file)
    with pytest.raises(WorkbookRefused, match="MB are free") as caught:
        file.apply(flagged(seen), seen)
    assert caught.value.message in file.why_not_written()
    assert list((tmp_path / "state").iterdir()) == []


def test_synced_folder_as_sole_writer(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """Where nobody else writes the synced workbook, it is written."""
    file = excel(path=synced(plan), synced_folder=True)
    seen = read_all(file)
    assert file.why_not_written() == ""
    assert file.apply(flagged(seen), seen).applied


def test_refusal_of_the_package(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """A workbook that says of itself that it must not be written is not, naming the path and the reason."""
    file = excel()
    seen = replace(read_all(file), refusal="the workbook is digitally signed")
    with pytest.raises(WorkbookRefused, match="digitally signed") as caught:
        file.apply(flagged(seen), seen)
    assert str(plan) in caught.value.message


def test_saved_since_it_was_read(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll) -> None:
    """A file that is no longer what was read is not written, whatever the difference."""
    file = excel()
    seen = read_all(file)
    plan.write_bytes(plan.read_bytes() + b"\0")
    left = plan.read_bytes()
    with pytest.raises(WorkbookChanged):
        file.apply(flagged(seen), seen)
    assert plan.read_bytes() == left
    assert not (tmp_path / "state").exists()


@posix_only
@pytest.mark.parametrize("step", [Step.READ, Step.PATCHED, Step.BACKED_UP, Step.WRITTEN, Step.UNCHANGED])
def test_saved_during_the_write(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll, step: Step) -> None:
    """A save at any moment before ours is in place stands; the copy of what it replaced is not kept."""
    seen = read_all(excel())

    def save(now: Step) -> None:
        if now is step:
            plan.write_bytes(b"saved by a person")

    with pytest.raises(WorkbookChanged):
        excel(at_step=save).apply(flagged(seen), seen)
    assert plan.read_bytes() == b"saved by a person"
    assert list((tmp_path / "state" / "backups").iterdir()) == []
    assert entries(plan) == [plan.name]


def test_failing_write_keeps_no_backup(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll) -> None:
    """A write that fails each hour does not fill the backups and push out those that matter."""
    file = excel()
    seen = read_all(file)
    kept = Path(file.apply(flagged(seen), seen).backup)
    seen = read_all(file)
    before = plan.read_bytes()
    failing = excel(at_step=lambda step: plan.unlink() if step is Step.BACKED_UP else None)
    with pytest.raises(WorkbookBusy):
        failing.apply(flagged(seen, "AGAIN"), seen)
    plan.write_bytes(before)
    assert list((tmp_path / "state" / "backups").iterdir()) == [kept]


def test_result_is_opened_before_it_is_written(excel: Make, plan: Path, tmp_path: Path, read_all: ReadAll) -> None:
    """What could not be read back, here because it has grown over the limit, is not written."""
    before = plan.read_bytes()
    file = excel(limits=Limits(max_file=len(before)))
    seen = read_all(file)
    with pytest.raises(WorkbookRefused, match="too big"):
        file.apply(flagged(seen), seen)
    assert plan.read_bytes() == before
    assert not (tmp_path / "state" / "backups").exists()


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b'<c r="B2"', b'<c r="A2"'),
        ("xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="2"'),
        ("xl/worksheets/sheet1.xml", b'r="D3" s="1"', b'r="D3" s="99"'),
        ("xl/workbook.xml", b"<definedNames/>", b"<definedNames>%b%b</definedNames>" % (NAME, NAME)),
    ],
)
def test_unsound_result_is_not_written(plan: Path, part: str, old: bytes, new: bytes) -> None:
    """A flaw that the workbook did not have stops the write, naming the part; one that it had already does not."""
    before = Package.open(plan.read_bytes(), str(plan))
    content = before.read(f"/{part}")
    assert old in content
    flawed = before.assemble({f"/{part}": content.replace(old, new, 1)})
    with pytest.raises(WorkbookRefused, match=re.escape(part)):
        refuse_unsound(before, flawed)
    refuse_unsound(Package.open(flawed, str(plan)), flawed)
    refuse_unsound(before, plan.read_bytes())


@posix_only
def test_mode_survives(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """The workbook has its old rights afterwards, the backup is private."""
    plan.chmod(0o664)
    file = excel()
    seen = read_all(file)
    receipt = file.apply(flagged(seen), seen)
    assert plan.stat().st_mode & 0o777 == 0o664
    assert Path(receipt.backup).stat().st_mode & 0o777 == 0o600
