"""What Google's refusals mean: each becomes one sentence, one action, and the kind of error that fits.

Not here: refusals of the sign-in itself (sign_in_troubles.py), trying again (retry.py). Sentences never quote Google:
its words can hold what stands in cells, addresses and tokens.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from sheets_sync.errors import SheetsSyncError, UsageError, WorkbookBusy, WorkbookRefused
from sheets_sync.workbooks.google.calls import LostReply, Rejected
from sheets_sync.workbooks.google.sign_in_troubles import sign_in_trouble
from sheets_sync.workbooks.google.transport import Answer, untrusted

NEXT_RUN = "the next run tries again"
SHEETS_API = "https://console.cloud.google.com/apis/library/sheets.googleapis.com"
DRIVE_API = "https://console.cloud.google.com/apis/library/drive.googleapis.com"
_CONSOLES = ("console.cloud.google.com", "console.developers.google.com")


class Account(NamedTuple):
    """Who asks Google. `shown` is the address to share sheets with, as a person may read it; "" where nobody may."""

    shown: str = ""

    @property
    def share(self) -> str:
        """How to let this account in."""
        whom = self.shown or "the account sheets-sync signs in with (sheets-sync doctor shows it on a terminal)"
        return f"in the sheet: Share, add {whom} as Editor"


NOBODY = Account()


class Said(NamedTuple):
    """Google's error reply, taken apart. `message` may quote cells."""

    http: int
    status: str = ""
    reasons: frozenset[str] = frozenset()
    message: str = ""
    activate: str = ""
    """Where a switched-off API is switched on."""


class Asked(NamedTuple):
    """What was asked: whether it changes the sheet, and whether it was Drive that was asked."""

    changes: bool = False
    drive: bool = False


