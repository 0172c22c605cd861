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


class Sightings(Protocol):
    """When the clock was last known to be right, whatever showed it; a store has them."""

    def clock(self, now: dt.datetime) -> dt.datetime | None:
        """The last such instant up to `now`."""

    def note_clock(self, now: dt.datetime, *, within: dt.timedelta, proven: bool = False) -> None:
        """Note that it is right now, if that is `proven`, or at most so long after it last was."""


class ClockGuard:
    """Watches one run's clock: compares it with the last finished run, and wall time with monotonic time. A plan that
    finished no run for long, because its workbook was open or it was paused, says nothing about the clock: what was
    seen of it otherwise (`sightings`) counts then."""

    def __init__(
        self,
        clock: Clock,
        last_finished: dt.datetime | None,
        *,
        accepted: bool = False,
        ask_server: Callable[[], dt.datetime | None] = lambda: None,
        sightings: Sightings | None = None,
    ) -> None:
        self._clock = clock
        self._last = last_finished
        self._accepted = accepted
        self._ask_server = ask_server
        self._sightings = sightings
        self._started = clock.now()
        self._started_monotonic = clock.monotonic()

    def check(self) -> dt.datetime:
        """Return the current instant, or raise GuardError when the clock cannot be trusted for writing."""
        now = self._clock.now()
        gap = (now - self._started) - dt.timedelta(seconds=self._clock.monotonic() - self._started_monotonic)
        if gap > SUSPENDED:
            raise GuardError("the computer slept or its clock jumped during this run; nothing was written", "run again")
        if self._last is not None and not self._accepted:
            self._refuse_jump(now, self._last)
        if self._sightings is not None:
            self._sightings.note_clock(now, within=FAR_AHEAD, proven=self._accepted)
        return now

    def _refuse_jump(self, now: dt.datetime, last: dt.datetime) -> None:
        if now < last:
            raise GuardError("the clock is behind the last finished run; nothing was written", ACCEPT)
        if now - last <= FAR_AHEAD:
            return
        seen = self._sightings.clock(now) if self._sightings is not None else None
        last = max(last, seen) if seen is not None else last
        if now - last > FAR_AHEAD and not self._server_agrees(now):
            raise GuardError(
                f"the clock is {(now - last).days} days after it was last known to be right, and no server confirmed "
                "it; nothing was written",
                ACCEPT,
            )

    def _server_agrees(self, now: dt.datetime) -> bool:
        told = self._ask_server()
        if told is not None and abs(told - now) <= SERVER_AGREES_WITHIN:
            self._accepted = True
        return self._accepted
