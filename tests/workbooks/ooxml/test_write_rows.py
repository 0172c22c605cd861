"""Cells spliced into rows: what is written, where it goes, what it looks like, and that every other byte stays."""

import pytest
from writing_samples import worksheet

from sheets_sync.core.cells import BLANK, CellValue, Kind, text_value
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite, payload, unfit
from sheets_sync.workbooks.ooxml.row_splice import Looks, RowSplicer
from sheets_sync.workbooks.ooxml.sheet_body import joined, patch_rows, split, unspliceable

TEXT = text_value("new")
NEW = '<is><t xml:space="preserve">new</t></is></c>'
PLAIN = {b"3": b"2", b"4": b"2"}
LOOKS = Looks(
    plain=lambda style: PLAIN.get(style, style),
    clone=lambda style: style,
    column=lambda column: b"8" if column == 9 else b"",
)


def spliced_row(row: str, writes: dict[int, CellWrite], number: int = 5) -> tuple[str, list[tuple[int, int]]]:
    """The row after the writes, and the cells kept."""
    splicer = RowSplicer(b"", LOOKS)
    return splicer.patched(row.encode(), number, writes).decode(), splicer.kept


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (text_value("a & <b>"), ' t="inlineStr"><is><t xml:space="preserve">a &amp; &lt;b&gt;</t></is></c>'),
        (text_value(" _x0041_ "), ' t="inlineStr"><is><t xml:space="preserve"> _x005F_x0041_ </t></is></c>'),
        (text_value("a\nb\tc"), ' t="inlineStr"><is><t xml:space="preserve">a\nb\tc</t></is></c>'),
        (text_value("a\r\x00\ufffe"), ' t="inlineStr"><is><t xml:space="preserve">a_x000D__x0000__xFFFE_</t></is></c>'),
        (text_value("\ud800"), ' t="inlineStr"><is><t xml:space="preserve">_xD800_</t></is></c>'),
        (text_value("=1+1"), ' t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>'),
        (CellValue(Kind.NUMBER, "0.5"), "><v>0.5</v></c>"),
        (CellValue(Kind.BOOL, "TRUE"), ' t="b"><v>1</v></c>'),
        (CellValue(Kind.ERROR, "#N/A"), ' t="e"><v>#N/A</v></c>'),
        (BLANK, "/>"),
    ],
)
def test_payload(value: CellValue, written: str) -> None:
    """A literal is written so that every program reads the same literal back."""
    assert payload(value, b"").decode() == written


def test_payload_prefix() -> None:
    """In a sheet whose elements carry a prefix, ours do too."""
    assert payload(TEXT, b"x:") == b' t="inlineStr"><x:is><x:t xml:space="preserve">new</x:t></x:is></x:c>'


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (CellValue(Kind.FORMULA, "A1"), "formulas are never written"),
        (text_value("x" * 32_768), "longer than the 32,767 characters"),
        (text_value("\U0001f600" * 16_384), "longer than the 32,767 characters"),
        (text_value("x" * 32_767), ""),
        (CellValue(Kind.NUMBER, "inf"), "the number is none"),
        (CellValue(Kind.NUMBER, "twelve"), "the number is none"),
        (CellValue(Kind.NUMBER, "1e+20"), ""),
    ],
)
def test_unfit(value: CellValue, reason: str) -> None:
    """A literal that no cell can hold is refused, one at the limit is not."""
    assert unfit(value).startswith(reason) if not reason else reason in unfit(value)
    assert bool(unfit(value)) == bool(reason)


