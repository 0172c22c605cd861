"""Knowing that it runs, on a clock that moves: status, exit codes, the keeper's mail, heartbeat, Prometheus' file."""

import datetime as dt
import json
import os
import sys

import pytest
import time_machine
from openpyxl import Workbook, load_workbook
from prometheus_client.parser import text_string_to_metric_families
from schedule.monitors import dead_port, monitor

ADOPTED = "2026-11-19 09:00"  # a Thursday
SENTINEL = "Zanzibar"
PEOPLE = (
    f'[people."Ana {SENTINEL}"]\naddress = "ana@{SENTINEL}.test"\n'
    f'[people."Kim {SENTINEL}"]\naddress = "kim@{SENTINEL}.test"\n'
)
PLAN = '[[plan]]\nuid = "p-000001"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "UTC"\n'
KEEPER = f'[mail]\nkeeper = "Kim {SENTINEL}"\nallowed_domains = ["{SENTINEL}.test"]\n'
ROWS = 20
LATE = ("--accept-clock",)
"""No server confirms a clock here that stands more than 36 hours after the last finished run."""


def make_plan(path, *, rows=ROWS):
    """A plan of late rows, all of one person."""
    book = Workbook()
    book.active.title = "Actions"
    book.active.append(("Action", "Owner", "Due", "Status"))
    for number in range(rows):
        action = f"Repair press number {number} in {SENTINEL}"
        book.active.append((action, f"Ana {SENTINEL}", dt.date(2026, 11, 17), "Open"))
    book.save(path)


@pytest.fixture
def at(sheets_sync):
    """Runs a command at a UTC time."""

    def run(instant: str, *words: str):
        with time_machine.travel(dt.datetime.fromisoformat(f"{instant}+00:00"), tick=False):
            return sheets_sync(*words)

    return run


@pytest.fixture
def configure(home):
    """Writes the configuration with these tables."""
    file = home / "config.toml"

    def write(more: str = "", mail: str = KEEPER) -> None:
        file.write_text(PLAN + more + mail + PEOPLE)
        file.chmod(0o600)

    write()
    return write


@pytest.fixture
def plan(home, at, configure):
    """A plan that was written on a Thursday; its workbook."""
    make_plan(home / "P.xlsx")
    assert at(ADOPTED, "run", "--yes").returncode == 0
    return home / "P.xlsx"


@pytest.fixture
def status(at):
    """The status at a time, as JSON tells it of the plan, with `well` and the exit code."""

    def read(instant: str, *words: str):
        done = at(instant, "status", "--format", "json", *words)
        told = json.loads(done.stdout)
        return {**told["plans"][0], "well": told["well"], "mail": told["mail"], "code": done.returncode}

    return read


def retype(path):
    """A person gives two rows another date, so that a run has something to write."""
    book = load_workbook(path)
    for row in (2, 3):
        book.active.cell(row, 3).value = dt.date(2026, 12, 17)
    book.save(path)


def lock(path, *, age_of):
    """A lock file of Excel beside a workbook, last touched at this UTC time."""
    owner = f"Ana {SENTINEL}".encode()
    found = path.with_name(f"~${path.name}")
    found.write_bytes(bytes((len(owner),)) + owner.ljust(54) + b"\0" * 110)
    instant = dt.datetime.fromisoformat(f"{age_of}+00:00").timestamp()
    os.utime(found, (instant, instant))
    return found


def alerts(home, subject="could not do its work"):
    """The mails to the keeper that were written as files."""
    return [file for file in home.rglob("*.eml") if subject in file.read_text("utf-8", "replace")]


def test_a_plan_that_was_never_run_is_told_as_such(home, configure, status, at):
    """Nothing is made by asking; it is too old for whoever asks for an age."""
    make_plan(home / "P.xlsx")
    told = status(ADOPTED)
    assert (told["state"], told["last_checked"], told["code"]) == ("never checked", None, 0)
    assert status(ADOPTED, "--max-age", "26h")["code"] == 3
    assert not (home / ".local").exists()
    assert at(ADOPTED, "status").stdout.count("never checked") == 1


def test_an_unchanged_plan_is_checked_with_every_run(plan, status, at):
    """Its age counts from the last run; an hour more than allowed is too old."""
    assert at("2026-11-20 09:00", "run").returncode == 0
    told = status("2026-11-21 10:00", "--max-age", "25h")
    assert (told["state"], told["last_checked"], told["code"]) == ("well", "2026-11-20T09:00:00Z", 0)
    told = status("2026-11-21 10:01", "--max-age", "25h")
    assert (told["state"], told["code"], told["well"]) == ("too old", 3, False)


