"""The mails of one command, after all its plans finished or failed: what is over is dropped, what changed is taken
back, what waits is composed, what is due is sent (HAZARDS 25). What an interrupted run left is taken up here."""

from collections.abc import Callable, Sequence

from sheets_sync.core.mails import FILES, MailState
from sheets_sync.errors import HeldElsewhere
from sheets_sync.run.alerts import queue_alerts
from sheets_sync.run.composing import Letter, letters, queue_letter
from sheets_sync.run.first_mails import held_back, queue_previews, split
from sheets_sync.run.holder import is_gone, own_name
from sheets_sync.run.post import MailOutcome, Post, Tally, Told, Why
from sheets_sync.run.sending import send_due, withdraw_outdated
from sheets_sync.store.store import Lease

DRAIN = ":mails"
"""The lease of whoever mails."""
LEASE_SECONDS = 3000
NEWEST = 2000
"""Mails that are looked at for what is unsent."""


def drain(post: Post) -> MailOutcome:
    """Mail what may be mailed now. Raises StoreError; a server's or a person's trouble is in the outcome."""
    now = post.clock.now()
    try:
        lease = post.store.hold(DRAIN, own_name(), now=now, seconds=LEASE_SECONDS, is_gone=is_gone)
    except HeldElsewhere:
        return MailOutcome(post.settings.route, busy=True)
    try:
        return _drain(post, lease)
    finally:
        post.store.release(lease)


def _drain(post: Post, lease: Lease) -> MailOutcome:
    until = post.clock.monotonic() + post.seconds

    def may_go_on() -> bool:
        """Whether this run still has time and the lease, and nobody has switched mail off meanwhile."""
        mine = post.clock.monotonic() < until and post.store.still_held(lease, post.clock.now())
        return mine and post.outbox.off_since() is None

    tally = Tally(dropped=post.outbox.drop_expired(post.clock.now()))
    if post.outbox.off_since() is None:
        _compose(post, tally, may_go_on=may_go_on)
        send_due(post, tally, may_go_on=may_go_on)
    return _outcome(post, tally)


def _compose(post: Post, tally: Tally, *, may_go_on: Callable[[], bool]) -> None:
    now = post.clock.now()
    withdraw_outdated(post, now=now)
    queue_alerts(post, tally, now=now)
    waiting = post.outbox.waiting(now, route=post.settings.route)
    going, held = split(post, letters(post, waiting, tally, now=now), tally)
    queue_previews(post, held, tally, now=now)
    for place, letter in enumerate(going):
        if place >= post.settings.max_mails:
            _rest_waits(going[place:], tally, Why.TOO_MANY)
            break
        if not may_go_on():
            _rest_waits(going[place:], tally, Why.TOO_LATE)
            break
        queue_letter(post, letter, tally, now=now)


def _rest_waits(rest: Sequence[Letter], tally: Tally, why: Why) -> None:
    for _ in rest:
        tally.waits(why)


def _outcome(post: Post, tally: Tally) -> MailOutcome:
    route = post.settings.route
    mails = post.outbox.mails(limit=NEWEST)
    unsent = [mail for mail in mails if mail.route == route and mail.state is MailState.PENDING]
    refused = post.given_up() & {person.identity for plan in post.plans.values() for person in plan.configured()}
    later, first = post.outbox.later(post.clock.now())
    off_since = post.outbox.off_since()
    in_use = off_since is None and (route != FILES or unsent)
    return MailOutcome(
        route=route,
        left=tally.left,
        previews=tally.previews,
        next=len(unsent),
        next_at=min((mail.next_try for mail in unsent if mail.next_try is not None), default=None),
        waiting=(*tally.told(), *((Told(Why.NOT_YET, later, first),) if later else ())),
        dropped=tally.dropped,
        failed=tally.failed,
        failed_because=tally.failed_because,
        refused=tally.refused,
        suppressed=max(tally.suppressed, len(refused)),
        held=held_back(post) if off_since is None else (),
        off_since=off_since,
        trouble=post.outbox.trouble() if in_use else None,
        about=tuple(sorted(tally.about.items())),
    )
