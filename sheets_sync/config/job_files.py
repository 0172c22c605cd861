"""The jobs of a configuration: one TOML file each in `jobs/` beside config.toml, the file's name is the job's.

Every mistake of every file is told at once. Not here: what is due (`schedule`), the files that are shipped
(`job_starter`). No pydantic: a job has few keys, and what is due is asked every five minutes.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

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


def load_jobs(folder: Path, plans: Sequence[str]) -> tuple[Job, ...]:
    """The jobs of the configuration in `folder` that are enabled, by name; `plans` are the names and uids there are.

    Raises ConfigError with all mistakes, UsageError when others could have changed a file. No folder: no jobs.
    """
    place = job_folder(folder)
    if not place.exists():
        return ()
    if not place.is_dir():
        reason = "this must be a folder: jobs are files in it, such as sync.toml"
        raise ConfigError((Mistake(str(place), 0, "(file)", reason),))
    _refuse_shared(place)
    mistakes: list[Mistake] = []
    jobs = [_job(file, place, plans, mistakes) for file in sorted(place.glob("*.toml")) if file.name[0] != "."]
    if mistakes:
        raise ConfigError(tuple(mistakes))
    return tuple(job for job in jobs if job is not None)


def _refuse_shared(path: Path) -> None:
    problem = private_folder_problem(path)
    if problem:
        raise UsageError(f"the jobs cannot be trusted: {problem}")


def _job(file: Path, place: Path, plans: Sequence[str], mistakes: list[Mistake]) -> Job | None:
    """One job; None for one that is switched off, or that is wrong."""
    if not _NAME.fullmatch(file.stem):
        mistakes.append(Mistake(str(file), 0, "(file)", "a job's name is of a-z, 0-9 and - only: rename the file"))
        return None
    if file.resolve().parent != place.resolve() or not file.is_file():
        mistakes.append(Mistake(str(file), 0, "(file)", "a job must be a plain file in this folder"))
        return None
    _refuse_shared(file)
    text = _read(file, mistakes)
    if text is None:
        return None
    try:
        raw: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error).partition(" (at ")[0]
        mistakes.append(Mistake(str(file), syntax_line(error, text), "(file)", f"not valid TOML: {reason}"))
        return None
    wrong = list(_problems(raw, plans))
    if wrong:
        lines = key_lines(text)
        found = [Mistake(str(file), line_of(path, lines), str(path[0]), reason) for path, reason in wrong]
        mistakes.extend(sorted(found, key=lambda mistake: mistake.line))
        return None
    return _of(file.stem, raw) if raw.get("enabled", True) else None


def _read(file: Path, mistakes: list[Mistake]) -> str | None:
    try:
        with file.open("rb") as source:
            content = source.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        mistakes.append(Mistake(str(file), 0, "(file)", "larger than 100 kB: this is no job"))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mistakes.append(Mistake(str(file), line, "(file)", "not UTF-8 text: save the file as UTF-8"))
        return None


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
