"""The command `sheets-sync`: its commands by name, its help, and the one place where errors become words and codes.

A command is a click command in a module of this folder, and one line in SECTIONS. Its module is imported when it is
used. It returns its exit code, or None for 0, and raises our own errors as they are.
"""

import gc
import importlib
import os
import sys
import warnings
from typing import Any, NoReturn

import click

from sheets_sync import __version__
from sheets_sync.cli.failures import exit_code, failure, let_go_of_stdout
from sheets_sync.cli.options import output_options
from sheets_sync.run.log import start_log

SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Begin",
        (
            ("demo", "demo_command:command"),
            ("init", "init_command:command"),
            ("doctor", "doctor:command"),
        ),
    ),
    (
        "Every day",
        (
            ("check", "check_command:check"),
            ("run", "run_command:command"),
            ("export", "check_command:export"),
        ),
    ),
    (
        "Mail",
        (("mail", "mail_commands:command"),),
    ),
    (
        "Excel",
        (("excel", "excel_commands:command"),),
    ),
    (
        "By itself",
        (
            ("schedule", "schedule_commands:command"),
            ("status", "status_command:command"),
        ),
    ),
    (
        "Take back",
        (
            ("undo", "plan_commands:undo"),
            ("pause", "plan_commands:pause"),
            ("resume", "plan_commands:resume"),
            ("adopt", "plan_commands:adopt"),
            ("leave", "plan_commands:leave"),
        ),
    ),
    (
        "Look up",
        (
            ("store", "store_commands:command"),
            ("rules", "rules_command:command"),
            ("config", "config_command:command"),
            ("completion", "completion:command"),
        ),
    ),
)
"""The commands as (name, "module in this folder:its command"), in the order and under the titles the help shows."""

GUIDANCE = """\
sheets-sync checks the action plan in your workbook, flags it, and never harms it.

  sheets-sync demo               see it at work on a plan made up for you
  sheets-sync check PLAN.xlsx    what would be flagged in yours; nothing is written
  sheets-sync init PLAN.xlsx     set your plan up
  sheets-sync run                check, flag and remember

All commands: sheets-sync --help"""

OBJECTS_BETWEEN_COLLECTIONS = 250_000
"""A command makes many objects that stay and few circles; Python's own 700 would look through all of them often. What
is imported alone comes to some 80,000."""

NO_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
"""A plug-in of another package would see the configuration, and to look for one all installed packages are read."""

COMPLETE = "_SHEETS_SYNC_COMPLETE"
"""Set by the completion script of a shell when it asks us what could follow."""

MODULES = {name: module for _, commands in SECTIONS for name, module in commands}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are asked for; click wants this as a class."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of SECTIONS."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name; None when there is none."""
        if cmd_name not in MODULES:
            return None
        module, _, name = MODULES[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"sheets_sync.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is none gets the nearest ones, which click looks for among imported ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=MODULES, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by section."""
        for title, commands in SECTIONS:
            found = [(name, self.get_command(ctx, name)) for name, _ in commands]
            with formatter.section(title):
                formatter.write_dl([(name, cmd.get_short_help_str(limit=90)) for name, cmd in found if cmd])


@click.group(
    cls=LazyCommands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="sheets-sync", message="%(prog)s %(version)s")
@output_options
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Check the action plan in your workbook, flag what needs someone, and never harm it.

    A plan is a table of actions in an Excel workbook or a Google Sheet: what, who, by when, how far. sheets-sync reads
    it, checks every action the way a linter checks code, and writes a flag and the next fix beside the row. It changes
    nothing that a person typed, and what it writes can be undone.

    \b
    Begin:
      sheets-sync demo               see it at work on a plan made up for you
      sheets-sync init PLAN.xlsx     begin with your own plan
      sheets-sync COMMAND --help     what a command does, with examples

    \b
    Exit codes:
      0  done; a workbook that is open elsewhere is put off, and said so
      1  check found something that is not accepted yet
      2  the command line or the configuration must change
      3  a workbook or a mail failed or was refused; the others were done
      4  every chosen plan is held by another run
    """
    if ctx.invoked_subcommand is None:
        click.echo(GUIDANCE)


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code.

    Warnings of libraries are for programmers, and may quote what they warn about: only `python -W` shows them. On
    leaving, Python would look through every object once more for garbage that the end of the process frees anyway.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    _speak_somewhere()
    os.environ.setdefault(NO_PLUGINS, "__all__")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    code = run_command(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


def run_command(words: list[str]) -> int:
    """Run `sheets-sync` with these words and return its exit code; every error has been told to the person."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_letters(stream)
    start_log(log_format="text", quiet=False, verbose=False)
    try:
        result = cli.main(args=words, prog_name="sheets-sync", complete_var=COMPLETE, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return let_go_of_stdout()
    except SystemExit as leaving:  # click leaves by itself when it has answered a shell, and when our reader is gone
        return int(leaving.code or 0) if COMPLETE in os.environ else let_go_of_stdout()
    except Exception as error:
        return exit_code(error) if COMPLETE in os.environ else failure(error)
    return result if isinstance(result, int) else 0


def _speak_somewhere() -> None:
    """Where a program has no output at all, as pythonw.exe under a schedule of Windows, what is said is dropped."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (a stream of the process)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _never_fail_on_letters(stream: Any) -> None:  # noqa: ANN401 (whatever stands in for a stream)
    """A terminal that lacks a letter shows "?" for it."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
