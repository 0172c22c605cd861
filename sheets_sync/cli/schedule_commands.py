"""Options and help of `sheets-sync schedule ...`. What the commands do is in the modules `schedule_*` beside it."""

from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options

KINDS = ("systemd", "cron", "launchd", "windows")


@click.group("schedule", short_help="Let it run by itself, and see what comes.")
def command() -> None:
    """Let it run by itself: this computer asks every five minutes whether a job is due.

    What is due is decided by the jobs in the folder `jobs` beside config.toml, in their own time zones, and by nothing
    else: the computer only asks. A configuration has one entry, whatever it is installed as and however often.

    \b
    Begin:
      sheets-sync schedule install   put the entry in place
      sheets-sync schedule show      is it there, and which runs come next
      sheets-sync schedule remove    take it out again
    """


@command.command("install", short_help="Let this computer ask every five minutes.")
@config_option
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="A systemd user timer, a line in your crontab, a launchd agent, or a task of Windows. "
    "Left out: what this computer has.",
)
@click.option("--logged-off", is_flag=True, help="Windows only: also while you are not logged on.")
@click.option("--dry-run", is_flag=True, help="Print what would be put in place; change nothing.")
@output_options
def install(config: Path | None, kind: str | None, *, logged_off: bool, dry_run: bool) -> int:
    """Let this computer ask every five minutes whether a job is due, and run what is.

    One entry of your own user is made, with absolute paths: a systemd user timer, else a line in your crontab; on a Mac
    a launchd agent, on Windows a task. It needs no administrator. Done twice, nothing happens the second time. What it
    ticks on is told: a computer that is off or asleep runs nothing, and makes up for it by the jobs' own rules.

    \b
    Examples:
      sheets-sync schedule install
      sheets-sync schedule install --dry-run
      sheets-sync schedule install --kind cron --config ~/plans/plant

    \b
    Exit codes: 0 done, or it was in place; 2 it cannot be done, and what to type instead, or it is done and a job file
    must change.
    """
    from sheets_sync.cli.schedule_installing import install_entry

    return install_entry(config, kind or "", logged_off=logged_off, dry_run=dry_run)


@command.command("show", short_help="Is it installed, and which runs come next?")
@config_option
@click.option("--next", "count", type=click.IntRange(1, 100), default=5, show_default=True, help="So many of each job.")
@output_options
def show(config: Path | None, count: int) -> int:
    """Tell whether this computer asks, and how, and list the coming runs of each job in words, in the job's time zone.

    \b
    Examples:
      sheets-sync schedule show
      sheets-sync schedule show --next 20

    \b
    Exit codes: 0 it is installed, 2 the configuration must change, 3 it is not, or it is switched off.
    """
    from sheets_sync.cli.schedule_showing import show_schedule

    return show_schedule(config, count)


@command.command("remove", short_help="Take the entry of this configuration out again.")
@config_option
@output_options
def remove(config: Path | None) -> int:
    """Take this configuration's entry out again, and nothing else. A run that goes on right now ends as it would have.

    For a configuration that is gone, name the place where it was.

    \b
    Examples:
      sheets-sync schedule remove
      sheets-sync schedule remove --config ~/plans/plant
    """
    from sheets_sync.cli.schedule_installing import remove_entry

    return remove_entry(config)
