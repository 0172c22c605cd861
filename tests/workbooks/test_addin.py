"""The add-in as bytes, part by part: nothing of it was made or opened by Excel."""

import io
import os
import shutil
import subprocess
import warnings
import zipfile

import pytest
from lxml import etree
from pyopenvba.integrity import check_file
from pyopenvba.interpreter import parse_module

from sheets_sync.words.button_words import LANGUAGES, button_words
from sheets_sync.workbooks.macros.addin import FILE_NAME, PROJECT_NAME, RIBBON_PART, addin_bytes
from sheets_sync.workbooks.macros.ribbon import BUTTONS
from sheets_sync.workbooks.macros.sources import RIBBON_MODULE, addin_modules, is_current
from sheets_sync.workbooks.vba.project import read_project

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
LINK = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
RIBBON_LINK = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    """Every part by its name."""
    with zipfile.ZipFile(io.BytesIO(addin_bytes("en"))) as package:
        assert package.testzip() is None
        assert len(package.namelist()) == len(set(package.namelist()))
        return {name: package.read(name) for name in package.namelist()}


def test_the_same_bytes_come_out_every_time():
    """No time, no chance and no path is in it: whoever makes it gets the file whose hash is told."""
    assert addin_bytes("en") == addin_bytes("en")
    assert addin_bytes("en") != addin_bytes("pt")


def test_every_part_has_a_content_type_and_every_type_a_part(parts):
    """[Content_Types].xml names what is there and nothing else, and the workbook is an add-in with macros."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    named = {one.get("PartName").lstrip("/"): one.get("ContentType") for one in types.iter(f"{TYPES}Override")}
    defaults = {one.get("Extension") for one in types.iter(f"{TYPES}Default")}
    assert named.keys() <= parts.keys()
    for name in parts.keys() - named.keys() - {"[Content_Types].xml"}:
        assert name.rpartition(".")[2] in defaults
    assert named["xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert named["xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"


def test_every_relation_leads_to_a_part(parts):
    """And every part is reached: from the root the workbook, the ribbon and the properties, from there the rest."""
    reached = {"[Content_Types].xml"}
    for name in [name for name in parts if name.endswith(".rels")]:
        folder = name.partition("_rels/")[0]
        links = list(etree.fromstring(parts[name]).iter(LINK))
        assert len({link.get("Id") for link in links}) == len(links)
        reached |= {name, *(folder + link.get("Target") for link in links)}
        if not folder:
            assert (RIBBON_LINK, RIBBON_PART) in {(link.get("Type"), link.get("Target")) for link in links}
    assert reached == parts.keys()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("part", "schema"),
    [
        ("xl/workbook.xml", "sml.xsd"),
        ("xl/worksheets/sheet1.xml", "sml.xsd"),
        ("xl/styles.xml", "sml.xsd"),
        ("docProps/app.xml", "shared-documentPropertiesExtended.xsd"),
    ],
)
def test_parts_keep_their_schema(parts, shared, part, schema):
    """ECMA-376, transitional."""
    checked = etree.XMLSchema(etree.parse(str(shared / "ooxml-xsd" / schema)))
    assert checked.validate(etree.fromstring(parts[part])), checked.error_log


def test_code_names_and_modules_fit_together(parts):
    """The workbook and its sheet have a code name each and a module of that name; the project has its own name."""
    workbook, sheet = etree.fromstring(parts["xl/workbook.xml"]), etree.fromstring(parts["xl/worksheets/sheet1.xml"])
    names = {element.get("codeName") for element in (*workbook, *sheet) if element.get("codeName")}
    project = read_project(parts["xl/vbaProject.bin"])
    assert [module.name for module in project.modules] == ["ThisWorkbook", "Sheet1", "SheetsSync", RIBBON_MODULE]
    assert names == {"ThisWorkbook", "Sheet1"}
    assert project.name == PROJECT_NAME
    assert all(is_current(module) for module in project.modules[2:])


def test_every_button_of_the_ribbon_runs_a_macro_that_is_there(parts):
    """Each callback is a public Sub with one argument in the module it names, and each action has its button."""
    buttons = list(etree.fromstring(parts[RIBBON_PART]).iter(f"{RIBBON}button"))
    source = next(module.source for module in addin_modules() if module.name == RIBBON_MODULE)
    routines = {found.name: found for found in parse_module(source, name=RIBBON_MODULE).procedures}
    assert len(buttons) == len(BUTTONS) == 6
    assert len({button.get("id") for button in buttons}) == 6
    for button in buttons:
        module, _, routine = button.get("onAction").partition(".")
        assert module == RIBBON_MODULE
        assert len(routines[routine].params) == 1
        assert button.get("imageMso")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ribbon_speaks_each_language(language):
    """The labels are those of the catalogue, accents and all."""
    with zipfile.ZipFile(io.BytesIO(addin_bytes(language))) as package:
        root = etree.fromstring(package.read(RIBBON_PART))
    words = button_words(language).ribbon
    assert root.find(f".//{RIBBON}tab").get("label") == words["tab"].name
    labels = [button.get("label") for button in root.iter(f"{RIBBON}button")]
    assert labels == [words[one.action].name for one in BUTTONS]
    assert all(button.get("supertip") for button in root.iter(f"{RIBBON}button"))


def test_others_read_the_source_back(tmp_path):
    """olevba finds our modules word for word and no keyword of the kind that runs by itself; pyOpenVBA finds nothing
    amiss in the package and compiles each module."""
    file = tmp_path / FILE_NAME
    file.write_bytes(addin_bytes("en"))
    report = check_file(file)
    assert report.complete
    assert not report.issues
    parser = VBA_Parser(str(file))
    found = {name.rpartition(".")[0]: code.replace("\r\n", "\n") for _, _, name, code in parser.extract_macros()}
    automatic = [keyword for kind, keyword, _ in parser.analyze_macros() if kind == "AutoExec"]
    parser.close()
    for module in addin_modules():
        assert found[module.name].endswith(module.source)
        parse_module(found[module.name], name=module.name)
    assert not automatic


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_it(tmp_path):
    """A program that is not Excel opens the package and finds the project with its modules."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    (tmp_path / FILE_NAME).write_bytes(addin_bytes("en"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    as_excels = "--infilter=Calc MS Excel 2007 VBA XML"  # it does not know the ending of add-ins by itself
    words = [office, profile, "--headless", as_excels, "--convert-to", "ods", "--outdir", str(tmp_path / "out")]
    subprocess.run([*words, str(tmp_path / FILE_NAME)], check=True, capture_output=True, timeout=180)
    with zipfile.ZipFile(tmp_path / "out" / "sheets-sync.ods") as opened:
        for module in addin_modules():
            read = opened.read(f"Basic/{PROJECT_NAME}/{module.name}.xml").decode()
            assert "Public Sub S" in read
