"""The calls on one spreadsheet over HTTP: each takes its place in the quotas, is tried again within bounds, and ends in
JSON or in one of our errors. The other side of `calls.Calls`.

Not here: whether to try again (retry.py), what errors mean (troubles.py), who signs in (sign_in.py).
"""

import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.pace import Kind, Pace, Unpaced
from sheets_sync.workbooks.google.retry import Outcome, Try, Verdict, next_step
from sheets_sync.workbooks.google.transport import LONGEST, TIMEOUTS, Answer, Client, Request, ask
from sheets_sync.workbooks.google.troubles import NOBODY, Account, Asked, lost, said, trouble

SHEETS = "https://sheets.googleapis.com/v4/spreadsheets/"
DRIVE = "https://www.googleapis.com/drive/v3/files/"
NO_PARAMS: Mapping[str, str] = {}
_NO_DRIVE = frozenset(
    {
        "SERVICE_DISABLED",
        "accessNotConfigured",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "insufficientPermissions",
        "insufficientScopes",
    }
)
"""Reasons for which Drive does not answer although the sheet may be used. They stay for the time of a program."""

log = logging.getLogger("sheets_sync.google")


class Waiting(NamedTuple):
    """How time passes between two tries; seconds."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random


SYSTEM = Waiting()


class HttpCalls:
    """The calls on the spreadsheet `sheet_id`. Fulfils `calls.Calls`."""

    def __init__(
        self,
        sheet_id: str,
        client: Client,
        *,
        pace: Pace | None = None,
        account: Account = NOBODY,
        drive_version: bool = True,
        waiting: Waiting = SYSTEM,
        timeouts: tuple[float, float] = TIMEOUTS,
        longest: float = LONGEST,
    ) -> None:
        self._sheet_id = sheet_id
        self._client = client
        self._pace = pace or Unpaced()
        self._account = account
        self._may_ask_drive = drive_version
        self._waiting = waiting
        self._longest = longest
        client.set_timeout(timeouts)

    def get(self, url: str, params: Mapping[str, str]) -> Json:
        """Read by GET."""
        return self._sheets("get", url, params)

    def post_read(self, url: str, body: Json, params: Mapping[str, str]) -> Json:
        """Read by POST."""
        return self._sheets("post", url, params, body=body)

    def write_values(self, body: Json, params: Mapping[str, str]) -> Json:
        """Write values by what they belong to."""
        return self._sheets("post", "/values:batchUpdateByDataFilter", params, body=body, changes=True)

    def change(self, requests: Sequence[Json], *, reply_fields: str = "", ranges: Sequence[str] = ()) -> Json:
        """Change the spreadsheet, all or nothing."""
        params = {"fields": reply_fields} if reply_fields else NO_PARAMS
        body: dict[str, Any] = {"requests": list(requests)}
        if ranges:
            shown = {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
            body |= {**shown, "responseRanges": list(ranges)}
        return self._sheets("post", ":batchUpdate", params, body=body, changes=True)

    def drive_version(self) -> str | None:
        """The version Drive counts; None where this account or project has no use of Drive."""
        version = self._drive("version").get("version")
        return str(version) if version else None

    def modified(self) -> dt.datetime | None:
        """When somebody last changed the file, as Drive has it; None where Drive does not say."""
        told = self._drive("modifiedTime").get("modifiedTime")
        return dt.datetime.fromisoformat(told) if isinstance(told, str) else None

    def may_edit(self) -> bool | None:
        """Whether this account may change the sheet; None where Drive does not say."""
        allowed = self._drive("capabilities(canEdit)").get("capabilities", {}).get("canEdit")
        return allowed if isinstance(allowed, bool) else None

    def share_as_editor(self) -> str:
        """What a person does to let this account write."""
        return self._account.share

    def _drive(self, fields: str) -> Json:
        """What Drive says of the file; nothing where this account or project has no use of Drive."""
        if not self._may_ask_drive:
            return {}
        params = {"fields": fields, "supportsAllDrives": "true"}
        answer = self._answer(Request("get", DRIVE + self._sheet_id, params), None, changes=False)
        if answer.outcome is Outcome.DONE:
            return answer.json
        if said(answer).reasons & _NO_DRIVE:
            self._may_ask_drive = False
            log.info("Drive says nothing of a sheet: it is read each time")
            return {}
        raise trouble(answer, self._account, Asked(drive=True))

    def _sheets(
        self, method: str, url: str, params: Mapping[str, str], *, body: Json | None = None, changes: bool = False
    ) -> Json:
        everything = {**params, "prettyPrint": "false"}
        request = Request(method, f"{SHEETS}{self._sheet_id}{url}", everything, body)
        answer = self._answer(request, Kind.WRITE if changes else Kind.READ, changes=changes)
        if answer.outcome is Outcome.DONE:
            return answer.json
        raise trouble(answer, self._account, Asked(changes=changes))

    def _answer(self, request: Request, kind: Kind | None, *, changes: bool) -> Answer:
        """Ask until there is an answer that will stay, or until patience runs out. Raises LostReply."""
        begun = self._waiting.monotonic()
        tries = 0
        while True:
            if kind is not None:
                self._pace.take(kind)
            answer = ask(self._client, request, self._longest)
            if answer.outcome is Outcome.DONE:
                return answer
            tries += 1
            made = Try(answer.outcome, tries, self._waiting.monotonic() - begun, answer.retry_after)
            step = next_step(made, changes=changes, jitter=self._waiting.jitter())
            if step is Verdict.LOST:
                raise lost(answer)
            if isinstance(step, Verdict):
                return answer
            facts = {"outcome": made.outcome.value, "status": answer.status, "seconds": round(step, 1)}
            log.info("Google is asked again", extra={"facts": facts})
            self._waiting.sleep(step)