@pytest.mark.parametrize("age", ["26", "0h", "1w", "-3h", "h"])
def test_an_age_is_a_number_with_its_unit(plan, at, age):
    """Anything else is a mistake of whoever typed it."""
    assert at(ADOPTED, "status", "--max-age", age).returncode == 2


def test_a_workbook_that_is_always_open_is_a_failure_after_a_day(home, plan, status, at):
    """Until then a run that puts it off counts as done; then it ends with 3, the keeper is told once in working hours,
    and when it is closed all is well again."""
    retype(plan)
    left = lock(plan, age_of="2026-11-17 07:00")
    for hour in ("09:00", "10:00", "15:00"):
        assert at(f"2026-11-20 {hour}", "run").returncode == 0
    told = status("2026-11-20 15:01")
    assert (told["state"], told["failures"], told["reason"], told["code"]) == ("waiting", 3, "open", 0)
    assert at("2026-11-21 09:00", "run", *LATE).returncode == 3
    told = status("2026-11-21 09:01")
    assert (told["state"], told["failing_since"], told["code"]) == ("failing", "2026-11-20T09:00:00Z", 3)
    assert told["lock_file_hours"] == 4 * 24 + 2
    assert not alerts(home)
    for hour in ("08:00", "09:00"):
        assert at(f"2026-11-23 {hour}", "run", *LATE).returncode == 3
    assert len(alerts(home)) == 1
    assert status("2026-11-23 10:01")["keeper_told"] == "2026-11-23T08:00:00Z"
    left.unlink()
    assert at("2026-11-23 10:00", "run", *LATE).returncode == 0
    told = status("2026-11-23 10:01")
    assert (told["state"], told["failures"], told["reason"], told["keeper_told"]) == ("well", 0, "", None)


def test_an_old_lock_file_is_named_and_its_owner_on_a_terminal_alone(plan, at, monkeypatch):
    """With its age, so that somebody dares to delete it."""
    retype(plan)
    lock(plan, age_of="2026-11-17 07:00")
    at("2026-11-20 09:00", "run")
    told = at("2026-11-20 09:00", "status").stdout
    assert "~$P.xlsx is 3 days old" in told
    assert SENTINEL not in told
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert f"3 days old, of Ana {SENTINEL}" in at("2026-11-20 09:00", "status").stdout


def test_a_lock_file_of_today_is_not_named(plan, at):
    """Somebody works."""
    retype(plan)
    lock(plan, age_of="2026-11-20 08:00")
    at("2026-11-20 09:00", "run")
    assert "~$" not in at("2026-11-20 09:00", "status").stdout


def test_a_mass_change_every_hour_is_told_the_same_day(home, plan, status, at):
    """A run ends with 3 at once; the keeper hears of it when it was so for four working hours, and once."""
    make_plan(plan, rows=2)
    for hour in range(9, 13):
        assert at(f"2026-11-20 {hour:02}:00", "run").returncode == 3
    assert not alerts(home)
    for hour in range(13, 18):
        assert at(f"2026-11-20 {hour:02}:00", "run").returncode == 3
    assert len(alerts(home)) == 1
    told = status("2026-11-20 18:00")
    assert (told["reason"], told["failures"], told["keeper_told"]) == ("DAT007", 9, "2026-11-20T13:00:00Z")
    assert told["last_checked"] == "2026-11-20T17:00:00Z"
    assert at("2026-11-23 09:00", "run", "--accept-changes", *LATE).returncode == 0
    assert status("2026-11-23 09:01")["state"] == "well"


def test_it_says_that_nobody_can_be_told(home, plan, configure, status, at):
    """The keeper is away and nobody stands in, or none is named: whoever looks is told that no mail goes."""
    configure()
    file = home / "config.toml"
    file.write_text(file.read_text().rstrip() + '\naway = ["2026-11-18..2026-12-18"]\n')
    make_plan(plan, rows=2)
    for hour in ("09:00", "14:00"):
        assert at(f"2026-11-20 {hour}", "run").returncode == 3
    assert not alerts(home)
    assert status("2026-11-20 14:01")["nobody_told"] is True
    assert "nobody is told by mail: its keeper is away" in at("2026-11-20 14:01", "status").stdout
    configure(mail=KEEPER.replace(f'keeper = "Kim {SENTINEL}"\n', ""))
    assert "nobody is told by mail: no keeper is named" in at("2026-11-20 14:01", "status").stdout
    configure()
    assert status("2026-11-20 14:01")["nobody_told"] is False


def test_a_weekend_between_two_failures_does_not_count(home, plan, at):
    """From Friday at four to Monday at ten are two working hours."""
    plan.rename(plan.with_name("gone.xlsx"))
    for instant in ("2026-11-20 16:00", "2026-11-23 10:00"):
        assert at(instant, "run", *LATE).returncode == 3
    assert not alerts(home)
    assert at("2026-11-23 12:00", "run", *LATE).returncode == 3
    assert len(alerts(home)) == 1


