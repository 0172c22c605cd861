"""Bringing a store to the tables this program knows: a new one made, an older one migrated, a newer one refused.

Alembic is imported only to migrate; a run reads one row of `alembic_version` (HAZARDS 32).
"""

import uuid
from pathlib import Path

import sqlalchemy as sa

from sheets_sync.store import schema
from sheets_sync.store.copies import whole_copy
from sheets_sync.store.engine import reading, writing
from sheets_sync.store.private_file import wrong_place

_version = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic itself makes it."""


def bring_up_to_date(engine: sa.Engine, file: Path) -> str:
    """Make or migrate the tables if need be and return the store's id.

    An older store is copied beside itself first and migrated in one transaction, alone with it. Raises StoreError,
    for a store of a newer program with exit code 2.
    """
    with reading(engine) as connection:
        if _revision(connection) == schema.REVISION and (identity := _identity(connection)):
            return identity
    with writing(engine) as connection:
        found = _revision(connection)
        if found is None:
            _make(connection)
        elif found > schema.REVISION:
            raise wrong_place(
                f"the store {file} was made by a newer sheets-sync: it has version {found}, "
                f"this program knows {schema.REVISION}",
                "update sheets-sync on this computer",
            )
        elif found < schema.REVISION:
            _copy(file, found)
            _migrate(connection)
        return _identity(connection) or _new_identity(connection)


def _revision(connection: sa.Connection) -> str | None:
    """The version of the tables; "" before the first migration; None when there is nothing yet."""
    if not connection.dialect.has_table(connection, _version.name):
        return None
    return connection.scalar(sa.select(_version.c.version_num)) or ""


def _make(connection: sa.Connection) -> None:
    """Make all tables at once: on SQLite, where they are the same as the migrated ones, and without Alembic."""
    schema.metadata.create_all(connection, checkfirst=False)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=schema.REVISION))


def _identity(connection: sa.Connection) -> str | None:
    fact = schema.store_fact
    return connection.scalar(sa.select(fact.c.value).where(fact.c.name == "id"))


def _new_identity(connection: sa.Connection) -> str:
    identity = str(uuid.uuid4())
    connection.execute(schema.store_fact.insert().values(name="id", value=identity))
    return identity


def _migrate(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "sheets_sync.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(file: Path, revision: str) -> None:
    """Keep the store as it was, as `store.db.REVISION.backup`."""
    with whole_copy(file, file.parent) as copy:
        copy.replace(file.with_name(f"{file.name}.{revision or 'empty'}.backup"))
