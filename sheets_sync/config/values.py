"""What a loaded configuration is: plain values, each plan with a hash of all that can change a decision.

Not here: TOML, pydantic, files (models.py, load.py).
"""

import dataclasses
import datetime as dt
import hashlib
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.core.google import GoogleAddress, GoogleSettings
from sheets_sync.core.health import Watching
from sheets_sync.core.mails import MailSettings
from sheets_sync.core.persons import Person, PlanMail
from sheets_sync.core.retention import KEPT, Retention
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import ConfigError

if TYPE_CHECKING:
    from sheets_sync.config.job_files import FoundJobs
    from sheets_sync.core.jobs import Job

NO_MAIL = PlanMail()
"""A plan without keeper, leaders and people: nobody is mailed about it."""

FILES_ONLY = MailSettings()
"""Mails are written as files, and nobody is mailed."""

UNWATCHED = Watching()
"""Nobody is pinged and no file is written for a monitor."""

OWN_SIGN_IN = GoogleSettings()
"""What this computer is signed in to Google with."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How big a workbook may be before it is refused, before and while it is inflated (HAZARDS 9). MB = 10^6 bytes."""

    max_file_mb: int = 50
    max_part_mb: int = 200
    max_total_mb: int = 500
    max_parts: int = 5000
    max_xml_depth: int = 64


@dataclasses.dataclass(frozen=True, slots=True)
class PlanConfig:
    """One plan as configured. `workbook` is a file, absolute, with links as the person wrote them (they are judged
    later), or a Google Sheet.

    `sole_writer` tells that the keeper vouches for a workbook in a synced folder: without it such a workbook is only
    checked (HAZARDS 8). `mail` is who may be mailed about it. `config_hash` is 64 hex digits. `moved_from` is the file
    the plan was in before, absolute; no decision depends on it. `sync_log` is whether the workbook carries a Sync log,
    `writes` False that nothing is ever written into it.
    """

    settings: PlanSettings
    workbook: Path | GoogleAddress
    sole_writer: bool
    limits: Limits
    config_hash: str
    mail: PlanMail = NO_MAIL
    moved_from: Path | None = None
    sync_log: bool = True
    writes: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    """One config file. `state` is the absolute folder for store and backups; it may not exist yet. `mail` is how mails
    leave, `people` who is listed, leaders by their full names; `google` is how to sign in for Google Sheets, `watching`
    who gets to know that it runs, `retention` how long things are kept."""

    file: Path
    state: Path
    plans: tuple[PlanConfig, ...]
    mail: MailSettings = FILES_ONLY
    people: tuple[Person, ...] = ()
    google: GoogleSettings = OWN_SIGN_IN
    watching: Watching = UNWATCHED
    retention: Retention = KEPT
    _jobs: "list[FoundJobs]" = dataclasses.field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """The private folder the file lies in."""
        return self.file.parent

    @property
    def jobs(self) -> "tuple[Job, ...]":
        """The jobs of this configuration, read when they are first asked for. Raises UsageError, ConfigError."""
        if self.found_jobs.every_mistake:
            raise ConfigError(self.found_jobs.every_mistake)
        return self.found_jobs.jobs

    @property
    def found_jobs(self) -> "FoundJobs":
        """Its jobs that can be done, and the files that are broken: for what must go on all the same. Raises UsageError
        and ConfigError where no job can be read at all."""
        if not self._jobs:
            from sheets_sync.config.job_files import find_jobs  # only what runs by itself pays for it

            settings = [plan.settings for plan in self.plans]
            names = [*(one.name for one in settings), *(one.uid for one in settings)]
            self._jobs.append(find_jobs(self.folder, names))
        return self._jobs[0]


def plan_config(
    settings: PlanSettings,
    workbook: Path | GoogleAddress,
    *,
    sole_writer: bool,
    limits: Limits,
    mail: PlanMail = NO_MAIL,
    sync_log: bool = True,
    writes: bool = True,
) -> PlanConfig:
    """Build a plan's configuration with its hash over every setting, in an order that no set or machine changes."""
    everything = ascii([_plain(settings), str(workbook), sole_writer, _plain(limits), _plain(mail), sync_log, writes])
    config_hash = hashlib.sha256(everything.encode()).hexdigest()
    return PlanConfig(settings, workbook, sole_writer, limits, config_hash, mail, sync_log=sync_log, writes=writes)


def _plain(value: object) -> object:
    """A value as nested lists, text and numbers: field names kept, sets sorted, dates as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [[field.name, _plain(getattr(value, field.name))] for field in dataclasses.fields(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted((_plain(inner) for inner in value), key=repr)
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
