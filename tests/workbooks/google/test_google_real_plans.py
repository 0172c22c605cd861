"""Real plans mean the same in a Google sheet as in an Excel file, and are flagged alike."""

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from contract.person_at_google import make_book
from openpyxl.styles import Font, PatternFill
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import sheet_of

from sheets_sync.core.cells import CellStyle, Kind
from sheets_sync.core.snapshot import Role, Snapshot, Tab
from sheets_sync.run.look import Look, look_unconfigured, read_all
from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.plain_values import Typed, Value

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
PLANS = ["canada_nap5", "canada_nap6", "fds2020_merged", "rust_goals_actions"]


def twin(server: SheetsServer, seen: Snapshot) -> BookHandle:
    """A spreadsheet that holds what an Excel file holds, merged, formatted and hidden like it."""
    tabs: dict[str, list[list[Value]]] = {}
    for tab in seen.tabs:
        rows: list[list[Value]] = [[] for _ in range(tab.rows[-1].number)] if tab.rows else []
        for row in tab.rows:
            values: list[Value] = [None] * max(row.cells)
            for column, (literal, shown, _) in row.cells.items():
                values[column - 1] = Typed(shown, literal.text) if literal.kind is Kind.FORMULA else shown
            rows[row.number - 1] = values
        tabs[tab.name] = rows
    book = make_book(server, tabs)
    for tab in seen.tabs:
        _dress(book, tab, seen.styles)
    return book


def _dress(book: BookHandle, tab: Tab, styles: Sequence[CellStyle]) -> None:
    """Give a tab the looks, the merged areas and the hidden rows of its twin."""
    wanted = {
        (row.number, column): styles[cell.style]
        for row in tab.rows
        for column, cell in row.cells.items()
        if styles[cell.style] != CellStyle()
    }
    held = book.human.cells(tab.name)
    for (row, column), style in wanted.items():
        book.human.format(tab.name, row, column, (held[row, column].format or {}) | _look(style))
    for hidden in (row.number for row in tab.rows if row.hidden):
        book.human.hide(tab.name, row=hidden)
    for area in tab.merged:
        book.human.merge(tab.name, *area)


def _look(style: CellStyle) -> dict[str, object]:
    look: dict[str, object] = {"textFormat": {"bold": style.bold, "strikethrough": style.struck}}
    if style.filled:
        look["backgroundColor"] = {"red": 1.0, "green": 0.9, "blue": 0.6}
    if style.is_date or style.is_percent:
        kind, pattern = ("DATE", "yyyy-mm-dd") if style.is_date else ("PERCENT", "0%")
        look["numberFormat"] = {"type": kind, "pattern": pattern}
    return look


def judged(workbook: Workbook) -> Look:
    """The plan as `check` sees it."""
    return look_unconfigured(workbook, name="plan", as_of=TODAY, now=NOW)


def findings(look: Look) -> list[tuple[object, ...]]:
    """All findings without the tab's key, which is another one in every kind of workbook."""
    found = (*look.judgement.findings, *look.judgement.plan_findings)
    return [(one.code, one.severity, one.row, one.field, one.facts) for one in found]


def columns(look: Look) -> list[tuple[object, ...]]:
    """Our columns and highlights as wanted."""
    return [(one.kind, one.before, one.after) for one in look.judgement.decision.changes.structures]


def frames(look: Look) -> list[tuple[object, ...]]:
    """What is merged and hidden in each tab, and how its cells look."""
    snapshot = look.looked.snapshot
    return [
        (
            tab.name,
            tab.merged,
            [(row.number, row.hidden) for row in tab.rows if row.hidden],
            _looks(tab, snapshot.styles),
        )
        for tab in snapshot.tabs
    ]


def _looks(tab: Tab, styles: Sequence[CellStyle]) -> dict[tuple[int, int], CellStyle]:
    cells = ((row.number, column, cell) for row in tab.rows for column, cell in row.cells.items())
    return {(row, column): styles[cell.style] for row, column, cell in cells if styles[cell.style] != CellStyle()}


def own_texts(snapshot: Snapshot) -> dict[tuple[str, Role, int], str]:
    """What stands in our columns, by tab, role and row."""
    return {
        (tab.name, role, row.number): row.cells[column].literal.text
        for tab in snapshot.tabs
        for role, column in tab.marks.items()
        for row in tab.rows
        if column in row.cells
    }


def dressed(file: Path) -> None:
    """Make of a plain plan what people make of it: a title across, headers in merged groups, rows that share a cell,
    a band between rows, bold, filled and struck cells, a hidden row."""
    plain = openpyxl.load_workbook(file)["Actions"]
    rows = [[cell.value for cell in row] for row in plain.iter_rows()]
    width = len(rows[0])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(["Plan of the year"])
    sheet.append([f"Group {at // 3}" if at % 3 == 0 else None for at in range(width)])
    for row in [*rows[:9], ["PHASE 2"], *rows[9:]]:
        sheet.append(row)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    for left in range(1, width - 1, 3):
        sheet.merge_cells(start_row=2, end_row=2, start_column=left, end_column=left + 2)
    sheet.merge_cells(start_row=12, end_row=12, start_column=1, end_column=width)
    sheet.merge_cells(start_row=5, end_row=6, start_column=2, end_column=2)
    for cell in (*sheet[1], *sheet[3], *sheet[12]):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFFFE599")
    for cell in sheet[8]:
        cell.font = Font(strike=True)
    sheet.row_dimensions[9].hidden = True
    book.save(file)


@pytest.mark.shared
@pytest.mark.parametrize("dress", [False, True], ids=["as published", "merged and formatted"])
@pytest.mark.parametrize("name", PLANS)
def test_twins(server: SheetsServer, shared: Path, tmp_path: Path, name: str, dress: bool) -> None:
    """Findings, flags, ids and next fixes are those of the Excel file, merged cells and looks included, also after both
    were written and read again."""
    path = tmp_path / f"{name}.xlsx"
    shutil.copy(shared / "data" / "xlsx" / path.name, path)
    path.chmod(0o644)
    if dress:
        dressed(path)
    excel = ExcelFile(path, backups=tmp_path / "backups")
    google = sheet_of(server, twin(server, read_all(excel)))
    looks = [judged(excel), judged(google)]
    assert frames(looks[0]) == frames(looks[1])
    assert bool(looks[0].looked.snapshot.tabs[0].merged) == dress
    assert findings(looks[0]) == findings(looks[1])
    assert columns(looks[0]) == columns(looks[1])
    for workbook, look in zip((excel, google), looks, strict=True):
        changes = look.judgement.decision.changes
        receipt = workbook.apply(changes, look.looked.snapshot)
        assert (receipt.refused, len(receipt.applied)) == ((), len(changes.edits))
    after = [read_all(excel), read_all(google)]
    assert own_texts(after[0]) == own_texts(after[1])
    assert bool(own_texts(after[1])) == bool(looks[1].judgement.decision.changes)
    assert findings(looks[1])
    assert after[0].tabs[0].highlights == after[1].tabs[0].highlights
