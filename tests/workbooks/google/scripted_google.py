"""A server on this computer that answers as told, one prepared reply after the other, and remembers what it was asked.

For faults that must come at an exact call. What a spreadsheet answers is the business of `sheets_server`.
"""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests
from gspread.http_client import HTTPClient

GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com", "https://iamcredentials.googleapis.com")


class Reply(NamedTuple):
    """One answer. `act` "reset" cuts the connection instead, "hang" says nothing for `seconds`, "drip" sends a byte
    of the answer in every hundredth of a second, "drip early" also of its first line."""

    status: int = 200
    body: str | Mapping[str, Any] = "{}"
    headers: Mapping[str, str] = {}
    act: str = ""
    seconds: float = 0.0


class Asked(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    params: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]


class ScriptedGoogle:
    """The replies to come, by path as far as one is prepared for it ("" for all others), and the requests so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replies: dict[str, list[Reply]] = {"": []}
        self.asked: list[Asked] = []

    def forget(self) -> None:
        self.replies = {"": []}
        self.asked = []

    def will(self, *replies: Reply, path: str = "") -> None:
        self.replies.setdefault(path, []).extend(replies)

    def local(self, url: str) -> str:
        """The address here for an address of Google."""
        for prefix in GOOGLE:
            if url.startswith(prefix):
                return self.url + url.removeprefix(prefix)
        return url


@contextmanager
def scripted_google() -> Iterator[ScriptedGoogle]:
    released = threading.Event()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65_536

        def answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length).decode()
            body = json.loads(sent) if sent.startswith(("{", "[")) else sent
            google.asked.append(Asked(self.command, parts.path, parse_qs(parts.query), body, dict(self.headers)))
            queue = google.replies.get(parts.path) or google.replies[""]
            reply = queue.pop(0) if queue else Reply(500, "nothing prepared")
            if reply.act == "reset":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if reply.act == "hang":
                released.wait(reply.seconds)
                self.close_connection = True
                return
            if reply.act == "drip early":
                self.dripped(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                return
            content = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if reply.act == "drip":
                self.dripped(content)
            else:
                self.wfile.write(content)

        def dripped(self, content: bytes) -> None:
            self.wfile.flush()
            for byte in content:
                if released.wait(0.01):
                    break
                self.connection.send(bytes([byte]))
            self.close_connection = True

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    google = ScriptedGoogle(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield google
    finally:
        released.set()
        server.shutdown()
        thread.join(5)
        server.server_close()


class LocalAdapter(requests.adapters.HTTPAdapter):
    """Sends what is meant for Google to the scripted server."""

    def __init__(self, google: ScriptedGoogle) -> None:
        super().__init__()
        self.google = google

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self.google.local(str(request.url))
        return super().send(request, *args, **kwargs)


@contextmanager
def local_client(google: ScriptedGoogle) -> Iterator[HTTPClient]:
    """gspread's client without any sign-in, speaking to the scripted server."""
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(google))
        yield HTTPClient(None, session=session)
