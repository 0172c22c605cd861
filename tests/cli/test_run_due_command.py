"""`run --due` as a schedule calls it, and the files init writes for it."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Command
from run.due_stage import set_up
from run.file_stage import make_plan
from schedule.monitors import monitor

from sheets_sync.config.load import load_config
from sheets_sync.core.log_layout import LAST_CHECKED
from sheets_sync.notify.template_files import own_templates, shipped_templates
from sheets_sync.run.wiring import open_store
from sheets_sync.workbooks.excel_file import ExcelFile

EVERY_MINUTE = 'when = "* * * * *"\ntimezone = "UTC"\nsteps = ["sync"]\n'
SETTLED = ("--timezone", "America/Sao_Paulo", "--country", "none")


def seen_before(folder: Path) -> None:
    """Let the job have been seen ten minutes ago, so that it is due now."""
    store = open_store(load_config(folder))
    store.schedule.periods("sync", dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10))
    store.close()


@pytest.fixture
def folder(home: Path) -> Path:
    """A private folder with eight plans whose job is due now."""
    made = set_up(home / "private", plans=8, jobs={"sync": EVERY_MINUTE})
    seen_before(made)
    return made


def test_a_schedule_gets_a_line_for_each_plan_and_one_for_all(folder: Path, process: Command) -> None:
    """Where nobody looks each plan is one line without names of people, and the last line counts them."""
    done = process("run", "--due", "--yes", "--config", "private")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.partition(",")[0] for line in lines[:-1]] == [f"Plan {number}: written" for number in range(1, 9)]
    assert lines[-1] == "8 plans: 8 written"
    assert "Ana" not in done.stdout + done.stderr


def test_a_tick_with_nothing_due_says_nothing(home: Path, process: Command) -> None:
    """Cron mails whatever is said, so nothing is."""
    set_up(home / "private", jobs={"sync": EVERY_MINUTE.replace("* * * * *", "0 0 1 1 *")})
    for _ in range(2):
        assert process("run", "--due", "--config", "private") == (0, "", "")


def test_the_first_write_still_asks(folder: Path, process: Command) -> None:
    """A schedule never writes into a workbook for the first time by itself."""
    done = process("run", "--due", "--config", "private")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "8 plans: 8 not written yet"


@pytest.mark.parametrize("words", [("run", "--due", "--yes"), ("run", "--yes")])
def test_a_broken_job_is_told_and_stops_nothing(folder: Path, process: Command, words: tuple[str, ...]) -> None:
    """Its file and line stand on standard error even of a quiet run, every plan is written, and the exit code is 2."""
    (folder / "jobs" / "Week.toml").write_text(EVERY_MINUTE)
    done = process(*words, "-q", "--config", "private")
    assert done.returncode == 2
    assert "jobs/Week.toml: (file): a job's name is of a-z, 0-9 and - only: rename the file" in done.stderr
    (folder / "jobs" / "Week.toml").rename(folder / "jobs" / "week.toml")
    assert process("run", "-q", "--config", "private") == (0, "", "")


def test_a_broken_job_is_one_json_line(folder: Path, process: Command) -> None:
    """Where log lines are JSON nothing else stands on standard error."""
    (folder / "jobs" / "week.toml").write_text("when = 1\n")
    done = process("run", "--due", "--yes", "-q", "--log-format", "json", "--config", "private")
    [line] = done.stderr.splitlines()
    assert (done.returncode, json.loads(line)["place"]) == (2, "week.toml:1, week.toml:1, week.toml:1")


def test_without_jobs_a_tick_says_so(home: Path, process: Command) -> None:
    """When it looked, and not at every tick; status and doctor say it too."""
    set_up(home / "private", jobs={"sync": EVERY_MINUTE})
    (home / "private" / "jobs" / "sync.toml").unlink()
    done = process("run", "--due", "--quiet", "--config", "private")
    assert (done.returncode, done.stderr.count("there are no jobs, so nothing is ever due")) == (0, 1)
    assert process("run", "--due", "--config", "private") == (0, "", "")
    assert "Jobs: none, so nothing runs by itself" in process("status", "--config", "private").stdout
    assert "jobs: none, so nothing runs by itself" in process("doctor", "--config", "private").stdout


def test_a_store_that_cannot_be_opened_is_told_to_the_monitor(folder: Path, process: Command) -> None:
    """The tick fails before anything could be watched; who watches hears of it all the same."""
    (folder / "state" / "store.db").write_bytes(b"no store" * 1000)
    with monitor() as known:
        config = folder / "config.toml"
        config.write_text(config.read_text("utf-8") + f'[schedule]\nheartbeat = "{known.url}"\n', "utf-8")
        done = process("run", "--due", "--config", "private")
    assert (done.returncode, "it is not a store" in done.stderr) == (3, True)
    assert [path.partition("?")[0] for _, path, _ in known.pings] == ["/5f1a/start", "/5f1a/3"]


def test_doctor_tells_broken_jobs(folder: Path, process: Command) -> None:
    """With their places, as something that is not well."""
    (folder / "jobs" / "week.toml").write_text("when = 1\n")
    done = process("doctor", "--config", "private")
    assert done.returncode == 3
    assert "FAIL  jobs: mistakes: 3, in " in done.stdout
    assert "jobs/week.toml:1" in done.stdout


def test_a_pause_is_told_in_the_workbook_at_once(folder: Path, process: Command) -> None:
    """`pause` leaves its word in the Sync log, and nothing else in the file; with the workbook open, the next run
    does."""

    def said() -> str:
        log = ExcelFile(folder / "plan-1.xlsx", backups=folder / "b").read(()).log
        return log.cells[LAST_CHECKED[0], 3].text if log is not None else ""

    process("run", "--due", "--yes", "--config", "private")
    seen_before(folder)
    lock = folder / "~$plan-1.xlsx"
    lock.write_bytes(b"\x03Ana" + b" " * 160)
    assert process("pause", "Plan 1", "--until", "2999-01-04", "--config", "private").returncode == 0
    assert said().startswith("Red: ")
    lock.unlink()
    assert process("pause", "Plan 1", "--until", "2999-01-05", "--config", "private").returncode == 0
    assert said().startswith("Paused until 2999-01-05: ")


def test_quiet_leaves_only_failures(folder: Path, process: Command) -> None:
    """With --quiet nothing is said of what went well."""
    assert process("run", "--due", "--yes", "-q", "--config", "private") == (0, "", "")


@pytest.mark.parametrize(
    "words", [["--plan", "Plan 1"], ["--dry-run"], ["--mail", "owner-week"], ["--as-of", "2026-11-22"]]
)
def test_the_jobs_say_what_is_done(folder: Path, sheets_sync: Command, words: list[str]) -> None:
    """Options that say it otherwise are refused beside --due."""
    done = sheets_sync("run", "--due", "--config", "private", *words)
    assert done.returncode == 2
    assert "not together with --due" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
def test_sigterm_ends_after_the_plan_at_work(folder: Path, environment: dict[str, str], process: Command) -> None:
    """A service that is stopped finishes the plan it works on and leaves the others to the next tick."""
    words = [sys.executable, "-m", "sheets_sync", "run", "--due", "--yes", "--config", str(folder)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert running.stdout is not None
    first = running.stdout.readline()
    os.kill(running.pid, signal.SIGTERM)
    rest, told = running.communicate(timeout=60)
    assert running.returncode == 0, told
    assert first.startswith("Plan 1: written")
    assert "asked to end" in told
    done = rest.count(": written") + 1
    assert done < 8
    after = process("run", "--due", "--yes", "--config", str(folder))
    assert after.returncode == 0
    assert after.stdout.splitlines()[-1].endswith(f": {8 - done} written")


def test_init_writes_jobs_in_the_plans_time_zone(home: Path, sheets_sync: Command) -> None:
    """Jobs stand beside config.toml and are read; a second plan changes none of them."""
    for name in ("one", "two"):
        make_plan(home / f"{name}.xlsx")
    done = sheets_sync("init", "one.xlsx", *SETTLED)
    assert "jobs leader-week, owner-week, sync" in done.stdout
    assert "sheets-sync schedule install" in done.stdout
    before = {file.name: file.read_bytes() for file in (home / "jobs").iterdir()}
    again = sheets_sync("init", "two.xlsx", "--timezone", "Europe/Lisbon", "--country", "none")
    assert "jobs leader-week" not in again.stdout
    assert {file.name: file.read_bytes() for file in (home / "jobs").iterdir()} == before
    assert {job.timezone for job in load_config(home).jobs} == {"America/Sao_Paulo"}
    assert not (home / "templates").exists()


def test_init_writes_templates_where_they_are_wished(home: Path, sheets_sync: Command) -> None:
    """With --mail-templates every template of the mails is there to be changed, and used; none is written over."""
    make_plan(home / "one.xlsx")
    (home / "templates").mkdir(mode=0o700)
    own = home / "templates" / "week-subject.txt.j2"
    own.write_text("Ours")
    own.chmod(0o600)
    done = sheets_sync("init", "one.xlsx", "--mail-templates", *SETTLED)
    assert done.returncode == 0
    assert own_templates(home / "templates").keys() == shipped_templates().keys()
    assert own.read_text() == "Ours"


def test_config_check_reads_the_jobs_too(folder: Path, sheets_sync: Command) -> None:
    """`config check` names the jobs, or every mistake in them with its line."""
    assert "Jobs: sync\n" in sheets_sync("config", "check", "--config", "private").stdout
    (folder / "jobs" / "sync.toml").write_text(EVERY_MINUTE.replace("sync", "synch"))
    done = sheets_sync("config", "check", "--config", "private")
    assert done.returncode == 2
    assert 'sync.toml:3: steps: there is no step of this name; did you mean "sync"?' in done.stderr
