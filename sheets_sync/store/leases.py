"""Who works on what: one row per name, taken for a time, told apart by a version that only grows (HAZARDS 31).

The clock is the caller's. Not here: how long a run may take.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.errors import HeldElsewhere
from sheets_sync.store.schema import lease as table
from sheets_sync.store.times import instant, instant_text

LONGEST = dt.timedelta(hours=1)
_RELEASED = ""


class Lease(NamedTuple):
    """The right to work on `name` until `expires` (UTC). `version` tells it from every other lease of that name."""

    name: str
    holder: str
    version: int
    expires: dt.datetime


def take(
    connection: sa.Connection,
    name: str,
    holder: str,
    *,
    now: dt.datetime,
    seconds: float,
    is_gone: Callable[[str], bool],
) -> Lease:
    """Take the lease. Raises HeldElsewhere while another is good; one that expires more than an hour ahead was made
    under a wrong clock and is ignored, and so is one whose holder is surely gone. Raises ValueError for more than an
    hour."""
    if not 0 < seconds <= LONGEST.total_seconds():
        raise ValueError("a lease lasts at most an hour")
    query = sa.select(table.c.holder, table.c.version, table.c.expires).where(table.c.name == name).with_for_update()
    row = connection.execute(query).one_or_none()
    expires = now + dt.timedelta(seconds=seconds)
    if row is None:
        new = Lease(name, holder, 1, expires)
        connection.execute(table.insert().values(name=name, holder=holder, version=1, expires=instant_text(expires)))
        return new
    good = row.expires != _RELEASED and now < instant(row.expires) <= now + LONGEST
    if good and not is_gone(row.holder):
        raise HeldElsewhere(
            f"another run works on this plan ({row.holder}, until {instant(row.expires):%H:%M:%S} UTC)",
            "wait for it to end, or for that time",
        )
    new = Lease(name, holder, row.version + 1, expires)
    values = {"holder": holder, "version": new.version, "expires": instant_text(expires)}
    connection.execute(table.update().where(table.c.name == name).values(values))
    return new


def is_held(connection: sa.Connection, lease: Lease, now: dt.datetime) -> bool:
    """Whether the lease is still good: nobody else took it and its time is not over."""
    version = connection.scalar(
        sa.select(table.c.version).where(table.c.name == lease.name, table.c.expires != _RELEASED)
    )
    return version == lease.version and now < lease.expires


def give_back(connection: sa.Connection, lease: Lease) -> None:
    """End the lease; nothing happens when somebody else has taken it since."""
    mine = (table.c.name == lease.name, table.c.version == lease.version)
    connection.execute(table.update().where(*mine).values(expires=_RELEASED))
