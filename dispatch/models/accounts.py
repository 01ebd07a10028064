"""Tables of accounts: people who sign in, their sessions, their mailed links, their failed tries."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Line, one_of

ROLES = ("requester", "mediator", "coordinator", "regional_coordinator", "observer", "administrator")
PURPOSES = (
    "offer", "appointment", "request", "mediator", "mediator_calendar", "unit_calendar", "applicant", "invite", "reset",
    "login",
)  # fmt: skip


class User(Base):
    """A person who may sign in; `email` is lower case and NFC, the password hash is empty until one is set.

    `leads_unit`: a requester who invites and disables colleagues of the own unit. `handles_protected`: a coordinator
    named for protected cases; to the others these are a language, a day and a time.
    """

    __tablename__ = "users"
    __table_args__ = (one_of("role", ROLES), Index("ix_users_organisation_id", "organisation_id"))

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Line]
    role: Mapped[Code]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"), unique=True)
    ui_language: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    leads_unit: Mapped[bool] = mapped_column(default=False, server_default=false())
    handles_protected: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    signed_in_at: Mapped[Instant | None]


class UserArea(Base):
    """A social area that a regional coordinator dispatches, from–until, both inclusive."""

    __tablename__ = "user_areas"
    __table_args__ = (
        UniqueConstraint("user_id", "social_area", "valid_from"),
        CheckConstraint("valid_until >= valid_from", name="order"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    social_area: Mapped[Line]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class LoginSession(Base):
    """A session kept at the server; the cookie holds the secret whose SHA-256 stands here.

    `proved_at`: when its user last proved a second factor in it.
    """

    __tablename__ = "sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    proved_at: Mapped[Instant | None]


class Link(Base):
    """A link sent by mail: its token is an HMAC over purpose, id and nonce, kept here only as SHA-256."""

    __tablename__ = "links"
    __table_args__ = (
        one_of("purpose", PURPOSES),
        Index("ix_links_subject", "purpose", "subject_id"),
    )

    id: Mapped[BigKey]
    purpose: Mapped[Code]
    subject_id: Mapped[int]
    nonce: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]


class Attempt(Base):
    """A try that counts against a throttle; `bucket` is a hash of what is throttled, never an address."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_at", "bucket", "at"),)

    id: Mapped[BigKey]
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]


class FormDraft(Base):
    """A form typed and not yet sent, kept for its writer; `payload` is JSON of the typed strings."""

    __tablename__ = "form_drafts"
    __table_args__ = (
        Index(
            "ix_form_drafts_user_id_form",
            "user_id",
            "form",
            unique=True,
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[BigKey]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    form: Mapped[Code]
    payload: Mapped[str]
    saved_at: Mapped[Instant]
