"""What stands in a starter workbook, and whether the rest of the program understands it without being told anything."""

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from starter.conftest import COMBINATIONS, DAYS, HOLIDAYS, SUNDAY

from sheets_sync.core.history import History
from sheets_sync.core.model import Field, Flag, Status
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.run.look import Look, look
from sheets_sync.starter.look import HEADER_ROOM, LAST_ROW
from sheets_sync.starter.methods import Kind, Method, tabs_of
from sheets_sync.starter.words import LANGUAGES, starter_words
from sheets_sync.starter.workbook import Starter, make_starter
from sheets_sync.words.enums import is_high_priority, verdict
from sheets_sync.words.statuses import status_name
from sheets_sync.words.tab_names import other_tab, people_column
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package

combinations = pytest.mark.parametrize(("method", "language"), COMBINATIONS)
languages = pytest.mark.parametrize("language", LANGUAGES)
LISTED = (Kind.STATUS, Kind.PERSON, Kind.PRIORITY, Kind.VERDICT, Kind.GOAL, Kind.KPI, Kind.PROBLEM)
SCHEMA_PARTS = ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/", "xl/tables/")
COLUMNS = {
    Method.SIMPLE: "action done_when owner start due status done_on priority note",
    Method.FIVE_W_TWO_H: "action why where due owner next_step cost status done_when note",
    Method.A3: "action problem done_when owner start due status done_on effective verified_on note",
    Method.OKR: "action goal kpi done_when owner start due status progress priority note",
}


def judged(file: Path, language: str = "en", *, day: dt.date = SUNDAY) -> Look:
    """The workbook as a run on the day it was made would judge it."""
    settings = PlanSettings("p-1", language=language, timezone="Europe/Lisbon", calendar=DAYS)
    now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    return look(ExcelFile(file, backups=file.parent), settings, History(), as_of=day, now=now)


@combinations
def test_every_header_is_understood_without_a_word(starters, method, language):
    """Of several tabs that of the actions is the plan, and each of its columns is what it was meant to be."""
    plan = judged(starters[method, language], language).judgement.plan
    (layout,) = plan.layouts
    assert layout.name == starter_words(language).tabs["actions"]
    assert layout.language == language
    assert {str(field): column for field, column in layout.columns} == {
        name: place for place, name in enumerate(COLUMNS[method].split(), start=1)
    }
    assert len(layout.headers) == len(layout.columns)


@combinations
def test_the_examples_are_well_written_actions(starters, method, language):
    """Nothing at all is found in the untouched examples: one is soon due, one under way, one not begun."""
    judgement = judged(starters[method, language], language).judgement
    assert not judgement.findings
    assert not judgement.plan_findings
    assert [assessment.flag for assessment in judgement.assessments] == [Flag.DUE_SOON, Flag.ON_TRACK, Flag.PLANNED]
    assert {action.language for action in judgement.plan.actions} <= {language, ""}


@combinations
def test_the_examples_are_told_apart_and_their_owners_listed(starters, method, language):
    """Each example says in its note that it is one, and its owner stands in the People tab, who has an address that
    can reach nobody."""
    book = load_workbook(starters[method, language])
    mark = starter_words(language).example_mark
    people = book[starter_words(language).tabs["people"]]
    listed = {row[0].value: row[1].value for row in people.iter_rows(min_row=2, max_row=4)}
    assert all(address.endswith("@example.com") for address in listed.values())
    assert {action.owner for action in judged(starters[method, language]).judgement.plan.actions} <= listed.keys()
    for sheet in book.worksheets[:-1]:
        rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
        assert rows
        assert all(row[-1] == mark for row in rows)
        (rule, *_) = next(iter(sheet.conditional_formatting)).rules
        assert f'="{mark}"' in rule.formula[0]


def test_dates_are_working_days_around_the_day_given(starters):
    """Neither weekends nor holidays are due dates: five working days after a Sunday, past a holiday, is a Monday."""
    days = {
        cell.value.date()
        for file in starters.values()
        for sheet in load_workbook(file).worksheets
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, dt.datetime)
    }
    assert days
    assert all(day.isoweekday() <= 5 and day not in HOLIDAYS for day in days)
    due = {action.due.date for action in judged(starters[Method.SIMPLE, "en"]).judgement.plan.actions}
    assert min(due) == dt.date(2026, 11, 30)


@pytest.mark.parametrize("later", range(1, 8))
def test_nothing_is_found_on_any_day_of_the_week(tmp_path, later):
    """Made on a Monday or on a Saturday, the untouched examples have no finding and the same flags."""
    file, day = tmp_path / "plan.xlsx", SUNDAY + dt.timedelta(days=later)
    make_starter(file, Starter(Method.OKR, "en", day, Calendar(DAYS)))
    judgement = judged(file, day=day).judgement
    assert not judgement.findings
    assert [assessment.flag for assessment in judgement.assessments] == [Flag.DUE_SOON, Flag.ON_TRACK, Flag.PLANNED]


