"""Published plans of real institutions, unmodified. Every count was checked by eye against the file."""

from collections import Counter
from pathlib import Path

import pytest
from core.typed import columns, settings, unclear

from sheets_sync.core.model import Field
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.workbooks.memory import MemoryWorkbook
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles

pytestmark = pytest.mark.shared

ENGLISH = ((Field.ACTION, "action_en"), (Field.DUE, "deadline_text_en"))
FRENCH = ((Field.ACTION, "action_fr"), (Field.DUE, "deadline_text_fr"))


def excel(place: Path) -> Snapshot:
    """All tabs of an Excel file."""
    package = Package.open(place.read_bytes(), place.name)
    return read_snapshot(package, [title.key for title in read_titles(package)], "")


def csv(place: Path) -> Snapshot:
    """A CSV file as the only tab of a workbook."""
    workbook = MemoryWorkbook.of_csv({"Actions": place.read_text(encoding="utf-8")})
    return workbook.read([title.key for title in workbook.titles()])


def dues(plan: Plan) -> dict[str, int]:
    """How many due dates were read with which precision or not at all."""
    return dict(Counter(str(action.due.problem or action.due.precision) for action in plan.actions))


def statuses(plan: Plan) -> dict[str, int]:
    """How many actions have which status."""
    return dict(Counter(str(action.status.status) for action in plan.actions))


def test_us_federal_data_strategy(shared: Path) -> None:
    """The merged US plan: 38 done, 28 partial, ten deadlines that are no dates, its own ids kept."""
    found = parse_plan(excel(shared / "data/xlsx/fds2020_merged.xlsx"), settings())
    assert columns(found) == {
        "id": 1,
        "goal": 2,
        "action": 3,
        "done_when": 4,
        "due": 5,
        "owner": 7,
        "status": 10,
    }
    assert (len(found.actions), found.headings, found.findings, found.notes) == (66, (), (), ())
    assert statuses(found) == {"done": 38, "in_progress": 28}
    assert dues(found) == {"day": 56, "not_a_date": 10}
    assert (found.actions[0].key, found.actions[-1].key) == ("1.1", "20.1")
    assert {action.language for action in found.actions} == {"en"}
    assert Counter(action.due.date.isoformat() for action in found.actions if action.due.date)["2020-12-31"] == 26


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("fds2020_v1_2020-01-29", 65, {"day": 56, "not_a_date": 9}),
        ("fds2020_v2_2020-08-05_rescheduled", 66, {"day": 56, "not_a_date": 10}),
        ("fds2020_progress_2021-01-29", 66, {"day": 66}),
        ("fds2021_agency", 10, {"day": 4, "not_a_date": 6}),
        ("fds2021_shared", 11, {"day": 8, "not_a_date": 3}),
    ],
)
def test_versions_of_the_us_plan(shared: Path, name: str, rows: int, expected: dict[str, int]) -> None:
    """Each published version is understood by its own headers; blank deadlines count as days without a date."""
    found = parse_plan(csv(shared / f"data/01_us_federal_data_strategy/{name}.csv"), settings())
    assert (len(found.actions), dues(found)) == (rows, expected)


@pytest.mark.parametrize("name", ["canada_nap5", "canada_nap6"])
def test_canadas_plans_need_a_choice(shared: Path, name: str) -> None:
    """Three columns could be the action: nothing is read until one is chosen."""
    found = parse_plan(excel(shared / f"data/xlsx/{name}.xlsx"), settings())
    assert [facts["columns"] for facts in unclear(found)] == ['"milestone" (C1), "action_en" (D1), "action_fr" (E1)']
    assert found.layouts == ()


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("canada_nap5", 106, {"month": 49, "year": 17, "not_a_date": 40}),
        ("canada_nap6", 65, {"month": 12, "year": 13, "not_a_date": 40}),
    ],
)
def test_canadas_plans_with_a_choice(shared: Path, name: str, rows: int, expected: dict[str, int]) -> None:
    """Months and years are periods; seasons, "early", "ongoing" and double dates are none."""
    found = parse_plan(excel(shared / f"data/xlsx/{name}.xlsx"), settings(column_map=ENGLISH))
    assert (len(found.actions), dues(found), found.findings) == (rows, expected, ())
    assert columns(found)["owner"] == 9
    assert not found.can_say_done
    assert {action.language for action in found.actions} == {"en"}


def test_french_texts_have_no_lexicon(shared: Path) -> None:
    """The French column can be the action too, and no row of it is taken for English."""
    found = parse_plan(excel(shared / "data/xlsx/canada_nap5.xlsx"), settings(column_map=FRENCH))
    assert {action.language for action in found.actions} == {None}


def test_rust_project_goals(shared: Path) -> None:
    """A long list of tasks without dates or status: all of it is read, and nothing can be late."""
    found = parse_plan(excel(shared / "data/xlsx/rust_goals_actions.xlsx"), settings())
    assert columns(found) == {"goal": 1, "action": 3, "owner": 4, "note": 5}
    assert (len(found.actions), found.headings) == (1050, ())
    assert sum(not action.owner for action in found.actions) == 62
    assert (found.can_say_done, found.layouts[0].id_is_ours) == (False, True)
    assert {action.language for action in found.actions} == {"en"}


def test_known_exploited_vulnerabilities(shared: Path) -> None:
    """Headers in camel case; every one of 1,404 rows has an exact date."""
    found = parse_plan(csv(shared / "data/10_cisa_kev/known_exploited_vulnerabilities.csv"), settings())
    assert columns(found) == {"start": 5, "action": 7, "due": 8, "note": 10}
    assert (len(found.actions), dues(found)) == (1404, {"day": 1404})


@pytest.mark.parametrize(
    ("name", "tab", "header_row", "expected"),
    [
        ("117_review-checklists_sqldb_checklist.en", "Checklist", 7, "en"),
        ("115_review-checklists_adf_checklist.es", "Checklist", 7, "es"),
    ],
)
def test_checklists_of_the_corpus(shared: Path, name: str, tab: str, header_row: int, expected: str) -> None:
    """A checklist with titles above its header is a plan; its language is that of its rows."""
    found = parse_plan(excel(shared / f"excel-corpus/{name}.xlsx"), settings(tabs=(tab,)))
    assert found.layouts[0].header_row == header_row
    assert Counter(action.language for action in found.actions).most_common(1)[0][0] == expected


def test_no_workbook_of_the_corpus_raises(shared: Path) -> None:
    """Any workbook that can be opened gives a plan or says why not."""
    opened = 0
    for place in sorted((shared / "excel-corpus").glob("*.xls[xm]")):
        try:
            read = excel(place)
        except Exception:
            continue
        opened += 1
        found = parse_plan(read, settings())
        assert found.layouts or found.findings, place.name
    assert opened > 40
