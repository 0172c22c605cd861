"""The people who share a workbook: what they can do to it, and what they do between our read and our write."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from contract.plan_tab import ACTION, COST, DUE, FIRST_FREE, LAST_ROW, NOTES, PLAN, REF

from sheets_sync.workbooks.base import Workbook
from sheets_sync.workbooks.plain_values import Value


class Person(Protocol):
    """Somebody who shares the workbook. Tabs by name; rows and columns from 1."""

    def type_in(self, tab: str, row: int, column: int, value: Value) -> None:
        """Type into a cell, or empty it with None."""

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank rows in."""

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Take rows out."""

    def copy_row(self, tab: str, source: int, target: int) -> None:
        """Paste a whole row over another."""

    def sort_rows(
        self, tab: str, by: int, *, first: int, last: int, columns: Collection[int] | None = None, descending: bool
    ) -> None:
        """Sort rows, or only some of their columns."""

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Put blank columns in."""

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Take columns out."""


class Shared(NamedTuple):
    """A workbook, and a person at it."""

    workbook: Workbook
    person: Person


Bench = Callable[[Mapping[str, Sequence[Sequence[Value]]]], Shared]
Act = Callable[[Person], None]

ACTS: dict[str, Act] = {
    "edits a due date": lambda person: person.type_in(PLAN, 3, DUE, "next week"),
    "edits an id": lambda person: person.type_in(PLAN, 3, REF, "Y-9"),
    "types into our column": lambda person: person.type_in(PLAN, 3, FIRST_FREE, "mine"),
    "types right of everything": lambda person: person.type_in(PLAN, 3, FIRST_FREE + 2, "a remark"),
    "adds a row": lambda person: person.type_in(PLAN, LAST_ROW + 1, ACTION, "Buy a ladder"),
    "inserts a row": lambda person: person.insert_rows(PLAN, 3),
    "inserts rows above": lambda person: person.insert_rows(PLAN, 1, 2),
    "deletes a row": lambda person: person.delete_rows(PLAN, 3),
    "deletes two rows": lambda person: person.delete_rows(PLAN, 2, 2),
    "copies a row": lambda person: person.copy_row(PLAN, 2, 4),
    "sorts all": lambda person: person.sort_rows(PLAN, COST, first=2, last=LAST_ROW, descending=True),
    "sorts two columns": lambda person: person.sort_rows(
        PLAN, ACTION, first=2, last=LAST_ROW, columns=(ACTION, DUE), descending=True
    ),
    "inserts a column": lambda person: person.insert_columns(PLAN, 2),
    "deletes a column": lambda person: person.delete_columns(PLAN, DUE),
    "deletes our column": lambda person: person.delete_columns(PLAN, FIRST_FREE),
    "writes a note": lambda person: person.type_in(NOTES, 2, 2, "a note"),
}
