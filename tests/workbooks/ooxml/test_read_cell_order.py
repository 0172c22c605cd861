"""A cell whose address is not its first attribute is read like any other."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot

ROW = (
    b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
    b'<c s="0" r="B1" t="inlineStr"><is><t>b</t></is></c>'
    b'<c r="C1" t="inlineStr"><is><t>c</t></is></c></row></sheetData>'
)


@pytest.mark.parametrize("canonical", [True, False])
def test_a_cell_with_its_address_last_is_not_swallowed(canonical):
    """Between two cells of inline text it keeps its own text, in the fast and in the parsed reading."""
    made = io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb"<sheetData ?/>|<sheetData></sheetData>", ROW, parts[sheet])
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    snapshot = read_snapshot(Package.open(changed.getvalue(), "plan.xlsx"), ["1"], "f", canonical=canonical)
    assert [cell.seen for cell in snapshot.tabs[0].rows[0].cells.values()] == ["a", "b", "c"]
