"""What other programs read in a workbook: every cell that holds something, by tab and (row, column)."""

import io
import warnings
from collections.abc import Callable, Mapping

Cells = dict[str, dict[tuple[int, int], object]]


def by_openpyxl(data: bytes) -> Cells:
    """As openpyxl reads it."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
        return {
            sheet.title: {
                (cell.row, cell.column): (cell.data_type, str(getattr(cell.value, "__dict__", cell.value)))
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            }
            for sheet in book.worksheets
        }


def by_calamine(data: bytes) -> Cells:
    """As calamine reads it."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = {
            (r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value not in ("", None)
        }
    return found


READERS: Mapping[str, Callable[[bytes], Cells]] = {"openpyxl": by_openpyxl, "calamine": by_calamine}
