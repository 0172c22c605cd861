"""What a press does to an open workbook, and what it leaves alone."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from open_workbooks import Opened, everything, opened, plan_book, rich_book
from openpyxl.worksheet.filters import FilterColumn, Filters
from xlwings_engine.engine import open_book, switch_on
from xlwings_engine.troubles import ExcelRefusedError

from sheets_sync.core.cells import BLANK, CellValue, Kind, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Receipt,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Snapshot
from sheets_sync.core.witness import row_witness
from sheets_sync.errors import WorkbookBusy, WorkbookError
from sheets_sync.workbooks.excel_live import ExcelLive

WITNESS = ((1, "action"), (2, "owner"))
FLAG = 7
GRID_END = 1_048_576
RED = HighlightRule("red", (Area(2, FLAG, GRID_END, FLAG),), '(N("sheets-sync:red")=0)*($G2="OVERDUE")')


@pytest.fixture
def both(tmp_path: Path) -> Opened:
    """The plan, open."""
    plan_book(tmp_path / "My plan 2026.v2 (ação).xlsx")
    return opened(tmp_path / "My plan 2026.v2 (ação).xlsx")


def column(seen: Snapshot, *, at: int = FLAG, header: str = "Flag") -> Structure:
    """Our new flag column."""
    state = ColumnState(Role.FLAG, at, 1, header, 6)
    return Structure(StructureKind.COLUMN, seen.tabs[0].key, None, state)


def edit(seen: Snapshot, row: int, after: CellValue, before: CellValue = BLANK) -> Edit:
    """A flag beside a row without id."""
    known = next(known for known in seen.tabs[0].rows if known.number == row)
    return Edit("", CellRef(seen.tabs[0].key, row, Role.FLAG), before, after, row_witness(known, WITNESS))


def changes(seen: Snapshot, edits: list[Edit], structures: list[Structure]) -> Changes:
    """Edits and structures of the plan's tab."""
    return Changes(tuple(edits), tuple(structures), (KeyColumn(seen.tabs[0].key, None, WITNESS),))


def flag_all(both: Opened, texts: list[str]) -> Receipt:
    """A first write of these flags, from the first action on."""
    seen = everything(both.live)
    edits = [edit(seen, row, text_value(text)) for row, text in enumerate(texts, 2)]
    return both.live.apply(changes(seen, edits, [column(seen)]), seen)


TEXTS = [
    ["=1+1", "+49 30 1", "-", "@home", "'quoted'"],
    ["31/12", "1-2", "007", "1e5", "50 %"],
    ["TRUE", "May 5", "#N/A", " ", "OVERDUE 3d"],
]


@pytest.mark.parametrize("keeps_apostrophe", [False, True])
@pytest.mark.parametrize("texts", TEXTS, ids=lambda texts: texts[0])
def test_texts_stay_texts(both: Opened, texts: list[str], keeps_apostrophe: bool) -> None:
    """What looks like a formula, a date or a number is saved as plain text; formats are as they were."""
    both.book.app.impl.keeps_apostrophe = keeps_apostrophe
    assert flag_all(both, texts).refused == ()
    both.book.save()
    tab = everything(both.file).tabs[0]
    assert [row.cells[FLAG].literal for row in tab.rows[1:]] == [text_value(text) for text in texts]
    sheet = openpyxl.load_workbook(both.file.path).worksheets[0]
    assert {sheet.cell(row, FLAG).number_format for row in range(2, 7)} == {"General"}
    plain = [row for row, text in enumerate(texts, 2) if not text.startswith("'")]
    assert not any(sheet.cell(row, FLAG).quotePrefix for row in plain)


def test_a_column_s_own_formats_come_back(both: Opened) -> None:
    """Formats that people gave our cells outlive a write, each its own."""
    flag_all(both, ["OVERDUE"] * 5)
    sheet = both.book.sheets[0].impl.worksheet
    codes = ["0.00", "dd/mm/yyyy", "@", "General", "0.00"]
    for row, code in enumerate(codes, 2):
        sheet.cell(row, FLAG).number_format = code
    seen = everything(both.live)
    edits = [edit(seen, row, text_value("1/2"), text_value("OVERDUE")) for row in range(2, 7)]
    assert both.live.apply(changes(seen, edits, []), seen).refused == ()
    assert [sheet.cell(row, FLAG).number_format for row in range(2, 7)] == codes
    assert [sheet.cell(row, FLAG).value for row in range(2, 7)] == ["1/2"] * 5


