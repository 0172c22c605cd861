"""Foreign workbooks from many programs: each is read, or refused with a reason; what is seen is what others see."""

from pathlib import Path

import pytest
from foreign_values import differences_to_calamine, differences_to_openpyxl
from reading_samples import snapshot_of

from sheets_sync.core.cells import CellTrouble, Kind
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import WorkbookRefused

pytestmark = pytest.mark.shared

OUTCOMES = {
    "002": "2 tabs, 20 rows, 191 cells, 96 formulas, 0 troubles",
    "004": "2 tabs, 20 rows, 191 cells, 96 formulas, 0 troubles",
    "006": "2 tabs, 18 rows, 50 cells, 12 formulas, 0 troubles",
    "008": "1 tabs, 6 rows, 12 cells, 5 formulas, 0 troubles",
    "010": "2 tabs, 8 rows, 8 cells, 0 formulas, 0 troubles",
    "013": "10 tabs, 131 rows, 543 cells, 197 formulas, 1 troubles",
    "016": "6 tabs, 40 rows, 91 cells, 7 formulas, 0 troubles",
    "019": "1 tabs, 1 rows, 1 cells, 1 formulas, 0 troubles",
    "022": "8 tabs, 326 rows, 3058 cells, 527 formulas, 0 troubles",
    "024": "3 tabs, 23 rows, 95 cells, 0 formulas, 0 troubles",
    "026": "3 tabs, 163 rows, 3369 cells, 0 formulas, 0 troubles",
    "028": "4 tabs, 49 rows, 202 cells, 80 formulas, 0 troubles",
    "030": "3 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles",
    "032": "2 tabs, 8 rows, 32 cells, 0 formulas, 0 troubles",
    "034": "1 tabs, 2 rows, 17 cells, 0 formulas, 0 troubles",
    "036": "6 tabs, 72 rows, 566 cells, 218 formulas, 0 troubles",
    "038": "0 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles",
    "040": "7 tabs, 30 rows, 72 cells, 3 formulas, 0 troubles",
    "042": "1 tabs, 4 rows, 4 cells, 1 formulas, 1 troubles",
    "044": "3 tabs, 48 rows, 69 cells, 0 formulas, 0 troubles",
    "046": "1 tabs, 5 rows, 30 cells, 0 formulas, 0 troubles",
    "048": "1 tabs, 17 rows, 35 cells, 8 formulas, 8 troubles",
    "050": "3 tabs, 8 rows, 34 cells, 3 formulas, 0 troubles",
    "052": "2 tabs, 5 rows, 10 cells, 0 formulas, 0 troubles",
    "054": "1 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles",
    "057": "5 tabs, 567 rows, 977 cells, 89 formulas, 0 troubles",
    "060": "2 tabs, 78 rows, 7566 cells, 0 formulas, 0 troubles",
    "062": "2 tabs, 9 rows, 48 cells, 0 formulas, 0 troubles",
    "064": "5 tabs, 5028 rows, 37696 cells, 7274 formulas, 0 troubles",
    "066": "2 tabs, 7 rows, 14 cells, 0 formulas, 0 troubles",
    "068": "3 tabs, 1 rows, 1 cells, 0 formulas, 0 troubles",
    "070": "3 tabs, 14 rows, 33 cells, 1 formulas, 0 troubles",
    "073": "1 tabs, 4 rows, 4 cells, 0 formulas, 0 troubles",
    "075": "the workbook is not safe to open: two of its parts have the same name and different content",
    "077": "1 tabs, 15 rows, 465 cells, 0 formulas, 0 troubles",
    "079": "2 tabs, 722 rows, 2164 cells, 1440 formulas, 0 troubles",
    "081": "3 tabs, 7 rows, 42 cells, 0 formulas, 0 troubles",
    "083": "3 tabs, 1 rows, 1 cells, 0 formulas, 0 troubles",
    "085": "1 tabs, 1 rows, 1 cells, 0 formulas, 0 troubles",
    "087": "1 tabs, 2 rows, 4 cells, 2 formulas, 0 troubles",
    "089": "3 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles; not written",
    "091": "1 tabs, 2 rows, 2 cells, 0 formulas, 2 troubles",
    "093": "1 tabs, 14 rows, 172 cells, 2 formulas, 0 troubles",
    "095": "3 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles",
    "097": "2 tabs, 46 rows, 178 cells, 41 formulas, 0 troubles",
    "099": "3 tabs, 6 rows, 8 cells, 2 formulas, 0 troubles",
    "101": "2 tabs, 14 rows, 25 cells, 1 formulas, 0 troubles",
    "103": "1 tabs, 2 rows, 16 cells, 0 formulas, 0 troubles",
    "105": "1 tabs, 1037 rows, 14514 cells, 0 formulas, 0 troubles",
    "107": "7 tabs, 72 rows, 199 cells, 33 formulas, 1 troubles",
    "109": "1 tabs, 0 rows, 0 cells, 0 formulas, 0 troubles",
    "111": "1 tabs, 3 rows, 9 cells, 2 formulas, 2 troubles",
    "113": "2 tabs, 53 rows, 357 cells, 0 formulas, 0 troubles",
    "115": "2 tabs, 17 rows, 98 cells, 0 formulas, 0 troubles",
    "117": "2 tabs, 64 rows, 451 cells, 0 formulas, 0 troubles",
    "119": "2 tabs, 39 rows, 168 cells, 0 formulas, 0 troubles",
}

