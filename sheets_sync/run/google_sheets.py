"""Opens Google Sheets for a run: signs in once for all plans, keeps all of them to one account's quotas.

Not here: what is asked of a sheet (workbooks/google_sheet.py), how to sign in (workbooks/google/sign_in.py).
"""

import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.secrets import read_secret
from sheets_sync.config.values import Config
from sheets_sync.core.google import GoogleAddress, GoogleSettings
from sheets_sync.errors import UsageError
from sheets_sync.places import synced_root
from sheets_sync.workbooks.google.http_calls import HttpCalls
from sheets_sync.workbooks.google.pace import Kind, SharedPace
from sheets_sync.workbooks.google.sign_in import Access, Signed, sign_in
from sheets_sync.workbooks.google.transport import Client, client_for
from sheets_sync.workbooks.google.troubles import Account
from sheets_sync.workbooks.google_sheet import GoogleSheet


class Door(NamedTuple):
    """How Google is entered for some sheets. `folder` is that of the configuration, where secrets are looked for;
    `state` holds the counts of calls, where it exists."""

    settings: GoogleSettings
    folder: Path
    state: Path


def door_of(config: Config) -> Door:
    """How the plans of a configuration enter Google."""
    return Door(config.google, config.folder, config.state)


class About(NamedTuple):
    """What a spreadsheet says of itself: its title, and the names of its time zone and its locale ("pt_BR")."""

    title: str
    timezone: str
    locale: str


def signed_in(door: Door, access: Access) -> Signed:
    """The sign-in, made once for a program. Raises UsageError when there is none or its key lies in the wrong place."""
    return _entered(door.settings, _key(door), access)[0]


def open_calls(address: GoogleAddress, door: Door, access: Access) -> HttpCalls:
    """The calls on one sheet. Raises UsageError."""
    signed, client = _entered(door.settings, _key(door), access)
    pace = _pace(signed, door) if door.state.is_dir() else None
    return HttpCalls(
        address.sheet_id,
        client,
        pace=pace,
        account=Account(signed.account if a_person_reads() else ""),
        drive_version=door.settings.drive_version,
    )


def google_sheet(
    address: GoogleAddress, door: Door, *, tabs: tuple[str, ...] = (), read_only: bool = False
) -> GoogleSheet:
    """One sheet as a workbook; with `tabs` only these are looked at. Raises UsageError."""
    calls = open_calls(address, door, Access.READ if read_only else Access.WRITE)
    return GoogleSheet(calls, tabs=tabs, read_only=read_only)


def about(calls: HttpCalls) -> About:
    """Ask a spreadsheet for what it says of itself. Raises WorkbookError, UsageError."""
    found = calls.get("", {"fields": "properties(title,timeZone,locale)"}).get("properties", {})
    return About(found.get("title", ""), found.get("timeZone", ""), found.get("locale", ""))


def used_calls(door: Door) -> tuple[int, int]:
    """The reads and writes that our programs on this computer made in the last minute."""
    if not door.state.is_dir():
        return 0, 0
    pace = _pace(signed_in(door, Access.WRITE), door)
    return pace.used(Kind.READ), pace.used(Kind.WRITE)


def a_person_reads() -> bool:
    """Whether what is printed goes to a person and no file: only then is an account named (HAZARDS 26)."""
    return sys.stdout.isatty() and sys.stderr.isatty()


@lru_cache(maxsize=8)
def _entered(settings: GoogleSettings, key: str, access: Access) -> tuple[Signed, Client]:
    signed = sign_in(settings, key, access)
    return signed, client_for(signed.credentials)


def _pace(signed: Signed, door: Door) -> SharedPace:
    return SharedPace(door.state, _counted_as(signed, door), project=signed.project)


def _counted_as(signed: Signed, door: Door) -> str:
    """Under which name calls are counted: the account's, or that of the way of signing in where it has none."""
    return signed.account or f"{door.settings.sign_in} {door.settings.key}"


def _key(door: Door) -> str:
    """The content of the key file, "" where none is needed (HAZARDS 18)."""
    reference = door.settings.key
    if not reference:
        return ""
    kind, _, place = reference.partition(":")
    root = synced_root(Path(place)) if kind == "file" else None
    if root is not None:
        raise UsageError(
            f"the Google key {place} lies in a folder that {root.service} copies elsewhere",
            "move it to a folder that stays on this computer, and make a new key: others may have this one",
        )
    return read_secret(reference, door.folder).value
