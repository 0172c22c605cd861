"""What all steps of one write share: the calls, what was read before, and looking again when Google keeps silent.

Nothing is ever sent twice: a request without an answer is followed by looking again until its effect shows or can no
longer come (HAZARDS 15).
"""

from collections.abc import Callable
from dataclasses import dataclass

from sheets_sync.errors import WorkbookChanged
from sheets_sync.workbooks.google.calls import LATEST_EFFECT, Calls
from sheets_sync.workbooks.google.log_reading import LogFacts
from sheets_sync.workbooks.google.look import Look

_PAUSES = (10.0, 50.0, LATEST_EFFECT - 60.0)
"""Seconds between looks for a late effect."""


@dataclass
class Sending:
    """A write under way. `again` looks at the spreadsheet once more, `log` only at its Sync log; `wait` waits seconds.

    `may_have_written` tells whether anything was, or may have been, written so far; `clean` whether all went as told.
    """

    calls: Calls
    base: Look
    again: Callable[[], Look]
    log: Callable[[], LogFacts]
    wait: Callable[[float], None]
    may_have_written: bool = False
    clean: bool = True

    def shown(self, is_done: Callable[[Look], bool]) -> Look | None:
        """After a request without an answer: the look in which its effect shows; None when it cannot come any more."""
        had_written, self.may_have_written = self.may_have_written, True
        for pause in (0.0, *_PAUSES):
            if pause:
                self.wait(pause)
            now = self.again()
            if is_done(now):
                return now
        self.may_have_written = had_written
        return None

    def raise_if_changed(self) -> None:
        """After a request that Google refused: WorkbookChanged when the sheet is no longer what was read."""
        if not self.may_have_written and self.again().snapshot.fingerprint != self.base.snapshot.fingerprint:
            raise WorkbookChanged("the sheet was changed while it was about to be written")
