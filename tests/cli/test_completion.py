"""Completion: the printed scripts, and what bash makes of them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheets_sync.cli.main import MODULES

Command = Callable[..., Any]


@pytest.mark.parametrize(
    ("shell", "telling"),
    [("bash", "complete -o nosort -F"), ("zsh", "#compdef sheets-sync"), ("fish", "complete --no-files --command")],
)
def test_each_shell_gets_its_script(sheets_sync: Command, shell: str, telling: str) -> None:
    """The script is for the shell that was named, and for our command."""
    done = sheets_sync("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert telling in done.stdout
    assert "_SHEETS_SYNC_COMPLETE" in done.stdout


def in_bash(typed: str, environment: dict[str, str], home: Path) -> list[str]:
    """What bash offers when Tab is pressed behind `typed`, with the printed script loaded."""
    program = home / "bin" / "sheets-sync"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sheets_sync "$@"\n')
    program.chmod(0o700)
    words = typed.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        'eval "$(sheets-sync completion bash)"\n'
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n"
        '_sheets_sync_completion sheets-sync\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env=environment | {"PATH": f"{program.parent}:{environment['PATH']}"},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("begun", ["r", "", "do"])
def test_bash_completes_commands(begun: str, environment: dict[str, str], home: Path) -> None:
    """Every command that begins as typed is offered, and no other."""
    expected = [name for name in MODULES if name.startswith(begun)]
    assert expected
    assert sorted(in_bash(f"sheets-sync {begun}", environment, home)) == sorted(expected)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sheets-sync config ", ["check", "example", "google-menu"]),
        ("sheets-sync completion z", ["zsh"]),
        ("sheets-sync --log-format j", ["json"]),
        ("sheets-sync doctor --conf", ["--config"]),
    ],
)
def test_bash_completes_what_follows(typed: str, offered: list[str], environment: dict[str, str], home: Path) -> None:
    """Commands of a group, choices and options are offered too."""
    assert sorted(in_bash(typed, environment, home)) == offered


def test_bash_completes_rule_codes(environment: dict[str, str], home: Path) -> None:
    """`rules explain due00` offers the codes of that family."""
    offered = in_bash("sheets-sync rules explain due00", environment, home)
    assert {"DUE001", "DUE002"} <= set(offered)
    assert all(code.startswith("DUE00") for code in offered)
