"""A button on every tab of foreign workbooks: what is refused is known, nothing else changes, all can be taken out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from button_samples import button_tab, macros_by_oletools, with_button
from other_readers import READERS
from pyopenvba.integrity import check_file
from schema import schema_errors
from writing_samples import Opened, opened

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.macros.sources import workbook_modules
from sheets_sync.workbooks.ooxml.button import ButtonTab, button_cells, without_buttons
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.macro_part import WITH_MACROS, project_relation
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.splice import outline
from sheets_sync.workbooks.ooxml.zip_members import member_key
from sheets_sync.workbooks.vba.project import read_project

pytestmark = [pytest.mark.shared, pytest.mark.slow]

STRICT = "saved as Strict Open XML"
REFUSED = {
    "038_Open-XML-SDK_xl8galry.xlsx": STRICT,
    "030_Open-XML-SDK_OLE-O12-XL-OLE.xlsx": STRICT,
    "075_poi_duplicate-filename.xlsx": "two of its parts have the same name",
    "089_Open-XML-SDK_Revision_NameCommentChange.xlsx": "shared in the old way",
}
"""The workbooks of the corpus that get no button, with words of the reason."""
MADE = 52
HAVE_MACROS = {
    "016_xlwings_integration_write.xlsm",
    "022_ClosedXML_tdf111974.xlsm",
    "040_umya-spreadsheet_libre.xlsm",
    "044_xlwings_database.xlsm",
    "070_xlwings_engines.xlsm",
}
BACKSLASHES = "060_umya-spreadsheet_49609.xlsx"
"""Its parts have names with backslashes: another program sees a sheet's relationships, but not the sheet."""
ALLOWED = ("[content_types].xml", "workbook.xml", "workbook.xml.rels", "vbaproject.bin")
"""What may change or be new wherever it stands, beside sheets, their relationships and drawings."""


class Visit(NamedTuple):
    """One foreign workbook: as it was, with a button on every tab, and with the buttons taken out again."""

    name: str
    before: Opened
    tabs: tuple[ButtonTab, ...]
    after: Opened
    left: Opened


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> dict[str, Visit | str]:
    """Every workbook of the corpus with its visit, or why it gets no button."""
    return dict(_outcomes(shared / "excel-corpus"))


@pytest.fixture(scope="module")
def visits(outcomes: dict[str, Visit | str]) -> list[Visit]:
    """The workbooks that got their buttons."""
    return [one for one in outcomes.values() if isinstance(one, Visit)]


def _outcomes(folder: Path) -> Iterator[tuple[str, Visit | str]]:
    for path in sorted(folder.glob("*.xls[xm]")):
        try:
            before = opened(path.read_bytes(), path.name)
            tabs = tuple(button_tab(tab) for tab in before.seen.tabs)
            after = opened(with_button(before, tabs), path.name)
            yield path.name, Visit(path.name, before, tabs, after, opened(without_buttons(after.package), path.name))
        except WorkbookRefused as refusal:
            yield path.name, refusal.message if refusal.remedy else "without a way out"


def test_what_is_refused_is_known(outcomes: dict[str, Visit | str]) -> None:
    """Every workbook gets its buttons but for those with a reason."""
    refused = {name: one for name, one in outcomes.items() if isinstance(one, str)}
    assert refused.keys() == REFUSED.keys()
    assert not [name for name, reason in refused.items() if REFUSED[name] not in reason]
    assert len(outcomes) - len(refused) == MADE


def test_every_tab_has_its_button(visits: list[Visit]) -> None:
    """There is one button for each tab."""
    for visit in visits:
        assert len(button_cells(visit.after.package)) == len(visit.tabs), visit.name


def test_untouched_parts_keep_their_bytes(visits: list[Visit]) -> None:
    """Only the parts a button needs change or come, and no part goes."""
    for visit in visits:
        old, new = visit.before.package, visit.after.package
        sheets = {entry.part.lower() for entry in old.sheets if entry.part}
        changed = [part for part in new.parts if not old.has(part) or new.read(part) != old.read(part)]
        assert [part for part in old.parts if not new.has(part)] == [], visit.name
        for part in (part.lower().replace("\\", "/") for part in changed):
            known = part.rpartition("/")[2] in ALLOWED or part in sheets or "/drawings/drawing" in part
            assert known or part.removesuffix(".rels").replace("/_rels/", "/") in sheets, (visit.name, part)


