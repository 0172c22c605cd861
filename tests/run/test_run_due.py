"""What is due is done once, by whatever ticks and however often; what could not be done waits."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from run import due_stage
from run.due_stage import HALF_HOURLY, OWNERS_MONDAY, Ticks, names, set_up, write

from sheets_sync.config.load import load_config
from sheets_sync.config.values import Config
from sheets_sync.core.log_layout import CHECK_NOW
from sheets_sync.core.notices import Kind
from sheets_sync.run.outcome import Ended
from sheets_sync.schedule import tick
from sheets_sync.store.schedule_rows import JobRun

MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF = dt.timedelta(minutes=30)
PLANS = ["Plan 1", "Plan 2"]


@pytest.fixture
def ticks(tmp_path: Path) -> Ticks:
    """Two plans that are synced every half hour, first seen on Monday at seven."""
    made = Ticks(set_up(tmp_path / "private"), MONDAY)
    assert made.tick().runs == ()
    return made


def job_runs(ticks: Ticks, job: str = "sync") -> list[JobRun]:
    """The periods of a job, newest first."""
    store = ticks.store()
    try:
        return list(store.schedule.runs(job, limit=50))
    finally:
        store.close()


def finished_runs(ticks: Ticks, uid: str = "p-000001") -> int:
    """How many runs of a plan were written down."""
    store = ticks.store()
    try:
        with store._engine.connect() as connection:
            query = "SELECT count(*) FROM run JOIN plan ON plan.id = run.plan WHERE plan.uid = ?"
            return connection.exec_driver_sql(query, (uid,)).scalar_one()
    finally:
        store.close()


def test_a_period_is_run_once_however_often_it_is_asked(ticks: Ticks) -> None:
    """The first tick after the half hour runs every plan; the others of that half hour find nothing."""
    done = [names(ticks.tick_at(MONDAY + number * 5 * MINUTE)) for number in range(1, 14)]
    assert done == [*[[]] * 5, PLANS, *[[]] * 5, PLANS, []]
    assert [(run.period, run.state) for run in job_runs(ticks)] == [
        (MONDAY + 2 * HALF, "done"),
        (MONDAY + HALF, "done"),
    ]


def test_a_line_for_each_plan(ticks: Ticks) -> None:
    """Each plan is told in one line, by name and counts, without what a cell holds."""
    ticks.tick_at(MONDAY + HALF)
    assert [line.partition(",")[0] for line in ticks.lines] == ["Plan 1: written", "Plan 2: written"]
    ticks.tick_at(MONDAY + 2 * HALF)
    assert ticks.lines == ["Plan 1: nothing changed", "Plan 2: nothing changed"]


def test_asleep_for_three_days_is_one_run(ticks: Ticks) -> None:
    """After three days only the last period is made up for; the others are written down as missed."""
    outcome = ticks.tick_at(MONDAY + dt.timedelta(days=3) + MINUTE)
    assert (names(outcome), outcome.missed) == (PLANS, 3 * 48 - 1)
    assert names(ticks.tick_at(MONDAY + dt.timedelta(days=3) + 2 * MINUTE)) == []


def test_all_missed_periods_are_run_where_the_job_wants_it(ticks: Ticks) -> None:
    """catch_up = "all" runs every plan once for each period within the grace, oldest first."""
    write(ticks.folder / "jobs" / "sync.toml", HALF_HOURLY + 'catch_up = "all"\ngrace_hours = 1\n')
    outcome = ticks.tick_at(MONDAY + 5 * HALF)
    assert (names(outcome), outcome.missed) == (PLANS * 3, 2)
    assert [run.state for run in job_runs(ticks)] == ["done"] * 3 + ["missed"] * 2


def test_two_configurations_that_share_a_state_folder_each_run_their_own_jobs(tmp_path: Path) -> None:
    """Both have a job "sync", as `init` writes one: what one of them did settles nothing for the other, nor does a
    plan that waits, nor a tick at work."""
    teams = []
    for name in ("first", "second"):
        made = Ticks(set_up(tmp_path / name), MONDAY)
        text = (made.folder / "config.toml").read_text("utf-8")
        text = text.replace('state = "state"', f"state = '{tmp_path / 'shared'}'").replace('"p-', f'"{name}-')
        write(made.folder / "config.toml", text)
        assert made.tick().runs == ()
        teams.append(made)
    first, second = teams
    lock = first.folder / "~$plan-2.xlsx"
    lock.write_bytes(b"\x03Ana" + b" " * 161)
    first.clock.instant = second.clock.instant = MONDAY + HALF
    during: list[str] = []
    assert first.tick(tell=lambda _: during.extend(names(second.tick()))).left == 1
    assert during == PLANS
    lock.unlink()
    assert [names(team.tick_at(MONDAY + HALF + 5 * MINUTE)) for team in teams] == [["Plan 2"], []]
    assert [names(team.tick_at(MONDAY + 2 * HALF)) for team in teams] == [PLANS, PLANS]


def test_a_clock_set_back_an_hour_runs_nothing_twice(ticks: Ticks) -> None:
    """The hour that comes again is done already."""
    assert names(ticks.tick_at(MONDAY + 2 * HALF)) == PLANS
    for minutes in range(0, 60, 5):
        assert names(ticks.tick_at(MONDAY + minutes * MINUTE)) == []
    assert names(ticks.tick_at(MONDAY + 3 * HALF)) == PLANS


def test_two_jobs_due_at_once_run_a_plan_once(tmp_path: Path) -> None:
    """A plan of two jobs that are due together is synced once, with the mails of both."""
    ticks = Ticks(set_up(tmp_path / "private", jobs={"sync": HALF_HOURLY, "week": OWNERS_MONDAY}, mail=True), MONDAY)
    ticks.tick()
    assert names(ticks.tick_at(MONDAY + HALF)) == PLANS
    assert [run.state for job in ("sync", "week") for run in job_runs(ticks, job)] == ["done", "done"]
    store = ticks.store()
    noted = [waiting.notice.kind for waiting, _, _ in store.outbox.all_notices("ana@example.org")]
    store.close()
    assert noted.count(Kind.OWNER_WEEK) == 2
    assert finished_runs(ticks) == 1


def test_a_job_is_for_its_plans_alone(tmp_path: Path) -> None:
    """A job that names plans runs those."""
    ticks = Ticks(set_up(tmp_path / "private", jobs={"sync": HALF_HOURLY + 'plans = ["Plan 2"]\n'}), MONDAY)
    ticks.tick()
    assert names(ticks.tick_at(MONDAY + HALF)) == ["Plan 2"]


@pytest.mark.parametrize("spoiled", [b"no workbook", b""])
def test_one_bad_plan_never_stops_the_next(ticks: Ticks, spoiled: bytes) -> None:
    """A workbook that cannot be read fails alone, and the exit code says so."""
    (ticks.folder / "plan-1.xlsx").write_bytes(spoiled)
    outcome = ticks.tick_at(MONDAY + HALF)
    assert [run.outcome.ended if run.outcome else None for run in outcome.runs] == [Ended.FAILED, Ended.WRITTEN]
    assert outcome.code == 3
    assert job_runs(ticks)[0].code == 3


def test_a_plan_that_breaks_our_own_code_stops_alone(ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours in one plan is told as a failure of that plan."""

    def broken(stage: Ticks) -> Config:
        config = load_config(stage.folder)
        first = replace(config.plans[0], limits=None)
        return replace(config, plans=(first, *config.plans[1:]))

    monkeypatch.setattr(Ticks, "config", property(broken))
    outcome = ticks.tick_at(MONDAY + HALF)
    assert [run.code for run in outcome.runs] == [3, 0]
    assert ticks.lines[0] == "Plan 1: failed: a mistake in sheets-sync stopped this plan; the log says where"


