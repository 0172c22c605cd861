"""The package checker names every planted mistake around macros, code names and drawings."""

import re
from collections.abc import Callable, Mapping

import pytest
from button_samples import with_button
from writing_samples import SHEET, WORKBOOK, Sample, opened

from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.vba.project import without_modules

Parts = dict[str, bytes]
TYPES, LINKS = "/[Content_Types].xml", "/xl/_rels/workbook.xml.rels"
DRAWING, PROJECT = "/xl/drawings/drawing1.xml", "/xl/vbaProject.bin"


@pytest.fixture(scope="module")
def made() -> Package:
    """The sample with a button."""
    return Package.open(with_button(opened(Sample().data())), "plan.xlsm")


def replaced(part: str, old: bytes, new: bytes) -> Callable[[Package], Mapping[str, bytes]]:
    """A mistake: other bytes in one part."""

    def mistake(package: Package) -> Mapping[str, bytes]:
        content = package.read(part)
        assert old in content
        return {part: content.replace(old, new)}

    return mistake


def twice_related(package: Package) -> Mapping[str, bytes]:
    """A mistake: two relationships to macro projects."""
    xml = package.read(LINKS)
    found = re.search(rb'<Relationship [^>]*vbaProject"[^>]*/>', xml)
    assert found is not None
    return {LINKS: xml.replace(found[0], found[0] + re.sub(rb'Id="\w+"', b'Id="rId77"', found[0]))}


def without_our_module(package: Package) -> Mapping[str, bytes]:
    """A mistake: the button is left without its macro."""
    return {PROJECT: without_modules(package.read(PROJECT), ["SheetsSync"])}


def without_sheet_module(package: Package) -> Mapping[str, bytes]:
    """A mistake: a sheet's code name without a module."""
    return {PROJECT: without_modules(package.read(PROJECT), ["Sheet1"])}


MISTAKES = [
    pytest.param(replaced(TYPES, b"macroEnabled.main", b"main"), "declared as one without", id="workbook type"),
    pytest.param(
        replaced(TYPES, b"ms-office.vbaProject", b"ms-office.other"), "not declared as a macro", id="bin type"
    ),
    pytest.param(replaced(TYPES, b"drawing+xml", b"other+xml"), "not declared as a drawing", id="drawing type"),
    pytest.param(twice_related, "several macro projects", id="two projects"),
    pytest.param(replaced(SHEET, b'codeName="Sheet1"', b'codeName="thisworkbook"'), "given 2 times", id="code names"),
    pytest.param(replaced(SHEET, b'codeName="Sheet1"', b'codeName="1 st"'), "is not legal", id="illegal code name"),
    pytest.param(replaced(SHEET, b'codeName="Sheet1"', b'codeName="Sheet7"'), "has no module", id="other code name"),
    pytest.param(replaced(SHEET, b' codeName="Sheet1"', b""), "belongs to no sheet", id="stray document module"),
    pytest.param(without_sheet_module, "code name sheet1 has no module", id="missing document module"),
    pytest.param(without_our_module, "starts the macro SyncPlan, which is not there", id="macro gone"),
    pytest.param(replaced(DRAWING, b"[0]!SyncPlan", b"[0]!Sync"), "starts the macro Sync,", id="macro misspelled"),
    pytest.param(replaced(DRAWING, b"[0]!SyncPlan", b"[0]!Other.SyncPlan"), "Other.SyncPlan", id="macro elsewhere"),
    pytest.param(replaced(PROJECT, b"\xd0\xcf", b"\x00\x00"), "vbaProject.bin: cannot be read", id="damaged project"),
    pytest.param(replaced(SHEET, b'r:id="rId1"', b'r:id="rId8"'), "drawing has no relationship", id="drawing lost"),
    pytest.param(
        replaced(DRAWING, b"</xdr:wsDr>", b'<xdr:x><xdr:cNvPr id="2"/></xdr:x></xdr:wsDr>'),
        "shape 2 is there 2",
        id="ids",
    ),
    pytest.param(replaced(SHEET, b"</worksheet>", b"<drawing/></worksheet>"), "several drawings", id="two drawings"),
]


@pytest.mark.parametrize(("mistake", "words"), MISTAKES)
def test_a_planted_mistake_is_named(
    made: Package, mistake: Callable[[Package], Mapping[str, bytes]], words: str
) -> None:
    """Each mistake is told, and is new against the workbook without it only where the change made it."""
    wrong = Package.open(made.assemble(mistake(made)), "plan.xlsm")
    assert [complaint for complaint in check_package(None, wrong) if words in complaint]
    assert not [complaint for complaint in check_package(None, made) if words in complaint]


def test_what_was_wrong_before_is_not_told() -> None:
    """A macro that was missing before the change, and code names that were odd before, are other people's."""
    parts = {
        "xl/workbook.xml": str(Sample().parts()["xl/workbook.xml"]).replace(
            "<sheets>", "<workbookPr codeName='{1}'/><sheets>"
        )
    }
    before = opened(Sample(more=parts).data()).package
    after = Package.open(before.assemble({SHEET: before.read(SHEET).replace(b"A1:C3", b"A1:C4")}), "plan.xlsx")
    assert "not legal" in " ".join(check_package(None, before))
    assert check_package(before, after) == ()


def test_the_macros_are_looked_into_only_when_they_change(made: Package) -> None:
    """A missing macro is no complaint of a write that did not touch the macros."""
    wrong = Package.open(made.assemble(without_our_module(made)), "plan.xlsm")
    after = Package.open(wrong.assemble({WORKBOOK: wrong.read(WORKBOOK) + b"\n"}), "plan.xlsm")
    assert check_package(wrong, after) == ()
    assert "SyncPlan" in " ".join(check_package(made, wrong))
