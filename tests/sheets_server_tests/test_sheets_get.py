"""spreadsheets.get and getByDataFilter: what is told of tabs and cells, and what field masks leave of it."""

import datetime as dt

import pytest

CELLS = "sheets.data.rowData.values"


@pytest.fixture
def cells(ask, book):
    """The rows of the small plan's first tab under a mask of cell fields."""

    def told(fields, ranges="Actions"):
        query = {"fields": f"{CELLS}({fields})", "ranges": ranges}
        return ask("GET", book.id, params=query)["sheets"][0]["data"][0].get("rowData", [])

    return told


def test_every_part_of_a_cell_is_told(cells, book):
    """Values, formats, notes, validation and chips, and nothing for what is not there."""
    human = book.human
    human.note("Actions", 2, 2, "ask Eva")
    human.checkbox("Actions", 3, 4, ticked=True)
    human.people_chip("Actions", 4, 4, "Ana Lima", "ana@example.org")
    human.drop_down("Actions", 2, 4, ["yes", "no"])
    rows = cells("userEnteredValue,effectiveValue,formattedValue,note,dataValidation.condition.type,chipRuns")
    assert rows[1]["values"][1] == {
        "userEnteredValue": {"stringValue": "Paint the wall"},
        "effectiveValue": {"stringValue": "Paint the wall"},
        "formattedValue": "Paint the wall",
        "note": "ask Eva",
    }
    assert rows[1]["values"][3] == {"dataValidation": {"condition": {"type": "ONE_OF_LIST"}}}
    assert rows[2]["values"][3]["effectiveValue"] == {"boolValue": True}
    assert rows[3]["values"][2:] == [
        {},
        {
            "userEnteredValue": {"stringValue": "Ana Lima"},
            "effectiveValue": {"stringValue": "Ana Lima"},
            "formattedValue": "Ana Lima",
            "chipRuns": [{"chip": {"personProperties": {"email": "ana@example.org", "displayFormat": "DEFAULT"}}}],
        },
    ]


