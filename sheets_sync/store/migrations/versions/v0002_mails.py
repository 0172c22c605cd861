"""Notices, mails, and what keeps them from leaving."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253 (loaded by Alembic alone)

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of the mails."""
    _make_notices()
    _make_mails()
    _make_the_rest()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _optional(name: str) -> sa.Column[str | None]:
    return sa.Column(name, sa.Text(), nullable=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _make_notices() -> None:
    op.create_table(
        "notice",
        *map(_number, ("id", "plan")),
        *map(_text, ("identity", "kind", "period", "not_before", "expires", "state", "reason", "digest")),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("plan", "identity", "kind", "period", name=op.f("uq_notice_plan")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_notice_plan")),
        sqlite_autoincrement=True,
    )


def _make_mails() -> None:
    op.create_table(
        "mail",
        _number("id"),
        *map(_text, ("identity", "address", "name", "route", "day", "kinds", "message_id", "subject")),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("html", sa.LargeBinary(), nullable=True),
        *map(_text, ("queued", "expires", "state")),
        *map(_number, ("attempts", "doubts")),
        *map(_optional, ("next_try", "claimed", "settled")),
        _number("code"),
        _text("reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sqlite_autoincrement=True,
    )
    kept = sa.text("state != 'dropped'")
    op.create_index(
        "uq_mail_day", "mail", ["route", "identity", "day"], unique=True, sqlite_where=kept, postgresql_where=kept
    )
    op.create_table(
        "mail_notice",
        *map(_number, ("mail", "notice")),
        _text("digest"),
        sa.ForeignKeyConstraint(["mail"], ["mail.id"], name=op.f("fk_mail_notice_mail")),
        sa.ForeignKeyConstraint(["notice"], ["notice.id"], name=op.f("fk_mail_notice_notice")),
        sa.PrimaryKeyConstraint("mail", "notice", name=op.f("pk_mail_notice")),
    )
    op.create_index("ix_mail_notice_notice", "mail_notice", ["notice"])


def _make_the_rest() -> None:
    op.create_table(
        "mail_switch",
        *map(_text, ("name", "since", "reason")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_switch")),
    )
    op.create_table(
        "mail_release",
        _number("plan"),
        _text("since"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_mail_release_plan")),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_mail_release")),
    )
    op.create_table(
        "sheet_person",
        _number("plan"),
        *map(_text, ("identity", "name", "leader", "address", "noted")),
        _optional("released"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_sheet_person_plan")),
        sa.PrimaryKeyConstraint("plan", "identity", "name", "leader", name=op.f("pk_sheet_person")),
    )
