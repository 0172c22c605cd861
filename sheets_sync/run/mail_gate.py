"""Who may be mailed at this instant: the current configuration, releases, hours, days off and caps (HAZARDS 23, 25).

Asked when a mail is composed and again right before it is sent. Not here: what a mail holds, sending it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.addresses import is_allowed
from sheets_sync.core.notices import Kind, Notice
from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.notify.timing import Obstacle, may_go
from sheets_sync.run.clock import plan_day
from sheets_sync.run.post import MailedPlan, Post, Why

MOST_A_WEEK = 3
WEEKLY = frozenset({Kind.OWNER_WEEK, Kind.LEADER_WEEK})
OBSTACLES: Mapping[Obstacle, Why] = {
    Obstacle.INACTIVE: Why.NOT_ACTIVE,
    Obstacle.WANTS_NO_MAIL: Why.NOT_WANTED,
    Obstacle.AWAY: Why.AWAY,
    Obstacle.NOT_A_WORKING_DAY: Why.DAY_OFF,
    Obstacle.QUIET_HOURS: Why.QUIET_HOURS,
}


class Go(NamedTuple):
    """It may go, to this person as known now."""

    person: Person


class Wait(NamedTuple):
    """Not now; `until` is when to ask again, None when nobody knows."""

    why: Why
    until: dt.datetime | None = None


class Drop(NamedTuple):
    """Not at all any more."""

    why: Why


Verdict = Go | Wait | Drop


def verdict(post: Post, notice: Notice, now: dt.datetime) -> Verdict:
    """Whether this notice may be mailed now."""
    plan = post.plans.get(notice.plan)
    if plan is None:
        return Wait(Why.NO_PLAN)
    if plan.mail.keeper is None:
        return Drop(Why.NO_KEEPER)
    if not plan.was_run:
        return Wait(Why.NOT_RUN)
    if not plan.may_mail:
        return Wait(Why.PLAN_WAITS)
    if notice.section.plan.day != plan_day(now, plan.settings.timezone):
        return Wait(Why.OLD_READING)
    found = as_known_now(post, plan, notice.person)
    if not isinstance(found, Go):
        return found
    person = found.person
    if person.mail is MailChoice.WEEKLY and notice.kind not in WEEKLY:
        return Drop(Why.NOT_WANTED)
    return may_read_now(plan, person, now)


def as_known_now(post: Post, plan: MailedPlan, person: Person) -> Verdict:
    """The person as configured now, inside the allowed domains; one from a People tab must be released."""
    if not is_allowed(person.address, plan.mail.allowed_domains):
        return Drop(Why.NOT_ALLOWED)
    configured = next((known for known in plan.configured() if known.identity == person.identity), None)
    if configured is not None:
        return Go(configured)
    if person.source != "sheet" or not plan.mail.people_from_sheet:
        return Drop(Why.NO_PERSON)
    released = post.outbox.is_person_released(plan.settings.uid, person)
    return Go(person) if released else Wait(Why.HELD_PERSON)


def may_read_now(plan: MailedPlan, person: Person, now: dt.datetime) -> Verdict:
    """Whether this person wants mail at all, and at this hour of this day."""
    when = may_go(person, plan.settings, now)
    if when.allowed:
        return Go(person)
    why = OBSTACLES[Obstacle(when.reason)]
    return Drop(why) if why in (Why.NOT_ACTIVE, Why.NOT_WANTED) else Wait(why, when.next_at)


def person_day(plan: MailedPlan, person: Person, now: dt.datetime) -> dt.date:
    """The calendar day where the person is."""
    return now.astimezone(ZoneInfo(person.timezone or plan.settings.timezone)).date()


def capped(post: Post, person: Person, day: dt.date) -> Why | None:
    """Why this person gets no further mail on this day; None when one may go."""
    if person.identity in post.given_up():
        return Why.SUPPRESSED
    monday = day - dt.timedelta(days=day.weekday())
    days = post.outbox.days_mailed(person.identity, monday, route=post.settings.route)
    if day in days:
        return Why.ONE_A_DAY
    return Why.THREE_A_WEEK if len(days) >= MOST_A_WEEK else None
