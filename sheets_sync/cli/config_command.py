"""`sheets-sync config example`, `config check` and `config google-menu`."""

from pathlib import Path

import click

from sheets_sync.cli.console import console
from sheets_sync.cli.options import config_option, output_options
from sheets_sync.core.google import GoogleAddress
from sheets_sync.words.flags import LANGUAGES


@click.group("config")
def command() -> None:
    """Show what can be configured, and check what is.

    A configuration is a file config.toml in a private folder: a folder of yours that nobody else can write.
    `sheets-sync init` writes it. Secrets never stand in it.
    """


@command.command("example")
@output_options
def example() -> None:
    """Print an example with every key explained.

    Keys that need not be set are switched off with a "#"; the value shown is an example, or the default.

    \b
    Examples:
      sheets-sync config example
      sheets-sync config example > config.toml
    """
    from sheets_sync.config.example import example_config

    click.echo(example_config(), nl=False)


@command.command("google-menu")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="What it speaks.")
@output_options
def google_menu(language: str) -> None:
    """Print a script for a "Check now" menu in a Google Sheet.

    The menu has "Check now" and "Last result". Nobody needs it: the box in the Sync log does the same. To have it, open
    the sheet, choose Extensions, Apps Script, paste the script over what stands there, save, and load the sheet again.
    It stays in that sheet, may touch no other file, and speaks to nobody.

    \b
    Examples:
      sheets-sync config google-menu
      sheets-sync config google-menu --language pt
    """
    from sheets_sync.core.google_menu import menu_script
    from sheets_sync.workbooks.google.traces import RED_AFTER_NAME

    click.echo(menu_script(language, day_name=RED_AFTER_NAME), nl=False)


@command.command("check")
@config_option
@output_options
def check(config: Path | None) -> int:
    """Check the configuration and its jobs, and tell every mistake at once.

    Each mistake comes with its file, line and key, and the nearest name that is valid. The folder is checked too: one
    that others could write is not used, and the command that mends it is printed. The workbooks are not opened.
    Exit code 0 means that all is well, 2 that something must change.

    \b
    Examples:
      sheets-sync config check
      sheets-sync config check --config ~/plans/plant
    """
    from sheets_sync.config.load import find_config, load_config
    from sheets_sync.config.state import check_state

    out = console()
    found = load_config(find_config(config))
    check_state(found)
    jobs = found.jobs
    out.say(f"{found.file}: no mistakes; {len(found.plans)} plan{'s' if len(found.plans) > 1 else ''}")
    rows = [
        (plan.settings.name, str(plan.workbook), _whether_found(plan.workbook), plan.settings.uid)
        for plan in found.plans
    ]
    out.table(("Plan", "Workbook", "", "uid"), rows)
    if jobs:
        out.say(f"Jobs: {', '.join(job.name for job in jobs)}")
    out.detail(f"history and backups: {found.state}")
    return 0


def _whether_found(workbook: Path | GoogleAddress) -> str:
    if isinstance(workbook, GoogleAddress):
        return "Google Sheet"
    return "found" if workbook.is_file() else "NOT FOUND"
