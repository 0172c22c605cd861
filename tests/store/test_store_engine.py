"""How the store speaks to its database: settings in force, who waits for whom, errors without content."""

import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from store_samples import PLAN, changes, database, edit, instant, known, receipt, remembered, run, start

from sheets_sync.errors import StoreError
from sheets_sync.store import schema
from sheets_sync.store.engine import in_bulk, reading, sqlite_engine, writing
from sheets_sync.store.store import Store


class Watch:
    """Looks at the program's own connection, from inside its transactions, at each statement that writes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.settings: set[tuple[str, object]] = set()
        self.others_could_write: set[bool] = set()

    def __call__(self, connection: sa.Connection, _: object, statement: str, *more: object) -> None:
        if not statement.startswith(("INSERT", "UPDATE", "DELETE")):
            return
        own = connection.connection.dbapi_connection
        assert isinstance(own, sqlite3.Connection)
        for name in (
            "journal_mode",
            "synchronous",
            "fullfsync",
            "checkpoint_fullfsync",
            "foreign_keys",
            "busy_timeout",
        ):
            self.settings.add((name, own.execute(f"PRAGMA {name}").fetchone()[0]))
        self.others_could_write.add(self._another_can_write())

    def _another_can_write(self) -> bool:
        other = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            other.close()
        return True


@pytest.fixture
def watch(store: Store, place: Path) -> Iterator[Watch]:
    """Watching all that the store does."""
    watch = Watch(database(place))
    event.listen(sa.Engine, "before_cursor_execute", watch)
    yield watch
    event.remove(sa.Engine, "before_cursor_execute", watch)


def test_every_write_is_durable_and_alone(store: Store, watch: Watch) -> None:
    """Seen from the program's own connection while it writes: WAL, synchronous=FULL, fullfsync, foreign keys, 30 s of
    patience, and no other process could write at the same time."""
    run(store, 0, changes(edit("A-0001")), remembered(known("A-0001")))
    store.tell_once(PLAN, "something")
    store.pause(PLAN, "undo", instant(0))
    store.release(store.hold(PLAN, "me", now=instant(0), seconds=60))
    assert watch.settings == {
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("fullfsync", 1),
        ("checkpoint_fullfsync", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 30_000),
    }
    assert watch.others_could_write == {False}


def test_a_reader_sees_one_state_beside_a_writer(store: Store, place: Path) -> None:
    """A reading transaction neither waits for a writer nor sees half of what it does."""
    store.tell_once(PLAN, "before")
    engine = sqlite_engine(database(place))
    with writing(engine) as connection:
        connection.execute(schema.told.insert().values(plan=1, what="while"))
        assert store.state(PLAN).told == {"before"}
    assert store.state(PLAN).told == {"before", "while"}
    engine.dispose()


def test_a_transaction_that_fails_leaves_nothing(store: Store, place: Path) -> None:
    """An error inside a writing transaction undoes all of it."""
    engine = sqlite_engine(database(place))
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        _ = connection.execute(schema.store_fact.insert().values(name="a", value="b")).rowcount / 0
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.store_fact)) == 1
    engine.dispose()


def test_values_go_where_the_statement_names_them(store: Store, place: Path) -> None:
    """Rows given in bulk follow the order of a table's columns in an insert, of the text in an update."""
    engine = sqlite_engine(database(place))
    lease = schema.lease
    with writing(engine) as connection:
        in_bulk(connection, lease.insert(), [("one", "Ana", 1, "x"), ("two", "Rui", 2, "y")])
        change = lease.update().values(holder=sa.bindparam("to")).where(lease.c.name == sa.bindparam("of"))
        in_bulk(connection, change, [("Eva", "two")])
        in_bulk(connection, change, [])
        assert connection.execute(sa.select(lease).order_by(lease.c.name)).all() == [
            ("one", "Ana", 1, "x"),
            ("two", "Eva", 2, "y"),
        ]
    engine.dispose()


def _twice(connection: sa.Connection) -> None:
    in_bulk(connection, schema.store_fact.insert(), [("SENTINEL", "SENTINEL")] * 2)


def _nothing(connection: sa.Connection) -> None:
    connection.execute(schema.store_fact.insert().values(name="SENTINEL", value=None))


def _half_a_pair(connection: sa.Connection) -> None:
    connection.execute(sa.text("SELECT no_such_function('SENTINEL')"))


@pytest.mark.parametrize("provoke", [_twice, _nothing, _half_a_pair])
def test_errors_carry_no_content(store: Store, place: Path, provoke: object) -> None:
    """Whatever the database complains about: the error names type, code and file, and no value, not even in its
    printed chain."""
    engine = sqlite_engine(database(place))
    assert callable(provoke)
    with pytest.raises(StoreError) as told, writing(engine) as connection:
        provoke(connection)
    printed = "".join(traceback.format_exception(told.value)) + repr(told.value) + told.value.remedy
    assert "SENTINEL" not in printed
    assert "SQLITE_" in printed
    assert str(database(place)) in printed
    engine.dispose()


def test_a_locked_store_is_told(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that another program keeps locked is said to be so."""
    monkeypatch.setattr("sheets_sync.store.engine.BUSY_SECONDS", 0.01)
    impatient = Store.open(place)
    engine = sqlite_engine(database(place))
    with writing(engine), pytest.raises(StoreError) as told:
        impatient.tell_once(PLAN, "something")
    assert "another program keeps it locked" in told.value.message
    impatient.close()
    engine.dispose()


def test_a_run_that_failed_half_way_can_be_done_again(store: Store) -> None:
    """A finish refused by an error leaves the run open, and finishing it properly works."""
    made, adds = changes(edit("A-0001")), remembered(known("A-0001"))
    opened = store.begin(start(), made, adds, next_number=2)
    with pytest.raises(ValueError, match="time zone"):
        store.finish(opened, receipt(made), adds, finished=instant(0).replace(tzinfo=None), settled=True)
    assert [one.run for one in store.open_runs(PLAN)] == [opened]
    assert not store.history(PLAN).known
    store.finish(opened, receipt(made), adds, finished=instant(0), settled=True)
    assert set(store.history(PLAN).known) == {"A-0001"}
