"""Cells: what stands in the XML becomes literal and seen, the same way fast and parsed."""

import datetime as dt

import pytest
from reading_samples import MAIN, plan_parts, read_cell, read_tab, snapshot_of, strings, styles, worksheet, zipped

from sheets_sync.core.cells import NOT_CALCULATED, OUT_OF_RANGE, CellTrouble, Kind
from sheets_sync.errors import WorkbookRefused

STYLES = styles('numFmtId="0"', 'numFmtId="14"', 'numFmtId="9"', 'numFmtId="20"')
STRINGS = strings(
    "<t>Order parts</t>",
    '<r><rPr><b/></rPr><t>Order </t></r><r><t>more</t></r><rPh sb="0" eb="1"><t>yomi</t></rPh><phoneticPr fontId="1"/>',
    "<t/>",
    '<t xml:space="preserve"> a &amp; b &#xE9; </t>',
    "<t>line_x000D_end _x005F_x0041_</t>",
    "<t>_xD83D__xDE00_ _xD800_</t>",
)


@pytest.mark.parametrize(
    ("cell", "kind", "text", "seen"),
    [
        ('<c r="B5" t="s"><v>0</v></c>', Kind.TEXT, "Order parts", "Order parts"),
        ('<c r="B5" t="s"><v>1</v></c>', Kind.TEXT, "Order more", "Order more"),
        ('<c r="B5" t="s"><v>3</v></c>', Kind.TEXT, " a & b é ", " a & b é "),
        ('<c r="B5" t="s"><v>4</v></c>', Kind.TEXT, "line\rend _x0041_", "line\rend _x0041_"),
        ('<c r="B5" t="s"><v>5</v></c>', Kind.TEXT, "\U0001f600 \ufffd", "\U0001f600 \ufffd"),
        ('<c r="B5" t="inlineStr"><is><t>a&lt;b</t></is></c>', Kind.TEXT, "a<b", "a<b"),
        ('<c r="B5" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', Kind.TEXT, "ab", "ab"),
        ('<c r="B5" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>', Kind.TEXT, "a", "a"),
        ('<c r="B5" t="inlineStr"><is><t>a\r\nb</t></is></c>', Kind.TEXT, "a\nb", "a\nb"),
        ('<c r="B5" t="inlineStr"><is><r><t>a</t></r><t><t>x</t>b</t></is></c>', Kind.TEXT, "ab", "ab"),
        ('<c r="B5" t="inlineStr"><is><t>a</t></is><v>1</v><is><t>b</t></is></c>', Kind.TEXT, "b", "b"),
        ('<c r="B5" t="str"><v>typed</v></c>', Kind.TEXT, "typed", "typed"),
        ('<c r="B5"><v>46082</v></c>', Kind.NUMBER, "46082", 46082.0),
        ('<c r="B5" t="n"><v>-1.50</v></c>', Kind.NUMBER, "-1.5", -1.5),
        ('<c r="B5"><v> 1E3 </v></c>', Kind.NUMBER, "1000", 1000.0),
        ('<c r="B5" s="2"><v>0.5</v></c>', Kind.NUMBER, "0.5", 0.5),
        ('<c r="B5" t="b"><v>1</v></c>', Kind.BOOL, "TRUE", True),
        ('<c r="B5" t="b"><v>false</v></c>', Kind.BOOL, "FALSE", False),
        ('<c r="B5" t="e"><v>#N/A</v></c>', Kind.ERROR, "#N/A", CellTrouble("#N/A")),
        ('<c r="B5" s="1"><v>46082</v></c>', Kind.NUMBER, "46082", dt.date(2026, 3, 1)),
        ('<c r="B5" s="1"><v>46082.75</v></c>', Kind.NUMBER, "46082.75", dt.datetime(2026, 3, 1, 18)),
        ('<c r="B5" s="1"><v>0.75</v></c>', Kind.NUMBER, "0.75", 0.75),
        ('<c r="B5" s="3"><v>46082.75</v></c>', Kind.NUMBER, "46082.75", 46082.75),
        ('<c r="B5" t="d"><v>2026-03-01</v></c>', Kind.NUMBER, "46082", dt.date(2026, 3, 1)),
        ('<c r="B5" t="d"><v>2026-03-01T06:00:00Z</v></c>', Kind.NUMBER, "46082.25", dt.datetime(2026, 3, 1, 6)),
    ],
)
def test_a_cell_keeps_its_literal_and_shows_what_a_person_sees(cell: str, kind: Kind, text: str, seen: object) -> None:
    """Every kind of cell has its literal for diffs and the value a person sees."""
    found = read_cell(cell, strings=STRINGS, styles=STYLES)
    assert found is not None
    assert (found.literal.kind, found.literal.text) == (kind, text)
    assert found.seen == seen
    assert type(found.seen) is type(seen)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B5" s="1"/>',
        '<c r="B5" s="1" />',
        '<c r="B5"><v></v></c>',
        '<c r="B5"><v/></c>',
        '<c r="B5"><v>  </v></c>',
        '<c r="B5" t="s"><v>2</v></c>',
        '<c r="B5" t="str"><v></v></c>',
        '<c r="B5" t="inlineStr"><is><t></t></is></c>',
        '<c r="B5" t="inlineStr"><is><t/></is></c>',
        '<c r="B5" t="e"/>',
    ],
)
def test_an_empty_text_is_no_cell(cell: str) -> None:
    """A formatted empty cell and a cell with an empty text are blank."""
    assert read_cell(cell, strings=STRINGS, styles=STYLES) is None


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B5" s="1"><v>1000000000000</v></c>',
        '<c r="B5" s="1"><v>-1</v></c>',
        '<c r="B5" s="1"><v>60</v></c>',
        '<c r="B5" s="1"><v>2958466</v></c>',
        '<c r="B5"><v>1e999</v></c>',
        '<c r="B5"><v>nan</v></c>',
        '<c r="B5"><v>1_000</v></c>',
        '<c r="B5"><v>12,5</v></c>',
        '<c r="B5" t="b"><v>maybe</v></c>',
        '<c r="B5" t="d"><v>2026-02-30</v></c>',
    ],
)
def test_a_value_nothing_can_hold_is_out_of_range(cell: str) -> None:
    """A date of 1e12 or a number that is none is told, and the rest of the workbook is read."""
    found = read_cell(cell, styles=STYLES)
    assert found is not None
    assert found.seen is OUT_OF_RANGE
    assert found.literal.text


