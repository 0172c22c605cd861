"""Jobs, as plain values: what is to be done when. Where they are read from and what is due is not here."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What a job may do. A closed list: no step runs a command (HAZARDS 22)."""

    SYNC = "sync"
    """Check the plans, write, remember, and mail what is due by itself."""
    OWNER_WEEK = "owner-week"
    """Sync, and mail each owner's week now, whatever the day."""
    LEADER_WEEK = "leader-week"
    """Sync, and mail each leader's week now, whatever the day."""


class CatchUp(StrEnum):
    """What becomes of periods that passed while the computer was off or busy."""

    ONCE = "once"
    """The latest one within the grace is made up for; the others are left out."""
    SKIP = "skip"
    """Only a period that is due now counts: at most one tick old."""
    ALL = "all"
    """Every one within the grace, oldest first."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `when` is a cron expression read in `timezone` (IANA); `plans` are names or uids, empty = all plans of
    the configuration; a period older than `grace` is never made up for."""

    name: str
    when: str
    timezone: str
    steps: tuple[Step, ...]
    plans: tuple[str, ...] = ()
    catch_up: CatchUp = CatchUp.ONCE
    grace: dt.timedelta = dt.timedelta(hours=12)