RICH = '<c r="A5" t="inlineStr"><is><r><rPr><color rgb="FF0000"/><charset val="1"/></rPr><t>x</t></r></is></c>'
ROWS = {
    "append behind the last cell, in its plain look": (
        '<row r="5" spans="1:3"><c r="C5" s="3"><v>1</v></c></row>\n',
        {4: CellWrite(TEXT), 5: CellWrite(TEXT)},
        '<row r="5" spans="1:5"><c r="C5" s="3"><v>1</v></c>'
        f'<c r="D5" s="2" t="inlineStr">{NEW}<c r="E5" s="2" t="inlineStr">{NEW}</row>\n',
    ),
    "a header takes the very look of its neighbour": (
        '<row r="5"><c r="C5" s="3"/></row>',
        {4: CellWrite(TEXT, header=True), 5: CellWrite(TEXT, header=True)},
        f'<row r="5"><c r="C5" s="3"/><c r="D5" s="3" t="inlineStr">{NEW}<c r="E5" s="3" t="inlineStr">{NEW}</row>',
    ),
    "replace keeps the style and drops what belonged to the old value": (
        '<row r="5"><c r="A5" s="7" t="s" cm="1" vm="2" ph="1"><v>3</v></c><c r="B5" vm="1"><v>1</v></c></row>',
        {1: CellWrite(TEXT)},
        f'<row r="5"><c r="A5" s="7" t="inlineStr">{NEW}<c r="B5" vm="1"><v>1</v></c></row>',
    ),
    "replace a cell without content": (
        '<row r="5"><c r="A5" s="7"/><c r="B5"><v>1</v></c></row>',
        {1: CellWrite(TEXT)},
        f'<row r="5"><c r="A5" s="7" t="inlineStr">{NEW}<c r="B5"><v>1</v></c></row>',
    ),
    "clear keeps the cell and its style": (
        '<row r="5"><c r="A5" s="7" t="s"><v>3</v></c></row>',
        {1: CellWrite(BLANK)},
        '<row r="5"><c r="A5" s="7"/></row>',
    ),
    "clear what is not there does nothing": (
        '<row r="5"><c r="A5"/></row>',
        {2: CellWrite(BLANK), 4: CellWrite(BLANK)},
        '<row r="5"><c r="A5"/></row>',
    ),
    "insert between cells": (
        '<row r="5"><c r="A5" s="4"><v>1</v></c><c r="AA5"><v>1</v></c></row>',
        {2: CellWrite(TEXT), 26: CellWrite(TEXT)},
        f'<row r="5"><c r="A5" s="4"><v>1</v></c><c r="B5" s="2" t="inlineStr">{NEW}'
        f'<c r="Z5" t="inlineStr">{NEW}<c r="AA5"><v>1</v></c></row>',
    ),
    "insert before all cells": (
        '<row r="5"><c r="C5"><v>1</v></c></row>',
        {1: CellWrite(TEXT)},
        f'<row r="5"><c r="A5" t="inlineStr">{NEW}<c r="C5"><v>1</v></c></row>',
    ),
    "replace and append in one go": (
        '<row r="5" spans="1:2"><c r="A5"><v>1</v></c><c r="B5" s="3"><v>1</v></c></row>',
        {2: CellWrite(TEXT), 3: CellWrite(TEXT)},
        f'<row r="5" spans="1:3"><c r="A5"><v>1</v></c><c r="B5" s="3" t="inlineStr">{NEW}'
        f'<c r="C5" s="2" t="inlineStr">{NEW}</row>',
    ),
    "a gap of one column has no neighbour to look like": (
        '<row r="5"><c r="C5" s="3"/></row>',
        {5: CellWrite(TEXT)},
        f'<row r="5"><c r="C5" s="3"/><c r="E5" t="inlineStr">{NEW}</row>',
    ),
    "a header beside attributes in another order": (
        '<row r="5"><c s="3" r="C5"/></row>',
        {4: CellWrite(TEXT, header=True)},
        f'<row r="5"><c s="3" r="C5"/><c r="D5" s="3" t="inlineStr">{NEW}</row>',
    ),
    "an empty row element": (
        '<row r="5" ht="20" customHeight="1"/>',
        {2: CellWrite(TEXT)},
        f'<row r="5" ht="20" customHeight="1"><c r="B5" t="inlineStr">{NEW}</row>',
    ),
    "a row style is the look where no neighbour is": (
        '<row r="5" s="4" customFormat="1"></row>',
        {2: CellWrite(TEXT)},
        f'<row r="5" s="4" customFormat="1"><c r="B5" s="2" t="inlineStr">{NEW}</row>',
    ),
    "a column style is the look where no neighbour and no row style is": (
        '<row r="5"><c r="A5"/></row>',
        {9: CellWrite(TEXT)},
        f'<row r="5"><c r="A5"/><c r="I5" s="8" t="inlineStr">{NEW}</row>',
    ),
    "attributes in another order": (
        "<row spans='1:2' r='5'><c s='3' r='A5'><v>1</v></c><c t='s' r='B5'><v>1</v></c></row>",
        {2: CellWrite(TEXT), 3: CellWrite(TEXT)},
        f"<row spans=\"1:3\" r='5'><c s='3' r='A5'><v>1</v></c><c r=\"B5\" t=\"inlineStr\">{NEW}"
        f'<c r="C5" t="inlineStr">{NEW}</row>',
    ),
    "cells without address": (
        '<row r="5"><c s="3"><v>1</v></c><c><v>2</v></c></row>',
        {1: CellWrite(TEXT), 3: CellWrite(TEXT)},
        f'<row r="5"><c r="A5" s="3" t="inlineStr">{NEW}<c><v>2</v></c><c r="C5" t="inlineStr">{NEW}</row>',
    ),
    "rich text beside the cell written": (
        f'<row r="5">{RICH}</row>',
        {2: CellWrite(TEXT)},
        f'<row r="5">{RICH}<c r="B5" t="inlineStr">{NEW}</row>',
    ),
    "erase removes a cell that looks as ours": (
        '<row r="5"><c r="A5" s="3"><v>1</v></c><c r="B5" s="2" t="s"><v>1</v></c><c r="C5" s="2"/></row>',
        {2: CellWrite(BLANK, erase=True), 3: CellWrite(BLANK, erase=True)},
        '<row r="5"><c r="A5" s="3"><v>1</v></c></row>',
    ),
    "erase keeps a cell that somebody formatted": (
        '<row r="5"><c r="A5" s="3"><v>1</v></c><c r="B5" s="6" t="s"><v>1</v></c></row>',
        {2: CellWrite(BLANK, erase=True)},
        '<row r="5"><c r="A5" s="3"><v>1</v></c><c r="B5" s="6"/></row>',
    ),
    "a row with several spans": (
        '<row r="5" spans="1:2 5:6"><c r="F5"/></row>',
        {7: CellWrite(TEXT)},
        f'<row r="5" spans="1:7"><c r="F5"/><c r="G5" t="inlineStr">{NEW}</row>',
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_patched_row(case: str) -> None:
    """Only the cells written are made anew."""
    row, writes, wanted = ROWS[case]
    assert spliced_row(row, writes) == (wanted, [])


@pytest.mark.parametrize(
    "cell",
    ['<c r="A5" s="1"><f>B5+1</f><v>2</v></c>', '<c r="A5" t="str"><f t="shared" si="0"/><v>x</v></c>'],
)
def test_formula_cells_are_kept(cell: str) -> None:
    """A cell with a formula is left alone and told of, its neighbours are written."""
    assert spliced_row(f'<row r="5">{cell}</row>', {1: CellWrite(TEXT)}) == (f'<row r="5">{cell}</row>', [(5, 1)])
    row, kept = spliced_row(f'<row r="5">{cell}</row>', {1: CellWrite(TEXT), 2: CellWrite(TEXT)})
    assert kept == [(5, 1)]
    assert row.startswith(f'<row r="5">{cell}<c r="B5"')


def patched_sheet(sheet: str | bytes, writes: dict[int, dict[int, CellWrite]]) -> str:
    """A whole sheet part after the writes."""
    body = split(sheet if isinstance(sheet, bytes) else sheet.encode())
    return b"".join(joined(body, body.frame, patch_rows(body, writes, LOOKS).pieces)).decode()


A1 = f'<c r="A1" t="inlineStr">{NEW}'


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ('<row r="2"><c r="A2"/></row>', f'<row r="1">{A1}</row><row r="2"><c r="A2"/></row>'),
        ("", f'<row r="1">{A1}</row>'),
        ("<row><c/></row><row/>", f"<row>{A1}</row><row/>"),
        ('<row ht="9" r="1"/><row r="2"/>', f'<row ht="9" r="1">{A1}</row><row r="2"/>'),
    ],
)
def test_rows_found_or_made(rows: str, wanted: str) -> None:
    """A row is found with or without its number, and made at its place where it is missing."""
    assert patched_sheet(worksheet(rows), {1: {1: CellWrite(TEXT)}}) == worksheet(wanted)


