"""Who is told by mail of a plan that does not get its runs: its keeper, or who stands in while no mail reaches them.

In the order in which rows of somebody away are told: their leader, then those who lead the plan. Whoever chose to get
no mail is not told through others. Not here: when a plan is told of (`core.health`), the hours and caps of a mail.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from sheets_sync.core.addresses import is_allowed
from sheets_sync.core.persons import Directory, MailChoice, Person, PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.notify.timing import Obstacle, may_go
from sheets_sync.store.outbox import Outbox

UNREACHABLE = frozenset({Obstacle.INACTIVE, Obstacle.WANTS_NO_MAIL, Obstacle.AWAY})
"""What does not pass within some days; hours and days off do."""


class Refusals(NamedTuple):
    """Whose server refuses mails: those who get no more, and how often in a row it was for anybody."""

    given_up: frozenset[str]
    in_a_row: Callable[[str], int]


def refusals(outbox: Outbox, given_up: frozenset[str]) -> Refusals:
    """As the outbox knows it."""
    return Refusals(given_up, outbox.refused_in_a_row)


def readers(mail: PlanMail) -> tuple[Person, ...]:
    """The keeper and who may stand in, each once, in order; nobody without a keeper."""
    keeper = mail.keeper
    if keeper is None:
        return ()
    leader = Directory(mail.people).find(keeper.leader) if keeper.leader else None
    others = (
        one for one in (leader, *mail.leaders) if one is not None and is_allowed(one.address, mail.allowed_domains)
    )
    by_identity = {one.identity: one for one in (*others, keeper)}
    order = dict.fromkeys((keeper.identity, *by_identity))
    return tuple(by_identity[identity] for identity in order)


def reader_of(mail: PlanMail, settings: PlanSettings, now: dt.datetime, *, refused: Refusals) -> Person | None:
    """Who is told now, or as soon as they read mail; None for nobody."""
    keeper = mail.keeper
    if keeper is None or (keeper.active and keeper.mail is MailChoice.NONE):
        return None
    here = [one for one in readers(mail) if _is_here(one, settings, now) and one.identity not in refused.given_up]
    heard = (one for one in here if not refused.in_a_row(one.identity))
    return next(heard, here[0] if here else None)


def _is_here(person: Person, settings: PlanSettings, now: dt.datetime) -> bool:
    when = may_go(person, settings, now)
    return when.allowed or Obstacle(when.reason) not in UNREACHABLE
