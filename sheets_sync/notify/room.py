"""How much a mail may hold: few cards and rows, dealt out so that no plan and no list takes the place of the others."""

from collections.abc import Sequence
from typing import NamedTuple

from sheets_sync.core.notices import LeaderSection, OwnerSection, Section


class Room(NamedTuple):
    """How many cards and rows a whole mail may show."""

    cards: int = 10
    rows: int = 25

    def halved(self) -> "Room":
        """Half of it, for a mail whose texts are so long that it would be cut off on its way."""
        return Room(self.cards // 2, self.rows // 2)


class Share(NamedTuple):
    """What one section may show of it. `rows` by list: overflow of the cards, due soon, stand-in, waiting, fixes for an
    owner; finished for a leader."""

    cards: int
    rows: tuple[int, ...]


def dealt(wanted: Sequence[int], total: int) -> list[int]:
    """`total` places dealt out one by one in turn, nobody getting more than wanted."""
    got = [0] * len(wanted)
    left = min(total, sum(wanted))
    while left:
        for place, most in enumerate(wanted):
            if left and got[place] < most:
                got[place] += 1
                left -= 1
    return got


def shares(sections: Sequence[Section], room: Room) -> list[Share]:
    """Each section's part of the room, in the order given."""
    cards = dealt([_cards(section) for section in sections], room.cards)
    lists = [_rows(section, shown) for section, shown in zip(sections, cards, strict=True)]
    rows = iter(dealt([wanted for listed in lists for wanted in listed], room.rows))
    return [Share(shown, tuple(next(rows) for _ in listed)) for shown, listed in zip(cards, lists, strict=True)]


def _cards(section: Section) -> int:
    if isinstance(section, LeaderSection):
        return len(section.decisions)
    return len(section.late) + len(section.blocked)


def _rows(section: Section, cards: int) -> tuple[int, ...]:
    if isinstance(section, OwnerSection):
        further = len(section.late) + len(section.blocked) - cards
        lists = (section.due_soon, section.stand_in, section.waiting, section.fixes)
        return (further, *map(len, lists))
    return (len(section.finished),)
