"""Cells from plain values."""

import datetime as dt

import pytest

from sheets_sync.core.cells import Cell, CellStyle, CellTrouble, CellValue, Kind
from sheets_sync.workbooks.plain_values import DATE, PLAIN, Typed, Value, cell_of, rows_of_csv


@pytest.mark.parametrize(
    ("value", "kind", "text", "seen"),
    [
        ("Paint", Kind.TEXT, "Paint", "Paint"),
        ("=A1", Kind.TEXT, "=A1", "=A1"),
        (" ", Kind.TEXT, " ", " "),
        (7, Kind.NUMBER, "7", 7.0),
        (0.5, Kind.NUMBER, "0.5", 0.5),
        (0, Kind.NUMBER, "0", 0.0),
        (True, Kind.BOOL, "TRUE", True),
        (False, Kind.BOOL, "FALSE", False),
        (dt.date(2026, 11, 22), Kind.NUMBER, "46348", dt.date(2026, 11, 22)),
        (dt.datetime(2026, 11, 22, 6, 0), Kind.NUMBER, "46348.25", dt.datetime(2026, 11, 22, 6, 0)),
        (CellTrouble("#REF!"), Kind.ERROR, "#REF!", CellTrouble("#REF!")),
        (Typed(3, formula="B#+1"), Kind.FORMULA, "B#+1", 3.0),
        (Typed(None, formula="B#"), Kind.FORMULA, "B#", None),
    ],
)
def test_values(value: Value, kind: Kind, text: str, seen: object) -> None:
    """Each kind of value gives the literal and what is seen, as a spreadsheet program stores and shows it."""
    styles = [PLAIN, DATE]
    is_date = isinstance(seen, dt.date)
    assert cell_of(value, styles) == Cell(CellValue(kind, text), seen, 1 if is_date else 0)
    assert styles == [PLAIN, DATE]


@pytest.mark.parametrize("value", [None, "", Typed(""), Typed(None, style=CellStyle(bold=True))])
def test_blank(value: Value) -> None:
    """Nothing typed is no cell."""
    assert cell_of(value, [PLAIN]) is None


def test_styles_are_shared() -> None:
    """A style is listed once however often it is used."""
    styles = [PLAIN]
    bold = CellStyle(bold=True)
    cells = [cell_of(Typed(text, style=bold), styles) for text in ("a", "b")]
    assert [cell.style for cell in cells if cell] == [1, 1]
    assert styles == [PLAIN, bold]


def test_csv() -> None:
    """Plain numbers and ISO dates of a CSV text become such; all else stays the text it is, line breaks included."""
    text = 'id,when,cost\r\n007,2026-11-22,"1,5"\r\n-3,2026-13-40,0.25\r\n"a\nb",,1e5\r\n'
    assert rows_of_csv(text) == (
        ("id", "when", "cost"),
        ("007", dt.date(2026, 11, 22), "1,5"),
        (-3.0, "2026-13-40", 0.25),
        ("a\nb", "", "1e5"),
    )
