"""`sheets-sync check` and `sheets-sync export`: their options and help. What they do is in `looking`."""

import datetime as dt
from pathlib import Path

import click

from sheets_sync.cli.google_options import google_options
from sheets_sync.cli.options import config_option, output_options
from sheets_sync.core.google import GoogleAddress

_as_of = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Look as if today were this day (YYYY-MM-DD).")
_plans = click.option("--plan", "plans", multiple=True, metavar="NAME", help="Only this plan; may be repeated.")
_workbook = click.argument("workbook", required=False, type=click.Path())


@click.command("check", short_help="Check the plans like a linter; write and remember nothing.")
@_workbook
@config_option
@_plans
@_as_of
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How findings are printed.")
@click.option(
    "--fail-on",
    type=click.Choice(["E", "W", "I", "H", "never"]),
    default="W",
    show_default=True,
    help="The mildest severity that makes the exit code 1.",
)
@click.option("--all", "everything", is_flag=True, help="Also print hints (I, H), ignored and accepted findings.")
@google_options
@output_options
def check(
    workbook: str | None,
    config: Path | None,
    plans: tuple[str, ...],
    *,
    as_of: dt.datetime | None,
    form: str,
    fail_on: str,
    everything: bool,
    google_key: Path | None,
    impersonate: str | None,
) -> int:
    """Check every action and print what is wrong, where, and what to type. Nothing is written or remembered.

    WORKBOOK may be any Excel file, or the address of a Google Sheet, set up or not. Without it, the plans of the
    configuration are checked; findings that were there when a plan was taken over are its baseline and do not fail.

    \b
    Severities: E cannot be managed as written, W likely to slip, I improve, H style.

    \b
    Examples:
      sheets-sync check PLAN.xlsx
      sheets-sync check --format json --fail-on E
    """
    from sheets_sync.cli.looking import Asked, check_plans

    asked = Asked(_named(workbook), config, plans, as_of.date() if as_of else None, google_key, impersonate)
    return check_plans(asked, form=form, fail_on=fail_on, everything=everything)


@click.command("export", short_help="Write the judged plan as CSV or JSON.")
@_workbook
@config_option
@_plans
@_as_of
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="The form of the table.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; left out: standard output.")
@click.option("--raw", is_flag=True, help="CSV: do not put an apostrophe before texts that look like formulas.")
@google_options
@output_options
def export(
    workbook: str | None,
    config: Path | None,
    plans: tuple[str, ...],
    *,
    as_of: dt.datetime | None,
    form: str,
    output: Path | None,
    raw: bool,
    google_key: Path | None,
    impersonate: str | None,
) -> int:
    """Write every action with its flag, days late, next fix and history, one row each.

    For pandas use sheets_sync.run.export.to_frame in Python.

    \b
    Examples:
      sheets-sync export -o plan.csv
      sheets-sync export PLAN.xlsx --format json
    """
    from sheets_sync.cli.looking import Asked, export_plans

    asked = Asked(_named(workbook), config, plans, as_of.date() if as_of else None, google_key, impersonate)
    return export_plans(asked, form=form, output=output, raw=raw)


def _named(workbook: str | None) -> Path | GoogleAddress | None:
    from sheets_sync.config.load import place_of

    return place_of(workbook, Path()) if workbook is not None else None
