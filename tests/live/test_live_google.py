"""What no recording proves of Google: each check is one question, asked of the local server in every run and of Google
when a person asks for it (see conftest.py). Where the two differ, the local server is wrong. All of them together are
about forty calls."""

import time

import pytest
from live.live_bench import Bench, Opened

from sheets_sync.errors import UsageError, WorkbookRefused
from sheets_sync.workbooks.google.calls import Json, Rejected
from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google.masks import PART, WHOLE

KEY = "sheets-sync-live"


def span(bench: Bench, dimension: str, start: int, end: int) -> Json:
    return {"sheetId": bench.gid, "dimension": dimension, "startIndex": start, "endIndex": end}


def area(bench: Bench, top: int, left: int, bottom: int, right: int) -> Json:
    """Cells from (top, left) to before (bottom, right), from 0."""
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": bench.gid, **rows, "startColumnIndex": left, "endColumnIndex": right}


def mark_id(bench: Bench, index: int) -> int:
    """The id we choose for a column's mark."""
    return bench.gid % 100_000_000 * 10 + index + 1


def mark_column(bench: Bench, index: int) -> Json:
    """The request that leaves our mark on a column; `index` from 0."""
    location = {"dimensionRange": span(bench, "COLUMNS", index, index + 1)}
    metadata = {"metadataKey": KEY, "metadataValue": str(index), "location": location, "visibility": "PROJECT"}
    return {"createDeveloperMetadata": {"developerMetadata": metadata | {"metadataId": mark_id(bench, index)}}}


def by_mark(bench: Bench, index: int, values: list[object]) -> Json:
    """Values down a column known by the mark it got as the column with this index, from its first row."""
    filter_ = {"developerMetadataLookup": {"metadataId": mark_id(bench, index)}}
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
    cell = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}
    dated = {"range": area(bench, 1, 1, 2, 2), "cell": cell, "fields": "userEnteredFormat.numberFormat"}
    bench.change(bench.filled([["Ref", "Due"], ["X-1", "=DATE(2026,11,22)"], ["X-2", "=1/0"]]), {"repeatCell": dated})
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
    bench.change(
        bench.filled([["Ref", "Action", "Flag"], ["X-1", "Paint", "old"]]),
        mark_column(bench, 2),
        {"moveDimension": {"source": span(bench, "COLUMNS", 2, 3), "destinationIndex": 0}},
        {"insertDimension": {"range": span(bench, "COLUMNS", 0, 1)}},
    )
    written(bench, by_mark(bench, 2, [None, "new"]))
    assert bench.values() == [["", "Flag", "Ref", "Action"], ["", "new", "X-1", "Paint"]]


def test_a_deleted_column_takes_its_mark_along(bench: Bench) -> None:
    """A write to a column that is gone fails, and nothing else of the call is written."""
    bench.change(
        bench.filled([["Ref", "Flag", "Fix"]]),
        mark_column(bench, 1),
        mark_column(bench, 2),
        {"deleteDimension": {"range": span(bench, "COLUMNS", 1, 2)}},
    )
    with pytest.raises(Rejected):
        written(bench, by_mark(bench, 2, [None, "x"]), by_mark(bench, 1, [None, "x"]))
    assert bench.values() == [["Ref", "Fix"]]


def test_what_is_written_and_what_the_reply_tells(bench: Bench) -> None:
    """null leaves a cell, "" empties one, our texts never become formulas, numbers or dates, and the key column written
    as nulls comes back as it stands."""
    rows = [["Ref", "Flag"], ["X-1", "one"], ["X-2", "two"], *([f"X-{number}"] for number in range(3, 9))]
    bench.change(bench.filled(rows), mark_column(bench, 0), mark_column(bench, 1))
    texts = ["=1+1", "+1", "007", "2026-11-22", "TRUE", "'quoted"]
    reply = written(bench, by_mark(bench, 0, [None] * 9), by_mark(bench, 1, [None, None, "", *texts]))
    told = [one["updatedData"]["values"] for one in reply["responses"]]
    assert [value for column in told[0] for value in column] == [row[0] for row in rows]
    cells = bench.tab("data(rowData(values(userEnteredValue)))")["data"][0]["rowData"]
    entered = [(*row["values"], {})[1].get("userEnteredValue") for row in cells[:9]]
    assert entered == [{"stringValue": "Flag"}, {"stringValue": "one"}, None, *({"stringValue": one} for one in texts)]


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
    with pytest.raises(Rejected):
        bench.change(bench.filled([["Ref"]]), {"deleteConditionalFormatRule": {"sheetId": bench.gid, "index": 7}})
    assert bench.values() == []


def test_rows_carry_values_along_a_sort(bench: Bench) -> None:
    """Sorting moves what stands in cells, below the same row numbers."""
    order = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    bench.change(
        bench.filled([["Ref", "Due"], ["X-1", 3], ["X-2", 1], ["X-3", 2]]),
        {"sortRange": {"range": area(bench, 1, 0, 4, 2), "sortSpecs": order}},
    )
    assert bench.values() == [["Ref", "Due"], ["X-2", 1], ["X-3", 2], ["X-1", 3]]


