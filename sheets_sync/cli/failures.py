"""Errors in words for a person, and as an exit code: what is wrong, where, and what to type or do next.

Our own errors say so themselves. Of any other error only type and place are told, never its text: that may hold what
stands in a cell (HAZARDS 26). Where log lines are JSON, an error is one such line and nothing else.
"""

import logging
import os
import re
import sys

import click

from sheets_sync.errors import ConfigError, Mistake, SheetsSyncError, WorkbookBusy
from sheets_sync.run.log import error_facts, places_of, speaks_json

INTERRUPTED = 130
"""What shells give for a program stopped with Ctrl+C."""

_QUOTED = re.compile(r"""".*"|'.*'""")
_NAMED_KEY = re.compile(r"\b(people|status)\.[^.\[]+")

_log = logging.getLogger("sheets_sync.command")


def failure(error: BaseException) -> int:
    """Tell what went wrong and return the exit code."""
    code = exit_code(error)
    if speaks_json():
        _log.error("failed", extra={"facts": {**error_facts(error), "code": code}})
    elif isinstance(error, click.ClickException):
        error.show()
    else:
        for line in explained(error):
            click.echo(line, err=True)
    return code


def exit_code(error: BaseException) -> int:
    """The exit code an error ends the program with."""
    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        return 2
    return error.exit_code if isinstance(error, SheetsSyncError) else 3


def explained(error: BaseException) -> list[str]:
    """The lines a person reads."""
    if isinstance(error, click.Abort):
        return ["stopped"]
    if not isinstance(error, SheetsSyncError):
        return _unexpected(error)
    lines = message_of(error, names=sys.stderr.isatty())
    if isinstance(error, ConfigError):
        count = len(error.mistakes)
        told = [lines, f"{count} mistake{'s' if count > 1 else ''} in the configuration; nothing was done"]
    else:
        told = [f"sheets-sync: {lines}"]
    return [*told, f"  {error.remedy}"] if error.remedy else told


def message_of(error: SheetsSyncError, *, names: bool) -> str:
    """What an error says; without `names`, of mistakes that may name somebody only their place and kind, and of a
    workbook that is open not by whom."""
    if names and isinstance(error, WorkbookBusy) and error.holder:
        return f"{error.message} (by {error.holder})"
    if names or not isinstance(error, ConfigError):
        return error.message
    return "\n".join(_without_names(mistake) for mistake in error.mistakes)


def _without_names(mistake: Mistake) -> str:
    key, reason = mistake.key, mistake.reason
    if mistake.private:
        key = _NAMED_KEY.sub(r"\1.…", _QUOTED.sub("…", key))
        reason = _QUOTED.sub("…", reason).partition(";")[0]
    return f"{mistake.place}: {key}: {reason}"


def let_go_of_stdout() -> int:
    """The reader of our output left (`sheets-sync ... | head`): write no more, and call it done."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _unexpected(error: BaseException) -> list[str]:
    facts = error_facts(error)
    lines = [
        f"sheets-sync: unexpected error {facts['type']} at {facts['place']}",
        "  This is a mistake in sheets-sync, not in your plan; the next run settles what this one left open.",
    ]
    if logging.getLogger("sheets_sync").isEnabledFor(logging.INFO):
        return lines + [f"  by way of {place}" for place in places_of(error.__traceback__)]
    return [*lines, "  --verbose tells the way to it, for a report"]
