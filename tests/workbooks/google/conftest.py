"""One local server for the tests of the adapter; each test has a spreadsheet of its own."""

from collections.abc import Iterator

import pytest
from sheets_server.server import SheetsServer


@pytest.fixture(scope="module")
def running() -> Iterator[SheetsServer]:
    """The server of a module."""
    with SheetsServer() as server:
        yield server


@pytest.fixture
def server(running: SheetsServer) -> Iterator[SheetsServer]:
    """The server, without faults and without anybody who acts between calls."""
    running.forget_requests()
    yield running
    running.between(None)
    running.faults.clear()
