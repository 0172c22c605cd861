"""Developer metadata hangs on rows, columns, tabs and spreadsheets; data filters find and write by it."""

import pytest
from sheets_server import metadata
from sheets_server.caller import Caller

FLAG = "sheets-sync.flag"


def hang(key, *, column=None, row=None, sheet=None, value="", visibility="DOCUMENT"):
    """A request that creates metadata."""
    if column is not None or row is not None:
        at = row if column is None else column
        span = {
            "sheetId": 0,
            "dimension": "ROWS" if column is None else "COLUMNS",
            "startIndex": at,
            "endIndex": at + 1,
        }
        place = {"dimensionRange": span}
    else:
        place = {"spreadsheet": True} if sheet is None else {"sheetId": sheet}
    told = {"metadataKey": key, "metadataValue": value, "visibility": visibility, "location": place}
    return {"createDeveloperMetadata": {"developerMetadata": told}}


@pytest.fixture
def places(book):
    """Where the metadata of a key hangs now: first index, or None."""

    def found(key=FLAG):
        told = [one for one in book.metadata() if one["metadataKey"] == key]
        return [one["location"].get("dimensionRange", {}).get("startIndex") for one in told]

    return found


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (lambda human: human.insert_columns("Actions", 1, 2), [4]),
        (lambda human: human.insert_columns("Actions", 4), [2]),
        (lambda human: human.move_columns("Actions", 3, 1, 1), [0]),
        (lambda human: human.move_columns("Actions", 1, 1, 9), [1]),
        (lambda human: human.delete_columns("Actions", 1), [1]),
        (lambda human: human.delete_columns("Actions", 3), []),
        (lambda human: human.sort("Actions", 1, descending=True), [2]),
        (lambda human: human.delete_tab("Actions"), []),
        (lambda human: human.rename_tab("Actions", "To do"), [2]),
    ],
)
def test_column_metadata_travels_and_dies_with_its_column(change, book, places, act, after):
    """It moves with the column and is gone with it."""
    change(hang(FLAG, column=2))
    act(book.human)
    assert places() == after


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (lambda human: human.insert_rows("Actions", 1), [2]),
        (lambda human: human.move_rows("Actions", 2, 1, 5), [3]),
        (lambda human: human.delete_rows("Actions", 2), []),
        (lambda human: human.sort("Actions", 1, descending=True), [1]),
    ],
)
def test_row_metadata_follows_rows_not_sorted_cells(change, book, places, act, after):
    """A sort moves cells; what hangs on the row stays behind."""
    change(hang(FLAG, row=1))
    act(book.human)
    assert places() == after


def test_metadata_is_told_where_it_hangs(change, ask, book):
    """Spreadsheet, tab and column each tell their own."""
    change(hang("whole", value="v"), hang("tab", sheet=0), hang(FLAG, column=1))
    fields = "developerMetadata,sheets(developerMetadata,data.columnMetadata.developerMetadata)"
    told = ask("GET", book.id, params={"fields": fields, "ranges": "Actions!A1:C1"})
    assert told["developerMetadata"][0]["location"] == {"locationType": "SPREADSHEET", "spreadsheet": True}
    assert told["developerMetadata"][0]["metadataValue"] == "v"
    assert told["sheets"][0]["developerMetadata"][0]["location"] == {"locationType": "SHEET", "sheetId": 0}
    columns = told["sheets"][0]["data"][0]["columnMetadata"]
    assert [len(one.get("developerMetadata", ())) for one in columns] == [0, 1, 0]


def test_values_are_written_where_the_column_is_now(change, ask, book):
    """A column is addressed by its metadata; the echo is the whole column, its key beside it."""
    change(hang(FLAG, column=2), hang("ref", column=0))
    book.human.move_columns("Actions", 3, 1, 1)
    body = {
        "valueInputOption": "RAW",
        "includeValuesInResponse": True,
        "data": [
            {
                "dataFilter": {"developerMetadataLookup": {"metadataKey": key}},
                "majorDimension": "COLUMNS",
                "values": [[None, *values]],
            }
            for key, values in ((FLAG, ["late", None, "=1"]), ("ref", [None, None, None]))
        ],
    }
    reply = ask("POST", f"{book.id}/values:batchUpdateByDataFilter", body)
    first, second = reply["responses"]
    assert first["updatedRange"] == "Actions!A1:A4"
    assert first["updatedData"]["values"] == [["Due", "late", "2026-12-01", "=1"]]
    assert second["updatedData"]["values"] == [["Ref", "X-1", "X-2", "X-3"]]
    assert reply["totalUpdatedCells"] == 2
    assert "updatedCells" not in second


