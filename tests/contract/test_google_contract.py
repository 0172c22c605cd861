"""A Google spreadsheet keeps the contract."""

from collections.abc import Iterator

import pytest
from contract.people import Bench, Shared
from contract.person_at_google import PersonAtGoogle, make_book
from contract.workbook_contract import WorkbookContract
from sheets_server.gspread_client import local_client
from sheets_server.server import SheetsServer

from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google_sheet import GoogleSheet


@pytest.fixture(scope="module")
def server() -> Iterator[SheetsServer]:
    """One server; each test has a spreadsheet of its own."""
    with SheetsServer(check_replies=False) as server:
        yield server


class TestGoogleSheet(WorkbookContract):
    """The HTTP is real; the person acts on the server. Whatever was read before is looked at again before a write, and
    Drive does not tell versions, so that content decides."""

    @pytest.fixture
    def bench(self, server: SheetsServer) -> Bench:
        """A spreadsheet with the given tabs."""

        def make(tabs):
            book = make_book(server, tabs, rows=40, columns=16)
            calls = HttpCalls(book.id, local_client(server.url).http_client, drive_version=False)
            return Shared(GoogleSheet(calls, fresh_seconds=0), PersonAtGoogle(book))

        return make
