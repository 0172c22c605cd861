"""Makes the demonstration's workbook and types into it as people would, with openpyxl."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.demo.story import GOALS, HEADERS, KPIS, LINES, NEWCOMER, PEOPLE, WEEK, Line

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 3
WIDTHS = (46, 18, 11, 14, 13, 11, 10, 22, 7, 7, 9, 11, 11, 12, 40, 30)
DATE_HEADERS = frozenset({"Start", "Due", "Done on", "Last update"})
Typable = str | int | float | dt.date | None


def make_workbook(path: Path, monday: dt.date) -> None:
    """Write the plan as its team had it a week before `monday`: an Excel table below a title, and three more tabs."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Actions"
    sheet["A1"] = "Plant improvement plan"
    for column, header in enumerate(HEADERS, start=1):
        sheet.cell(HEADER_ROW, column, header)
    for row, line in enumerate(LINES, start=HEADER_ROW + 1):
        _type_line(sheet, row, line, monday)
    _dress(sheet, HEADER_ROW + len(LINES))
    for title, rows in (("People", PEOPLE), ("Goals", GOALS), ("KPIs", KPIS)):
        _plain_tab(book, title, rows)
    book.save(path)


def work_a_week(path: Path, monday: dt.date) -> int:
    """Type what people typed in the week before `monday`, add one row; returns the number of cells typed."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book["Actions"]
    rows = {sheet.cell(row, 1).value: row for row in range(HEADER_ROW + 1, sheet.max_row + 1)}
    for typed in WEEK:
        column = HEADERS.index(typed.header) + 1
        _type(sheet, rows[typed.action], column, _value(typed.header, typed.value, monday))
    new_row = HEADER_ROW + len(LINES) + 1
    _type_line(sheet, new_row, NEWCOMER, monday)
    table = sheet.tables["ActionPlan"]
    first, _, last = table.ref.partition(":")
    table.ref = f"{first}:{last.rstrip('0123456789')}{new_row}"
    table.autoFilter.ref = table.ref
    book.save(path)
    return len(WEEK)


def _line_values(line: Line) -> tuple[Typable, ...]:
    return (
        line.action, line.owner, line.start, line.due, line.status, None, line.progress, line.done_when,
        line.goal, line.kpi, line.priority, None, line.updated, "", "", line.note,
    )  # fmt: skip


def _type_line(sheet: "Worksheet", row: int, line: Line, monday: dt.date) -> None:
    for column, (header, value) in enumerate(zip(HEADERS, _line_values(line), strict=True), start=1):
        _type(sheet, row, column, _value(header, value, monday))


def _value(header: str, value: Typable, monday: dt.date) -> Typable:
    if header in DATE_HEADERS and isinstance(value, int):
        return monday + dt.timedelta(days=value)
    return None if value == "" else value


def _type(sheet: "Worksheet", row: int, column: int, value: Typable) -> None:
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = "d mmm yyyy"
    elif HEADERS[column - 1] == "Progress":
        cell.number_format = "0%"


def _dress(sheet: "Worksheet", last_row: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.table import Table, TableStyleInfo

    sheet["A1"].font = Font(size=16, bold=True)
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        header = sheet.cell(HEADER_ROW, column)
        header.alignment = Alignment(vertical="center")
        header.font = Font(bold=True, color="FFFFFFFF")
        header.fill = PatternFill("solid", start_color="FF1F4E79")
    sheet.row_dimensions[HEADER_ROW].height = 20
    last = get_column_letter(len(HEADERS))
    table = Table(displayName="ActionPlan", ref=f"A{HEADER_ROW}:{last}{last_row}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    sheet.add_table(table)
    status = DataValidation(
        type="list",
        formula1='"Proposed,Not started,In progress,Blocked,On hold,Done,Cancelled"',
        showErrorMessage=False,
    )
    status.add(f"E{HEADER_ROW + 1}:E{last_row + 200}")
    sheet.add_data_validation(status)


def _plain_tab(book: "Workbook", title: str, rows: Sequence[Sequence[Typable]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    for column, header in enumerate(rows[0], start=1):
        sheet.cell(1, column).font = Font(bold=True)
        longest = max(len(str(row[column - 1])) for row in rows)
        sheet.column_dimensions[get_column_letter(column)].width = max(longest, len(str(header))) + 3
