"""The HTTP side: one request at a time reaches the spreadsheets, with faults, quotas and limits on the way."""

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

from .api import Api, Named, Reply, Request
from .errors import ApiError
from .faults import Answer, Fault, Faults, Hang, Reset, Slow, too_slow
from .quotas import Quotas

MOST_BYTES = 10 * 1024 * 1024
"""The largest body that is taken."""
LONGEST = 180.0
"""Seconds until Google gives up on a request."""


class Served(NamedTuple):
    """One request that came in: method, path without query, bytes of the body, bytes of the reply's body as sent."""

    method: str
    path: str
    bytes_in: int
    bytes_out: int


class Sent(NamedTuple):
    """What goes back. `broken` = the connection breaks instead; `wait` = real seconds before it goes."""

    status: int
    body: bytes
    headers: dict[str, str]
    broken: bool = False
    wait: float = 0.0


@dataclass
class Front:
    """Where requests arrive. The lock makes every request, and every act of a person, one step."""

    api: Api
    quotas: Quotas
    faults: Faults = field(default_factory=Faults)
    requests: list[Served] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """The discovery names of the methods called, in order, beside `requests`."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    between: Callable[[str], None] | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)
    """What went wrong inside the server itself; a test of ours must not pass then."""
    _later: list[tuple[float, Request]] = field(default_factory=list)

    def serve(self, request: Request, *, compress: bool) -> Sent:
        """Answer one request."""
        with self.lock:
            self.settle()
            named = self.api.named(request)
            if self.between:
                self.between(named.name)
            sent = self._with_fault(request, named, self.faults.next(named.name))
            if compress and len(sent.body) > 1024 and not sent.broken:
                packed = gzip.compress(sent.body, 1)
                sent = sent._replace(body=packed, headers=sent.headers | {"Content-Encoding": "gzip"})
            path = urlsplit(request.url).path
            self.requests.append(Served(request.http, path, len(request.body), len(sent.body)))
            self.calls.append(named.name)
        if sent.wait:
            self.stopping.wait(sent.wait)
        return sent

    def settle(self) -> None:
        """Do what was asked earlier and takes effect only now."""
        now = self.api.clock.seconds()
        due = [request for at, request in self._later if at <= now]
        self._later = [(at, request) for at, request in self._later if at > now]
        for request in due:
            self.api.handle(request)

    @property
    def unsettled(self) -> int:
        """How many requests have yet to take effect."""
        return len(self._later)

    def _with_fault(self, request: Request, named: Named, fault: Fault | None) -> Sent:
        match fault:
            case Answer(status, body, content_type, headers, effect):
                if effect:
                    self._answer(request, named)
                return Sent(status, body, {"Content-Type": content_type} | dict(headers))
            case Reset(effect, delay):
                if effect == "now":
                    self._answer(request, named)
                elif effect == "later":
                    self._later.append((self.api.clock.seconds() + delay, request))
                return Sent(0, b"", {}, broken=True)
            case Hang(seconds, effect):
                sent = self._answer(request, named) if effect else Sent(0, b"", {}, broken=True)
                return sent._replace(wait=seconds)
            case Slow(seconds):
                self.api.clock.advance(min(seconds, LONGEST))
                if seconds > LONGEST:
                    return self._with_fault(request, named, too_slow(effect=False))
        return self._answer(request, named)

    def _answer(self, request: Request, named: Named) -> Sent:
        try:
            if len(request.body) > MOST_BYTES:
                raise ApiError(
                    413, "Request payload size exceeds the limit: 10485760 bytes.", status="INVALID_ARGUMENT"
                )
            if named.service == "sheets.googleapis.com":
                caller = self.api.tokens.caller(request.headers.get("Authorization", ""))
                self.quotas.take(caller.account, caller.project, writes=named.writes)
            reply = self.api.handle(request)
        except ApiError as refusal:
            reply = Reply(refusal.code, refusal.body, refusal.headers)
        except Exception as failure:
            self.failures.append(failure)
            reply = Reply(500, {"error": {"code": 500, "message": repr(failure), "status": "INTERNAL"}})
        return _sent(reply)


def _sent(reply: Reply) -> Sent:
    if reply.body is None:
        return Sent(reply.status, b"", dict(reply.headers))
    if isinstance(reply.body, str):
        return Sent(reply.status, reply.body.encode(), {"Content-Type": "text/csv"} | dict(reply.headers))
    if reply.compact:
        body = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"))
    else:
        body = json.dumps(reply.body, ensure_ascii=False, indent=2) + "\n"
    return Sent(reply.status, body.encode(), {"Content-Type": "application/json; charset=UTF-8"} | dict(reply.headers))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    front: Front

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, body, _plain(self.headers))
        sent = self.front.serve(request, compress="gzip" in self.headers.get("Accept-Encoding", ""))
        if sent.broken:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.send_response(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        if sent.status != 204:
            self.send_header("Content-Length", str(len(sent.body)))
        self.end_headers()
        self.wfile.write(sent.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _go  # noqa: N815 (the names http.server calls)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in http.server)
        """Say nothing."""


def _plain(headers: Message) -> dict[str, str]:
    return {"Authorization": headers.get("Authorization", "")}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken connections are part of the tests."""


def listener(front: Front, port: int = 0) -> ThreadingHTTPServer:
    """A listening server on loopback; not yet serving."""
    return _Listener(("127.0.0.1", port), type("Handler", (_Handler,), {"front": front}))
