"""`sheets-sync status`: its options and help. What it does is in `status_telling`, imported when the command runs."""

import datetime as dt
import re
from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options

_AGE = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": dt.timedelta(minutes=1), "h": dt.timedelta(hours=1), "d": dt.timedelta(days=1)}


def _age(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.timedelta | None:
    """The time that "26h" means."""
    if value is None:
        return None
    found = _AGE.fullmatch(value.strip().lower())
    if found is None or not int(found[1]):
        raise click.BadParameter("write a number with m, h or d: 90m, 26h, 3d", context, parameter)
    return int(found[1]) * _UNITS[found[2]]


@click.command("status", short_help="Tell whether it runs: last and next run of each plan, failures, mails.")
@config_option
@click.option("--plan", "plans", multiple=True, metavar="NAME", help="Only this plan; may be given several times.")
@click.option(
    "--max-age",
    callback=_age,
    metavar="AGE",
    help="Exit with 3 where a plan was last checked longer ago than this: 90m, 26h, 3d.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@output_options
def command(config: Path | None, plans: tuple[str, ...], *, max_age: dt.timedelta | None, form: str) -> int:
    """Tell where every plan stands, from what the runs wrote down.

    It needs no network and reads no workbook, so a monitor may ask every minute. A plan fails when three runs in a row,
    over at least a day, could not check, write or mail, for whatever reason: max_defer_hours below [schedule] in
    config.toml says how long. What is wrong is told with a code and what to do. Names of people are told on a terminal
    alone.

    \b
    With --format json one object, every instant as in 2026-11-22T09:30:00Z or null:
      format        1; it grows when a key changes its meaning
      well          false where the exit code is not 0
      mail          route ("smtp", "redirect" or "files"), unsent, later,
                    off_since, failing_since
      jobs          count (of those that can be done), scheduled (whether
                    something asks what is due), mistakes (a list, each with
                    file, line, key)
      plans         a list, each with:
        uid, name
        state       "well", "paused", "left" (by sheets-sync leave), "never
                    checked", "waiting" (could not do all it should),
                    "failing" or "too old"
        last_run, last_checked
        next_run    null while it is paused or nothing is scheduled, too
        next_try    when a run is tried again that waits for its workbook
        paused_until   the day it goes on by itself, as in 2026-12-01
        failures    runs in a row that could not do all they should
        failing_since
        keeper_told     when its keeper, or who stands in, was mailed of this
        nobody_told     true where that should be, and no mail reaches anybody
        reason      the last one's code, "" without: open, DAT007, ...
        lock_file_hours   the age of an old lock file beside the workbook

    \b
    Examples:
      sheets-sync status
      sheets-sync status --max-age 26h --quiet || echo "look at it"
      sheets-sync status --format json

    \b
    Exit codes: 0 all is well, 2 the configuration must change, 3 a plan fails or was checked too long ago, or no mail
    can be sent.
    """
    from sheets_sync.cli.status_telling import tell_status

    return tell_status(config, plans, max_age=max_age, form=form)
