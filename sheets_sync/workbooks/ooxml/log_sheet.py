"""The Sync log as a new worksheet part: its cells and looks, the drop-down of its ticks, the rule that turns red.

How it becomes a tab of a package is in log_writing.
"""

from collections.abc import Mapping

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.highlights import stale_formula
from sheets_sync.core.log_layout import COLUMNS, LAST_CHECKED, ROWS, TICK, TICKS, WIDTHS, Look, Place, look_of
from sheets_sync.workbooks.ooxml.cell_xml import payload
from sheets_sync.workbooks.ooxml.grid import cell_address
from sheets_sync.workbooks.ooxml.relations_patch import DECLARATION
from sheets_sync.workbooks.ooxml.splice import content, quoted
from sheets_sync.workbooks.ooxml.styles_patch import StyleBook
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE, RED_AFTER_NAME, drop_down_formula

LISTS = ("fonts", "fills", "borders", "cellXfs")
"""The lists of formats that a styles part must have, so that the log's looks can be added."""
_GREY = "FF595959"
_LINE = b"FFBFBFBF"
_INSTANT, _DAY, _GENERAL = 22, 14, 0
"""Formats that each program shows in its own way of writing dates."""
_FONT_NAME, _FONT_SIZE = "Calibri", "11"


def sheet_part(
    cells: Mapping[Place, CellValue], looks: Mapping[Look, int], *, space: str, red: int, has_views: bool
) -> bytes:
    """The part. `space` is the namespace of the workbook's parts, `looks` and `red` are indexes of formats."""
    ticks = f"{cell_address(*TICKS[0])}:{cell_address(*TICKS[-1])}"
    view = b'<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>' if has_views else b""
    columns = b"".join(
        b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (at, at, width) for at, width in enumerate(WIDTHS, 1)
    )
    rows = b"".join(_row(row, cells, looks) for row in range(1, ROWS + 1))
    return b"".join(
        (
            DECLARATION,
            b'<worksheet xmlns="%b">' % quoted(space),
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:%b"/>'
            % cell_address(ROWS, COLUMNS).encode(),
            view,
            b'<sheetFormatPr defaultRowHeight="15"/><cols>%b</cols><sheetData>%b</sheetData>' % (columns, rows),
            b'<conditionalFormatting sqref="%b">' % cell_address(*LAST_CHECKED).encode(),
            b'<cfRule type="expression" dxfId="%d" priority="1">' % red,
            b"<formula>%b</formula></cfRule></conditionalFormatting>" % content(stale_formula(RED_AFTER_NAME)),
            b'<dataValidations count="1"><dataValidation type="list" errorStyle="warning" allowBlank="1"',
            b' showErrorMessage="1" errorTitle="%b" sqref="%b">' % (quoted(DROP_DOWN_TITLE), ticks.encode()),
            b"<formula1>%b</formula1></dataValidation></dataValidations>" % content(drop_down_formula((TICK,))),
            b'<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
            b'<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>',
        )
    )


def _row(row: int, cells: Mapping[Place, CellValue], looks: Mapping[Look, int]) -> bytes:
    """All cells of a row, blank ones too: they keep their looks for what is written later."""
    made = (
        b'<c r="%b" s="%d"' % (cell_address(row, column).encode(), looks[look_of(row, column)])
        + payload(cells.get((row, column), BLANK), b"")
        for column in range(1, COLUMNS + 1)
    )
    return b'<row r="%d">%b</row>' % (row, b"".join(made))


def looks_in(styles: StyleBook) -> dict[Look, int]:
    """The indexes of the log's cell formats, added where there are none like them, in the workbook's own font."""
    p = styles.prefix
    none = b'<%bfill><%bpatternFill patternType="none"/></%bfill>' % (p, p, p)
    shade = b'<%bfill><%bpatternFill patternType="solid"><%bfgColor rgb="FFF2F2F2"/></%bpatternFill></%bfill>'
    fill = styles.entry("fills", none)
    shaded = styles.entry("fills", shade % (p, p, p, p, p))
    bare, under, framed = (_border(styles, sides) for sides in ((), (b"bottom",), _ALL_SIDES))
    plain, bold = _font(styles), _font(styles, bold=True)
    title, quiet = _font(styles, bold=True, larger=3), _font(styles, colour=_GREY)
    return {
        Look.PLAIN: _format(styles, _GENERAL, plain, fill, bare, "left"),
        Look.TITLE: _format(styles, _GENERAL, title, fill, bare, "left"),
        Look.QUIET: _format(styles, _GENERAL, quiet, fill, bare, "left"),
        Look.NOTE: _format(styles, _GENERAL, quiet, fill, bare, "left", indent=1),
        Look.LABEL: _format(styles, _GENERAL, bold, fill, bare, "left"),
        Look.HEADING: _format(styles, _GENERAL, bold, shaded, under, "left"),
        Look.INSTANT: _format(styles, _INSTANT, plain, fill, bare, "left"),
        Look.DAY: _format(styles, _DAY, plain, fill, bare, "left"),
        Look.TICK: _format(styles, _GENERAL, bold, fill, framed, "center"),
    }


_ALL_SIDES = (b"left", b"right", b"top", b"bottom")


def _font(styles: StyleBook, *, bold: bool = False, larger: int = 0, colour: str = "") -> int:
    name, size = styles.font()
    p = styles.prefix
    points = float(size or _FONT_SIZE) + larger
    parts = b"<%bb/>" % p if bold else b""
    parts += b'<%bsz val="%b"/>' % (p, f"{points:g}".encode())
    parts += b'<%bcolor rgb="%b"/>' % (p, colour.encode()) if colour else b""
    parts += b'<%bname val="%b"/>' % (p, quoted(name or _FONT_NAME))
    return styles.entry("fonts", b"<%bfont>%b</%bfont>" % (p, parts, p))


def _border(styles: StyleBook, sides: tuple[bytes, ...]) -> int:
    p = styles.prefix
    line = b'<%b%b style="thin"><%bcolor rgb="%b"/></%b%b>'
    made = b"".join(
        line % (p, side, p, _LINE, p, side) if side in sides else b"<%b%b/>" % (p, side) for side in _ALL_SIDES
    )
    return styles.entry("borders", b"<%bborder>%b<%bdiagonal/></%bborder>" % (p, made, p, p))


def _format(styles: StyleBook, number: int, font: int, fill: int, border: int, align: str, *, indent: int = 0) -> int:
    p = styles.prefix
    applied = b' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
    kinds = b'<%bxf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d" xfId="0"' % (p, number, font, fill, border)
    place = b'horizontal="%b"' % align.encode() + (b' indent="%d"' % indent if indent else b"")
    return styles.entry("cellXfs", kinds + applied + b"><%balignment %b/></%bxf>" % (p, place, p))