@pytest.mark.parametrize(
    ("cell", "text", "seen"),
    [
        ('<c r="B5"><f>C5+1</f><v>3</v></c>', "C#+1", 3.0),
        ('<c r="B5" s="1"><f>TODAY()</f><v>46082</v></c>', "TODAY()", dt.date(2026, 3, 1)),
        ('<c r="B5" t="str"><f>A5&amp;"x"</f><v>yx</v></c>', 'A#&"x"', "yx"),
        ('<c r="B5" t="str"><f>""</f><v></v></c>', '""', None),
        ('<c r="B5" t="str"><f>A1</f><v/></c>', "A1", None),
        ('<c r="B5" t="e"><f>A1</f><v>#N/A</v></c>', "A1", CellTrouble("#N/A")),
        ('<c r="B5" t="b"><f>A1</f><v>0</v></c>', "A1", False),
        ('<c r="B5"><f>A1</f></c>', "A1", NOT_CALCULATED),
        ('<c r="B5"><f>A1</f><v></v></c>', "A1", NOT_CALCULATED),
        ('<c r="B5"><f>A1</f><v /></c>', "A1", NOT_CALCULATED),
        ('<c r="B5" t="str"><f>A1</f></c>', "A1", NOT_CALCULATED),
        ('<c r="B5" cm="1"><f t="array" ref="B5:B9">SORT(C5:C9)</f><v>1</v></c>', "SORT(C#:C9)", 1.0),
        ('<c r="B5"><f t="dataTable" ref="B5:B9" r1="A1" r2="A2"/><v>1</v></c>', "TABLE(A1,A2)", 1.0),
        ('<c r="B5"><f t="shared" si="4"/><v>1</v></c>', "", 1.0),
    ],
)
def test_a_formula_shows_its_cached_value(cell: str, text: str, seen: object) -> None:
    """A formula's literal is its text; what is seen is the cached result, or that there is none."""
    found = read_cell(cell, styles=STYLES)
    assert found is not None
    assert (found.literal.kind, found.literal.text) == (Kind.FORMULA, text)
    assert found.seen == seen


