"""Create the tables of calls, of alarms, notes and absences of the staff; calls replace the people passed over."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_2110"
down_revision = "20261122_2100"


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def big_key() -> sa.types.TypeEngine[Any]:
    """A key of 64 bits; SQLite numbers only INTEGER keys by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, parents first."""
    op.create_table(
        "staff_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.CheckConstraint("deputy_id <> user_id", name=op.f("ck_staff_absences_another")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_staff_absences_order")),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("fk_staff_absences_deputy_id_users")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_staff_absences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absences")),
    )
    op.create_index("ix_staff_absences_last_on", "staff_absences", ["last_on"])
    op.create_index("ix_staff_absences_user_id", "staff_absences", ["user_id"])
    op.create_table(
        "alarms",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", instant(), nullable=False),
        sa.Column("escalate_at", instant(), nullable=False),
        sa.Column("escalated_at", instant(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_alarms_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_alarms_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["users.id"], name=op.f("fk_alarms_taken_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("key", name=op.f("uq_alarms_key")),
    )
    op.create_index("ix_alarms_escalate_at", "alarms", ["escalate_at"])
    op.create_index("ix_alarms_request_id", "alarms", ["request_id"])
    op.create_table(
        "internal_notes",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", instant(), nullable=False),
        sa.CheckConstraint("(request_id IS NULL) <> (mediator_id IS NULL)", name=op.f("ck_internal_notes_about_one")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_internal_notes_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_internal_notes_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_internal_notes_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_notes")),
    )
    op.create_index("ix_internal_notes_mediator_id", "internal_notes", ["mediator_id"])
    op.create_index("ix_internal_notes_request_id", "internal_notes", ["request_id"])
    op.create_table(
        "call_tasks",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("call_back_at", instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("closed_at", instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('offer', 'proposal', 'reconfirm', 'reminder', 'notice', 'welfare')",
            name=op.f("ck_call_tasks_kind"),
        ),
        sa.CheckConstraint("side IN ('mediator', 'office')", name=op.f("ck_call_tasks_side")),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_call_tasks_state")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_call_tasks_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_call_tasks_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_call_tasks_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_call_tasks_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_call_tasks_key")),
    )
    op.create_index("ix_call_tasks_appointment_id", "call_tasks", ["appointment_id"])
    op.create_index("ix_call_tasks_mediator_id", "call_tasks", ["mediator_id"])
    op.create_index("ix_call_tasks_offer_id", "call_tasks", ["offer_id"])
    op.create_index("ix_call_tasks_request_id", "call_tasks", ["request_id"])
    op.create_index("ix_call_tasks_state_due_at", "call_tasks", ["state", "due_at"])
    op.create_table(
        "call_attempts",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("call_task_id", big_key(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("at", instant(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('yes', 'no', 'told', 'not_reached', 'call_back')", name=op.f("ck_call_attempts_outcome")
        ),
        sa.CheckConstraint("request_id IS NOT NULL OR mediator_id IS NOT NULL", name=op.f("ck_call_attempts_about")),
        sa.ForeignKeyConstraint(
            ["call_task_id"],
            ["call_tasks.id"],
            name=op.f("fk_call_attempts_call_task_id_call_tasks"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_call_attempts_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_call_attempts_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_call_attempts_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempts")),
    )
    op.create_index("ix_call_attempts_call_task_id", "call_attempts", ["call_task_id"])
    op.create_index("ix_call_attempts_mediator_id", "call_attempts", ["mediator_id"])
    op.create_index("ix_call_attempts_request_id", "call_attempts", ["request_id"])
    op.drop_table("passed_over")


def downgrade() -> None:
    """Drop the tables, children first, and bring back the one that calls replaced."""
    op.create_table(
        "passed_over",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_passed_over_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_passed_over_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "mediator_id", "revision", name=op.f("pk_passed_over")),
    )
    op.drop_table("call_attempts")
    op.drop_table("call_tasks")
    op.drop_table("internal_notes")
    op.drop_table("alarms")
    op.drop_table("staff_absences")
