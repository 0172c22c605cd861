"""gspread works on the server: what people use of it, end to end, over HTTP."""

import gspread
import pytest
from gspread.utils import Dimension, MergeType, ValidationConditionType, ValueInputOption, ValueRenderOption
from sheets_server.gspread_client import local_client


@pytest.fixture
def client(server):
    """A gspread client at the server."""
    made = local_client(server.url)
    yield made
    made.http_client.session.close()


@pytest.fixture
def sheet(client):
    """A new spreadsheet, made by gspread."""
    return client.create("Made here")


@pytest.fixture
def tab(sheet):
    """Its first tab, filled."""
    first = sheet.sheet1
    first.update([["Name", "Count"], ["a", 1], ["b", 2]], "A1:B3")
    return first


def test_files_come_and_go(client):
    """Made, found by name, copied, listed, exported, deleted."""
    made = client.create("One of a kind")
    made.sheet1.update([["x", "y,z"], [1, ""]], "A1:B2")
    assert client.open("One of a kind").id == made.id
    copy = client.copy(made.id, title="A copy", copy_permissions=False)
    assert copy.sheet1.get_all_values() == [["x", "y,z"], ["1", ""]]
    assert {file["name"] for file in client.list_spreadsheet_files("A copy")} == {"A copy"}
    assert client.export(made.id, gspread.utils.ExportFormat.CSV) == b'x,"y,z"\r\n1,'
    client.del_spreadsheet(made.id)
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open("One of a kind")


def test_csv_is_imported(client, sheet):
    """The first tab becomes the file's content."""
    client.import_csv(sheet.id, "Name,Count\nä,3\n")
    assert sheet.sheet1.get_all_records() == [{"Name": "ä", "Count": 3}]


def test_tabs_come_and_go(sheet):
    """Added, renamed, moved, duplicated, hidden, coloured, deleted."""
    added = sheet.add_worksheet("second", 5, 4, index=0)
    assert [tab.title for tab in sheet.worksheets()] == ["second", "Sheet1"]
    added.update_title("first")
    added.update_index(1)
    copy = added.duplicate(new_sheet_name="copy")
    added.hide()
    added.update_tab_color("#ff0080")
    assert added.get_tab_color() == "#FF0080"
    assert (sheet.get_worksheet_by_id(copy.id).title, added.row_count, added.col_count) == ("copy", 5, 4)
    assert [tab.title for tab in sheet.worksheets(exclude_hidden=True)] == ["copy", "Sheet1"]
    sheet.del_worksheet(copy)
    sheet.update_title("Renamed")
    sheet.update_locale("pt_PT")
    sheet.update_timezone("Europe/Lisbon")
    again = sheet.fetch_sheet_metadata()["properties"]
    assert (again["title"], again["locale"], again["timeZone"]) == ("Renamed", "pt_PT", "Europe/Lisbon")


def test_cells_are_written_and_read(tab):
    """Single cells, ranges, batches, formulas, and the three renderings."""
    tab.update_acell("C1", "=SUM(B2:B3)")
    tab.update_cell(2, 3, "25%")
    assert tab.acell("C1").value == "3"
    assert tab.acell("C1", value_render_option=ValueRenderOption.formula).value == "=SUM(B2:B3)"
    assert tab.get("C2", value_render_option=ValueRenderOption.unformatted) == [[0.25]]
    tab.batch_update([{"range": "A5", "values": [["x"]]}, {"range": "B5:C5", "values": [["=1+1", "y"]]}])
    assert tab.batch_get(["A5:C5", "B1:B2"]) == [[["x", "=1+1", "y"]], [["Count"], ["1"]]]
    tab.batch_update([{"range": "D1", "values": [["=1+1"]]}], value_input_option=ValueInputOption.user_entered)
    assert tab.row_values(1) == ["Name", "Count", "3", "2"]
    assert tab.col_values(1) == ["Name", "a", "b", "", "x"]
    assert tab.get("A1:B2", major_dimension=Dimension.cols) == [["Name", "a"], ["Count", "1"]]
    assert [cell.address for cell in tab.findall("x")] == ["A5"]
    tab.batch_clear(["A5:B5"])
    tab.clear()
    assert tab.get_all_values() == [[]]


def test_rows_and_columns_move(tab):
    """Appended, inserted, deleted, resized, hidden, frozen, grouped, sorted."""
    tab.append_row(["c", 3])
    tab.append_rows([["d", 4], ["e", 5]], table_range="A1:B1")
    tab.insert_row(["z", 9], 2)
    tab.insert_rows([["y", 8]], 3, inherit_from_before=True)
    tab.insert_cols([["new", "n"]], 1)
    tab.delete_rows(2)
    tab.delete_columns(1)
    tab.sort((2, "des"), range="A2:B7")
    assert tab.get_all_values() == [
        ["Name", "Count"],
        ["y", "8"],
        ["e", "5"],
        ["d", "4"],
        ["c", "3"],
        ["b", "2"],
        ["a", "1"],
    ]
    tab.resize(7, 2)
    tab.add_rows(3)
    tab.add_cols(1)
    tab.freeze(rows=1, cols=1)
    tab.hide_rows(1, 2)
    tab.unhide_rows(1, 2)
    tab.hide_columns(1, 2)
    tab.add_dimension_group_rows(1, 3)
    assert [group["range"]["endIndex"] for group in tab.list_dimension_group_rows()] == [3]
    tab.delete_dimension_group_rows(1, 3)
    fresh = tab.spreadsheet.sheet1
    assert (fresh.row_count, fresh.col_count, fresh.frozen_row_count, fresh.frozen_col_count) == (10, 3, 1, 1)


def test_looks_rules_and_notes(tab):
    """Formats, merges, notes, validation, filters, protections, named ranges."""
    tab.format("A2:B2", {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}})
    tab.merge_cells("A1:B1", MergeType.merge_all)
    tab.unmerge_cells("A1:B1")
    tab.insert_note("A2", "look")
    assert (tab.get_note("A2"), tab.get_notes()) == ("look", [[""], ["look", ""], ["", ""]])
    tab.clear_note("A2")
    tab.add_validation("A2", ValidationConditionType.one_of_list, ["a", "b"], showCustomUi=True)
    tab.set_basic_filter("A1:B3")
    tab.clear_basic_filter()
    made = tab.add_protected_range("A1:B1", editor_users_emails=["ana@example.org"], description="ours")
    number = made["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    assert [one["description"] for one in tab.spreadsheet.list_protected_ranges(tab.id)] == ["ours"]
    tab.delete_protected_range(number)
    tab.define_named_range("A2:B3", "here")
    assert tab.get("here") == [["a", "1"], ["b", "2"]]
    named = tab.spreadsheet.list_named_ranges()[0]["namedRangeId"]
    tab.delete_named_range(named)
    tab.copy_range("A2:B2", "A5:B5")
    tab.cut_range("A3:B3", "A6")
    assert tab.get_all_values()[4:] == [["a", "1"], ["b", "2"]]


def test_errors_are_gspreads(client, sheet, tab):
    """Refusals arrive as the errors people catch."""
    with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range"):
        sheet.values_get("Nowhere!A1")
    with pytest.raises(gspread.exceptions.WorksheetNotFound):
        sheet.worksheet("Nowhere")
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key("nope")
    with pytest.raises(gspread.exceptions.APIError, match="exceeds grid limits"):
        tab.update([[1]], "A5000")
