"""From a config file to plain values, or to every mistake in it at once. The one door the rest of the program uses.

Not here: shapes (models.py), wording (mistakes.py), the state folder (state.py).
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.config.overlaps import overlaps
from sheets_sync.config.positions import syntax_line
from sheets_sync.config.state import default_state
from sheets_sync.config.understood import keep_understood, understood_before
from sheets_sync.config.values import Config, PlanConfig, plan_config
from sheets_sync.core.google import GoogleAddress, looks_like_address, read_address
from sheets_sync.core.persons import Directory, Person, PlanMail
from sheets_sync.errors import ConfigError, Mistake, UsageError
from sheets_sync.places import private_folder_problem

if TYPE_CHECKING:
    from sheets_sync.config.models import ConfigFile, PlanTable

FILE_NAME = "config.toml"
VARIABLE = "SHEETS_SYNC_CONFIG"
"""Names the config file or its folder where no option and no file in the current folder does."""

_LARGEST = 1_000_000
"""Bytes. A configuration is a page or two; more is another file by mistake."""


def find_config(start: Path | None = None) -> Path:
    """The config file to use: `start` (a file or its folder), else the current folder's, else $SHEETS_SYNC_CONFIG.

    Raises UsageError when there is none.
    """
    if start is not None:
        return _config_in(start, "--config")
    here = Path.cwd() / FILE_NAME
    if here.is_file():
        return here
    named = os.environ.get(VARIABLE, "")
    if named:
        return _config_in(Path(named).expanduser(), VARIABLE)
    raise UsageError(
        f"no {FILE_NAME} in this folder, and neither --config nor {VARIABLE} names one",
        "make one: sheets-sync init PLAN.xlsx   or name it: --config FOLDER",
    )


def load_config(place: Path) -> Config:
    """Read and check the config file `place`, or the one in the folder `place`.

    Raises ConfigError with all mistakes of the file, UsageError when it is not there or others could have changed it.
    """
    file = _config_in(place, "the configuration").absolute()
    problem = private_folder_problem(file)
    if problem:
        raise UsageError(f"the configuration cannot be trusted: {problem}")
    text = _read(file)
    raw = _toml(text, file)
    state = _state(raw.get("state"), file.parent)
    before = understood_before(text, file, state)
    if before is not None and not any(overlaps(raw.get("plan"), file.parent)):
        return before
    config = parse_config(text, file)
    keep_understood(config, text)
    return config


def parse_config(text: str, file: Path) -> Config:
    """Check the text of a config file that stands, or will stand, at the absolute path `file`.

    Raises ConfigError with all mistakes.
    """
    raw = _toml(text, file)
    from pydantic import ValidationError

    from sheets_sync.config.mail_checks import mail_mistakes
    from sheets_sync.config.models import ConfigFile

    state = _state(raw.get("state"), file.parent)
    others = (*overlaps(raw.get("plan"), file.parent), *mail_mistakes(raw))
    try:
        found = ConfigFile.model_validate(raw, context=state)
        wrong = None
    except ValidationError as error:
        wrong = error
    if wrong or others:
        from sheets_sync.config.mistakes import config_error

        raise config_error(wrong, others, file=file, text=text)
    return _config(found, file, state)


def _toml(text: str, file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error).partition(" (at ")[0]
        mistake = Mistake(
            str(file), syntax_line(error, text), "(file)", f"not valid TOML: {reason}", "Cannot" in reason
        )
        raise ConfigError((mistake,)) from None
    except (RecursionError, ValueError):
        beyond = "this cannot be read: a number or a nest of brackets is beyond all bounds"
        raise ConfigError((Mistake(str(file), 0, "(file)", beyond),)) from None


def _config(found: "ConfigFile", file: Path, state: Path) -> Config:
    people = _people(found)
    plans = tuple(_plan(table, found, people, folder=file.parent, state=state) for table in found.plan)
    google = found.google.settings(file.parent)
    watching = found.schedule.watching(file.parent)
    mail, kept = found.mail.settings(file.parent), found.retention.values()
    return Config(file, state, plans, mail, people, google, watching, kept)


def _people(found: "ConfigFile") -> tuple[Person, ...]:
    """Everybody listed, leaders by their full names."""
    typed = tuple(table.person(name) for name, table in found.people.items())
    directory = Directory(typed)
    leaders = (directory.find(person.leader) for person in typed)
    return tuple(
        person._replace(leader=leader.name if leader else "") for person, leader in zip(typed, leaders, strict=True)
    )


def _config_in(place: Path, named_by: str) -> Path:
    file = place / FILE_NAME if place.is_dir() else place
    if not file.is_file():
        raise UsageError(f"{named_by}: there is no file {file}", "make one: sheets-sync init PLAN.xlsx")
    return file


def _read(file: Path) -> str:
    """The text of the file; a byte order mark, as Windows editors write it, is no part of it."""
    try:
        with file.open("rb") as source:
            content = source.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise ConfigError((Mistake(str(file), 0, "(file)", "larger than 1 MB: this is no configuration"),))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError((Mistake(str(file), line, "(file)", "not UTF-8 text: save the file as UTF-8"),)) from None


def _plan(
    table: "PlanTable", found: "ConfigFile", people: tuple[Person, ...], *, folder: Path, state: Path
) -> PlanConfig:
    directory = Directory(people)
    leaders = (directory.find(name) for name in table.leaders)
    mail = PlanMail(
        keeper=directory.find(table.keeper or found.mail.keeper or ""),
        leaders=tuple(dict.fromkeys(leader for leader in leaders if leader is not None)),
        link=table.link or _own_link(table.workbook),
        people=people,
        people_from_sheet=found.mail.people_from_sheet,
        allowed_domains=found.mail.allowed_domains,
    )
    names = tuple(name for person in people for name in (person.name, *person.aliases))
    workbook = place_of(table.workbook, folder)
    plan = plan_config(
        replace(table.settings(state), people=names),
        workbook,
        sole_writer=table.synced_folder == "sole-writer",
        limits=found.limits.values(),
        mail=mail,
        sync_log=table.sync_log,
        writes=table.writes == "cells",
    )
    return replace(plan, moved_from=folder / Path(table.moved_from).expanduser() if table.moved_from else None)


def place_of(workbook: str, folder: Path) -> Path | GoogleAddress:
    """The workbook a text names: a Google Sheet by its address, or a file, from `folder` on.

    Raises UsageError for an address of something else, and for the folder of a user nobody knows.
    """
    if not looks_like_address(workbook):
        try:
            return folder / Path(workbook).expanduser()
        except RuntimeError:
            raise UsageError(f"{workbook!r} is in the folder of a user whom this computer does not know") from None
    try:
        return read_address(workbook)
    except ValueError as error:
        raise UsageError(f"this address cannot be used: {error}") from None


def _own_link(workbook: str) -> str:
    """Where people open a Google Sheet; a file has no such address."""
    return str(read_address(workbook)) if looks_like_address(workbook) else ""


def _state(chosen: object, folder: Path) -> Path:
    """The state folder as chosen, from the config file's folder; the user's own when nothing usable is chosen."""
    return folder / Path(chosen).expanduser() if isinstance(chosen, str) and chosen.strip() else default_state()
