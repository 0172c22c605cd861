"""The cells of a workbook as openpyxl sees them, for comparing what people typed before and after."""

from pathlib import Path

from openpyxl import load_workbook

OURS = frozenset({"Flag", "Next fix", "ID", "Alerta", "O que ajustar", "Qué ajustar"})


def cells(path: Path) -> dict[tuple[str, str], object]:
    """Every filled cell by tab and address."""
    book = load_workbook(path, rich_text=False)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def column_of(path: Path, tab: str, header: str) -> dict[int, object]:
    """The cells below a header, by row."""
    sheet = load_workbook(path)[tab]
    place = next(cell for row in sheet.iter_rows(max_row=15) for cell in row if cell.value == header)
    return {
        row: sheet.cell(row, place.column).value
        for row in range(place.row + 1, sheet.max_row + 1)
        if sheet.cell(row, place.column).value is not None
    }
