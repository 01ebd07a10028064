"""Let people and requests be reached by phone, claimed and agreed to; tell talks apart, widen a unit's sight."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_2120"
down_revision = "20261122_2110"

PURPOSES = "purpose IN ('offer', 'appointment', 'request', 'invite', 'reset', 'login')"
WITH_MEDIATOR = PURPOSES.replace("'request',", "'request', 'mediator',")


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def create_request_messages() -> None:
    """Create the table of what offices write to the coordination."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "request_messages",
        sa.Column("id", key, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", instant(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_messages_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["settled_by_id"], ["users.id"], name=op.f("fk_request_messages_settled_by_id_users")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_request_messages_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_messages")),
    )
    op.create_index("ix_request_messages_request_id", "request_messages", ["request_id"])
    op.create_index("ix_request_messages_settled_at", "request_messages", ["settled_at"])


def upgrade() -> None:
    """Create two tables, add columns; SQLite rebuilds what gets a constraint."""
    op.create_table(
        "unit_sights",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("sees_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", instant(), nullable=False),
        sa.CheckConstraint("unit_id <> sees_id", name=op.f("ck_unit_sights_another")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["users.id"], name=op.f("fk_unit_sights_granted_by_id_users")),
        sa.ForeignKeyConstraint(
            ["sees_id"], ["organisations.id"], name=op.f("fk_unit_sights_sees_id_organisations"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisations.id"], name=op.f("fk_unit_sights_unit_id_organisations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "sees_id", name=op.f("pk_unit_sights")),
    )
    op.create_table(
        "request_talks",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", instant(), nullable=False),
        sa.Column("ends_at", instant(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("case_token", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint("outcome IN ('held', 'client_absent', 'cancelled')", name=op.f("ck_request_talks_outcome")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_request_talks_order")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_talks_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "position", name=op.f("pk_request_talks")),
    )
    op.create_index("ix_request_talks_case_token", "request_talks", ["case_token"])
    create_request_messages()
    with op.batch_alter_table("mediators") as table:
        table.add_column(sa.Column("call_times", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("confirmed_at", instant(), nullable=True))
        table.add_column(sa.Column("asked_to_confirm_at", instant(), nullable=True))
        table.add_column(sa.Column("asked_still_there_at", instant(), nullable=True))
        table.add_column(sa.Column("change_told_at", instant(), nullable=True))
        table.add_column(sa.Column("left_at", instant(), nullable=True))
        table.add_column(sa.Column("said_no_more_at", instant(), nullable=True))

    op.add_column("appointments", sa.Column("approved_at", instant(), nullable=True))
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("approves_mediators", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("answers_to_mailbox", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("requests") as table:
        table.add_column(sa.Column("meeting_point", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("intake_channel", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("caller_name", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("caller_phone", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("caller_email", sa.String(length=254), nullable=True))
        table.add_column(sa.Column("wants_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("claimed_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("claimed_at", instant(), nullable=True))
        table.add_column(sa.Column("talk_count", sa.Integer(), server_default=sa.text("0"), nullable=False))
        table.create_foreign_key(op.f("fk_requests_claimed_by_id_users"), "users", ["claimed_by_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_requests_intake_channel"), "intake_channel IN ('phone', 'mail', 'in_person')"
        )
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("leads_unit", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("handles_protected", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), WITH_MEDIATOR)
    with op.batch_alter_table("user_areas") as table:
        table.create_check_constraint(op.f("ck_user_areas_order"), "valid_until >= valid_from")


def downgrade() -> None:
    """Take all of it back; links to a mediator's own data end."""
    with op.batch_alter_table("user_areas") as table:
        table.drop_constraint(op.f("ck_user_areas_order"), type_="check")
    op.execute("DELETE FROM links WHERE purpose = 'mediator'")
    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), PURPOSES)
    with op.batch_alter_table("users") as table:
        table.drop_column("handles_protected")
        table.drop_column("leads_unit")
    with op.batch_alter_table("requests") as table:
        table.drop_constraint(op.f("ck_requests_intake_channel"), type_="check")
        table.drop_constraint(op.f("fk_requests_claimed_by_id_users"), type_="foreignkey")
        table.drop_column("talk_count")
        table.drop_column("claimed_at")
        table.drop_column("claimed_by_id")
        table.drop_column("wants_approval")
        table.drop_column("caller_email")
        table.drop_column("caller_phone")
        table.drop_column("caller_name")
        table.drop_column("intake_channel")
        table.drop_column("meeting_point")
    with op.batch_alter_table("organisations") as table:
        table.drop_column("answers_to_mailbox")
        table.drop_column("approves_mediators")
    op.drop_column("appointments", "approved_at")
    with op.batch_alter_table("mediators") as table:
        table.drop_column("said_no_more_at")
        table.drop_column("left_at")
        table.drop_column("change_told_at")
        table.drop_column("asked_still_there_at")
        table.drop_column("asked_to_confirm_at")
        table.drop_column("confirmed_at")
        table.drop_column("call_times")
    op.drop_table("request_messages")
    op.drop_table("request_talks")
    op.drop_table("unit_sights")
