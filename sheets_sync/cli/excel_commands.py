"""Options and help of `sheets-sync excel ...`. What the commands do is in the modules `excel_*` beside this one."""

from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options
from sheets_sync.words.button_words import LANGUAGES


@click.group("excel", short_help="Put Sync plan into Excel itself: a button, an add-in.")
def command() -> None:
    """Put Sync plan into Excel itself, so that the plan in front of you is checked and flagged while it is open.

    What is not saved yet counts, and nothing is saved for you. The add-in is the way for a workbook that several people
    share: it needs no macro in it.

    \b
    Begin:
      sheets-sync excel addin           a ribbon tab for every workbook
      sheets-sync excel button PLAN     a button in one workbook
      sheets-sync excel doctor          what works here and what does not
    """


@command.command("button", short_help="Put a Sync plan button into a workbook, or take it out.")
@click.argument("workbook", required=False, type=click.Path(path_type=Path))
@config_option
@click.option("--plan", metavar="NAME", help="The plan whose workbook gets the button, instead of its file.")
@click.option("--remove", is_flag=True, help="Take the button out again.")
@click.option("-y", "--yes", is_flag=True, help="Let the plan move to the new file without asking.")
@output_options
def button(workbook: Path | None, config: Path | None, plan: str | None, *, remove: bool, yes: bool) -> int:
    """Put a button and its macro into WORKBOOK, so that one press checks and flags the plan while it is open.

    Of PLAN.xlsx a copy PLAN.xlsm with the button is made beside it. A plan that is set up for PLAN.xlsx moves to the
    copy: its line in config.toml is changed, which is shown first, and later commands refuse PLAN.xlsx. The .xlsx
    itself stays as it is. An .xlsm gets the button beside its own macros, with a backup. Done twice, nothing happens
    the second time; a macro of an older sheets-sync is renewed. No Excel is needed.

    For a workbook that several people share, the add-in is the better way: sheets-sync excel addin

    \b
    Examples:
      sheets-sync excel button PLAN.xlsx
      sheets-sync excel button --plan "Plant 2026" --yes
      sheets-sync excel button PLAN.xlsm --remove

    \b
    Exit codes: 0 done, 2 the command or the configuration must change, 3 the workbook cannot have it, and why.
    """
    from sheets_sync.cli.excel_button import Wanted
    from sheets_sync.cli.excel_button import button as put_or_take

    return put_or_take(Wanted(workbook, config, plan, remove, yes))


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


@command.command("doctor", short_help="See whether Excel can start us, and what a button would do here.")
@click.argument("workbook", required=False, type=click.Path(path_type=Path, dir_okay=False))
@output_options
def doctor(workbook: Path | None) -> int:
    """See whether a button in Excel works on this computer, and in WORKBOOK if one is named.

    Looked at are the Python that Excel starts, the file that names it, xlwings, whether macros may run, and the add-in;
    of a workbook its macro, which must be ours word for word, where it came from, who else can change it, and which
    plan it is. Below a line that is not well stands what to do. Nothing is changed and no Excel is started. Exit code 0
    means that all is well, 3 that something is not.

    \b
    Examples:
      sheets-sync excel doctor
      sheets-sync excel doctor PLAN.xlsm
    """
    from sheets_sync.cli.excel_doctor import look

    return look(workbook)
