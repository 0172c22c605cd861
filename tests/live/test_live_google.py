"""What no recording proves of Google: each check is one question, asked of the local server in every run and of Google
when a person asks for it (see conftest.py). Where the two differ, the local server is wrong."""

import time

import pytest
from live.conftest import Bench, Opened

from sheets_sync.errors import UsageError, WorkbookRefused
from sheets_sync.workbooks.google.calls import Json, Rejected
from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google.masks import PART, WHOLE

KEY = "sheets-sync-live"


def span(bench: Bench, dimension: str, start: int, end: int) -> Json:
    return {"sheetId": bench.gid, "dimension": dimension, "startIndex": start, "endIndex": end}


def mark_column(bench: Bench, index: int, name: str) -> Json:
    """The request that leaves our mark on a column; `index` from 0."""
    location = {"dimensionRange": span(bench, "COLUMNS", index, index + 1)}
    metadata = {"metadataKey": KEY, "metadataValue": name, "location": location, "visibility": "PROJECT"}
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def marked(bench: Bench, replies: Json, place: int = 0) -> int:
    """The id of a mark, from the reply that made it."""
    number: int = replies["replies"][place]["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
    return number


def by_mark(number: int, values: list[object]) -> Json:
    """Values down a column known by its mark, from its first row."""
    filter_ = {"developerMetadataLookup": {"metadataId": number}}
    return {"dataFilter": filter_, "majorDimension": "COLUMNS", "values": [values]}


def written(bench: Bench, *parts: Json) -> Json:
    """Write by mark, and see what stands there then."""
    body = {
        "valueInputOption": "RAW",
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
        "data": list(parts),
    }
    return bench.calls.write_values(body, {})


def test_the_mask_of_a_whole_reading_is_accepted(bench: Bench) -> None:
    """One masked getByDataFilter brings properties, frame and cells, formulas and their results."""
    bench.fill([["Ref", "Due"], ["X-1", "=DATE(2026,11,22)"], ["X-2", "=1/0"]])
    area = {"sheetId": bench.gid, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    cell = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}
    bench.change({"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}})
    filters = [{"gridRange": {"sheetId": bench.gid, "startRowIndex": 0, "endRowIndex": 50}}]
    reply = bench.calls.post_read(":getByDataFilter", {"dataFilters": filters}, {"fields": WHOLE})
    (sheet,) = reply["sheets"]
    rows = sheet["data"][0]["rowData"]
    assert rows[1]["values"][1]["effectiveValue"] == {"numberValue": 46348}
    assert rows[1]["values"][1]["effectiveFormat"]["numberFormat"] == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    assert rows[2]["values"][1]["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert "timeZone" in reply["properties"]
    part = bench.calls.post_read(":getByDataFilter", {"dataFilters": filters}, {"fields": PART})
    assert part["sheets"][0]["properties"] == {"sheetId": bench.gid}


def test_a_mark_travels_with_its_column(bench: Bench) -> None:
    """What is written by mark lands in the column where it stands now, wherever people moved it (HAZARDS 14)."""
    bench.fill([["Ref", "Action", "Flag"], ["X-1", "Paint", "old"]])
    number = marked(bench, bench.change(mark_column(bench, 2, "flag")))
    bench.change({"moveDimension": {"source": span(bench, "COLUMNS", 2, 3), "destinationIndex": 0}})
    bench.change({"insertDimension": {"range": span(bench, "COLUMNS", 0, 1)}})
    written(bench, by_mark(number, [None, "new"]))
    assert bench.values() == [["", "Flag", "Ref", "Action"], ["", "new", "X-1", "Paint"]]


def test_a_deleted_column_takes_its_mark_along(bench: Bench) -> None:
    """A write to a column that is gone fails, and nothing else of the call is written."""
    bench.fill([["Ref", "Flag", "Fix"]])
    replies = bench.change(mark_column(bench, 1, "flag"), mark_column(bench, 2, "fix"))
    flag, fix = marked(bench, replies), marked(bench, replies, 1)
    bench.change({"deleteDimension": {"range": span(bench, "COLUMNS", 1, 2)}})
    with pytest.raises(Rejected):
        written(bench, by_mark(fix, [None, "x"]), by_mark(flag, [None, "x"]))
    assert bench.values() == [["Ref", "Fix"]]


def test_nulls_are_left_and_the_reply_tells_the_keys(bench: Bench) -> None:
    """null leaves a cell, "" empties one, and the key column written as nulls comes back as it stands."""
    bench.fill([["Ref", "Flag"], ["X-1", "one"], ["X-2", "two"], ["X-3", "three"]])
    replies = bench.change(mark_column(bench, 0, "key"), mark_column(bench, 1, "flag"))
    key, flag = marked(bench, replies), marked(bench, replies, 1)
    reply = written(bench, by_mark(key, [None] * 4), by_mark(flag, [None, None, "", "new"]))
    told = [one["updatedData"]["values"] for one in reply["responses"]]
    assert [value for column in told[0] for value in column] == ["Ref", "X-1", "X-2", "X-3"]
    assert bench.values() == [["Ref", "Flag"], ["X-1", "one"], ["X-2"], ["X-3", "new"]]


def test_our_text_never_becomes_a_formula(bench: Bench) -> None:
    """RAW and stringValue keep "=1+1", numbers, dates and TRUE as text."""
    number = marked(bench, bench.change(mark_column(bench, 0, "flag")))
    texts = ["=1+1", "+1", "007", "2026-11-22", "TRUE", "'quoted"]
    written(bench, by_mark(number, texts))
    cells = bench.tab("data(rowData(values(userEnteredValue)))")["data"][0]["rowData"]
    assert [row["values"][0]["userEnteredValue"] for row in cells[:6]] == [{"stringValue": text} for text in texts]


def test_a_rule_of_ours_is_known_by_its_formula(bench: Bench) -> None:
    """A conditional-format rule comes back word for word, and the reply to its deletion shows it."""
    formula = '=(N("sheets-sync")=0)*($B2="OVERDUE")'
    rule = {
        "ranges": [{"sheetId": bench.gid, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}],
        "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]},
            "format": {"backgroundColorStyle": {"rgbColor": {"red": 1.0}}},
        },
    }
    bench.change({"addConditionalFormatRule": {"rule": rule, "index": 0}})
    (found,) = bench.tab("conditionalFormats")["conditionalFormats"]
    assert found["booleanRule"]["condition"]["values"] == [{"userEnteredValue": formula}]
    reply = bench.change({"deleteConditionalFormatRule": {"sheetId": bench.gid, "index": 0}})
    deleted = reply["replies"][0]["deleteConditionalFormatRule"]["rule"]
    assert deleted["booleanRule"]["condition"] == found["booleanRule"]["condition"]


def test_a_batch_is_made_whole_or_not_at_all(bench: Bench) -> None:
    """When a later request is wrong the earlier ones of the batch leave nothing behind."""
    bench.fill([["Ref"]])
    with pytest.raises(Rejected):
        bench.change(
            {"insertDimension": {"range": span(bench, "COLUMNS", 0, 1)}},
            {"deleteConditionalFormatRule": {"sheetId": bench.gid, "index": 7}},
        )
    assert bench.values() == [["Ref"]]


def test_rows_carry_values_along_a_sort(bench: Bench) -> None:
    """Sorting moves what stands in cells, below the same row numbers."""
    bench.fill([["Ref", "Due"], ["X-1", 3], ["X-2", 1], ["X-3", 2]])
    area = {"sheetId": bench.gid, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 2}
    order = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    bench.change({"sortRange": {"range": area, "sortSpecs": order}})
    assert bench.values() == [["Ref", "Due"], ["X-2", 1], ["X-3", 2], ["X-1", 3]]


def test_check_boxes_arrive_as_what_they_stand_for(bench: Bench) -> None:
    """A plain check box is TRUE or FALSE; one with words of its own is one of those."""
    bench.fill([[True, "yes"]])
    for column, words in ((0, []), (1, ["yes", "no"])):
        area = {
            "sheetId": bench.gid,
            "startRowIndex": 0,
            "endRowIndex": 1,
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }
        condition = {"type": "BOOLEAN", "values": [{"userEnteredValue": word} for word in words]}
        bench.change({"setDataValidation": {"range": area, "rule": {"condition": condition, "strict": True}}})
    cells = bench.tab("data(rowData(values(effectiveValue,dataValidation(condition))))")["data"][0]["rowData"][0]
    plain, worded = cells["values"][:2]
    assert plain["effectiveValue"] == {"boolValue": True}
    assert worded["effectiveValue"] == {"stringValue": "yes"}
    assert worded["dataValidation"]["condition"]["type"] == "BOOLEAN"


def test_a_warning_on_our_header_stops_no_write(bench: Bench) -> None:
    """A protection that only warns is told as such, and calls go through it."""
    area = {"sheetId": bench.gid, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    protected = {"range": area, "warningOnly": True, "description": "sheets-sync"}
    bench.change({"addProtectedRange": {"protectedRange": protected}})
    bench.fill([["Flag"]])
    (found,) = bench.tab("protectedRanges")["protectedRanges"]
    assert found["warningOnly"] is True
    assert bench.values() == [["Flag"]]


def test_the_version_grows_with_every_write(bench: Bench) -> None:
    """Drive's version is larger after a write, and the same while nothing happens (HAZARDS 17)."""
    before = bench.calls.drive_version()
    if before is None:
        pytest.skip("this sign-in or project has no use of Drive")
    assert bench.calls.drive_version() == before
    bench.fill([["x"]])
    after = before
    for _ in range(5):
        after = bench.calls.drive_version() or ""
        if int(after) > int(before):
            break
        time.sleep(2)
    assert int(after) > int(before)


def test_a_sign_in_for_reading_only_reads_by_plain_get(bench: Bench, opened: Opened) -> None:
    """With read-only scopes GET answers, and what takes filters is refused: so a dry run reads by GET."""
    bench.fill([["Ref", "Flag"]])
    calls = HttpCalls(opened.sheet_id, opened.reading)
    found = calls.get("", {"ranges": f"'{bench.title}'!1:2", "fields": PART})
    assert found["sheets"][0]["data"][0]["rowData"][0]["values"][1]["effectiveValue"] == {"stringValue": "Flag"}
    filters = [{"gridRange": {"sheetId": bench.gid, "startRowIndex": 0, "endRowIndex": 2}}]
    with pytest.raises(UsageError, match="does not include"):
        calls.post_read(":getByDataFilter", {"dataFilters": filters}, {"fields": PART})


def test_a_sheet_nobody_knows_is_refused(opened: Opened) -> None:
    """The refusal of an unknown id is known by its status and told in our words."""
    nowhere = HttpCalls("1aB-nobody-has-a-sheet-with-this-id-0000000000", opened.client)
    with pytest.raises(WorkbookRefused, match="no such sheet"):
        nowhere.get("", {"fields": "spreadsheetId"})


def test_a_tab_that_is_gone_is_told_apart(bench: Bench) -> None:
    """A range in a tab nobody has is rejected as such, so that the tabs are listed again."""
    with pytest.raises(Rejected, match="deleted"):
        bench.calls.get("", {"ranges": "'no tab of this name'!A1:B2", "fields": "sheets(data)"})
