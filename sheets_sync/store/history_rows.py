"""What is remembered of a plan's actions: each as last seen, and every earlier owner, due and status with its days.

Not here: the plan's own row and its runs (`plans`, `runs`), its sets (`plan_sets`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from sheets_sync.core.collection import paused_collection
from sheets_sync.core.history import Known
from sheets_sync.core.model import Status
from sheets_sync.store.engine import in_bulk
from sheets_sync.store.odd_text import any_odd, kept, restored
from sheets_sync.store.schema import known, past
from sheets_sync.store.times import instant, instant_text

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_STATUSES = {status.value: status for status in Status}
_KEYS_AT_ONCE = 2000
_NO_DAY = "-"
_TEXT_FIELDS = tuple(Known._fields.index(name) for name in ("key", "action", "owner", "judged"))
Value = TypeVar("Value")


class VersionRow(NamedTuple):
    """One action's owner, due and status from the day `seen` on; `until` is the day something else was seen or the
    action was gone, None while they still hold."""

    key: str
    seen: dt.date
    until: dt.date | None
    owner: str
    due: dt.date | None
    status: Status


class _Held(NamedTuple):
    """Owner, due and status as stored, since when, and whether the action is gone."""

    owner: str
    due: str | None
    status: str
    gone: str | None
    since: str


class _Noted(NamedTuple):
    """What the tool itself noted of an action. `odd`: the action's texts need `restored`."""

    first_seen: dt.datetime
    adopted: bool
    silent: bool
    baseline_due: dt.date | None
    last_change: dt.date | None
    done_seen: dt.date | None
    odd: bool


def read_known(connection: sa.Connection, plan: int) -> dict[str, Known]:
    """Every action as last seen, by key. Takes the driver's own tuples: there may be 100,000."""
    day, noted, status = cache(dt.date.fromisoformat), cache(_noted), _STATUSES
    c = known.c
    query = sa.select(c.key, c.witness, c.action, c.owner, c.due, c.status, c.gone, c.noted, c.judged)
    found: dict[str, Known] = {}
    odd: list[str] = []
    same: dict[str, str] = {}
    with paused_collection(), _raw(connection, query.where(c.plan == plan)) as rows:
        for key, witness, action, owner, due, word, gone, notes, judged in rows:
            first_seen, adopted, silent, baseline, changed, done, is_odd = noted(notes)
            found[key] = Known(
                key,
                witness,
                first_seen,
                action,
                same.setdefault(owner, owner),
                day(due) if due else None,
                status[word],
                adopted,
                silent,
                baseline,
                changed,
                done,
                day(gone) if gone else None,
                same.setdefault(judged, judged),
            )
            if is_odd:
                odd.append(key)
    return _with_odd_restored(found, odd)


def write_known(connection: sa.Connection, plan: int, run: int, day: dt.date, changed: Iterable[Known]) -> None:
    """Insert or replace these actions as seen on `day`; owners, dues and statuses that ended become past. Of several
    with one key the last counts."""
    known_now = list({one.key: one for one in changed}.values())
    odd = any_odd(known_now, _TEXT_FIELDS)
    if odd:
        known_now = [_each_text(one, kept) for one in known_now]
    held = _held(connection, plan, [one.key for one in known_now])
    text, noted, today = cache(dt.date.isoformat), cache(_noted_text), day.isoformat()
    new: list[tuple[object, ...]] = []
    replaced: list[tuple[object, ...]] = []
    ended: list[tuple[object, ...]] = []
    for key, witness, first_seen, action, owner, due_on, status, *marks, gone_on, judged in known_now:
        due, gone, word = due_on and text(due_on), gone_on and text(gone_on), status.value
        before = held.get(key)
        since = today
        if before is not None and before[:3] == (owner, due, word) and (gone or not before.gone):
            since = before.since
        elif before is not None:
            ended.append((plan, key, run, before.since, before.gone or today, *before[:3]))
        rows = new if before is None else replaced
        rows.append((plan, key, witness, action, owner, due, word, gone, since, noted(first_seen, odd, *marks), judged))
    in_bulk(connection, past.insert(), ended)
    in_bulk(connection, known.insert(), new)
    in_bulk(connection, _replace(connection), replaced)


