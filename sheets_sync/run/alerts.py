"""Tells keepers by mail of plans that could not be checked or written again and again: one mail of all such plans of a
keeper, once for each row of failures (HAZARDS 33). Not here: when a row is a failure (`core.health`), the wording, who
stands in for a keeper whom no mail reaches (`alert_readers`)."""

import datetime as dt
import logging
from collections.abc import Mapping

from sheets_sync.core.health import PlanHealth, is_to_be_told
from sheets_sync.core.mails import MailState
from sheets_sync.core.notices import PlanFacts
from sheets_sync.core.persons import Person
from sheets_sync.notify.render import Failing, render_keeper_failing
from sheets_sync.notify.timing import period_of
from sheets_sync.run.alert_readers import reader_of, readers, refusals
from sheets_sync.run.clock import plan_day
from sheets_sync.run.composing import Addressed, bytes_of
from sheets_sync.run.mail_gate import Drop, Go, Verdict, Wait, capped, may_read_now, person_day
from sheets_sync.run.post import MailedPlan, Post, Tally, Why
from sheets_sync.store.outbox import Queued

log = logging.getLogger("sheets_sync.mail")

FAILING = "failing"
"""The kind of mail that tells a keeper of plans that did not get their runs."""
IN_VAIN = frozenset({MailState.DROPPED, MailState.REFUSED})
NEWEST = 2000
"""Mails that are looked at for those to people who are no longer told."""
LASTS = dt.timedelta(days=7)
"""How long such a mail is worth sending."""


def queue_alerts(post: Post, tally: Tally, *, now: dt.datetime) -> None:
    """One mail for each keeper, or who stands in, who is to be told of plans now; plans of which a mail came to nothing
    count again."""
    fares = {uid: health for uid, health in post.store.health.all().items() if uid in post.plans and health.failures}
    for uid in _told_in_vain(post, fares):
        post.store.health.note_told((uid,), None)
        fares[uid] = fares[uid]._replace(told=None)
    by_reader: dict[str, list[str]] = {}
    persons: dict[str, Person] = {}
    refused = refusals(post.outbox, post.given_up()) if fares else None
    for uid, health in fares.items():
        plan = post.plans[uid]
        if refused is None or not is_to_be_told(health, plan.settings, post.max_defer):
            continue
        reader = reader_of(plan.mail, plan.settings, now, refused=refused)
        if reader is None and plan.mail.keeper is not None:
            log.error("nobody can be told of a plan that gets no runs", extra={"facts": {"failures": health.failures}})
        if reader is None:
            continue
        by_reader.setdefault(reader.identity, []).append(uid)
        persons.setdefault(reader.identity, reader)
    for identity, uids in by_reader.items():
        try:
            _queue_alert(post, persons[identity], {uid: fares[uid] for uid in sorted(uids)}, now=now)
        except Exception as error:
            log.exception("a mail to a keeper could not be made", extra={"facts": {"plans": len(uids)}})
            tally.fails(error)


def alert_may_go(post: Post, mail: Queued, now: dt.datetime) -> Verdict:
    """Whether a composed mail may go now: not when all its keeper's plans are well again."""
    identity = mail.address.lower()
    mine = {uid: one for uid, plan in post.plans.items() for one in readers(plan.mail) if one.identity == identity}
    if not mine:
        return Wait(Why.NO_PLAN)
    fares = post.store.health.all()
    for uid, reader in mine.items():
        plan = post.plans[uid]
        told = fares[uid].told if uid in fares else None
        if told is not None and (told == mail.queued_at or _keeps(plan, identity)):
            return may_read_now(plan, reader, now)
    return Drop(Why.WELL_AGAIN)


def _keeps(plan: MailedPlan, identity: str) -> bool:
    return plan.mail.keeper is not None and plan.mail.keeper.identity == identity


def _told_in_vain(post: Post, fares: Mapping[str, PlanHealth]) -> list[str]:
    """The plans whose mail was given up before it left, or refused, or waits for somebody who is told of none of them
    any more; the instant noted as told is when it was queued."""
    noted = {uid: health.told for uid, health in fares.items() if health.told is not None}
    if not noted:
        return []
    told_ones = {one.identity for uid in noted for one in readers(post.plans[uid].mail)}
    mails = [mail for identity in told_ones for mail in post.outbox.mails(identity=identity)]
    others = [mail for mail in post.outbox.mails(limit=NEWEST) if mail.address.lower() not in told_ones]
    gone = {mail.queued_at for mail in (*mails, *others) if FAILING in mail.kinds and mail.state in IN_VAIN}
    gone |= {mail.queued_at for mail in others if FAILING in mail.kinds and mail.state is MailState.PENDING}
    return [uid for uid, told in noted.items() if told in gone]


def _queue_alert(post: Post, reader: Person, fares: Mapping[str, PlanHealth], *, now: dt.datetime) -> None:
    first = post.plans[next(iter(fares))]
    if not _may_be_mailed(post, first, reader, now):
        return
    failing = [Failing(_facts(post.plans[uid], now), health) for uid, health in fares.items()]
    rendered = render_keeper_failing(failing, keeper=reader, templates=post.templates, now=now)
    day = person_day(first, reader, now)
    mail = Addressed(reader, (FAILING,), tuple(fares), period_of(day), day)
    if post.outbox.queue(bytes_of(post, rendered, mail, expires=now + LASTS, now=now), (), now=now) is not None:
        post.store.health.note_told(fares, now)


def _may_be_mailed(post: Post, plan: MailedPlan, reader: Person, now: dt.datetime) -> bool:
    """Whether they read mail now and got none today; a week's number of mails does not hold this one."""
    if not isinstance(may_read_now(plan, reader, now), Go):
        return False
    return capped(post, reader, person_day(plan, reader, now)) in (None, Why.THREE_A_WEEK)


def _facts(plan: MailedPlan, now: dt.datetime) -> PlanFacts:
    settings, keeper = plan.settings, plan.mail.keeper
    assert keeper is not None, "nobody is told of a plan without a keeper"
    return PlanFacts(
        uid=settings.uid,
        name=settings.name,
        language=settings.language,
        timezone=settings.timezone,
        day=plan_day(now, settings.timezone),
        read_at=now,
        keeper_name=keeper.name,
        keeper_address=keeper.address,
        link=plan.mail.link,
    )