def test_a_plan_held_by_another_run_waits_for_the_next_tick(ticks: Ticks) -> None:
    """The tick goes on with the others, is no failure, and the next tick takes up that plan alone."""
    store = ticks.store()
    held = store.hold("p-000001", "elsewhere 1 1", now=MONDAY + HALF, seconds=600)
    outcome = ticks.tick_at(MONDAY + HALF)
    assert (outcome.left, outcome.code) == (1, 0)
    assert ticks.lines[0] == "Plan 1: held by another run"
    store.release(held)
    store.close()
    assert names(ticks.tick_at(MONDAY + HALF + 5 * MINUTE)) == ["Plan 1"]
    assert names(ticks.tick_at(MONDAY + HALF + 10 * MINUTE)) == []


def test_a_workbook_in_use_is_tried_at_every_tick(ticks: Ticks) -> None:
    """A workbook somebody has open is put off, and written soon after it was closed."""
    lock = ticks.folder / "~$plan-2.xlsx"
    lock.write_bytes(b"\x03Ana" + b" " * 161)
    assert ticks.tick_at(MONDAY + HALF).left == 1
    assert ticks.tick_at(MONDAY + HALF + 5 * MINUTE).left == 1
    lock.unlink()
    outcome = ticks.tick_at(MONDAY + HALF + 10 * MINUTE)
    assert [(run.plan.settings.name, run.outcome.ended) for run in outcome.runs] == [("Plan 2", Ended.WRITTEN)]
    assert outcome.left == 0


