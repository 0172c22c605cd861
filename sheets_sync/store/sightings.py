"""What is known of time and ticks: when the computer's clock was last known to be right, and which computers tick.

Both stand among the facts of the store. A clock that jumped far ahead is no sighting: an instant counts when it lies
near an earlier one, or when something else proved it (HAZARDS 30). Not here: what a run does then (`run.clock`).
"""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from sheets_sync.store.engine import reading, writing
from sheets_sync.store.runs import FINISHED
from sheets_sync.store.schema import run as run_table
from sheets_sync.store.schema import store_fact as table
from sheets_sync.store.times import instant, instant_text

NOTED_AGAIN = dt.timedelta(hours=1)
"""How exactly the last sighting is known: a tick every five minutes need not write each time."""
KEPT = dt.timedelta(hours=49)
"""For how long a computer that ticked is remembered; each looks at its jobs once a day at least."""
_CLOCK, _TICK = "clock", "tick "


class Ticking(NamedTuple):
    """A computer that looked what is due, again and again from `first` to `last` with less than KEPT between."""

    host: str
    first: dt.datetime
    last: dt.datetime


class Sightings:
    """The sightings of one store. Every method raises StoreError when the file cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._noted: dt.datetime | None = None

    def clock(self, now: dt.datetime) -> dt.datetime | None:
        """The last instant up to `now` at which the clock was known to be right; None when there was none. A store of
        an earlier program knows its finished runs."""
        with reading(self._engine) as connection:
            return _clock(connection, now)

    def is_believed(self, now: dt.datetime, *, within: dt.timedelta) -> bool:
        """Whether it is at most so long since the clock was last known to be right: else nothing is to be deleted for
        its age."""
        known = self.clock(now)
        return known is not None and now - known <= within

    def note_clock(self, now: dt.datetime, *, within: dt.timedelta, proven: bool = False) -> None:
        """Note that the clock is right now, if that is `proven`, or at most so long after it last was; in a store that
        knows of nothing yet it is taken for right. In a store of an earlier program what is known from its runs is
        noted first: those that finish under a wrong clock show nothing."""
        if self._noted is not None and dt.timedelta() <= now - self._noted < NOTED_AGAIN:
            return
        with reading(self._engine) as connection:
            is_noted, known = _noted(connection) is not None, _clock(connection, now)
            believed = proven or (now - known <= within if known is not None else _is_new(connection))
        right = now if believed else known if not is_noted else None
        if right is not None and (not is_noted or known is None or now - known >= NOTED_AGAIN):
            with writing(self._engine) as connection:
                _set(connection, _CLOCK, instant_text(right))
        if believed:
            self._noted = now

    def note_tick(self, host: str, now: dt.datetime) -> None:
        """Note that this computer looked what is due."""
        known = next((one for one in self.ticking(now) if one.host == host), None)
        if known is not None and dt.timedelta() <= now - known.last < NOTED_AGAIN:
            return
        first = known.first if known is not None else now
        with writing(self._engine) as connection:
            _set(connection, _TICK + host, f"{instant_text(first)} {instant_text(now)}")
            old = [_TICK + one.host for one in _ticking(connection) if abs(now - one.last) > KEPT]
            connection.execute(table.delete().where(table.c.name.in_(old)))

    def ticking(self, now: dt.datetime) -> tuple[Ticking, ...]:
        """The computers that looked what is due lately."""
        with reading(self._engine) as connection:
            return tuple(one for one in _ticking(connection) if abs(now - one.last) <= KEPT)

    def forget_ticks(self, host: str) -> None:
        """This computer no longer looks what is due."""
        with writing(self._engine) as connection:
            connection.execute(table.delete().where(table.c.name == _TICK + host))


def _noted(connection: sa.Connection) -> str | None:
    return connection.scalar(sa.select(table.c.value).where(table.c.name == _CLOCK))


def _is_new(connection: sa.Connection) -> bool:
    finished = sa.select(run_table.c.id).where(run_table.c.state == FINISHED).limit(1)
    return _noted(connection) is None and connection.scalar(finished) is None


def _clock(connection: sa.Connection, now: dt.datetime) -> dt.datetime | None:
    noted = _noted(connection)
    if noted is not None:
        return instant(noted) if instant(noted) <= now else None
    finished = sa.select(sa.func.max(run_table.c.finished))
    finished = finished.where(run_table.c.state == FINISHED, run_table.c.finished <= instant_text(now))
    last = connection.scalar(finished)
    return instant(last) if last is not None else None


def _ticking(connection: sa.Connection) -> tuple[Ticking, ...]:
    rows = connection.execute(sa.select(table.c.name, table.c.value).where(table.c.name.startswith(_TICK)))
    parts = ((name.removeprefix(_TICK), *value.split(" ")) for name, value in rows)
    return tuple(Ticking(host, instant(first), instant(last)) for host, first, last in parts)


def _set(connection: sa.Connection, name: str, value: str) -> None:
    done = connection.execute(table.update().where(table.c.name == name).values(value=value))
    if done.rowcount == 0:
        connection.execute(table.insert().values(name=name, value=value))
