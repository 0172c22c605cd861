"""The first tables."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253 (loaded by Alembic alone)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables of the first version."""
    _make_plans_and_runs()
    _make_history()
    _make_the_rest()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _optional(name: str) -> sa.Column[str | None]:
    return sa.Column(name, sa.Text(), nullable=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _blob(name: str) -> sa.Column[bytes | None]:
    return sa.Column(name, sa.LargeBinary(), nullable=True)


def _make_plans_and_runs() -> None:
    op.create_table(
        "plan",
        _number("id"),
        _text("uid"),
        _number("next_number"),
        _number("write"),
        _number("stamp_write"),
        _text("stamp_store"),
        _optional("adopted_on"),
        _number("last_run"),
        _number("sets_run"),
        _optional("paused"),
        _text("pause_reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_uid")),
    )
    op.create_table(
        "run",
        _number("id"),
        _number("plan"),
        *map(_text, ("kind", "state", "as_of", "started")),
        _optional("finished"),
        *map(_text, ("fingerprint_seen", "fingerprint_left", "config", "program")),
        *map(_number, ("write_before", "write", "stamp_write_before")),
        _text("stamp_store_before"),
        _number("stamp_write"),
        _text("stamp_store"),
        *map(_number, ("settled", "applied", "refused")),
        *map(_text, ("backup", "reason")),
        *map(_blob, ("changes", "receipt", "remembered")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_run_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_plan_id", "run", ["plan", "id"])
    is_open = sa.text("state = 'open'")
    op.create_index("uq_run_open", "run", ["plan"], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _make_history() -> None:
    op.create_table(
        "known",
        _number("plan"),
        *map(_text, ("key", "witness", "action", "owner")),
        _optional("due"),
        _text("status"),
        _optional("gone"),
        *map(_text, ("since", "noted", "judged")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_known_plan")),
        sa.PrimaryKeyConstraint("plan", "key", name=op.f("pk_known")),
    )
    op.create_table(
        "past",
        _number("plan"),
        _text("key"),
        _number("run"),
        *map(_text, ("seen", "until", "owner")),
        _optional("due"),
        _text("status"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_past_plan")),
        sa.PrimaryKeyConstraint("plan", "key", "run", name=op.f("pk_past")),
    )
    op.create_table(
        "plan_set",
        _number("plan"),
        *map(_text, ("name", "member", "detail")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_set_plan")),
        sa.PrimaryKeyConstraint("plan", "name", "member", "detail", name=op.f("pk_plan_set")),
        sqlite_with_rowid=False,
    )


def _make_the_rest() -> None:
    op.create_table(
        "store_fact", _text("name"), _text("value"), sa.PrimaryKeyConstraint("name", name=op.f("pk_store_fact"))
    )
    op.create_table(
        "reserved",
        _number("plan"),
        *map(_text, ("witness", "key")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_reserved_plan")),
        sa.PrimaryKeyConstraint("plan", "witness", name=op.f("pk_reserved")),
    )
    op.create_table(
        "told",
        _number("plan"),
        _text("what"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_told_plan")),
        sa.PrimaryKeyConstraint("plan", "what", name=op.f("pk_told")),
    )
    op.create_table(
        "lease",
        *map(_text, ("name", "holder")),
        _number("version"),
        _text("expires"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
