"""The mails of the outbox, out through a transport: looked at again right before, claimed, sent, settled (HAZARDS 25).

Not here: what a mail holds (`composing`), what a server's answer means (the transport).
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sheets_sync.core.mails import FILES, Attempt, Sending
from sheets_sync.core.persons import Person
from sheets_sync.errors import UsageError
from sheets_sync.notify.message import recipient
from sheets_sync.notify.retry import next_try
from sheets_sync.notify.transport import Transport
from sheets_sync.run.alerts import FAILING, alert_may_go
from sheets_sync.run.first_mails import PREVIEW
from sheets_sync.run.mail_gate import Go, Verdict, Wait, may_read_now, verdict
from sheets_sync.run.post import Post, Tally, Why
from sheets_sync.store.outbox import Queued

log = logging.getLogger("sheets_sync.mail")

OTHERS = (Why.NO_PLAN, Why.NOT_RUN)
"""Mails that are left to another run, or to that of another configuration which shares the store."""
LEFT = (Sending.SENT, Sending.WRITTEN)
CHANGED = "changed since it was composed"
REFUSED_FOR_GOOD = 500
"""Reply codes from here on do not change by waiting (RFC 5321 4.2.1)."""
FAILED = "The program failed while it was sent."


def withdraw_outdated(post: Post, *, now: dt.datetime) -> None:
    """Take back mails that surely never left and should not go as they are; their notices wait to be told anew."""
    for number in (*post.outbox.stale_mails(post.settings.route), *_on_an_old_route(post)):
        post.outbox.withdraw(number, CHANGED, wait_again=True)
    for mail in post.outbox.to_send(now, route=post.settings.route):
        if mail.again:
            continue
        found = looked_at_again(post, mail, now)
        if isinstance(found, Wait) and found.why in OTHERS:
            continue
        if not isinstance(found, Go) or not _is_addressed(post, mail, found.person):
            post.outbox.withdraw(mail.number, CHANGED, wait_again=True)


def _on_an_old_route(post: Post) -> Iterator[int]:
    """The unsent mails about plans of this configuration that were to go as it said before."""
    for number in post.outbox.on_other_routes(post.settings.route):
        plans = {waiting.notice.plan for waiting in post.outbox.notices_of(number)}
        if plans and plans <= post.plans.keys():
            yield number


def looked_at_again(post: Post, mail: Queued, now: dt.datetime) -> Verdict:
    """Whether a composed mail may go now, each of its notices asked like a new one."""
    if PREVIEW in mail.kinds:
        return _preview_may_go(post, mail, now)
    if FAILING in mail.kinds:
        return alert_may_go(post, mail, now)
    found: Verdict = Wait(Why.OLD_READING)
    for waiting in post.outbox.notices_of(mail.number):
        found = verdict(post, waiting.notice, now)
        if not isinstance(found, Go):
            return found
    return found


def _preview_may_go(post: Post, mail: Queued, now: dt.datetime) -> Verdict:
    identity = mail.address.lower()
    for plan in post.plans.values():
        keeper = plan.mail.keeper
        if keeper is not None and keeper.identity == identity:
            return may_read_now(plan, keeper, now)
    return Wait(Why.NO_PLAN)


def _is_addressed(post: Post, mail: Queued, person: Person) -> bool:
    """Whether the mail's own header names the address it would go to; not so when a redirection came or went since."""
    content = post.outbox.content(mail.number)
    if content is None:
        return False
    head = content[0].partition(b"\r\n\r\n")[0]
    to = head.partition(b"\r\nTo: ")[2].partition(b"\r\nReply-To: ")[0]
    return recipient(person, post.settings).encode() in to


def send_due(post: Post, tally: Tally, *, may_go_on: Callable[[], bool]) -> None:
    """Send what is due, at most `max_mails` of it, as long as `may_go_on`, which is asked before each mail.

    While there is trouble the way out is tried with nothing to send, too, so that its end is noticed."""
    due = post.outbox.to_send(post.clock.now(), route=post.settings.route)
    troubled = post.outbox.trouble() is not None
    if troubled and not due and post.settings.route == FILES:
        post.outbox.clear_trouble()
        return
    if not due and not troubled:
        return
    with _transport(post) as transport:
        for mail in due[: post.settings.max_mails]:
            if transport is None or not may_go_on() or not _send(post, mail, transport, tally, may_go_on=may_go_on):
                break


@contextmanager
def _transport(post: Post) -> Iterator[Transport | None]:
    """The way out, closed afterwards; None, and the trouble noted, when it cannot be had."""
    try:
        transport = post.open_transport()
    except UsageError as error:
        _in_trouble(post, error.message)
        yield None
        return
    try:
        stopped = transport.connect()
        if stopped is not None:
            _in_trouble(post, stopped.reason)
        elif post.outbox.trouble() is not None:
            post.outbox.note_login()
        yield transport if stopped is None else None
    finally:
        transport.close()


def _in_trouble(post: Post, reason: str, *, lasting: bool = False) -> None:
    post.outbox.note_trouble(reason, post.clock.now(), lasting=lasting)
    log.error("no mail can be sent")


def _send(post: Post, mail: Queued, transport: Transport, tally: Tally, *, may_go_on: Callable[[], bool]) -> bool:
    """Send one mail if it still may go; False when nothing can be sent at all.

    Once it is claimed `may_go_on` is asked again, for this process may have been stopped in between and the claim be
    another one's by now: then it is left as it is, and taken up like that of a dead process (HAZARDS 31).
    """
    now = post.clock.now()
    found = looked_at_again(post, mail, now)
    if not isinstance(found, Go):
        tally.waits(found.why)
        return True
    raw = post.outbox.claim(mail.number, now)
    if raw is None:
        return True
    if not may_go_on():
        return False
    address = recipient(found.person, post.settings)
    plans = {waiting.notice.plan for waiting in post.outbox.notices_of(mail.number)}
    try:
        attempt = transport.send(address, raw, message_id=mail.message_id)
    except Exception as error:
        log.exception("a way out failed")
        tally.fails(error)
        attempt = Attempt(Sending.UNCERTAIN, reason=FAILED)
    now = post.clock.now()
    post.outbox.settle(mail.number, attempt, now=now, next_try=_next_try(mail, attempt, now))
    if attempt.result is Sending.STOP:
        _in_trouble(post, attempt.reason, lasting=attempt.code >= REFUSED_FOR_GOOD)
        return False
    if post.outbox.trouble() is not None:
        post.outbox.clear_trouble()
    _count(mail, attempt, tally)
    if attempt.result in LEFT:
        tally.about.update(plans)
    return True


def _next_try(mail: Queued, attempt: Attempt, now: dt.datetime) -> dt.datetime | None:
    if attempt.result is Sending.RETRY or (attempt.result is Sending.UNCERTAIN and not mail.again):
        return next_try(mail.attempts + 1, now, mail.expires)
    return None


def _count(mail: Queued, attempt: Attempt, tally: Tally) -> None:
    if attempt.result in LEFT:
        tally.left += 1
    elif attempt.result is Sending.REFUSED:
        tally.refused += 1
    facts = {"result": attempt.result.value, "code": attempt.code, "try": mail.attempts + 1}
    log.info("mail tried", extra={"facts": facts})