def test_a_failure_that_passes_is_told_to_nobody(home, plan, status, at):
    """It counts for nothing once a run did all it should."""
    moved = plan.rename(plan.with_name("gone.xlsx"))
    assert at("2026-11-20 09:00", "run").returncode == 3
    assert status("2026-11-20 09:01")["reason"] == "unreadable"
    moved.rename(plan)
    assert at("2026-11-20 10:00", "run").returncode == 0
    moved = plan.rename(plan.with_name("gone.xlsx"))
    assert at("2026-11-20 15:00", "run").returncode == 3
    assert not alerts(home)
    assert status("2026-11-20 15:01")["failing_since"] == "2026-11-20T15:00:00Z"


def test_a_mail_server_that_is_down_is_told_by_everything_but_mail(home, plan, configure, status, at):
    """Status and exit code say it at once, the plan fails for it after a day, and nothing is queued about it."""
    smtp = f'transport = "smtp"\nsender = "robot@{SENTINEL}.test"\n[mail.smtp]\nhost = "127.0.0.1"\n'
    configure(mail=f'{KEEPER}{smtp}port = {dead_port()}\nsecurity = "none"\n')
    for instant in ("2026-11-23 08:00", "2026-11-23 14:00", "2026-11-24 08:00"):
        assert at(instant, "run", *LATE).returncode == 3
    told = status("2026-11-24 08:01")
    assert (told["state"], told["reason"], told["failures"], told["code"]) == ("failing", "mail", 3, 3)
    assert told["mail"]["failing_since"] == "2026-11-23T08:00:00Z"
    assert told["mail"]["unsent"] == 1
    assert told["last_checked"] == "2026-11-24T08:00:00Z"
    assert "could not do its work" not in at("2026-11-24 08:01", "mail", "list").stdout
    configure()
    assert at("2026-11-24 09:00", "run").returncode == 0
    assert status("2026-11-24 09:01")["state"] == "well"


def test_a_paused_plan_fails_for_nothing(plan, status, at):
    """Its clocks stand: neither age nor failures count."""
    assert at("2026-11-19 10:00", "undo").returncode == 0
    told = status("2026-12-19 10:00", "--max-age", "1h")
    assert (told["state"], told["paused_until"], told["code"]) == ("paused", None, 0)


def test_a_pause_that_is_over_excuses_nothing(plan, status, at):
    """Until its last day the plan rests; from the next one on it is to be run again."""
    assert at("2026-11-19 10:00", "pause", "--until", "2026-11-30").returncode == 0
    told = status("2026-11-29 10:00", "--max-age", "1d")
    assert (told["state"], told["paused_until"], told["code"]) == ("paused", "2026-11-30", 0)
    assert "until 2026-11-30; to go on before: sheets-sync resume" in at("2026-11-29 10:00", "status").stdout
    told = status("2026-11-30 10:00", "--max-age", "1d")
    assert (told["state"], told["paused_until"], told["code"]) == ("too old", None, 3)


def test_one_plan_can_be_asked_for(plan, at, status):
    """By name or uid; one that is not there is a mistake."""
    assert status(ADOPTED, "--plan", "p-000001")["name"] == "Plant"
    assert at(ADOPTED, "status", "--plan", "Plants").returncode == 2


def test_the_form_of_the_json_is_what_the_help_promises(plan, at):
    """Every key is named there, and no other comes."""
    told = json.loads(at(ADOPTED, "status", "--format", "json").stdout)
    assert told["format"] == 1
    assert list(told) == ["format", "well", "mail", "jobs", "plans"]
    assert list(told["mail"]) == ["route", "unsent", "later", "off_since", "failing_since"]
    assert list(told["plans"][0]) == [
        *("uid", "name", "state", "last_run", "last_checked", "next_run", "next_try", "paused_until", "failures"),
        *("failing_since", "keeper_told", "nobody_told", "reason", "lock_file_hours"),
    ]
    text = at(ADOPTED, "status", "--help").stdout
    for key in (*told, *told["mail"], *told["jobs"], *told["plans"][0]):
        assert key in text, key


