"""Options that every command shares, on the group and on each command alike: how much is said, and in which form.

sheets-sync --quiet run        and        sheets-sync run --quiet        mean the same.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from sheets_sync.run.log import start_log

_PLACE = "sheets_sync.output"

Decorated = TypeVar("Decorated", bound=Callable[..., object])


class OutputChoice(NamedTuple):
    """How much is said, and whether log lines are text or JSON."""

    quiet: bool = False
    verbose: bool = False
    log_format: str = "text"


def output_choice() -> OutputChoice:
    """What was chosen so far on the command line of the running command."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_PLACE) if context else None
    return chosen if isinstance(chosen, OutputChoice) else OutputChoice()


def output_options(command: Decorated) -> Decorated:
    """Add --quiet, --verbose and --log-format to a command; its function does not get them as arguments."""
    quiet = click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="Say nothing unless something fails.",
    )
    verbose = click.option(
        "-v", "--verbose", is_flag=True, expose_value=False, callback=_remember, help="Say more about each step."
    )
    log_format = click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        expose_value=False,
        callback=_remember,
        help="The form of log lines on standard error: text, or one JSON object a line.",
    )
    return quiet(verbose(log_format(command)))


def config_option(command: Decorated) -> Decorated:
    """Add --config, given to the command as `config: Path | None` for `load.find_config`."""
    return click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help=(
            "The private folder with config.toml, or that file. "
            "Left out: the current folder, then the one $SHEETS_SYNC_CONFIG names."
        ),
    )(command)


def _remember(ctx: click.Context, parameter: click.Parameter, value: bool | str | None) -> None:
    if not value:
        return
    chosen = ctx.meta.get(_PLACE, OutputChoice())
    ctx.meta[_PLACE] = chosen = chosen._replace(**{str(parameter.name): value})
    if chosen.quiet and chosen.verbose:
        raise click.UsageError("choose --quiet or --verbose, not both")
    start_log(log_format=chosen.log_format, quiet=chosen.quiet, verbose=chosen.verbose)
