"""Tables of access beside the password: tokens of programs, single sign-on, second factors, and their steps."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Line, Prose, one_of

FACTOR_KINDS = ("passkey", "totp")
STEP_PURPOSES = ("sign_in", "enrol", "confirm")


class ApiToken(Base):
    """A program's right to act as its user; only the secret's SHA-256 is kept. No scopes: all the user may.

    `calls`: taken in the minute of that number (of 60 seconds since 1970).
    """

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_user_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[Line]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    minute: Mapped[int | None]
    calls: Mapped[int] = mapped_column(default=0)


class IdempotencyKey(Base):
    """The answer a token got under a key of its own choice; no answer yet: the call is still at work."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("token_id", "key_hash"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )

    id: Mapped[BigKey]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64))
    call_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Instant]
    status: Mapped[int | None]
    location: Mapped[Prose | None]
    body: Mapped[Prose | None]


class Identity(Base):
    """Who a user is at a provider of single sign-on: issuer and subject, never the address.

    `lost_at`: when the provider last named no group of ours, which disabled the account.
    """

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index("ix_identities_user_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[Instant]
    signed_in_at: Mapped[Instant | None]
    lost_at: Mapped[Instant | None]


class SecondFactor(Base):
    """What a user proves besides the password: a passkey's public key, or the sealed secret of one-time codes.

    `last_step` is the newest time step a code was taken for, so that none is taken twice.
    """

    __tablename__ = "second_factors"
    __table_args__ = (
        one_of("kind", FACTOR_KINDS),
        Index("ix_second_factors_user_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    name: Mapped[Line]
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]
    credential_id: Mapped[str | None] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[Line | None]
    sealed_secret: Mapped[Prose | None]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """A code that stands in for a lost factor, once; kept as an HMAC under the installation's key."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class SignInStep(Base):
    """A step between two: the password was right and the factor is awaited, or a passkey is being made.

    The cookie holds the secret whose SHA-256 stands here; a step ends with its use or after some minutes.
    """

    __tablename__ = "sign_in_steps"
    __table_args__ = (
        one_of("purpose", STEP_PURPOSES),
        Index("ix_sign_in_steps_expires_at", "expires_at"),
        Index("ix_sign_in_steps_user_id", "user_id"),
    )

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[Code]
    challenge: Mapped[str | None] = mapped_column(String(200))
    sealed_secret: Mapped[Prose | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
