"""What an action was before: every owner, due date and status with its days, read out of the history."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from sheets_sync.core.model import Status
from sheets_sync.store import history_rows, plans
from sheets_sync.store.engine import reading
from sheets_sync.store.history_rows import VersionRow


class Versions:
    """The past of a store's plans. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def rows(self, plan: str) -> Iterator[VersionRow]:
        """Every owner, due and status of every action with its days, by key and oldest first; fit for a data frame."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            if row is not None:
                yield from history_rows.read_versions(connection, row.id)

    def dues(self, plan: str, key: str) -> tuple[tuple[dt.date, dt.date | None], ...]:
        """The due dates of one action, each with the day on which it was first seen; oldest first."""
        return history_rows.each_new((version.seen, version.due) for version in self._of(plan, key))

    def owners(self, plan: str, key: str) -> tuple[tuple[dt.date, str], ...]:
        """The owners of one action, likewise."""
        return history_rows.each_new((version.seen, version.owner) for version in self._of(plan, key))

    def statuses(self, plan: str, key: str) -> tuple[tuple[dt.date, Status], ...]:
        """The statuses of one action, likewise."""
        return history_rows.each_new((version.seen, version.status) for version in self._of(plan, key))

    def _of(self, plan: str, key: str) -> tuple[VersionRow, ...]:
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            return tuple(history_rows.read_versions(connection, row.id, key)) if row is not None else ()
