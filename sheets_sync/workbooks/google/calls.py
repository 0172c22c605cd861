"""What the adapter for Google Sheets may ask of Google, and the answers that are no JSON.

Not here: HTTP, retries and quotas (http_calls.py), what the JSON means, who signs in. Paths are those below
https://sheets.googleapis.com/v4/spreadsheets/<id> ("" is the spreadsheet itself, ":getByDataFilter",
"/values:batchGet"); the shapes of what goes in and comes out are in the API's discovery document.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sheets_sync.errors import WorkbookBusy, WorkbookRefused

Json: TypeAlias = Mapping[str, Any]
"""A JSON object as the API takes or gives it."""


class LostReply(WorkbookBusy):
    """A write was sent and nobody knows whether it was made, or will be: read again and decide again, never repeat it.

    The effect may come as late as `LATEST_EFFECT` seconds after this. Left alone it puts the workbook off to the next
    run.
    """


LATEST_EFFECT = 190
"""Seconds until a request that was given up can no longer have an effect: the API stops one after 180 s."""


class Rejected(WorkbookRefused):
    """Google refused the request itself (400): nothing was done. `said` is Google's own sentence; it may quote cells,
    so it is for deciding, never for a log."""

    def __init__(self, message: str, remedy: str = "", *, said: str = "") -> None:
        super().__init__(message, remedy)
        self.said = said


class Calls(Protocol):
    """The calls on one spreadsheet. Each takes its place in the quotas first and has a deadline.

    All raise WorkbookBusy when Google cannot be reached or asks to wait for too long, WorkbookRefused when it does not
    let us, Rejected when it does not understand what was asked, UsageError when the way of signing in must change.
    """

    def get(self, url: str, params: Mapping[str, str]) -> Json:
        """Read by GET; tried again within the deadline."""

    def post_read(self, url: str, body: Json, params: Mapping[str, str]) -> Json:
        """Read by POST (":getByDataFilter"); tried again within the deadline."""

    def write_values(self, body: Json, params: Mapping[str, str]) -> Json:
        """values:batchUpdateByDataFilter. Sent again only after an answer that proves nothing was done (429), for rows
        may have moved meanwhile (HAZARDS 15). Raises LostReply."""

    def change(self, requests: Sequence[Json], *, reply_fields: str = "", ranges: Sequence[str] = ()) -> Json:
        """spreadsheets.batchUpdate, all or nothing; `reply_fields` is the mask of the reply, which tells the cells of
        `ranges` (A1 notation) as they stand then. Sent again only after an answer that proves nothing was done (429).
        Raises LostReply."""

    def drive_version(self) -> str | None:
        """The file's version in Drive, which grows with every change; None without the scope for it."""

    def modified(self) -> dt.datetime | None:
        """When the file was last changed, as Drive has it; None without the scope for it."""
