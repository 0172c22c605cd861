"""`sheets-sync init`: its options and help. What it does is in `setting_up`."""

from pathlib import Path

import click

from sheets_sync.cli.google_options import chosen_sign_in, google_options
from sheets_sync.cli.options import output_options
from sheets_sync.core.google import GoogleSettings


@click.command("init", short_help="Understand a workbook and write the configuration.")
@click.argument("workbook", type=click.Path())
@click.option("--tab", "tabs", multiple=True, metavar="NAME", help="The plan's tab; several make one plan.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=HEADER", help="Which column is which: action='What'.")
@click.option(
    "--status", "statuses", multiple=True, metavar="WORD=MEANING", help="What a status word means: Feito=done."
)
@click.option("--struck", type=click.Choice(["done", "ignore"]), help="What rows that are struck through mean.")
@click.option("--name", help="What to call the plan; left out: the workbook's name.")
@click.option("--language", type=click.Choice(["en", "pt", "es"]), help="The language of flags and fixes.")
@click.option("--timezone", metavar="ZONE", help="The plan's time zone: Europe/Lisbon. Left out: this computer's.")
@click.option(
    "--country", metavar="CODE", help="Whose public holidays count: BR-SP, DE-BY, PT; 'none' for no holidays."
)
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates typed as text are read.")
@click.option("--synced", is_flag=True, help="This computer alone may write the workbook in its synced folder.")
@click.option("--folder", type=click.Path(path_type=Path), default=".", help="The private folder; left out: this one.")
@google_options
@output_options
def command(
    workbook: str,
    tabs: tuple[str, ...],
    columns: tuple[str, ...],
    statuses: tuple[str, ...],
    *,
    struck: str | None,
    name: str | None,
    language: str | None,
    timezone: str | None,
    country: str | None,
    date_order: str | None,
    synced: bool,
    folder: Path,
    google_key: Path | None,
    impersonate: str | None,
) -> int:
    """Understand a workbook, show what was understood, and write config.toml into the current private folder.

    Lists the tabs that look like plans, the columns, what was taken as a heading, every status word with its meaning,
    and the owners with their rows. On a terminal it asks where it cannot know; elsewhere it refuses and prints the
    options to add. The workbook is only read. For a Google Sheet WORKBOOK is its address as the browser shows it.

    \b
    Examples:
      sheets-sync init PLAN.xlsx
      sheets-sync init "https://docs.google.com/spreadsheets/d/..." --google-key key.json
      sheets-sync init PLAN.xlsx --tab "Plano de ação" --map action="O que" --status Feito=done
    """
    from sheets_sync.cli.setting_up import Wish, set_up
    from sheets_sync.config.load import place_of

    wish = Wish(
        workbook=place_of(workbook, Path()),
        folder=folder,
        google=chosen_sign_in(google_key, impersonate, GoogleSettings()),
        tabs=tabs,
        columns=columns,
        statuses=statuses,
        struck=struck or "",
        name=name or "",
        language=language or "",
        timezone=timezone or "",
        country=country,
        date_order=date_order or "",
        synced=synced,
    )
    return set_up(wish)
