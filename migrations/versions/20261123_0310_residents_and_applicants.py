"""Create the tables of residents, applicants and feedback."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261123_0310"
down_revision = "20261122_2350"

PURPOSES = (
    "purpose IN ('offer', 'appointment', 'request', 'mediator', 'mediator_calendar', 'unit_calendar', 'invite', "
    "'reset', 'login')"
)
WITH_APPLICANTS = PURPOSES.replace("'unit_calendar',", "'unit_calendar', 'applicant',")


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def big_key() -> sa.types.TypeEngine[Any]:
    """A key of 64 bits; SQLite numbers only INTEGER keys by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, then the columns and the purpose that lead to them."""
    op.create_table(
        "applicants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("ui_language", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("saved_at", instant(), nullable=False),
        sa.Column("consented_at", instant(), nullable=True),
        sa.Column("confirmed_at", instant(), nullable=True),
        sa.Column("closed_at", instant(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('started', 'confirmed', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_applicants_state")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_applicants_mediator_id_mediators"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicants")),
    )
    op.create_index("ix_applicants_email", "applicants", ["email"], unique=False)
    op.create_index("ix_applicants_mediator_id", "applicants", ["mediator_id"], unique=False)
    op.create_index("ix_applicants_state_created_at", "applicants", ["state", "created_at"], unique=False)
    op.create_table(
        "applicant_steps",
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", instant(), nullable=False),
        sa.CheckConstraint(
            "step IN ('talk', 'training', 'undertaking', 'certificate', 'accompanied')",
            name=op.f("ck_applicant_steps_step"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["applicants.id"],
            name=op.f("fk_applicant_steps_applicant_id_applicants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_applicant_steps_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("applicant_id", "step", name=op.f("pk_applicant_steps")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=True),
        sa.Column("ui_language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("written_at", instant(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", instant(), nullable=True),
        sa.CheckConstraint("kind IN ('accessibility', 'translation')", name=op.f("ck_feedback_kind")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["users.id"], name=op.f("fk_feedback_settled_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_settled_at", "feedback", ["settled_at"], unique=False)
    op.create_table(
        "help_requests",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("ui_language", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("timing", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("contact_person", sa.String(length=200), nullable=True),
        sa.Column("call_name", sa.String(length=200), nullable=True),
        sa.Column("safe_times", sa.String(length=200), nullable=True),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("erased_at", instant(), nullable=True),
        sa.CheckConstraint(
            "timing IN ('fixed', 'morning', 'afternoon', 'evening', 'any')", name=op.f("ck_help_requests_timing")
        ),
        sa.CheckConstraint("way IN ('phone', 'mail', 'person', 'code')", name=op.f("ck_help_requests_way")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_help_requests_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_help_requests")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_help_requests_code_hash")),
    )
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("is_for_residents", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_index(
            "ix_organisations_is_for_residents",
            ["is_for_residents"],
            unique=True,
            sqlite_where=sa.text("is_for_residents"),
            postgresql_where=sa.text("is_for_residents"),
        )

    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("applicant_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("feedback_id", big_key(), nullable=True))
        table.create_index("ix_outbox_applicant_id", ["applicant_id"], unique=False)
        table.create_index("ix_outbox_feedback_id", ["feedback_id"], unique=False)
        table.create_foreign_key(
            op.f("fk_outbox_applicant_id_applicants"), "applicants", ["applicant_id"], ["id"], ondelete="CASCADE"
        )
        table.create_foreign_key(
            op.f("fk_outbox_feedback_id_feedback"), "feedback", ["feedback_id"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), sa.text(WITH_APPLICANTS))


def downgrade() -> None:
    """Drop what was added, children first, with the rows that only the new tables understand."""
    op.execute("DELETE FROM links WHERE purpose = 'applicant'")
    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), sa.text(PURPOSES))
    op.execute("DELETE FROM outbox WHERE applicant_id IS NOT NULL OR feedback_id IS NOT NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("fk_outbox_applicant_id_applicants"), type_="foreignkey")
        table.drop_constraint(op.f("fk_outbox_feedback_id_feedback"), type_="foreignkey")
        table.drop_index("ix_outbox_feedback_id")
        table.drop_index("ix_outbox_applicant_id")
        table.drop_column("feedback_id")
        table.drop_column("applicant_id")
    with op.batch_alter_table("organisations") as table:
        table.drop_index("ix_organisations_is_for_residents")
        table.drop_column("is_for_residents")
    for name in ("help_requests", "feedback", "applicant_steps", "applicants"):
        op.drop_table(name)
