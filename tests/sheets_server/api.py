"""From a request to a reply, without HTTP: finds the method in the discovery document, checks, does, answers."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from .call import Call
from .caller import Caller, Tokens
from .clock import Clock
from .discovery import Method, document
from .drive_api import drive, upload
from .errors import ApiError, Json, bad_field
from .files import Files
from .masks import Mask, cut, mask_of
from .scene import Ids
from .sheets_api import CUTS_ITSELF, sheets

_WRITES = ("POST", "PUT", "PATCH", "DELETE")
READING_POSTS = ("getByDataFilter", "batchGetByDataFilter", "developerMetadata.search")


class Request(NamedTuple):
    """One request as it came in."""

    http: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Reply(NamedTuple):
    """One reply. `body` is JSON, text (exports) or None (204)."""

    status: int
    body: Any
    headers: Mapping[str, str] = {}
    compact: bool = False
    """Whether the caller asked for JSON without spaces."""


class Named(NamedTuple):
    """The method a request is for. `name` is "" when there is none."""

    name: str
    service: str
    method: Method | None
    path: dict[str, str]

    @property
    def writes(self) -> bool:
        """Whether it counts as a write."""
        return bool(self.method and self.method.http in _WRITES and not self.name.endswith(READING_POSTS))


class Api:
    """All spreadsheets and how they are reached."""

    def __init__(self, clock: Clock | None = None, *, check_replies: bool = True) -> None:
        self.clock = clock or Clock()
        self.ids = Ids()
        self.files = Files(self.clock, self.ids)
        self.tokens = Tokens(self.clock)
        self.check_replies = check_replies
        self.refuse_unmatched = True
        """Whether a write through a filter that matches nothing is refused, or does nothing (not documented)."""

    def named(self, request: Request) -> Named:
        """Which method a request is for."""
        path = urlsplit(request.url).path
        if path == "/token":
            return Named("token", "oauth2", None, {})
        upload = re.fullmatch(r"/upload/drive/v[23]/files/([^/]+)", path)
        if upload and request.http in _WRITES:
            return Named("upload", "www.googleapis.com", None, {"fileId": upload[1]})
        for service, name in (("sheets.googleapis.com", "sheets.v4"), ("www.googleapis.com", "drive.v3")):
            found = document(name).method(request.http, path)
            if found:
                return Named(found[0].name, service, found[0], found[1])
        return Named("", "", None, {})

    def handle(self, request: Request) -> Reply:
        """The reply to a request."""
        named = self.named(request)
        if named.name == "token":
            return Reply(*self.tokens.exchange(request.body))
        try:
            return self._handle(request, named)
        except ApiError as refusal:
            return Reply(refusal.code, refusal.body, refusal.headers)

    def _handle(self, request: Request, named: Named) -> Reply:
        caller = self.tokens.caller(request.headers.get("Authorization", ""))
        if named.name == "upload":
            return Reply(200, upload(Call(self, caller, named.path, {}, {}, None), request.body))
        if named.method is None:
            raise ApiError(404, "Method not found.", status="NOT_FOUND")
        judge = document("sheets.v4" if named.name.startswith("spreadsheets.") else "drive.v3")
        given = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
        query = judge.query(named.method, given)
        body = self._body(request, named, caller)
        mask = mask_of(query["fields"]) if query.get("fields") else None
        if mask:
            _check_mask(named, mask)
        path = {name: unquote(value) for name, value in named.path.items()}
        call = Call(self, caller, path, query, body, mask)
        reply = sheets(named.name, call) if named.name.startswith("spreadsheets.") else drive(named.name, call)
        if isinstance(reply, dict):
            if mask and named.name not in CUTS_ITSELF:
                reply = cut(reply, mask)
            self._check(judge.faults_of, named, reply)
        status = 204 if reply is None else 200
        return Reply(status, reply, compact=query.get("prettyPrint") is False)

    def _body(self, request: Request, named: Named, caller: Caller) -> Json:
        assert named.method
        if not named.method.request or not request.body.strip():
            return {}
        try:
            content = json.loads(request.body)
        except ValueError:
            raise bad_field("Invalid JSON payload received. Unexpected token.") from None
        if not named.name.startswith("spreadsheets."):
            return {name: value for name, value in content.items() if value is not None}
        return document("sheets.v4").accept(named.method.request, content, _root(named))

    def _check(self, faults_of: Any, named: Named, reply: Json) -> None:
        assert named.method
        if self.check_replies and named.method.response:
            faults = faults_of(named.method.response, reply)
            if faults:
                raise AssertionError(f"{named.name} would answer what Google never does: {faults[:5]}")


def _root(named: Named) -> str:
    return "data" if named.name in ("spreadsheets.values.update", "spreadsheets.values.append") else ""


def _check_mask(named: Named, mask: Mask) -> None:
    assert named.method
    judge = document("sheets.v4" if named.name.startswith("spreadsheets.") else "drive.v3")
    lost = judge.unknown_path(named.method.response, mask) if named.method.response else ""
    if lost and not named.name.startswith("spreadsheets."):
        raise ApiError(400, f"Invalid field selection {lost}", status="-")
    if lost:
        raise bad_field(
            "Request contains an invalid argument.",
            "fields",
            f"Error expanding 'fields' parameter. Cannot find matching fields for path '{lost}'.",
        )
