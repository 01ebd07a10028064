"""Tables of help from outside: other pools, phone and video services, agencies, and what they were asked for."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Line, one_of

PROVIDER_KINDS = ("neighbouring_pool", "phone_service", "video_service", "agency")
REFERRAL_STATES = ("asked", "agreed", "declined", "withdrawn", "fulfilled")


class Provider(Base):
    """Somebody outside the service who interprets; `hours` and `hint` are words of the staff, for the staff."""

    __tablename__ = "providers"
    __table_args__ = (one_of("kind", PROVIDER_KINDS),)

    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(unique=True)
    kind: Mapped[Code]
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    url: Mapped[str | None] = mapped_column(String(500))
    hours: Mapped[Line | None]
    hint: Mapped[str | None] = mapped_column(String(500))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]

    languages: Mapped[list["ProviderLanguage"]] = relationship(
        order_by="ProviderLanguage.code", cascade="all, delete-orphan", lazy="raise_on_sql", passive_deletes=True
    )


class ProviderLanguage(Base):
    """A language a provider serves; a provider without any serves every language."""

    __tablename__ = "provider_languages"

    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)


class Referral(Base):
    """A request put to a provider; `fulfilled`: the talk was held with its help, which is counted apart."""

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("state", REFERRAL_STATES),
        one_of("channel", ("phone", "mail")),
        Index("ix_referrals_request_id", "request_id"),
    )

    id: Mapped[BigKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    revision: Mapped[int]
    state: Mapped[Code]
    channel: Mapped[Code]
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[Instant | None]