def test_one_write_for_a_column_block(both: Opened) -> None:
    """Reading is one call for values and one for formulas of each tab; flags with blanks between them are one write."""
    calls = both.book.app.impl.calls
    everything(both.live)
    assert calls["values"] == len(both.live.titles())
    assert calls["formulas"] == 2 * len(both.live.titles())
    assert calls["writes"] == 0
    seen = everything(both.live)
    edits = [edit(seen, row, text_value("OVERDUE")) for row in (2, 3, 5, 6)]
    calls.clear()
    both.live.apply(changes(seen, edits, [column(seen)]), seen)
    header, blocks = 1, 1
    assert calls["writes"] == header + blocks
    assert calls["values"] == 1 + header + blocks
    assert calls["formulas"] == 1 + len(seen.titles)


def test_what_stands_between_our_edits_is_not_written(both: Opened) -> None:
    """A text between two flags is left out of the write, so that it keeps whatever a person gave it."""
    flag_all(both, ["OVERDUE"] * 5)
    seen = everything(both.live)
    sheet = both.book.sheets[0].impl.worksheet
    between = sheet["G4"]
    edits = [edit(seen, row, text_value("DONE"), text_value("OVERDUE")) for row in (2, 3, 5, 6)]
    both.book.app.impl.calls.clear()
    both.live.apply(changes(seen, edits, []), seen)
    assert both.book.app.impl.calls["writes"] == 2
    assert (sheet["G4"], sheet["G4"].value) == (between, "OVERDUE")


def test_nothing_of_others_is_written(both: Opened) -> None:
    """Only our header and the flagged cells are touched, also where a cell of people holds the same text."""
    seen = everything(both.live)
    sheet = both.book.sheets[0].impl.worksheet
    touched = []
    before = {place: (cell.value, cell._style) for place, cell in sheet._cells.items()}
    both.live.apply(changes(seen, [edit(seen, 3, text_value("Order gloves"))], [column(seen)]), seen)
    touched = [p for p, cell in sheet._cells.items() if before.get(p) != (cell.value, cell._style)]
    assert sorted(touched) == [(1, FLAG), (3, FLAG)]


def test_excel_is_left_as_it_was(both: Opened) -> None:
    """Settings, status bar, active tab and selection come back; nothing is saved; progress was told."""
    app = both.book.app
    app.calculation, app.status_bar = "semiautomatic", "counting …"
    both.book.sheets["Notes"].activate()
    both.book.sheets["Notes"].range((4, 2), (6, 3)).select()
    told: list[str] = []
    live = ExcelLive(both.book, progress=told.append, known=both.live.known)
    seen = everything(live)
    highlights = Structure(StructureKind.HIGHLIGHTS, seen.tabs[0].key, None, HighlightState((RED,)))
    live.apply(changes(seen, [edit(seen, 2, text_value("OVERDUE"))], [column(seen), highlights]), seen)
    assert (app.calculation, app.status_bar, app.screen_updating) == ("semiautomatic", "counting …", True)
    assert (app.enable_events, app.interactive) == (True, True)
    assert app.selection.address == "$B$4:$C$6"
    assert both.book.sheets.active.name == "Notes"
    assert both.book.impl.saves == 0
    assert any("My plan's tab" in line for line in told)
    assert ("calculation", "manual") in app.impl.journal