def test_an_empty_formula_element_is_no_formula() -> None:
    """<f/> says nothing, so the cell holds the value beside it."""
    found = read_cell('<c r="B5"><f></f><v>3</v></c>')
    assert found is not None
    assert found.literal.kind is Kind.NUMBER


def test_the_1904_date_system_is_honoured() -> None:
    """In a 1904 workbook day 0 is 1 January 1904, so 44620 is 1 March 2026."""
    book = plan_parts(worksheet('<row r="1"><c r="A1" s="1"><v>44620</v></c></row>'), styles=STYLES)
    book["xl/workbook.xml"] = str(book["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert snapshot_of(zipped(book)).tabs[0].rows[0].cells[1].seen == dt.date(2026, 3, 1)


def test_styles_tell_dates_percentages_and_marked_cells() -> None:
    """Of a style, date, percent, bold, struck and filled are kept; an unknown style is the first."""
    sheet = worksheet('<row r="1"><c r="A1" s="3"><v>1</v></c><c r="B1" s="99"><v>1</v></c></row>')
    patterns = "".join(f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "solid"))
    fills = f"{patterns}<fill><gradientFill/></fill>"
    fonts = '<font/><font><b/><strike val="1"/></font><font><b val="0"/></font>'
    look = styles(
        'numFmtId="0" fontId="0" fillId="0"',
        'numFmtId="170" fontId="1" fillId="1"',
        'numFmtId="10" fontId="2" fillId="2"',
        'numFmtId="171"',
        fonts=fonts,
        fills=fills,
        codes={170: "dd/mm/yyyy", 171: "0%"},
    )
    snapshot = snapshot_of(zipped(plan_parts(sheet, styles=look)))
    assert [tuple(style) for style in snapshot.styles] == [
        (False, False, False, False, False),
        (True, False, True, True, True),
        (False, True, False, False, True),
        (False, True, False, False, False),
    ]
    assert [cell.style for cell in snapshot.tabs[0].rows[0].cells.values()] == [3, 0]


def test_equal_cells_are_one_object() -> None:
    """A plan repeats its words and dates; equal cells need not be built twice."""
    tab = read_tab(worksheet('<row r="1"><c r="A1"><v>5</v></c></row><row r="2"><c r="B2"><v>5</v></c></row>'))
    assert tab.rows[0].cells[1] is tab.rows[1].cells[2]


@pytest.mark.parametrize(
    ("sheet", "addresses"),
    [
        (
            worksheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row>"),
            [(1, 1), (1, 2), (2, 2)],
        ),
        (
            worksheet('<row r="4"><c><v>1</v></c></row><row><c r="C5"><v>1</v></c><c><v>2</v></c></row>'),
            [(4, 1), (5, 3), (5, 4)],
        ),
        (
            worksheet('<row r="2" ht="3"/><row r="3"/><row r="9"><c r="XFD9"><v>1</v></c></row><row r="12"/>'),
            [(9, 16384)],
        ),
        (worksheet('\n <row r="1">\n <c r="A1">\n <v>1</v>\n </c>\n </row>\n'), [(1, 1)]),
        (worksheet('<row r="1"><!-- note --><c r="A1"><v><![CDATA[1]]></v></c></row>'), [(1, 1)]),
        (worksheet('<row r="1"><c t="n" r="A1"><v>1</v></c></row>').replace('"', "'"), [(1, 1)]),
        (worksheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), [(1048576, 1)]),
        (worksheet('<row r="1" xmlns="urn:else"><c r="A1"><v>1</v></c></row>'), []),
        (worksheet('<row r="1"><c r="A1" xmlns="urn:else"><v>1</v></c></row>'), []),
        (
            worksheet(
                '<row r="1"><c r="A1"><v>1</v></c></row>',
                tail='<sheetData><row r="2"><c><v>1</v></c></row></sheetData>',
            ),
            [(1, 1), (2, 1)],
        ),
        (worksheet(head='<!-- <sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData> -->'), []),
        (worksheet().replace("<sheetData></sheetData>", "<!-- <sheetData><row><c/></row></sheetData> -->"), []),
        (worksheet(head='<x xmlns="urn:else"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></x>'), []),
        (worksheet(), []),
        (worksheet().replace("<sheetData></sheetData>", "<sheetData/>"), []),
    ],
)
def test_rows_and_cells_are_found_however_they_are_written(sheet: str, addresses: list[tuple[int, int]]) -> None:
    """Rows and cells without addresses follow on; blanks between tags, comments and CDATA do not matter."""
    rows = read_tab(sheet).rows
    assert [(row.number, column) for row in rows for column in row.cells] == addresses