def test_number_formats_are_told_under_a_mask(cells):
    """A date has its pattern; a text has a format without a number format in it."""
    row = cells("effectiveFormat.numberFormat")[1]["values"]
    assert row == [
        {"effectiveFormat": {}},
        {"effectiveFormat": {}},
        {"effectiveFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}},
    ]


def test_rows_end_with_the_last_filled_one(cells, book):
    """Blank rows at the end are left out, blank ones in between are told as empty."""
    book.human.type("Actions", 6, 1, "far below")
    assert [len(row.get("values", ())) for row in cells("note", "Actions!A1:D9")] == [3, 3, 3, 2, 0, 1]


def test_equal_texts_keep_their_own_notes_and_formats(cells, book):
    """What one cell carries is not told of another that holds the same text."""
    book.human.fill("Notes", 1, 1, [["same"], ["same"], ["same"]])
    book.human.note("Notes", 2, 1, "only here")
    book.human.format("Notes", 3, 1, {"textFormat": {"bold": True}})
    rows = cells("note,userEnteredFormat.textFormat.bold", "Notes")
    assert [row["values"][0] for row in rows] == [
        {},
        {"note": "only here"},
        {"userEnteredFormat": {"textFormat": {"bold": True}}},
    ]


def test_a_block_starts_where_it_was_asked_for(ask, book):
    """Start row and column are told when they are not the first; lines have their metadata."""
    told = ask("GET", book.id, params={"ranges": "Actions!B2:C3", "fields": "sheets.data"})
    data = told["sheets"][0]["data"][0]
    assert (data["startRow"], data["startColumn"], len(data["rowMetadata"])) == (1, 1, 2)
    assert data["columnMetadata"] == [{"pixelSize": 100}] * 2
    assert [len(row["values"]) for row in data["rowData"]] == [2, 2]


def test_only_the_tabs_asked_for_are_told(ask, book):
    """A tab that no range touches is not in the reply; two ranges of one tab are two blocks."""
    query = {"ranges": ["Notes", "Notes!A1"], "includeGridData": "true"}
    told = ask("GET", book.id, params=query)
    assert [sheet["properties"]["title"] for sheet in told["sheets"]] == ["Notes"]
    assert len(told["sheets"][0]["data"]) == 2


def test_cells_are_told_only_when_asked_for(ask, book):
    """Without grid data there is no data; a mask overrules the switch both ways."""
    assert "data" not in ask("GET", book.id)["sheets"][0]
    assert "data" in ask("GET", book.id, params={"fields": "sheets"})["sheets"][0]
    query = {"fields": "sheets.properties.title", "includeGridData": "true"}
    assert ask("GET", book.id, params=query) == {
        "sheets": [{"properties": {"title": "Actions"}}, {"properties": {"title": "Notes"}}]
    }


def test_hidden_and_filtered_rows_are_told_with_their_cells(ask, book):
    """Rows hidden by a person or a filter are in the reply; only their metadata tells."""
    book.human.hide("Actions", row=3)
    book.human.filter("Actions", 1, ["X-3"])
    fields = "sheets(basicFilter.range,data(rowMetadata(hiddenByUser,hiddenByFilter),rowData.values.formattedValue))"
    sheet = ask("GET", book.id, params={"ranges": "Actions!A1:A4", "fields": fields})["sheets"][0]
    assert sheet["data"][0]["rowMetadata"] == [{}, {}, {"hiddenByUser": True}, {"hiddenByFilter": True}]
    assert len(sheet["data"][0]["rowData"]) == 4
    assert sheet["basicFilter"]["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 1000,
        "startColumnIndex": 0,
        "endColumnIndex": 26,
    }


@pytest.mark.parametrize(
    ("fields", "lost"),
    [("sheets.nothing", "sheets.nothing"), ("sheets(", "sheets("), ("properties.title.x", "properties.title.x")],
)
def test_masks_that_lead_nowhere_are_refused(ask, book, fields, lost):
    """400 with the path that is wrong."""
    violation = ask("GET", book.id, params={"fields": fields}, status=400)["error"]["details"][0]["fieldViolations"][0]
    assert violation["field"] == "fields"
    assert f"'{lost}'" in violation["description"]


def test_dates_given_as_dates_are_dates(server, ask):
    """Tests may fill in Python's dates; they arrive as serial numbers with a format."""
    book = server.book(sheets=[("A", [[dt.date(2026, 11, 20), dt.datetime(2026, 12, 1, 15, 30), True, 12.5]])])
    values = ask("GET", f"{book.id}/values/A", params={"valueRenderOption": "UNFORMATTED_VALUE"})["values"]
    assert values == [[46346, 46357 + 15.5 / 24, True, 12.5]]


def test_data_filters_choose_blocks(ask, book):
    """A grid range and an A1 range select as ranges do."""
    filters = [
        {"gridRange": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "endColumnIndex": 1}},
        {"a1Range": "Notes!A1"},
    ]
    query = {"fields": "sheets(properties.sheetId,data.rowData.values.formattedValue)"}
    told = ask("POST", f"{book.id}:getByDataFilter", {"dataFilters": filters}, params=query)
    assert [sheet["data"][0]["rowData"] for sheet in told["sheets"]] == [
        [{"values": [{"formattedValue": "X-1"}]}],
        [{"values": [{"formattedValue": "kept by hand"}]}],
    ]


@pytest.mark.parametrize("pretty", ["true", "false"])
def test_replies_are_pretty_unless_told_otherwise(server, book, session, pretty):
    """Google indents its JSON; prettyPrint=false saves the blanks. Large replies are packed."""
    address = f"{server.url}/v4/spreadsheets/{book.id}"
    reply = session.get(address, params={"prettyPrint": pretty})
    assert ("\n  " in reply.text) == (pretty == "true")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert server.requests[-1].bytes_out < len(reply.content)
