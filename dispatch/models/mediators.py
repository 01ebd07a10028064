"""Tables of the pool: mediators with languages, settings and documents."""

from datetime import date

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.models.columns import Code, Instant, Key, Line, one_of


class Mediator(Base):
    """A language and cultural mediator; home is a municipality (AGS) or a postal code with town, with its point.

    `call_name` is what offices see; `badge_number` what they may ask for. Ids stay below 2^30 for the guard.
    `call_times`: when to phone her, as she said it. `confirmed_at`: when she last said that her data are right.
    `change_told_at`: when she told of a change that nobody has entered yet. `left_at`: since when she is inactive;
    `said_no_more_at`: when she said herself that she wants no more offers, until somebody has settled it.
    """

    __tablename__ = "mediators"
    __table_args__ = (
        one_of("contact_channel", ("mail", "phone", "both")),
        one_of("gender", ("female", "male", "diverse")),
        one_of("german_level", ("native", "C2", "C1", "B2", "B1")),
        one_of("qualification", ("lay", "certified", "sworn")),
        one_of("transport", ("car", "public", "bicycle", "lift")),
        CheckConstraint("id < 1073741824", name="id_range"),
        Index("ix_mediators_name", "name"),
        Index("ix_mediators_email", "email"),
    )

    id: Mapped[Key]
    external_id: Mapped[Line | None] = mapped_column(unique=True)
    badge_number: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[Line]
    call_name: Mapped[Line]
    share_surname: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    contact_channel: Mapped[Code] = mapped_column(default="mail")
    gender: Mapped[Code | None]
    municipality: Mapped[str | None] = mapped_column(String(8), index=True)
    postal_code: Mapped[str | None] = mapped_column(String(5))
    town: Mapped[Line | None]
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    german_level: Mapped[Code] = mapped_column(default="B2")
    qualification: Mapped[Code] = mapped_column(default="lay")
    on_site: Mapped[bool] = mapped_column(default=True)
    by_phone: Mapped[bool] = mapped_column(default=True)
    by_video: Mapped[bool] = mapped_column(default=False)
    transport: Mapped[Code] = mapped_column(default="public")
    max_distance_km: Mapped[int] = mapped_column(default=40)
    weekly_hours_limit: Mapped[float | None] = mapped_column(Float)
    night: Mapped[bool] = mapped_column(default=False)
    short_notice: Mapped[bool] = mapped_column(default=False)
    avoid_own_municipality: Mapped[bool] = mapped_column(default=False)
    share_phone: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    ui_language: Mapped[str] = mapped_column(String(20), default="de")
    remarks: Mapped[str | None] = mapped_column(String(500))
    lapses_in_row: Mapped[int] = mapped_column(default=0)
    call_times: Mapped[Line | None]
    confirmed_at: Mapped[Instant | None]
    asked_to_confirm_at: Mapped[Instant | None]
    asked_still_there_at: Mapped[Instant | None]
    change_told_at: Mapped[Instant | None]
    left_at: Mapped[Instant | None]
    said_no_more_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]

    languages: Mapped[list["MediatorLanguage"]] = relationship(
        order_by="MediatorLanguage.position",
        cascade="all, delete-orphan",
        lazy="raise_on_sql",
        passive_deletes=True,
    )
    settings: Mapped[list["MediatorSetting"]] = relationship(
        cascade="all, delete-orphan", lazy="raise_on_sql", passive_deletes=True
    )
    documents: Mapped[list["MediatorDocument"]] = relationship(
        order_by="MediatorDocument.id",
        cascade="all, delete-orphan",
        lazy="raise_on_sql",
        passive_deletes=True,
    )


class MediatorLanguage(Base):
    """A language a mediator speaks, with level and known dialects (typed words, comma between)."""

    __tablename__ = "mediator_languages"
    __table_args__ = (
        one_of("level", ("native", "C2", "C1", "B2", "B1")),
        Index("ix_mediator_languages_code", "code", "mediator_id"),
    )

    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    level: Mapped[Code]
    dialects: Mapped[Line | None]


class MediatorSetting(Base):
    """A setting in which a mediator declares experience, or which she refuses."""

    __tablename__ = "mediator_settings"
    __table_args__ = (one_of("relation", ("experience", "refused")),)

    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"), primary_key=True)
    setting: Mapped[str] = mapped_column(String(40), primary_key=True)
    relation: Mapped[Code]


class MediatorDocument(Base):
    """A document that somebody of the service has seen; there is no upload. No `valid_until` = no end."""

    __tablename__ = "mediator_documents"
    __table_args__ = (UniqueConstraint("mediator_id", "type", "seen_on"),)

    id: Mapped[Key]
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    type: Mapped[Code]
    issued_on: Mapped[date | None]
    seen_on: Mapped[date]
    valid_until: Mapped[date | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
