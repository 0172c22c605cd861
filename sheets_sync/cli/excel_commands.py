"""Options and help of `sheets-sync excel ...`. What the commands do is in the modules `excel_*` beside this one."""

from pathlib import Path

import click

from sheets_sync.cli.options import output_options
from sheets_sync.words.button_words import LANGUAGES


@click.group("excel", short_help="Put Sync plan into Excel itself: a button, an add-in.")
def command() -> None:
    """Put Sync plan into Excel itself, so that the plan in front of you is checked and flagged while it is open."""


@command.command("addin", short_help="Make the add-in with a ribbon tab, for every workbook.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where to put it. Left out: where Excel offers add-ins, or the current folder where there is no Excel.",
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="The language of the ribbon. Left out: that of this computer."
)
@output_options
def addin(folder: Path | None, language: str | None) -> int:
    """Make the add-in sheets-sync.xlam, and tell Excel which Python starts it.

    It puts a tab into the ribbon that works on whatever workbook is in front of you, so that a shared workbook needs no
    macro of its own. Making it needs no Excel. It holds no path and no name: one file serves all computers on which
    sheets-sync is installed. Made again, it is the same file.

    \b
    Examples:
      sheets-sync excel addin
      sheets-sync excel addin --language pt --folder ~/Desktop
    """
    from sheets_sync.cli.excel_addin import make_addin
    from sheets_sync.config.machine import machine_language

    return make_addin(folder, language=language or machine_language() or "en")
