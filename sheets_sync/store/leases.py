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
    """The right to work on `name` for `seconds`, until `expires` (UTC) unless it was taken anew since. `version` tells
    it from every other lease of that name; `also` is one that was taken with it."""

    name: str
    holder: str
    version: int
    expires: dt.datetime
    seconds: float = 0.0
    also: "Lease | None" = None


def take(
    connection: sa.Connection,
    name: str,
    holder: str,
    *,
    now: dt.datetime,
    seconds: float,
    is_gone: Callable[[str], bool],
    what: str = "plan",
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
        new = Lease(name, holder, 1, expires, seconds)
        connection.execute(table.insert().values(name=name, holder=holder, version=1, expires=instant_text(expires)))
        return new
    good = row.expires != _RELEASED and now < instant(row.expires) <= now + LONGEST
    if good and not is_gone(row.holder):
        raise HeldElsewhere(
            f"another run works on this {what} ({row.holder}, until {instant(row.expires):%H:%M:%S} UTC)",
            "wait for it to end, or for that time",
        )
    new = Lease(name, holder, row.version + 1, expires, seconds)
    values = {"holder": holder, "version": new.version, "expires": instant_text(expires)}
    connection.execute(table.update().where(table.c.name == name).values(values))
    return new


def is_held(connection: sa.Connection, lease: Lease, now: dt.datetime) -> bool:
    """Whether the lease is still good: nobody else took it and its time is not over."""
    held = [_version_and_end(connection, one) for one in _with_also(lease)]
    wanted = [one.version for one in _with_also(lease)]
    return [version for version, _ in held] == wanted and all(now < expires for _, expires in held)


def refuse_taken(connection: sa.Connection, lease: Lease | None) -> None:
    """Raise HeldElsewhere when somebody else took the lease since, be its time over or not."""
    for one in _with_also(lease):
        if _version_and_end(connection, one)[0] != one.version:
            raise HeldElsewhere("another run took this plan over meanwhile", "nothing is left to do for this one")


def renew(connection: sa.Connection, lease: Lease | None, now: dt.datetime) -> None:
    """Let the lease's time begin anew. Raises HeldElsewhere when somebody else took it since."""
    refuse_taken(connection, lease)
    for one in _with_also(lease):
        expires = instant_text(now + dt.timedelta(seconds=one.seconds))
        connection.execute(table.update().where(table.c.name == one.name).values(expires=expires))


def give_back(connection: sa.Connection, lease: Lease) -> None:
    """End the lease; nothing happens when somebody else has taken it since."""
    for one in _with_also(lease):
        mine = (table.c.name == one.name, table.c.version == one.version)
        connection.execute(table.update().where(*mine).values(expires=_RELEASED))


def _with_also(lease: Lease | None) -> tuple[Lease, ...]:
    if lease is None:
        return ()
    return (lease,) if lease.also is None else (lease, lease.also)


def _version_and_end(connection: sa.Connection, lease: Lease) -> tuple[int, dt.datetime]:
    """The version that is good now and until when; 0 when there is none."""
    query = sa.select(table.c.version, table.c.expires).where(table.c.name == lease.name, table.c.expires != _RELEASED)
    row = connection.execute(query).one_or_none()
    return (row.version, instant(row.expires)) if row is not None else (0, lease.expires)
