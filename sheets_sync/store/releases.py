"""What the keeper has released: live mails of a plan, and persons as its sheet names them (HAZARDS 23)."""

import datetime as dt

import sqlalchemy as sa

from sheets_sync.core.persons import Person
from sheets_sync.store.odd_text import kept, restored
from sheets_sync.store.schema import mail_release
from sheets_sync.store.schema import plan as plan_table
from sheets_sync.store.schema import sheet_person as table
from sheets_sync.store.times import instant_text
from sheets_sync.words.normalise import plain

_Key = tuple[str, str, str]


def is_released(connection: sa.Connection, uid: str) -> bool:
    """Whether live mails of this plan were released."""
    query = sa.select(mail_release.c.plan).join(plan_table, plan_table.c.id == mail_release.c.plan)
    return connection.scalar(query.where(plan_table.c.uid == uid)) is not None


def release_plan(connection: sa.Connection, plan: int, now: dt.datetime) -> None:
    """Release them; the first instant stays."""
    if connection.scalar(sa.select(mail_release.c.plan).where(mail_release.c.plan == plan)) is None:
        connection.execute(mail_release.insert().values(plan=plan, since=instant_text(now)))


def take_back(connection: sa.Connection, plan: int) -> None:
    """Let them wait for release again."""
    connection.execute(mail_release.delete().where(mail_release.c.plan == plan))


def hold_new(connection: sa.Connection, plan: int, persons: tuple[Person, ...], now: dt.datetime) -> tuple[Person, ...]:
    """The persons with `held` by what was released. New ones wait; waiting ones that the sheet no longer names go."""
    c = table.c
    stored: dict[_Key, bool] = {
        (identity, name, leader): released is not None
        for identity, name, leader, released in connection.execute(
            sa.select(c.identity, c.name, c.leader, c.released).where(c.plan == plan)
        )
    }
    named = {_key(person): person for person in persons}
    for key, person in named.items():
        if key not in stored:
            identity, name, leader = key
            values: dict[str, int | str] = {"plan": plan, "identity": identity, "name": name, "leader": leader}
            values |= {"address": kept(person.address), "noted": instant_text(now)}
            connection.execute(table.insert().values(values))
    for key in stored.keys() - named.keys():
        connection.execute(table.delete().where(c.plan == plan, *_is(key), c.released.is_(None)))
    return tuple(person._replace(held=not stored.get(_key(person), False)) for person in persons)


def read_held(connection: sa.Connection, uid: str) -> tuple[tuple[str, Person], ...]:
    """(plan uid, person) of those that wait, by plan and name; of one plan, or of all with ""."""
    c = table.c
    query = sa.select(plan_table.c.uid, c.name, c.address, c.leader).join(plan_table, plan_table.c.id == c.plan)
    query = query.where(c.released.is_(None)).order_by(plan_table.c.uid, c.name, c.identity, c.leader)
    if uid:
        query = query.where(plan_table.c.uid == uid)
    return tuple(
        (plan, Person(restored(name), restored(address), leader=restored(leader), source="sheet", held=True))
        for plan, name, address, leader in connection.execute(query)
    )


def release_person(connection: sa.Connection, plan: int, name: str, now: dt.datetime) -> int:
    """Release what waits under this name, however it is written; returns how many."""
    c = table.c
    waiting = sa.select(c.identity, c.name, c.leader).where(c.plan == plan, c.released.is_(None))
    found: list[_Key] = [(identity, called, leader) for identity, called, leader in connection.execute(waiting)]
    keys = [key for key in found if plain(restored(key[1])) == plain(name)]
    for key in keys:
        released = table.update().where(c.plan == plan, *_is(key))
        connection.execute(released.values(released=instant_text(now)))
    return len(keys)


def forget_plan(connection: sa.Connection, plan: int) -> None:
    """Delete what was released for a plan, and what waits."""
    for part in (mail_release, table):
        connection.execute(part.delete().where(part.c.plan == plan))


def _key(person: Person) -> _Key:
    return kept(person.identity), kept(person.name), kept(person.leader)


def _is(key: _Key) -> tuple[sa.ColumnElement[bool], ...]:
    identity, name, leader = key
    return table.c.identity == identity, table.c.name == name, table.c.leader == leader
