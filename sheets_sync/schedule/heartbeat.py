"""Pings a monitor when runs begin and end, in the convention of healthchecks.io: the monitor tells when none came.

POST url/start, then url/{exit status}, both with ?rid= of the run. With the standard library alone. A ping never fails
or holds up a run: it is tried three times, and given up after some seconds whatever the other side does.
"""

import http.client
import logging
import threading
import time
import urllib.error
import urllib.request
from typing import NamedTuple

START, END = "start", "end"
TRIES = 3
TIMEOUT = 5.0
"""Seconds for each step of one try."""
PAUSE = 0.3
"""Seconds before the second try, twice as many before the third."""
LONGEST = {START: 6.0, END: 16.0}
"""Seconds for all tries, finding the host included. Nobody waits longer for the first word than for the last."""
LARGEST_BODY = 100_000
"""Bytes; healthchecks.io keeps no more."""
HIGHEST_STATUS = 255
_RETRIED = 500
"""From this HTTP status on it is the server's fault, which may pass."""
_TOO_MANY = 429

log = logging.getLogger("sheets_sync.schedule")


class _Ping(NamedTuple):
    address: str
    body: bytes
    until: float


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An address that leads elsewhere is a wrong one; urllib wants this as a class."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def ping(url: str, *, state: str, code: int = 0, body: str = "", run: str) -> bool:
    """Tell the monitor at `url` that a run starts or ended (`state`), with its exit status and counts as `body`.

    `run` is the run's UUID, the same for both. Returns whether the monitor took it; never raises. The address is a
    secret, and in no log line.
    """
    last = START if state == START else str(min(max(code, 0), HIGHEST_STATUS))
    until = time.monotonic() + LONGEST[START if state == START else END]
    wanted = _Ping(f"{url.rstrip('/')}/{last}?rid={run}", body.encode()[:LARGEST_BODY], until)
    taken: list[bool] = []
    # In a thread of its own, because neither finding a host nor a server that sends one byte a second has a timeout.
    thread = threading.Thread(target=lambda: taken.append(_tried(wanted)), name="heartbeat", daemon=True)
    thread.start()
    thread.join(max(until - time.monotonic(), 0))
    if not any(taken):
        log.warning("the heartbeat was not taken", extra={"facts": {"state": state}})
    return any(taken)


def _tried(wanted: _Ping) -> bool:
    for number in range(TRIES):
        if number:
            time.sleep(PAUSE * number)
        left = wanted.until - time.monotonic()
        if left <= 0:
            return False
        taken = _once(wanted, min(TIMEOUT, left))
        if taken is not None:
            return taken
    return False


def _once(wanted: _Ping, seconds: float) -> bool | None:
    """Whether it was taken; None where another try may help."""
    try:
        request = urllib.request.Request(wanted.address, data=wanted.body, method="POST")  # noqa: S310 (http or https)
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        request.add_header("User-Agent", "sheets-sync")
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(request, timeout=seconds):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return None if error.code >= _RETRIED or error.code == _TOO_MANY else False
    except (OSError, http.client.HTTPException):
        return None
    except ValueError:
        return False
