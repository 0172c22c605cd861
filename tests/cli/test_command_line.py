"""The command as a process: guidance, help, exit codes, errors told with a way out."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from sheets_sync import __version__
from sheets_sync.cli.failures import explained, failure, message_of
from sheets_sync.cli.main import MODULES, SECTIONS, cli, run_command
from sheets_sync.config.load import load_config
from sheets_sync.demo.workbook import make_workbook
from sheets_sync.errors import (
    ConfigError,
    GuardError,
    HeldElsewhere,
    Mistake,
    NeedsChoice,
    SheetsSyncError,
    StoreError,
    UsageError,
    WorkbookBusy,
    WorkbookChanged,
    WorkbookRefused,
)
from sheets_sync.run.log import start_log

Command = Callable[..., Any]
SENTINEL = "SENTINEL-cell-4711"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group below a group, as the words that call it."""
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


def test_without_arguments_the_way_in_is_shown(process: Command) -> None:
    """A person who types only the name learns the first two things to do; this is no error."""
    done = process()
    assert done.returncode == 0
    assert "sheets-sync demo" in done.stdout
    assert "sheets-sync init PLAN.xlsx" in done.stdout
    assert len(done.stdout.splitlines()) <= 12
    assert not done.stderr


def test_the_version_is_printed(sheets_sync: Command) -> None:
    """--version names program and version."""
    assert sheets_sync("--version").stdout == f"sheets-sync {__version__}\n"


def test_the_help_lists_every_command_under_its_title(sheets_sync: Command) -> None:
    """Each command of SECTIONS stands in the help, in order, and so do the exit codes."""
    text = sheets_sync("--help").stdout
    places = [text.index(f"\n{title}:") for title, _ in SECTIONS]
    assert places == sorted(places)
    assert all(f"\n  {name}" in text[places[0] :] for name in MODULES)
    assert all(f"\n    {code}  " in text for code in range(5))


