"""The server's time: the real one, which a test can push forward."""

import datetime as dt
import time


class Clock:
    """Real time plus what was added by hand. Never goes back."""

    def __init__(self) -> None:
        self._added = 0.0

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._added

    def now(self) -> dt.datetime:
        """The same, as UTC."""
        return dt.datetime.fromtimestamp(self.seconds(), dt.UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._added += seconds
