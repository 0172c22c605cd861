"""What a person sees on a terminal, and what a pipe gets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_sync.cli.console import Console, clean
from sheets_sync.errors import UsageError

pty = pytest.importorskip("pty", reason="terminals are POSIX")

PROGRAM = """
import sys
import click
from sheets_sync.cli.console import console
out = console()
out.say("said", style="red")
out.detail("detail")
out.warn("warned")
out.table(("Plan", "Rows"), [("A\\x1b[31m[red]x[/red]", "12"), ("Long name", "3")])
with out.progress("reading", 2) as step:
    step("one")
    step("t\\x1bwo")
print(out.terminal, out.counts_only, "rich" in sys.modules)
"""


def run(environment: dict[str, str], *, terminal: bool) -> tuple[str, str]:
    """The program's standard output and error: with a terminal they are one."""
    words = [sys.executable, "-c", PROGRAM]
    if not terminal:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout, done.stderr
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(words, env=environment | {"TERM": "xterm"}, stdout=slave, stderr=slave, stdin=slave)
        os.close(slave)
        parts = []
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
        assert process.wait(timeout=60) == 0
    finally:
        os.close(master)
    return b"".join(parts).decode().replace("\r\n", "\n"), ""


def test_a_pipe_gets_plain_text(environment: dict[str, str]) -> None:
    """No colour, no box, no rich; tables line up, progress is a plain line each, on standard error."""
    out, err = run(environment, terminal=False)
    assert out.splitlines() == [
        "said",
        "Plan                Rows",
        "A?[31m[red]x[/red]  12",
        "Long name           3",
        "False True False",
    ]
    assert err.splitlines() == ["warned", "reading: one", "reading: t?wo"]
    assert "\x1b" not in out + err


def test_a_terminal_gets_a_drawn_table(environment: dict[str, str]) -> None:
    """On a terminal rich draws table and progress; a cell still cannot steer it, nor is its text read as markup."""
    out, _ = run(environment, terminal=True)
    assert "\x1b[31msaid" in out
    assert "A?[31m[red]x[/red]" in out
    assert "─" in out or "━" in out
    assert "True False True" in out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Ação 日本 ✔", "plain Ação 日本 ✔"),
        ("two\r\n lines\tand tab", "two lines and tab"),
        ("\x1b]0;title\x07", "?]0;title?"),
        ("\x9b31m", "?31m"),
        ("a\u202eb\u2066c\u200f", "a?b?c?"),
        ("\x00\x7f\ufeff", "???"),
    ],
)
def test_text_of_a_cell_cannot_steer_the_terminal(text: str, shown: str) -> None:
    """Controls, escapes and changes of direction become question marks; breaks become blanks."""
    assert clean(text) == shown


def test_nobody_to_ask_is_a_usage_error_with_the_flag() -> None:
    """Without a terminal a question ends with exit code 2 and the option that answers it."""
    with pytest.raises(UsageError) as caught:
        Console(terminal=False).confirm("Write 31 flags?")
    assert caught.value.remedy == "add --yes"
    assert caught.value.exit_code == 2


def test_a_table_lines_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns are as wide as their widest cell; nothing trails."""
    Console(terminal=False).table(("Plan", "N"), [("A", "1"), ("Longer", "22"), ("B", "")])
    assert capsys.readouterr().out == "Plan    N\nA       1\nLonger  22\nB\n"


def test_a_quiet_console_only_warns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Quiet drops results and progress, never a warning."""
    out = Console(terminal=False, quiet=True)
    out.say("x")
    out.table(("A",), [("b",)])
    out.detail("y")
    with out.progress("z", 1) as step:
        step("one")
    out.warn("careful")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "careful\n")
