"""Putting a backup of an Excel file back, and doing so with workbooks of many programs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from contract.plan_tab import flagged, human_cells

from sheets_sync.core.decision import Changes, ColumnState, Structure, StructureKind
from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookRefused
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.files.replacement import Step

Make = Callable[..., ExcelFile]
ReadAll = Callable[[ExcelFile], Snapshot]


def test_restore(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """A backup put back is the old file byte for byte, and the backup stays."""
    before = plan.read_bytes()
    file = excel()
    seen = read_all(file)
    receipt = file.apply(flagged(seen), seen)
    file.restore(Path(receipt.backup), receipt.fingerprint)
    assert plan.read_bytes() == before
    assert file.fingerprint() == seen.fingerprint
    assert Path(receipt.backup).exists()
    assert list(plan.parent.iterdir()) == [plan]
    file.restore(Path(receipt.backup), seen.fingerprint)
    assert plan.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="saves into an open file")
def test_saved_during_a_restore(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """A save at the last moment before a backup is put in place stands."""
    seen = read_all(excel())
    receipt = excel().apply(flagged(seen), seen)
    late = excel(at_step=lambda step: plan.write_bytes(b"saved") if step is Step.UNCHANGED else None)
    with pytest.raises(WorkbookChanged):
        late.restore(Path(receipt.backup), receipt.fingerprint)
    assert plan.read_bytes() == b"saved"
    assert list(plan.parent.iterdir()) == [plan]


def test_restore_only_what_is_as_we_left_it(excel: Make, plan: Path, read_all: ReadAll) -> None:
    """Somebody's later save, an open workbook and a damaged backup each stop a restore."""
    file = excel()
    seen = read_all(file)
    receipt = file.apply(flagged(seen), seen)
    written = plan.read_bytes()
    backup = Path(receipt.backup)
    lock = plan.with_name(f"~${plan.name}")
    lock.write_bytes(b"\x03Ana")
    with pytest.raises(WorkbookBusy):
        file.restore(backup, receipt.fingerprint)
    lock.unlink()
    plan.write_bytes(b"saved since")
    with pytest.raises(WorkbookChanged):
        file.restore(backup, receipt.fingerprint)
    assert plan.read_bytes() == b"saved since"
    plan.write_bytes(written)
    backup.write_bytes(backup.read_bytes()[:-1])
    with pytest.raises(WorkbookRefused, match="damaged"):
        file.restore(backup, receipt.fingerprint)
    assert plan.read_bytes() == written


@pytest.mark.shared
def test_foreign_workbooks(shared: Path, tmp_path: Path) -> None:
    """Workbooks of many programs are written and put back byte for byte, or refused in words; never damaged."""
    outcomes = {"written": 0, "left alone": 0, "refused": 0}
    sources = sorted((shared / "excel-corpus").glob("*.xls[xm]"))
    for source in (source for source in sources if source.stat().st_size < 50_000):
        path = tmp_path / source.name
        before = source.read_bytes()
        path.write_bytes(before)
        outcomes[written_and_put_back(ExcelFile(path, backups=tmp_path / "backups", wait=lambda _: None))] += 1
        assert path.read_bytes() == before
    assert outcomes["written"] > 4 * (outcomes["refused"] + outcomes["left alone"]) > 0, outcomes


def written_and_put_back(file: ExcelFile) -> str:
    """Give every tab a flag column, read the result, undo it; returns what was possible."""
    try:
        seen = file.read([title.key for title in file.titles()])
        if seen.refusal:
            return "refused"
        receipt = file.apply(Changes((), flag_columns(seen), (), None), seen)
    except WorkbookRefused:
        return "refused"
    if not receipt.backup:
        return "left alone"
    after = file.read([tab.key for tab in seen.tabs])
    assert human_cells(after) == human_cells(seen)
    file.restore(Path(receipt.backup), receipt.fingerprint)
    return "written"


def flag_columns(seen: Snapshot) -> tuple[Structure, ...]:
    """A flag column right of everything in every tab."""
    added = []
    for tab in seen.tabs:
        last = max((column for row in tab.rows for column in row.cells), default=0)
        state = ColumnState(Role.FLAG, last + 1, 1, "Flag", 1)
        added.append(Structure(StructureKind.COLUMN, tab.key, None, state))
    return tuple(added)
