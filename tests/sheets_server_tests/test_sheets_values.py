"""Values: written as typed or raw, read in three renderings, in ranges named in many ways."""

import pytest


@pytest.fixture
def values(ask, book):
    """Read values of the small plan."""

    def read(text, **query):
        return ask("GET", f"{book.id}/values/{text}", params=query)

    return read


@pytest.fixture
def put(ask, book):
    """Write one cell as typed; the cell as told by spreadsheets.get."""

    def written(text, option="USER_ENTERED"):
        query = {"valueInputOption": option}
        ask("PUT", f"{book.id}/values/Notes!B2", {"values": [[text]]}, params=query)
        told = ask("GET", book.id, params={"ranges": "Notes!B2", "includeGridData": "true"})
        return told["sheets"][0]["data"][0]["rowData"][0]["values"][0]

    return written


@pytest.mark.parametrize(
    ("text", "value", "shown", "kind"),
    [
        ("53", 53, "53", None),
        ("0042", 42, "42", None),
        ("1.50", 1.5, "1.5", None),
        ("25%", 0.25, "25%", "PERCENT"),
        ("12.5%", 0.125, "12.50%", "PERCENT"),
        ("2,000,000.01", 2000000.01, "2,000,000.01", "NUMBER"),
        ("$12.50", 12.5, "$12.50", "CURRENCY"),
        ("2020-01-01", 43831, "2020-01-01", "DATE"),
        ("11/20/2026", 46346, "11/20/2026", "DATE"),
        ("2026-11-20 12:00", 46346.5, "2026-11-20 12:00:00", "DATE_TIME"),
        ("18:00", 0.75, "18:00:00", "TIME"),
        ("Nov 20, 2026", 46346, "Nov 20, 2026", "DATE"),
        ("1e3", 1000, "1.00E+03", "SCIENTIFIC"),
        ("true", True, "TRUE", None),
        ("'123", "123", "123", None),
        ("Paint", "Paint", "Paint", None),
        ("20/11/2026", "20/11/2026", "20/11/2026", None),
    ],
)
def test_typed_texts_are_understood(put, text, value, shown, kind):
    """USER_ENTERED reads a text as a person's typing is read in the spreadsheet's locale."""
    cell = put(text)
    assert next(iter(cell["effectiveValue"].values())) == value
    assert cell["formattedValue"] == shown
    assert cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") == kind


@pytest.mark.parametrize("text", ["=1+1", "25%", "2020-01-01", "'x", "TRUE", "+1"])
def test_raw_texts_stay_texts(put, text):
    """RAW changes nothing, not even a leading apostrophe, and no text becomes a formula."""
    cell = put(text, "RAW")
    assert cell["userEnteredValue"] == cell["effectiveValue"] == {"stringValue": text}


def test_the_locale_decides_on_dates_and_decimals(server):
    """In Portugal the day comes first and a comma stands before decimals."""
    book = server.book(sheets=[("A", [["03/04/2026", "1,5", "2,50 €"]])], locale="pt_PT")
    assert [book.human.read("A", 1, column) for column in (1, 2, 3)] == [46115, 1.5, 2.5]
    assert book.human.shown("A") == [["03/04/2026", "1,5", "€2,50"]]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("=4/2", {"numberValue": 2}, "2"),
        ("=1/3", {"numberValue": 1 / 3}, "0.3333333333"),
        ('=Actions!A2&" ok"', {"stringValue": "X-1 ok"}, "X-1 ok"),
        ("=1/0", {"errorValue": {"type": "DIVIDE_BY_ZERO"}}, "#DIV/0!"),
        ("=NA()", {"errorValue": {"type": "N_A"}}, "#N/A"),
        ("=NOTHING(1)", {"errorValue": {"type": "NAME"}}, "#NAME?"),
        ("=B2", {"errorValue": {"type": "REF"}}, "#REF!"),
        ("=1+", {"errorValue": {"type": "ERROR"}}, "#ERROR!"),
        ("=SUM(1,2,Actions!C2:C3)", {"numberValue": 92706}, "92706"),
        ('=IF(Actions!A2="x-1",TRUE,FALSE)', {"boolValue": True}, "TRUE"),
        ("=-2^2", {"numberValue": 4}, "4"),
        ("=2*-3", {"numberValue": -6}, "-6"),
    ],
)
def test_formulas_are_calculated(put, text, value, shown):
    """Arithmetic, references, comparisons and errors come out as in a spreadsheet."""
    cell = put(text)
    error = cell["effectiveValue"].get("errorValue", {})
    error.pop("message", None)
    assert cell["effectiveValue"] == value
    assert (cell["userEnteredValue"], cell["formattedValue"]) == ({"formulaValue": text}, shown)


