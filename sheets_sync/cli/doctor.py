"""`sheets-sync doctor`: what works here and what does not, one line each. A check is a function in CHECKS."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from sheets_sync import __version__
from sheets_sync.cli.console import console
from sheets_sync.cli.options import config_option, output_options
from sheets_sync.errors import ConfigError, SheetsSyncError, UsageError


class Health(NamedTuple):
    """What one check found: whether it is well, what it saw, and what to do if it is not well."""

    well: bool
    seen: str
    remedy: str = ""


Check = Callable[[Path | None], Health]
"""A check gets what --config named. It may raise our own errors: message and remedy are shown."""


def _program(_: Path | None) -> Health:
    version = ".".join(str(number) for number in sys.version_info[:3])
    return Health(True, f"sheets-sync {__version__} on Python {version}, {sys.platform}")


def _zones(_: Path | None) -> Health:
    from zoneinfo import available_timezones

    count = len(available_timezones())
    return Health(count > 0, f"{count} time zones known", "pip install tzdata")


def _configuration(config: Path | None) -> Health:
    from sheets_sync.config.load import find_config, load_config

    file = find_config(config)
    try:
        return Health(True, f"{file}, plans: {len(load_config(file).plans)}")
    except ConfigError as error:
        return Health(False, f"{file}, mistakes: {len(error.mistakes)}", f"sheets-sync config check --config {file}")


def _state(config: Path | None) -> Health:
    from sheets_sync.config.load import find_config, load_config
    from sheets_sync.config.state import check_state

    try:
        found = load_config(find_config(config))
    except UsageError:
        return Health(True, "not looked at without a configuration")
    check_state(found)
    return Health(True, f"{found.state}, local and private" if found.state.exists() else f"{found.state}, not made yet")


def _registry(_: Path | None) -> Health:
    from sheets_sync.config.load import FILE_NAME
    from sheets_sync.config.registry import entries

    gone = [folder for _, folder in entries() if not (folder / FILE_NAME).is_file()]
    seen = f"{len(entries())} plans registered, {len(gone)} without their folder"
    return Health(not gone, seen, "run sheets-sync init again where the folder now is")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", _program),
    ("time zones", _zones),
    ("configuration", _configuration),
    ("state folder", _state),
    ("registry", _registry),
)


@click.command("doctor")
@config_option
@output_options
def command(config: Path | None) -> int:
    """See whether all that is needed is here and trusted.

    Every line is one thing that was looked at; below a line that is not well stands what to do. Nothing is changed.
    Exit code 0 means that all is well, 3 that something is not.

    \b
    Examples:
      sheets-sync doctor
      sheets-sync doctor --config ~/plans/plant
    """
    out = console()
    ill = 0
    for name, health in (*((name, _looked_at(check, config)) for name, check in CHECKS), *_plans(config)):
        ill += not health.well
        out.say(f"{'ok  ' if health.well else 'FAIL'}  {name}: {health.seen}", style="" if health.well else "red")
        if not health.well and health.remedy:
            out.say(f"      {health.remedy}")
    return 3 if ill else 0


def _plans(config: Path | None) -> Iterator[tuple[str, Health]]:
    """One line for each configured plan: can its workbook be read, understood and written? None without a config."""
    from sheets_sync.cli.plan_health import plan_health
    from sheets_sync.config.load import find_config, load_config

    try:
        found = load_config(find_config(config))
    except SheetsSyncError:
        return
    for plan in found.plans:
        try:
            seen, wrong, remedy = plan_health(found, plan)
        except SheetsSyncError as error:
            seen, wrong, remedy = "", error.message, error.remedy
        yield f"plan {plan.settings.name}", Health(not wrong, wrong or seen, remedy)


def _looked_at(check: Check, config: Path | None) -> Health:
    try:
        return check(config)
    except SheetsSyncError as error:
        return Health(False, error.message, error.remedy)