def test_row_at_the_end() -> None:
    """A row below all others is made at the end."""
    sheet = patched_sheet(worksheet('<row r="1"/>'), {9: {1: CellWrite(TEXT)}})
    assert sheet == worksheet(f'<row r="1"/><row r="9"><c r="A9" t="inlineStr">{NEW}</row>')


def test_no_row_for_blanks() -> None:
    """Clearing a cell of a row that does not exist makes no row."""
    assert patched_sheet(worksheet('<row r="1"/>'), {9: {1: CellWrite(BLANK)}}) == worksheet('<row r="1"/>')


@pytest.mark.parametrize(
    "cells", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>", "<sheetData>\n</sheetData>"]
)
def test_sheets_without_rows(cells: str) -> None:
    """A sheet without rows gets its first row, however its empty cell area is written."""
    sheet = worksheet("").replace("<sheetData></sheetData>", cells)
    assert f'<sheetData><row r="1">{A1}</row>' in patched_sheet(sheet, {1: {1: CellWrite(TEXT)}}).replace(
        "\n<row", "<row"
    )


def test_nothing_written_changes_nothing() -> None:
    """A sheet put together again without a change is the same bytes."""
    for sheet in (worksheet('<row r="1"/>'), worksheet("").replace("<sheetData></sheetData>", "<sheetData/>")):
        assert patched_sheet(sheet, {}) == sheet