def test_today_is_the_day_in_the_spreadsheets_zone(server, put):
    """TODAY() shows a date without a format of its own."""
    cell = put("=TODAY()")
    assert "userEnteredFormat" not in cell
    assert cell["effectiveFormat"]["numberFormat"]["type"] == "DATE"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Actions", "Actions!A1:Z1000"),
        ("actions", "Actions!A1:Z1000"),
        ("'Actions'!A2:B", "Actions!A2:B1000"),
        ("Actions!B:B", "Actions!B1:B1000"),
        ("Actions!2:3", "Actions!A2:Z3"),
        ("Actions!A1:1", "Actions!A1:Z1"),
        ("Actions!C3:A1", "Actions!A1:C3"),
        ("A1:B2", "Actions!A1:B2"),
        ("Actions!$B$2", "Actions!B2"),
        ("Actions!A999:ZZ2000", "Actions!A999:Z1000"),
    ],
)
def test_ranges_are_understood_and_cut_off(values, text, told):
    """Replies name the range in one way, inside the grid."""
    assert values(text)["range"] == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Nowhere!A1", "Unable to parse range: Nowhere!A1"),
        ("Actions!A0", "Unable to parse range: Actions!A0"),
        ("Actions!", "Unable to parse range: Actions!"),
        ("nonsense", "Unable to parse range: nonsense"),
        ("Actions!A2000", "Range (Actions!A2000) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_ranges_that_are_none_are_refused(ask, book, text, message):
    """400, in Google's words."""
    assert ask("GET", f"{book.id}/values/{text}", status=400)["error"]["message"] == message


def test_a_tab_named_like_a_cell_is_found(server, ask):
    """A tab called D3 is meant where only D3 is said, and is told without quotes."""
    book = server.book(sheets=[("First", []), ("D3", [["here"]]), ("It's mine", [["x"]])])
    assert ask("GET", f"{book.id}/values/D3")["range"] == "'D3'!A1:Z1000"
    assert ask("GET", f"{book.id}/values/'It''s mine'!A1")["range"] == "'It''s mine'!A1"


def test_blank_ends_are_left_out(values, book):
    """Trailing blanks and blank rows are not told; an empty range has no values at all."""
    book.human.type("Actions", 6, 5, "far")
    assert values("Actions!A4:E7")["values"] == [["X-3", "Train the night shift"], [], ["", "", "", "", "far"]]
    assert "values" not in values("Actions!H1:J9")
    assert values("Actions!A1:B3", majorDimension="COLUMNS")["values"][0] == ["Ref", "X-1", "X-2"]


def test_null_skips_and_an_empty_text_clears(ask, values, book):
    """What is null stays, what is "" goes; only what was written is counted."""
    body = {"values": [[None, "", "new"]]}
    query = {"valueInputOption": "RAW", "includeValuesInResponse": "true"}
    reply = ask("PUT", f"{book.id}/values/Actions!A2:C4", body, params=query)
    assert reply["updatedCells"] == 2
    assert reply["updatedData"]["values"][0] == ["X-1", "", "new"]
    assert len(reply["updatedData"]["values"]) == 3


@pytest.mark.parametrize(
    ("text", "rows", "message"),
    [
        (
            "Actions!A1:B2",
            [[1], [2], [3]],
            "Requested writing within range [Actions!A1:B2], but tried writing to row [3]",
        ),
        (
            "Actions!A1:B2",
            [[1, 2, 3]],
            "Requested writing within range [Actions!A1:B2], but tried writing to column [C]",
        ),
        (
            "Actions!A1000",
            [[1], [2]],
            "Range (Actions!A1000:A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_values_that_do_not_fit_are_refused(ask, book, text, rows, message):
    """Nothing grows by itself."""
    query = {"valueInputOption": "RAW"}
    refusal = ask("PUT", f"{book.id}/values/{text}", {"values": rows}, params=query, status=400)
    assert refusal["error"]["message"] == message


def test_append_finds_the_last_table(ask, book, server):
    """Rows go below the last table a range reaches; a blank inside a row makes two tables."""
    other = server.book(sheets=[("A", [["a", None, "c"]])])
    query = {"valueInputOption": "RAW"}
    below = ask("POST", f"{book.id}/values/Actions:append", {"values": [["X-4"]]}, params=query)
    assert (below["tableRange"], below["updates"]["updatedRange"]) == ("Actions!A1:C4", "Actions!A5")
    shifted = ask("POST", f"{other.id}/values/A:append", {"values": [["d"]]}, params=query)
    assert (shifted["tableRange"], shifted["updates"]["updatedRange"]) == ("A!C1", "A!C2")


def test_a_batch_of_values_is_all_or_nothing(ask, book, values):
    """One range that does not fit, and none is written."""
    data = [{"range": "Actions!A2", "values": [["changed"]]}, {"range": "Actions!A9:A9", "values": [[1, 2], [3]]}]
    data[1]["range"] = "Actions!A9:B9"
    body = {"valueInputOption": "RAW", "data": data}
    ask("POST", f"{book.id}/values:batchUpdate", body, status=400)
    assert values("Actions!A2")["values"] == [["X-1"]]


def test_a_plain_text_column_keeps_texts(server):
    """In a cell formatted as text, typed numbers stay texts."""
    book = server.book(sheets=[("A", [[]])])
    book.human.format("A", 1, 1, {"numberFormat": {"type": "TEXT"}})
    book.human.type("A", 1, 1, "0042")
    assert book.human.read("A", 1, 1) == "0042"


def test_merged_cells_show_in_their_corner_only(values, book):
    """What a merge covers is gone."""
    book.human.merge("Actions", 2, 1, 3, 2)
    assert values("Actions!A1:C3")["values"] == [
        ["Ref", "Action", "Due"],
        ["X-1", "", "2026-11-20"],
        ["", "", "2026-12-01"],
    ]
