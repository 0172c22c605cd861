"""LibreOffice opens what was written and sees only our cells changed."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from writing_samples import PLAN_TABLE, Opened, Sample, first_run, opened, written

from sheets_sync.core.snapshot import Role

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]

FOREIGN = (
    "006_PhpSpreadsheet_namespacestd.xlsx",
    "028_test_files_pivot_table_named_range.xlsx",
    "093_ClosedXML_multi-table.xlsx",
    "105_csvkit_ne_1033_data.xlsx",
    "117_review-checklists_sqldb_checklist.en.xlsx",
)


@pytest.fixture(scope="module")
def office() -> str:
    """The LibreOffice program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    return program


def tables(office: str, folder: Path, books: dict[str, bytes]) -> dict[str, list[list[str]]]:
    """Every tab of some workbooks as LibreOffice exports it, by "<workbook>-<tab>"."""
    source, target = folder / "in", folder / "out"
    source.mkdir()
    for name, data in books.items():
        (source / f"{name}.xlsx").write_bytes(data)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir",
            str(target),
            *(str(path) for path in sorted(source.iterdir())),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return {
        path.stem: list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
        for path in sorted(target.glob("*.csv"))
    }


def filled(table: list[list[str]]) -> dict[tuple[int, int], str]:
    """The cells that show something, by row and column."""
    return {(r, c): text for r, row in enumerate(table, 1) for c, text in enumerate(row, 1) if text}


def outside(cells: dict[tuple[int, int], str], columns: set[int]) -> dict[tuple[int, int], str]:
    """The cells in other columns."""
    return {place: text for place, text in cells.items() if place[1] not in columns}


def compare(office: str, folder: Path, pairs: dict[str, tuple[Opened, Opened]]) -> int:
    """Assert that only our cells differ; returns how many cells of ours were seen."""
    books = {f"{name}_{side}": pair[side].package._archive.data for name, pair in pairs.items() for side in (0, 1)}
    found = tables(office, folder, books)
    seen = 0
    for name, (before, after) in pairs.items():
        for tab in (tab for tab in after.seen.tabs if tab.marks):
            old, new = (filled(found[f"{name}_{side}-{tab.name}"]) for side in (0, 1))
            ours = set(tab.marks.values())
            assert outside(new, ours) == outside(old, ours), (name, tab.name)
            flags = {(row.number, tab.marks[Role.FLAG]) for row in tab.rows if tab.marks[Role.FLAG] in row.cells}
            assert flags <= new.keys()
            seen += len(flags)
        assert before.seen.titles == after.seen.titles
    return seen


def test_own_samples(office: str, tmp_path: Path) -> None:
    """In a small plan, with and without a table, LibreOffice shows our cells and all others as before."""
    pairs = {}
    for name, sample in (("plain", Sample()), ("table", Sample(table=PLAN_TABLE))):
        before = opened(sample.data())
        pairs[name] = (before, written(before, first_run(before.tab()).changes)[0])
    assert compare(office, tmp_path, pairs) == 6


@pytest.mark.shared
def test_foreign_workbooks(office: str, tmp_path: Path, shared: Path) -> None:
    """In workbooks of others LibreOffice shows our cells and all others as before.

    Tabs with a pivot table are left out: LibreOffice lays those out anew over what stands beside them.
    """
    pairs = {}
    for number, name in enumerate(FOREIGN):
        before = opened((shared / "excel-corpus" / name).read_bytes(), name)
        after = before
        sheets = {entry.sheet_id: entry.part for entry in before.package.sheets}
        for tab in before.seen.tabs:
            if any(relation.kind == "pivotTable" for relation in before.package.related(sheets[tab.key])):
                continue
            after, done = written(after, first_run(after.tab(tab.key)).changes)
            assert not done.refused
        pairs[f"foreign{number}"] = (before, after)
    assert compare(office, tmp_path, pairs) > 1_000
