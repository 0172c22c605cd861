"""What a person sees: results on standard output, warnings and progress on standard error.

On a terminal tables and progress are drawn by rich, which is imported only then. Elsewhere everything is plain text.
Text that comes from a workbook goes through `clean`, so that a cell can never steer a terminal.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click

from sheets_sync.cli.options import output_choice
from sheets_sync.errors import UsageError

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")


def clean(text: str) -> str:
    """Text on one line without anything that steers a terminal: control characters, changes of direction."""
    return _STEERING.sub("?", _BREAKS.sub(" ", text))


class Console(NamedTuple):
    """How to speak in this run. `terminal` tells that a person looks at standard output; where none does, `run` must
    give counts only, because its output is mailed by cron and kept in journals (HAZARDS 26)."""

    terminal: bool
    quiet: bool = False
    verbose: bool = False

    @property
    def counts_only(self) -> bool:
        """Whether texts from cells and names of people must stay out of what an unattended command prints."""
        return not self.terminal

    def say(self, text: str = "", *, style: str = "") -> None:
        """A line of the result; nothing when quiet. `style` is a colour name of click, used on a terminal only."""
        if not self.quiet:
            click.secho(text, fg=style or None)

    def detail(self, text: str) -> None:
        """A line for those who asked to hear more."""
        if self.verbose:
            click.secho(text, dim=True)

    def warn(self, text: str) -> None:
        """A line on standard error that even a quiet run gives."""
        click.secho(text, fg="yellow", err=True)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows below headers; nothing when quiet. Cells are cleaned here."""
        if self.quiet:
            return
        cells = [[clean(cell) for cell in row] for row in rows]
        if self.terminal:
            _rich_table(headers, cells)
        else:
            _plain_table(headers, cells)

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[str], None]]:
        """Show how far a work of `total` steps is; call what is given with the name of each step when it begins.

        On a terminal a bar that goes away; elsewhere one plain line for each step; nothing when quiet.
        """
        if self.quiet or total == 0:
            yield lambda _: None
        elif sys.stderr.isatty():
            with _rich_progress(label, total) as step:
                yield step
        else:
            yield lambda name: click.echo(f"{label}: {clean(name)}", err=True)

    @property
    def can_ask(self) -> bool:
        """Whether a person looks at the output and can type an answer."""
        return self.terminal and sys.stdin.isatty()

    def choose(self, labels: Sequence[str]) -> int:
        """Ask a person for one of several answers; returns its place, from 0. Only where `can_ask`."""
        for number, label in enumerate(labels, start=1):
            click.echo(f"  {number}  {clean(label)}")
        chosen: int = click.prompt("Which one", type=click.IntRange(1, len(labels)))
        return chosen - 1

    def confirm(self, question: str, *, flag: str = "--yes") -> bool:
        """Ask a person for yes or no. Raises UsageError naming the flag to add where no person can answer."""
        if not self.can_ask:
            raise UsageError(f"{question} Nobody is here to answer.", f"add {flag}")
        return click.confirm(question)


def console() -> Console:
    """The console of the running command, as its options and streams want it."""
    chosen = output_choice()
    return Console(terminal=sys.stdout.isatty(), quiet=chosen.quiet, verbose=chosen.verbose)


def _plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest cell, two blanks apart, the last one as it comes."""
    lines = [headers, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headers))]
    for line in lines:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo(padded.rstrip())


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console as RichConsole
    from rich.table import Table
    from rich.text import Text

    table = Table(*headers, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    RichConsole(highlight=False).print(table)


@contextmanager
def _rich_progress(label: str, total: int) -> Iterator[Callable[[str], None]]:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=RichConsole(stderr=True, highlight=False), transient=True) as progress:
        task = progress.add_task(Text(label).plain, total=total)
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            progress.update(task, description=f"{label}: {clean(name)}", completed=begun)
            begun += 1

        yield step
