"""The change of the Sync log within one write: made to the log as it stands at that moment, and refused alone."""

from dataclasses import dataclass

from sheets_sync.core.decision import LogState, Structure
from sheets_sync.errors import WorkbookError
from sheets_sync.workbooks.google.log_requests import log_requests, log_stands, why_no_log
from sheets_sync.workbooks.google.masks import LISTING
from sheets_sync.workbooks.google.restructuring import Restructuring
from sheets_sync.workbooks.google.sending import Sending
from sheets_sync.workbooks.google.structure_requests import Request
from sheets_sync.workbooks.log_block import free_name


@dataclass
class LogWriting:
    """The change of the log, None where there is none, is made already, or was refused: `refused` says why. `remembers`
    tells that the spreadsheet has a hidden tab after this write."""

    sending: Sending
    change: Structure | None
    remembers: bool
    refused: str = ""

    def requests(self) -> tuple[Request, ...]:
        """The requests for the log as it is now: people may have put rows or columns into it since it was read. Raises
        WorkbookError when it cannot be read."""
        if self.change is None:
            return ()
        found, name = self.sending.log(), ""
        self.sending.clean = self.sending.clean and found == self.sending.base.log
        reason = why_no_log(self.change, found)
        if reason:
            self.refuse(reason)
            return ()
        if isinstance(self.change.after, LogState) and self.change.before is None:
            tabs = self.sending.calls.get("", {"fields": LISTING}).get("sheets", ())
            name = free_name(self.change.after.name, [tab["properties"]["title"] for tab in tabs])
        return log_requests(self.change, found, name=name, remembers=self.remembers)

    def make(self, restructuring: Restructuring) -> None:
        """Make the change when all else is written; where that fails, everything else stays made."""
        change, base = self.change, self.sending.base.log
        if change is None:
            return
        try:
            restructuring.make(self.requests(), lambda now: log_stands(change, now.log, base))
        except WorkbookError as error:
            if not self.sending.may_have_written:
                raise
            self.sending.clean = False
            self.refuse(error.message)

    def refuse(self, reason: str) -> None:
        """Give the change up."""
        self.change, self.refused = None, reason
