"""What one request is made in: who asks, when, of which book; and where new ids come from."""

import datetime as dt
import random
from collections import defaultdict, deque
from typing import NamedTuple

from .book import Block, Book
from .errors import protected
from .spans import overlap
from .spreadsheet_reply import may_edit_protected

_FILE_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Ids:
    """Gives ids: those expected by a replay first, else random ones."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._expected: defaultdict[str, deque[str | int]] = defaultdict(deque)

    def expect(self, kind: str, value: str | int) -> None:
        """The next id of this kind is to be this one."""
        self._expected[kind].append(value)

    def forget(self) -> None:
        """Expect nothing any more."""
        self._expected.clear()

    def file(self) -> str:
        """An id for a file."""
        fresh = "1" + "".join(self._random.choices(_FILE_ALPHABET, k=43))
        return str(self._next("file", fresh))

    def number(self, kind: str) -> int:
        """An id for a tab, a protection, a piece of metadata, …"""
        return int(self._next(kind, self._random.randrange(1, 2**31 - 1)))

    def text(self, kind: str) -> str:
        """An id for a table."""
        return str(self._next(kind, str(self._random.randrange(10**9))))

    def _next(self, kind: str, fresh: str | int) -> str | int:
        waiting = self._expected[kind]
        return waiting.popleft() if waiting else fresh


class Scene(NamedTuple):
    """One request in its surroundings. `book` is the draft it works on."""

    book: Book
    ids: Ids
    account: str
    project: str
    now: dt.datetime

    def guard(self, block: Block) -> None:
        """Refuse to touch cells that others protect from this account."""
        area = {
            "startRowIndex": block.top,
            "endRowIndex": block.bottom,
            "startColumnIndex": block.left,
            "endColumnIndex": block.right,
        }
        for one in self.book.protections:
            if one.get("warningOnly") or one["range"].get("sheetId", 0) != block.sheet.id:
                continue
            if not overlap(one["range"], area) or may_edit_protected(one, self.account):
                continue
            if not any(_inside(area, free) for free in one.get("unprotectedRanges", ())):
                raise protected()


def _inside(area: dict[str, int], free: dict[str, int]) -> bool:
    return (
        free.get("startRowIndex", 0) <= area["startRowIndex"]
        and area["endRowIndex"] <= free.get("endRowIndex", 1 << 40)
        and free.get("startColumnIndex", 0) <= area["startColumnIndex"]
        and area["endColumnIndex"] <= free.get("endColumnIndex", 1 << 40)
    )
