"""`sheets-sync schedule ...` as a process of its own, with a crontab program that keeps its lines in a file."""

import datetime as dt
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sheets_sync.cli.schedule_showing import job_lines
from sheets_sync.core.jobs import CatchUp, Job, Step
from sheets_sync.store.schedule_rows import JobRun

ROOT = Path(__file__).parents[2]
FOLDER = '50 % "a" & b — é'
CRONTAB = """#!/bin/sh
file="$CRONTAB_FILE"
case "$1" in
  -l) [ -f "$file" ] || { echo "no crontab for ana" >&2; exit 1; }; exec cat "$file";;
  -r) exec rm "$file";;
  -) exec cat > "$file";;
esac
"""
NO_SYSTEMD = "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n"
JOB = """\
when = "30 7 * * MON"
timezone = "Europe/Lisbon"
steps = ["owner-week"]
grace_hours = 48
"""


class Place(NamedTuple):
    """A private folder with a plan, and a computer without systemd whose crontab is a file. `python` is an environment
    in which sheets-sync is installed, as far as Python can tell."""

    folder: Path
    crontab: Path
    programs: Path
    python: Path

    def run(self, *words: str, path: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "HOME": str(self.folder.parent),
            "PATH": path or f"{self.programs}:/usr/bin:/bin",
            "CRONTAB_FILE": str(self.crontab),
            "LANG": "C.UTF-8",
            **variables,
        }
        command = [self.python, "-P", "-m", "sheets_sync", *words]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)


def program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(text)
    file.chmod(0o755)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A plan, set up, with one job, and an environment; each test has its own copy of the plan."""
    top = tmp_path_factory.mktemp("made")
    folder, environment = top / FOLDER, top / "environment"
    folder.mkdir(mode=0o700)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", environment], check=True)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    (packages / "found.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    there = Place(folder, top / "crontab", top, environment / "bin" / "python")
    done = there.run("init", "--template", "simple", "Plan", "--timezone", "UTC")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(folder / "jobs", ignore_errors=True)
    (folder / "jobs").mkdir(mode=0o700)
    (folder / "jobs" / "owner-week.toml").write_text(JOB)
    return there


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    """A copy of the plan, on a computer whose crontab is a file."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program(programs, "crontab", CRONTAB)
    program(programs, "systemctl", NO_SYSTEMD)
    folder = Path(shutil.copytree(made.folder, tmp_path / FOLDER))
    return Place(folder, tmp_path / "crontab", programs, made.python)


def test_install_show_remove(place):
    """Installed it says what runs, again that nothing was changed, and removed nothing of it is left."""
    place.crontab.write_text("0 3 * * * backup\n")
    done = place.run("schedule", "install")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Installed: a line in your crontab, sheets-sync-" in done.stdout
    assert str(place.python) in done.stdout
    lines = place.crontab.read_text("utf-8")
    assert lines.startswith("0 3 * * * backup\n# >>> sheets-sync-")
    assert "nothing was changed" in place.run("schedule", "install").stdout
    assert place.crontab.read_text("utf-8") == lines
    shown = place.run("schedule", "show", "--next", "2")
    assert shown.returncode == 0
    assert "Installed: a line in your crontab" in shown.stdout
    assert "owner-week: At 07:30 on Monday (Europe/Lisbon)" in shown.stdout
    assert "checks all plans, and mails each owner's week" in shown.stdout
    assert "the last one is made up for, within 48 hours" in shown.stdout
    assert len(re.findall(r"Mon \d\d \w\w\w \d{4} 07:30", shown.stdout)) == 2
    assert "Taken out: a line in your crontab" in place.run("schedule", "remove").stdout
    assert place.crontab.read_text() == "0 3 * * * backup\n"
    gone = place.run("schedule", "show")
    assert (gone.returncode, "Not installed" in gone.stdout) == (3, True)


