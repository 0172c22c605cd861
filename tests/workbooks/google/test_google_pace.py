"""Calls to Google keep to its quotas, counted together by all processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookBusy
from sheets_sync.workbooks.google.pace import PER_ACCOUNT, PER_PROJECT, WINDOW, Kind, SharedPace

ROOT = Path(__file__).parents[3]

COUNTING = """
import sys
from pathlib import Path
from sheets_sync.workbooks.google.pace import Kind, SharedPace

class Enough(Exception): pass

def sleep(seconds): raise Enough

pace, taken = SharedPace(Path(sys.argv[1]), "robot", project="p", now=lambda: 1000.0, sleep=sleep), 0
sys.stdin.readline()
try:
    while taken < 100:
        pace.take(Kind.READ)
        taken += 1
except Enough:
    pass
print(taken)
"""


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def pace(self, folder: Path, account: str = "robot@example.com", project: str = "") -> SharedPace:
        return SharedPace(folder, account, project=project, now=lambda: self.now, sleep=self.sleep)


def test_sixty_calls_go_at_once_and_the_next_waits_for_the_minute(tmp_path: Path) -> None:
    """Nobody waits below the quota; above it exactly as long as the oldest call counts."""
    time = Time()
    pace = time.pace(tmp_path)
    for _ in range(PER_ACCOUNT):
        pace.take(Kind.READ)
    assert not time.slept
    time.now += 20
    pace.take(Kind.READ)
    assert WINDOW - 20 <= sum(time.slept) <= WINDOW - 20 + 1


def test_in_no_minute_are_there_more_calls_than_the_quota(tmp_path: Path) -> None:
    """Whatever the rhythm, every window of a minute holds sixty at most."""
    time = Time()
    pace = time.pace(tmp_path)
    made = []
    for number in range(200):
        time.now += number % 7 * 0.1
        pace.take(Kind.WRITE)
        made.append(time.now)
    assert all(later - earlier >= 60 for earlier, later in zip(made, made[PER_ACCOUNT:], strict=False))


def test_reads_and_writes_and_accounts_count_apart(tmp_path: Path) -> None:
    """A used-up quota of one kind or account stops no other."""
    time = Time()
    for _ in range(PER_ACCOUNT):
        time.pace(tmp_path).take(Kind.READ)
    time.pace(tmp_path).take(Kind.WRITE)
    time.pace(tmp_path, "another@example.com").take(Kind.READ)
    assert not time.slept


def test_accounts_of_one_project_share_its_quota(tmp_path: Path) -> None:
    """Six busy accounts of a project are stopped by the project's quota."""
    time = Time()
    for number in range(PER_PROJECT):
        time.pace(tmp_path, f"robot-{number % 6}", project="plant").take(Kind.READ)
    assert not time.slept
    time.pace(tmp_path, "robot-7", project="plant").take(Kind.READ)
    assert sum(time.slept) >= 60


def test_a_clock_set_back_stops_nobody_for_long(tmp_path: Path) -> None:
    """Calls counted in what is now the future do not count."""
    time = Time()
    for _ in range(PER_ACCOUNT):
        time.pace(tmp_path).take(Kind.READ)
    time.now -= 86_400
    time.pace(tmp_path).take(Kind.READ)
    assert not time.slept


def test_waiting_for_ever_is_given_up(tmp_path: Path) -> None:
    """Where others take every place as soon as it is free, the workbook is put off."""
    time = Time()
    others = time.pace(tmp_path)

    def outrun(seconds: float) -> None:
        time.sleep(seconds)
        for _ in range(PER_ACCOUNT):
            others.take(Kind.READ)

    outrun(0)
    with pytest.raises(WorkbookBusy, match="quota"):
        SharedPace(tmp_path, "robot@example.com", now=lambda: time.now, sleep=outrun).take(Kind.READ)


def test_damaged_counts_are_begun_anew(tmp_path: Path) -> None:
    """A file that is no database costs nothing but the counts in it."""
    file = tmp_path / "google-calls.sqlite"
    file.write_bytes(b"no database at all" * 100)
    time = Time()
    time.pace(tmp_path).take(Kind.READ)
    assert file.read_bytes().startswith(b"SQLite format 3")


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """Without a place to count, no call is made."""
    with pytest.raises(WorkbookBusy, match="cannot be counted"):
        SharedPace(tmp_path / "absent", "robot").take(Kind.READ)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_counts_name_nobody_and_are_private(tmp_path: Path) -> None:
    """The file is its user's alone, and holds no address and no project."""
    Time().pace(tmp_path, "ana@example.com", project="secret-plant").take(Kind.READ)
    file = tmp_path / "google-calls.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ana@" not in file.read_bytes()
    assert b"secret-plant" not in file.read_bytes()


def test_processes_count_together(tmp_path: Path) -> None:
    """Two processes that call at once make sixty calls between them, not sixty each."""
    words = [sys.executable, "-c", COUNTING, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    taken = [int(process.communicate(timeout=30)[0]) for process in started]
    assert sum(taken) == PER_ACCOUNT


def test_the_quotas_are_those_google_documents() -> None:
    """60 a minute for an account, 300 for a project, and a window no shorter than the minute."""
    assert (PER_ACCOUNT, PER_PROJECT) == (60, 300)
    assert WINDOW >= 60


def test_who_is_turned_away_takes_no_place(tmp_path: Path) -> None:
    """Waiting costs nobody a call: when the minute is over all sixty are free."""
    time = Time()
    pace = time.pace(tmp_path)
    for _ in range(PER_ACCOUNT):
        pace.take(Kind.READ)
    time.now += 30

    def give_up(seconds: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        SharedPace(tmp_path, "robot@example.com", now=lambda: time.now, sleep=give_up).take(Kind.READ)
    assert pace.used(Kind.READ) == PER_ACCOUNT
    time.now += WINDOW - 30
    assert pace.used(Kind.READ) == 0
    for _ in range(PER_ACCOUNT):
        pace.take(Kind.READ)
    assert not time.slept


def test_without_any_call_nothing_was_used(tmp_path: Path) -> None:
    """Looking at the counts makes no file."""
    assert Time().pace(tmp_path).used(Kind.WRITE) == 0
    assert not list(tmp_path.iterdir())
