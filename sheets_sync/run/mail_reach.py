"""What the mails of this week would say, from plans read as `check` reads them: nothing is written or remembered."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.config.values import PlanConfig
from sheets_sync.core.history import History
from sheets_sync.core.notices import Wanted
from sheets_sync.core.people import PersonProblem, person_problems, persons_in_sheet
from sheets_sync.core.persons import plan_directory
from sheets_sync.notify.choose import wanted
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.timing import week_begins
from sheets_sync.run.clock import plan_day
from sheets_sync.run.look import look
from sheets_sync.run.notices import matter_of, read_at
from sheets_sync.workbooks.base import Workbook


class Reach(NamedTuple):
    """One plan looked at for its mails."""

    matter: Matter
    wanted: Wanted
    problems: tuple[PersonProblem, ...] = ()
    """Rows of the People tab that cannot be used, where the plan takes people from it."""


def reach(workbook: Workbook, plan: PlanConfig, history: History, *, now: dt.datetime) -> Reach:
    """What a plan has to say this week, and to whom, as its workbook stands. Raises WorkbookError when that cannot be
    read.

    The time of the week does not matter, and people of a People tab count as released: nobody is mailed by looking.
    """
    settings = plan.settings
    day = plan_day(now, settings.timezone)
    seen = look(workbook, settings, history, as_of=day, now=now)
    judgement = seen.judgement
    from_sheet = (person._replace(held=False) for person in persons_in_sheet(seen.looked.snapshot))
    directory = plan_directory(plan.mail, from_sheet)
    matter = replace(matter_of(judgement, mail=plan.mail, directory=directory), now=week_begins(day, settings.timezone))
    found = wanted(matter)
    problems = person_problems(seen.looked.snapshot) if plan.mail.people_from_sheet else ()
    return Reach(matter, found._replace(notices=tuple(read_at(notice, now) for notice in found.notices)), problems)
