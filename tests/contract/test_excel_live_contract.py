"""A workbook open in Excel keeps the contract."""

from pathlib import Path

import pytest
from contract.people import Bench, Shared
from contract.person_at_excel import write_workbook
from contract.workbook_contract import WorkbookContract
from xlwings_engine.engine import open_book
from xlwings_engine.person import PersonAtOpenExcel

from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.excel_live import ExcelLive


class TestExcelLive(WorkbookContract):
    """The front end is xlwings' own, over the engine for tests; the person acts on the open workbook, unsaved."""

    carries_log = False

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Bench:
        """An open workbook with the given tabs."""

        def make(tabs):
            path = tmp_path / "Plan 2026.xlsx"
            write_workbook(path, tabs)
            book = open_book(path)
            known = ExcelFile(path, backups=tmp_path).titles()
            return Shared(ExcelLive(book, known=known), PersonAtOpenExcel(book))

        return make
