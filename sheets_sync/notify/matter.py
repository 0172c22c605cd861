"""What a run knows of one plan when it asks who is to be told what."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sheets_sync.core.history import History, Known
from sheets_sync.core.model import Action, Assessment, Finding
from sheets_sync.core.persons import Directory, PlanMail
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings


@dataclass(frozen=True, slots=True)
class Matter:
    """One judged plan. `assessments` stand in the order of `actions`; `history` is what was known before this run,
    `seen` what is known now, by key. `as_of` is the plan's day, `now` the instant of reading (aware)."""

    settings: PlanSettings
    mail: PlanMail
    directory: Directory
    plan: Plan
    actions: tuple[Action, ...]
    assessments: tuple[Assessment, ...]
    findings: tuple[Finding, ...]
    history: History
    seen: Mapping[str, Known]
    as_of: dt.date
    now: dt.datetime
