"""When the weekly mails go, and when a person may be mailed at all. Instants out are UTC; no clock is read here."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.workdays import WEEK, Calendar, Period

SENDING_TIME = dt.time(7, 30)
DAY_BEGINS, DAY_ENDS = dt.time(7), dt.time(19)
GRACE_DAYS = 2
LOOK_AHEAD = 400
"""Calendar days after which no next allowed instant is looked for."""
ONE_DAY = dt.timedelta(days=1)


class Obstacle(StrEnum):
    """Why a mail may not go to a person now."""

    INACTIVE = "inactive"
    WANTS_NO_MAIL = "wants no mail"
    AWAY = "away"
    NOT_A_WORKING_DAY = "not a working day"
    QUIET_HOURS = "quiet hours"


class WhenAllowed(NamedTuple):
    """Whether a mail may go now. If not: why, and from which instant (UTC) it may; None when that is not in sight."""

    allowed: bool
    reason: str = ""
    next_at: dt.datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


class Window(NamedTuple):
    """When the weekly mails of one ISO week may go: not before the morning of `day`, never from `expires` on."""

    period: str
    day: dt.date
    not_before: dt.datetime
    expires: dt.datetime


def period_of(day: dt.date) -> str:
    """The ISO week of a day, as "2026-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def week_of(day: dt.date) -> Period:
    """Monday to Sunday of the ISO week of a day."""
    monday = day - ONE_DAY * day.weekday()
    return Period(monday, monday + ONE_DAY * (WEEK - 1))


def sending_day(week: Period, calendar: Calendar, *, workdays: frozenset[int] | None = None) -> dt.date | None:
    """The first working day of an ISO week, which is Monday or the next day worked; None when there is none.

    With `workdays` (ISO weekdays of one person) the first one on which that person works too.
    """
    for number in range(WEEK):
        day = week.first + ONE_DAY * number
        if calendar.is_workday(day) and (workdays is None or day.isoweekday() in workdays):
            return day
    return None


def week_window(
    day: dt.date, calendar: Calendar, *, timezone: str, workdays: frozenset[int] | None = None
) -> Window | None:
    """When the weekly mails of this day's ISO week go; None in a week without a working day.

    The grace is two working days after the sending day, cut short where the next week's mail comes first.
    """
    week = week_of(day)
    first = sending_day(week, calendar, workdays=workdays)
    if first is None:
        return None
    zone = ZoneInfo(timezone)
    expires = instant(calendar.add(first, GRACE_DAYS), DAY_ENDS, zone)
    following = sending_day(week_of(week.last + ONE_DAY), calendar, workdays=workdays)
    if following is not None:
        expires = min(expires, instant(following, SENDING_TIME, zone))
    return Window(period_of(day), first, instant(first, SENDING_TIME, zone), expires)


def may_go(person: Person, settings: PlanSettings, now: dt.datetime) -> WhenAllowed:
    """Whether a mail about this plan may go to this person now.

    It may from 07:00 to 19:00 where the person is, on days that both the person and the plan work, unless the person
    is away. The person's own working days and time zone count where given, else the plan's.
    """
    if not person.active:
        return WhenAllowed(False, Obstacle.INACTIVE)
    if person.mail is MailChoice.NONE:
        return WhenAllowed(False, Obstacle.WANTS_NO_MAIL)
    calendar, plan_zone = Calendar(settings.calendar), ZoneInfo(settings.timezone)
    zone = ZoneInfo(person.timezone) if person.timezone else plan_zone
    obstacle = _obstacle(person, now, zone=zone, plan_zone=plan_zone, calendar=calendar)
    if obstacle is None:
        return WhenAllowed(True)
    return WhenAllowed(False, obstacle, _next(person, now, zone=zone, plan_zone=plan_zone, calendar=calendar))


def instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """A wall-clock time as UTC: the first of two where clocks go back, as much later where they skip it."""
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def week_begins(day: dt.date, timezone: str) -> dt.datetime:
    """The instant at which the ISO week of a day begins, when all of its mails are still to come."""
    return instant(day - dt.timedelta(days=day.weekday()), dt.time.min, ZoneInfo(timezone))


def _obstacle(
    person: Person, at: dt.datetime, *, zone: ZoneInfo, plan_zone: ZoneInfo, calendar: Calendar
) -> Obstacle | None:
    local = at.astimezone(zone)
    day = local.date()
    if any(first <= day <= last for first, last in person.away):
        return Obstacle.AWAY
    works = calendar.is_workday(day) if person.workdays is None else day.isoweekday() in person.workdays
    if not works or not calendar.is_workday(at.astimezone(plan_zone).date()):
        return Obstacle.NOT_A_WORKING_DAY
    return None if DAY_BEGINS <= local.time() < DAY_ENDS else Obstacle.QUIET_HOURS


def _next(
    person: Person, now: dt.datetime, *, zone: ZoneInfo, plan_zone: ZoneInfo, calendar: Calendar
) -> dt.datetime | None:
    """The first allowed instant after `now`: a morning of the person's, or the plan's midnight within their day."""
    today = now.astimezone(zone).date()
    for number in range(LOOK_AHEAD):
        day = today + ONE_DAY * number
        opens = max(instant(day, DAY_BEGINS, zone), now.astimezone(dt.UTC))
        midnight = instant(opens.astimezone(plan_zone).date() + ONE_DAY, dt.time.min, plan_zone)
        for at in (opens, midnight):
            inside = at < instant(day, DAY_ENDS, zone)
            if inside and _obstacle(person, at, zone=zone, plan_zone=plan_zone, calendar=calendar) is None:
                return at
    return None