def test_what_was_left_is_given_up_after_the_grace_and_by_the_next_period(ticks: Ticks) -> None:
    """A plan that waits is part of the next period, and nobody waits for a job that is gone."""
    lock = ticks.folder / "~$plan-2.xlsx"
    lock.write_bytes(b"\x03Ana" + b" " * 161)
    ticks.tick_at(MONDAY + HALF)
    assert names(ticks.tick_at(MONDAY + 2 * HALF)) == PLANS
    (ticks.folder / "jobs" / "sync.toml").unlink()
    assert names(ticks.tick_at(MONDAY + 2 * HALF + 5 * MINUTE)) == []
    store = ticks.store()
    assert store.schedule.left_plans() == ()
    store.close()


def test_when_the_time_is_over_the_rest_waits(ticks: Ticks) -> None:
    """After the deadline no further plan is begun; the next tick goes on with those."""
    ticks.clock.instant = MONDAY + HALF

    def slow(line: str) -> None:
        ticks.lines.append(line)
        ticks.clock.seconds += 100

    outcome = ticks.tick(seconds=60, tell=slow)
    assert (names(outcome), outcome.late, outcome.left) == (["Plan 1"], True, 1)
    assert names(ticks.tick_at(MONDAY + HALF + 5 * MINUTE)) == ["Plan 2"]


def test_a_process_that_is_asked_to_end_finishes_its_plan(ticks: Ticks) -> None:
    """After SIGTERM the plan at work is finished, the others wait."""
    ticks.clock.instant = MONDAY + HALF
    outcome = ticks.tick(stop=lambda: bool(ticks.lines))
    assert (names(outcome), outcome.stopped, outcome.left) == (["Plan 1"], True, 1)
    assert names(ticks.tick_at(MONDAY + HALF + 5 * MINUTE)) == ["Plan 2"]


def test_another_tick_at_work_is_no_failure(ticks: Ticks) -> None:
    """While one tick works the next one does nothing, with exit code 0."""
    store = ticks.store()
    store.hold(store.schedule.lease, "elsewhere 1 1", now=MONDAY + HALF, seconds=3600)
    store.close()
    outcome = ticks.tick_at(MONDAY + HALF)
    assert (outcome.busy, outcome.code, names(outcome)) == (True, 0, [])
    assert names(ticks.tick_at(MONDAY + 3 * HALF)) == PLANS


def test_a_tick_that_lost_its_lease_goes_no_further(ticks: Ticks) -> None:
    """Stopped for more than an hour and overtaken, the first tick begins no further plan and ends no period."""
    ticks.clock.instant = MONDAY + HALF
    other = Ticks(ticks.folder, MONDAY + HALF + 61 * MINUTE)

    def overtaken(line: str) -> None:
        ticks.lines.append(line)
        ticks.clock.move(minutes=61)
        assert names(other.tick()) == PLANS

    outcome = ticks.tick(tell=overtaken)
    assert names(outcome) == ["Plan 1"]
    assert [(run.period, run.state) for run in job_runs(ticks)] == [
        (MONDAY + 3 * HALF, "done"),
        (MONDAY + 2 * HALF, "missed"),
        (MONDAY + HALF, "missed"),
    ]


