"""LibreOffice opens workbooks with our button, shows the same cells, and lets the button start our macro."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from button_samples import with_button
from lxml import etree
from writing_samples import Sample, opened

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]

SCRIPT = "vnd.sun.star.script:VBAProject.SheetsSync.SyncPlan?language=Basic&location=document"
LISTENER = "{urn:oasis:names:tc:opendocument:xmlns:script:1.0}event-listener"
LINK = "{http://www.w3.org/1999/xlink}href"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
SHAPE = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}custom-shape"
NAME = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}name"
CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"
FOREIGN = (
    "107_umya-spreadsheet_aaa.xlsx",
    "016_xlwings_integration_write.xlsm",
    "093_ClosedXML_multi-table.xlsx",
    "117_review-checklists_sqldb_checklist.en.xlsx",
)


@pytest.fixture(scope="module")
def office() -> str:
    """The LibreOffice program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    return program


def documents(office: str, folder: Path, books: dict[str, bytes]) -> dict[str, etree._Element]:
    """Each workbook as LibreOffice understands it, as one flat document, by name."""
    source, target = folder / "in", folder / "out"
    source.mkdir()
    for name, data in books.items():
        (source / f"{name}.xlsm").write_bytes(data)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "fods",
            "--outdir",
            str(target),
            *(str(path) for path in sorted(source.iterdir())),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    parser = etree.XMLParser(huge_tree=True)
    return {name: etree.parse(str(target / f"{name}.fods"), parser).getroot() for name in books}


def scripts(document: etree._Element) -> list[str | None]:
    """What our buttons start, one entry each."""
    shapes = [shape for shape in document.iter(SHAPE) if shape.get(NAME) == "sheets-sync button"]
    return [listener.get(LINK) for shape in shapes for listener in shape.iter(LISTENER)]


def cell_texts(document: etree._Element) -> list[str]:
    """The texts of all cells that show something; our buttons hang in cells too, and count not."""
    found = []
    for cell in document.iter(CELL):
        for child in cell:
            if child.tag == TEXT:
                found.append("".join(child.itertext()))
    return [text for text in found if text.strip()]


def test_the_button_starts_our_macro(office: str, tmp_path: Path) -> None:
    """In a plan of ours, with headers at the top and further down, the button's click is bound to SyncPlan."""
    rows = re.sub(r"(?<=r=\")([A-Z]?)(\d)", lambda found: f"{found[1]}{int(found[2]) + 3}", Sample().rows)
    books = {"top": Sample().data(), "below": Sample(rows=rows).data()}
    made = documents(office, tmp_path, {name: with_button(opened(data)) for name, data in books.items()})
    assert {name: scripts(document) for name, document in made.items()} == {"top": [SCRIPT], "below": [SCRIPT]}
    assert cell_texts(made["top"]) == cell_texts(made["below"])
    assert "Fix the pump" in cell_texts(made["top"])


@pytest.mark.shared
def test_foreign_workbooks(office: str, tmp_path: Path, shared: Path) -> None:
    """In workbooks of others, with charts, tables or macros of their own, each tab has a button that starts our macro,
    and all cells show what they showed."""
    before = {f"b{n}": opened((shared / "excel-corpus" / name).read_bytes()) for n, name in enumerate(FOREIGN)}
    after = {name.replace("b", "a"): with_button(book) for name, book in before.items()}
    found = documents(office, tmp_path, {name: book.package.data for name, book in before.items()} | after)
    for name, book in before.items():
        made = found[name.replace("b", "a")]
        assert scripts(made) == [SCRIPT] * len(book.seen.tabs), name
        assert cell_texts(made) == cell_texts(found[name]), name
