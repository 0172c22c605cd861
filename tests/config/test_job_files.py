"""Job files: what a good one gives, and how the mistakes of bad ones are told, all at once."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.job_files import find_jobs, load_jobs
from sheets_sync.config.job_starter import shipped_jobs, write_jobs
from sheets_sync.config.load import load_config
from sheets_sync.core.jobs import CatchUp, Job, Step
from sheets_sync.errors import ConfigError, UsageError

GOOD = 'when = "30 7 * * MON"\ntimezone = "Europe/Lisbon"\nsteps = ["sync"]\n'
PLANS = ("Plant 2026", "p-0123456789ab")

WriteJob = Callable[..., Path]


@pytest.fixture
def job_file(tmp_path: Path) -> WriteJob:
    """Writes a job into the private folder and returns that folder."""

    def write(text: str, name: str = "sync.toml") -> Path:
        folder = tmp_path / "private"
        for place in (folder, folder / "jobs"):
            place.mkdir(mode=0o700, exist_ok=True)
        file = folder / "jobs" / name
        file.write_bytes(text.encode())
        file.chmod(0o600)
        return folder

    return write


def mistakes(folder: Path) -> list[str]:
    """The mistakes of a folder's jobs, as "file:line: key: reason"."""
    with pytest.raises(ConfigError) as caught:
        load_jobs(folder, PLANS)
    return [f"{Path(m.place).name}: {m.key}: {m.reason}" for m in caught.value.mistakes]


def test_every_key_arrives_in_the_job(job_file: WriteJob) -> None:
    """Each key becomes what it says; what is left out is the default; the file's name is the job's."""
    folder = job_file(
        'when = " 30  7 1-7 * MON#1"\ntimezone = "America/Sao_Paulo"\nsteps = ["owner-week", "leader-week"]\n'
        'plans = ["Plant 2026"]\ncatch_up = "all"\ngrace_hours = 48\nenabled = true\n',
        "first-monday.toml",
    )
    job_file(GOOD)
    assert load_jobs(folder, PLANS) == (
        Job(
            "first-monday",
            "30 7 1-7 * MON#1",
            "America/Sao_Paulo",
            (Step.OWNER_WEEK, Step.LEADER_WEEK),
            ("Plant 2026",),
            CatchUp.ALL,
            dt.timedelta(hours=48),
        ),
        Job("sync", "30 7 * * MON", "Europe/Lisbon", (Step.SYNC,), (), CatchUp.ONCE, dt.timedelta(hours=12)),
    )


def test_without_a_folder_there_are_no_jobs(tmp_path: Path) -> None:
    """A configuration needs no jobs."""
    assert load_jobs(tmp_path, PLANS) == ()


@pytest.mark.parametrize("name", ["sync.toml~", ".sync.toml", "notes.txt"])
def test_only_toml_files_are_jobs(job_file: WriteJob, name: str) -> None:
    """What an editor or a person leaves beside the jobs is none."""
    assert load_jobs(job_file("when = 1", name), PLANS) == ()


def test_a_plain_file_in_place_of_the_folder_is_a_mistake(tmp_path: Path) -> None:
    """Jobs that were meant to be there are not taken for none."""
    (tmp_path / "jobs").write_text(GOOD)
    assert mistakes(tmp_path) == ["jobs: (file): this must be a folder: jobs are files in it, such as sync.toml"]


def test_a_job_that_is_switched_off_is_no_job_but_still_read(job_file: WriteJob) -> None:
    """enabled = false leaves a job out; its mistakes are told all the same."""
    assert load_jobs(job_file(GOOD + "enabled = false\n"), PLANS) == ()
    assert mistakes(job_file(GOOD + "enabled = false\nstep = 1\n")) == [
        'sync.toml:5: step: unknown key; did you mean "steps"?'
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["1: when: is required", "1: timezone: is required", "1: steps: is required"]),
        (GOOD.replace("30 7 * * MON", "61 7 * * MON"), ["1: when: not a cron expression: bad minute"]),
        (GOOD.replace("30 7 * * MON", "30 7 * *"), ["1: when: needs five fields"]),
        (GOOD.replace("30 7 * * MON", "0 30 7 * * MON"), ["1: when: needs five fields"]),
        (GOOD.replace("30 7 * * MON", "@daily"), ["1: when: needs five fields"]),
        (GOOD.replace("30 7 * * MON", "30 7 30 2 *"), ["1: when: not a cron expression: bad day-of-month"]),
        (GOOD.replace("30 7 * * MON", "30 7 L/ * *"), ["1: when: not a cron expression"]),
        (GOOD.replace('"30 7 * * MON"', "730"), ["1: when: write text"]),
        (GOOD.replace("Lisbon", "Lissbon"), ['2: timezone: no time zone has this name; did you mean "Europe/Lisbon"?']),
        (GOOD.replace("Europe/Lisbon", "../Lisbon"), ["2: timezone: no time zone has this name"]),
        (GOOD.replace("sync", "synch"), ['3: steps: there is no step of this name; did you mean "sync"?']),
        (GOOD.replace('["sync"]', "[]"), ["3: steps: needs at least one"]),
        (GOOD.replace('["sync"]', '"sync"'), ['3: steps: write a list of texts: ["sync"]']),
        (GOOD.replace('["sync"]', '["sync", "sync"]'), ["3: steps: a name stands here twice"]),
        (GOOD + 'plans = ["Plant 2025"]', ['4: plans: there is no plan of this name; did you mean "Plant 2026"?']),
        (GOOD + "plans = []", ["4: plans: needs at least one; leave the key out for all plans"]),
        (GOOD + 'catch_up = "twice"', ["4: catch_up: must be one of: once, skip, all"]),
        (GOOD + "grace_hours = 0", ["4: grace_hours: must be a whole number of hours"]),
        (GOOD + "grace_hours = true", ["4: grace_hours: must be a whole number of hours"]),
        (GOOD + "grace_hours = 1.5", ["4: grace_hours: must be a whole number of hours"]),
        (GOOD + 'enabled = "no"', ["4: enabled: write true or false, without quotes"]),
        (GOOD + 'run = "rm -rf /"', ["4: run: unknown key"]),
        (GOOD + "when = 1", ["4: (file): not valid TOML"]),
        ("\ufeff" + GOOD + "grace_hours = 745", ["4: grace_hours: must be a whole number of hours, from 1 to 744"]),
    ],
)
def test_mistakes_are_told_with_their_line(job_file: WriteJob, text: str, told: list[str]) -> None:
    """Each mistake names its line, its key, and what to type."""
    found = mistakes(job_file(text))
    assert len(found) == len(told)
    for mistake, expected in zip(found, told, strict=True):
        assert mistake.startswith(f"sync.toml:{expected}")


