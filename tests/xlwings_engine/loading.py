"""A workbook file with formulas, their results, and numbers as they are: openpyxl turns no number into a date."""

from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.reader.excel import ExcelReader


class Loaded(NamedTuple):
    """The workbook, and the results of its formulas by the id of their cell."""

    workbook: Any
    results: dict[int, Any]


class _RawReader(ExcelReader):
    """Leaves day numbers numbers."""

    def read_worksheets(self) -> None:
        self.wb._date_formats = set()
        self.wb._timedelta_formats = set()
        super().read_worksheets()


def load(path: Path) -> Loaded:
    """Read a file twice: for its formulas, and for their results."""
    workbook, shown = _read(path, data_only=False), _read(path, data_only=True)
    results: dict[int, Any] = {}
    for sheet, results_sheet in zip(workbook.worksheets, shown.worksheets, strict=True):
        for place, cell in sheet._cells.items():
            known = results_sheet._cells.get(place)
            if cell.data_type == "f" and known is not None:
                results[id(cell)] = _result(known)
    return Loaded(workbook, results)


def new() -> Loaded:
    """A workbook that was never saved."""
    return Loaded(openpyxl.Workbook(), {})


def _read(path: Path, *, data_only: bool) -> Any:
    reader = _RawReader(path, data_only=data_only, keep_links=False)
    reader.read()
    reader.archive.close()
    return reader.wb


def _result(cell: Any) -> Any:
    """openpyxl tells an empty text by its kind only."""
    from xlwings_engine.cell_content import Error

    if cell.data_type == "e":
        return Error(cell.value)
    return "" if cell.value is None and cell.data_type != "n" else cell.value
