"""A broken job file stops no other job, and is told by exit code, heartbeat, status and the keeper's mail."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from run.due_stage import HALF_HOURLY, Ticks, names, set_up, write
from run.test_run_due import finished_runs, job_runs, nothing_due
from schedule.monitors import Monitor, monitor

from sheets_sync.core.health import Cause
from sheets_sync.errors import ConfigError, StoreError
from sheets_sync.run.standing import standing

MONDAY = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HALF = dt.timedelta(minutes=30)
HOUR = dt.timedelta(hours=1)
BOTH = ["Plan 1", "Plan 2"]
BROKEN = {
    "no TOML": "when = [\n",
    "an unknown key": HALF_HOURLY + 'step = "sync"\n',
    "no key": "",
    "a plan that is gone": HALF_HOURLY + 'plans = ["Plan 3"]\n',
}


@pytest.fixture
def told() -> Iterator[Monitor]:
    """What a monitor hears."""
    with monitor() as known:
        yield known


@pytest.fixture
def ticks(tmp_path: Path, told: Monitor) -> Ticks:
    """Two plans that are synced every half hour and have a keeper and a monitor, first seen on Monday at seven."""
    made = Ticks(set_up(tmp_path / "private", mail=True), MONDAY)
    config = made.folder / "config.toml"
    write(config, config.read_text("utf-8") + f'[schedule]\nheartbeat = "{told.url}"\n')
    assert made.tick().runs == ()
    return made


def job(ticks: Ticks, text: str, name: str = "week") -> None:
    write(ticks.folder / "jobs" / f"{name}.toml", text)


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_sound_jobs_run_and_the_broken_one_is_told(ticks: Ticks, told: Monitor, text: str) -> None:
    """Every plan of the sound job is written; the exit code is 2 and the monitor hears of it."""
    job(ticks, text)
    outcome = ticks.tick_at(MONDAY + HALF)
    assert names(outcome) == BOTH
    assert outcome.code == 2
    assert [Path(mistake.file).name for mistake in outcome.mistakes][:1] == ["week.toml"]
    assert [path.partition("?")[0] for _, path, _ in told.pings][-2:] == ["/5f1a/start", "/5f1a/2"]
    assert finished_runs(ticks) == finished_runs(ticks, "p-000002") == 1


def test_a_failure_of_a_plan_is_worse(ticks: Ticks) -> None:
    """The exit code is the worst of all."""
    job(ticks, "when = 1\n")
    (ticks.folder / "plan-1.xlsx").write_bytes(b"no workbook")
    assert ticks.tick_at(MONDAY + HALF).code == 3


def test_a_job_runs_for_the_plans_there_are(tmp_path: Path) -> None:
    """Of its plans the one that is gone is told with its line; the other is run, and no plan that it does not name."""
    named = HALF_HOURLY + 'plans = ["Plan 2", "Plan 3"]\n'
    ticks = Ticks(set_up(tmp_path / "private", jobs={"sync": named}), MONDAY)
    assert ticks.tick().code == 2
    outcome = ticks.tick_at(MONDAY + HALF)
    assert names(outcome) == ["Plan 2"]
    assert [(mistake.line, mistake.key) for mistake in outcome.mistakes] == [(4, "plans")]
    with pytest.raises(ConfigError, match=r"sync.toml:4: plans: there is no plan of this name"):
        assert not ticks.config.jobs


def test_ticks_stay_cheap_and_tell_again_every_hour(ticks: Ticks, told: Monitor) -> None:
    """Where nothing else is due a broken file is looked at, and told, once an hour; a mended one at once."""
    job(ticks, "when = 1\n", name="sync")
    ticks.tick()
    heard = len(told.pings)
    costly = []
    for number in range(1, 37):
        ticks.clock.instant = MONDAY + number * 5 * MINUTE
        if not nothing_due(ticks):
            costly.append(number * 5)
            assert ticks.tick().code == 2
    assert costly == [60, 120, 180]
    assert len(told.pings) == heard + 6
    job(ticks, HALF_HOURLY, name="sync")
    assert not nothing_due(ticks)
    assert names(ticks.tick()) == BOTH


def test_what_passed_meanwhile_is_made_up_for_within_the_grace(ticks: Ticks) -> None:
    """When the file is mended its last period is run, and a plan that an earlier tick left is not forgotten."""
    lock = ticks.folder / "~$plan-2.xlsx"
    lock.write_bytes(b"\x03Ana" + b" " * 161)
    assert ticks.tick_at(MONDAY + HALF).left == 1
    job(ticks, "when = 1\n", name="sync")
    assert names(ticks.tick_at(MONDAY + HALF + 5 * MINUTE)) == []
    lock.unlink()
    job(ticks, HALF_HOURLY, name="sync")
    assert names(ticks.tick_at(MONDAY + HALF + 10 * MINUTE)) == ["Plan 2"]
    job(ticks, "when = 1\n", name="sync")
    ticks.tick_at(MONDAY + 2 * HALF)
    job(ticks, HALF_HOURLY, name="sync")
    assert names(ticks.tick_at(MONDAY + 4 * HALF)) == BOTH
    assert [run.period for run in job_runs(ticks) if run.state == "done"] == [MONDAY + 4 * HALF, MONDAY + HALF]


def keeper_mails(ticks: Ticks) -> list[str]:
    files = (ticks.folder / "state").rglob("*.eml")
    return [text for file in files if "could not do its work" in (text := file.read_text("utf-8", "replace"))]


@pytest.mark.parametrize(("name", "told_on_monday"), [("sync", 1), ("week", 0)])
def test_the_keeper_hears_of_it_by_the_usual_rule(ticks: Ticks, name: str, told_on_monday: int) -> None:
    """Told once, when it was so for four working hours and no other mail went on that day, whether or not another job
    runs; it fails after a day."""
    job(ticks, "when = 1\n", name=name)
    for hours in range(2, 6):
        ticks.tick_at(MONDAY + hours * HOUR)
    assert not keeper_mails(ticks)
    for hours in (6, 7):
        ticks.tick_at(MONDAY + hours * HOUR)
    assert len(keeper_mails(ticks)) == told_on_monday
    assert ticks.tick_at(MONDAY + 26 * HOUR).code == 3
    assert len(keeper_mails(ticks)) == 1
    assert "sheets-sync config check" in keeper_mails(ticks)[0].replace("=\n", "")
    job(ticks, HALF_HOURLY, name=name)
    assert ticks.tick_at(MONDAY + 27 * HOUR).code == 0
    assert len(keeper_mails(ticks)) == 1


def test_it_is_for_the_plans_it_names(ticks: Ticks) -> None:
    """A broken file that names plans counts for those alone; a paused plan misses nothing."""
    job(ticks, 'when = 1\nplans = ["Plan 2"]\n')
    ticks.tick_at(MONDAY + HALF)
    store = ticks.store()
    assert {uid: health.reason for uid, health in store.health.all().items()} == {
        "p-000001": "",
        "p-000002": Cause.JOBS.value,
    }
    store.pauses.begin("p-000002", "paused by hand", ticks.clock.now())
    store.close()
    ticks.tick_at(MONDAY + 2 * HALF)
    store = ticks.store()
    assert store.health.health("p-000002").failures == 0
    store.close()


def test_one_that_is_switched_off_hinders_nothing(ticks: Ticks) -> None:
    """Whoever looks at the configuration is told of its mistakes; a tick is well."""
    job(ticks, HALF_HOURLY + 'plans = ["Plan 3"]\nenabled = false\n')
    assert ticks.tick_at(MONDAY + HALF).code == 0
    assert standing(ticks.config, now=MONDAY + HALF).is_well
    with pytest.raises(ConfigError, match=r"week\.toml:4: plans"):
        assert not ticks.config.jobs


def test_mended_it_is_over_with_the_next_tick(ticks: Ticks) -> None:
    """Though no run is due for long: nobody is told of it afterwards."""
    job(ticks, "when = 1\n", name="sync")
    for hours in range(2, 5):
        ticks.tick_at(MONDAY + hours * HOUR)
    job(ticks, HALF_HOURLY.replace("*/30 * * * *", "0 7 1 12 *"), name="sync")
    assert ticks.tick_at(MONDAY + 4 * HOUR + 5 * MINUTE).code == 0
    found = standing(ticks.config, now=ticks.clock.now())
    assert (found.is_well, {plan.health.failures for plan in found.plans}) == (True, {0})
    ticks.tick_at(MONDAY + 30 * HOUR)
    assert not keeper_mails(ticks)


def test_the_status_shows_it_at_once(ticks: Ticks) -> None:
    """Before any tick came, with the coming run of the sound job; all is not well."""
    job(ticks, "when = 1\n")
    found = standing(ticks.config, now=MONDAY)
    assert (found.is_well, found.fails, found.jobs) == (False, False, 1)
    assert {plan.next_run for plan in found.plans} == {MONDAY + HALF}
    assert [Path(mistake.file).name for mistake in found.mistakes][:1] == ["week.toml"]


def test_a_folder_that_is_none_is_told_to_the_monitor(ticks: Ticks, told: Monitor) -> None:
    """Where no job can be read at all the tick ends with the mistake, and not unheard."""
    (ticks.folder / "jobs" / "sync.toml").unlink()
    (ticks.folder / "jobs").rmdir()
    (ticks.folder / "jobs").write_text("")
    with pytest.raises(ConfigError):
        ticks.tick_at(MONDAY + HALF)
    assert [path.partition("?")[0] for _, path, _ in told.pings][-1] == "/5f1a/2"


@pytest.mark.parametrize("table", ["lease", "job_period"])
def test_a_store_that_fails_once_it_is_open_is_told_to_the_monitor(ticks: Ticks, told: Monitor, table: str) -> None:
    """Where what is due cannot be learnt from it the tick ends with that error, and is heard once."""
    before = len(told.pings)
    store = ticks.store()
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost")
    store.close()
    with pytest.raises(StoreError):
        ticks.tick_at(MONDAY + HALF)
    assert [path.partition("?")[0] for _, path, _ in told.pings[before:]] == ["/5f1a/start", "/5f1a/3"]