def test_all_mistakes_of_all_files_are_told_at_once(job_file: WriteJob) -> None:
    """One look is enough: every file, every key, names of files too."""
    job_file("catch_up = 1\ngrace_hours = 0\n" + GOOD, "a.toml")
    job_file(GOOD.replace("30 7", "30 77"), "b.toml")
    folder = job_file(GOOD, "Weekly Mail.toml")
    assert [line.partition(": must")[0] for line in mistakes(folder)] == [
        "Weekly Mail.toml: (file): a job's name is of a-z, 0-9 and - only: rename the file",
        "a.toml:1: catch_up",
        "a.toml:2: grace_hours",
        "b.toml:1: when: not a cron expression: bad hour",
    ]


def test_a_job_elsewhere_is_not_followed(job_file: WriteJob, tmp_path: Path) -> None:
    """A link out of the folder is no job."""
    (tmp_path / "other.toml").write_text(GOOD)
    folder = job_file(GOOD)
    (folder / "jobs" / "linked.toml").symlink_to(tmp_path / "other.toml")
    assert mistakes(folder) == ["linked.toml: (file): a job must be a plain file in this folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists")
@pytest.mark.parametrize("place", ["jobs", "jobs/sync.toml"])
def test_jobs_that_others_could_change_are_not_used(job_file: WriteJob, place: str) -> None:
    """The folder and each file belong to the user alone; the refusal names the command that mends it."""
    folder = job_file(GOOD)
    (folder / place).chmod(0o777 if place == "jobs" else 0o666)
    with pytest.raises(UsageError, match="chmod go-w"):
        load_jobs(folder, PLANS)


def test_a_configuration_knows_its_jobs(job_file: WriteJob, written: Callable[[str], Path], minimal: str) -> None:
    """The jobs of a config file may name its plans by name or uid."""
    file = written(minimal)
    job_file(GOOD + 'plans = ["p-0123456789ab", "plan"]')
    assert load_config(file).jobs[0].plans == ("p-0123456789ab", "plan")


def test_the_shipped_jobs_are_sound_and_written_once(tmp_path: Path) -> None:
    """They are written in the plan's time zone, for the user alone, and never where there are jobs already."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    assert [file.name for file in write_jobs(folder, "America/Sao_Paulo")] == sorted(shipped_jobs())
    jobs = load_jobs(folder, PLANS)
    assert {job.name: job.steps for job in jobs} == {
        "leader-week": (Step.LEADER_WEEK,),
        "owner-week": (Step.OWNER_WEEK,),
        "sync": (Step.SYNC,),
    }
    assert {job.timezone for job in jobs} == {"America/Sao_Paulo"}
    if sys.platform != "win32":
        assert (folder / "jobs").stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in (folder / "jobs").iterdir()} == {0o600}
    (folder / "jobs" / "sync.toml").unlink()
    assert write_jobs(folder, "UTC") == ()
    assert not (folder / "jobs" / "sync.toml").exists()


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 3000 + "]" * 3000, GOOD + f"grace_hours = {'9' * 5000}", "a." * 20000 + "b = 1"],
    ids=["brackets", "number", "key"],
)
def test_what_no_reader_of_toml_bears_stops_no_other_job(job_file: WriteJob, text: str) -> None:
    """Thousands of brackets, figures or dots in one file are a mistake of that file alone."""
    job_file(text, "bad.toml")
    found = find_jobs(job_file(GOOD), PLANS)
    assert [job.name for job in found.jobs] == ["sync"]
    assert [file.name for file in found.broken] == ["bad"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_itself_stops_no_other_job(job_file: WriteJob) -> None:
    """It is a mistake of that file alone."""
    folder = job_file(GOOD)
    (folder / "jobs" / "bad.toml").symlink_to("bad.toml")
    found = find_jobs(folder, PLANS)
    assert ([job.name for job in found.jobs], [file.name for file in found.broken]) == (["sync"], ["bad"])
