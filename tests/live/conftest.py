"""The same checks twice: on the local server in every run, and on Google itself when a person asks for it.

SHEETS_SYNC_LIVE_SHEET   the address of a Google Sheet made for this; tabs are added to it and deleted again
SHEETS_SYNC_LIVE_KEY     the key file that may edit it; left out: what this computer is signed in with
SHEETS_SYNC_LIVE_RECORD  a folder to keep what was asked and answered in, as cassettes

SHEETS_SYNC_LIVE_SHEET=https://docs.google.com/... pytest tests/live -m live
"""

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from live.recording import RecordingClient
from sheets_server.caller import Caller
from sheets_server.gspread_client import local_client
from sheets_server.server import SheetsServer

from sheets_sync.core.google import GoogleSettings, read_address
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google.pace import SharedPace
from sheets_sync.workbooks.google.sign_in import SPREADSHEETS_READONLY, Access, kind_of, sign_in
from sheets_sync.workbooks.google.transport import client_for


class Opened(NamedTuple):
    """A spreadsheet, a client that may write it, and one whose sign-in is for reading only."""

    client: Any
    reading: Any
    sheet_id: str


class Bench(NamedTuple):
    """A spreadsheet to work on, with one empty tab of this test's own. `gid` is that tab's."""

    calls: HttpCalls
    sheet_id: str
    gid: int
    title: str
    is_google: bool

    def change(self, *requests: Json) -> Json:
        """Change the spreadsheet."""
        return self.calls.change(requests)

    def fill(self, rows: list[list[Any]]) -> None:
        """Put plain values into the tab, from A1 on; texts beginning with "=" are formulas."""
        cells = [{"values": [{"userEnteredValue": _entered(value)} for value in row]} for row in rows]
        start = {"sheetId": self.gid, "rowIndex": 0, "columnIndex": 0}
        self.change({"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}})

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


@pytest.fixture(scope="session", params=["local", pytest.param("google", marks=pytest.mark.live)])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A spreadsheet of the local server, or of Google."""
    if request.param == "local":
        with SheetsServer() as server:
            client, reading = (local_client(server.url).http_client for _ in range(2))
            server.tokens._known["reading"] = (Caller(scopes=(SPREADSHEETS_READONLY,)), math.inf)
            reading.session.headers["Authorization"] = "Bearer reading"
            yield Opened(client, reading, server.book(sheets=[("Sheet1", ())]).id)
            client.session.close()
            reading.session.close()
        return
    named = os.environ.get("SHEETS_SYNC_LIVE_SHEET", "")
    if not named:
        pytest.skip("SHEETS_SYNC_LIVE_SHEET names no sheet")
    client, reading = _client(Access.WRITE), _client(Access.READ)
    yield Opened(client, reading, read_address(named).sheet_id)
    client.session.close()
    reading.session.close()


def _client(access: Access) -> Any:
    file = os.environ.get("SHEETS_SYNC_LIVE_KEY", "")
    key = Path(file).read_text("utf-8") if file else ""
    settings = GoogleSettings(kind_of(key), "file:") if key else GoogleSettings()
    return client_for(sign_in(settings, key, access).credentials)


@pytest.fixture
def bench(request: pytest.FixtureRequest, opened: Opened, tmp_path_factory: Any) -> Iterator[Bench]:
    """An empty tab for one check, gone afterwards; recorded where a folder for that is named."""
    is_google, sheet_id = "google" in request.node.callspec.id, opened.sheet_id
    recorder = RecordingClient(opened.client)
    pace = SharedPace(tmp_path_factory.getbasetemp(), "live") if is_google else None
    calls = HttpCalls(sheet_id, recorder, pace=pace, waiting=Waiting(time.sleep if is_google else lambda _: None))
    title = f"check {time.time_ns()}"
    grid = {"rowCount": 50, "columnCount": 12}
    added = calls.change([{"addSheet": {"properties": {"title": title, "gridProperties": grid}}}])
    gid = added["replies"][0]["addSheet"]["properties"]["sheetId"]
    try:
        yield Bench(calls, sheet_id, gid, title, is_google)
    finally:
        calls.change([{"deleteSheet": {"sheetId": gid}}])
        folder = os.environ.get("SHEETS_SYNC_LIVE_RECORD", "")
        if folder and is_google:
            recorder.save(Path(folder) / f"LiveTest.{request.node.originalname}.json")
