"""Options and help of the commands about one plan: undo, pause, resume, leave, adopt. What they do: `taking_back`."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options


def _plan_option(function: Callable[..., int]) -> Callable[..., int]:
    return click.option("--plan", metavar="NAME", help="The plan; needed when the configuration holds several.")(
        function
    )


@click.command("undo", short_help="Take back the last write of a plan and pause it.")
@config_option
@_plan_option
@output_options
def undo(config: Path | None, plan: str | None) -> int:
    """Take back the last write of a plan, and pause the plan so that the next run does not write it again.

    While the workbook is as sheets-sync left it, its backup is put back byte for byte. If somebody has worked in it
    since, only cells that still hold what was written are taken back. Go on later with: sheets-sync resume

    \b
    Examples:
      sheets-sync undo
      sheets-sync undo --plan "Plant 2026"
    """
    from sheets_sync.cli.taking_back import undo_plan

    return undo_plan(config, plan)


@click.command("pause", short_help="Let a plan rest: nothing is written or mailed, for example over a shutdown.")
@click.argument("name", metavar="[PLAN]", required=False)
@config_option
@click.option(
    "--until", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it goes on by itself."
)
@output_options
def pause(name: str | None, config: Path | None, until: dt.datetime | None) -> int:
    """Write nothing into a plan's workbook and mail nothing about it until a day, or until: sheets-sync resume

    The plan may be left out where the configuration holds one only. Runs go on checking it and say that it is paused;
    its Sync log says so too. When it goes on, the days of the pause do not count as days without an update; a due date
    that passed has passed. What was put into the outbox before waits, and is dropped once its week is over.

    \b
    Examples:
      sheets-sync pause
      sheets-sync pause "Plant 2026" --until 2027-01-04
    """
    from sheets_sync.cli.taking_back import pause_plan

    return pause_plan(config, name, until.date() if until else None)


@click.command("resume", short_help="Let a paused plan run again.")
@config_option
@_plan_option
@output_options
def resume(config: Path | None, plan: str | None) -> int:
    """Let a plan that `undo` or `pause` paused run again.

    Nothing is written by this command itself: the next run checks, flags and remembers as before.

    \b
    Examples:
      sheets-sync resume
      sheets-sync resume --plan "Plant 2026"
    """
    from sheets_sync.cli.taking_back import resume_plan

    return resume_plan(config, plan)


@click.command("leave", short_help="Remove everything sheets-sync ever added to a workbook.")
@config_option
@_plan_option
@click.option("-y", "--yes", is_flag=True, help="Remove without asking.")
@click.option("--dry-run", is_flag=True, help="Print what would be removed; remove nothing.")
@output_options
def leave(config: Path | None, plan: str | None, *, yes: bool, dry_run: bool) -> int:
    """Remove our columns, highlights, drop-downs and hidden marks from a workbook, and forget its history.

    Shows what goes and asks first. What people typed stays, an id column the team had before us too. Jobs pass the
    plan over until it is set up again by: sheets-sync run

    \b
    Examples:
      sheets-sync leave --dry-run
      sheets-sync leave --plan "Plant 2026" --yes
    """
    from sheets_sync.cli.taking_back import leave_plan

    return leave_plan(config, plan, yes=yes, dry_run=dry_run)


@click.command("adopt", short_help="Take over a workbook that another computer or store wrote last.")
@config_option
@_plan_option
@output_options
def adopt(config: Path | None, plan: str | None) -> int:
    """Say that this workbook is the right one, although it was last written from elsewhere, restored or copied.

    Until then such a workbook is only checked. Its flags are brought up to date; new ids go on at the next thousand
    when this store knows nothing of the plan.

    \b
    Examples:
      sheets-sync adopt
      sheets-sync adopt --plan "Plant 2026"
    """
    from sheets_sync.cli.taking_back import adopt_plan

    return adopt_plan(config, plan)