def test_excel_is_left_as_it_was_after_trouble(both: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Excel fails in the middle of reading, its settings come back and the error is one of ours."""

    def fail(_block: object) -> None:
        raise ExcelRefusedError

    monkeypatch.setattr(both.book.app.engine.impl.native, "values", fail, raising=True)
    with pytest.raises(WorkbookError):
        everything(both.live)
    app = both.book.app
    assert (app.screen_updating, app.enable_events, app.calculation, app.status_bar) == (True, True, "automatic", False)


def test_a_cell_being_edited(both: Opened) -> None:
    """While a person types into a cell nothing is read or written, and they are told what to press."""
    seen = everything(both.live)
    both.book.app.impl.editing = True
    for act in (both.live.titles, lambda: both.live.apply(changes(seen, [], [column(seen)]), seen)):
        with pytest.raises(WorkbookBusy) as trouble:
            act()
        assert "Esc" in trouble.value.remedy
    both.book.app.impl.editing = False
    assert everything(both.live) == seen


def test_a_protected_tab(both: Opened) -> None:
    """Nothing is written into a protected tab; the refusal says how to unprotect it."""
    both.book.sheets[0].impl.worksheet.protection.sheet = True
    before = everything(both.live)
    receipt = flag_all(both, ["OVERDUE"] * 5)
    assert (receipt.applied, receipt.structures) == ((), ())
    assert all("Unprotect" in refused.reason for refused in receipt.refused)
    assert len(receipt.refused) == 6
    assert everything(both.live) == before


def test_merged_and_array_cells(both: Opened) -> None:
    """A flag within merged cells, or where people put a formula, is refused; the others are written."""
    flag_all(both, ["OVERDUE"] * 5)
    sheet = both.book.sheets[0].impl.worksheet
    sheet["G4"], sheet["G5"] = None, "=1+1"
    sheet.merge_cells("G3:G4")
    seen = everything(both.live)
    edits = [edit(seen, row, text_value("DONE"), text_value("OVERDUE")) for row in (2, 6)]
    edits += [edit(seen, 4, text_value("DONE")), edit(seen, 5, text_value("DONE"), CellValue(Kind.FORMULA, "1+1"))]
    receipt = both.live.apply(changes(seen, edits, []), seen)
    assert [one.ref.row for one in receipt.applied] == [2, 6]
    assert [refused.what.ref.row for refused in receipt.refused] == [4, 5]


@pytest.mark.parametrize("hides", [False, True])
def test_filters_follow_where_they_hide_nothing(tmp_path: Path, hides: bool) -> None:
    """A filter that ends at our column takes it in, unless it hides rows just now; hidden rows are flagged too."""
    path = tmp_path / "Plan.xlsx"
    plan_book(path, filtered=True)
    both = opened(path)
    sheet = both.book.sheets[0].impl.worksheet
    if hides:
        sheet.auto_filter.filterColumn.append(FilterColumn(colId=3, filters=Filters(filter=["Open"])))
        sheet.row_dimensions[3].hidden = True
    assert flag_all(both, ["OVERDUE"] * 5).refused == ()
    tab = everything(both.live).tabs[0]
    assert tab.filter == Area(1, 1, 6, 6 if hides else 7)
    assert [row.cells[FLAG].seen for row in tab.rows[1:]] == ["OVERDUE"] * 5
    assert [row.hidden for row in tab.rows[1:]] == [False, hides, False, False, False]


def test_a_table_takes_our_column_in(tmp_path: Path) -> None:
    """The table grows, its new column is named by our header; a header that it has already is refused."""
    path = tmp_path / "Plan.xlsx"
    plan_book(path, as_table=True)
    both = opened(path)
    seen = everything(both.live)
    receipt = both.live.apply(changes(seen, [], [column(seen, header="owner")]), seen)
    assert "already has a column" in receipt.refused[0].reason
    assert flag_all(both, ["OVERDUE"] * 5).refused == ()
    table = both.book.sheets[0].impl.worksheet.tables["Plan"]
    assert (table.ref, [known.name for known in table.tableColumns][-1]) == ("A1:G6", "Flag")


def test_the_header_looks_like_its_neighbour(tmp_path: Path) -> None:
    """A new header takes font and fill of the header left of it."""
    path = tmp_path / "All.xlsx"
    rich_book(path)
    both = opened(path)
    seen = everything(both.live)
    state = ColumnState(Role.FLAG, 7, 3, "Flag", 10)
    structure = Structure(StructureKind.COLUMN, seen.tabs[0].key, None, state)
    assert both.live.apply(changes(seen, [], [structure]), seen).refused == ()
    sheet = both.book.sheets["Plan"].impl.worksheet
    assert (sheet["G3"].value, sheet["G3"]._style) == ("Flag", sheet["F3"]._style)


def test_rules_and_lists_of_others_stay(tmp_path: Path) -> None:
    """Our highlights stand behind other people's rules, whose order stays; a list on their checked cells is refused."""
    path = tmp_path / "All.xlsx"
    rich_book(path)
    both = opened(path)
    seen = everything(both.live)
    key = seen.tabs[0].key
    sheet = both.book.sheets["Plan"].impl.worksheet

    def rules() -> list[tuple[int, str, str]]:
        found = [(r.priority, str(b.sqref), r.formula[0]) for b in sheet.conditional_formatting for r in b.rules]
        return sorted(found)

    theirs = rules()
    taken = Structure(StructureKind.DROP_DOWNS, key, None, DropDownState((DropDown(Area(4, 4, 50, 4), ("a",)),)))
    highlights = Structure(StructureKind.HIGHLIGHTS, key, None, HighlightState((RED,)))
    receipt = both.live.apply(changes(seen, [], [taken, highlights]), seen)
    assert [refused.what for refused in receipt.refused] == [taken]
    assert receipt.structures == (highlights,)
    assert rules()[:-1] == theirs
    assert rules()[-1][2] == RED.formula
    seen = everything(both.live)
    back = Structure(StructureKind.HIGHLIGHTS, key, HighlightState((RED,)), None)
    both.live.apply(changes(seen, [], [back]), seen)
    assert rules() == theirs


def test_our_column_is_found_by_its_mark(both: Opened) -> None:
    """When people moved our column since it was read, its cells are written where it stands now."""
    from xlwings_engine.person import PersonAtOpenExcel

    flag_all(both, ["OVERDUE"] * 5)
    seen = everything(both.live)
    PersonAtOpenExcel(both.book).insert_columns("My plan's tab", 4, 2)
    one = edit(seen, 2, text_value("DONE"), text_value("OVERDUE"))
    assert both.live.apply(changes(seen, [one], []), seen).applied == (one,)
    tab = everything(both.live).tabs[0]
    assert tab.marks == {Role.FLAG: FLAG + 2}
    assert tab.rows[1].cells[FLAG + 2].seen == "DONE"


def test_a_workbook_that_was_never_saved() -> None:
    """It is read and its own columns are known, but no column is added, because its tabs have no lasting key yet."""
    book = open_book()
    book.sheets[0].impl.worksheet.append(["Action", "Owner"])
    book.sheets[0].impl.worksheet.append(["Paint", "Ana"])
    live = ExcelLive(book)
    seen = everything(live)
    assert [row.cells[1].seen for row in seen.tabs[0].rows] == ["Action", "Paint"]
    receipt = live.apply(changes(seen, [], [column(seen, at=3)]), seen)
    assert "save the workbook" in receipt.refused[0].reason
    assert everything(live) == seen


def test_called_from_excel(both: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calling workbook is found by xlwings through the arguments a macro gives, and through a mock; and it is the
    one that is read."""
    switch_on()
    name = both.book.name
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={name}", "--from_xl=1", "--app=", "--hwnd=1"])
    assert ExcelLive(xw.Book.caller()).titles()[0].name == "My plan's tab"
    monkeypatch.setattr(sys, "argv", ["-c"])
    monkeypatch.setattr(xw.Book, "_mock_caller", both.book, raising=False)
    assert ExcelLive(xw.Book.caller()).titles()[0].name == "My plan's tab"


def test_only_the_name_is_used(both: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the workbook was opened from is never asked: it may be a web address."""

    def ask(_book: object) -> str:
        raise AssertionError

    monkeypatch.setattr(xw.Book, "fullname", property(ask))
    assert flag_all(both, ["OVERDUE"] * 5).refused == ()


def test_a_card_without_a_stamp(both: Opened) -> None:
    """A press writes the plan's card and no stamp, in hidden names that the saved file holds as such."""
    seen = everything(both.live)
    card = json.dumps({"version": 1, "uid": "x" * 900, "tabs": ['the "plan"']})
    both.live.apply(replace(changes(seen, [], [column(seen)]), card=card), seen)
    left = everything(both.live)
    assert (left.card, left.stamp) == (card, None)
    both.book.app.impl.calls.clear()
    assert both.live.carried() == (None, card)
    assert not both.book.app.impl.calls
    both.book.save()
    assert everything(both.file).card == card
    names = openpyxl.load_workbook(both.file.path).defined_names
    assert {name: known.hidden for name, known in names.items()} == {
        "_sheets_sync.1.flag": True,
        "_sheets_sync.card": True,
    }


def test_where_people_stood_on_each_tab(both: Opened) -> None:
    """What was selected on the plan's tab is selected there again, also while another tab is looked at."""
    both.book.sheets[0].range((3, 2)).select()
    both.book.sheets["Notes"].activate()
    seen = everything(both.live)
    highlights = Structure(StructureKind.HIGHLIGHTS, seen.tabs[0].key, None, HighlightState((RED,)))
    both.live.apply(changes(seen, [], [column(seen), highlights]), seen)
    everything(both.live)
    assert both.book.sheets[0].impl.selection == ((3, 2), (3, 2))
    assert both.book.sheets.active.name == "Notes"


def test_a_column_moved_in_the_last_moment(both: Opened) -> None:
    """When our column moves after the last look and before the write, nothing is written."""
    from xlwings_engine.person import PersonAtOpenExcel

    flag_all(both, ["OVERDUE"] * 5)
    seen = everything(both.live)

    def push(line: str) -> None:
        if "tab: 1" in line:
            PersonAtOpenExcel(both.book).insert_columns("My plan's tab", 2)

    live = ExcelLive(both.book, progress=push, known=both.live.known)
    one = edit(seen, 2, text_value("DONE"), text_value("OVERDUE"))
    receipt = live.apply(changes(seen, [one], []), seen)
    assert [refused.what for refused in receipt.refused] == [one]
    tab = everything(both.live).tabs[0]
    assert [row.cells[FLAG + 1].seen for row in tab.rows] == ["Flag", *["OVERDUE"] * 5]


def test_highlights_keep_their_order(both: Opened) -> None:
    """Highlights come back in the order in which they apply, each as written for its own first row."""
    amber = HighlightRule("amber", (Area(3, 1, GRID_END, 1),), '(N("sheets-sync:amber")=0)*($G3="LATE")')
    for rules in ((amber, RED), (RED, amber)):
        seen = everything(both.live)
        had = HighlightState(seen.tabs[0].highlights) if seen.tabs[0].highlights else None
        structure = Structure(StructureKind.HIGHLIGHTS, seen.tabs[0].key, had, HighlightState(rules))
        assert both.live.apply(changes(seen, [], [structure]), seen).refused == ()
        assert everything(both.live).tabs[0].highlights == rules


def test_excel_fails_half_way(both: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before Excel refused is told as written, the rest as refused."""
    flag_all(both, ["OVERDUE"] * 5)
    seen = everything(both.live)
    native = both.book.app.engine.impl.native
    write, writes = native.write, []

    def fail_second(block: object, values: object) -> None:
        writes.append(values)
        if len(writes) == 2:
            raise ExcelRefusedError
        write(block, values)

    monkeypatch.setattr(native, "write", fail_second)
    edits = [edit(seen, row, text_value("DONE"), text_value("OVERDUE")) for row in (2, 3, 5, 6)]
    receipt = both.live.apply(changes(seen, edits, []), seen)
    assert receipt.applied == tuple(edits[:2])
    assert [refused.what for refused in receipt.refused] == edits[2:]
    tab = everything(both.live).tabs[0]
    assert [row.cells[FLAG].seen for row in tab.rows[1:]] == ["DONE", "DONE", "OVERDUE", "OVERDUE", "OVERDUE"]
    sheet = both.book.sheets[0].impl.worksheet
    assert {sheet.cell(row, FLAG).number_format for row in range(2, 7)} == {"General"}
