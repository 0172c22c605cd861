"""What a check works on: a spreadsheet that is opened, and in it a tab of the check's own."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from live.recording import RecordingClient

from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.http_calls import HttpCalls


class Opened(NamedTuple):
    """A spreadsheet with an empty tab for every check. `client` may write, the sign-in of `reading` is for reading
    only; both remember what was asked. `tabs` are the ids and titles of tabs nobody took yet."""

    client: RecordingClient
    reading: RecordingClient
    calls: HttpCalls
    sheet_id: str
    tabs: Iterator[tuple[int, str]]


class Bench(NamedTuple):
    """A spreadsheet to work on, with one empty tab of this test's own. `gid` is that tab's."""

    calls: HttpCalls
    gid: int
    title: str

    def change(self, *requests: Json) -> Json:
        """Change the spreadsheet."""
        return self.calls.change(requests)

    def filled(self, rows: list[list[Any]]) -> Json:
        """The request that puts plain values into the tab, from A1 on; texts beginning with "=" are formulas."""
        cells = [{"values": [{"userEnteredValue": _entered(value)} for value in row]} for row in rows]
        start = {"sheetId": self.gid, "rowIndex": 0, "columnIndex": 0}
        return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}

    def tab(self, fields: str) -> Json:
        """What Google tells of the tab, and of its cells in the first rows."""
        found = self.calls.get("", {"ranges": f"'{self.title}'!1:20", "fields": f"sheets({fields})"})
        sheet: Json = found["sheets"][0]
        return sheet

    def values(self) -> list[list[Any]]:
        """The values of the first rows, cut off behind the last that is filled."""
        found = self.calls.get(
            f"/values/'{self.title}'!1:20", {"valueRenderOption": "UNFORMATTED_VALUE", "majorDimension": "ROWS"}
        )
        values: list[list[Any]] = found.get("values", [])
        return values


def _entered(value: object) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, str):
        return {"formulaValue": value} if value.startswith("=") else {"stringValue": value}
    return {}