def nothing_due(ticks: Ticks) -> bool:
    return tick._nothing_due(str(ticks.folder / "config.toml"), ticks.clock.now().timestamp())


def test_a_tick_that_lost_its_lease_leaves_no_word(ticks: Ticks) -> None:
    """A computer that slept for hours in the middle of its plans looks again with the next tick, and does the rest."""
    ticks.clock.instant = MONDAY + HALF
    assert names(ticks.tick(tell=lambda _: ticks.clock.move(minutes=125))) == ["Plan 1"]
    ticks.clock.move(minutes=5)
    assert not nothing_due(ticks)
    assert names(ticks.tick()) == PLANS


def test_each_tick_leaves_word_for_the_next(ticks: Ticks) -> None:
    """Ticks end early until the next period, and not while a plan waits."""
    assert nothing_due(ticks)
    ticks.clock.instant = MONDAY + HALF
    assert not nothing_due(ticks)
    (ticks.folder / "~$plan-2.xlsx").write_bytes(b"\x03Ana" + b" " * 161)
    ticks.tick()
    ticks.clock.move(minutes=5)
    assert not nothing_due(ticks)
    (ticks.folder / "~$plan-2.xlsx").unlink()
    assert names(ticks.tick()) == ["Plan 2"]
    assert names(ticks.tick()) == []
    assert nothing_due(ticks)


def ask(file: Path, at: dt.datetime) -> None:
    """A person ticks "Check now" in the saved workbook."""
    book = load_workbook(file)
    book["Sync log"].cell(*CHECK_NOW).value = "x"
    book.save(file)
    os.utime(file, (at.timestamp(), at.timestamp()))


def test_check_now_is_found_by_the_next_tick(ticks: Ticks) -> None:
    """A plan somebody asks for in its Sync log is run between its periods, alone, and once."""
    for number in (1, 2):
        ticks.tick_at(MONDAY + number * HALF)
    assert names(ticks.tick()) == []
    assert nothing_due(ticks)
    ask(ticks.folder / "plan-2.xlsx", MONDAY + 2 * HALF + 2 * MINUTE)
    assert not nothing_due(ticks)
    outcome = ticks.tick_at(MONDAY + 2 * HALF + 5 * MINUTE)
    assert [(run.plan.settings.name, run.outcome.ended) for run in outcome.runs] == [("Plan 2", Ended.WRITTEN)]
    assert names(ticks.tick_at(MONDAY + 2 * HALF + 10 * MINUTE)) == []
    assert nothing_due(ticks)
    assert [run.period for run in job_runs(ticks)] == [MONDAY + 2 * HALF, MONDAY + HALF]


def _process(ticks: Ticks, instant: dt.datetime, *die: str) -> "subprocess.Popen[str]":
    words = [sys.executable, due_stage.__file__, str(ticks.folder), instant.isoformat(), *die]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "HOME": str(ticks.folder.parent)}
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)


def test_two_processes_that_tick_at_once_are_one_run(ticks: Ticks) -> None:
    """Of two processes on one store, one runs each plan; the other does nothing."""
    both = [_process(ticks, MONDAY + HALF) for _ in range(2)]
    told = sorted(one.communicate(timeout=60)[0].strip() for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert told in (["", "Plan 1,Plan 2"], ["Plan 1,Plan 2", "busy"])
    assert finished_runs(ticks) == finished_runs(ticks, "p-000002") == 1


@pytest.mark.parametrize("die", ["plan", "finish"])
def test_a_kill_between_claim_and_finish_is_made_up_for(ticks: Ticks, die: str) -> None:
    """A tick that was killed after it began a period leaves it to the next tick, which runs what is missing."""
    killed = _process(ticks, MONDAY + HALF, die)
    killed.communicate(timeout=60)
    assert killed.returncode == 9
    assert [(run.period, run.state) for run in job_runs(ticks)] == [(MONDAY + HALF, "running")]
    assert names(ticks.tick_at(MONDAY + HALF + 5 * MINUTE)) == PLANS
    assert [run.state for run in job_runs(ticks)] == ["done"]
    assert finished_runs(ticks) == finished_runs(ticks, "p-000002") == 1
