"""A workbook carries one plan: a second one is refused by init, with what to write into the first."""

from pathlib import Path

import pytest
from cli.conftest import Command
from openpyxl import load_workbook
from run.file_stage import make_plan

SETTLED = ("--timezone", "UTC", "--country", "none")


@pytest.fixture
def two_tabs(home: Path, sheets_sync: Command) -> Path:
    """A workbook with two tabs that look like plans, of which one is set up."""
    file = home / "plan.xlsx"
    make_plan(file)
    book = load_workbook(file)
    book.copy_worksheet(book["Actions"]).title = "Line 4"
    book.save(file)
    done = sheets_sync("init", "plan.xlsx", "--tab", "Actions", *SETTLED)
    assert done.returncode == 0, done.stderr
    return file


@pytest.mark.parametrize("spelled", ["plan.xlsx", "./plan.xlsx", "link.xlsx"])
def test_init_names_the_plan_and_the_tabs_to_write(
    home: Path, two_tabs: Path, sheets_sync: Command, spelled: str
) -> None:
    """With its file and line, before anything is asked; what it says works, and nothing was written."""
    (home / "link.xlsx").symlink_to(two_tabs)
    config = home / "config.toml"
    before = config.read_text("utf-8")
    done = sheets_sync("init", spelled, "--tab", "Line 4", "--name", "Four", *SETTLED)
    line = next(number for number, text in enumerate(before.splitlines(), 1) if text.startswith("workbook"))
    assert done.returncode == 2
    assert f'{config}:{line}: the plan "plan" is in this workbook already' in done.stderr
    assert 'tabs = ["Actions", "Line 4"]' in done.stderr
    assert config.read_text("utf-8") == before
    config.write_text(before.replace('tabs = ["Actions"]', 'tabs = ["Actions", "Line 4"]'), "utf-8")
    assert sheets_sync("run", "--yes").returncode == 0
    assert {"Flag"} <= {cell.value for cell in load_workbook(two_tabs)["Line 4"][1]}


def test_without_a_named_tab_the_place_for_it_is_told(two_tabs: Path, sheets_sync: Command) -> None:
    """It is not asked which tab is meant."""
    done = sheets_sync("init", "plan.xlsx", "--name", "Four", *SETTLED)
    assert (done.returncode, 'tabs = ["Actions", "the other tab"]' in done.stderr) == (2, True)


def test_a_plan_that_only_reads_may_share_a_workbook(home: Path, two_tabs: Path, sheets_sync: Command) -> None:
    """Both are run, again and again: who writes nothing needs no stamp."""
    config = home / "config.toml"
    second = '[[plan]]\nuid = "p-000002"\nname = "Four"\nworkbook = "plan.xlsx"\ntimezone = "UTC"\ntabs = ["Line 4"]\n'
    config.write_text(config.read_text("utf-8") + f'\n{second}writes = "none"\n', "utf-8")
    for _ in range(2):
        assert sheets_sync("run", "--yes").returncode == 0
