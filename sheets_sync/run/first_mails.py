"""Before people are mailed for the first time, and when far more of them would be than last time: the plan's mails wait
for its keeper's release, and the keeper alone gets a preview, once for each plan and period (DOMAIN 5.6)."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.mails import FILES
from sheets_sync.core.persons import Person
from sheets_sync.notify.render import Waiting as PlanWaiting
from sheets_sync.notify.render import render_keeper_preview
from sheets_sync.notify.retry import TooMany, too_many
from sheets_sync.run.composing import Addressed, Letter, bytes_of
from sheets_sync.run.mail_gate import Go, capped, may_read_now, person_day
from sheets_sync.run.post import MailedPlan, Post, Tally, Why

log = logging.getLogger("sheets_sync.mail")

PREVIEW = "preview"
"""The kind of mail a preview is."""
HELD = "mails held "
"""Noted, with the period, of a plan whose people were mailed before and whose mails were held."""


class Split(NamedTuple):
    """Letters that may go, and by plan uid those parts of letters that wait for its release."""

    going: tuple[Letter, ...]
    held: Mapping[str, tuple[Letter, ...]]


def split(post: Post, letters: Sequence[Letter], tally: Tally) -> Split:
    """Take out of the letters what belongs to plans that are not released. Files are written unasked: they reach
    nobody."""
    if post.settings.route == FILES:
        return Split(tuple(letters), {})
    released = {uid: _is_released(post, uid, letters) for uid in {u for letter in letters for u in letter.plans}}
    going: list[Letter] = []
    held: dict[str, tuple[Letter, ...]] = {}
    for letter in letters:
        kept = tuple(one for one in letter.notices if released[one.notice.plan])
        for uid in letter.plans:
            if not released[uid]:
                of_plan = tuple(one for one in letter.notices if one.notice.plan == uid)
                held[uid] = (*held.get(uid, ()), letter._replace(notices=of_plan))
        if kept:
            going.append(letter._replace(notices=kept))
        else:
            tally.waits(Why.NOT_RELEASED)
    return Split(tuple(going), held)


def _is_released(post: Post, uid: str, letters: Sequence[Letter]) -> bool:
    if not post.outbox.released(uid):
        return False
    period = max(one.notice.period for letter in letters for one in letter.notices if one.notice.plan == uid)
    count = sum(1 for letter in letters if uid in letter.plans)
    before = post.outbox.people_mailed(uid, before=period, route=post.settings.route)
    jumped = too_many(count, before, count) is TooMany.JUMP
    held_once = f"{HELD}{period}"
    if not jumped or held_once in post.store.state(uid).told:
        return True
    post.outbox.hold(uid)
    post.store.tell_once(uid, held_once)
    log.warning("far more mails than last time are held", extra={"facts": {"mails": count}})
    return False


def held_back(post: Post) -> tuple[str, ...]:
    """The names of the plans that were released and wait again, because of how many people would have been mailed."""
    if post.settings.route == FILES:
        return ()
    return tuple(
        plan.settings.name
        for uid, plan in post.plans.items()
        if not post.outbox.released(uid) and any(told.startswith(HELD) for told in post.store.state(uid).told)
    )


def queue_previews(post: Post, held: Mapping[str, Sequence[Letter]], tally: Tally, *, now: dt.datetime) -> None:
    """One preview for each keeper, of those held plans of which this period's was not queued yet."""
    by_keeper: dict[str, list[str]] = {}
    for uid, letters in held.items():
        keeper = post.plans[uid].mail.keeper
        if keeper is not None and _told(letters) not in post.store.state(uid).told:
            by_keeper.setdefault(keeper.identity, []).append(uid)
    for uids in by_keeper.values():
        try:
            _queue_preview(post, {uid: held[uid] for uid in uids}, tally, now=now)
        except Exception as error:
            log.exception("a preview could not be made", extra={"facts": {"plans": len(uids)}})
            tally.fails(error)


def _period(letters: Iterable[Letter]) -> str:
    return max(one.notice.period for letter in letters for one in letter.notices)


def _told(letters: Iterable[Letter]) -> str:
    return f"mails previewed {_period(letters)}"


def _queue_preview(post: Post, held: Mapping[str, Sequence[Letter]], tally: Tally, *, now: dt.datetime) -> None:
    first = post.plans[next(iter(held))]
    keeper = first.mail.keeper
    if keeper is None or not _may_be_mailed(post, first, keeper, now):
        return
    waiting = [_waiting(post, uid, letters) for uid, letters in held.items()]
    rendered = render_keeper_preview(waiting, keeper=keeper, templates=post.templates, now=now)
    mail = Addressed(
        person=keeper,
        kinds=(PREVIEW,),
        plans=tuple(held),
        period=max(map(_period, held.values())),
        day=person_day(first, keeper, now),
    )
    expires = max(one.notice.expires for letters in held.values() for letter in letters for one in letter.notices)
    if post.outbox.queue(bytes_of(post, rendered, mail, expires=expires, now=now), (), now=now) is None:
        return
    tally.previews += 1
    for uid, letters in held.items():
        post.store.tell_once(uid, _told(letters))


def _may_be_mailed(post: Post, plan: MailedPlan, keeper: Person, now: dt.datetime) -> bool:
    if not isinstance(may_read_now(plan, keeper, now), Go):
        return False
    return capped(post, keeper, person_day(plan, keeper, now)) is None


def _waiting(post: Post, uid: str, letters: Sequence[Letter]) -> PlanWaiting:
    notice = letters[0].notices[0].notice
    names = tuple(letter.person.name for letter in letters)
    again = any(told.startswith(HELD) for told in post.store.state(uid).told)
    return PlanWaiting(notice.section.plan, names, len(letters), post.plans[uid].unreached, again)
