"""Create the first tables and the guard against overlapping appointments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_1700"
down_revision = None

LIVE = "('proposed', 'confirmed', 'reconfirmed', 'completed')"
SECONDS = "extract(epoch from {column} at time zone 'UTC')"
POINT = "(mediator_id::bigint << 33) + extract(epoch from {column} at time zone 'UTC')::bigint"
INSTANT = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"


def instant() -> sa.types.TypeEngine[Any]:
    """An instant as each database keeps it: timestamptz, or text of one exact form."""
    return sa.DateTime(timezone=True).with_variant(sa.String(20), "sqlite")


def big_key() -> sa.types.TypeEngine[Any]:
    """A key of 64 bits; SQLite numbers only INTEGER keys by itself."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def guard_postgresql() -> None:
    """Refuse overlaps by an exclusion constraint over mediator and seconds in one number."""
    starts, ends = SECONDS.format(column="starts_at"), SECONDS.format(column="ends_at")
    op.execute(
        "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_whole_seconds "
        f"CHECK ({starts} = floor({starts}) AND {ends} = floor({ends}))"
    )
    op.execute(
        "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_mediator_range "
        "CHECK (mediator_id BETWEEN 1 AND 1073741823)"
    )
    op.execute(
        "ALTER TABLE appointments ADD CONSTRAINT appointment_overlap EXCLUDE USING gist (int8range("
        f"{POINT.format(column='starts_at')}, {POINT.format(column='ends_at')}) WITH &&) WHERE (state IN {LIVE})"
    )


