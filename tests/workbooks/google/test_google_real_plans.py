"""Real plans mean the same in a Google sheet as in an Excel file, and are flagged alike."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from contract.person_at_google import make_book
from sheets_server.server import BookHandle, SheetsServer
from workbooks.google.plan_runs import sheet_of

from sheets_sync.core.cells import Kind
from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.run.look import Look, look_unconfigured, read_all
from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.plain_values import Typed, Value

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
PLANS = ["canada_nap5", "canada_nap6", "fds2020_merged", "rust_goals_actions"]


def twin(server: SheetsServer, seen: Snapshot) -> BookHandle:
    """A spreadsheet that holds what an Excel file holds."""
    tabs: dict[str, list[list[Value]]] = {}
    for tab in seen.tabs:
        rows: list[list[Value]] = [[] for _ in range(tab.rows[-1].number)] if tab.rows else []
        for row in tab.rows:
            values: list[Value] = [None] * max(row.cells)
            for column, (literal, shown, _) in row.cells.items():
                values[column - 1] = Typed(shown, literal.text) if literal.kind is Kind.FORMULA else shown
            rows[row.number - 1] = values
        tabs[tab.name] = rows
    return make_book(server, tabs)


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


def own_texts(snapshot: Snapshot) -> dict[tuple[str, Role, int], str]:
    """What stands in our columns, by tab, role and row."""
    return {
        (tab.name, role, row.number): row.cells[column].literal.text
        for tab in snapshot.tabs
        for role, column in tab.marks.items()
        for row in tab.rows
        if column in row.cells
    }


@pytest.mark.shared
@pytest.mark.parametrize("name", PLANS)
def test_twins(server: SheetsServer, shared: Path, tmp_path: Path, name: str) -> None:
    """Findings, flags, ids and next fixes are those of the Excel file, also after both were written and read again."""
    path = tmp_path / f"{name}.xlsx"
    shutil.copy(shared / "data" / "xlsx" / path.name, path)
    path.chmod(0o644)
    excel = ExcelFile(path, backups=tmp_path / "backups")
    google = sheet_of(server, twin(server, read_all(excel)))
    looks = [judged(excel), judged(google)]
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
