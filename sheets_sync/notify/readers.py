"""Who of a plan a weekly mail reaches this week, and who is told instead of somebody it does not reach."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sheets_sync.core.persons import Directory, MailChoice, Person
from sheets_sync.core.workdays import Calendar
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.timing import Window, may_go, week_window


class Reader(NamedTuple):
    """Somebody this week's mails reach, and when."""

    person: Person
    window: Window


@dataclass(frozen=True, slots=True)
class Readers:
    """The people of one plan. `reached` holds, by identity, those this week's mails reach.

    `leaders` are those whom the leader's week reaches: the plan's leaders, else the keeper, else nobody.
    """

    directory: Directory
    keeper: Person
    leaders: tuple[Reader, ...]
    reached: Mapping[str, Reader]

    def reaches(self, person: Person | None) -> bool:
        """Whether a mail of this week can reach this person."""
        return person is not None and is_mailable(person) and person.identity in self.reached

    def away(self, person: Person | None) -> bool:
        """Whether this person, who is mailed otherwise, is not there while the week's mails go."""
        return person is not None and is_mailable(person) and person.identity not in self.reached

    def instead_of(self, person: Person | None) -> Person | None:
        """Who is told of the rows of somebody no mail reaches: their leader, else the keeper; None for nobody.

        The leader of a person who is held is not released either.
        """
        leader = (
            self.directory.find(person.leader) if person is not None and person.leader and not person.held else None
        )
        return next((reader for reader in (leader, self.keeper) if self.reaches(reader)), None)

    def open_at(self, now: dt.datetime) -> bool:
        """Whether a mail of this week may still go to anybody."""
        return any(now < reader.window.expires for reader in self.reached.values())


def readers_of(matter: Matter, keeper: Person, *, calendar: Calendar) -> Readers:
    """The readers of this plan in the ISO week of its day."""
    reached: dict[str, Reader] = {}
    known = matter.directory.persons
    listed = {person.identity for person in known}
    for person in (*known, *(one for one in (keeper, *matter.mail.leaders) if one.identity not in listed)):
        window = _window(person, matter, calendar)
        if window is not None:
            reached.setdefault(person.identity, Reader(person, window))
    chosen = dict.fromkeys(leader.identity for leader in matter.mail.leaders if is_mailable(leader))
    leaders = [reached[identity] for identity in chosen if identity in reached]
    if not leaders and keeper.identity in reached:
        leaders = [reached[keeper.identity]]
    return Readers(matter.directory, keeper, tuple(leaders), reached)


def is_mailable(person: Person) -> bool:
    """Whether this person is mailed at all: active, released, and wanting mails."""
    return person.active and not person.held and person.mail is not MailChoice.NONE


def wants_no_mail(person: Person | None) -> bool:
    """Whether this person is there and chose not to be mailed: then nobody is told in their place either."""
    return person is not None and person.active and not person.held and person.mail is MailChoice.NONE


def _window(person: Person, matter: Matter, calendar: Calendar) -> Window | None:
    """When this week's mails go to this person; None when they are away, off or not mailed all that time."""
    if not is_mailable(person):
        return None
    window = week_window(matter.as_of, calendar, timezone=matter.settings.timezone, workdays=person.workdays)
    if window is None:
        return None
    when = may_go(person, matter.settings, window.not_before)
    in_time = when.allowed or (when.next_at is not None and when.next_at < window.expires)
    return window if in_time else None
