"""What jobs did of their periods, whether plans get their runs, pauses that end, what happened to a plan."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253 (loaded by Alembic alone)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables of the schedule."""
    op.create_table(
        "job_period",
        *map(_text, ("job", "period", "state", "started")),
        _optional("finished"),
        _number("code"),
        sa.PrimaryKeyConstraint("job", "period", name=op.f("pk_job_period")),
    )
    op.create_table(
        "plan_health",
        _number("plan"),
        *map(_optional, ("checked", "failing_since", "last_failure", "failed_since")),
        _number("failures"),
        _text("reason"),
        _optional("told"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_health_plan")),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_plan_health")),
    )
    op.create_table(
        "plan_pause",
        _number("plan"),
        _text("until"),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_pause_plan")),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_plan_pause")),
    )
    op.create_table(
        "plan_event",
        *map(_number, ("id", "plan")),
        *map(_text, ("at", "kind", "facts")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_event_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plan_event_plan_id"), "plan_event", ["plan", "id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _optional(name: str) -> sa.Column[str | None]:
    return sa.Column(name, sa.Text(), nullable=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
