"""Create the tables of tokens, second factors, single sign-on, webhooks and given calendars."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_2350"
down_revision = "20261122_2120"

PURPOSES = "purpose IN ('offer', 'appointment', 'request', 'mediator', 'invite', 'reset', 'login')"
WITH_CALENDARS = PURPOSES.replace("'mediator',", "'mediator', 'mediator_calendar', 'unit_calendar',")


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def big_key() -> sa.types.TypeEngine[Any]:
    """A key of 64 bits; SQLite numbers only INTEGER keys by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, parents first, then the columns and purposes that lead to them."""
    op.create_table(
        "given_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("sealed_url", sa.Text(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("fetched_at", instant(), nullable=True),
        sa.Column("changed_at", instant(), nullable=True),
        sa.Column("etag", sa.String(length=500), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_given_calendars_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_calendars")),
    )
    op.create_index("ix_given_calendars_due_at", "given_calendars", ["due_at"], unique=False)
    op.create_index("ix_given_calendars_mediator_id", "given_calendars", ["mediator_id"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=True),
        sa.Column("last_used_at", instant(), nullable=True),
        sa.Column("revoked_at", instant(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"], unique=False)
    op.create_table(
        "busy_times",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", instant(), nullable=False),
        sa.Column("ends_at", instant(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_times_order")),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["given_calendars.id"],
            name=op.f("fk_busy_times_calendar_id_given_calendars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_busy_times_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index("ix_busy_times_calendar_id", "busy_times", ["calendar_id"], unique=False)
    op.create_index("ix_busy_times_mediator_id_ends_at", "busy_times", ["mediator_id", "ends_at"], unique=False)
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("signed_in_at", instant(), nullable=True),
        sa.Column("lost_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_identities_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index("ix_identities_user_id", "identities", ["user_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("used_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")),
    )
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("last_used_at", instant(), nullable=True),
        sa.Column("credential_id", sa.String(length=1400), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.String(length=200), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('passkey', 'totp')", name=op.f("ck_second_factors_kind")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factors_credential_id")),
    )
    op.create_index("ix_second_factors_user_id", "second_factors", ["user_id"], unique=False)
    op.create_table(
        "sign_in_steps",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("challenge", sa.String(length=200), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.CheckConstraint("purpose IN ('sign_in', 'enrol', 'confirm')", name=op.f("ck_sign_in_steps_purpose")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_steps_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in_steps")),
    )
    op.create_index("ix_sign_in_steps_expires_at", "sign_in_steps", ["expires_at"], unique=False)
    op.create_index("ix_sign_in_steps_user_id", "sign_in_steps", ["user_id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_audit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_webhooks_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index("ix_webhooks_user_id", "webhooks", ["user_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("call_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_idempotency_keys_token_id_api_tokens"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("token_id", "key_hash", name=op.f("uq_idempotency_keys_token_id_key_hash")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("webhook_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_outbox_webhook_id_webhooks"), "webhooks", ["webhook_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_outbox_webhook_id", ["webhook_id"])
    op.add_column("sessions", sa.Column("proved_at", instant(), nullable=True))
    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), sa.text(WITH_CALENDARS))
    op.add_column("appointments", sa.Column("changed_at", instant(), nullable=True))


def downgrade() -> None:
    """Drop what was added, children first, with the rows that only the new tables understand."""
    op.drop_column("appointments", "changed_at")
    op.execute("DELETE FROM links WHERE purpose IN ('mediator_calendar', 'unit_calendar')")
    with op.batch_alter_table("links") as table:
        table.drop_constraint(op.f("ck_links_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_links_purpose"), sa.text(PURPOSES))
    op.drop_column("sessions", "proved_at")
    op.execute("DELETE FROM outbox WHERE webhook_id IS NOT NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_webhook_id")
        table.drop_constraint(op.f("fk_outbox_webhook_id_webhooks"), type_="foreignkey")
        table.drop_column("webhook_id")
    op.drop_table("idempotency_keys")
    op.drop_table("webhooks")
    op.drop_table("sign_in_steps")
    op.drop_table("second_factors")
    op.drop_table("recovery_codes")
    op.drop_table("identities")
    op.drop_table("busy_times")
    op.drop_table("api_tokens")
    op.drop_table("given_calendars")