def guard_sqlite() -> None:
    """Refuse overlaps by triggers, and every other text form of an instant by a CHECK."""
    with op.batch_alter_table("appointments") as table:
        table.create_check_constraint(
            "ck_appointments_instants", sa.text(f"starts_at GLOB '{INSTANT}' AND ends_at GLOB '{INSTANT}'")
        )
    for name, event in (("insert", "INSERT"), ("update", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER appointment_overlap_{name} BEFORE {event} ON appointments "
            f"WHEN NEW.state IN {LIVE} AND EXISTS (SELECT 1 FROM appointments AS other "
            "WHERE other.mediator_id = NEW.mediator_id AND other.id IS NOT NEW.id "
            f"AND other.state IN {LIVE} AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at) "
            "BEGIN SELECT RAISE(ABORT, 'appointment_overlap'); END"
        )


def upgrade() -> None:
    """Create every table, then the guard of the database at hand."""
    op.create_table(
        "attempts",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_bucket_at", "attempts", ["bucket", "at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_subject_subject_id", "audit", ["subject", "subject_id"], unique=False)
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "links",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=True),
        sa.Column("used_at", instant(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('offer', 'appointment', 'request', 'invite', 'reset', 'login')", name=op.f("ck_links_purpose")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    op.create_index("ix_links_subject", "links", ["purpose", "subject_id"], unique=False)
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "mediators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("badge_number", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("call_name", sa.String(length=200), nullable=False),
        sa.Column("share_surname", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contact_channel", sa.String(length=40), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=True),
        sa.Column("municipality", sa.String(length=8), nullable=True),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.Column("town", sa.String(length=200), nullable=True),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("german_level", sa.String(length=40), nullable=False),
        sa.Column("qualification", sa.String(length=40), nullable=False),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("by_video", sa.Boolean(), nullable=False),
        sa.Column("transport", sa.String(length=40), nullable=False),
        sa.Column("max_distance_km", sa.Integer(), nullable=False),
        sa.Column("weekly_hours_limit", sa.Float(), nullable=True),
        sa.Column("night", sa.Boolean(), nullable=False),
        sa.Column("short_notice", sa.Boolean(), nullable=False),
        sa.Column("avoid_own_municipality", sa.Boolean(), nullable=False),
        sa.Column("share_phone", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("ui_language", sa.String(length=20), nullable=False),
        sa.Column("remarks", sa.String(length=500), nullable=True),
        sa.Column("lapses_in_row", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.CheckConstraint("contact_channel IN ('mail', 'phone', 'both')", name=op.f("ck_mediators_contact_channel")),
        sa.CheckConstraint("gender IN ('female', 'male', 'diverse')", name=op.f("ck_mediators_gender")),
        sa.CheckConstraint(
            "german_level IN ('native', 'C2', 'C1', 'B2', 'B1')", name=op.f("ck_mediators_german_level")
        ),
        sa.CheckConstraint("qualification IN ('lay', 'certified', 'sworn')", name=op.f("ck_mediators_qualification")),
        sa.CheckConstraint("transport IN ('car', 'public', 'bicycle', 'lift')", name=op.f("ck_mediators_transport")),
        sa.CheckConstraint("id < 1073741824", name=op.f("ck_mediators_id_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediators")),
        sa.UniqueConstraint("badge_number", name=op.f("uq_mediators_badge_number")),
        sa.UniqueConstraint("external_id", name=op.f("uq_mediators_external_id")),
    )
    op.create_index("ix_mediators_email", "mediators", ["email"], unique=False)
    op.create_index(op.f("ix_mediators_municipality"), "mediators", ["municipality"], unique=False)
    op.create_index("ix_mediators_name", "mediators", ["name"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("municipality", sa.String(length=8), nullable=True),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.Column("town", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("default_setting", sa.String(length=40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('office', 'municipality', 'school', 'daycare', 'practice', 'clinic', 'health_office', 'jobcenter', 'employment_agency', 'employer', 'counselling', 'youth_welfare', 'course_provider', 'accommodation', 'charity', 'association', 'volunteer_group', 'other')",
            name=op.f("ck_organisations_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index("ix_organisations_parent_id", "organisations", ["parent_id"], unique=False)
    op.create_table(
        "settings",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("setting_group", sa.String(length=40), nullable=False),
        sa.Column("goal", sa.String(length=40), nullable=True),
        sa.Column("protection", sa.String(length=40), nullable=False),
        sa.Column("qualification", sa.String(length=40), nullable=False),
        sa.Column("german_level", sa.String(length=40), nullable=False),
        sa.Column("language_level", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=False),
        sa.Column("usual_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes_after", sa.Integer(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("hint", sa.String(length=40), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("gender IN ('none', 'wish', 'condition')", name=op.f("ck_settings_gender")),
        sa.CheckConstraint("protection IN ('normal', 'sensitive', 'protected')", name=op.f("ck_settings_protection")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_settings")),
    )
    op.create_table(
        "availability_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("starts_at", instant(), nullable=False),
        sa.Column("ends_at", instant(), nullable=False),
        sa.CheckConstraint("kind IN ('extra', 'absence')", name=op.f("ck_availability_spans_kind")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_availability_spans_order")),
        sa.ForeignKeyConstraint(
            ["mediator_id"],
            ["mediators.id"],
            name=op.f("fk_availability_spans_mediator_id_mediators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_spans")),
    )
    op.create_index(
        "ix_availability_spans_mediator_id_ends_at", "availability_spans", ["mediator_id", "ends_at"], unique=False
    )
    op.create_table(
        "mediator_languages",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("dialects", sa.String(length=200), nullable=True),
        sa.CheckConstraint("level IN ('native', 'C2', 'C1', 'B2', 'B1')", name=op.f("ck_mediator_languages_level")),
        sa.ForeignKeyConstraint(
            ["mediator_id"],
            ["mediators.id"],
            name=op.f("fk_mediator_languages_mediator_id_mediators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mediator_id", "code", name=op.f("pk_mediator_languages")),
    )
    op.create_index("ix_mediator_languages_code", "mediator_languages", ["code", "mediator_id"], unique=False)
    op.create_table(
        "mediator_settings",
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.CheckConstraint("relation IN ('experience', 'refused')", name=op.f("ck_mediator_settings_relation")),
        sa.ForeignKeyConstraint(
            ["mediator_id"],
            ["mediators.id"],
            name=op.f("fk_mediator_settings_mediator_id_mediators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mediator_id", "setting", name=op.f("pk_mediator_settings")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("ui_language", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("signed_in_at", instant(), nullable=True),
        sa.CheckConstraint(
            "role IN ('requester', 'mediator', 'coordinator', 'regional_coordinator', 'observer', 'administrator')",
            name=op.f("ck_users_role"),
        ),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_users_mediator_id_mediators")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_users_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("mediator_id", name=op.f("uq_users_mediator_id")),
    )
    op.create_index("ix_users_organisation_id", "users", ["organisation_id"], unique=False)
    op.create_table(
        "weekly_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "start_minute >= 0 AND end_minute <= 1440 AND start_minute < end_minute",
            name=op.f("ck_weekly_windows_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_windows_weekday")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_weekly_windows_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_windows")),
    )
    op.create_index("ix_weekly_windows_mediator_id", "weekly_windows", ["mediator_id"], unique=False)
    op.create_table(
        "form_drafts",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("saved_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_form_drafts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_form_drafts_secret_hash")),
    )
    op.create_index(
        "ix_form_drafts_user_id_form",
        "form_drafts",
        ["user_id", "form"],
        unique=True,
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_table(
        "mediator_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mediator_id"],
            ["mediators.id"],
            name=op.f("fk_mediator_documents_mediator_id_mediators"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["users.id"], name=op.f("fk_mediator_documents_seen_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_documents")),
        sa.UniqueConstraint(
            "mediator_id", "type", "seen_on", name=op.f("uq_mediator_documents_mediator_id_type_seen_on")
        ),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("cancel_reason", sa.String(length=40), nullable=True),
        sa.Column("unfilled_reason", sa.String(length=40), nullable=True),
        sa.Column("state_note", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("protection", sa.String(length=40), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("fallback_phone", sa.Boolean(), nullable=False),
        sa.Column("fallback_video", sa.Boolean(), nullable=False),
        sa.Column("fallback_on_site", sa.Boolean(), nullable=False),
        sa.Column("starts_at", instant(), nullable=False),
        sa.Column("ends_at", instant(), nullable=False),
        sa.Column("municipality", sa.String(length=8), nullable=True),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.Column("town", sa.String(length=200), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("place_note", sa.String(length=200), nullable=True),
        sa.Column("access_phone", sa.String(length=40), nullable=True),
        sa.Column("access_url", sa.String(length=500), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("accept_related", sa.Boolean(), nullable=False),
        sa.Column("dialect", sa.String(length=200), nullable=True),
        sa.Column("language_text", sa.String(length=200), nullable=True),
        sa.Column("gender", sa.String(length=40), nullable=True),
        sa.Column("gender_strict", sa.Boolean(), nullable=False),
        sa.Column("qualification", sa.String(length=40), nullable=True),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("case_token", sa.String(length=8), nullable=True),
        sa.Column("continuity", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("notes", sa.String(length=500), nullable=True),
        sa.Column("last_useful_answer_at", instant(), nullable=True),
        sa.Column("entered_afterwards", sa.Boolean(), nullable=False),
        sa.Column("review_reasons", sa.String(length=200), nullable=True),
        sa.Column("answer_by", instant(), nullable=True),
        sa.Column("promised_at_booking", instant(), nullable=True),
        sa.Column("promise_told_at", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("submitted_at", instant(), nullable=True),
        sa.Column("first_offer_at", instant(), nullable=True),
        sa.Column("first_assigned_at", instant(), nullable=True),
        sa.Column("first_confirmed_at", instant(), nullable=True),
        sa.Column("closed_at", instant(), nullable=True),
        sa.Column("move_count", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("wave_due_at", instant(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("stepped_back", sa.Boolean(), nullable=False),
        sa.Column("nobody_fits_at", instant(), nullable=True),
        sa.Column("exhausted_at", instant(), nullable=True),
        sa.Column("handed_back_at", instant(), nullable=True),
        sa.CheckConstraint(
            "cancel_reason IN ('own', 'solved', 'no_answer', 'refused')", name=op.f("ck_requests_cancel_reason")
        ),
        sa.CheckConstraint("consent IN ('known', 'crisis')", name=op.f("ck_requests_consent")),
        sa.CheckConstraint("continuity IN ('gern', 'egal', 'lieber_nicht')", name=op.f("ck_requests_continuity")),
        sa.CheckConstraint("mode IN ('on_site', 'phone', 'video')", name=op.f("ck_requests_mode")),
        sa.CheckConstraint("policy IN ('waves', 'manual', 'direct')", name=op.f("ck_requests_policy")),
        sa.CheckConstraint("protection IN ('normal', 'sensitive', 'protected')", name=op.f("ck_requests_protection")),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'submitted', 'searching', 'assigned', 'completed', 'unfilled', 'cancelled')",
            name=op.f("ck_requests_state"),
        ),
        sa.CheckConstraint(
            "unfilled_reason IN ('nobody_speaks', 'nobody_free', 'too_far', 'document_missing', 'all_declined', 'too_late', 'mediator_absent', 'other')",
            name=op.f("ck_requests_unfilled_reason"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_requests_order")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_requests_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_requests_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("nonce", name=op.f("uq_requests_nonce")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
    )
    op.create_index("ix_requests_case_token", "requests", ["case_token"], unique=False)
    op.create_index(op.f("ix_requests_municipality"), "requests", ["municipality"], unique=False)
    op.create_index("ix_requests_organisation_id_starts_at", "requests", ["organisation_id", "starts_at"], unique=False)
    op.create_index("ix_requests_state_starts_at", "requests", ["state", "starts_at"], unique=False)
    op.create_index("ix_requests_state_wave_due_at", "requests", ["state", "wave_due_at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("seen_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "user_areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("social_area", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_areas_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_areas")),
        sa.UniqueConstraint(
            "user_id", "social_area", "valid_from", name=op.f("uq_user_areas_user_id_social_area_valid_from")
        ),
    )
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("case_token", sa.String(length=8), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('unit', 'mediator', 'stepped_back', 'not_this_case')", name=op.f("ck_exclusions_origin")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_exclusions_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_exclusions_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_exclusions_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
        sa.UniqueConstraint(
            "mediator_id",
            "organisation_id",
            "case_token",
            "origin",
            name=op.f("uq_exclusions_mediator_id_organisation_id_case_token_origin"),
        ),
    )
    op.create_index("ix_exclusions_case_token", "exclusions", ["case_token"], unique=False)
    op.create_index("ix_exclusions_organisation_id", "exclusions", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_exclusions_request_id"), "exclusions", ["request_id"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("in_addition", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("decline_reason", sa.String(length=40), nullable=True),
        sa.Column("sent_at", instant(), nullable=False),
        sa.Column("deadline_at", instant(), nullable=False),
        sa.Column("answered_at", instant(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("breakdown", sa.JSON(), nullable=False),
        sa.Column("distance_km", sa.Double(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('taken', 'changed', 'undelivered', 'closed', 'no_longer_fits')", name=op.f("ck_offers_cause")
        ),
        sa.CheckConstraint(
            "decline_reason IN ('no_time', 'too_far', 'not_this_case', 'not_this_setting', 'other')",
            name=op.f("ck_offers_decline_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')", name=op.f("ck_offers_state")
        ),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_offers_mediator_id_mediators")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_offers_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_offers_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_mediator_id_state", "offers", ["mediator_id", "state"], unique=False)
    op.create_index("ix_offers_request_id_revision", "offers", ["request_id", "revision"], unique=False)
    op.create_index("ix_offers_state_deadline_at", "offers", ["state", "deadline_at"], unique=False)
    op.create_index(
        "uq_offers_open",
        "offers",
        ["request_id", "mediator_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
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
    op.create_table(
        "request_avoided",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_avoided_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "municipality", name=op.f("pk_request_avoided")),
    )
    op.create_table(
        "request_languages",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_languages_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "position", name=op.f("pk_request_languages")),
    )
    op.create_index("ix_request_languages_code", "request_languages", ["code"], unique=False)
    op.create_table(
        "request_people",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.CheckConstraint("relation IN ('preferred', 'excluded')", name=op.f("ck_request_people_relation")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_request_people_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_people_request_id_requests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "mediator_id", name=op.f("pk_request_people")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("awaits", sa.String(length=40), nullable=True),
        sa.Column("deadline_at", instant(), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("starts_at", instant(), nullable=False),
        sa.Column("ends_at", instant(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes_after", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=8), nullable=True),
        sa.Column("postal_code", sa.String(length=5), nullable=True),
        sa.Column("town", sa.String(length=200), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("distance_km", sa.Float(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("confirmed_at", instant(), nullable=True),
        sa.Column("reconfirm_at", instant(), nullable=True),
        sa.Column("reconfirm_alarm_at", instant(), nullable=True),
        sa.Column("coming_at", instant(), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("late_at", instant(), nullable=True),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=40), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("override_codes", sa.String(length=200), nullable=True),
        sa.Column("override_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (awaits IS NOT NULL)", name=op.f("ck_appointments_awaits_when_proposed")
        ),
        sa.CheckConstraint("awaits IN ('mediator', 'office')", name=op.f("ck_appointments_awaits")),
        sa.CheckConstraint(
            "cancel_reason IN ('own', 'solved', 'no_answer', 'refused')", name=op.f("ck_appointments_cancel_reason")
        ),
        sa.CheckConstraint("mode IN ('on_site', 'phone', 'video')", name=op.f("ck_appointments_mode")),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'reconfirmed', 'completed', 'client_absent', 'mediator_absent', 'released', 'cancelled', 'handed_back', 'stepped_back')",
            name=op.f("ck_appointments_state"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointments_order")),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_appointments_mediator_id_mediators")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_appointments_offer_id_offers")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_appointments_recorded_by_id_users")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_appointments_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("number", name=op.f("uq_appointments_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointments_uid")),
    )
    op.create_index("ix_appointments_mediator_id_starts_at", "appointments", ["mediator_id", "starts_at"], unique=False)
    op.create_index("ix_appointments_request_id", "appointments", ["request_id"], unique=False)
    op.create_index("ix_appointments_starts_at", "appointments", ["starts_at"], unique=False)
    op.create_index("ix_appointments_state_deadline_at", "appointments", ["state", "deadline_at"], unique=False)
    op.create_index("ix_appointments_state_ends_at", "appointments", ["state", "ends_at"], unique=False)
    op.create_index(
        "uq_appointments_live_slot",
        "appointments",
        ["request_id", "slot"],
        unique=True,
        sqlite_where=sa.text("state IN ('completed', 'confirmed', 'proposed', 'reconfirmed')"),
        postgresql_where=sa.text("state IN ('completed', 'confirmed', 'proposed', 'reconfirmed')"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("link_id", big_key(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("lease_until", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("seen_at", instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'retry', 'failed', 'uncertain', 'held', 'dropped')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_outbox_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_outbox_link_id_links"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_outbox_mediator_id_mediators"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_outbox_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_outbox_request_id_requests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outbox_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index("ix_outbox_appointment_id", "outbox", ["appointment_id"], unique=False)
    op.create_index("ix_outbox_mediator_id", "outbox", ["mediator_id"], unique=False)
    op.create_index("ix_outbox_request_id", "outbox", ["request_id"], unique=False)
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("id", big_key(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("lease_until", instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('due', 'claimed', 'done', 'dropped')", name=op.f("ck_reminders_state")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_reminders_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("key", name=op.f("uq_reminders_key")),
    )
    op.create_index("ix_reminders_appointment_id", "reminders", ["appointment_id"], unique=False)
    op.create_index("ix_reminders_state_due_at", "reminders", ["state", "due_at"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def downgrade() -> None:
    """Drop every table, children first."""
    op.drop_index("ix_reminders_state_due_at", table_name="reminders")
    op.drop_index("ix_reminders_appointment_id", table_name="reminders")
    op.drop_table("reminders")
    op.drop_index("ix_outbox_state_due_at", table_name="outbox")
    op.drop_index("ix_outbox_request_id", table_name="outbox")
    op.drop_index("ix_outbox_mediator_id", table_name="outbox")
    op.drop_index("ix_outbox_appointment_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(
        "uq_appointments_live_slot",
        table_name="appointments",
        sqlite_where=sa.text("state IN ('completed', 'confirmed', 'proposed', 'reconfirmed')"),
        postgresql_where=sa.text("state IN ('completed', 'confirmed', 'proposed', 'reconfirmed')"),
    )
    op.drop_index("ix_appointments_state_ends_at", table_name="appointments")
    op.drop_index("ix_appointments_state_deadline_at", table_name="appointments")
    op.drop_index("ix_appointments_starts_at", table_name="appointments")
    op.drop_index("ix_appointments_request_id", table_name="appointments")
    op.drop_index("ix_appointments_mediator_id_starts_at", table_name="appointments")
    op.drop_table("appointments")
    op.drop_table("request_people")
    op.drop_index("ix_request_languages_code", table_name="request_languages")
    op.drop_table("request_languages")
    op.drop_table("request_avoided")
    op.drop_table("passed_over")
    op.drop_index(
        "uq_offers_open",
        table_name="offers",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_offers_state_deadline_at", table_name="offers")
    op.drop_index("ix_offers_request_id_revision", table_name="offers")
    op.drop_index("ix_offers_mediator_id_state", table_name="offers")
    op.drop_table("offers")
    op.drop_index(op.f("ix_exclusions_request_id"), table_name="exclusions")
    op.drop_index("ix_exclusions_organisation_id", table_name="exclusions")
    op.drop_index("ix_exclusions_case_token", table_name="exclusions")
    op.drop_table("exclusions")
    op.drop_table("user_areas")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_requests_state_wave_due_at", table_name="requests")
    op.drop_index("ix_requests_state_starts_at", table_name="requests")
    op.drop_index("ix_requests_organisation_id_starts_at", table_name="requests")
    op.drop_index(op.f("ix_requests_municipality"), table_name="requests")
    op.drop_index("ix_requests_case_token", table_name="requests")
    op.drop_table("requests")
    op.drop_table("mediator_documents")
    op.drop_index(
        "ix_form_drafts_user_id_form",
        table_name="form_drafts",
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.drop_table("form_drafts")
    op.drop_index("ix_weekly_windows_mediator_id", table_name="weekly_windows")
    op.drop_table("weekly_windows")
    op.drop_index("ix_users_organisation_id", table_name="users")
    op.drop_table("users")
    op.drop_table("mediator_settings")
    op.drop_index("ix_mediator_languages_code", table_name="mediator_languages")
    op.drop_table("mediator_languages")
    op.drop_index("ix_availability_spans_mediator_id_ends_at", table_name="availability_spans")
    op.drop_table("availability_spans")
    op.drop_table("settings")
    op.drop_index("ix_organisations_parent_id", table_name="organisations")
    op.drop_table("organisations")
    op.drop_index("ix_mediators_name", table_name="mediators")
    op.drop_index(op.f("ix_mediators_municipality"), table_name="mediators")
    op.drop_index("ix_mediators_email", table_name="mediators")
    op.drop_table("mediators")
    op.drop_table("marks")
    op.drop_index("ix_links_subject", table_name="links")
    op.drop_table("links")
    op.drop_table("counters")
    op.drop_index("ix_audit_subject_subject_id", table_name="audit")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_table("audit")
    op.drop_index("ix_attempts_bucket_at", table_name="attempts")
    op.drop_table("attempts")