def test_a_write_to_a_deleted_column_changes_nothing(change, ask, book):
    """No match is a refusal, or nothing at all: the documents do not say which, so both can be chosen."""
    change(hang(FLAG, column=2), hang("ref", column=0))
    book.human.delete_columns("Actions", 3)
    lookups = [{"developerMetadataLookup": {"metadataKey": key}} for key in ("ref", FLAG)]
    data = [{"dataFilter": one, "values": [["x"]]} for one in lookups]
    body = {"valueInputOption": "RAW", "data": data}
    ask("POST", f"{book.id}/values:batchUpdateByDataFilter", body, status=400)
    assert book.human.read("Actions", 1, 1) == "Ref"
    book.front.api.refuse_unmatched = False
    try:
        body["data"] = data[1:]
        reply = ask("POST", f"{book.id}/values:batchUpdateByDataFilter", body)
    finally:
        book.front.api.refuse_unmatched = True
    assert "responses" not in reply


def test_values_larger_than_the_match_are_refused(change, ask, book):
    """A column takes one column of values."""
    change(hang(FLAG, column=2))
    lookup = {"developerMetadataLookup": {"metadataKey": FLAG}}
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": lookup, "values": [["a", "b"]]}]}
    refusal = ask("POST", f"{book.id}/values:batchUpdateByDataFilter", body, status=400)
    assert "tried writing to column [D]" in refusal["error"]["message"]


def test_a_filter_that_matches_twice_writes_twice(change, ask, book):
    """A copied column carries no metadata, but two columns may hold the same key."""
    change(hang(FLAG, column=1), hang(FLAG, column=2))
    lookup = {"developerMetadataLookup": {"metadataKey": FLAG}}
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": lookup, "values": [["both"]]}]}
    reply = ask("POST", f"{book.id}/values:batchUpdateByDataFilter", body)
    assert [one["updatedRange"] for one in reply["responses"]] == ["Actions!B1", "Actions!C1"]


@pytest.mark.parametrize(
    ("lookup", "keys"),
    [
        ({"metadataKey": "a"}, ["a"]),
        ({"metadataValue": "1"}, ["a", "b"]),
        ({"locationType": "SHEET"}, ["b"]),
        ({"locationType": "COLUMN", "visibility": "DOCUMENT"}, ["a"]),
        ({"metadataLocation": {"sheetId": 0}}, ["a", "b"]),
        ({"metadataLocation": {"sheetId": 0}, "locationMatchingStrategy": "EXACT_LOCATION"}, ["b"]),
        ({"metadataKey": "nobody"}, []),
    ],
)
def test_lookups_find_by_every_field(change, ask, book, lookup, keys):
    """All given fields must fit; a tab's place also finds what hangs inside it."""
    change(hang("a", column=1, value="1"), hang("b", sheet=0, value="1"), hang("c"))
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = ask("POST", f"{book.id}/developerMetadata:search", body).get("matchedDeveloperMetadata", [])
    assert [one["developerMetadata"]["metadataKey"] for one in found] == keys


def test_metadata_is_changed_and_deleted_by_filters(change, book):
    """The reply tells what was changed, what was deleted."""
    change(hang("a", column=1), hang("b"))
    chosen = {"developerMetadataLookup": {"metadataKey": "a"}}
    request_ = {"dataFilters": [chosen], "developerMetadata": {"metadataValue": "new"}, "fields": "metadataValue"}
    changed, deleted = change(
        {"updateDeveloperMetadata": request_}, {"deleteDeveloperMetadata": {"dataFilter": chosen}}
    )
    assert changed["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"] == "new"
    assert deleted["deleteDeveloperMetadata"]["deletedDeveloperMetadata"][0]["metadataKey"] == "a"
    assert [one["metadataKey"] for one in book.metadata()] == ["b"]


def test_project_metadata_is_seen_by_its_project_only(change, book):
    """Another cloud project does not see it."""
    change(hang("mine", visibility="PROJECT"), hang("all"))
    assert [one.key for one in metadata.visible(book.inside, Caller().project)] == ["mine", "all"]
    assert [one.key for one in metadata.visible(book.inside, "another")] == ["all"]


@pytest.mark.parametrize(
    "request_",
    [
        {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "k", "location": {"spreadsheet": True}}}},
        hang("", column=1),
        hang("k", column=99),
        hang("k", sheet=99),
        hang("k", value="x" * 30_001),
    ],
)
def test_incomplete_metadata_is_refused(change, request_):
    """Key, visibility and an existing place are needed, and there is only so much room."""
    change(request_, status=400)


def test_a_duplicated_tab_has_metadata_of_its_own(change, book):
    """The copy's columns carry the same keys under other ids."""
    change(hang(FLAG, column=2))
    book.human.duplicate_tab("Actions", "Copy")
    one, other = book.metadata()
    assert one["metadataId"] != other["metadataId"]
    assert other["location"]["dimensionRange"]["sheetId"] == book.human.sheet("Copy").id
