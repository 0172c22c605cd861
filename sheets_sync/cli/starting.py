"""What `init --template` does: make a starter workbook, then set it up as any other."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sheets_sync.cli.setting_up import Made, Wish, country_of, set_up
from sheets_sync.config.calendar import public_holidays
from sheets_sync.config.state import own_folder
from sheets_sync.core.google import looks_like_address
from sheets_sync.core.settings import CalendarSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.errors import UsageError, WorkbookError
from sheets_sync.starter.methods import Method
from sheets_sync.starter.words import starter_words
from sheets_sync.starter.workbook import Starter, make_starter

ENGLISH = "en"
READING = {
    "tabs": "--tab",
    "columns": "--map",
    "statuses": "--status",
    "struck": "--struck",
    "date_order": "--date-order",
    "google_key": "--google-key",
    "impersonate": "--impersonate",
}
"""Options, by their parameter, that say how a workbook is read."""
OTHER_KINDS = frozenset({".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".csv", ".gsheet", ".numbers"})


def refuse_reading(given: Mapping[str, object]) -> None:
    """Refuse the options that say how to read a workbook which is there already. `given` is by parameter."""
    wrong = [option for name, option in READING.items() if given.get(name)]
    if wrong:
        raise UsageError(
            f"{', '.join(wrong)}: only for a workbook that is there already", "leave it out together with --template"
        )


def place_to_start(workbook: str | None, template: str, language: str | None, folder: Path) -> Path:
    """The file to make: as named, with .xlsx where no ending is given; else by the method's name, into `folder`."""
    if workbook is None:
        return folder / f"{starter_words(language or ENGLISH).file_names[template]}.xlsx"
    if looks_like_address(workbook):
        raise UsageError(
            "a new workbook is made as a file, not at an address",
            f"make it for Excel and upload it: sheets-sync init --template {template} PLAN.xlsx, then in Google Drive "
            "New, File upload, open it, and File, Save as Google Sheets",
        )
    place = Path(workbook).expanduser()
    if place.suffix.lower() in OTHER_KINDS:
        raise UsageError(f"{place.name}: a new workbook is an .xlsx", f'name it "{place.stem}.xlsx"')
    return place if place.suffix.lower() == ".xlsx" else place.with_name(f"{place.name}.xlsx")


def start(wish: Wish, template: str) -> int:
    """Make the workbook and set it up. One that cannot be set up is taken away again. Raises UsageError, and whatever
    setting up raises."""
    assert isinstance(wish.workbook, Path)
    place, language = wish.workbook.absolute(), wish.language or ENGLISH
    today = dt.datetime.now().astimezone().date()
    if place.parent == wish.folder.absolute():
        own_folder(place.parent)
    tabs = _made(place, Starter(Method(template), language, today, _calendar(country_of(wish))))
    told = (f"Made: {place}", f"Tabs: {', '.join(tabs)}", "Its three example actions are grey: type over them")
    try:
        return set_up(replace(wish, workbook=place, language=language), made=Made(told, _next_steps(tabs)))
    except (UsageError, WorkbookError):
        place.unlink(missing_ok=True)
        raise


def _made(place: Path, wanted: Starter) -> tuple[str, ...]:
    try:
        return make_starter(place, wanted)
    except FileExistsError:
        raise UsageError(
            f"{place} is there already, and it stays as it is",
            f'give the new workbook another name, or set that one up: sheets-sync init "{place.name}"',
        ) from None
    except FileNotFoundError:
        raise UsageError(f"there is no folder {place.parent}", "make it first, or name another place") from None
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}", "name another place") from None


def _calendar(country: str) -> Calendar:
    try:
        holidays = public_holidays(country) if country else frozenset()
    except ValueError as error:
        raise UsageError(f"--country {country}: {error}", "use a code such as BR-SP, or none") from None
    return Calendar(CalendarSettings(holidays=holidays))


def _next_steps(tabs: tuple[str, ...]) -> tuple[str, ...]:
    actions, *_, people, how_to = tabs
    return (
        f"Next: list your people in {people}, type your actions over the examples in {actions}; {how_to} says how",
        "      sheets-sync check              what it would say; nothing is written",
        "      sheets-sync run                a flag and the next fix beside each row",
        "      sheets-sync schedule install   lets this computer do that by itself",
    )