@pytest.mark.parametrize("words", commands(cli), ids=" ".join)
def test_every_command_is_documented(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each command tells what it does in a short line and at length, with an example."""
    assert run_command([*words, "--help"]) == 0
    text = capsys.readouterr().out
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    assert not command.get_short_help_str(limit=75).endswith("...")
    assert len(command.help or "") > 120
    if not isinstance(command, click.Group):
        assert f"sheets-sync {' '.join(words)}" in text.split("\n", 1)[1]


@pytest.mark.parametrize(("typed", "meant"), [("dotcor", "doctor"), ("rule", "rules"), ("complete", "completion")])
def test_a_mistyped_command_gets_the_nearest(sheets_sync: Command, typed: str, meant: str) -> None:
    """A typing mistake ends with exit code 2 and the name that was meant."""
    done = sheets_sync(typed)
    assert done.returncode == 2
    assert f"'{meant}'" in done.stderr


def test_a_mistyped_option_gets_the_nearest(sheets_sync: Command) -> None:
    """The same for options."""
    done = sheets_sync("doctor", "--confg", "x")
    assert done.returncode == 2
    assert "--config" in done.stderr


ERRORS: list[tuple[Exception, int]] = [
    (UsageError("wrong", "type this"), 2),
    (ConfigError((Mistake("c.toml", 3, "plan.uid", "is required"), Mistake("c.toml", 9, "x", "unknown key"))), 2),
    (NeedsChoice("which tab?", ("--tab A", "--tab B")), 2),
    (WorkbookRefused("too large", "raise max_file_mb"), 3),
    (WorkbookBusy("open in Excel", "", "Ana"), 0),
    (WorkbookChanged("saved meanwhile"), 3),
    (GuardError("mass change", "--accept-changes"), 3),
    (StoreError("no disk"), 3),
    (HeldElsewhere("another run"), 4),
    (click.UsageError("bad option"), 2),
    (click.Abort(), 130),
    (ValueError(SENTINEL), 3),
    (KeyError(SENTINEL), 3),
]


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_every_error_has_its_exit_code_and_its_words(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Our own errors are told in full, with the remedy; others without a word of their text."""
    start_log(log_format="text", quiet=False, verbose=False)
    assert failure(error) == code
    told = capsys.readouterr().err
    assert told.strip()
    assert SENTINEL not in told
    if isinstance(error, SheetsSyncError):
        assert error.message in told
        assert error.remedy in told


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_as_json_an_error_is_one_line_without_its_text(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log line tells type, code and place, and never what the error says."""
    start_log(log_format="json", quiet=False, verbose=False)
    assert failure(error) == code
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["type"], told["code"], told["level"]) == (type(error).__name__, code, "error")
    assert SENTINEL not in line
    assert not isinstance(error, SheetsSyncError) or error.message not in line
    if isinstance(error, ConfigError):
        assert told["place"] == "c.toml:3, c.toml:9"


def raised(error: Exception) -> Exception:
    """The error as it arrives after being raised in this file, with its trace."""
    try:
        raise error
    except Exception as caught:
        return caught


def test_an_unexpected_error_tells_its_place() -> None:
    """What nobody foresaw is a mistake of ours: type and place are told, and that the plan is not to blame."""
    start_log(log_format="text", quiet=False, verbose=False)
    told = "\n".join(explained(raised(RuntimeError(SENTINEL))))
    assert "unexpected error RuntimeError at test_command_line.py:" in told
    assert "not in your plan" in told
    assert "--verbose" in told
    assert SENTINEL not in told


def test_a_reader_who_leaves_is_no_error(environment: dict[str, str], home: Path) -> None:
    """A pipe whose reader has gone, as in `sheets-sync config example | head -1`, ends the command quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        words = [sys.executable, "-m", "sheets_sync", "config", "example"]
        done = subprocess.run(words, cwd=home, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_without_the_letter_is_no_error(process: Command, configured: Path) -> None:
    """Output in an old code page shows a question mark for a letter it lacks."""
    configured.write_text(configured.read_text().replace("Plant", "Plant ✔"), "utf-8")
    done = process("config", "check", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "Plant ?" in done.stdout


def test_config_check_tells_every_mistake_with_its_place(sheets_sync: Command, configured: Path) -> None:
    """Each mistake is a line file:line: key: reason on standard error, and the exit code is 2."""
    configured.write_text(configured.read_text() + 'langage = "pt"\nstale_days = 0\n')
    done = sheets_sync("config", "check")
    assert done.returncode == 2
    assert done.stderr.splitlines()[:2] == [
        f'{configured}:6: plan.langage: unknown key; did you mean "language"?',
        f"{configured}:7: plan.stale_days: must be at least 1",
    ]
    assert "2 mistakes" in done.stderr
    assert not done.stdout


NAMED = """
[mail]
keeper = "Kim Keper"
allowed_domains = ["plan.test"]
[people."Kim Keeper"]
address = "kim@plan.test"
leader = "Rui Cost"
[people.Rui]
address = "kim@plan.test"
langage = "pt"
[people.Rui]
"""


@pytest.mark.parametrize("lines", [11, 10], ids=["not TOML", "TOML"])
def test_a_mistake_names_nobody_where_nobody_looks(sheets_sync: Command, configured: Path, lines: int) -> None:
    """Of mistakes around people, place and kind are told in a pipe; names on a terminal only."""
    configured.write_text(configured.read_text() + "\n".join(NAMED.splitlines()[:lines]) + "\n")
    for words in (("config", "check"), ("run",)):
        done = sheets_sync(*words)
        assert done.returncode == 2
        told = done.stdout + done.stderr
        assert f"{configured}:" in told
        assert not any(name in told for name in ("Kim", "Rui", "Ana", "Lima", "@"))
    if lines == 10:
        assert f"{configured}:8: mail.keeper: nobody in [people] has this name\n" in sheets_sync("run").stderr


def test_a_mistake_is_told_in_full_on_a_terminal(configured: Path) -> None:
    """With the name that was meant."""
    configured.write_text(configured.read_text() + "\n".join(NAMED.splitlines()[:6]) + "\n")
    with pytest.raises(ConfigError) as raised:
        load_config(configured)
    assert 'did you mean "Kim Keeper"?' in message_of(raised.value, names=True)
    assert "Kim Keeper" not in message_of(raised.value, names=False)


def test_config_check_of_a_good_file(sheets_sync: Command, configured: Path, home: Path) -> None:
    """A good file is confirmed with its plans and whether their workbooks are there; nothing is made."""
    done = sheets_sync("config", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no mistakes; 1 plan" in done.stdout
    assert "NOT FOUND" in done.stdout
    (home / "P.xlsx").touch()
    assert "NOT FOUND" not in sheets_sync("config", "check", "--config", str(configured)).stdout
    assert sorted(place.name for place in home.iterdir()) == ["P.xlsx", "config.toml"]


def test_an_untrusted_configuration_is_told_with_the_command_that_mends_it(
    sheets_sync: Command, configured: Path, home: Path
) -> None:
    """Exit code 2, and after the printed command all is well."""
    home.chmod(0o777)
    done = sheets_sync("config", "check")
    assert done.returncode == 2
    assert "chmod" in done.stderr
    command = done.stderr[done.stderr.index("chmod") :].splitlines()[0]
    subprocess.run(command, shell=True, check=True)
    assert sheets_sync("config", "check").returncode == 0


def test_config_example_is_a_file_to_begin_with(sheets_sync: Command, home: Path) -> None:
    """What is printed can be saved and passes the check."""
    (home / "config.toml").write_text(sheets_sync("config", "example").stdout)
    (home / "config.toml").chmod(0o600)
    assert sheets_sync("config", "check").returncode == 0


@pytest.mark.parametrize("words", [("--quiet", "config", "check"), ("config", "check", "-q")])
def test_quiet_says_nothing_when_all_is_well(sheets_sync: Command, configured: Path, words: tuple[str, ...]) -> None:
    """--quiet works before and after the command."""
    done = sheets_sync(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_quiet_still_tells_what_fails(sheets_sync: Command) -> None:
    """An error is told however quiet the run."""
    done = sheets_sync("--quiet", "config", "check")
    assert done.returncode == 2
    assert "sheets-sync init" in done.stderr


def test_quiet_and_verbose_exclude_each_other(sheets_sync: Command) -> None:
    """Both at once is a usage error, wherever each stands."""
    assert sheets_sync("--quiet", "doctor", "--verbose").returncode == 2


def test_doctor_tells_what_is_well_and_what_is_not(sheets_sync: Command, configured: Path, home: Path) -> None:
    """One line a check; exit code 0 when all is well, 3 with a way out when something is not; nothing is made."""
    make_workbook(home / "P.xlsx", dt.date(2026, 11, 16))
    done = sheets_sync("doctor")
    assert done.returncode == 0, done.stdout
    assert [line[:4] for line in done.stdout.splitlines()] == ["ok  "] * len(done.stdout.splitlines())
    assert sorted(place.name for place in home.iterdir()) == ["P.xlsx", "config.toml"]
    (home / "P.xlsx").unlink()
    assert "FAIL  plan Plant: there is no file" in sheets_sync("doctor").stdout
    configured.write_text("[[plan]]\n")
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert "FAIL  configuration" in done.stdout
    assert f"sheets-sync config check --config {configured}" in done.stdout


def test_doctor_tells_of_a_plan_whose_folder_is_gone(sheets_sync: Command, configured: Path, home: Path) -> None:
    """A registered folder without config.toml is told."""
    folder = home / ".local" / "state" / "sheets-sync" / "registry"
    for part in (*reversed(folder.parents[:4]), folder):
        part.mkdir(mode=0o700, exist_ok=True)
    (folder / "p-000009").write_text(f"{home / 'gone'}\n")
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert "1 plans registered, 1 without their folder" in done.stdout


HEAVY = ("pandas", "rich", "openpyxl", "xlwings", "alembic", "jinja2", "gspread", "holidays", "rapidfuzz", "sqlalchemy")


@pytest.mark.parametrize("words", [[], ["--version"], ["--help"], ["config", "check"]], ids=" ".join)
def test_light_commands_import_nothing_heavy(
    words: list[str], environment: dict[str, str], home: Path, configured: Path
) -> None:
    """The shell and the configuration start without the libraries that only some commands need."""
    program = (
        "import sys; from sheets_sync.cli.main import run_command; run_command(sys.argv[1:]);"
        f"print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=home, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""


def test_rules_are_listed_and_explained(sheets_sync: Command) -> None:
    """`rules` has a line for each rule; `rules explain` takes a code in any capitals and prints its page."""
    listed = sheets_sync("rules")
    assert (listed.returncode, listed.stderr) == (0, "")
    explained_rule = sheets_sync("rules", "explain", "act004")
    assert explained_rule.returncode == 0
    assert "ACT004" in listed.stdout
    assert "ACT004" in explained_rule.stdout.splitlines()[0]


def test_a_mistyped_code_gets_the_nearest(sheets_sync: Command) -> None:
    """A code no rule has ends with exit code 2 and the one that was meant."""
    done = sheets_sync("rules", "explain", "ACT04")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'did you mean "ACT004"?' in done.stderr
