"""Signs in to Google in the way an organisation allows, with the least that is needed.

default          what this computer is signed in with: `gcloud auth application-default login`, a Google Cloud machine,
                 workload identity. With `impersonate` it acts as a service account: no key lies anywhere.
service-account  the key of a service account. With `subject` it works in one person's name (domain-wide delegation).
user             the file of a person who signed in once.

Not here: where a key is kept (it is handed in as text), asking Google anything but the token.
"""

import json
import os
import shlex
import stat
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from sheets_sync.core.google import GoogleSettings, SignIn
from sheets_sync.errors import UsageError
from sheets_sync.places import synced_root
from sheets_sync.workbooks.google.sign_in_troubles import sign_in_trouble

SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
SPREADSHEETS_READONLY = "https://www.googleapis.com/auth/spreadsheets.readonly"
DRIVE_VERSION = "https://www.googleapis.com/auth/drive.metadata.readonly"

_OTHER_FILES = {
    "installed": "this is the OAuth app, not a sign-in made with it",
    "web": "this is the OAuth app, not a sign-in made with it",
}


class Access(Enum):
    """What is going to be done with the sheet."""

    READ = "read"
    WRITE = "write"


class Signed(NamedTuple):
    """A sign-in. `account` is the address to share sheets with, "" where Google does not tell it; `project` is what its
    calls count for, "" where unknown; `scopes` is what was asked for, () where that was settled when it was made."""

    credentials: Any
    account: str
    project: str
    scopes: tuple[str, ...]


def scopes_for(settings: GoogleSettings, access: Access) -> tuple[str, ...]:
    """The least that serves: read-only where nothing is written, and of Drive only the version."""
    sheets = SPREADSHEETS if access is Access.WRITE else SPREADSHEETS_READONLY
    return (sheets, DRIVE_VERSION) if settings.drive_version else (sheets,)


def kind_of(key: str) -> SignIn:
    """What a key file is: a service account's, or a person's sign-in. Raises UsageError when it is neither."""
    return SignIn.SERVICE_ACCOUNT if _read(key).get("type") == "service_account" else SignIn.USER


def sign_in(settings: GoogleSettings, key: str, access: Access) -> Signed:
    """Make the credentials; no token is fetched yet. `key` is the content of the key file, "" for the default sign-in.

    Raises UsageError when they cannot be made of what is there.
    """
    scopes = scopes_for(settings, access)
    if settings.sign_in is SignIn.SERVICE_ACCOUNT:
        return _impersonating(_service_account(_read(key), settings, scopes), settings, scopes)
    if settings.sign_in is SignIn.USER:
        return _impersonating(_user(_read(key)), settings, scopes)
    return _impersonating(_default(scopes), settings, scopes)


def _read(key: str) -> Mapping[str, Any]:
    try:
        found = json.loads(key)
    except ValueError:
        found = None
    if not isinstance(found, Mapping):
        raise UsageError(
            "the Google key is not the JSON file that Google gave out",
            "use that file as it is: key = file:PATH (copied into a variable, its line breaks are often lost)",
        )
    for name, reason in _OTHER_FILES.items():
        if name in found:
            raise UsageError(f"the Google key cannot be used: {reason}", "the README shows how to sign in with it")
    return found


def _service_account(key: Mapping[str, Any], settings: GoogleSettings, scopes: tuple[str, ...]) -> Signed:
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2 import service_account

    make: Any = service_account.Credentials.from_service_account_info
    if key.get("type") != "service_account":
        raise UsageError("the Google key is not that of a service account", 'use it, or choose sign_in = "user"')
    try:
        credentials = make(key, scopes=None if settings.impersonate else list(scopes))
    except (ValueError, GoogleAuthError, TypeError, KeyError):
        raise UsageError(
            "the key of the service account is damaged",
            "use the file as Google gave it out: key = file:PATH; or make a new key",
        ) from None
    if settings.subject and not settings.impersonate:
        credentials = credentials.with_subject(settings.subject)
    account = settings.subject or str(key.get("client_email", ""))
    return Signed(credentials, account, str(key.get("project_id", "")), scopes)


def _user(key: Mapping[str, Any]) -> Signed:
    from google.oauth2.credentials import Credentials

    make: Any = Credentials.from_authorized_user_info
    if key.get("type", "authorized_user") != "authorized_user":
        raise UsageError("the Google key is not a person's sign-in", 'choose sign_in = "service-account"')
    try:
        credentials = make({name: key[name] for name in key if name not in ("token", "expiry")})
    except (ValueError, TypeError, AttributeError):
        raise UsageError("the file of the sign-in is damaged or half", "sign in again; the README shows how") from None
    return Signed(credentials, str(key.get("account", "")), str(key.get("quota_project_id", "")), ())


def _default(scopes: tuple[str, ...]) -> Signed:
    import warnings

    import google.auth
    from google.auth.exceptions import GoogleAuthError

    _refuse_readable(default_file())
    look: Any = google.auth.default
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # about quota projects; the refusal that follows is explained where it comes
            credentials, project = look(scopes=list(scopes))
    except GoogleAuthError as error:
        raise sign_in_trouble(error) from None
    account = getattr(credentials, "service_account_email", "") or ""
    asked = scopes if getattr(credentials, "scopes", None) else ()
    return Signed(credentials, "" if account == "default" else account, project or "", asked)


def _impersonating(signed: Signed, settings: GoogleSettings, scopes: tuple[str, ...]) -> Signed:
    """The service account that this sign-in acts as, where one is named."""
    if not settings.impersonate:
        return signed
    from google.auth import impersonated_credentials

    make: Any = impersonated_credentials.Credentials
    credentials = make(
        source_credentials=signed.credentials,
        target_principal=settings.impersonate,
        target_scopes=list(scopes),
        subject=settings.subject or None,
    )
    return Signed(credentials, settings.subject or settings.impersonate, project_of(settings.impersonate), scopes)


def project_of(service_account: str) -> str:
    """The project in the address of a service account (NAME@PROJECT.iam.gserviceaccount.com); "" for Google's own."""
    _, _, host = service_account.partition("@")
    return host.removesuffix(".iam.gserviceaccount.com") if host.endswith(".iam.gserviceaccount.com") else ""


def default_file() -> Path | None:
    """The file the default sign-in comes from; None on a Google Cloud machine."""
    from google.auth import _cloud_sdk

    place: Any = _cloud_sdk.get_application_default_credentials_path
    file = Path(os.environ.get("GOOGLE_APPLICATION_CREDENTIALS") or place())
    return file if file.is_file() else None


def _refuse_readable(file: Path | None) -> None:
    """A sign-in that others can read, or that is copied elsewhere, is everybody's (HAZARDS 18)."""
    root = synced_root(file) if file is not None else None
    if root is not None:
        raise UsageError(
            f"the Google sign-in in {file} lies in a folder that {root.service} copies elsewhere",
            "sign in again into a folder that stays on this computer",
        )
    if file is None or sys.platform == "win32" or not stat.S_IMODE(file.stat().st_mode) & 0o077:
        return
    raise UsageError(f"others can read the Google sign-in in {file}", f"chmod 600 {shlex.quote(str(file))}")
