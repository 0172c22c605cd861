"""Reads and judges a plan without writing or remembering anything: for `check`, `export` and `init`."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.core.history import History
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.run.judge import Judgement, judge
from sheets_sync.run.outcome import Looked
from sheets_sync.run.tabs_read import followed
from sheets_sync.workbooks.base import Workbook


class Look(NamedTuple):
    """A plan judged as of one day, with the settings and the history it was judged by. `link` opens it, where it is a
    Google Sheet."""

    looked: Looked
    settings: PlanSettings
    history: History
    as_of: dt.date
    link: str = ""

    @property
    def judgement(self) -> Judgement:
        """What was found."""
        return self.looked.judgement


def read_all(workbook: Workbook) -> Snapshot:
    """Read every tab. Raises WorkbookError."""
    return workbook.read([title.key for title in workbook.titles()])


def look(workbook: Workbook, settings: PlanSettings, history: History, *, as_of: dt.date, now: dt.datetime) -> Look:
    """Judge a plan with known settings."""
    snapshot = read_all(workbook)
    settings, _ = followed(snapshot, settings)
    judgement = judge(snapshot, history, settings, as_of=as_of, now=now)
    return Look(Looked(snapshot, judgement), settings, history, as_of)


def guessed_language(snapshot: Snapshot, settings: PlanSettings, *, as_of: dt.date) -> str:
    """The language of the plan's tab, by its headers and texts; the settings' own when nothing tells."""
    layouts = parse_plan(snapshot, settings, as_of=as_of).layouts
    return layouts[0].language if layouts else settings.language


def look_unconfigured(workbook: Workbook, *, name: str, as_of: dt.date, now: dt.datetime) -> Look:
    """Judge a workbook nobody set up: default settings, in the language of its headers."""
    settings = PlanSettings(uid="", name=name)
    snapshot = read_all(workbook)
    settings = replace(settings, language=guessed_language(snapshot, settings, as_of=as_of))
    judgement = judge(snapshot, History(), settings, as_of=as_of, now=now)
    return Look(Looked(snapshot, judgement), settings, History(), as_of)
