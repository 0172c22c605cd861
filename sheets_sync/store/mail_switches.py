"""What keeps all mail from leaving: switched off by a person, or trouble with sending. One row each, none when not."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import mail_switch as table
from sheets_sync.store.times import instant, instant_text

OFF, TROUBLE, LASTING = "off", "trouble", "lasting"
"""LASTING stands beside TROUBLE while only a mail that leaves proves that the trouble is over."""


class Trouble(NamedTuple):
    """Since when nothing can be sent, and why, in words for a person."""

    since: dt.datetime
    reason: str


def set_switch(connection: sa.Connection, name: str, now: dt.datetime, reason: str = "") -> None:
    """Note it; the first instant stays, the last reason counts."""
    if read_switch(connection, name) is None:
        connection.execute(table.insert().values(name=name, since=instant_text(now), reason=kept(reason)))
    else:
        connection.execute(table.update().where(table.c.name == name).values(reason=kept(reason)))


def clear_switch(connection: sa.Connection, name: str) -> None:
    """Note that it is over."""
    connection.execute(table.delete().where(table.c.name == name))


def read_switch(connection: sa.Connection, name: str) -> Trouble | None:
    """Since when and why; None when it is not so."""
    row = connection.execute(sa.select(table.c.since, table.c.reason).where(table.c.name == name)).one_or_none()
    return Trouble(instant(row.since), restored(row.reason)) if row is not None else None