def read_versions(connection: sa.Connection, plan: int, key: str | None = None) -> Iterator[VersionRow]:
    """Every version of owner, due and status, by key and oldest first; of one action when `key` is given."""
    earlier = sa.select(past.c.key, past.c.seen, past.c.until, past.c.owner, past.c.due, past.c.status)
    earlier = earlier.add_columns(past.c.run.label("place")).where(past.c.plan == plan)
    present = sa.select(known.c.key, known.c.since, known.c.gone, known.c.owner, known.c.due, known.c.status)
    present = present.add_columns(sa.null().label("place")).where(known.c.plan == plan)
    if key is not None:
        earlier, present = earlier.where(past.c.key == kept(key)), present.where(known.c.key == kept(key))
    both = sa.union_all(earlier, present).subquery()
    query = sa.select(both).order_by(both.c.key, both.c.place.is_(None), both.c.place)
    day = cache(dt.date.fromisoformat)
    for name, seen, until, owner, due, word, _ in connection.execute(query):
        yield VersionRow(
            restored(name),
            day(seen),
            day(until) if until else None,
            restored(owner),
            day(due) if due else None,
            _STATUSES[word],
        )


def each_new(seen: Iterable[tuple[dt.date, Value]]) -> tuple[tuple[dt.date, Value], ...]:
    """Of values with the days they were seen, those that differ from the one before."""
    return tuple(next(same) for _, same in groupby(seen, key=lambda pair: pair[1]))


def _held(connection: sa.Connection, plan: int, keys: Sequence[str]) -> dict[str, _Held]:
    """What is stored of these keys, by key."""
    c = known.c
    of_plan = c.plan == plan
    if connection.scalar(sa.select(c.key).where(of_plan).limit(1)) is None:
        return {}
    query = sa.select(c.key, c.owner, c.due, c.status, c.gone, c.since).where(of_plan)
    found: dict[str, _Held] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        with _raw(connection, query.where(c.key.in_(keys[start : start + _KEYS_AT_ONCE]))) as rows:
            found |= {key: _Held(*held) for key, *held in rows}
    return found


def _replace(connection: sa.Connection) -> "sqlite.Insert | postgresql.Insert":
    """Insert a row of `known`, or replace the one with its key; its columns in the table's order."""
    insert = sqlite.insert(known) if connection.dialect.name == "sqlite" else _postgresql_insert()
    return insert.on_conflict_do_update(
        index_elements=[known.c.plan, known.c.key],
        set_={column.name: insert.excluded[column.name] for column in known.c if not column.primary_key},
    )


def _postgresql_insert() -> "postgresql.Insert":
    """The dialect of PostgreSQL takes as long to import as all the rest of the store."""
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(known)


def _each_text(one: Known, change: Callable[[str], str]) -> Known:
    key, action, owner, judged = map(change, (one.key, one.action, one.owner, one.judged))
    return one._replace(key=key, action=action, owner=owner, judged=judged)


def _with_odd_restored(found: dict[str, Known], odd: Iterable[str]) -> dict[str, Known]:
    for key in odd:
        one = _each_text(found.pop(key), restored)
        found[one.key] = one
    return found


def _noted_text(first_seen: dt.datetime, odd: bool, adopted: bool, silent: bool, *days: dt.date | None) -> str:
    texts = " ".join(_NO_DAY if day is None else day.isoformat() for day in days)
    return f"{instant_text(first_seen)} {adopted:d} {silent:d} {texts} {odd:d}"


def _noted(text: str) -> _Noted:
    first_seen, adopted, silent, *days, odd = text.split(" ")
    baseline, changed, done = (None if day == _NO_DAY else dt.date.fromisoformat(day) for day in days)
    return _Noted(instant(first_seen), adopted == "1", silent == "1", baseline, changed, done, odd == "1")


@contextmanager
def _raw(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Iterable[tuple[Any, ...]]]:
    """The rows as the driver gives them: row objects would cost as much again as reading them."""
    result = connection.execute(query)
    try:
        yield cast("Iterable[tuple[Any, ...]]", result.cursor)
    finally:
        result.close()
