"""The clock of a run and when not to trust it (HAZARDS 30)."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Protocol
from zoneinfo import ZoneInfo

from sheets_sync.errors import GuardError

FAR_AHEAD = dt.timedelta(hours=36)
SUSPENDED = dt.timedelta(minutes=5)
SERVER_AGREES_WITHIN = dt.timedelta(minutes=10)
SERVER_TIMEOUT_SECONDS = 4.0
ACCEPT = "check the clock; if it is right, run again with --accept-clock"


class Clock(Protocol):
    """The time as a run sees it."""

    def now(self) -> dt.datetime:
        """The current instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never jump, from an arbitrary start."""


class SystemClock:
    """The computer's own clock."""

    def now(self) -> dt.datetime:
        """The current instant in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic()


def plan_day(instant: dt.datetime, timezone: str) -> dt.date:
    """The plan's calendar day at `instant` (DOMAIN 2.2)."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def server_date(url: str) -> dt.datetime | None:
    """What time a server says it is, from the Date header of a HEAD request; None when it cannot be had."""
    import urllib.error
    import urllib.request
    from email.utils import parsedate_to_datetime

    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - the address comes from the configuration
    try:
        with urllib.request.urlopen(request, timeout=SERVER_TIMEOUT_SECONDS) as reply:  # noqa: S310
            return parsedate_to_datetime(reply.headers["Date"])
    except (urllib.error.URLError, OSError, TypeError, ValueError):
        return None


class ClockGuard:
    """Watches one run's clock: compares it with the last finished run, and wall time with monotonic time."""

    def __init__(
        self,
        clock: Clock,
        last_finished: dt.datetime | None,
        *,
        accepted: bool = False,
        ask_server: Callable[[], dt.datetime | None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._last = last_finished
        self._accepted = accepted
        self._ask_server = ask_server
        self._started = clock.now()
        self._started_monotonic = clock.monotonic()

    def check(self) -> dt.datetime:
        """Return the current instant, or raise GuardError when the clock cannot be trusted for writing."""
        now = self._clock.now()
        gap = (now - self._started) - dt.timedelta(seconds=self._clock.monotonic() - self._started_monotonic)
        if gap > SUSPENDED:
            raise GuardError("the computer slept or its clock jumped during this run; nothing was written", "run again")
        if self._last is None or self._accepted:
            return now
        if now < self._last:
            raise GuardError("the clock is behind the last finished run; nothing was written", ACCEPT)
        if now - self._last > FAR_AHEAD and not self._server_agrees(now):
            raise GuardError(
                f"the clock is {(now - self._last).days} days after the last finished run and no server confirmed it; "
                "nothing was written",
                ACCEPT,
            )
        return now

    def _server_agrees(self, now: dt.datetime) -> bool:
        told = self._ask_server()
        if told is not None and abs(told - now) <= SERVER_AGREES_WITHIN:
            self._accepted = True
        return self._accepted