def test_prefixed_sheets() -> None:
    """Elements with a namespace prefix are found, and ours carry it too."""
    sheet = '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1"/></x:row></x:sheetData></x:worksheet>'
    wanted = sheet.replace(
        '<x:c r="A1"/>',
        '<x:c r="A1"/><x:c r="B1" t="inlineStr"><x:is><x:t xml:space="preserve">new</x:t></x:is></x:c>',
    )
    assert patched_sheet(sheet, {1: {2: CellWrite(TEXT)}}) == wanted


def test_sparse_writes_into_many_rows() -> None:
    """Few writes into a long sheet give what listing all its rows gives."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"><v>{n}</v></c><c r="B{n}"/></row>' for n in range(1, 4_000, 2))
    writes = {number: {1: CellWrite(TEXT)} for number in (1, 1_001, 3_999)}
    sheet = patched_sheet(worksheet(rows), writes)
    for number in range(1, 4_000, 2):
        old = f'<c r="A{number}" s="1"><v>{number}</v></c>'
        new = f'<c r="A{number}" s="1" t="inlineStr">{NEW}'
        rows = rows.replace(old, new) if number in writes else rows
    assert sheet == worksheet(rows)


def test_a_sparse_write_into_a_missing_row() -> None:
    """A row missing in a long sheet is made between its neighbours."""
    rows = [f'<row r="{n}"><c r="A{n}" s="1"><v>{n}</v></c></row>' for n in range(1, 4_000, 2)]
    sheet = patched_sheet(worksheet("".join(rows)), {1_000: {1: CellWrite(TEXT)}})
    made = f'<row r="1000"><c r="A1000" t="inlineStr">{NEW}</row>'
    assert sheet == worksheet("".join(rows[:500]) + made + "".join(rows[500:]))


@pytest.mark.parametrize(
    "rows", ['<row r="2"/><row r="1"/>', '<row r="1"/><row r="1"/>', '<y:row xmlns:y="m" r="1"/>', '<row r="one"/>']
)
def test_rows_that_cannot_be_told_apart(rows: str) -> None:
    """Rows out of order, twice or unreadable are refused."""
    with pytest.raises(WorkbookRefused):
        patched_sheet(worksheet(rows), {1: {1: CellWrite(TEXT)}})


@pytest.mark.parametrize("inside", ["<!-- note -->", "<row r='1'><c r='A1'><v><![CDATA[1]]></v></c></row>"])
def test_unspliceable(inside: str) -> None:
    """A sheet with comments or CDATA is not spliced, with the way out; an exclamation mark is no reason."""
    assert "save it once" in unspliceable(worksheet(inside).encode())
    assert unspliceable(worksheet("<row r='1'><c r='A1' t='str'><v>Stop!</v></c></row>").encode()) == ""
    assert "no cell area" in unspliceable(b"<worksheet/>")


@pytest.mark.parametrize(
    ("row", "column"),
    [('<row r="5"><c r="A5"><v>1</v></c>', 2), ('<row r="5"><c r="A5"><v>1</v></row>', 1), ("<row r='5", 1)],
)
def test_rows_without_end(row: str, column: int) -> None:
    """A row or cell that does not end is refused."""
    with pytest.raises(WorkbookRefused):
        spliced_row(row, {column: CellWrite(TEXT)})
