"""What can go wrong between here and Google, queued per method and met once each."""

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import NamedTuple

from .caller import unauthenticated
from .errors import ApiError, no_permission
from .quotas import exceeded


class Answer(NamedTuple):
    """Another answer than the right one. `effect`: whether the request is done all the same."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = {}
    effect: bool = False


class Reset(NamedTuple):
    """The connection breaks off without an answer. `effect`: "none", "now", or "later" (after `delay` seconds)."""

    effect: str = "none"
    delay: float = 60.0


class Hang(NamedTuple):
    """The answer comes only after so many (real) seconds, or when the server stops. The request is done first."""

    seconds: float
    effect: bool = True


class Slow(NamedTuple):
    """Time passes on the server's clock before the right answer; above 180 s Google gives up with 504."""

    seconds: float


Fault = Answer | Reset | Hang | Slow
ANY = "*"


class Faults:
    """Queues of faults by method name ("spreadsheets.values.batchUpdateByDataFilter", "files.get", "token", "*")."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, *faults: Fault) -> None:
        """The next calls of this method meet these faults, one each. "*" is any method."""
        self._waiting[method].extend(faults)

    def next(self, method: str) -> Fault | None:
        """The fault this call meets."""
        for name in (method, ANY):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return None

    def clear(self) -> None:
        """No more faults."""
        self._waiting.clear()


def _answer(refusal: ApiError, *, effect: bool = False) -> Answer:
    return Answer(refusal.code, json.dumps(refusal.body, indent=2).encode(), headers=refusal.headers, effect=effect)


def quota_exceeded(kind: str = "Read") -> Answer:
    """429."""
    return _answer(exceeded(kind))


def internal_error(*, effect: bool = False) -> Answer:
    """500; the request may have been done."""
    return _answer(ApiError(500, "Internal error encountered."), effect=effect)


def bad_gateway(*, effect: bool = False) -> Answer:
    """502 with a page of HTML."""
    page = (
        b"<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error 502 (Server Error)!!1</title>\n"
        b"  <p><b>502.</b> <ins>That's an error.</ins>\n  <p>The server encountered a temporary error and could not "
        b"complete your request.<p>Please try again in 30 seconds.\n"
    )
    return Answer(502, page, "text/html; charset=UTF-8", effect=effect)


def unavailable(*, effect: bool = False) -> Answer:
    """503."""
    return _answer(ApiError(503, "The service is currently unavailable."), effect=effect)


def drive_quota_html() -> Answer:
    """429 of the Drive API: a page of HTML."""
    page = b"<html><head><title>Sorry...</title></head><body><h1>We're sorry...</h1>automated queries</body></html>"
    return Answer(429, page, "text/html; charset=UTF-8")


def too_slow(*, effect: bool = True) -> Answer:
    """504 after 180 s; the request may have been done."""
    return _answer(ApiError(504, "Deadline expired before operation could complete."), effect=effect)


def not_shared() -> Answer:
    """403: the caller may not see or change this spreadsheet."""
    return _answer(no_permission())


def service_disabled(service: str = "sheets.googleapis.com", project: str = "123456789012") -> Answer:
    """403: the API is not switched on in the project."""
    title = "Google Sheets API" if service.startswith("sheets") else "Google Drive API"
    link = f"https://console.developers.google.com/apis/api/{service}/overview?project={project}"
    message = (
        f"{title} has not been used in project {project} before or it is disabled. Enable it by visiting {link} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and "
        "retry."
    )
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {
            "service": service,
            "serviceTitle": title,
            "activationUrl": link,
            "consumer": f"projects/{project}",
            "containerInfo": project,
        },
    }
    link_told = {"description": "Google developers console API activation", "url": link}
    help_told = {"@type": "type.googleapis.com/google.rpc.Help", "links": [link_told]}
    return _answer(ApiError(403, message, details=[info, help_told]))


def scope_insufficient(service: str = "sheets.googleapis.com") -> Answer:
    """403: the token lacks a scope."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": service, "method": "google.apps.sheets.v4.SpreadsheetsService.GetSpreadsheet"},
    }
    refusal = ApiError(403, "Request had insufficient authentication scopes.", details=[info])
    refusal.headers = {
        "WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope", '
        'scope="https://www.googleapis.com/auth/spreadsheets"',
    }
    return _answer(refusal)


def storage_full() -> Answer:
    """403 of the Drive API: the account has no room for a file."""
    message = "The user's Drive storage quota has been exceeded."
    reason = {"message": message, "domain": "usageLimits", "reason": "storageQuotaExceeded"}
    return _answer(ApiError(403, message, status="-", errors=[reason]))


def token_expired() -> Answer:
    """401."""
    return _answer(unauthenticated())
