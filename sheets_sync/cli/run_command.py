"""`sheets-sync run`: its options and help. What it does is in `running`, imported when the command runs."""

import datetime as dt
from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options

KINDS = ("owner-week", "leader-week")
BESIDE_DUE = frozenset({"due", "config", "yes"})
"""What may be chosen together with --due, by parameter."""


def _kinds(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The kinds of mail in a list with commas."""
    kinds = tuple(word.strip() for word in value.split(",") if word.strip())
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise click.BadParameter(
            f"{unknown[0]!r} is no kind of mail; choose from: {', '.join(KINDS)}", context, parameter
        )
    return kinds


@click.command("run", short_help="Check the plans, write flags and next fixes, remember.")
@config_option
@click.option("--plan", "plans", multiple=True, metavar="NAME", help="Only this plan; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Print every edit and structure change; write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write into a workbook for the first time without asking.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Look as if today were this day; implies --dry-run.")
@click.option("--accept-changes", is_flag=True, help="Go on although many rows changed at once (DAT007, DAT008).")
@click.option("--accept-clock", is_flag=True, help="Go on although the clock looks wrong; for this run only.")
@click.option("--restore-columns", is_flag=True, help="Bring back columns of ours that were deleted in the sheet.")
@click.option(
    "--adopt-columns", is_flag=True, help="Take columns with our headers as ours again, if their mark is lost."
)
@click.option(
    "--mail",
    "mail_now",
    default="",
    callback=_kinds,
    metavar="KINDS",
    help="Mail these now, whatever the day: owner-week,leader-week. Once a week each, in working hours only.",
)
@click.option("--due", is_flag=True, help="Only what the jobs say is due now, once however often this is asked.")
@output_options
def command(
    config: Path | None,
    plans: tuple[str, ...],
    *,
    dry_run: bool,
    yes: bool,
    as_of: dt.datetime | None,
    accept_changes: bool,
    accept_clock: bool,
    restore_columns: bool,
    adopt_columns: bool,
    mail_now: tuple[str, ...],
    due: bool,
) -> int:
    """Check every plan and write a flag, the next fix and highlights beside its rows.

    Only cells of our own columns are written, and only where they change. The first write into a workbook shows what
    it would do and asks; without a terminal it needs --yes. A second run without any change writes nothing.

    Where a keeper is configured, people are told by mail afterwards what needs them: see `sheets-sync mail --help`.

    \b
    Examples:
      sheets-sync run --dry-run          every edit it would make, none made
      sheets-sync run --yes              for a script or a schedule
      sheets-sync run --plan "Plant 2026"
      sheets-sync run --due              what a schedule asks every five minutes

    \b
    Exit codes: 0 done or put off, 2 needs a choice, 3 a plan or a mail failed or was refused, 4 held by another run.
    """
    from sheets_sync.cli.console import console
    from sheets_sync.cli.running import first_write, run_plans
    from sheets_sync.core.notices import Kind
    from sheets_sync.run.site import Options

    out = console()
    options = Options(
        dry_run=dry_run,
        as_of=as_of.date() if as_of else None,
        accept_clock=accept_clock,
        accept_changes=accept_changes,
        restore_columns=restore_columns,
        adopt_columns=adopt_columns,
        mail_now=tuple(map(Kind, mail_now)),
        confirm=lambda outcome: yes or first_write(outcome, out),
    )
    if due:
        _refuse_beside_due(click.get_current_context())
        from sheets_sync.cli.due_running import run_what_is_due

        return run_what_is_due(config, options=options, out=out)
    return run_plans(config, plans, options=options, out=out)


def _refuse_beside_due(context: click.Context) -> None:
    """What is due is done as the jobs say: refuse options that say otherwise."""
    for parameter in context.command.params:
        if parameter.name in BESIDE_DUE or parameter.name is None or not context.params.get(parameter.name):
            continue
        raise click.BadParameter("not together with --due: the jobs say what is done", context, parameter)
