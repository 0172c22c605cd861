"""The leader's week: the plan's week that ended, and what only a leader can decide now (DOMAIN 5.4).

Rows are counted, people never: nothing here is counted, sorted or summed by person, and a name stands only beside a
decision asked for or beside thanks (HAZARDS 24).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from sheets_sync.core.model import CLOSED, Finding, Severity, Status
from sheets_sync.core.notices import FixCount, Kind, LeaderSection, Notice, Row
from sheets_sync.core.persons import MailChoice
from sheets_sync.core.workdays import WEEK, Calendar, Period
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.outlook import Outlook
from sheets_sync.notify.readers import is_mailable
from sheets_sync.notify.standing import Standing, asked_row, named_row
from sheets_sync.notify.timing import week_of

MOST_DECISIONS = 5
MOST_FIXES = 3
GRAVE = (Severity.E, Severity.W)
UNKNOWN_STATUS = "unknown_status"
"""The note of a status word nobody has mapped; its facts are "status" and "count"."""


def leader_week(outlook: Outlook, *, late_before: int | None = None) -> tuple[Notice, ...]:
    """One notice for each leader of the plan who can be reached this week, else for the keeper; also when nothing
    needs them. `late_before` are the late rows of the leader's week before."""
    waiting = [leader for leader in outlook.readers.leaders if outlook.matter.now < leader.window.expires]
    if not waiting:
        return ()
    section = _section(outlook, late_before)
    return tuple(
        Notice(
            plan=outlook.plan.uid,
            person=person,
            kind=Kind.LEADER_WEEK,
            period=window.period,
            not_before=window.not_before,
            expires=window.expires,
            section=section,
        )
        for person, window in waiting
    )


def unreached_rows(standings: Iterable[Standing]) -> int:
    """How many live rows have an owner no mail ever reaches: blank, a group, unknown, or a person who is inactive, not
    released or wants no mail. Somebody away is back one day and does not count."""
    return sum(
        standing.live and (standing.person is None or not is_mailable(standing.person)) for standing in standings
    )


def _section(outlook: Outlook, late_before: int | None) -> LeaderSection:
    matter, standings = outlook.matter, outlook.standings
    this_week = week_of(matter.as_of)
    ended = Period(*(day - dt.timedelta(days=WEEK) for day in this_week))
    asked = sorted((standing for standing in standings if outlook.decisions.is_asked(standing)), key=_most_late)
    finished = [
        one for one in standings if one.finished_on is not None and ended.first <= one.finished_on <= ended.last
    ]
    calendar = Calendar(matter.settings.calendar)
    return LeaderSection(
        plan=outlook.plan,
        first=ended.first,
        last=ended.last,
        live=sum(standing.live for standing in standings),
        done=sum(standing.action.status.status in CLOSED - {Status.CANCELLED} for standing in standings),
        late=sum(standing.late > 0 for standing in standings),
        blocked=sum(standing.blocked and not standing.late for standing in standings),
        due_next=sum(standing.live and not standing.late and standing.due <= this_week.last for standing in standings),
        late_before=late_before,
        decisions=tuple(asked_row(standing) for standing in asked[:MOST_DECISIONS]),
        more_decisions=max(0, len(asked) - MOST_DECISIONS),
        finished=tuple(_finished_row(standing, calendar) for standing in sorted(finished, key=_first_finished)),
        commonest_fixes=_commonest(matter.findings),
        flagged=len({(one.tab, one.row) for one in matter.findings if one.row and _is_shown(one)}),
        unchecked=_unchecked(matter),
        unreached=unreached_rows(standings),
    )


def _finished_row(standing: Standing, calendar: Calendar) -> Row:
    """A finished row; with its owner for thanks where it was finished by its promised date."""
    row = named_row(standing)._replace(flag=standing.assessment.flag)
    person = standing.person
    thanked = person is not None and person.active and person.mail is not MailChoice.NONE
    return (
        row._replace(owner=person.name) if person is not None and thanked and _by_promise(standing, calendar) else row
    )


def _by_promise(standing: Standing, calendar: Calendar) -> bool:
    """Whether it was finished by the date that stands, and by the one first promised: one moved later keeps nothing."""
    late, finished = standing.assessment.days_late, standing.finished_on
    promised = standing.known.baseline_due if standing.known is not None else None
    by_first = promised is None or (finished is not None and finished <= calendar.roll(promised))
    return late is not None and late <= 0 and by_first


def _commonest(findings: Iterable[Finding]) -> tuple[FixCount, ...]:
    """The fixes most rows need. A rule said once because it hits so many rows (DOMAIN 3, manner c) counts by them."""
    told = {(one.code, one.tab, one.row) for one in findings if one.row and (_is_shown(one) or _is_collapsed(one))}
    rows = Counter(code for code, _, _ in told)
    ranked = sorted(rows.items(), key=lambda counted: (-counted[1], counted[0]))
    return tuple(FixCount(code, count) for code, count in ranked[:MOST_FIXES])


def _is_shown(finding: Finding) -> bool:
    return finding.severity in GRAVE and not finding.silenced


def _is_collapsed(finding: Finding) -> bool:
    return finding.silenced == "collapsed"


def _unchecked(matter: Matter) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    plan = matter.plan
    words = ((UNKNOWN_STATUS, (("status", one.text), ("count", str(one.count)))) for one in plan.unknown_statuses)
    return (*plan.notes, *words)


def _most_late(standing: Standing) -> tuple[int, bool, dt.date, int]:
    return -standing.late, not standing.action.high_priority, standing.due, standing.order


def _first_finished(standing: Standing) -> tuple[dt.date, int]:
    return standing.finished_on or dt.date.max, standing.order
