"""Whether plans in Google Sheets can be signed in for, read and written, for the doctor. Nothing is changed.

The lines walk the way a person sets it up: sign-in, clock, APIs, sharing, quota. What stops one stops those behind it.
Whether tabs and headers are understood is told with each plan (plan_health.py).
"""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from sheets_sync.cli.health import Health
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.google import GoogleAddress, GoogleSettings, SignIn
from sheets_sync.errors import SheetsSyncError, UsageError
from sheets_sync.run.clock import SystemClock

CLOCK_MAY_DIFFER = dt.timedelta(minutes=4)
"""Google refuses keys whose time is five minutes off."""

Line = tuple[str, Health]
Look = Callable[[], Health]


def google_lines(config: Config) -> Iterator[Line]:
    """The lines about Google; none where no plan is a Google Sheet."""
    plans = [plan for plan in config.plans if isinstance(plan.workbook, GoogleAddress)]
    if not plans:
        return
    apart: list[dt.timedelta] = []
    yield "Google: ways to sign in", ways(config.google)
    signed = _looked(lambda: sign_in_health(config, apart))
    yield "Google: sign-in", signed
    yield "Google: clock", clock_health(apart)
    if not signed.well:
        yield from _other_way(config)
        return
    for plan in plans:
        yield f"Google: sheet of {plan.settings.name}", _looked(_sheet_look(config, plan))
    yield "Google: quota", quota_health(config)


def _other_way(config: Config) -> Iterator[Line]:
    """Whether what this computer is signed in with would do where the chosen way does not."""
    from sheets_sync.workbooks.google.sign_in import default_file

    if config.google.sign_in is SignIn.DEFAULT or default_file() is None:
        return
    other = replace(config, google=GoogleSettings(drive_version=config.google.drive_version))
    if _looked(lambda: sign_in_health(other, [])).well:
        yield (
            "Google: another way",
            Health(True, 'this computer\'s own sign-in works: sign_in = "default"'),
        )


def _sheet_look(config: Config, plan: PlanConfig) -> Look:
    return lambda: sheet_health(config, plan)


def ways(settings: GoogleSettings) -> Health:
    """What this computer and this configuration have to sign in with, chosen one first. Never an illness by itself."""
    from sheets_sync.workbooks.google.sign_in import default_file

    found = default_file()
    ready = f"a default sign-in ({_days_old(found)} days old)" if found is not None else "no default sign-in"
    gcloud = "gcloud is here" if shutil.which("gcloud") else "gcloud is not installed"
    chosen = {
        SignIn.DEFAULT: "chosen is the default sign-in",
        SignIn.SERVICE_ACCOUNT: "chosen is the key of a service account",
        SignIn.USER: "chosen is a person's sign-in",
    }[settings.sign_in]
    acting = ", acting as a service account" if settings.impersonate else ""
    delegated = ", in one person's name" if settings.subject else ""
    return Health(True, f"{chosen}{acting}{delegated}; {ready}; {gcloud}")


def clock_health(apart: Sequence[dt.timedelta]) -> Health:
    """How far the clock is from the time in Google's answers, if any came."""
    if not apart:
        return Health(True, "not compared: Google did not answer")
    if max(apart) > CLOCK_MAY_DIFFER:
        return Health(False, f"{round(max(apart).total_seconds() / 60)} minutes off", "set date, time and time zone")
    return Health(True, "as Google's")


def sign_in_health(config: Config, apart: list[dt.timedelta]) -> Health:
    """Fetch a token, as a run would; `apart` gets how far the clock is from Google's. Raises UsageError."""
    from sheets_sync.run.google_sheets import a_person_reads, door_of, signed_in
    from sheets_sync.workbooks.google.sign_in import Access

    writes = any(plan.writes for plan in config.plans if isinstance(plan.workbook, GoogleAddress))
    signed = signed_in(door_of(config), Access.WRITE if writes else Access.READ)
    _fetch_token(signed.credentials, apart)
    whom = signed.account or "the person who signed in"
    shown = whom if a_person_reads() or not signed.account else "an account that is named on a terminal"
    scopes = ", ".join(scope.rpartition("/")[2] for scope in signed.scopes) or "those it was made with"
    key = _key_file(config.google)
    age = f"; key file {_days_old(key)} days old" if key is not None else ""
    return Health(
        True,
        f"works as {shown}: share your sheets with it as {'Editor' if writes else 'Viewer'}; scopes: {scopes}{age}",
    )


def _fetch_token(credentials: Any, apart: list[dt.timedelta]) -> None:  # noqa: ANN401 (google-auth credentials)
    from google.auth.exceptions import GoogleAuthError, TransportError
    from google.auth.transport.requests import Request
    from requests import Session

    from sheets_sync.workbooks.google.sign_in_troubles import sign_in_trouble

    def compare(response: Any, **_: object) -> None:  # noqa: ANN401 (a requests.Response)
        told = _date(response.headers.get("Date", ""))
        if told is not None:
            apart.append(abs(told - SystemClock().now()))

    make: Any = Request
    try:
        with Session() as session:
            session.hooks["response"].append(compare)
            credentials.refresh(make(session))
    except TransportError:
        raise UsageError("Google cannot be reached from here", "look at the network or proxy") from None
    except GoogleAuthError as error:
        raise sign_in_trouble(error) from None


def _date(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def sheet_health(config: Config, plan: PlanConfig) -> Health:
    """Open one sheet: the API is on, it is shared, and as Editor. Raises WorkbookError, UsageError."""
    from sheets_sync.run.google_sheets import about, door_of, open_calls
    from sheets_sync.workbooks.google.sign_in import Access

    if not isinstance(plan.workbook, GoogleAddress):
        return Health(True, "an Excel workbook")
    calls = open_calls(plan.workbook, door_of(config), Access.WRITE if plan.writes else Access.READ)
    told = about(calls)
    zone = "" if told.timezone == plan.settings.timezone else f"; its own time zone is {told.timezone}"
    if not plan.writes:
        return Health(True, f"opened for reading only, nothing is ever written into it{zone}")
    may_edit = calls.may_edit()
    if may_edit is False:
        return Health(False, "opened, but shared as Viewer", calls.share_as_editor())
    if may_edit is None:
        unknown = "Drive is not asked or does not answer: each run reads the sheet, and the first shows if it may write"
        return Health(True, f"opened; {unknown}{zone}")
    return Health(True, f"opened, shared as Editor, Sheets and Drive API are on{zone}")


def quota_health(config: Config) -> Health:
    """How much of the minute's quota our own programs on this computer use."""
    from sheets_sync.run.google_sheets import door_of, used_calls
    from sheets_sync.workbooks.google.pace import PER_ACCOUNT

    reads, writes = used_calls(door_of(config))
    return Health(True, f"in the last minute {reads} of {PER_ACCOUNT} reads and {writes} of {PER_ACCOUNT} writes")


def _looked(look: Look) -> Health:
    try:
        return look()
    except SheetsSyncError as error:
        return Health(False, error.message, error.remedy)


def _key_file(settings: GoogleSettings) -> Path | None:
    kind, _, place = settings.key.partition(":")
    return Path(place) if kind == "file" else None


def _days_old(file: Path | None) -> int:
    return int((time.time() - file.stat().st_mtime) / 86_400) if file is not None and file.exists() else 0
