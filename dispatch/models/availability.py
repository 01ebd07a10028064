"""Tables of availability: weekly pattern in local wall time, extras and absences as instants."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import Code, Instant, Key, one_of


class WeeklyWindow(Base):
    """A window of the usual week: weekday 0 = Monday, minutes of the local day, 1440 = midnight at its end."""

    __tablename__ = "weekly_windows"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start_minute >= 0 AND end_minute <= 1440 AND start_minute < end_minute", name="minutes"),
        Index("ix_weekly_windows_mediator_id", "mediator_id"),
    )

    id: Mapped[Key]
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class AvailabilitySpan(Base):
    """A span of time beside the pattern: `extra` adds it, `absence` takes it away and wins."""

    __tablename__ = "availability_spans"
    __table_args__ = (
        one_of("kind", ("extra", "absence")),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_availability_spans_mediator_id_ends_at", "mediator_id", "ends_at"),
    )

    id: Mapped[Key]
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
