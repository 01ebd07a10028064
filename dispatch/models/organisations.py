"""Tables of organisations: who asks, its units, and whom a unit or a mediator does not want."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import Code, Instant, Key, Line, one_of

KINDS = (
    "office", "municipality", "school", "daycare", "practice", "clinic", "health_office", "jobcenter",
    "employment_agency", "employer", "counselling", "youth_welfare", "course_provider", "accommodation", "charity",
    "association", "volunteer_group", "other",
)  # fmt: skip


class Organisation(Base):
    """An organisation or one of its units (`parent_id`, a tree); place, contact and setting are its requests' defaults.

    `approves_mediators`: its requests ask, unless it is taken off, that the office agrees to who comes.
    `answers_to_mailbox`: what is written about its requests goes to `contact_email` instead of their authors.
    `is_for_residents`: the one that stands for people who ask for themselves; it has no members.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        one_of("kind", KINDS),
        Index("ix_organisations_parent_id", "parent_id"),
        Index(
            "ix_organisations_is_for_residents",
            "is_for_residents",
            unique=True,
            sqlite_where=text("is_for_residents"),
            postgresql_where=text("is_for_residents"),
        ),
    )

    id: Mapped[Key]
    name: Mapped[Line]
    kind: Mapped[Code]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    municipality: Mapped[str | None] = mapped_column(String(8))
    postal_code: Mapped[str | None] = mapped_column(String(5))
    town: Mapped[Line | None]
    address: Mapped[Line | None]
    phone: Mapped[str | None] = mapped_column(String(40))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_name: Mapped[Line | None]
    default_setting: Mapped[Code | None]
    approves_mediators: Mapped[bool] = mapped_column(default=False, server_default=false())
    answers_to_mailbox: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_for_residents: Mapped[bool] = mapped_column(default=False, server_default=false())
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]


class UnitSight(Base):
    """A wider sight granted to a unit: its members also see the requests of another one; never inherited."""

    __tablename__ = "unit_sights"
    __table_args__ = (CheckConstraint("unit_id <> sees_id", name="another"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    sees_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    granted_at: Mapped[Instant]


class Exclusion(Base):
    """A mediator who is not asked: for a unit, for one case of a unit, or both ways by the mediator's own wish.

    `origin`: unit (the unit barred her; with a case token: it wanted somebody else for that case), mediator (she
    refuses the unit), stepped_back, not_this_case.
    """

    __tablename__ = "exclusions"
    __table_args__ = (
        one_of("origin", ("unit", "mediator", "stepped_back", "not_this_case")),
        UniqueConstraint("mediator_id", "organisation_id", "case_token", "origin"),
        Index("ix_exclusions_case_token", "case_token"),
        Index("ix_exclusions_organisation_id", "organisation_id"),
    )

    id: Mapped[Key]
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    case_token: Mapped[str | None] = mapped_column(String(8))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    origin: Mapped[Code]
    created_at: Mapped[Instant]
