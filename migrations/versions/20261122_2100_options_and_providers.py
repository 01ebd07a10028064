"""Create the tables of options, of what may be asked for, and of help from outside."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_2100"
down_revision = "20261122_1700"


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def big_key() -> sa.types.TypeEngine[Any]:
    """A key of 64 bits; SQLite numbers only INTEGER keys by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, parents first."""
    op.create_table(
        "option_changes",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("option_values", sa.JSON(), nullable=False),
        sa.Column("changed_at", instant(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_option_changes_changed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_changes")),
        sa.UniqueConstraint("topic", "version", name=op.f("uq_option_changes_topic_version")),
    )
    op.create_table(
        "intake_rules",
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("organisation_kind", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("alternative", sa.String(length=500), nullable=True),
        sa.CheckConstraint("verdict IN ('allow', 'review', 'refuse')", name=op.f("ck_intake_rules_verdict")),
        sa.PrimaryKeyConstraint("setting", "organisation_kind", name=op.f("pk_intake_rules")),
    )
    op.create_table(
        "unasked_needs",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("language_text", sa.String(length=200), nullable=True),
        sa.Column("setting", sa.String(length=40), nullable=True),
        sa.Column("organisation_kind", sa.String(length=40), nullable=True),
        sa.Column("municipality", sa.String(length=40), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("noted_at", instant(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("origin IN ('refused', 'noted')", name=op.f("ck_unasked_needs_origin")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_unasked_needs_noted_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_unasked_needs_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unasked_needs")),
    )
    op.create_index("ix_unasked_needs_needed_on", "unasked_needs", ["needed_on"])
    op.create_table(
        "providers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("hours", sa.String(length=200), nullable=True),
        sa.Column("hint", sa.String(length=500), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('neighbouring_pool', 'phone_service', 'video_service', 'agency')", name=op.f("ck_providers_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
        sa.UniqueConstraint("name", name=op.f("uq_providers_name")),
    )
    op.create_table(
        "provider_languages",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["providers.id"],
            name=op.f("fk_provider_languages_provider_id_providers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("provider_id", "code", name=op.f("pk_provider_languages")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("asked_at", instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", instant(), nullable=True),
        sa.CheckConstraint("channel IN ('phone', 'mail')", name=op.f("ck_referrals_channel")),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'declined', 'withdrawn', 'fulfilled')", name=op.f("ck_referrals_state")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_referrals_asked_by_id_users")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_referrals_provider_id_providers")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_referrals_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index("ix_referrals_request_id", "referrals", ["request_id"])


def downgrade() -> None:
    """Drop the tables, children first."""
    op.drop_table("referrals")
    op.drop_table("provider_languages")
    op.drop_table("providers")
    op.drop_table("unasked_needs")
    op.drop_table("intake_rules")
    op.drop_table("option_changes")
