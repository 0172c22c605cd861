"""A real monitor on loopback that takes pings, answers as told, and hangs when told to."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Monitor:
    """`pings` are (method, path with its question, body); `answers` are HTTP statuses, first one first, then 200."""

    url: str = ""
    pings: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    drip: float = 0.0
    """Seconds between the bytes of an answer."""


@contextmanager
def monitor(*answers: int, drip: float = 0.0) -> Iterator[Monitor]:
    """A monitor that answers like this."""
    known = Monitor(answers=list(answers), drip=drip)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            known.pings.append(("POST", self.path, body))
            status = known.answers.pop(0) if known.answers else 200
            try:
                for letter in b"HTTP/1.0 200 slow" * bool(known.drip) * 20:
                    self.wfile.write(bytes((letter,)))
                    time.sleep(known.drip)
            except OSError:
                return
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", known.url + "/elsewhere")
            self.end_headers()
            self.wfile.write(b"OK")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    known.url = f"http://127.0.0.1:{server.server_port}/5f1a"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dead_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def silent_server() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/ping"
