"""`sheets-sync demo`: its options and help. What it does is in `demonstrating`."""

from pathlib import Path

import click

from sheets_sync.cli.options import output_options


@click.command("demo", short_help="See it at work on a plan made up for you.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to put the demo; left out: ./sheets-sync-demo.")
@output_options
def command(folder: Path | None) -> int:
    """Make a realistic plan of about 40 actions, let people work in it for a week, run the real job on it.

    Shows how many rows carry which flag, the worst findings and what was written, where the flagged workbook is, and
    the mails that owners and leader would get: as pages to open in a browser, and as .eml files. Nobody is mailed.
    Everything stays in one new folder, with a store of its own.

    \b
    Examples:
      sheets-sync demo
      sheets-sync demo --folder /tmp/demo
    """
    from sheets_sync.cli.demonstrating import demonstrate

    return demonstrate(folder)
