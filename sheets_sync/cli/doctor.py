"""`sheets-sync doctor`: what works here and what does not, one line each. A check is a function in CHECKS."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from sheets_sync import __version__
from sheets_sync.cli.console import console
from sheets_sync.cli.health import Health
from sheets_sync.cli.options import config_option, output_options
from sheets_sync.errors import ConfigError, SheetsSyncError, UsageError

NOT_LOOKED_AT = "not looked at without a configuration"
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


def _jobs(config: Path | None) -> Health:
    from sheets_sync.config.load import find_config, load_config

    try:
        found = load_config(find_config(config))
    except UsageError:
        return Health(True, NOT_LOOKED_AT)
    mistakes = found.found_jobs.mistakes
    if not mistakes:
        return Health(True, ", ".join(job.name for job in found.found_jobs.jobs) or "none, so nothing runs by itself")
    places = ", ".join(dict.fromkeys(mistake.place for mistake in mistakes))
    return Health(False, f"mistakes: {len(mistakes)}, in {places}", f"sheets-sync config check --config {found.file}")


def _state(config: Path | None) -> Health:
    from sheets_sync.config.load import find_config, load_config
    from sheets_sync.config.state import check_state

    try:
        found = load_config(find_config(config))
    except UsageError:
        return Health(True, NOT_LOOKED_AT)
    check_state(found)
    return Health(True, f"{found.state}, local and private" if found.state.exists() else f"{found.state}, not made yet")


def _registry(_: Path | None) -> Health:
    from sheets_sync.config.load import FILE_NAME
    from sheets_sync.config.registry import entries

    gone = [folder for _, folder in entries() if not (folder / FILE_NAME).is_file()]
    seen = f"{len(entries())} plans registered, {len(gone)} without their folder"
    return Health(not gone, seen, "run sheets-sync init again where the folder now is")


def _mail_server(config: Path | None) -> Health:
    from sheets_sync.cli.mail_health import server_health
    from sheets_sync.config.load import find_config, load_config

    try:
        found = load_config(find_config(config))
    except UsageError:
        return Health(True, NOT_LOOKED_AT)
    return server_health(found)


def _templates(config: Path | None) -> Health:
    from sheets_sync.cli.mail_health import template_health
    from sheets_sync.config.load import find_config, load_config

    try:
        found = load_config(find_config(config))
    except UsageError:
        return Health(True, NOT_LOOKED_AT)
    return template_health(found)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", _program),
    ("time zones", _zones),
    ("configuration", _configuration),
    ("jobs", _jobs),
    ("state folder", _state),
    ("registry", _registry),
)
MAIL_CHECKS: tuple[tuple[str, Check], ...] = (("mail server", _mail_server), ("templates", _templates))


@click.command("doctor")
@config_option
@click.option("--mail", is_flag=True, help="Look only at what the mails need.")
@output_options
def command(config: Path | None, *, mail: bool) -> int:
    """See whether all that is needed is here and trusted.

    Every line is one thing that was looked at; below a line that is not well stands what to do. Nothing is changed.
    Where a mail server is configured it is asked to let us in, and nothing is sent. On a terminal the owners that no
    mail reaches are named. Exit code 0 means that all is well, 3 that something is not.

    \b
    Examples:
      sheets-sync doctor
      sheets-sync doctor --mail
      sheets-sync doctor --config ~/plans/plant
    """
    out = console()
    checks = MAIL_CHECKS if mail else (*CHECKS, *MAIL_CHECKS)
    ill = 0
    for name, health in (
        *((name, _looked_at(partial(check, config))) for name, check in checks),
        *_plans(config, mail=mail),
    ):
        ill += not health.well
        out.say(f"{'ok  ' if health.well else 'FAIL'}  {name}: {health.seen}", style="" if health.well else "red")
        if not health.well and health.remedy:
            out.say(f"      {health.remedy}")
    return 3 if ill else 0


def _plans(config: Path | None, *, mail: bool) -> Iterator[tuple[str, Health]]:
    """Lines for each configured plan: can its workbook be read, understood and written, and whom do its mails reach?
    None without a configuration."""
    from sheets_sync.cli.google_health import google_lines
    from sheets_sync.cli.mail_health import reach_health
    from sheets_sync.cli.plan_health import plan_health
    from sheets_sync.config.load import find_config, load_config

    try:
        found = load_config(find_config(config))
    except SheetsSyncError:
        return
    if not mail:
        yield from google_lines(found)
    for plan in found.plans:
        name = plan.settings.name
        if not mail:
            yield f"plan {name}", _looked_at(partial(plan_health, found, plan))
        yield f"mails of {name}", _looked_at(partial(reach_health, found, plan))


def _looked_at(look: Callable[[], Health]) -> Health:
    """What a look found; one of our own errors is what it found, too."""
    try:
        return look()
    except SheetsSyncError as error:
        return Health(False, error.message, error.remedy)
