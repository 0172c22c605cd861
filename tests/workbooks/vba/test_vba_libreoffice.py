"""LibreOffice opens a workbook with a macro project of ours and has its macros."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from macro_samples import CLASS, MACRO, OURS, PLAN, WHEEL, project_in, xlwings_module
from pyopenvba import check_file

from sheets_sync.workbooks.vba.project import new_project, with_modules

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><workbookPr codeName="ThisWorkbook"/>'
        '<sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{KINDS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
        "</Relationships>"
    ),
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetPr codeName="Sheet1"/><sheetData/></worksheet>',
}


@pytest.fixture(scope="module")
def office() -> str:
    """The LibreOffice program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    return program


def workbook(path: Path, project: bytes) -> Path:
    """A small workbook with this macro project."""
    with zipfile.ZipFile(path, "w") as package:
        for name, text in PARTS.items():
            package.writestr(name, text)
        package.writestr("xl/vbaProject.bin", project)
    return path


def macros(office: str, folder: Path, books: list[Path]) -> dict[str, dict[str, str]]:
    """The source of every module that LibreOffice imports, by the workbook's name and the module's."""
    words = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "ods"]
    subprocess.run(
        [*words, "--outdir", str(folder / "out"), *map(str, books)], check=True, capture_output=True, timeout=240
    )
    found = {}
    for book in books:
        with zipfile.ZipFile(folder / "out" / f"{book.stem}.ods") as package:
            modules = [name for name in package.namelist() if name.startswith("Basic/") and "script-" not in name]
            parser = etree.XMLParser(load_dtd=False, no_network=True)
            found[book.stem] = {
                Path(name).stem: etree.fromstring(package.read(name), parser).text or "" for name in modules
            }
    return found


def test_libreoffice_has_the_macros(office, tmp_path):
    """A new project and an edited one of somebody else are imported with every module and its source."""
    new = workbook(tmp_path / "new.xlsm", new_project((*PLAN, xlwings_module())))
    edited = workbook(tmp_path / "edited.xlsm", with_modules(project_in(WHEEL / "quickstart_standalone.xlsm"), OURS))
    assert check_file(new).ok
    found = macros(office, tmp_path, [new, edited])
    assert found["new"].keys() == {*(module.name for module in PLAN), "xlwings"}
    assert found["edited"].keys() >= {MACRO.name, CLASS.name, "xlwings", "Dictionary", "Module1"}
    for book in found.values():
        assert 'MsgBox "caf\u00e9"' in book[MACRO.name]
        assert "Public Key As String" in book[CLASS.name]
        assert "RunPython" in book["xlwings"]
