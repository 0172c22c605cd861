"""`sheets-sync init`: its options and help. What it does is in `setting_up`."""

from pathlib import Path

import click

from sheets_sync.cli.google_options import chosen_sign_in, google_options
from sheets_sync.cli.options import output_options
from sheets_sync.core.google import GoogleAddress, GoogleSettings
from sheets_sync.errors import UsageError


@click.command("init", short_help="Understand a workbook and write the configuration.")
@click.argument("workbook", required=False, type=click.Path())
@click.option(
    "--template",
    type=click.Choice(["simple", "5w2h", "a3", "okr"]),
    help="Make a new workbook first, ready to type into: WORKBOOK.xlsx, or by the method's own name.",
)
@click.option("--tab", "tabs", multiple=True, metavar="NAME", help="The plan's tab; several make one plan.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=HEADER", help="Which column is which: action='What'.")
@click.option(
    "--status", "statuses", multiple=True, metavar="WORD=MEANING", help="What a status word means: Feito=done."
)
@click.option("--struck", type=click.Choice(["done", "ignore"]), help="What rows that are struck through mean.")
@click.option("--name", help="What to call the plan; left out: the workbook's name.")
@click.option(
    "--language", type=click.Choice(["en", "pt", "es"]), help="The language of flags, fixes and a new workbook."
)
@click.option("--timezone", metavar="ZONE", help="The plan's time zone: Europe/Lisbon. Left out: this computer's.")
@click.option(
    "--country", metavar="CODE", help="Whose public holidays count: BR-SP, DE-BY, PT; 'none' for no holidays."
)
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates typed as text are read.")
@click.option("--synced", is_flag=True, help="This computer alone may write the workbook in its synced folder.")
@click.option("--mail-templates", is_flag=True, help="Write the templates of the mails too, to be changed.")
@click.option("--folder", type=click.Path(path_type=Path), default=".", help="The private folder; left out: this one.")
@google_options
@output_options
def command(
    workbook: str | None,
    tabs: tuple[str, ...],
    columns: tuple[str, ...],
    statuses: tuple[str, ...],
    *,
    template: str | None,
    struck: str | None,
    name: str | None,
    language: str | None,
    timezone: str | None,
    country: str | None,
    date_order: str | None,
    synced: bool,
    mail_templates: bool,
    folder: Path,
    google_key: Path | None,
    impersonate: str | None,
) -> int:
    """Understand a workbook, show what was understood, and write config.toml into the current private folder.

    Lists the tabs that look like plans, the columns, what was taken as a heading, every status word with its meaning,
    and the owners with their rows. On a terminal it asks where it cannot know; elsewhere it refuses and prints the
    options to add. The workbook is only read. For a Google Sheet WORKBOOK is its address as the browser shows it.
    Beside config.toml it writes jobs, which say what is done when; with --mail-templates also the mails' texts.

    With --template there need be no workbook yet: one is made and set up. It has tabs for the actions, the people and
    what the method asks for, drop-downs, three example rows to type over, and a tab that explains. A file that is
    there is never touched. For Google Sheets upload the file to Drive and save it as Google Sheets.

    \b
    simple  actions with owner, dates, status and what done means
    5w2h    what, why, where, when, who, how, how much
    a3      problems with their causes, countermeasures, and whether they worked
    okr     goals, key results, and the actions that serve them

    \b
    Examples:
      sheets-sync init PLAN.xlsx
      sheets-sync init "https://docs.google.com/spreadsheets/d/..." --google-key key.json
      sheets-sync init PLAN.xlsx --tab "Plano de ação" --map action="O que" --status Feito=done
      sheets-sync init --template 5w2h --language pt "Plano 2027"
    """
    from sheets_sync.cli.setting_up import Wish, set_up
    from sheets_sync.cli.starting import start

    wish = Wish(
        workbook=_place_to_start(workbook, template, language, folder) if template else _place_to_read(workbook),
        folder=folder,
        google=chosen_sign_in(google_key, impersonate, GoogleSettings()),
        tabs=tabs,
        columns=columns,
        statuses=statuses,
        synced=synced,
        mail_templates=mail_templates,
        country=country,
        **_texts(struck=struck, name=name, language=language, timezone=timezone, date_order=date_order),
    )
    return start(wish, template) if template else set_up(wish)


def _texts(**chosen: str | None) -> dict[str, str]:
    """What was chosen, "" where nothing was."""
    return {name: text or "" for name, text in chosen.items()}


def _place_to_start(workbook: str | None, template: str, language: str | None, folder: Path) -> Path:
    from sheets_sync.cli.starting import place_to_start, refuse_reading

    refuse_reading(click.get_current_context().params)
    return place_to_start(workbook, template, language, folder)


def _place_to_read(workbook: str | None) -> Path | GoogleAddress:
    from sheets_sync.config.load import place_of

    if workbook is None:
        remedy = "sheets-sync init PLAN.xlsx   or make one:  sheets-sync init --template simple"
        raise UsageError("which workbook?", remedy)
    return place_of(workbook, Path())
