"""Where the button stands: over no cell that holds something, no picture, no hidden column, no column still to come."""

import pytest
from button_samples import FACE, with_button
from writing_samples import Sample, opened

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.button import ButtonTab, button_cells
from sheets_sync.workbooks.ooxml.button_place import Plot, place_for_button
from sheets_sync.workbooks.ooxml.button_shape import button_width
from sheets_sync.workbooks.ooxml.drawn_areas import EMU, drawn_areas
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_geometry import Box, Geometry, geometry

WIDTH = 100.0


def cell(address: str, text: str) -> str:
    """A cell with a text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def headers(row: int) -> str:
    """A row of headers in A to C, and one action below."""
    names = zip("ABC", ("Action", "Owner", "Due"), strict=True)
    return (
        f'<row r="{row}">{"".join(cell(f"{letter}{row}", name) for letter, name in names)}</row>'
        f'<row r="{row + 1}">{cell(f"A{row + 1}", "Fix it")}</row>'
    )


WIDE = '<cols><col min="1" max="3" width="30" customWidth="1"/></cols>'


@pytest.mark.parametrize(
    ("rows", "head", "tail", "header_row", "expected"),
    [
        pytest.param(headers(1), "", "", 1, "H1", id="right of the headers and of our three columns to come"),
        pytest.param(
            headers(1) + f'<row r="9">{cell("E9", "note")}</row>', "", "", 1, "J1", id="right of a note further down"
        ),
        pytest.param(headers(1), '<cols><col min="8" max="9" hidden="1"/></cols>', "", 1, "J1", id="not when hidden"),
        pytest.param(headers(4), WIDE, "", 4, "A1", id="above the headers where rows are free"),
        pytest.param(headers(3), WIDE, "", 3, "A1", id="two rows give it room"),
        pytest.param(headers(2), WIDE, "", 2, "A1", id="one free row is enough"),
        pytest.param('<row r="1" ht="12"/>' + headers(2), WIDE, "", 2, "H2", id="a low one is not"),
        pytest.param(f'<row r="1" ht="30">{cell("A1", "Plan")}</row>' + headers(2), WIDE, "", 2, "B1", id="title"),
        pytest.param(
            f'<row r="1">{cell("A1", "Plan")}</row><row r="2">{cell("A2", "Plan")}</row>' + headers(5),
            WIDE, "", 5, "A3", id="below a title",
        ),
        pytest.param(
            f'<row r="1" ht="30">{cell("A1", "A title that runs far over the cells to its right, all of them")}</row>'
            + headers(2), WIDE, "", 2, "H2", id="not over a title's overflow",
        ),
        pytest.param(
            f'<row r="1" ht="30">{cell("A1", "T")}</row>' + headers(2), WIDE,
            '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>', 2, "C1", id="right of merged cells",
        ),
        pytest.param(
            '<row r="1" ht="30" hidden="1"/>' + headers(2), WIDE, "", 2, "H2", id="not in a hidden row",
        ),
        pytest.param("", "", "", 1, "F1", id="on an empty tab"),
    ],
)  # fmt: skip
def test_where_it_stands(rows: str, head: str, tail: str, header_row: int, expected: str) -> None:
    """The first free place above the headers within the plan's width, else the first one right of everything."""
    book = opened(Sample(rows=rows, head=head, tail=tail).data())
    tab = ButtonTab("7", header_row, 3 if rows else 1)
    assert button_cells(Package.open(with_button(book, [tab]), "plan.xlsm")) == (expected,)


def test_no_place_is_refused() -> None:
    """Where all columns right of the plan are hidden and nothing is free above, the way out is told."""
    book = opened(Sample(rows=headers(1), head='<cols><col min="4" max="16384" hidden="1"/></cols>').data())
    with pytest.raises(WorkbookRefused, match="no free place") as refusal:
        with_button(book, [ButtonTab("7", 1, 3)])
    assert "two empty rows" in refusal.value.remedy


