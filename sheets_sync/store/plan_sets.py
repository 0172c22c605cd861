"""The sets of a plan's history: silent witnesses, the baseline, collapsed codes, dropped columns.

Written as differences: a baseline of 100,000 findings that loses one is one row deleted.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from sheets_sync.core.history import History, Remembered
from sheets_sync.store.codec import only_in
from sheets_sync.store.engine import in_bulk
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import plan_set as table

_Member = tuple[str, str, str]
_SILENT, _BASELINE, _COLLAPSED, _DROPPED = "silent", "baseline", "collapsed", "dropped"
PAUSE = "pause"
"""Not a set of the history: see `pauses`."""


def read_sets(connection: sa.Connection, plan: int) -> History:
    """The sets of this plan, in a history that holds nothing else."""
    found: dict[str, list[tuple[str, str]]] = {_SILENT: [], _BASELINE: [], _COLLAPSED: [], _DROPPED: []}
    columns = (table.c.name, table.c.member, table.c.detail)
    query = sa.select(*columns).where(table.c.plan == plan, table.c.name != PAUSE)
    for name, member, detail in connection.execute(query):
        found[name].append((member, detail))
    return History(
        silent_witnesses=frozenset(witness for witness, _ in found[_SILENT]),
        baseline=frozenset((restored(key), code) for key, code in found[_BASELINE]),
        collapsed=frozenset(code for code, _ in found[_COLLAPSED]),
        dropped_columns=frozenset(restored(role) for role, _ in found[_DROPPED]),
    )


def sets_of(remembered: Remembered) -> History:
    """The sets that are stored once this is, likewise."""
    return History(
        silent_witnesses=remembered.silent_witnesses,
        baseline=remembered.baseline,
        collapsed=remembered.collapsed,
        dropped_columns=remembered.dropped_columns,
    )


def write_sets(connection: sa.Connection, plan: int, before: History, after: Remembered) -> bool:
    """Make the stored sets, which are `before`, those of `after`; tells whether they differed."""
    gone = [(plan, *member) for member in _missing(before, after)]
    new = [(plan, *member) for member in _missing(after, before)]
    delete = table.delete()
    for column in table.c:
        delete = delete.where(column == sa.bindparam(f"old_{column.name}", type_=column.type))
    in_bulk(connection, delete, gone)
    in_bulk(connection, table.insert(), new)
    return bool(gone or new)


def _missing(here: History | Remembered, there: History | Remembered) -> Iterator[_Member]:
    """The members of `here` that `there` has not, in order."""
    for witness in only_in(here.silent_witnesses, there.silent_witnesses):
        yield _SILENT, witness, ""
    for key, code in only_in(here.baseline, there.baseline):
        yield _BASELINE, kept(key), code
    for code in only_in(here.collapsed, there.collapsed):
        yield _COLLAPSED, code, ""
    for role in only_in(here.dropped_columns, there.dropped_columns):
        yield _DROPPED, kept(role), ""
