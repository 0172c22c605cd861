"""The open workbook and the same one saved read alike, and are judged and written alike."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from open_workbooks import comparable, everything, opened, plan_book, rich_book

from sheets_sync.core.cells import Kind
from sheets_sync.core.decision import Changes, Structure, StructureKind
from sheets_sync.core.history import History
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot, Stamp
from sheets_sync.errors import WorkbookError
from sheets_sync.run.judge import judge
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.plain_values import Value

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
STAMP = Stamp("plan uid", "store id", 7, "1.2.3")
SETTINGS = PlanSettings("uid", tabs=("My plan's tab",), drop_downs=True)


def decided(snapshot: Snapshot) -> Changes:
    """What a run would write."""
    changes = judge(snapshot, History(), SETTINGS, as_of=NOW.date(), now=NOW).decision.changes
    return replace(changes, stamp=STAMP, card='{"version":1}')


@pytest.mark.parametrize("date1904", [False, True])
def test_a_bit_of_everything(tmp_path: Path, date1904: bool) -> None:
    """Formats, merges, hidden rows, arrays, errors, rich text, filters, tables and other people's rules read alike."""
    path = tmp_path / "All.xlsx"
    rich_book(path, date1904=date1904)
    both = opened(path)
    assert comparable(everything(both.live)) == comparable(everything(both.file))


@pytest.mark.parametrize("as_table", [False, True], ids=["cells", "table"])
def test_judged_and_written_alike(tmp_path: Path, as_table: bool) -> None:
    """Keys, flags and edits are the same; after writing and saving, file and open workbook still read alike, and as
    the file's own adapter would have written it."""
    path, twin = tmp_path / "Plan.xlsx", tmp_path / "Twin.xlsx"
    for one in (path, twin):
        plan_book(one, as_table=as_table, filtered=not as_table)
    both = opened(path)
    seen, in_file = everything(both.live), everything(both.file)
    changes = decided(seen)
    assert changes == decided(in_file)
    assert {structure.kind for structure in changes.structures} >= {StructureKind.COLUMN, StructureKind.HIGHLIGHTS}
    receipt = both.live.apply(changes, seen)
    assert receipt.refused == ()
    assert (receipt.applied, receipt.structures) == (changes.edits, changes.structures)
    left = everything(both.live)
    assert receipt.fingerprint == left.fingerprint
    both.book.save()
    assert comparable(everything(both.file)) == comparable(left)
    other = ExcelFile(twin, backups=tmp_path / "backups")
    other.apply(changes, everything(other))
    assert comparable(everything(other)) == comparable(left)
    assert not decided(left).edits


@pytest.mark.parametrize("as_table", [False, True], ids=["cells", "table"])
def test_taken_back_whole(tmp_path: Path, as_table: bool) -> None:
    """With everything reversed, the workbook reads as it was before the first write."""
    path = tmp_path / "Plan.xlsx"
    plan_book(path, as_table=as_table, filtered=not as_table)
    both = opened(path)
    untouched = everything(both.live)
    changes = decided(untouched)
    both.live.apply(changes, untouched)
    back = Changes(
        tuple(
            edit._replace(before=edit.after, after=edit.before, key=_key(changes, edit.key, edit.ref.row))
            for edit in changes.edits
        ),
        tuple(Structure(s.kind, s.tab, s.after, s.before) for s in reversed(changes.structures)),
        tuple(key._replace(column=_id_column(changes)) for key in changes.keys),
        remove_stamp=True,
    )
    receipt = both.live.apply(back, everything(both.live))
    assert receipt.refused == ()
    assert comparable(everything(both.live)) == comparable(untouched)


def _id_column(changes: Changes) -> int:
    return next(s.after.column for s in changes.structures if getattr(s.after, "role", None) == "id")


def _key(changes: Changes, key: str, row: int) -> str:
    return key or next(e.after.text for e in changes.edits if e.ref.role == "id" and e.ref.row == row)


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8).filter(lambda t: "_x" not in t),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-(10**9), 10**9),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(PLAIN, max_size=5), max_size=8))
def test_any_values(tmp_path: Path, rows: list[list[Value]]) -> None:
    """Whatever plain values stand in a tab, both read the same literals and the same dates."""
    from contract.person_at_excel import write_workbook

    path = tmp_path / "Any.xlsx"
    write_workbook(path, {"Plan": rows})
    both = opened(path)
    assert comparable(everything(both.live)) == comparable(everything(both.file))


EXPLAINED = ("ClosedXML_DialogSheet", "Open-XML-SDK_Dialogsheet", "exceljs_test-issue-877", "umya-spreadsheet_aaa")
"""Where openpyxl, not the adapter, reads something else: dialog and pivot sheets, links without text, a styles part."""
MOST_BYTES = 40_000


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_foreign_workbooks(shared: Path) -> None:
    """Workbooks that other programs wrote read alike."""
    compared = 0
    for path in sorted((shared / "excel-corpus").rglob("*.xlsx")):
        if path.stat().st_size > MOST_BYTES or any(name in path.name for name in EXPLAINED):
            continue
        try:
            file = everything(ExcelFile(path, backups=path.parent))
            both = opened(path)
        except (WorkbookError, KeyError, ValueError, TypeError, AttributeError):
            continue
        assert comparable(everything(both.live))[1] == comparable(file)[1], path.name
        compared += 1
    assert compared > 25


def test_formulas_are_spelled_as_in_files(tmp_path: Path) -> None:
    """A formula that Excel shows in today's way has the text that its file holds."""
    path = tmp_path / "All.xlsx"
    rich_book(path)
    both = opened(path)
    cell = both.book.sheets["Other, plans"].impl.worksheet["G3"]
    cell.value = "=SUM([@Cost],1)"
    both.book.sheets["Plan"].impl.worksheet["D10"].value = '=IF(B10="",XLOOKUP(A10,A:A,B:B),$B$4+C9)'
    tabs = {tab.name: tab for tab in everything(both.live).tabs}
    as_saved = {tab.name: tab for tab in everything(both.file).tabs}
    assert tabs["Other, plans"].rows[2].cells[7].literal == as_saved["Other, plans"].rows[2].cells[7].literal
    shown = [row.cells[4] for row in tabs["Plan"].rows if row.number == 10]
    assert shown[0].literal == (Kind.FORMULA, 'IF(B#="",_xlfn.XLOOKUP(A#,A:A,B:B),$B$4+C9)')
