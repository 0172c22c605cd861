"""The jobs of a configuration: one TOML file each in `jobs/` beside config.toml, the file's name is the job's.

Every mistake of every file is told at once, and one file's never stops the others' jobs. Not here: what is due
(`schedule`), the files that are shipped (`job_starter`). No pydantic: a job has few keys, and what is due is asked
every five minutes.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.positions import KeyPath, key_lines, line_of, syntax_line
from sheets_sync.core.jobs import CatchUp, Job, Step
from sheets_sync.errors import ConfigError, Mistake, UsageError
from sheets_sync.places import private_folder_problem

FOLDER = "jobs"
GRACE_HOURS = 12
LONGEST_GRACE_HOURS = 31 * 24
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_LARGEST = 100_000
_KEYS = ("when", "timezone", "steps", "plans", "catch_up", "grace_hours", "enabled")
_REQUIRED: Mapping[str, str] = {
    "when": '"*/30 7-19 * * MON-FRI"',
    "timezone": '"Europe/Lisbon"',
    "steps": '["sync"]',
}


def job_folder(folder: Path) -> Path:
    """Where the jobs of the configuration in `folder` lie."""
    return folder / FOLDER


class BrokenJob(NamedTuple):
    """A job file with mistakes. `plans` are those it is for by the names it uses; empty = all, or that cannot be told.
    `off` tells that it is switched off."""

    name: str
    mistakes: tuple[Mistake, ...]
    plans: tuple[str, ...] = ()
    off: bool = False

    def is_for(self, names: Sequence[str]) -> bool:
        """Whether a plan with these names is among those it is for."""
        return not self.plans or any(name in self.plans for name in names)


class FoundJobs(NamedTuple):
    """What the files of a configuration come to: the jobs that can be done, and the files that are broken, by name;
    those that are switched off hinder nothing."""

    jobs: tuple[Job, ...] = ()
    broken: tuple[BrokenJob, ...] = ()
    off: tuple[BrokenJob, ...] = ()

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Every mistake of every file that is not switched off."""
        return tuple(mistake for file in self.broken for mistake in file.mistakes)

    @property
    def every_mistake(self) -> tuple[Mistake, ...]:
        """Those of files that are switched off, too."""
        files = sorted((*self.broken, *self.off), key=lambda file: file.mistakes[0].file)
        return tuple(mistake for file in files for mistake in file.mistakes)


def load_jobs(folder: Path, plans: Sequence[str]) -> tuple[Job, ...]:
    """The jobs of the configuration in `folder` that are enabled, by name; `plans` are the names and uids there are.

    Raises ConfigError with all mistakes, UsageError when others could have changed the folder. No folder: no jobs.
    """
    found = find_jobs(folder, plans)
    if found.every_mistake:
        raise ConfigError(found.every_mistake)
    return found.jobs


def find_jobs(folder: Path, plans: Sequence[str]) -> FoundJobs:
    """The same with what can be used of it: a broken file is no job, and stops no other. Raises as `load_jobs`, but
    for mistakes in files."""
    place = job_folder(folder)
    if not place.exists():
        return FoundJobs()
    if not place.is_dir():
        reason = "this must be a folder: jobs are files in it, such as sync.toml"
        raise ConfigError((Mistake(str(place), 0, "(file)", reason),))
    problem = private_folder_problem(place)
    if problem:
        raise UsageError(f"the jobs cannot be trusted: {problem}")
    files = [_tried(file, place, plans) for file in sorted(place.glob("*.toml")) if file.name[0] != "."]
    jobs = tuple(job for job, _ in files if job is not None)
    broken = [file for _, file in files if file is not None]
    return FoundJobs(jobs, tuple(file for file in broken if not file.off), tuple(file for file in broken if file.off))


_Read = tuple[Job | None, BrokenJob | None]
"""A file's job, None where it is switched off or has none, and what is wrong with the file."""


def _tried(file: Path, place: Path, plans: Sequence[str]) -> _Read:
    """The same as `_job` also for what no reader of TOML can bear, such as a thousand brackets or a link to itself."""
    try:
        return _job(file, place, plans)
    except (OSError, RuntimeError, ValueError):
        return _unusable(file, "this cannot be read as a job: it must be a plain file with a few short lines")


