"""A Google Sheet by its address, and how to sign in to Google: plain values, and reading what a browser shows.

Not here: signing in and asking Google anything (workbooks/google).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, urlsplit

_SHEET = re.compile(r"(?:/a/[^/]+)?/spreadsheets(?:/u/\d+)?/d/(?P<id>[A-Za-z0-9_-]{10,200})(?:/.*)?")
_PUBLISHED = re.compile(r"/spreadsheets(?:/u/\d+)?/d/e/.*")
_BARE_ID = re.compile(r"[A-Za-z0-9_-]{30,200}")
_HOSTS = ("docs.google.com", "drive.google.com", "sheets.google.com", "spreadsheets.google.com")
_PLAIN_ADDRESS = "https://docs.google.com/spreadsheets/d/"
_HOW = "open the sheet in the browser and copy its whole address: https://docs.google.com/spreadsheets/d/..."


@dataclass(frozen=True, slots=True)
class GoogleAddress:
    """A Google Sheet. `gid` is the tab that was open when the address was copied; None when it does not say."""

    sheet_id: str
    gid: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return _PLAIN_ADDRESS + self.sheet_id


class SignIn(StrEnum):
    """How to sign in to Google."""

    DEFAULT = "default"
    """What this computer is signed in with (application default credentials)."""
    SERVICE_ACCOUNT = "service-account"
    """The key of a service account."""
    USER = "user"
    """The file of a person who signed in once."""


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """How to sign in to Google. `key` is a reference as in `config.secrets` ("file:/x/key.json"), "" for none;
    `impersonate` the service account, `subject` the one person in whose name to work, "" for none. `drive_version`
    tells whether to ask Drive if the sheet changed at all."""

    sign_in: SignIn = SignIn.DEFAULT
    key: str = field(default="", repr=False)
    impersonate: str = ""
    subject: str = ""
    drive_version: bool = True


def row_address(link: str, tab_key: str, row: int) -> str:
    """Where a link to a plan opens at a row (from 1): only a Google Sheet can be opened so, others as they are."""
    address = link.partition("#")[0].partition("?")[0]
    if not (address.startswith(_PLAIN_ADDRESS) and tab_key.isdecimal() and tab_key.isascii()):
        return link
    return f"{address.removesuffix('/').removesuffix('/edit')}/edit#gid={tab_key}&range=A{row}"


def looks_like_address(text: str) -> bool:
    """Whether a person who typed this means a place on the web, right or wrong, and no file."""
    bare = _plain(text)
    return "://" in bare or bare.lower().startswith(_HOSTS) or _BARE_ID.fullmatch(bare) is not None


def read_address(text: str) -> GoogleAddress:
    """The sheet of an address as pasted from the browser, or of its bare id. Raises ValueError with what to do."""
    bare = _plain(text)
    if _BARE_ID.fullmatch(bare):
        return GoogleAddress(bare)
    parts = _split(bare)
    if _PUBLISHED.fullmatch(parts.path):
        raise ValueError("this is the page a sheet was published as, not the sheet; " + _HOW)
    wrong = _other_place(parts)
    if wrong:
        raise ValueError(wrong)
    found = _SHEET.fullmatch(parts.path)
    if found is None:
        raise ValueError("this is no address of a Google Sheet; " + _HOW)
    return GoogleAddress(found["id"], _gid(parts))


def _plain(text: str) -> str:
    """What was pasted, without blanks, quotes or angle brackets around it."""
    return text.strip().strip("<>\"'").strip()


def _split(bare: str) -> SplitResult:
    try:
        return urlsplit(bare if "://" in bare else f"https://{bare}")
    except ValueError:
        raise ValueError("this is no address of a Google Sheet; " + _HOW) from None


def _other_place(parts: SplitResult) -> str:
    """Why an address leads somewhere else than to a Google Sheet; "" when it may lead to one."""
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in ("http", "https") or host not in _HOSTS:
        return "only Google Sheets can be named by an address; " + _HOW
    if host == "drive.google.com":
        if "/folders/" in parts.path:
            return "this is a folder; " + _HOW
        return "this is a file in Drive; if it is a Google Sheet, " + _HOW
    if "true" in parse_qs(parts.query).get("rtpof", ()):
        return "this is an Excel file in Drive; in the browser: File, Save as Google Sheets, then use that address"
    kinds = {"document": "a text document", "presentation": "a presentation", "forms": "a form"}
    kind = next((kinds[part] for part in parts.path.split("/") if part in kinds), "")
    return f"this is {kind}, not a sheet; {_HOW}" if kind else ""


def _gid(parts: SplitResult) -> int | None:
    for place in (parts.fragment, parts.query):
        for gid in parse_qs(place).get("gid", ()):
            if gid.isdecimal() and gid.isascii() and len(gid) <= 10:
                return int(gid)
    return None
