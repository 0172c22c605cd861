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
from typing import Any

import pytest
from live.live_bench import Bench, Opened
from live.recording import RecordingClient
from sheets_server.caller import Caller
from sheets_server.gspread_client import local_client
from sheets_server.server import SheetsServer

from sheets_sync.core.google import GoogleSettings, read_address
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google.pace import SharedPace
from sheets_sync.workbooks.google.sign_in import SPREADSHEETS_READONLY, Access, kind_of, sign_in
from sheets_sync.workbooks.google.transport import client_for

CHECKS = 12
"""Tabs that are made at once for all checks."""
MOST_CALLS = 40
"""Calls of all checks together, small enough for anybody's quota."""


@pytest.fixture(scope="session", params=["local", pytest.param("google", marks=pytest.mark.live)])
def opened(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Opened]:
    """A spreadsheet of the local server, or of Google; its tabs are gone afterwards, and what was asked is kept where a
    folder for that is named."""
    if request.param == "local":
        with SheetsServer() as server:
            clients = [RecordingClient(local_client(server.url).http_client) for _ in range(2)]
            server.tokens._known["reading"] = (Caller(scopes=(SPREADSHEETS_READONLY,)), math.inf)
            clients[1].session.headers["Authorization"] = "Bearer reading"
            sheet_id = server.book(sheets=[("Sheet1", ())]).id
            calls = HttpCalls(sheet_id, clients[0], waiting=Waiting(lambda _: None))
            yield from _with_tabs(calls, clients, sheet_id, is_google=False)
        return
    named = os.environ.get("SHEETS_SYNC_LIVE_SHEET", "")
    if not named:
        pytest.skip("SHEETS_SYNC_LIVE_SHEET names no sheet")
    clients = [RecordingClient(_client(access)) for access in (Access.WRITE, Access.READ)]
    sheet_id = read_address(named).sheet_id
    calls = HttpCalls(sheet_id, clients[0], pace=SharedPace(tmp_path_factory.getbasetemp(), "live"))
    yield from _with_tabs(calls, clients, sheet_id, is_google=True)
    folder = os.environ.get("SHEETS_SYNC_LIVE_RECORD", "")
    if folder:
        clients[0].save(Path(folder) / "LiveTest.json")
        clients[1].save(Path(folder) / "LiveTest.reading.json")


def _with_tabs(calls: HttpCalls, clients: list[RecordingClient], sheet_id: str, *, is_google: bool) -> Iterator[Opened]:
    begun = time.time_ns()
    grid = {"rowCount": 50, "columnCount": 12}
    wanted = [{"title": f"check {begun + number}", "gridProperties": grid} for number in range(CHECKS)]
    added = calls.change([{"addSheet": {"properties": one}} for one in wanted])
    made = [reply["addSheet"]["properties"] for reply in added["replies"]]
    tabs = iter([(one["sheetId"], one["title"]) for one in made])
    try:
        yield Opened(clients[0], clients[1], calls, sheet_id, tabs)
    finally:
        calls.change([{"deleteSheet": {"sheetId": one["sheetId"]}} for one in made])
        if not is_google:
            assert sum(len(client.interactions) for client in clients) <= MOST_CALLS
        for client in clients:
            client.session.close()


def _client(access: Access) -> Any:
    file = os.environ.get("SHEETS_SYNC_LIVE_KEY", "")
    key = Path(file).read_text("utf-8") if file else ""
    settings = GoogleSettings(kind_of(key), "file:") if key else GoogleSettings()
    return client_for(sign_in(settings, key, access).credentials)


@pytest.fixture
def bench(opened: Opened) -> Bench:
    """An empty tab for one check."""
    return Bench(opened.calls, *next(opened.tabs))
