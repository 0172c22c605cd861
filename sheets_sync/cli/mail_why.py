"""What `mail why` does: tell why a person got a mail or none, and when the next one may come."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.mail_desk import Desk, desk, known_persons, one_person, plan_persons
from sheets_sync.cli.mail_outbox import REDIRECTED, became, mail_line, say_counts, standing
from sheets_sync.cli.mail_summary import when
from sheets_sync.core.mails import FILES, MailState
from sheets_sync.core.notices import Notice
from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.run.clock import SystemClock, plan_day
from sheets_sync.run.mail_gate import Drop, Wait, capped, person_day, verdict
from sheets_sync.run.mail_wiring import post
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.post import Post, Why
from sheets_sync.store.outbox import NoticeState, Queued, Waiting

THIS_WEEK = {
    MailState.SENT: "mailed this week on {} (at most one mail a day, three a week)",
    MailState.PENDING: "a mail of {} waits",
    MailState.SENDING: "a mail of {} waits",
    MailState.WRITTEN: "written this week as a file on {}, not mailed",
    REDIRECTED: "redirected this week to another address on {}",
}
Kept = Sequence[tuple[Waiting, str, str]]
"""Notices with state and reason."""


def tell_why(config: Path | None, word: str) -> int:
    """Tell what a person got, what waits, what was dropped and why, and what holds their mails."""
    out = console()
    with desk(config) as at:
        person = one_person(word, known_persons(at), out)
        kept = at.outbox.all_notices(person.identity)
        mails = at.outbox.mails(identity=person.identity)
        if out.counts_only:
            say_counts(out, "notices", Counter(state for _, state, _ in kept))
            say_counts(out, "mails", Counter(mail.state.value for mail in mails))
            return 0
        out.say(clean(f"{person.name} <{person.address}>"))
        today = _day_of(at, person)
        for line in (*standing(at), *_own_holds(at, person, today), *_this_week(mails, today)):
            out.say(clean(f"  {line}"))
        _say_notices(out, at, kept)
        if mails:
            out.table(("Mail", "Day", "Kind", "Reason"), [_without_name(mail) for mail in mails])
    return 0


def _day_of(at: Desk, person: Person) -> dt.date:
    """The calendar day where the person is, else where the plan is that knows them, else any plan."""
    knowing = sorted(
        at.config.plans, key=lambda plan: all(one.identity != person.identity for one in plan_persons(plan))
    )
    timezones = (person.timezone, *(plan.settings.timezone for plan in knowing))
    return plan_day(SystemClock().now(), next(filter(None, timezones), "UTC"))


def _own_holds(at: Desk, person: Person, today: dt.date) -> Iterator[str]:
    """What holds the mails of this person alone."""
    held = [plan for plan, waiting in at.outbox.held_persons() if waiting.identity == person.identity]
    for plan in held:
        yield f'{at.plan_name(plan)}: address or leader are new in the People tab; sheets-sync mail release "NAME"'
    if person.mail is MailChoice.NONE:
        yield "wants no mails (mail = none)"
    elif person.mail is MailChoice.WEEKLY:
        yield "wants weekly mails only (mail = weekly)"
    if not person.active:
        yield "is not active: rows of this person go to the leader or the keeper"
    for first, last in person.away:
        if last >= today:
            yield f"is away {first} to {last}: mails wait until then, rows go to the leader or the keeper"
    refused = at.outbox.refused_in_a_row(person.identity)
    if refused:
        yield f"the mail server refused this address {refused} times in a row; is it right?"


def _this_week(mails: Sequence[Queued], today: dt.date) -> Iterator[str]:
    """The days of this week on which a mail left, waits, or went elsewhere than to the person."""
    monday = today - dt.timedelta(days=today.weekday())
    days: dict[str, list[str]] = {}
    for mail in reversed(mails):
        if mail.day >= monday:
            days.setdefault(THIS_WEEK.get(became(mail), ""), []).append(mail.day.isoformat())
    yield from (line.format(", ".join(dict.fromkeys(days[line]))) for line in sorted(filter(None, days)))


def _say_notices(out: Console, at: Desk, kept: Kept) -> None:
    """Each notice that is kept, with what became of it or what it waits for."""
    if not kept:
        out.say("  no notice is kept: nothing needed this person when the plans were last checked")
        return
    now = SystemClock().now()
    office = _as_if_read_now(at)
    rows = []
    for waiting, state, reason in kept:
        notice = waiting.notice
        told = _waits_for(office, notice, now) if state == NoticeState.WAITING else reason
        rows.append((notice.kind.value, at.plan_name(notice.plan), notice.period, state, told))
    out.table(("Notice", "Plan", "Week", "State", "Reason"), rows)


def _as_if_read_now(at: Desk) -> Post:
    """What mailing would work with after a run that read every plan well."""
    read = {plan.settings.uid: Outcome(plan.settings.name, Ended.NOTHING, may_mail=True) for plan in at.config.plans}
    return post(at.config, at.store, read, clock=SystemClock())


def _waits_for(office: Post, notice: Notice, now: dt.datetime) -> str:
    """Why a waiting notice is not mailed yet, and from when it may be."""
    if now >= notice.expires:
        return "its time is over"
    if now < notice.not_before:
        return f"not before {when(notice.not_before)}"
    found = verdict(office, _read_today(office, notice, now), now)
    if isinstance(found, Drop):
        return f"is dropped by the next run: {found.why}"
    if isinstance(found, Wait):
        return f"{found.why}, until {when(found.until)}" if found.until is not None else str(found.why)
    plan = office.plans[notice.plan]
    held = capped(office, found.person, person_day(plan, found.person, now))
    if held is None and office.settings.route != FILES and not office.outbox.released(notice.plan):
        held = Why.NOT_RELEASED
    return f"{held}" if held is not None else "goes with the next run"


def _read_today(office: Post, notice: Notice, now: dt.datetime) -> Notice:
    """The notice as the next run would read it anew."""
    plan = office.plans.get(notice.plan)
    if plan is None:
        return notice
    facts = notice.section.plan._replace(day=plan_day(now, plan.settings.timezone))
    return notice._replace(section=notice.section._replace(plan=facts))


def _without_name(mail: Queued) -> tuple[str, ...]:
    state, day, kinds, _, reason = mail_line(mail)
    return state, day, kinds, reason
