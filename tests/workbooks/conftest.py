"""A small plan in a real Excel file, alone in its folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from contract.person_at_excel import write_workbook
from contract.plan_tab import SHEETS

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.workbooks.excel_file import ExcelFile


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The workbook file."""
    path = tmp_path / "plans" / "Plan 2026.xlsx"
    path.parent.mkdir()
    write_workbook(path, SHEETS)
    return path


@pytest.fixture
def excel(plan: Path, tmp_path: Path) -> Callable[..., ExcelFile]:
    """Makes the adapter of that file, with whatever a test wants different."""

    def make(**different: object) -> ExcelFile:
        return ExcelFile(different.pop("path", plan), **({"backups": tmp_path / "state" / "backups"} | different))

    return make


@pytest.fixture
def read_all() -> Callable[[ExcelFile], Snapshot]:
    """Reads every tab."""
    return lambda file: file.read([title.key for title in file.titles()])