@combinations
def test_drop_downs_offer_what_is_there(starters, method, language):
    """A list of words is short enough for Excel, a list from a tab names a tab that exists, and both reach below the
    rows that are there."""
    book = load_workbook(starters[method, language])
    for sheet, tab in zip(book.worksheets, tabs_of(method), strict=False):
        areas = [(next(iter(rule.sqref.ranges)), rule) for rule in sheet.data_validations.dataValidation]
        assert all(area.max_row == LAST_ROW for area, _ in areas)
        rules = {area.min_col: rule for area, rule in areas}
        for number, column in enumerate(tab.columns, start=1):
            if column.kind in LISTED:
                assert rules[number].type == "list"
        for rule in rules.values():
            if rule.type == "date":
                assert rule.errorStyle == "warning"
                continue
            assert not rule.showErrorMessage
            if rule.formula1.startswith('"'):
                assert len(rule.formula1) <= 255
            else:
                assert rule.formula1.split("'")[1] in book.sheetnames


@combinations
def test_texts_have_room(starters, method, language):
    """Headers fit beside the button of the filter, and no cell needs more than the two lines its row has."""
    for sheet in load_workbook(starters[method, language]).worksheets[:-1]:
        for row in sheet.iter_rows():
            for cell in row:
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                if cell.row == 1:
                    assert width >= len(cell.value) + HEADER_ROOM
                elif isinstance(cell.value, str):
                    assert len(cell.value) <= 2 * (width - 2), cell.value


@combinations
def test_each_tab_is_a_table_ready_to_be_printed(starters, method, language):
    """Header frozen and repeated, rows banded, landscape and one page wide; the last tab explains in a dozen lines."""
    *tabs, how_to = load_workbook(starters[method, language]).worksheets
    for sheet, plan in zip(tabs, tabs_of(method), strict=True):
        (table,) = sheet.tables.values()
        assert table.ref == f"A1:{get_column_letter(len(plan.columns))}{plan.rows + 1}"
        assert table.tableStyleInfo.showRowStripes
        assert sheet.freeze_panes == "B2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    lines = [how_to.cell(row, 2).value for row in range(3, how_to.max_row + 1)]
    assert 10 <= len(lines) <= 15
    assert not [line for line in lines if "{" in line or len(line) > 230]
    assert any("sheets-sync check" in line for line in lines)


@languages
def test_the_lists_hold_words_that_are_understood(language):
    """Statuses, the first priority and verdicts mean to the program what they mean to people, in every language."""
    words = starter_words(language)
    names = [status_name(word) for word in words.lists["status"]]
    order = ["proposed", "planned", "in_progress", "blocked", "on_hold", "done", "verified", "cancelled"]
    assert names == [str(Status(name)) for name in order]
    assert [is_high_priority(word) for word in words.lists["priority"]] == [True, False, False]
    assert [verdict(word) for word in words.lists["verdict"]] == ["yes", "partly", "no"]


@languages
def test_tabs_and_their_columns_go_by_known_names(language):
    """The other tabs are recognised by their names, and what the People tab holds by its headers."""
    words = starter_words(language)
    for key in ("goals", "kpis", "problems", "people"):
        assert other_tab(words.tabs[key]) == key
    headers = words.headers["people"]
    for column in ("name", "email", "leader", "away"):
        assert people_column(headers[column]) == column


@languages
def test_every_language_says_everything(language):
    """Each language has the same words as English, and none is left blank."""

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        if isinstance(value, tuple | list):
            return [shape(inner) for inner in value]
        assert value != ""
        return type(value)

    here, english = starter_words(language), starter_words("en")
    for name in ("tabs", "file_names", "headers", "method_headers", "lists", "examples", "actions", "explained"):
        assert shape(getattr(here, name)) == shape(getattr(english, name)), name
    for name in ("explained_by_method", "closing"):
        assert shape(getattr(here, name)) == shape(getattr(english, name)), name


def test_a_file_that_is_there_is_never_touched(tmp_path, starters):
    """Not even an empty file of that name is replaced."""
    there = tmp_path / "there.xlsx"
    there.write_bytes(b"")
    with pytest.raises(FileExistsError):
        make_starter(there, Starter(Method.SIMPLE, "en", SUNDAY, Calendar(DAYS)))
    assert there.read_bytes() == b""


def test_the_package_has_no_fault(starters):
    """Our own checker of workbooks has nothing to say of any of them."""
    for file in starters.values():
        assert check_package(None, Package.open(file.read_bytes(), file.name)) == ()


@pytest.mark.shared
@combinations
def test_every_part_fits_the_schema(starters, method, language, shared, monkeypatch):
    """The schema of the standard has no complaint about workbook, styles, tabs and tables."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "workbooks" / "ooxml"))
    from schema import schema_errors

    package = Package.open(starters[method, language].read_bytes(), "plan.xlsx")
    parts = [name for name in package.parts if name.lstrip("/").startswith(SCHEMA_PARTS) and "_rels" not in name]
    assert len(parts) > len(tabs_of(method)) * 2
    for name in parts:
        assert not schema_errors(package.read(name), shared / "ooxml-xsd"), name


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_them(starters, tmp_path):
    """LibreOffice reads header and examples of the plan in every language."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(starters[method, language]) for method, language in COMBINATIONS]
    words = [office, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir"]
    subprocess.run([*words, str(out), *files], check=True, capture_output=True, timeout=240)
    for method, language in COMBINATIONS:
        text = (out / f"{method}-{language}.csv").read_text("utf-8")
        assert text.splitlines()[0].startswith(starter_words(language).header("actions", Field.ACTION, method))
        assert text.count(starter_words(language).example_mark) == 3
