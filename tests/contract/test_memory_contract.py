"""The workbook in memory keeps the contract."""

import pytest
from contract.people import Bench, Shared
from contract.workbook_contract import WorkbookContract

from sheets_sync.workbooks.memory import MemoryWorkbook


class TestMemoryWorkbook(WorkbookContract):
    """Content and person are the same object."""

    @pytest.fixture
    def bench(self) -> Bench:
        """A workbook in memory with the given tabs."""

        def make(tabs):
            workbook = MemoryWorkbook.of(tabs)
            return Shared(workbook, workbook)

        return make