def test_what_is_installed_runs_and_tells_when_it_last_looked(place):
    """The very line, run by a shell without any variable, looks what is due; `show` tells when that was."""
    place.run("schedule", "install")
    line = next(text for text in place.crontab.read_text("utf-8").splitlines() if text.startswith("*/5"))
    command = line.removeprefix("*/5 * * * * ").replace("\\%", "%")
    bare = {"HOME": str(place.folder.parent), "PATH": "/nowhere"}
    done = subprocess.run(["/bin/sh", "-c", command], cwd="/", env=bare, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "Last looked what is due: " in place.run("schedule", "show").stdout


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("systemd", "OnCalendar=*:0/5"),
        ("cron", "*/5 * * * * "),
        ("launchd", "<key>StartInterval</key>"),
        ("windows", "<StartWhenAvailable>true</StartWhenAvailable>"),
    ],
)
def test_a_dry_run_prints_any_kind_and_changes_nothing(place, kind, told):
    """What would be put in place can be looked at for every system, whichever this is."""
    before = sorted(place.folder.rglob("*"))
    done = place.run("schedule", "install", "--dry-run", "--kind", kind)
    assert (done.returncode, told in done.stdout) == (0, True)
    assert sorted(place.folder.rglob("*")) == before
    assert not place.crontab.exists()
    assert not (place.folder.parent / ".config").exists()
    assert not (place.folder.parent / "Library").exists()


@pytest.mark.parametrize("words", [("install",), ("install", "--dry-run"), ("show",)])
def test_without_any_job_it_says_what_to_write(place, words):
    """Nothing would ever run: that is said plainly, with a job that works when it is written as it stands."""
    (place.folder / "jobs" / "owner-week.toml").unlink()
    told = place.run("schedule", *words)
    assert "There is no job, so nothing runs by itself" in told.stderr
    lines = told.stderr.splitlines()
    at = next(number for number, line in enumerate(lines) if "three lines" in line)
    file = Path(lines[at].removeprefix("a file ").partition(" with these")[0])
    file.write_text("\n".join(lines[at + 1 : at + 4]))
    done = place.run("schedule", "show")
    assert (done.stderr, "sync: " in done.stdout) == ("", True)


@pytest.mark.parametrize("words", [("install",), ("install", "--dry-run"), ("show",)])
def test_a_broken_job_is_told_by_whatever_speaks_of_jobs(place, words):
    """With its line, what to type, and exit code 2; the entry is put in place, for the other jobs."""
    (place.folder / "jobs" / "sync.toml").write_text(JOB.replace("owner-week", "owner-weak"))
    done = place.run("schedule", *words)
    assert done.returncode == 2
    assert 'sync.toml:3: steps: there is no step of this name; did you mean "owner-week"?' in done.stderr
    assert "the other jobs go on; is it right now: sheets-sync config check" in done.stderr
    assert place.crontab.exists() is (words == ("install",))
    (place.folder / "jobs" / "owner-week.toml").unlink()
    assert "no job can be done until that is mended" in place.run("schedule", *words).stderr


def test_the_configuration_may_be_gone_when_its_entry_is_removed(place):
    """Whoever deleted a private folder can still take out what ticks for it, by naming where it was."""
    place.run("schedule", "install")
    (place.folder / "config.toml").unlink()
    done = place.run("schedule", "remove", "--config", str(place.folder))
    assert "Taken out" in done.stdout
    assert not place.crontab.exists()


def test_a_configuration_has_one_entry_however_it_is_spelled(place):
    """By a link, by a relative path or by its folder: it is the same configuration."""
    link = place.folder.parent / "link"
    link.symlink_to(place.folder)
    place.run("schedule", "install")
    for spelled in (".", str(link), str(link / "config.toml"), f"../{FOLDER}/config.toml"):
        assert "nothing was changed" in place.run("schedule", "install", "--config", spelled).stdout


def test_what_only_this_shell_knows_is_told(place):
    """A state folder by a variable is refused, for runs would make another; a secret in a variable is warned of."""
    refused = place.run("schedule", "install", XDG_STATE_HOME=str(place.folder.parent / "elsewhere"))
    assert refused.returncode == 2
    assert "because of the variable XDG_STATE_HOME" in refused.stderr
    assert 'above its first table: state = "' in refused.stderr
    config = place.folder / "config.toml"
    config.write_text(config.read_text("utf-8") + '\n[google]\nkey = "env:PLAN_KEY"\nsign_in = "user"\n', "utf-8")
    warned = place.run("schedule", "install")
    assert warned.returncode == 0, warned.stderr
    assert "does not have env:PLAN_KEY" in warned.stderr


def test_a_computer_without_anything_says_what_to_do(place):
    """Without systemd and crontab it ends with 2 and names the command that a container has to start."""
    (place.programs / "crontab").unlink()
    done = place.run("schedule", "install", path=str(place.programs))
    assert done.returncode == 2
    assert "sheets-sync run --due --config FOLDER" in done.stderr


