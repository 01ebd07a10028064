"""Tables of the calendars that mediators give us: the address, and when it says they are busy; nothing else of it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Prose


class GivenCalendar(Base):
    """The address of a mediator's own calendar, sealed; `etag` and `last_modified` save fetching it unchanged."""

    __tablename__ = "given_calendars"
    __table_args__ = (
        Index("ix_given_calendars_mediator_id", "mediator_id"),
        Index("ix_given_calendars_due_at", "due_at"),
    )

    id: Mapped[Key]
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    sealed_url: Mapped[Prose]
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    fetched_at: Mapped[Instant | None]
    changed_at: Mapped[Instant | None]
    etag: Mapped[str | None] = mapped_column(String(500))
    last_modified: Mapped[str | None] = mapped_column(String(100))
    body_hash: Mapped[str | None] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[Code | None]


class BusyTime(Base):
    """A span in which a given calendar says that its owner is busy; never told to anyone, and never why."""

    __tablename__ = "busy_times"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_busy_times_mediator_id_ends_at", "mediator_id", "ends_at"),
        Index("ix_busy_times_calendar_id", "calendar_id"),
    )

    id: Mapped[BigKey]
    calendar_id: Mapped[int] = mapped_column(ForeignKey("given_calendars.id", ondelete="CASCADE"))
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