def test_what_stands_between_shared_strings_is_no_string() -> None:
    """Only <si> elements count; the others keep their numbers."""
    table = strings("<t>one</t>", "<r><t>two</t></r>").replace("<si><r>", '<x xmlns="urn:else"/><si><r>')
    tab = read_tab(worksheet('<row r="1"><c r="A1" t="s"><v>1</v></c></row>'), strings=table)
    assert tab.rows[0].cells[1].seen == "two"


@pytest.mark.parametrize("item", ["<t>a\x02</t>", "<t>a]]>b</t>", "<t>&no;</t>", "<t>a", "<t>\ufffe</t>"])
@pytest.mark.parametrize("canonical", [True, False])
def test_broken_shared_strings_are_refused(item: str, *, canonical: bool) -> None:
    """What XML forbids is refused in the strings too."""
    with pytest.raises(WorkbookRefused, match="not well-formed"):
        snapshot_of(zipped(plan_parts(worksheet(), strings=strings(item))), canonical=canonical)


ONE_CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>é</t></is></c></row>'


@pytest.mark.parametrize(
    "sheet",
    [
        worksheet(ONE_CELL).encode(),
        b"\xef\xbb\xbf" + worksheet(ONE_CELL).encode(),
        worksheet(ONE_CELL).replace("UTF-8", "UTF-16").encode("utf-16"),
        worksheet(ONE_CELL).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        worksheet(ONE_CELL)
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x=")
        .encode(),
        worksheet(ONE_CELL).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").encode(),
    ],
    ids=["utf-8", "byte order mark", "utf-16", "latin-1", "prefix", "strict"],
)
def test_every_encoding_and_dialect_is_read(sheet: bytes) -> None:
    """UTF-8 with and without mark, UTF-16, other encodings, prefixed names and the strict dialect read alike."""
    assert read_tab(sheet).rows[0].cells[1].seen == "é"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="A2" t="zz"><v>1</v></c></row>',
        '<row r="2"><c r="A2" s="x"><v>1</v></c></row>',
        '<row r="2"><c r="2A"><v>1</v></c></row>',
        '<row r="two"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="n" t="n" cm="1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
        '<row r="2" r="3"><c r="A2"><v>1</v></c></row>',
        '<row r="2" q:a="3"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>&nope;</v></c></row>',
        '<row r="2"><c r="A2"><v>&#0;</v></c></row>',
        '<row r="2"><c r="A2" t="str"><v>\x01</v></c></row>',
        '<row r="2"><c r="A2" t="str"><v>a]]>b</v></c></row>',
    ],
)
@pytest.mark.parametrize("canonical", [True, False])
def test_a_sheet_no_program_writes_is_refused(rows: str, *, canonical: bool) -> None:
    """Rows out of order, misplaced cells and broken XML refuse the workbook instead of being guessed at."""
    with pytest.raises(WorkbookRefused, match=r"^plan\.xlsx: the workbook is damaged: "):
        snapshot_of(zipped(plan_parts(worksheet(rows))), canonical=canonical)