def test_monitors_hear_of_every_run(home, plan, configure, at):
    """The heartbeat at its begin and end with counts, and a file that Prometheus' own reader takes."""
    with monitor() as known:
        configure(f'[schedule]\nheartbeat = "{known.url}"\ntextfile = "s.prom"\n')
        assert at("2026-11-20 09:00", "run").returncode == 0
        make_plan(plan, rows=2)
        assert at("2026-11-20 10:00", "run").returncode == 3
    paths = [path.partition("?rid=") for _, path, _ in known.pings]
    assert [path for path, _, _ in paths] == ["/5f1a/start", "/5f1a/0", "/5f1a/start", "/5f1a/3"]
    assert paths[0][2] == paths[1][2] != paths[2][2] == paths[3][2]
    assert "plans: 1\nwell: 0\n" in known.pings[3][2]
    assert "not done, DAT007: 1\n" in known.pings[3][2]
    families = {one.name: one for one in text_string_to_metric_families((home / "s.prom").read_text())}
    failures = families["sheets_sync_failures"].samples[0]
    assert (failures.labels, failures.value) == ({"plan": "p-000001"}, 1.0)
    checked = families["sheets_sync_last_checked_timestamp_seconds"].samples[0].value
    assert checked == dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC).timestamp()
    assert families["sheets_sync_run_exit_code"].samples[0].value == 3


def test_a_run_that_only_looks_tells_no_monitor(home, plan, configure, at):
    """A dry run and another day are no runs of a schedule, and neither ends a row of failures."""
    with monitor() as known:
        configure(f'[schedule]\nheartbeat = "{known.url}"\ntextfile = "s.prom"\n')
        at("2026-11-20 09:00", "run", "--dry-run")
        at("2026-11-20 09:00", "run", "--as-of", "2026-12-01")
    assert not known.pings
    assert not (home / "s.prom").exists()


@pytest.mark.parametrize(
    "heartbeat", ['"env:NOT_SET_ANYWHERE"', f'"http://127.0.0.1:{dead_port()}/x"', '"file:not-there"']
)
def test_a_monitor_that_cannot_be_told_stops_nothing(plan, configure, at, heartbeat):
    """The run ends as it would have, as it does where Prometheus' file cannot be written."""
    configure(f'[schedule]\nheartbeat = {heartbeat}\ntextfile = "/proc/nowhere/s.prom"\n')
    assert at("2026-11-20 09:00", "run").returncode == 0


def test_no_cell_name_address_or_secret_is_told(home, plan, configure, at):
    """Neither by status off a terminal, nor by ping, file or log, whatever goes wrong."""
    with monitor() as known:
        secret = home / f"beat-{SENTINEL}"
        secret.write_text(known.url.replace("5f1a", SENTINEL))
        secret.chmod(0o600)
        configure(f'[schedule]\nheartbeat = "file:{secret.name}"\ntextfile = "s.prom"\nmax_defer_hours = 1\n')
        retype(plan)
        left = lock(plan, age_of="2026-11-17 07:00")
        said = []
        for instant in ("2026-11-20 09:00", "2026-11-20 10:00", "2026-11-20 14:00"):
            said.append(at(instant, "run", "--log-format", "json"))
        left.unlink()
        make_plan(plan, rows=1)
        said.append(at("2026-11-20 15:00", "run", "--log-format", "json"))
        plan.write_bytes(b"PK" + SENTINEL.encode() * 50)
        said.append(at("2026-11-20 16:00", "run", "--log-format", "json"))
        for form in ("text", "json"):
            said.append(at("2026-11-23 16:00", "status", "--format", form, "--max-age", "1h", "--log-format", "json"))
    told = "".join(done.stdout + done.stderr for done in said)
    told += "".join(body for _, _, body in known.pings) + (home / "s.prom").read_text()
    assert "failing" in told
    assert len(known.pings) == 10
    assert SENTINEL.casefold() not in told.casefold()


def test_what_is_due_is_watched_as_a_run_by_hand_is(home, plan, configure, at, status):
    """A workbook that is open for more than a day ends a tick with 3; the monitor hears of ticks that did something."""
    jobs = home / "jobs"
    jobs.mkdir(mode=0o700, exist_ok=True)
    for file in jobs.iterdir():
        file.unlink()
    job = jobs / "hourly.toml"
    job.write_text('when = "0 * * * *"\ntimezone = "UTC"\nsteps = ["sync"]\n')
    job.chmod(0o600)
    with monitor() as known:
        configure(f'[schedule]\nheartbeat = "{known.url}"\n')
        retype(plan)
        lock(plan, age_of="2026-11-20 08:00")
        assert at("2026-11-20 08:30", "run", "--due").returncode == 0
        assert not known.pings
        for instant in ("2026-11-20 09:00", "2026-11-20 10:00"):
            assert at(instant, "run", "--due").returncode == 0
        assert len(known.pings) == 4
        assert status("2026-11-20 10:01")["next_run"] == "2026-11-20T11:00:00Z"
        done = at("2026-11-21 09:00", "run", "--due")
    assert done.returncode == 3
    assert known.pings[-1][1].startswith("/5f1a/3?")
    assert status("2026-11-21 09:01")["state"] == "failing"
