"""What Google's JSON says of a cell, and which areas formulas fill; shapes as in the API's discovery document."""

import datetime as dt

import pytest

from sheets_sync.core.cells import NOT_CALCULATED, OUT_OF_RANGE, CellStyle, CellTrouble, CellValue, Kind, Seen
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.google.computed_areas import computed_areas
from sheets_sync.workbooks.google.json_cells import JsonCells
from sheets_sync.workbooks.google.steadiness import entries, telling_column

DATE = {"effectiveFormat": {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}}
MOMENT = {"effectiveFormat": {"numberFormat": {"type": "DATE_TIME", "pattern": "dd/mm/yyyy hh:mm"}}}
TIME = {"effectiveFormat": {"numberFormat": {"type": "TIME", "pattern": "hh:mm"}}}
PERCENT = {"effectiveFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}}


def entered(**value: object) -> dict[str, object]:
    """A cell into which this was entered."""
    return {"userEnteredValue": value, "effectiveValue": value}


def calculated(formula: str, **value: object) -> dict[str, object]:
    """A cell with a formula and its result."""
    return {"userEnteredValue": {"formulaValue": formula}} | ({"effectiveValue": value} if value else {})


def failed(kind: str) -> dict[str, object]:
    """An error value."""
    return entered(errorValue={"type": kind, "message": "Said by Google."})


@pytest.mark.parametrize(
    ("held", "literal", "seen"),
    [
        (entered(stringValue="Paint"), (Kind.TEXT, "Paint"), "Paint"),
        (entered(stringValue="=1+1"), (Kind.TEXT, "=1+1"), "=1+1"),
        (entered(numberValue=0), (Kind.NUMBER, "0"), 0.0),
        (entered(numberValue=12.5), (Kind.NUMBER, "12.5"), 12.5),
        (entered(numberValue=0.25) | PERCENT, (Kind.NUMBER, "0.25"), 0.25),
        (entered(numberValue=46339) | DATE, (Kind.NUMBER, "46339"), dt.date(2026, 11, 13)),
        (entered(numberValue=46357.645833333336) | MOMENT, (Kind.NUMBER, "46357.645833333336"), None),
        (entered(numberValue=0.5) | TIME, (Kind.NUMBER, "0.5"), 0.5),
        (entered(numberValue=2) | DATE, (Kind.NUMBER, "2"), dt.date(1900, 1, 1)),
        (entered(numberValue=60) | DATE, (Kind.NUMBER, "60"), dt.date(1900, 2, 28)),
        (entered(numberValue=61) | DATE, (Kind.NUMBER, "61"), dt.date(1900, 3, 1)),
        (entered(numberValue=-3) | DATE, (Kind.NUMBER, "-3"), OUT_OF_RANGE),
        (entered(numberValue=1e12) | DATE, (Kind.NUMBER, "1000000000000"), OUT_OF_RANGE),
        (entered(boolValue=False), (Kind.BOOL, "FALSE"), False),
        (entered(boolValue=True), (Kind.BOOL, "TRUE"), True),
        (failed("N_A"), (Kind.ERROR, "#N/A"), CellTrouble("#N/A")),
        (failed("DIVIDE_BY_ZERO"), (Kind.ERROR, "#DIV/0!"), CellTrouble("#DIV/0!")),
        (failed("ERROR"), (Kind.ERROR, "#ERROR!"), CellTrouble("#ERROR!")),
        (failed("SOMETHING_NEW"), (Kind.ERROR, "#ERROR!"), CellTrouble("#ERROR!")),
        (calculated("=B7*2+A$7", numberValue=4), (Kind.FORMULA, "B#*2+A$7"), 4.0),
        (calculated("=TODAY()", numberValue=46339) | DATE, (Kind.FORMULA, "TODAY()"), dt.date(2026, 11, 13)),
        (calculated("=NA()", errorValue={"type": "N_A"}), (Kind.FORMULA, "NA()"), CellTrouble("#N/A")),
        (calculated('=""', stringValue=""), (Kind.FORMULA, '""'), None),
        (calculated("=IMPORTRANGE()"), (Kind.FORMULA, "IMPORTRANGE()"), NOT_CALCULATED),
        (calculated("=X()", errorValue={"type": "LOADING"}), (Kind.FORMULA, "X()"), NOT_CALCULATED),
        ({"effectiveValue": {"stringValue": "spilled"}}, (Kind.TEXT, "spilled"), "spilled"),
    ],
)
def test_cell(held: dict[str, object], literal: tuple[Kind, str], seen: Seen) -> None:
    """The literal is what was entered, and what is seen is what people see."""
    cell = JsonCells().cell(held, 7)
    assert cell is not None
    assert cell.literal == CellValue(*literal)
    if seen is not None:
        assert (type(cell.seen), cell.seen) == (type(seen), seen)
    else:
        assert cell.seen in (None, dt.datetime(2026, 12, 1, 15, 30))


@pytest.mark.parametrize(
    "held",
    [
        {},
        {"userEnteredValue": {}},
        {"effectiveValue": {}},
        entered(stringValue=""),
        {"effectiveFormat": {}},
        {"dataValidation": {"condition": {"type": "BOOLEAN"}}},
    ],
    ids=str,
)
def test_blank_cell(held: dict[str, object]) -> None:
    """Formats and checks alone are no content."""
    assert JsonCells().cell(held, 1) is None


def chips(*names: dict[str, object]) -> dict[str, object]:
    """The runs of these chips."""
    return {"chipRuns": [{"chip": name} for name in names]}


@pytest.mark.parametrize(
    ("text", "runs", "shown"),
    [
        ("Ana Lima", chips({"personProperties": {"email": "ana@example.org"}}), "Ana Lima"),
        ("@", chips({"personProperties": {"email": "ana@example.org"}}), "ana@example.org"),
        (
            "@, @",
            chips({"personProperties": {"email": "a@example.org"}}, {"personProperties": {"email": "b@example.org"}}),
            "a@example.org, b@example.org",
        ),
        ("@", chips({"richLinkProperties": {"uri": "https://example.org/f"}}), "https://example.org/f"),
        (
            "@ and @",
            chips(
                {"personProperties": {"email": "a@example.org"}}, {}, {"personProperties": {"email": "b@example.org"}}
            ),
            "a@example.org and b@example.org",
        ),
        (
            "Chief: @ (night)",
            chips({}, {"personProperties": {"email": "a@example.org"}}),
            "Chief: a@example.org (night)",
        ),
        (
            "a@example.org, Ana Lima",
            chips({}, {"personProperties": {"email": "ana@example.org"}}),
            "a@example.org, Ana Lima",
        ),
        (
            "@, ",
            chips({"personProperties": {"email": "a@example.org"}}, {"richLinkProperties": {"uri": "u"}}),
            "a@example.org, u",
        ),
        ("@", {"chipRuns": [{}]}, "@"),
    ],
)
def test_chips(text: str, runs: dict[str, object], shown: str) -> None:
    """A chip counts by the text people see; a bare placeholder by whom or what it names."""
    cell = JsonCells().cell(entered(stringValue=text) | runs, 1)
    assert cell is not None
    assert cell.seen == shown


def test_styles() -> None:
    """Formats that mean something are told, each once; white is no fill."""
    cells = JsonCells()
    formats: list[dict[str, object]] = [
        {},
        DATE,
        PERCENT,
        {"userEnteredFormat": {"textFormat": {"bold": True}}},
        {"userEnteredFormat": {"textFormat": {"strikethrough": True}}},
        {"userEnteredFormat": {"backgroundColor": {"red": 1, "green": 1, "blue": 1}}},
        {"userEnteredFormat": {"backgroundColor": {"red": 1}}},
        MOMENT,
    ]
    made = [cells.cell(entered(numberValue=1) | one, 1) for one in formats]
    assert [cells.styles[cell.style] for cell in made if cell] == [
        CellStyle(),
        CellStyle(is_date=True),
        CellStyle(is_percent=True),
        CellStyle(bold=True),
        CellStyle(struck=True),
        CellStyle(),
        CellStyle(filled=True),
        CellStyle(is_date=True),
    ]
    assert len(cells.styles) == len(set(cells.styles))


@pytest.mark.parametrize(
    ("spilled", "formulas", "areas"),
    [
        ([], [(1, 1)], []),
        ([(3, 2), (4, 2)], [(2, 2)], [Area(2, 2, 4, 2)]),
        ([(2, 3), (3, 2), (3, 3), (5, 3)], [(2, 2)], [Area(2, 2, 5, 3)]),
        ([(3, 2), (3, 3)], [(2, 2), (2, 3)], [Area(2, 2, 3, 2), Area(2, 3, 3, 3)]),
        ([(3, 4), (4, 4)], [(2, 2), (3, 2), (4, 2), (2, 4)], [Area(2, 4, 4, 4)]),
        ([(9, 9)], [], [Area(9, 9, 9, 9)]),
        ([(3, 1), (11, 1)], [(2, 1), (10, 1)], [Area(2, 1, 3, 1), Area(10, 1, 11, 1)]),
    ],
)
def test_computed_areas(spilled: list[tuple[int, int]], formulas: list[tuple[int, int]], areas: list[Area]) -> None:
    """A spilled cell belongs to the formula it spills from; plain formulas beside it do not count."""
    assert list(computed_areas(spilled, formulas)) == areas


def test_telling_column() -> None:
    """The column that tells rows apart best is the one with most different entries."""
    rows = [{"values": [entered(stringValue="open"), entered(stringValue=f"Do {row}")]} for row in range(3)]
    pieces = [{"rowData": rows}, {"startRow": 10, "rowData": [{}, rows[0]]}]
    assert telling_column(pieces) == 2
    assert sorted(entries(pieces, 2)) == [1, 2, 3, 12]
    assert telling_column([{}]) is None