def test_logged_off_is_for_windows_alone(place):
    """Elsewhere the option is refused and not passed over."""
    done = place.run("schedule", "install", "--logged-off")
    assert (done.returncode, "--logged-off is for Windows" in done.stderr) == (2, True)


@pytest.mark.parametrize("words", [("--version",), ("schedule", "show"), ("run", "--due", "--quiet")])
def test_a_program_without_any_output_ends_as_it_should(place, words):
    """Windows starts us without output and input: what is said goes nowhere, and the exit code stays true."""
    command = [str(place.python), "-P", "-m", "sheets_sync", *words]
    closed = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command]
    environment = {"HOME": str(place.folder.parent), "PATH": str(place.programs), "CRONTAB_FILE": str(place.crontab)}
    done = subprocess.run(closed, cwd=place.folder, env=environment)
    assert done.returncode == (3 if "show" in words else 0)


def job(when: str, timezone: str = "Europe/Lisbon", catch_up: CatchUp = CatchUp.ONCE) -> Job:
    return Job("sync", when, timezone, (Step.SYNC, Step.LEADER_WEEK), ("Plant 2026", "Line 4"), catch_up)


def test_coming_runs_are_told_in_the_zone_of_the_job():
    """Half past two is three on the night when clocks go forward; what was last is told with how it ended."""
    now = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    begun = dt.datetime(2026, 3, 28, 1, 30, tzinfo=dt.UTC)
    last = JobRun("sync", begun, "done", begun, begun, 3)
    assert job_lines(job("30 2 * * *", "Europe/Berlin"), last, now=now, count=2) == [
        "sync: At 02:30 every day (Europe/Berlin)",
        "  checks Plant 2026, Line 4, writes flags, mails what is due",
        "  checks Plant 2026, Line 4, and mails each leader's week",
        "  When this computer was off: the last one is made up for, within 12 hours",
        "  last    Sat 28 Mar 2026 02:30  ended with exit code 3",
        "  next    Sun 29 Mar 2026 03:00",
        "          Mon 30 Mar 2026 02:30",
    ]


def test_a_plan_that_is_named_by_its_uid_is_told_by_its_name():
    """What a job does is told in the names people know."""
    sync = replace(job("0 7 * * *"), plans=("p-000001", "Office"))
    told = job_lines(sync, None, now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), count=1, names={"p-000001": "Plant"})
    assert told[1] == "  checks Plant, Office, writes flags, mails what is due"


def test_a_run_that_did_not_end_and_what_is_not_made_up_for_are_told():
    """A run without an end says so, and a job that skips what passed says that."""
    now = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    lines = job_lines(job("0 8 29 2 *", catch_up=CatchUp.SKIP), None, now=now, count=1)
    assert lines[-2:] == ["  When this computer was off: nothing is made up for", "  next    Tue 29 Feb 2028 08:00"]
    last = JobRun("sync", now, "running", now, None, 0)
    assert "has not ended" in "\n".join(job_lines(job("0 8 * * *"), last, now=now, count=1))


def test_the_manifest_in_the_readme_is_one_and_its_commands_run(place, tmp_path):
    """The Kubernetes snippet is YAML, ticks every five minutes one at a time, and its shell lines make a private folder
    from what is mounted and run what is due there."""
    readme = (ROOT / "README.md").read_text("utf-8")
    [manifest] = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    job = yaml.safe_load(manifest)
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert (job["spec"]["schedule"], job["spec"]["concurrencyPolicy"]) == ("*/5 * * * *", "Forbid")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}

    root = tmp_path / "root"
    for name in ("config", "jobs", "secret", "data"):
        (root / name).mkdir(parents=True)
    (root / "secret" / "key.json").write_text("{}")
    (root / "config" / "config.toml").write_bytes((place.folder / "config.toml").read_bytes())
    (root / "jobs" / "owner-week.toml").write_text(JOB)
    program(place.programs, "sheets-sync", f'#!/bin/sh\nexec "{place.python}" -P -m sheets_sync "$@"\n')
    [script] = container["args"]
    for path in mounts.values():
        script = re.sub(rf"(?<![\w/]){path}\b", str(root / path.strip("/")), script)
    environment = {"HOME": str(root / "data"), "PATH": f"{place.programs}:/usr/bin:/bin"}
    for _ in range(2):
        done = subprocess.run([*container["command"], script], env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    assert list(root.glob("data/.local/state/sheets-sync/next-due-*.json"))
    assert (root / "data" / "plan").stat().st_mode & 0o077 == 0
