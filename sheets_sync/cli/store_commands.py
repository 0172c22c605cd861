"""Options and help of `sheets-sync store`: look at it, copy it, bring it up to date. What they do: `store_care`."""

from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options


@click.group("store", short_help="Look after what is remembered: check, backup, migrate.")
def command() -> None:
    """Look after the store: the one file, store.db in the state folder, in which everything is remembered.

    \b
    Examples:
      sheets-sync store check
      sheets-sync store backup
      sheets-sync store migrate
    """


@command.command("check", short_help="Is the store sound, private and up to date?")
@config_option
@output_options
def check(config: Path | None) -> int:
    """Look at the store: damage, rows that refer to something gone, version, who may open it, and how much it holds.

    Nothing is changed, and runs may go on meanwhile. Exit code 0 means that all is well, 3 that something is not, 2
    that there is no store or that a newer sheets-sync made it.

    \b
    Examples:
      sheets-sync store check
      sheets-sync store check --config /home/ana/plans
    """
    from sheets_sync.cli.store_care import check_store

    return check_store(config)


@command.command("backup", short_help="Copy the store while runs go on.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@config_option
@output_options
def backup(file: Path | None, config: Path | None) -> int:
    """Copy the store to FILE, or beside itself with date and time in the name. Only you can read the copy.

    It never replaces a file. To go back to a copy: stop the schedule, put it in place of store.db, remove store.db-wal
    and store.db-shm; workbooks written since are then only checked, until: sheets-sync adopt

    \b
    Examples:
      sheets-sync store backup
      sheets-sync store backup /mnt/backup/plans-store.db
    """
    from sheets_sync.cli.store_care import back_up_store

    return back_up_store(config, file)


@command.command("migrate", short_help="Bring the store of an older sheets-sync up to date.")
@config_option
@output_options
def migrate(config: Path | None) -> int:
    """Bring the store's tables up to date, all at once or not at all, after a copy of it was made beside it.

    Every other command does this by itself when it needs the store; here it can be done beforehand. A store made by a
    newer sheets-sync is left alone: exit code 2.

    \b
    Example:
      sheets-sync store migrate
    """
    from sheets_sync.cli.store_care import migrate_store

    return migrate_store(config)
