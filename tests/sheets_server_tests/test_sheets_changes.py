"""batchUpdate: cells, rows, columns, tabs, rules, protections; what follows a move; all or nothing."""

import pytest
from sheets_server.caller import ROBOT

AREA = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 2}
FORMULA = '=(N("sheets-sync:red")=0)*($A2="X-1")'


def rule(formula=FORMULA, area=AREA):
    """A conditional-format rule."""
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    look = {"backgroundColor": {"red": 1, "green": 0.8, "blue": 0.8}}
    return {"ranges": [area], "booleanRule": {"condition": condition, "format": look}}


def lines(dimension, start, end):
    """A DimensionRange of the first tab."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


def test_a_batch_is_all_or_nothing(change, book):
    """One wrong request, and none is done; the refusal names it."""
    before = book.version
    write = {"start": {"rowIndex": 1}, "rows": [{"values": [{"userEnteredValue": {"stringValue": "Y"}}]}]}
    refusal = change(
        {"updateCells": write | {"fields": "userEnteredValue"}}, {"deleteSheet": {"sheetId": 77}}, status=400
    )
    assert refusal["message"] == "Invalid requests[1].deleteSheet: No grid with id: 77"
    assert book.human.read("Actions", 2, 1) == "X-1"
    assert book.version == before


def test_update_cells_clears_what_rows_do_not_cover(change, book):
    """Inside a range, cells without data lose the masked fields; from a start, they are left alone."""
    cells = [{"values": [{"userEnteredValue": {"stringValue": "=1+1"}, "note": "not in the mask"}]}]
    change({"updateCells": {"start": {"rowIndex": 1, "columnIndex": 1}, "rows": cells, "fields": "userEnteredValue"}})
    assert (book.human.read("Actions", 2, 2), book.human.read("Actions", 3, 2)) == ("=1+1", "Order gloves")
    change({"updateCells": {"range": AREA, "rows": cells, "fields": "userEnteredValue"}})
    assert (book.human.read("Actions", 2, 2), book.human.read("Actions", 3, 2)) == ("=1+1", None)
    assert not book.human.cells("Actions")[2, 2].note


def test_a_new_value_erases_chips(change, book):
    """Writing over a chip leaves plain text."""
    book.human.people_chip("Actions", 2, 2, "Ana", "ana@example.org")
    cells = [{"values": [{"userEnteredValue": {"stringValue": "Ana"}}]}]
    change({"updateCells": {"start": {"rowIndex": 1, "columnIndex": 1}, "rows": cells, "fields": "userEnteredValue"}})
    assert book.human.cells("Actions")[2, 2].chips == ()


def test_repeat_cell_moves_formulas(change, book):
    """A repeated formula follows its cell; fixed parts stay."""
    cell = {"userEnteredValue": {"formulaValue": '=$A2&A$1&"!"'}}
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 5, "endColumnIndex": 7}
    change({"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredValue"}})
    assert [book.human.read("Actions", row, column) for row in (2, 3) for column in (6, 7)] == [
        "X-1Ref!",
        "X-1Action!",
        "X-2Ref!",
        "X-2Action!",
    ]


def test_colours_come_back_as_eight_bits_in_both_styles(change, ask, book):
    """A colour is told in eight bits a channel, and as a colour style too; the newer one wins."""
    for colour in ({"red": 0.5}, {"green": 1}):
        cell = {"userEnteredFormat": {"backgroundColor": colour, "textFormat": {"bold": True}}}
        fields = "userEnteredFormat(backgroundColor,textFormat.bold)"
        change({"repeatCell": {"range": AREA, "cell": cell, "fields": fields}})
        query = {"ranges": "Actions!B2", "fields": "sheets.data.rowData.values.userEnteredFormat"}
        told = ask("GET", book.id, params=query)["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
        wanted = {name: 0.49803922 if level == 0.5 else level for name, level in colour.items()}
        assert told == {
            "backgroundColor": wanted,
            "backgroundColorStyle": {"rgbColor": wanted},
            "textFormat": {"bold": True},
        }


def test_inserted_columns_look_like_their_neighbour(change, book):
    """A column put in beside a date column is formatted as a date: a trap for who writes numbers there."""
    change({"insertDimension": {"range": lines("COLUMNS", 3, 4), "inheritFromBefore": True}})
    book.human.type("Actions", 2, 4, 46346)
    assert book.human.shown("Actions")[1][3] == "2026-11-20"


@pytest.mark.parametrize(
    ("request_", "before", "after"),
    [
        ({"insertDimension": {"range": lines("ROWS", 1, 3)}}, "=B2&SUM(C2:C4)", "=B4&SUM(C4:C6)"),
        ({"insertDimension": {"range": lines("ROWS", 2, 3)}}, "=SUM(C2:C4)", "=SUM(C2:C5)"),
        ({"insertDimension": {"range": lines("COLUMNS", 0, 1)}}, "=$B$2", "=$C$2"),
        ({"deleteDimension": {"range": lines("ROWS", 1, 2)}}, "=B2&B3", "=#REF!&B2"),
        ({"deleteDimension": {"range": lines("ROWS", 2, 3)}}, "=SUM(C2:C4)", "=SUM(C2:C3)"),
        ({"moveDimension": {"source": lines("ROWS", 1, 2), "destinationIndex": 4}}, "=B2&B3", "=B4&B2"),
        ({"moveDimension": {"source": lines("COLUMNS", 1, 2), "destinationIndex": 0}}, "=A2&B2", "=B2&A2"),
        (
            {"updateSheetProperties": {"properties": {"title": "To do"}, "fields": "title"}},
            "=Actions!A1",
            "='To do'!A1",
        ),
    ],
)
def test_formulas_follow_what_they_refer_to(change, book, request_, before, after):
    """Rows and columns that move take references along, in other tabs too."""
    formula = before if "Actions!" in before else before.replace("SUM(", "SUM(Actions!")
    if "Actions!" not in before and "SUM(" not in before:
        formula = "=" + "&".join("Actions!" + part for part in before[1:].split("&"))
    elif "&SUM" in before:
        formula = formula.replace("=B", "=Actions!B")
    book.human.type("Notes", 9, 1, formula)
    change(request_)
    text = book.human.cells("Notes")[9, 1].value.text
    assert text.replace("Actions!", "") == after.replace("Actions!", "")


def test_deleted_rules_are_told(change, book):
    """The reply to a deletion is the rule that is gone; indexes move up."""
    change(
        {"addConditionalFormatRule": {"rule": rule(), "index": 0}},
        {"addConditionalFormatRule": {"rule": rule("=TRUE"), "index": 0}},
    )
    (gone,) = change({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})
    condition = gone["deleteConditionalFormatRule"]["rule"]["booleanRule"]["condition"]
    assert condition == {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=TRUE"}]}
    assert len(book.human.rules("Actions")) == 1
    refusal = change({"deleteConditionalFormatRule": {"sheetId": 0, "index": 1}}, status=400)
    assert "No conditional format on sheet: 0 at index: 1" in refusal["message"]


def test_rules_can_be_replaced_and_moved(change, book):
    """A replacement tells old and new; a move tells both indexes."""
    change(
        {"addConditionalFormatRule": {"rule": rule("=1=1"), "index": 0}},
        {"addConditionalFormatRule": {"rule": rule("=2=2"), "index": 1}},
    )
    replaced, moved = change(
        {"updateConditionalFormatRule": {"index": 0, "rule": rule("=3=3")}},
        {"updateConditionalFormatRule": {"index": 0, "newIndex": 1, "sheetId": 0}},
    )
    told = replaced["updateConditionalFormatRule"]
    assert told["oldRule"]["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=1=1"}]
    assert moved["updateConditionalFormatRule"]["newIndex"] == 1
    formulas = [one["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for one in book.human.rules("Actions")]
    assert formulas == ["=2=2", "=3=3"]


@pytest.mark.parametrize(
    ("act", "spans"),
    [
        (lambda human: human.insert_rows("Actions", 3, 2), [(1, 6, 1, 2)]),
        (lambda human: human.insert_rows("Actions", 5), [(1, 4, 1, 2)]),
        (lambda human: human.delete_rows("Actions", 2, 2), [(1, 2, 1, 2)]),
        (lambda human: human.delete_rows("Actions", 2, 3), []),
        (lambda human: human.insert_columns("Actions", 1), [(1, 4, 2, 3)]),
        (lambda human: human.move_columns("Actions", 2, 1, 6), [(1, 4, 4, 5)]),
        (lambda human: human.move_rows("Actions", 3, 1, 9), [(1, 3, 1, 2), (7, 8, 1, 2)]),
    ],
)
def test_rules_follow_rows_and_columns(change, book, act, spans):
    """Ranges of rules grow, shrink, move and tear with their cells; a rule without cells is gone."""
    change({"addConditionalFormatRule": {"rule": rule(), "index": 0}})
    act(book.human)
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    found = [tuple(area[name] for name in names) for one in book.human.rules("Actions") for area in one["ranges"]]
    assert found == spans


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (lambda human: human.insert_columns("Actions", 1), '=(N("sheets-sync:red")=0)*($B2="X-1")'),
        (lambda human: human.insert_rows("Actions", 1), '=(N("sheets-sync:red")=0)*($A3="X-1")'),
        (lambda human: human.move_columns("Actions", 1, 1, 9), '=(N("sheets-sync:red")=0)*($H2="X-1")'),
        (lambda human: human.delete_columns("Actions", 1), '=(N("sheets-sync:red")=0)*(#REF!="X-1")'),
    ],
)
def test_formulas_of_rules_follow_too(change, book, act, after):
    """A rule goes on looking at the column it looked at."""
    change({"addConditionalFormatRule": {"rule": rule(), "index": 0}})
    act(book.human)
    condition = book.human.rules("Actions")[0]["booleanRule"]["condition"]
    assert condition["values"] == [{"userEnteredValue": after}]


def test_a_protected_column_cannot_be_written_by_others(change, ask, book):
    """What a person protects from the robot is refused to it: cells, values and deleting."""
    book.human.protect("Actions", {"startColumnIndex": 1, "endColumnIndex": 2})
    body = {"values": [["x"]]}
    refusal = ask("PUT", f"{book.id}/values/Actions!B2", body, params={"valueInputOption": "RAW"}, status=400)
    assert refusal["error"]["message"].startswith("You are trying to edit a protected cell or object.")
    change({"deleteDimension": {"range": lines("COLUMNS", 0, 2)}}, status=400)
    book.human.protect("Actions", {"startColumnIndex": 0, "endColumnIndex": 1}, editors=[ROBOT])
    ask("PUT", f"{book.id}/values/Actions!A2", body, params={"valueInputOption": "RAW"})


def test_a_warning_stops_nobody(change, ask, book):
    """A protection that only warns lets everybody write, takes no editors, and whole tabs are protected once."""
    book.human.protect("Actions", {"startColumnIndex": 1, "endColumnIndex": 2}, warning=True)
    ask("PUT", f"{book.id}/values/Actions!B2", {"values": [["x"]]}, params={"valueInputOption": "RAW"})
    both = {"range": AREA, "warningOnly": True, "editors": {"users": ["a@example.org"]}}
    change({"addProtectedRange": {"protectedRange": both}}, status=400)
    whole = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}}}}
    change(whole)
    assert "already has sheet protection" in change(whole, status=400)["message"]


def test_sorting_moves_cells_not_rows(change, book):
    """After a sort the hidden row is still the second, whatever stands in it; blanks come last."""
    book.human.hide("Actions", row=2)
    order = [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 3}
    change({"sortRange": {"range": area, "sortSpecs": order}})
    assert [row[0] for row in book.human.shown("Actions")] == ["Ref", "X-2", "X-1", "X-3"]
    assert book.human.sheet("Actions").rows[1].hidden


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"addSheet": {"properties": {"title": "notes"}}},
            'A sheet with the name "notes" already exists. Please enter another name.',
        ),
        ({"addSheet": {"properties": {"gridProperties": {"rowCount": 500_000}}}}, "10000000 cells"),
        ({"deleteDimension": {"range": lines("ROWS", 0, 1000)}}, "You can't delete all the rows on the sheet."),
        ({"updateSheetProperties": {"properties": {}, "fields": "title"}}, "The sheet name cannot be empty."),
        (
            {"updateCells": {"start": {"rowIndex": 5000}, "rows": [{}], "fields": "note"}},
            "beyond the last requested row",
        ),
        ({"updateCells": {"start": {}, "rows": []}}, "At least one field must be listed"),
        (
            {"insertDimension": {"range": lines("COLUMNS", 26, 27)}},
            "range.startIndex[26] must be less than the grid size[26] if inheritFromBefore is false.",
        ),
        ({"insertDimension": {"range": lines("ROWS", 1001, 1002), "inheritFromBefore": True}}, "grid size[1000]"),
        (
            {"deleteDimension": {"range": lines("COLUMNS", 26, 27)}},
            "Cannot delete a column that doesn't exist. Tried to delete column index 26 but there are only 26 columns.",
        ),
        ({"updateSheetProperties": {"properties": {}, "fields": "name"}}, "Invalid field: name"),
        ({"repeatCell": {"range": AREA, "fields": "userEnteredFormat.colour"}}, "userEnteredFormat.colour"),
        ({"updateNamedRange": {"namedRange": {}}}, "At least one field must be listed"),
        ({"deleteProtectedRange": {"protectedRangeId": 5}}, "No protected range with ID: 5"),
        ({"addConditionalFormatRule": {"rule": rule("no formula")}}, "must start with '='"),
    ],
)
def test_senseless_requests_are_refused(change, request_, message):
    """400, naming the request."""
    refusal = change(request_, status=400)
    assert refusal["message"].startswith(f"Invalid requests[0].{next(iter(request_))}: ")
    assert message in refusal["message"]


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        ({"addSheets": {}}, "Unknown name \"addSheets\" at 'requests[0]': Cannot find field."),
        ({"addSheet": {"title": "x"}}, "Unknown name \"title\" at 'requests[0].add_sheet': Cannot find field."),
        ({"deleteSheet": {"sheetId": "x"}}, "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\""),
    ],
)
def test_unknown_fields_and_wrong_types_are_refused(change, request_, place):
    """The discovery document judges every request, with the path of what is wrong."""
    refusal = change(request_, status=400)
    assert place in refusal["message"]
    assert refusal["details"][0]["fieldViolations"]


def test_the_reply_can_hold_the_spreadsheet_after_the_change(ask, book):
    """One call writes and reads back."""
    body = {
        "requests": [{"insertDimension": {"range": lines("ROWS", 1, 2)}}],
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["Actions!A1:A3"],
        "responseIncludeGridData": True,
    }
    query = {"fields": "replies,updatedSpreadsheet.sheets.data.rowData.values.formattedValue"}
    reply = ask("POST", f"{book.id}:batchUpdate", body, params=query)
    assert reply == {
        "replies": [{}],
        "updatedSpreadsheet": {
            "sheets": [
                {
                    "data": [
                        {
                            "rowData": [
                                {"values": [{"formattedValue": "Ref"}]},
                                {},
                                {"values": [{"formattedValue": "X-1"}]},
                            ]
                        }
                    ]
                }
            ]
        },
    }


def test_tables_are_told_with_the_names_of_their_columns(change, ask, book):
    """A table has a range and columns, grows with inserted rows, and takes its cells along when deleted."""
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 3}
    (made,) = change({"addTable": {"table": {"name": "Plan", "range": area}}})
    table = made["addTable"]["table"]
    assert [one["columnName"] for one in table["columnProperties"]] == ["Ref", "Action", "Due"]
    book.human.insert_rows("Actions", 3)
    told = ask("GET", book.id, params={"fields": "sheets.tables(name,range)"})["sheets"][0]["tables"]
    assert told == [
        {
            "name": "Plan",
            "range": {name: end for name, end in area.items() if end or name != "sheetId"} | {"endRowIndex": 5},
        }
    ]
    change({"deleteTable": {"tableId": table["tableId"]}})
    assert book.human.shown("Actions") == []


def test_views_and_bands_come_and_go(change, ask, book):
    """Filter views and coloured bands are told with their tab; neither touches a cell or a row."""
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 4}
    view, band = change(
        {"addFilterView": {"filter": {"title": "mine", "range": area}}},
        {"addBanding": {"bandedRange": {"range": area, "rowProperties": {"firstBandColor": {"red": 1}}}}},
    )
    told = ask("GET", book.id)["sheets"][0]
    assert (len(told["filterViews"]), len(told["bandedRanges"])) == (1, 1)
    change(
        {"deleteFilterView": {"filterId": view["addFilterView"]["filter"]["filterViewId"]}},
        {"deleteBanding": {"bandedRangeId": band["addBanding"]["bandedRange"]["bandedRangeId"]}},
    )
    assert {"filterViews", "bandedRanges"}.isdisjoint(ask("GET", book.id)["sheets"][0])


def test_dragged_cells_leave_blanks_behind(book):
    """Dragging overwrites the place and empties the origin; rows and columns stay."""
    book.human.drag("Actions", {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}, 3, 1)
    assert [row[0] for row in book.human.shown("Actions")] == ["Ref", "", "X-1", "X-3"]


def test_frozen_rows_are_never_all_that_is_left(change):
    """Below the frozen rows at least one row stays."""
    frozen = {"properties": {"gridProperties": {"frozenRowCount": 2}}, "fields": "gridProperties.frozenRowCount"}
    change({"updateSheetProperties": frozen})
    refusal = change({"deleteDimension": {"range": lines("ROWS", 2, 1000)}}, status=400)
    assert "not possible to delete all non-frozen rows" in refusal["message"]
    change({"deleteDimension": {"range": lines("ROWS", 3, 1000)}})


def test_columns_can_be_put_in_at_the_end(change, book):
    """At the end of the grid only columns that look like the one before can be put in."""
    change({"insertDimension": {"range": lines("COLUMNS", 26, 28), "inheritFromBefore": True}})
    assert len(book.human.sheet("Actions").columns) == 28


def test_all_properties_of_a_tab_can_be_set_at_once(change, ask, book):
    """The mask "*" sets what is given and resets what is not, but leaves the tab where it is."""
    given = {"title": "New", "gridProperties": {"rowCount": 10, "columnCount": 5, "hideGridlines": True}}
    change({"updateSheetProperties": {"properties": given, "fields": "*"}})
    told = ask("GET", book.id)["sheets"][0]["properties"]
    assert told == {"sheetId": 0, "index": 0, "sheetType": "GRID"} | given


@pytest.mark.parametrize(("index", "order"), [(0, "abc"), (1, "abc"), (2, "bac"), (3, "bca"), (None, "bca")])
def test_tabs_move_to_indexes_before_the_move(server, ask, index, order):
    """To stand before the third tab, the first goes to index 2; without an index it goes to the end."""
    book = server.book(sheets=[(name, []) for name in "abc"])
    place = {} if index is None else {"index": index}
    move = {"updateSheetProperties": {"properties": place, "fields": "index"}}
    ask("POST", f"{book.id}:batchUpdate", {"requests": [move]})
    assert "".join(sheet.title for sheet in book.inside.sheets) == order