def test_check_boxes_arrive_as_what_they_stand_for(bench: Bench) -> None:
    """A plain check box is TRUE or FALSE; one with words of its own is one of those."""
    boxes = []
    for column, words in ((0, []), (1, ["yes", "no"])):
        condition = {"type": "BOOLEAN", "values": [{"userEnteredValue": word} for word in words]}
        rule = {"condition": condition, "strict": True}
        boxes.append({"setDataValidation": {"range": area(bench, 0, column, 1, column + 1), "rule": rule}})
    bench.change(bench.filled([[True, "yes"]]), *boxes)
    cells = bench.tab("data(rowData(values(effectiveValue,dataValidation(condition))))")["data"][0]["rowData"][0]
    plain, worded = cells["values"][:2]
    assert plain["effectiveValue"] == {"boolValue": True}
    assert worded["effectiveValue"] == {"stringValue": "yes"}
    assert worded["dataValidation"]["condition"]["type"] == "BOOLEAN"


def test_a_name_follows_its_cell_and_comes_with_a_reading(bench: Bench) -> None:
    """A named range moves with its cell, a reading by filters tells it, and INDIRECT finds it from elsewhere; a filter
    that fits nothing selects nothing."""
    name = f"sheets_sync_live_{bench.gid}"
    day = {"name": name, "range": area(bench, 1, 1, 2, 2)}
    bench.change(bench.filled([["Day", f'=INDIRECT("{name}")'], ["", 46348]]), {"addNamedRange": {"namedRange": day}})
    bench.change({"insertDimension": {"range": span(bench, "ROWS", 1, 2)}})
    filters = [
        {"gridRange": {"sheetId": bench.gid, "startRowIndex": 0, "endRowIndex": 5}},
        {"developerMetadataLookup": {"metadataKey": "sheets-sync-nobody-has-this"}},
    ]
    reply = bench.calls.post_read(":getByDataFilter", {"dataFilters": filters}, {"fields": WHOLE})
    (found,) = [one for one in reply["namedRanges"] if one["name"] == name]
    assert found["range"] == area(bench, 2, 1, 3, 2)
    assert len(reply["sheets"]) == 1
    cell = reply["sheets"][0]["data"][0]["rowData"][0]["values"][1]
    assert cell["effectiveValue"] == {"numberValue": 46348}
    bench.change({"deleteNamedRange": {"namedRangeId": found["namedRangeId"]}})


def test_a_warning_on_our_header_stops_no_write(bench: Bench) -> None:
    """A protection that only warns is told as such, and calls go through it."""
    protected = {"range": area(bench, 0, 0, 1, 1), "warningOnly": True, "description": "sheets-sync"}
    bench.change({"addProtectedRange": {"protectedRange": protected}})
    bench.change(bench.filled([["Flag"]]))
    found = bench.tab("protectedRanges,data(rowData(values(effectiveValue)))")
    assert [one["warningOnly"] for one in found["protectedRanges"]] == [True]
    assert found["data"][0]["rowData"][0]["values"][0]["effectiveValue"] == {"stringValue": "Flag"}


def test_the_version_grows_with_every_write(bench: Bench) -> None:
    """Drive's version is larger after a write, and the same while nothing happens (HAZARDS 17)."""
    before = bench.calls.drive_version()
    if before is None:
        pytest.skip("this sign-in or project has no use of Drive")
    assert bench.calls.drive_version() == before
    bench.change(bench.filled([["x"]]))
    after = before
    for _ in range(5):
        after = bench.calls.drive_version() or ""
        if int(after) > int(before):
            break
        time.sleep(2)
    assert int(after) > int(before)


def test_a_sign_in_for_reading_only_reads_by_plain_get(bench: Bench, opened: Opened) -> None:
    """With read-only scopes GET answers, and what takes filters is refused: so a dry run reads by GET."""
    calls = HttpCalls(opened.sheet_id, opened.reading)
    found = calls.get("", {"ranges": f"'{bench.title}'!1:2", "fields": PART})
    assert found["sheets"][0]["properties"] == {"sheetId": bench.gid}
    filters = [{"gridRange": {"sheetId": bench.gid, "startRowIndex": 0, "endRowIndex": 2}}]
    with pytest.raises(UsageError, match="does not include"):
        calls.post_read(":getByDataFilter", {"dataFilters": filters}, {"fields": PART})


def test_what_is_not_there_is_refused_as_that(opened: Opened) -> None:
    """An unknown sheet is told in our words; a tab nobody has is told apart, so that the tabs are listed again."""
    nowhere = HttpCalls("1aB-nobody-has-a-sheet-with-this-id-0000000000", opened.client)
    with pytest.raises(WorkbookRefused, match="no such sheet"):
        nowhere.get("", {"fields": "spreadsheetId"})
    with pytest.raises(Rejected, match="deleted"):
        opened.calls.get("", {"ranges": "'no tab of this name'!A1:B2", "fields": "sheets(data)"})