def test_schema(visits: list[Visit], shared: Path) -> None:
    """No changed or new part has a schema error that it did not have before, with the buttons and without them."""
    validated = 0
    for visit in visits:
        for book in (visit.after.package, visit.left.package):
            for part in book.parts:
                folder = part.lower().replace("\\", "/")
                is_xml = folder.endswith("workbook.xml") or ("sheet" in folder or "/drawings/d" in folder)
                if not is_xml or not folder.endswith(".xml"):
                    continue
                before = visit.before.package.read(part) if visit.before.package.has(part) else b""
                if book.read(part) != before:
                    validated += 1
                    known = schema_errors(before, shared / "ooxml-xsd") if before else frozenset()
                    assert schema_errors(book.read(part), shared / "ooxml-xsd") <= known, (visit.name, part)
    assert validated > 400


def test_nothing_to_repair(visits: list[Visit]) -> None:
    """The checker finds nothing that was not there before, with the buttons and without them."""
    for visit in visits:
        assert check_package(visit.before.package, visit.after.package) == (), visit.name
        assert check_package(visit.before.package, visit.left.package) == (), visit.name


@pytest.mark.parametrize("program", READERS)
def test_other_programs_see_the_same(visits: list[Visit], program: str) -> None:
    """Another reader that can open the workbook sees every cell as before."""
    compared = 0
    for visit in visits:
        try:
            old = READERS[program](visit.before.package.data)
        except Exception:
            continue
        assert READERS[program](visit.after.package.data) == old, visit.name
        compared += 1
    assert compared > 40


def test_macros_are_read_back(visits: list[Visit]) -> None:
    """oletools reads our module as it was put in, beside the modules that were there, which say what they said."""
    assert {visit.name for visit in visits if project_relation(visit.before.package)} == HAVE_MACROS
    ours = {module.name: module.source.splitlines() for module in workbook_modules()}
    for visit in visits:
        after = macros_by_oletools(visit.after.package)
        for name, lines in ours.items():
            assert after[name][1:] == lines, visit.name
        if visit.name in HAVE_MACROS:
            before = macros_by_oletools(visit.before.package)
            assert before.items() <= after.items(), visit.name


def test_another_checker_is_content(visits: list[Visit], tmp_path: Path) -> None:
    """pyOpenVBA finds nothing wrong in a workbook with our buttons that it did not find without them."""
    found = {}
    for visit in visits:
        if visit.name == BACKSLASHES:
            continue
        issues = []
        for book, name in ((visit.before, "before.xlsx"), (visit.after, "after.xlsm")):
            (tmp_path / name).write_bytes(book.package.data)
            issues.append({str(issue).replace(name, "") for issue in check_file(tmp_path / name).issues})
        found[visit.name] = issues[1] - issues[0]
    assert {name: new for name, new in found.items() if new} == {}


def test_a_second_time_changes_nothing(visits: list[Visit]) -> None:
    """Where the buttons are, nothing is done, and where they were taken out, nothing is taken out."""
    for visit in visits:
        assert with_button(visit.after, visit.tabs) == visit.after.package.data, visit.name
        assert without_buttons(visit.left.package) == visit.left.package.data, visit.name


def test_taken_out_all_is_as_it_was(visits: list[Visit]) -> None:
    """Every part is what it was, but for code names and the kind of workbook, which stay; macros of others say what
    they said."""
    for visit in visits:
        old, new = visit.before.package, visit.left.package
        assert sorted(map(str.lower, old.parts)) == sorted(map(str.lower, new.parts)), visit.name
        for part in old.parts:
            if part.lower().endswith("vbaproject.bin"):
                assert read_project(old.read(part)) == read_project(new.read(part)), visit.name
            elif part.lower() == "/[content_types].xml":
                assert declared(new) == declared(old) | {member_key(old.workbook_part): WITH_MACROS}, visit.name
            elif new.read(part) != old.read(part):
                assert without_code_names(new.read(part)) == without_code_names(old.read(part)), (visit.name, part)


def declared(package: Package) -> dict[str, str]:
    """What the content types say of single parts."""
    nodes = outline(package.read("/[Content_Types].xml"), 1)
    entries = [node.attributes for node in nodes if node.name == "Override"]
    return {member_key(entry["PartName"]): entry["ContentType"] for entry in entries}


def without_code_names(xml: bytes) -> bytes:
    """A part without code names, and without elements that hold nothing; an empty drawing in one tag."""
    text = re.sub(rb'\s+codeName="[^"]*"|\s+(?=/>)', b"", xml)
    text = re.sub(rb"<(?:\w+:)?(?:sheetPr|workbookPr|definedNames)/>", b"", text)
    return re.sub(rb"></xdr:wsDr>$", b"/>", text)
