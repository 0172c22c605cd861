"""The clock is doubted when it jumped since it was last seen, not because a plan finished no run for long."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from run.due_stage import HALF_HOURLY, PLAN, YES, set_up, write
from run.file_stage import make_plan
from run.stage import SetClock

from sheets_sync.config.load import load_config
from sheets_sync.core.health import Cause
from sheets_sync.run.due import DueOutcome, run_due
from sheets_sync.run.outcome import Ended
from sheets_sync.run.sync import sync
from sheets_sync.run.wiring import open_store, site

MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
DOUBTFUL = replace(YES, accept_clock=False)
JOB = HALF_HOURLY.replace("*/30 * * * *", "0 * * * *")


class Team:
    """Two plans in one folder, and runs at a time, with a server that says what time it is, or cannot be reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = set_up(folder, jobs={"sync": JOB})
        self.asked = 0

    def tick(self, at: dt.datetime) -> DueOutcome:
        """What a schedule does."""
        config = load_config(self.folder)
        store = open_store(config)
        try:
            return run_due(config, store, clock=SetClock(at), tell=lambda _: None, options=DOUBTFUL)
        finally:
            store.close()

    def ends(self, at: dt.datetime, *, server: dt.datetime | None = None, accept: bool = False) -> list[str]:
        """How each plan's run by hand ends."""
        config = load_config(self.folder)
        store = open_store(config)

        def asked() -> dt.datetime | None:
            self.asked += 1
            return server

        try:
            sites = (site(config, plan, store, clock=SetClock(at)) for plan in config.plans)
            options = replace(DOUBTFUL, accept_clock=accept, read_always=True)
            outcomes = [sync(replace(one, server_date=asked), options) for one in sites]
        finally:
            store.close()
        return ["doubted" if one.cause is Cause.GUARD else one.ended.value for one in outcomes]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    """Both plans written on Monday at seven; no server can be reached."""
    monkeypatch.setattr("sheets_sync.run.wiring.TIME_SERVER", "http://127.0.0.1:9")
    made = Team(tmp_path / "private")
    assert made.ends(MONDAY) == ["written", "written"]
    return made


def lock(team: Team, number: int = 2) -> Path:
    made = team.folder / f"~$plan-{number}.xlsx"
    made.write_bytes(b"\x03Ana" + b" " * 161)
    return made


def changed(team: Team, number: int) -> None:
    make_plan(team.folder / f"plan-{number}.xlsx")


def test_a_workbook_that_was_open_for_days_is_written_when_it_is_closed(team: Team) -> None:
    """Runs that were put off saw the clock."""
    team.tick(MONDAY)
    held = [lock(team, number) for number in (1, 2)]
    for hours in range(24, 5 * 24, 6):
        assert {run.outcome.cause for run in team.tick(MONDAY + hours * HOUR).runs if run.outcome} <= {Cause.OPEN}
    for one in held:
        one.unlink()
    last = MONDAY + 5 * DAY
    assert {run.code for run in team.tick(last).runs} == {0}
    assert team.ends(last + HOUR) == ["nothing", "nothing"]
    assert team.asked == 0


def test_another_plans_runs_saw_the_clock(team: Team) -> None:
    """By hand, with no schedule at all."""
    held = lock(team)
    for days in range(1, 5):
        assert team.ends(MONDAY + days * DAY)[1] == "deferred"
    held.unlink()
    assert "doubted" not in team.ends(MONDAY + 5 * DAY)
    assert team.asked == 0


def test_a_plan_that_was_paused_goes_on(team: Team) -> None:
    """Until a day two weeks later, while a schedule ticked, though its jobs had nothing to write."""
    team.tick(MONDAY)
    config = load_config(team.folder)
    store = open_store(config)
    for plan in config.plans:
        store.pauses.begin(plan.settings.uid, "paused by hand", MONDAY, until=(MONDAY + 14 * DAY).date())
    store.close()
    for days in range(1, 14):
        assert {run.outcome.ended for run in team.tick(MONDAY + days * DAY).runs if run.outcome} == {Ended.PAUSED}
    assert [run.code for run in team.tick(MONDAY + 14 * DAY).runs] == [0, 0]


@pytest.mark.parametrize("scheduled", [True, False])
def test_a_clock_set_far_ahead_is_still_doubted(team: Team, scheduled: bool) -> None:
    """Again and again, by runs and ticks alike, and although a new plan has its first run then; set right, all is as
    before."""
    team.tick(MONDAY)
    wrong = MONDAY + 100 * DAY
    lock(team)
    config = team.folder / "config.toml"
    make_plan(team.folder / "plan-3.xlsx")
    write(config, config.read_text("utf-8") + PLAN.format(3))
    for hours in range(0, 60, 12):
        if scheduled:
            causes = [run.outcome.cause for run in team.tick(wrong + hours * HOUR).runs if run.outcome]
            assert causes[:2] == [Cause.GUARD, Cause.GUARD]
        else:
            assert team.ends(wrong + hours * HOUR)[:2] == ["doubted", "doubted"]
    (team.folder / "~$plan-2.xlsx").unlink()
    assert "doubted" not in team.ends(MONDAY + HOUR)[:2]


def test_under_a_doubted_clock_nothing_is_deleted_for_its_age(team: Team) -> None:
    """What a run wrote can still be undone after a tick whose clock stood a hundred days ahead."""
    team.tick(MONDAY)
    team.tick(MONDAY + 100 * DAY)
    store = open_store(load_config(team.folder))
    assert store.written.last("p-000001") is not None
    store.close()


def test_a_server_or_a_person_can_say_that_the_clock_is_right(team: Team) -> None:
    """After days without any sighting one is asked; that is one for the other plans too, and for a day and a half."""
    week = MONDAY + 7 * DAY
    assert team.ends(week, server=week + DAY) == ["doubted", "doubted"]
    asked = team.asked
    assert "doubted" not in team.ends(week, server=week)
    assert team.asked == asked + 1
    later = week + 7 * DAY
    assert "doubted" not in team.ends(later, accept=True)
    assert "doubted" not in team.ends(later + DAY)


def test_a_store_of_an_earlier_program_knows_its_finished_runs(team: Team) -> None:
    """What it wrote down then counts as seen."""
    store = open_store(load_config(team.folder))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM store_fact WHERE name <> 'id'")
    assert store.sightings.clock(MONDAY + HOUR) == MONDAY
    assert store.sightings.clock(MONDAY - HOUR) is None
    store.close()
    assert "doubted" not in team.ends(MONDAY + DAY)
    assert team.ends(MONDAY + 7 * DAY) == ["doubted", "doubted"]


@pytest.mark.parametrize("scheduled", [True, False])
def test_a_new_plan_proves_no_wrong_clock_in_a_store_of_an_earlier_program(team: Team, scheduled: bool) -> None:
    """The first run of all after an update is under a wrong clock and writes a plan for the first time: the others are
    doubted then and afterwards."""
    team.tick(MONDAY)
    store = open_store(load_config(team.folder))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM store_fact WHERE name <> 'id'")
    store.close()
    make_plan(team.folder / "plan-3.xlsx")
    config = team.folder / "config.toml"
    write(config, config.read_text("utf-8") + PLAN.format(3))
    for hours in range(2):
        wrong = MONDAY + 100 * DAY + hours * HOUR
        if scheduled:
            causes = [run.outcome.cause for run in team.tick(wrong).runs if run.outcome]
            assert causes[:2] == [Cause.GUARD, Cause.GUARD]
        else:
            assert team.ends(wrong)[:2] == ["doubted", "doubted"]
    assert "doubted" not in team.ends(MONDAY + HOUR)[:2]
