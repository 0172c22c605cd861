"""In damaged workbooks a write is refused or changes our cells alone; it never fails in another way."""

from pathlib import Path

import pytest
from mutations import mutated
from writing_samples import PLAN_TABLE, Opened, Sample, first_run, opened

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.writer import patch

OWN = {
    "plain": Sample(),
    "table": Sample(table=PLAN_TABLE),
    "rules": Sample(
        tail='<autoFilter ref="A1:C3"/><conditionalFormatting sqref="A1"><cfRule type="expression" priority="4">'
        '<formula>1</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation sqref="A1">'
        "<formula1>1</formula1></dataValidation></dataValidations>"
    ),
}


def written_or_refused(data: bytes) -> bool:
    """Write into a workbook that may be damaged; whether something was written."""
    try:
        before = opened(data)
        wanted = [first_run(tab) for tab in before.seen.tabs[:1]]
        if not wanted:
            return False
        done = patch(before.package, wanted[0].changes, before.seen)
        if not done.parts_changed:
            return False
        after = opened(done.data)
        assert check_package(before.package, after.package) == ()
    except WorkbookRefused:
        return False
    ours = {state.column for state in wanted[0].columns}
    assert others(after, ours) == others(before, ours)
    return True


def others(book: Opened, ours: set[int]) -> dict[tuple[str, int, int], object]:
    """Every cell outside our columns."""
    return {
        (tab.key, row.number, column): cell.literal
        for tab in book.seen.tabs
        for row in tab.rows
        for column, cell in row.cells.items()
        if tab is not book.seen.tabs[0] or column not in ours
    }


@pytest.mark.parametrize("name", OWN)
def test_damaged_samples(name: str) -> None:
    """Small workbooks with seeded damage."""
    data = OWN[name].data()
    assert sum(written_or_refused(mutated(data, f"{name}{seed}")) for seed in range(150)) > 20


@pytest.mark.shared
@pytest.mark.slow
def test_damaged_foreign_workbooks(shared: Path) -> None:
    """Foreign workbooks with seeded damage."""
    paths = [path for path in sorted((shared / "excel-corpus").glob("*.xls[xm]")) if path.stat().st_size < 40_000]
    count = sum(
        written_or_refused(mutated(path.read_bytes(), f"{path.name}{seed}")) for path in paths for seed in range(10)
    )
    assert count > len(paths)
