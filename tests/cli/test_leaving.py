"""A plan that left is passed over by jobs, told by status, and set up again by hand alone."""

import datetime as dt
import json
from pathlib import Path

import pytest
import time_machine
from cli.conftest import Command, Done
from openpyxl import load_workbook
from run.due_stage import HALF_HOURLY, set_up, write

MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
HALF = dt.timedelta(minutes=30)


class Team:
    """A private folder of two plans, and commands in it at a time."""

    def __init__(self, folder: Path, command: Command) -> None:
        self.folder, self._command, self.now = folder, command, MONDAY

    def run(self, *words: str) -> Done:
        with time_machine.travel(self.now, tick=False):
            return self._command(*words, "--config", str(self.folder))

    def later(self, *words: str) -> Done:
        """The same half an hour later."""
        self.now += HALF
        return self.run(*words)


@pytest.fixture
def team(home: Path, sheets_sync: Command) -> Team:
    """Two plans in one job that was seen at seven."""
    made = Team(set_up(home / "private"), sheets_sync)
    assert made.run("run", "--yes").returncode == 0
    assert made.run("run", "--due").returncode == 0
    return made


def headers(team: Team, number: int) -> list[str | None]:
    sheet = load_workbook(team.folder / f"plan-{number}.xlsx")["Actions"]
    return [cell.value for cell in sheet[1] if cell.value is not None]


def test_ticks_after_it_pass_the_plan_over(team: Team) -> None:
    """They end well with the other plan, write nothing into the one that left, and status says which it is."""
    done = team.run("leave", "--plan", "Plan 1", "--yes")
    assert "Jobs pass it over from now on." in done.stdout
    assert "schedule remove" not in done.stdout
    for _ in range(2):
        done = team.later("run", "--due", "--yes")
        assert (done.returncode, done.stdout.splitlines()[-1].partition(":")[0]) == (0, "1 plan")
    assert headers(team, 1) == ["Action", "Owner", "Due", "Status"]
    assert "Flag" in headers(team, 2)
    told = team.run("status", "--max-age", "1h")
    assert told.returncode == 0
    assert "Plan 1: left\n" in told.stdout
    assert 'to set it up again: sheets-sync run --plan "Plan 1"' in told.stdout
    first = json.loads(team.run("status", "--format", "json").stdout)["plans"][0]
    assert (first["state"], first["next_run"]) == ("left", None)


def test_the_last_plan_that_leaves_is_told_with_what_goes_on(team: Team) -> None:
    """The schedule asks on; its ticks have nothing to do and say nothing."""
    team.run("leave", "--plan", "Plan 1", "--yes")
    done = team.run("leave", "--plan", "Plan 2", "--yes")
    assert "a schedule goes on asking until: sheets-sync schedule remove" in done.stdout
    assert team.later("run", "--due", "--yes") == (0, "", "")


def test_jobs_that_name_it_are_named(team: Team) -> None:
    """Each with its file; a plan without a trace in its workbook leaves likewise."""
    write(team.folder / "jobs" / "sync.toml", HALF_HOURLY + 'plans = ["Plan 1", "Plan 2"]\n')
    write(team.folder / "jobs" / "other.toml", HALF_HOURLY + 'plans = ["Plan 1", "p-000002"]\n')
    done = team.run("leave", "--plan", "Plan 2", "--yes")
    for name in ("sync", "other"):
        assert f"Then take its name out of {team.folder / 'jobs' / name}.toml too" in done.stdout
    team.run("leave", "--plan", "Plan 1", "--yes")
    assert team.run("leave", "--plan", "Plan 1", "--yes").returncode == 0
    assert team.later("run", "--due", "--yes") == (0, "", "")


def test_set_up_again_by_hand_it_is_run_again(team: Team) -> None:
    """Its first run by hand takes it up; from then on jobs run it as before."""
    team.run("leave", "--plan", "Plan 1", "--yes")
    assert team.later("run", "--plan", "Plan 1", "--yes").returncode == 0
    done = team.later("run", "--due")
    assert (done.returncode, done.stdout.splitlines()[-1].partition(":")[0]) == (0, "2 plans")
    assert "Plan 1: well\n" in team.run("status").stdout


def test_a_plan_that_was_never_written_leaves_too(home: Path, sheets_sync: Command) -> None:
    """Instead of waiting for a yes at every period."""
    team = Team(set_up(home / "private", plans=1), sheets_sync)
    team.run("run", "--due")
    assert team.later("run", "--due").returncode == 2
    team.run("leave", "--yes")
    assert team.later("run", "--due") == (0, "", "")
