"""Read of the workbook's cell formats what carries meaning in a plan. Colours and borders stay unread."""

from sheets_sync.core.cells import CellStyle
from sheets_sync.workbooks.ooxml.number_formats import is_date_format, is_percent_format
from sheets_sync.workbooks.ooxml.xml_scan import Element

PLAIN_STYLES = (CellStyle(),)
"""The styles of a workbook without any."""


def read_styles(root: Element) -> tuple[CellStyle, ...]:
    """One CellStyle per cell format, in order, never empty. Raises ValueError for a format number that is none."""
    codes = {int(entry.get("numFmtId", "0")): entry.get("formatCode") for entry in root.within("numFmts")}
    fonts = [(_is_on(font.child("b")), _is_on(font.child("strike"))) for font in root.within("fonts")]
    fills = [_is_filled(fill) for fill in root.within("fills")]
    known: dict[tuple[str, str, str], CellStyle] = {}
    styles: list[CellStyle] = []
    for cell_format in root.within("cellXfs"):
        parts = (cell_format.get("numFmtId", "0"), cell_format.get("fontId", "0"), cell_format.get("fillId", "0"))
        style = known.get(parts)
        if style is None:
            number, font, fill = (int(part) for part in parts)
            bold, struck = fonts[font] if 0 <= font < len(fonts) else (False, False)
            filled = 0 <= fill < len(fills) and fills[fill]
            date, percent = is_date_format(number, codes), is_percent_format(number, codes)
            style = CellStyle(date, percent, bold, struck, filled)
            known[parts] = style
        styles.append(style)
    return tuple(styles) or PLAIN_STYLES


def _is_on(switch: Element | None) -> bool:
    return switch is not None and switch.flag("val", default=True)


def _is_filled(fill: Element) -> bool:
    pattern = fill.child("patternFill")
    if pattern is None:
        return fill.child("gradientFill") is not None
    return pattern.get("patternType", "none") != "none"