def said(answer: Answer) -> Said:
    """Read an error reply (google.rpc.Status, or Drive's older form)."""
    error = answer.json.get("error")
    if not isinstance(error, Mapping):
        return Said(answer.status)
    details = [one for one in _list(error.get("details")) if isinstance(one, Mapping)]
    errors = [one for one in _list(error.get("errors")) if isinstance(one, Mapping)]
    reasons = frozenset(str(one["reason"]) for one in (*details, *errors) if "reason" in one)
    facts = [one["metadata"] for one in details if isinstance(one.get("metadata"), Mapping)]
    links = [str(fact.get("activationUrl", "")) for fact in facts]
    return Said(
        answer.status,
        str(error.get("status", "")),
        reasons,
        str(error.get("message", "")),
        next((link for link in links if _is_console(link)), ""),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_console(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.hostname in _CONSOLES


def trouble(answer: Answer, account: Account, asked: Asked) -> SheetsSyncError:
    """The error for an answer that is final, or that stayed what it was until patience ran out."""
    if answer.error is not None:
        return _no_answer(answer.error)
    told = said(answer)
    if told.http == 403:
        return _forbidden(told, account, asked)
    make = _BY_HTTP.get(told.http)
    if make is not None:
        return make(told, account)
    if told.http >= 500 or told.http < 400:
        return WorkbookBusy("Google Sheets does not work at the moment", NEXT_RUN)
    return Rejected("Google refused what was asked of the sheet", "run again; tell us if it stays", said=told.message)


def lost(answer: Answer) -> LostReply:
    """The error for a change of which nobody knows what became of it."""
    why = "broke off" if answer.error is not None else "failed half-way"
    return LostReply(f"the connection to Google {why} while the sheet was being written", "the next run settles it")


def _no_answer(error: Exception) -> SheetsSyncError:
    from google.auth.exceptions import GoogleAuthError, TransportError

    if untrusted(error):
        return UsageError(
            "the connection to Google is intercepted: its certificate is not trusted here",
            "ask IT for the company's certificate file and set REQUESTS_CA_BUNDLE to it",
        )
    if isinstance(error, GoogleAuthError) and not (isinstance(error, TransportError) or error.retryable):
        return sign_in_trouble(error)
    return WorkbookBusy("Google cannot be reached from here", f"look at the network or proxy; {NEXT_RUN}")


def _forbidden(told: Said, account: Account, asked: Asked) -> SheetsSyncError:
    api, library = ("Drive", DRIVE_API) if asked.drive else ("Sheets", SHEETS_API)
    words = told.message.casefold()
    if "quota project" in words:
        return UsageError(
            "Google wants to know which project the calls count for",
            "gcloud auth application-default set-quota-project YOUR-PROJECT",
        )
    if "USER_PROJECT_DENIED" in told.reasons:
        return UsageError(
            "this sign-in may not use its Google Cloud project",
            "have it given the role Service Usage Consumer in that project",
        )
    if told.reasons & {"SERVICE_DISABLED", "accessNotConfigured"}:
        return UsageError(
            f"the Google {api} API is not switched on in the Google Cloud project",
            f"open {told.activate or library}, press Enable, wait five minutes",
        )
    if told.reasons & {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", "insufficientScopes"}:
        return UsageError(
            f"this sign-in does not include Google {api}",
            "sign in again with the scopes the README names, or impersonate a service account",
        )
    if told.reasons & {"domainPolicy", "ORG_RESTRICTION_VIOLATION"}:
        return WorkbookRefused(
            "the organisation does not allow this account to open its sheets", "ask IT; the README has a ready request"
        )
    if asked.changes:
        return WorkbookRefused(
            "this sheet may be looked at, but not changed by this account", f"{account.share}, not as Viewer"
        )
    return WorkbookRefused("this sheet is not shared with the account sheets-sync signs in with", account.share)


def _not_found(_: Said, account: Account) -> SheetsSyncError:
    return WorkbookRefused(
        "Google knows no such sheet, or it was thrown away, or it is hidden from this account",
        f"copy the address from the browser again; if it opens there, {account.share}",
    )


def _bad_request(told: Said, account: Account) -> SheetsSyncError:
    words = told.message.casefold()
    for part, make in _BAD_REQUESTS:
        if part in words:
            return make(told, account)
    return Rejected(
        "Google did not accept what was asked of the sheet", "run again; tell us if it stays", said=told.message
    )


def _office_file(_: Said, __: Account) -> SheetsSyncError:
    return WorkbookRefused(
        "this is an Excel file in Drive, not a Google Sheet",
        "in the browser: File, Save as Google Sheets; then put the new address into config.toml",
    )


def _protected(_: Said, account: Account) -> SheetsSyncError:
    whom = account.shown or "the account sheets-sync signs in with"
    return WorkbookRefused(
        "our columns, or this tab, are protected against the account sheets-sync signs in with",
        f"in the sheet: Data, Protect sheets and ranges; let {whom} edit there",
    )


def _full(_: Said, __: Account) -> SheetsSyncError:
    return WorkbookRefused("the sheet is full: Google allows 10 million cells", "delete tabs or empty rows and columns")


def _moved(told: Said, _: Account) -> SheetsSyncError:
    return Rejected("a tab, column or row was deleted while it was being worked on", NEXT_RUN, said=told.message)


Maker = Callable[[Said, Account], SheetsSyncError]

_BAD_REQUESTS: tuple[tuple[str, Maker], ...] = (
    ("operation is not supported for this document", _office_file),
    ("protected cell or object", _protected),
    ("above the limit of 10000000 cells", _full),
    ("unable to parse range", _moved),
    ("exceeds grid limits", _moved),
    ("no grid with id", _moved),
)
"""Parts of Google's sentences, in small letters, and what they mean."""


def _unauthorised(_: Said, __: Account) -> SheetsSyncError:
    return UsageError("Google does not accept the sign-in any more", "sign in again, or make a new key")


def _limited(_: Said, __: Account) -> SheetsSyncError:
    return WorkbookBusy("Google's quota of calls for this minute stayed used up by others", NEXT_RUN)


def _too_large(told: Said, _: Account) -> SheetsSyncError:
    return Rejected("Google found too much in one request", "tell us how large the plan is", said=told.message)


_BY_HTTP: Mapping[int, Maker] = {
    400: _bad_request,
    401: _unauthorised,
    404: _not_found,
    413: _too_large,
    429: _limited,
}
