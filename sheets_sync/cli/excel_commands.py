"""Options and help of `sheets-sync excel ...`. What the commands do is in the modules `excel_*` beside this one."""

import click


@click.group("excel", short_help="Put Sync plan into Excel itself: a button, an add-in.")
def command() -> None:
    """Put Sync plan into Excel itself, so that the plan in front of you is checked and flagged while it is open."""
