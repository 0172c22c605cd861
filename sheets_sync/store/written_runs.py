"""What earlier runs wrote, and what they were refused: for undo, and so that nothing is told of the same again."""

import sqlalchemy as sa

from sheets_sync.core.decision import Edit, Structure
from sheets_sync.store import codec, journal, plans
from sheets_sync.store.engine import reading
from sheets_sync.store.journal import WrittenRun
from sheets_sync.store.runs import FINISHED
from sheets_sync.store.schema import run as table


class WrittenRuns:
    """The journals of finished runs. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def last(self, plan: str) -> WrittenRun | None:
        """The last run that changed the workbook, for undo; None when there is none or its journal has expired."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            return journal.read_written(connection, row) if row is not None else None

    def refused(self, plan: str) -> frozenset[Edit | Structure]:
        """What the plan's last finished run was refused."""
        with reading(self._engine) as connection:
            row = plans.read_plan(connection, plan)
            if row is None:
                return frozenset()
            c = table.c
            query = sa.select(c.refused, c.receipt).where(c.plan == row.id, c.state == FINISHED)
            last = connection.execute(query.order_by(c.id.desc()).limit(1)).one_or_none()
            if last is None or not last.refused or last.receipt is None:
                return frozenset()
            return frozenset(refusal.what for refusal in codec.decode_receipt(last.receipt).refused)
