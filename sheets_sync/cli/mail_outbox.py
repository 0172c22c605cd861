"""What `mail list` and `mail why` do: show the outbox, and why a person got a mail or none."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.mail_desk import Desk, desk, known_persons, one_person
from sheets_sync.core.mails import MailState
from sheets_sync.core.persons import MailChoice, Person
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.export import safe_json
from sheets_sync.store.outbox import Queued, Waiting

ALL = 100_000
Kept = Sequence[tuple[Waiting, str, str]]
"""Notices with state and reason."""


def list_mails(config: Path | None, *, form: str, limit: int) -> int:
    """Print the newest mails on a terminal; counts by state anywhere else."""
    out = console()
    with desk(config) as at:
        if form == "json":
            click.echo(safe_json([_counts(at)]), nl=False)
            return 0
        for line in _standing(at):
            out.say(clean(line))
        mails = at.outbox.mails(limit=ALL if out.counts_only else limit + 1)
        if out.counts_only:
            _say_counts(out, "mails", Counter(mail.state.value for mail in mails))
            return 0
        out.table(("State", "Day", "Kind", "Person", "Subject", "Reason"), [_line(mail) for mail in mails[:limit]])
        if not mails:
            out.say("no mail yet")
        elif len(mails) > limit:
            out.say("… and older ones: --limit")
    return 0


def _line(mail: Queued) -> tuple[str, ...]:
    state = f"{mail.state.value}, once more" if mail.again else mail.state.value
    reason = f"{mail.code} {mail.reason}".removeprefix("0 ").strip()
    return state, mail.day.isoformat(), " + ".join(mail.kinds), mail.name, mail.subject, reason


def _counts(at: Desk) -> dict[str, str | int | bool | None]:
    """The outbox for a monitor: no name, no address, no text."""
    off, trouble = at.outbox.off_since(), at.outbox.trouble()
    states = Counter(mail.state for mail in at.outbox.mails(limit=ALL))
    return {
        "off_since": off.isoformat() if off else None,
        "trouble_since": trouble.since.isoformat() if trouble else None,
        "held_persons": len(at.outbox.held_persons()),
        **{f"mails_{state.value}": states[state] for state in MailState},
    }


def _standing(at: Desk) -> Iterator[str]:
    """What holds all mails, or those of a plan."""
    off, trouble = at.outbox.off_since(), at.outbox.trouble()
    if at.config.mail.smtp is None:
        yield "no mail server is configured: mails are written as files, nobody is mailed"
    if off is not None:
        yield f"mail is switched off since {_when(off)}: sheets-sync mail on"
    if trouble is not None:
        yield f"no mail can leave since {_when(trouble.since)}: {trouble.reason}"
    for plan in at.config.plans:
        if not at.outbox.released(plan.settings.uid):
            yield f"{plan.settings.name}: mails go to the keeper alone until sheets-sync mail release"


def _say_counts(out: Console, what: str, counts: Counter[str]) -> None:
    out.say(f"{what}: {counts.total()}")
    for state, count in sorted(counts.items()):
        out.say(f"  {count:>5}  {state}")


def tell_why(config: Path | None, word: str) -> int:
    """Tell what a person got, what waits, what was dropped and why, and what holds their mails."""
    out = console()
    with desk(config) as at:
        person = one_person(word, known_persons(at), out)
        kept = at.outbox.all_notices(person.identity)
        mails = at.outbox.mails(identity=person.identity)
        if out.counts_only:
            _say_counts(out, "notices", Counter(state for _, state, _ in kept))
            _say_counts(out, "mails", Counter(mail.state.value for mail in mails))
            return 0
        out.say(clean(f"{person.name} <{person.address}>"))
        for line in (*_standing(at), *_own_holds(at, person), *_this_week(at, person)):
            out.say(clean(f"  {line}"))
        _say_notices(out, at, kept)
        if mails:
            out.table(("Mail", "Day", "Kind", "Subject", "Reason"), [_without_name(mail) for mail in mails])
    return 0


def _own_holds(at: Desk, person: Person) -> Iterator[str]:
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
        if last >= SystemClock().now().date():
            yield f"is away {first} to {last}: mails wait until then, rows go to the leader or the keeper"
    refused = at.outbox.refused_in_a_row(person.identity)
    if refused:
        yield f"the mail server refused this address {refused} times in a row; is it right?"


def _this_week(at: Desk, person: Person) -> Iterator[str]:
    """The days of this week on which a mail went, against the limits."""
    today = SystemClock().now().date()
    monday = today - dt.timedelta(days=today.weekday())
    days = at.outbox.days_mailed(person.identity, monday, route=at.config.mail.route)
    if days:
        listed = ", ".join(day.isoformat() for day in days)
        yield f"mailed this week on {listed} (at most one mail a day, three a week)"


def _say_notices(out: Console, at: Desk, kept: Kept) -> None:
    """Each notice that is kept, with what became of it and when it may go."""
    if not kept:
        out.say("  no notice is kept: nothing needed this person when the plans were last checked")
        return
    rows = [
        (waiting.notice.kind.value, at.plan_name(waiting.notice.plan), waiting.notice.period, state,
         reason or _time_of(at, waiting, state))
        for waiting, state, reason in kept
    ]  # fmt: skip
    out.table(("Notice", "Plan", "Week", "State", "Reason"), rows)


def _time_of(at: Desk, waiting: Waiting, state: str) -> str:
    if state != "waiting":
        return ""
    plan = at.plan(waiting.notice.plan)
    zone = plan.settings.timezone if plan is not None else "UTC"
    first, last = _when(waiting.notice.not_before, zone), _when(waiting.notice.expires, zone)
    return f"not before {first}, not after {last}"


def _without_name(mail: Queued) -> tuple[str, ...]:
    state, day, kinds, _, subject, reason = _line(mail)
    return state, day, kinds, subject, reason


def _when(instant: dt.datetime, timezone: str = "") -> str:
    """An instant to the minute, in a plan's zone or that of this computer."""
    local = instant.astimezone(ZoneInfo(timezone)) if timezone else instant.astimezone()
    return f"{local:%a %Y-%m-%d %H:%M}"
