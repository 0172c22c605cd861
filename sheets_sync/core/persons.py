"""Who may be mailed, as plain values, and finding the person an owner cell names. Where persons come from is not here
(configuration, People tab); neither is whether an address is allowed (`allowed`)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class MailChoice(StrEnum):
    """What mails a person wants."""

    ALL = "all"
    WEEKLY = "weekly"
    NONE = "none"


class Person(NamedTuple):
    """One person. `address` is what identifies them over all plans. `leader` is a name in the same directory.

    `away` holds (first day, last day), both included. `workdays` (ISO, 1 = Monday), `timezone` and `language` are
    None or "" where the plan's hold. `source` is "config" or "sheet"; `held` tells that the address or the leader came
    from a sheet and the keeper has not released it yet.
    """

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    leader: str = ""
    language: str = ""
    timezone: str = ""
    workdays: frozenset[int] | None = None
    away: tuple[tuple[dt.date, dt.date], ...] = ()
    active: bool = True
    mail: MailChoice = MailChoice.ALL
    source: str = "config"
    held: bool = False

    @property
    def identity(self) -> str:
        """The address as compared and stored: lower case."""
        return self.address.lower()


class Directory:
    """The persons of one plan. Names and aliases are compared normalised (`words.normalise`)."""

    def __init__(self, persons: Iterable[Person]) -> None:
        raise NotImplementedError

    def find(self, owner: str) -> Person | None:
        """The one person an owner cell names; None for nobody, several, a group or an unknown name (never guessed)."""
        raise NotImplementedError

    @property
    def persons(self) -> tuple[Person, ...]:
        """All of them, in the order given."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class PlanMail:
    """What one plan's mails need beside its rows: who answers for it, who leads, where it is found."""

    keeper: Person | None = None
    """None: no keeper is configured, so nobody may be mailed."""
    leaders: tuple[Person, ...] = ()
    """Who gets the leader's week; empty = the keeper."""
    link: str = ""
    """https address of the workbook for people; "" = plan, tab and id are named as text."""
    people: tuple[Person, ...] = ()
    """Persons of the configuration."""
    people_from_sheet: bool = False
    allowed_domains: tuple[str, ...] = field(default=())
