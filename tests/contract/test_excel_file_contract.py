"""An Excel file keeps the contract."""

from pathlib import Path

import pytest
from contract.people import Bench, Shared
from contract.person_at_excel import PersonAtExcel, write_workbook
from contract.workbook_contract import WorkbookContract

from sheets_sync.workbooks.excel_file import ExcelFile


class TestExcelFile(WorkbookContract):
    """The file is real; the person opens, changes and saves it with another program."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Bench:
        """A workbook file with the given tabs."""

        def make(tabs):
            path = tmp_path / "plans" / "Plan 2026.xlsx"
            path.parent.mkdir()
            write_workbook(path, tabs)
            return Shared(ExcelFile(path, backups=tmp_path / "state" / "backups"), PersonAtExcel(path))

        return make