BLIND_OPENPYXL = {"028", "030", "046", "060"}
"""Cannot load them, or (strict dialect) loads no tab."""
SLOW_IN_OPENPYXL = {"022", "057", "064"}
BLIND_CALAMINE = {"022"}
"""Cannot load a workbook that lists an old macro module."""
KNOWN = {
    ("057", "Handlungsanweisung", (1, 1)): "openpyxl shows a link's address in its empty cell",
    ("107", "Sheet1", (30, 2)): "openpyxl does not know the built-in date format 58",
}


def outcome(snapshot: Snapshot) -> str:
    cells = [cell for tab in snapshot.tabs for row in tab.rows for cell in row.cells.values()]
    formulas = sum(cell.literal.kind is Kind.FORMULA for cell in cells)
    troubles = sum(isinstance(cell.seen, CellTrouble) for cell in cells)
    rows = sum(len(tab.rows) for tab in snapshot.tabs)
    parts = [f"{len(snapshot.tabs)} tabs", f"{rows} rows", f"{len(cells)} cells", f"{formulas} formulas"]
    return ", ".join([*parts, f"{troubles} troubles"]) + ("; not written" if snapshot.refusal else "")


def read_or_reason(workbook: bytes, *, canonical: bool) -> Snapshot | str:
    """What was read, or the reason of the refusal."""
    try:
        return snapshot_of(workbook, canonical=canonical)
    except WorkbookRefused as refusal:
        return refusal.message.removeprefix("plan.xlsx: ")


def corpus_file(shared: Path, number: str) -> Path:
    (found,) = (shared / "excel-corpus").glob(f"{number}_*.xls*")
    return found


def test_every_file_of_the_corpus_has_a_known_outcome(shared: Path) -> None:
    """No file is forgotten here."""
    assert {file.name[:3] for file in (shared / "excel-corpus").glob("*.xls*")} == set(OUTCOMES)


@pytest.mark.parametrize("number", OUTCOMES)
def test_a_foreign_workbook_is_read_or_refused_with_its_reason(shared: Path, number: str) -> None:
    """What is found in each file is pinned, and the fast way finds the same as the parser."""
    workbook = corpus_file(shared, number).read_bytes()
    found = [read_or_reason(workbook, canonical=canonical) for canonical in (True, False)]
    assert found[0] == found[1]
    assert (outcome(found[0]) if isinstance(found[0], Snapshot) else found[0]) == OUTCOMES[number]


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=pytest.mark.slow if number in SLOW_IN_OPENPYXL else ())
        for number in sorted(OUTCOMES.keys() - BLIND_OPENPYXL - {"075"})
    ],
)
def test_openpyxl_sees_the_same(shared: Path, number: str) -> None:
    """Values, dates, errors, formulas and missing results equal openpyxl's, cell by cell."""
    workbook = corpus_file(shared, number).read_bytes()
    found = differences_to_openpyxl(workbook, snapshot_of(workbook).tabs)
    assert [difference for difference in found if (number, *difference[:2]) not in KNOWN] == []


@pytest.mark.parametrize("number", sorted(OUTCOMES.keys() - BLIND_CALAMINE - {"075"}))
def test_calamine_sees_the_same(shared: Path, number: str) -> None:
    """Values and dates equal calamine's, cell by cell."""
    workbook = corpus_file(shared, number).read_bytes()
    assert list(differences_to_calamine(workbook, snapshot_of(workbook).tabs)) == []


@pytest.mark.parametrize("name", ["canada_nap5", "canada_nap6", "fds2020_merged", "rust_goals_actions"])
def test_real_plans_are_read_the_same_by_all(shared: Path, name: str) -> None:
    """Public action plans read alike in three readers."""
    workbook = (shared / "data" / "xlsx" / f"{name}.xlsx").read_bytes()
    tabs = snapshot_of(workbook).tabs
    assert tabs[0].rows
    assert list(differences_to_openpyxl(workbook, tabs)) == []
    assert list(differences_to_calamine(workbook, tabs)) == []
