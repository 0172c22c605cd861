"""`sheets-sync completion SHELL`: the script that lets a shell complete our commands and options. click writes it."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from sheets_sync.cli.main import COMPLETE
from sheets_sync.cli.options import output_options

_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@output_options
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for bash, zsh or fish.

    With it, the Tab key completes commands, options, files and rule codes. Put the script where your shell looks for
    completions, and open a new shell.

    \b
    bash (4.4 or newer):
      sheets-sync completion bash > ~/.local/share/bash-completion/completions/sheets-sync
    \b
    zsh (in a folder of $fpath, before compinit):
      sheets-sync completion zsh > ~/.zfunc/_sheets-sync
    \b
    fish:
      sheets-sync completion fish > ~/.config/fish/completions/sheets-sync.fish
    """
    script = _SHELLS[shell](ctx.find_root().command, {}, "sheets-sync", COMPLETE)
    click.echo(ShellComplete.source(script))
