"""From waiting notices to queued mails: one per person and day, of all that may go to them now.

Not here: who may be mailed (`mail_gate`), sending (`sending`). A person whose mail cannot be made never stops others.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sheets_sync.core.mails import REDIRECT, Envelope, Rendered
from sheets_sync.core.persons import Person
from sheets_sync.errors import StoreError
from sheets_sync.notify.message import build, message_id
from sheets_sync.notify.render import render
from sheets_sync.run.mail_gate import Drop, Wait, capped, person_day, verdict
from sheets_sync.run.post import Post, Tally, Why
from sheets_sync.store.outbox import NewMail, Waiting

log = logging.getLogger("sheets_sync.mail")


class Letter(NamedTuple):
    """What may go to one person now."""

    person: Person
    day: dt.date
    notices: tuple[Waiting, ...]

    @property
    def plans(self) -> tuple[str, ...]:
        """The uids of the plans it speaks of, each once."""
        return tuple(dict.fromkeys(waiting.notice.plan for waiting in self.notices))


def letters(post: Post, waiting: Iterable[Waiting], tally: Tally, *, now: dt.datetime) -> tuple[Letter, ...]:
    """What may go now, by person, oldest notice first. What may not is counted, or dropped with its reason."""
    by_person: dict[str, list[Waiting]] = {}
    for one in waiting:
        if one.notice.plan not in post.plans:
            continue  # of another configuration that shares the store, or taken out of this one: it expires
        by_person.setdefault(one.notice.person.identity, []).append(one)
    found = (_guarded_letter(post, notices, tally, now=now) for notices in by_person.values())
    return tuple(letter for letter in found if letter is not None)


def _guarded_letter(post: Post, notices: Sequence[Waiting], tally: Tally, *, now: dt.datetime) -> Letter | None:
    try:
        return _letter(post, notices, tally, now=now)
    except StoreError:
        raise
    except Exception as error:
        log.exception("whether somebody may be mailed could not be told", extra={"facts": {"notices": len(notices)}})
        tally.fails(error)
        return None


def _letter(post: Post, notices: Sequence[Waiting], tally: Tally, *, now: dt.datetime) -> Letter | None:
    going: list[Waiting] = []
    person: Person | None = None
    reasons: list[Wait] = []
    for one in notices:
        found = verdict(post, one.notice, now)
        if isinstance(found, Drop):
            post.outbox.drop((one.number,), found.why.value)
            tally.dropped += 1
        elif isinstance(found, Wait):
            reasons.append(found)
        else:
            person = person or found.person
            going.append(one._replace(notice=one.notice._replace(person=found.person)))
    if person is None:
        if reasons:
            tally.waits(reasons[0].why, reasons[0].until)
        return None
    day = person_day(post.plans[going[0].notice.plan], person, now)
    return _within_caps(post, Letter(person, day, tuple(going)), tally)


def _within_caps(post: Post, letter: Letter, tally: Tally) -> Letter | None:
    why = capped(post, letter.person, letter.day)
    if why is None:
        return letter
    tally.waits(why)
    tally.suppressed += why is Why.SUPPRESSED
    return None


def queue_letter(post: Post, letter: Letter, tally: Tally, *, now: dt.datetime) -> None:
    """Render a letter and queue it with its notices, unless another run was faster."""
    notices = tuple(waiting.notice for waiting in letter.notices)
    try:
        rendered = render(notices, templates=post.templates, now=now)
        new = new_mail(post, rendered, letter, now=now)
    except Exception as error:
        log.exception("a mail could not be made", extra={"facts": {"notices": len(notices)}})
        tally.fails(error)
        return
    if post.outbox.queue(new, letter.notices, now=now) is None:
        tally.waits(Why.ONE_A_DAY)


def new_mail(post: Post, rendered: Rendered, letter: Letter, *, now: dt.datetime) -> NewMail:
    """The finished mail of a letter, as the outbox takes it. Raises ValueError for an address that is none."""
    notices = [waiting.notice for waiting in letter.notices]
    address = Addressed(
        person=letter.person,
        kinds=tuple(dict.fromkeys(notice.kind.value for notice in notices)),
        plans=letter.plans,
        period=max(notice.period for notice in notices),
        day=letter.day,
    )
    return bytes_of(post, rendered, address, expires=min(notice.expires for notice in notices), now=now)


class Addressed(NamedTuple):
    """Whom a mail is for and what it is about. `plans` are uids, the first one's keeper gets the answers."""

    person: Person
    kinds: tuple[str, ...]
    plans: tuple[str, ...]
    period: str
    day: dt.date

    def message_id(self, post: Post) -> str:
        """The same for the same mail, whenever it is made; a redirected one is another mail than its reader's."""
        person, kinds, plans, period, day = self
        settings = post.settings
        reader = person.identity if settings.route != REDIRECT else f"{settings.redirect_all_to} {person.identity}"
        return message_id(settings.sender, reader, kinds=kinds, plans=plans, period=period, day=day)


def bytes_of(post: Post, rendered: Rendered, mail: Addressed, *, expires: dt.datetime, now: dt.datetime) -> NewMail:
    """A rendered mail with its headers. Raises ValueError for an address that is none."""
    plan = post.plans[mail.plans[0]]
    keeper = plan.mail.keeper
    assert keeper is not None, "nothing of a plan without a keeper gets here"
    envelope = Envelope(
        to=mail.person,
        reply_to=keeper.address,
        reply_to_name=keeper.name,
        kinds=mail.kinds,
        plans=mail.plans,
        period=mail.period,
        message_id=mail.message_id(post),
        queued_at=now,
        language=mail.person.language or plan.settings.language,
    )
    return NewMail(
        person=mail.person,
        route=post.settings.route,
        day=mail.day,
        kinds=mail.kinds,
        message_id=envelope.message_id,
        subject=rendered.subject,
        raw=build(rendered, envelope, post.settings),
        html=rendered.html,
        expires=expires,
    )