def _job(file: Path, place: Path, plans: Sequence[str]) -> _Read:
    name = file.stem
    if not _NAME.fullmatch(name):
        return _unusable(file, "a job's name is of a-z, 0-9 and - only: rename the file")
    if file.resolve().parent != place.resolve() or not file.is_file():
        return _unusable(file, "a job must be a plain file in this folder")
    problem = private_folder_problem(file)
    if problem:
        return _unusable(file, f"this job cannot be trusted: {problem}")
    text = _read(file)
    if isinstance(text, BrokenJob):
        return None, text
    try:
        raw: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error).partition(" (at ")[0]
        return _unusable(file, f"not valid TOML: {reason}", line=syntax_line(error, text))
    wrong = list(_problems(raw, plans))
    if not wrong:
        return (_of(name, raw) if raw.get("enabled", True) else None), None
    lines = key_lines(text)
    found = [Mistake(str(file), line_of(path, lines), str(path[0]), reason) for path, reason in wrong]
    mistakes = tuple(sorted(found, key=lambda mistake: mistake.line))
    known = tuple(word for word in _texts(raw.get("plans", ())) if word in plans)
    if not known or any(_problems({**raw, "plans": list(dict.fromkeys(known))}, plans)):
        return None, BrokenJob(name, mistakes, known, off=raw.get("enabled") is False)
    job = _of(name, {**raw, "plans": known}) if raw.get("enabled", True) else None
    return job, BrokenJob(name, mistakes, known, off=job is None)


def _unusable(file: Path, reason: str, *, line: int = 0) -> _Read:
    return None, _broken(file, reason, line=line)


def _broken(file: Path, reason: str, *, line: int = 0) -> BrokenJob:
    return BrokenJob(file.stem, (Mistake(str(file), line, "(file)", reason),))


def _read(file: Path) -> str | BrokenJob:
    try:
        with file.open("rb") as source:
            content = source.read(_LARGEST + 1)
    except OSError as error:
        return _broken(file, f"cannot be read: {error.strerror}")
    if len(content) > _LARGEST:
        return _broken(file, "larger than 100 kB: this is no job")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _broken(file, "not UTF-8 text: save the file as UTF-8", line=line)


def _of(name: str, raw: Mapping[str, object]) -> Job:
    """The job of keys that were found right."""
    grace = raw.get("grace_hours", GRACE_HOURS)
    assert isinstance(grace, int)
    return Job(
        name=name,
        when=" ".join(str(raw["when"]).split()),
        timezone=str(raw["timezone"]),
        steps=tuple(Step(step) for step in _texts(raw["steps"])),
        plans=_texts(raw.get("plans", ())),
        catch_up=CatchUp(str(raw.get("catch_up", CatchUp.ONCE))),
        grace=dt.timedelta(hours=grace),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _problems(raw: Mapping[str, object], plans: Sequence[str]) -> Iterator[tuple[KeyPath, str]]:
    """Every mistake as (key, reason)."""
    for key in raw:
        if key not in _KEYS:
            yield (key,), f"unknown key; {_instead(key, _KEYS)}"
    for key, example in _REQUIRED.items():
        if key not in raw:
            yield (key,), f"is required; for example {key} = {example}"
    checks: Mapping[str, Callable[[object], Iterator[str]]] = {
        "when": _when_problems,
        "timezone": _timezone_problems,
        "steps": lambda value: _list_problems(value, tuple(Step), "step"),
        "plans": lambda value: _list_problems(value, plans, "plan"),
        "catch_up": _catch_up_problems,
        "grace_hours": _grace_problems,
        "enabled": lambda value: iter(() if isinstance(value, bool) else ("write true or false, without quotes",)),
    }
    for key, check in checks.items():
        if key in raw:
            for reason in check(raw[key]):
                yield (key,), reason


def _when_problems(value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield 'write text, in quotes: "*/30 7-19 * * MON-FRI"'
        return
    if len(value.split()) != 5 or len(value) > 200:
        yield "needs five fields: minute, hour, day of the month, month, day of the week"
        return
    from cronsim import CronSim, CronSimError

    try:
        comes = next(CronSim(value, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), None)
    except (CronSimError, ValueError, AssertionError) as error:
        yield f"not a cron expression: {str(error).lower() or 'a field cannot be read'}"
        return
    if comes is None:
        yield "this day never comes"


def _timezone_problems(value: object) -> Iterator[str]:
    from zoneinfo import ZoneInfo, available_timezones

    if not isinstance(value, str):
        yield 'write text, in quotes: "Europe/Lisbon"'
        return
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        hint = _instead(value, tuple(available_timezones())) or 'write it as "Continent/City"'
        yield f"no time zone has this name; {hint}"


def _list_problems(value: object, known: Sequence[str], what: str) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        yield f'write a list of texts: ["{known[0]}"]'
        return
    if not value:
        yield "needs at least one" if what == "step" else "needs at least one; leave the key out for all plans"
    for word in value:
        if word not in known:
            yield f"there is no {what} of this name; {_instead(word, known) or 'config.toml names them'}"
    if len(set(value)) < len(value):
        yield "a name stands here twice"


def _catch_up_problems(value: object) -> Iterator[str]:
    known = tuple(word.value for word in CatchUp)
    if value not in known:
        yield "must be one of: " + ", ".join(known)


def _grace_problems(value: object) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_GRACE_HOURS:
        yield f"must be a whole number of hours, from 1 to {LONGEST_GRACE_HOURS}"


def _instead(word: str, names: Sequence[str]) -> str:
    from sheets_sync.config.suggest import instead

    return instead(word, names)
