"""A workbook named on the command line, wherever it is: opened for reading, with what it says of itself."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.kept_in import refuse_moved
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.state import default_state
from sheets_sync.core.google import GoogleAddress, GoogleSettings
from sheets_sync.errors import ConfigError, UsageError
from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.excel_file import ExcelFile

VIEWER = "it is shared with the account sheets-sync signs in with as Viewer; share it as Editor"


class Source(NamedTuple):
    """A workbook to look at. `name` is what people call it; `timezone`, `tab` (a key) and `date_order` ("dmy") are ""
    where it does not say."""

    workbook: Workbook
    name: str
    timezone: str = ""
    tab: str = ""
    date_order: str = ""
    why_not_written: Callable[[], str] = lambda: ""


def source_of(
    place: Path | GoogleAddress, google: GoogleSettings, *, folder: Path, synced_folder: bool = False
) -> Source:
    """Open the workbook. `folder` is the private folder. Raises UsageError, WorkbookError."""
    if isinstance(place, Path):
        refuse_moved(place)
        file = ExcelFile(place, backups=folder, synced_folder=synced_folder)
        return Source(file, place.name, why_not_written=file.why_not_written)
    from sheets_sync.run.google_sheets import Door, about, google_sheet, open_calls
    from sheets_sync.workbooks.google.sign_in import Access

    door = Door(google, folder, default_state())
    calls = open_calls(place, door, Access.READ)
    told = about(calls)
    return Source(
        google_sheet(place, door, read_only=True),
        told.title or "Google Sheet",
        timezone=told.timezone if _is_zone(told.timezone) else "",
        tab="" if place.gid is None else str(place.gid),
        date_order=_date_order(told.locale),
        why_not_written=lambda: VIEWER if calls.may_edit() is False else "",
    )


def _is_zone(name: str) -> bool:
    from sheets_sync.config.checks import known_zone

    try:
        return bool(known_zone(name))
    except ValueError:
        return False


def _date_order(locale: str) -> str:
    """Where the sheet's locale writes the day first, "dmy". The month first is what a sheet has that nobody gave a
    locale, so it tells nothing."""
    from babel import Locale, UnknownLocaleError

    try:
        pattern = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern
    except (ValueError, UnknownLocaleError):
        return ""
    return "dmy" if "".join(sorted("dMy", key=pattern.find)) == "dMy" else ""


def configured_sign_in(config: Path | None) -> GoogleSettings:
    """How the configuration signs in to Google, should there be one. Raises ConfigError for one with mistakes."""
    try:
        return load_config(find_config(config)).google
    except ConfigError:
        raise
    except UsageError:
        return GoogleSettings()