def test_it_stands_beside_pictures() -> None:
    """A picture above the headers, and a chart right of the plan, push it on."""
    book = opened(Sample(rows=headers(3)).data())
    tab, flat = book.tab(), Geometry({}, 64.0, {}, 20.0)
    above = place_for_button(Plot(tab, 3, 9, flat, [Box(0, 0, 130, 30)]), WIDTH)
    assert (above.column, above.row) == (4, 1)
    beside = place_for_button(Plot(tab, 3, 3, flat, [Box(0, 0, 900, 60)]), WIDTH)
    assert flat.left(beside.column) >= 900


def test_it_stays_in_its_rows() -> None:
    """Above the headers it is no higher than the rows it has; its size is told in EMU."""
    book = opened(Sample(rows=headers(2), head=WIDE).data())
    measured = Geometry({}, 200.0, {1: 24.0}, 20.0)
    place = place_for_button(Plot(book.tab(), 2, 3, measured, []), WIDTH)
    assert place.row == 1
    assert place.down + place.height <= 24 * EMU
    assert place.height == 22 * EMU
    assert place.width == WIDTH * EMU


def test_the_caption_fits() -> None:
    """A longer caption makes a wider button, a short one no tiny one."""
    assert button_width(FACE._replace(caption="Sincronizar plano")) > button_width(FACE) >= 80


def test_geometry_of_a_sheet() -> None:
    """Widths and heights are those of the part: given, default, hidden."""
    part = Sample(
        head='<sheetFormatPr defaultColWidth="10" defaultRowHeight="18"/>'
        '<cols><col min="2" max="3" width="20" customWidth="1"/><col min="5" max="5" hidden="1"/></cols>',
        rows='<row r="2" ht="30"/><row r="3" hidden="1"/><row r="9" ht="90"/>',
    )
    measured = geometry(part.data() and str(part.parts()["xl/worksheets/sheet1.xml"]).encode(), last_row=5)
    assert [measured.width(column) for column in range(1, 7)] == [70, 140, 140, 70, 0, 70]
    assert [measured.height(row) for row in (1, 2, 3, 4, 9)] == [24, 40, 0, 24, 24]
    assert measured.column_from(measured.left(5)) == 6
    assert measured.column_from(measured.left(100) - 1) == 100
    assert Geometry({16_384: 0.0} | dict.fromkeys(range(3, 16_384), 0.0), 64.0, {}, 20.0).column_from(129) is None


def test_what_is_drawn_is_seen() -> None:
    """Shapes with every kind of anchor, those among alternatives, and form controls count; notes do not."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    place = "<col>1</col><colOff>9525</colOff><row>2</row><rowOff>0</rowOff>"
    drawing = (
        f'<wsDr xmlns="{space}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<twoCellAnchor><from>{place}</from><to>{place.replace('1<', '3<')}</to></twoCellAnchor>"
        f'<mc:AlternateContent><mc:Choice Requires="a14"><oneCellAnchor><from>{place}</from><ext cx="19050" cy="9525"/>'
        "</oneCellAnchor></mc:Choice></mc:AlternateContent>"
        '<absoluteAnchor><pos x="95250" y="9525"/><ext cx="9525" cy="9525"/></absoluteAnchor></wsDr>'
    )
    control = (
        '<x:ClientData ObjectType="{}"><x:Anchor>\n 1, 5, 2, 6, 3, 7, 4, 8</x:Anchor></x:ClientData>'
    )  # fmt: skip
    links = '<Relationship Id="rId{0}" Type="http://schemas.openxmlformats.org/x/{1}" Target="../{2}"/>'
    more = {
        "xl/drawings/drawing1.xml": drawing,
        "xl/drawings/vml1.vml": f"<xml><br>{control.format('Button')}{control.format('Note')}</xml>",
        "xl/worksheets/_rels/sheet1.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + links.format(1, "drawing", "drawings/drawing1.xml")
            + links.format(2, "vmlDrawing", "drawings/vml1.vml")
            + "</Relationships>"
        ),
    }
    package = opened(Sample(more=more).data()).package
    found = drawn_areas(package, "/xl/worksheets/sheet1.xml", Geometry({}, 64.0, {}, 20.0))
    assert found == (
        Box(65, 40, 193, 40),
        Box(65, 40, 67, 41),
        Box(10, 1, 11, 2),
        Box(69, 46, 199, 88),
    )
