"""A running server, and a way to ask it things."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from sheets_server.server import BookHandle, SheetsServer

ROWS = [
    ["Ref", "Action", "Due"],
    ["X-1", "Paint the wall", "2026-11-20"],
    ["X-2", "Order gloves", "2026-12-01"],
    ["X-3", "Train the night shift", None],
]


@pytest.fixture(scope="module")
def running() -> Iterator[SheetsServer]:
    """One server for the tests of a module."""
    with SheetsServer() as server:
        yield server


@pytest.fixture
def server(running: SheetsServer) -> Iterator[SheetsServer]:
    """The server with nothing queued, counted or limited."""
    running.forget_requests()
    yield running
    running.faults.clear()
    running.between(None)
    running.quotas.enforce(per_user=0, per_project=0)
    running.tokens.required = False
    failures = list(running.front.failures)
    running.front.failures.clear()
    assert not failures


@pytest.fixture
def book(server: SheetsServer) -> BookHandle:
    """A small plan."""
    return server.book(sheets=[("Actions", ROWS), ("Notes", [["kept by hand"]])])


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session that is closed at the end."""
    with requests.Session() as opened:
        yield opened


@pytest.fixture
def ask(server: SheetsServer, session: requests.Session) -> Callable[..., Any]:
    """Ask the server; the JSON of its reply, which must have the status wanted."""

    def asked(http: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        reply = session.request(http, f"{server.url}/v4/spreadsheets/{path}", json=body, **options)
        assert reply.status_code == status, reply.text
        return reply.json()

    return asked


@pytest.fixture
def change(ask: Callable[..., Any], book: BookHandle) -> Callable[..., Any]:
    """Send batchUpdate requests for the small plan; the replies, or the refusal."""

    def changed(*requested: dict[str, Any], status: int = 200) -> Any:
        reply = ask("POST", f"{book.id}:batchUpdate", {"requests": list(requested)}, status=status)
        return reply["replies"] if status == 200 else reply["error"]

    return changed
